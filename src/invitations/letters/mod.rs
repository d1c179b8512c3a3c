//! The letters, one file each.
//!
//! How to add one: its file declares `pub(in crate::invitations) struct Words` with every sentence it needs (a
//! `&'static str`, or a `fn` of what the sentence names, so that each language puts it where it belongs) and builds a
//! [`Letter`] from them. `words/mod.rs` gets a field of that type, `words/en.rs` and `words/de.rs` get the values: a
//! language that misses one does not compile. What letters share is in `words::Shared`. A letter is written in its
//! reader's language: a guest's is `booking.language`, a host's is `around.host_language`; [`side`] knows. `samples.rs`
//! gets the letter with invented data, which gives it its files in `fixtures/mail-out/` and its place under
//! `/mail/samples`.

pub(super) mod address;
pub(super) mod approval;
pub(super) mod booked;
pub(super) mod calendar;
pub(super) mod cancelled;
pub(super) mod confirm;
pub(super) mod copy;
pub(super) mod parked;
pub(super) mod password;
pub(super) mod proposed;
pub(super) mod refused;
pub(super) mod reminder;
pub(super) mod robot;
pub(super) mod sign_in;
pub(super) mod slips;
pub(super) mod slot;
pub(super) mod taken_back;
pub(super) mod undo;
pub(super) mod welcome;

use super::letter::Letter;
use super::message::{Reader, Writer};
use super::when::{When, when};
use super::words::{self, Words};
use super::{Surroundings, alone, clean};
use crate::booking::{Booking, Session};

/// One of a booking's two sides, as a letter to it needs them. Names are clean.
struct Side {
    words: &'static Words,
    name: String,
    zone: String,
    other: String,
    other_zone: String,
    /// Where they meet, where that is no link.
    place: Option<String>,
}

fn side(booking: &Booking, around: &Surroundings, reader: Reader) -> Side {
    let guest = (clean::name(&booking.name), booking.timezone.clone());
    let host = (clean::name(&around.host_name), around.host_zone.clone());
    let (language, (name, zone), (other, other_zone)) = match reader {
        Reader::Guest => (booking.language, guest, host),
        Reader::Host => (around.host_language, host, guest),
    };
    let words = words::of(language);
    let place = around.place(words.shared.phone, Some(booking).filter(|booking| alone(&booking.session)));
    Side { words, name, zone, other, other_zone, place }
}

impl Side {
    fn hello(&self) -> String {
        (self.words.shared.hello)(&self.name)
    }

    /// A stretch of time for the reader.
    fn when(&self, starts: i64, ends: i64) -> When {
        when(starts, ends, &self.zone, self.words)
    }

    /// When the session is: for the reader, and for the other side where their clocks differ.
    fn times(&self, session: &Session) -> Vec<(String, String)> {
        times(self.words, session, &self.zone, Some((&self.other, &self.other_zone)))
    }

    /// `Mock interview with Aisha, Thu 26 Nov, 18:00`
    fn title(&self, session: &Session, around: &Surroundings) -> String {
        title(self.words, session, around, &self.other, &self.zone)
    }
}

/// The letter with what the team wants to know of its guest and was not told, and where to tell it.
fn with_questions(letter: Letter, writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let words = words::of(booking.language);
    let lacking = around.needed.lacking(booking.phone.as_deref(), &booking.answers);
    if lacking.is_empty() {
        return letter;
    }
    let phone = lacking.phone.then(|| words.shared.phone.to_owned());
    let questions = lacking.questions.iter().map(|label| clean::name(label));
    let list: Vec<String> = phone.into_iter().chain(questions).collect();
    let page = format!("{}#answers", writer.manage_url(booking, Reader::Guest));
    letter.quote(words.booked.lacking, list.join("\n")).link(words.booked.answer, page)
}

/// `When`, and a second line with the other's time where their clocks differ. `other`: name and zone.
fn times(words: &Words, session: &Session, zone: &str, other: Option<(&str, &str)>) -> Vec<(String, String)> {
    let own = when(session.starts, session.ends, zone, words);
    let mut facts = vec![(words.shared.when.to_owned(), own.full())];
    if let Some((name, zone)) = other {
        let theirs = when(session.starts, session.ends, zone, words);
        if theirs.offset != own.offset {
            facts.push(((words.shared.for_whom)(&clean::name(name)), theirs.beside(&own)));
        }
    }
    facts
}

/// `Mock interview with Aisha, Thu 26 Nov, 18:00`
fn title(words: &Words, session: &Session, around: &Surroundings, with: &str, zone: &str) -> String {
    let when = when(session.starts, session.ends, zone, words);
    let meeting = (words.shared.meeting)(&clean::name(&around.type_name), &clean::name(with));
    format!("{meeting}, {}", when.short())
}
