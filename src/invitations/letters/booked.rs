//! "You are booked", and later "it changed".

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::words::{self, Words as All};
use super::super::{Surroundings, alone, clean, present};
use super::{Side, side, times, when, with_questions};
use crate::booking::{Booking, Session};

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) subject_changed: fn(&str) -> String,
    pub(in crate::invitations) for_guest: &'static str,
    pub(in crate::invitations) for_guest_changed: &'static str,
    pub(in crate::invitations) booked_for_guest: fn(&str) -> String,
    pub(in crate::invitations) booked_for_host: fn(&str, &str) -> String,
    pub(in crate::invitations) host_booked: fn(&str) -> String,
    pub(in crate::invitations) for_host: fn(&str) -> String,
    pub(in crate::invitations) for_host_changed: fn(&str) -> String,
    pub(in crate::invitations) with: &'static str,
    pub(in crate::invitations) link_follows: &'static str,
    pub(in crate::invitations) lacking: &'static str,
    pub(in crate::invitations) answer: &'static str,
    pub(in crate::invitations) your_agenda: &'static str,
    pub(in crate::invitations) note_from: fn(&str) -> String,
    pub(in crate::invitations) manage_for_guest: &'static str,
    pub(in crate::invitations) manage_taken: &'static str,
    pub(in crate::invitations) manage_for_host: &'static str,
    pub(in crate::invitations) about: fn(&str) -> String,
    pub(in crate::invitations) tip: fn(&str) -> String,
    pub(in crate::invitations) group_subject: fn(&str, &str, &str) -> String,
    pub(in crate::invitations) group_news: fn(&str) -> String,
    pub(in crate::invitations) group_guests: &'static str,
    pub(in crate::invitations) group_places: fn(usize, i64) -> String,
    pub(in crate::invitations) agenda: &'static str,
    pub(in crate::invitations) booking_of: fn(&str) -> String,
}

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, session) = (&side.words.booked, &booking.session);
    let first = booking.is_new();
    let title = side.title(session, around);
    let subject = if first { (words.subject)(&title) } else { (words.subject_changed)(&title) };
    let news = match (first, &around.booked_by) {
        (true, Some((_, by))) => (words.booked_for_guest)(&clean::name(by)),
        (true, None) => words.for_guest.to_owned(),
        (false, _) => words.for_guest_changed.to_owned(),
    };
    let facts = for_guest(&side, session, around);
    let mut letter = Letter::new(side.words, subject).text(side.hello()).text(news).facts(facts);
    if session.link.is_none() && around.is_online() {
        letter = letter.text(words.link_follows);
    }
    letter = with_questions(letter, writer, booking, around);
    let (agenda, manage) = if around.is_schedule() {
        ((words.note_from)(&side.other), words.manage_taken)
    } else {
        (words.your_agenda.to_owned(), words.manage_for_guest)
    };
    letter = letter.quote(agenda, clean::text(&booking.agenda)).link(manage, writer.manage_url(booking, Reader::Guest));
    if first { letter.small((words.tip)(&writer.config.mail_from)) } else { letter }
}

/// When, with whom and where, for a guest.
pub(super) fn for_guest(side: &Side, session: &Session, around: &Surroundings) -> Vec<(String, String)> {
    let mut facts = side.times(session);
    let team = clean::name(&around.team_name);
    let with = if around.is_schedule() { side.other.clone() } else { format!("{}, {team}", side.other) };
    facts.push((side.words.booked.with.to_owned(), with));
    facts.extend(join(side.words, session, side.place.clone()));
    facts
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    session: &Session,
    bookings: &[Booking],
    around: &Surroundings,
) -> Letter {
    match bookings.first().filter(|_| alone(session)) {
        Some(booking) => to_host_of_one(writer, session, booking, around),
        None => to_host_of_group(writer, session, bookings, around),
    }
}

fn to_host_of_one(writer: &Writer<'_>, session: &Session, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Host);
    let words = &side.words.booked;
    let (title, guest) = (side.title(session, around), &side.other);
    let first = session.sequence == 0 || (session.uid == booking.uid && booking.is_new());
    let (subject, news) = match first {
        true => ((words.subject)(&title), told_to_host(words, session, guest, around)),
        false => ((words.subject_changed)(&title), (words.for_host_changed)(guest)),
    };
    let facts = for_host(&side, session, booking);
    let mut letter = Letter::new(side.words, subject).text(side.hello()).text(news).facts(facts);
    if session.link.is_none() && around.is_online() {
        letter = letter.text(words.link_follows);
    }
    letter
        .quote((words.about)(guest), clean::text(&booking.agenda))
        .link(words.manage_for_host, writer.manage_url(booking, Reader::Host))
}

/// Who booked, for the host: the guest, somebody of the team, or the host themself.
fn told_to_host(words: &Words, session: &Session, guest: &str, around: &Surroundings) -> String {
    match &around.booked_by {
        Some((person, _)) if *person == session.host => (words.host_booked)(guest),
        Some((_, by)) => (words.booked_for_host)(&clean::name(by), guest),
        None => (words.for_host)(guest),
    }
}

/// When, with whom and where, for the host of one guest.
pub(super) fn for_host(side: &Side, session: &Session, booking: &Booking) -> Vec<(String, String)> {
    let mut facts = side.times(session);
    facts.extend(about_guest(side.words, booking));
    facts.extend(join(side.words, session, side.place.clone()));
    facts
}

fn to_host_of_group(writer: &Writer<'_>, session: &Session, bookings: &[Booking], around: &Surroundings) -> Letter {
    let all = words::of(around.host_language);
    let words = &all.booked;
    let guests = (all.shared.guests)(present(bookings).count());
    let when = when(session.starts, session.ends, &around.host_zone, all);
    let subject = (words.group_subject)(&clean::name(&around.type_name), &guests, &when.short());
    let letter = Letter::new(all, subject)
        .text((all.shared.hello)(&clean::name(&around.host_name)))
        .text((words.group_news)(&guests))
        .facts(for_host_of_group(all, session, bookings, around));
    with_guests(writer, letter, all, bookings)
}

/// When, how many and where, for the host of a group.
pub(super) fn for_host_of_group(
    all: &All,
    session: &Session,
    bookings: &[Booking],
    around: &Surroundings,
) -> Vec<(String, String)> {
    let mut facts = times(all, session, &around.host_zone, None);
    let places = (all.booked.group_places)(present(bookings).count(), session.capacity);
    facts.push((all.booked.group_guests.to_owned(), places));
    facts.extend(join(all, session, around.place(all.shared.phone, None)));
    facts
}

/// The letter with each guest of a group: who they are, what they want, their booking.
pub(super) fn with_guests(writer: &Writer<'_>, mut letter: Letter, all: &All, bookings: &[Booking]) -> Letter {
    for booking in present(bookings) {
        let guest = clean::name(&booking.name);
        letter = letter
            .facts(about_guest(all, booking))
            .quote(all.booked.agenda, clean::text(&booking.agenda))
            .aside((all.booked.booking_of)(&guest), writer.manage_url(booking, Reader::Host));
    }
    letter
}

/// Where people meet.
fn join(all: &All, session: &Session, place: Option<String>) -> Option<(String, String)> {
    if let Some(place) = place {
        return Some((all.shared.where_.to_owned(), place));
    }
    session.link.clone().map(|link| (all.shared.join.to_owned(), link))
}

/// Who the guest is, with the answers to the team's questions.
pub(super) fn about_guest(all: &All, booking: &Booking) -> Vec<(String, String)> {
    let who = format!("{} <{}>", clean::name(&booking.name), booking.email);
    let mut facts = vec![(all.shared.guest.to_owned(), who)];
    facts.extend(booking.phone.as_deref().map(|phone| (all.shared.phone.to_owned(), clean::name(phone))));
    facts.extend(booking.answers.iter().map(|(question, answer)| {
        let answer = match answer {
            serde_json::Value::Bool(yes) => if *yes { all.shared.yes } else { all.shared.no }.to_owned(),
            other => other.as_str().map_or_else(|| other.to_string(), str::to_owned),
        };
        (clean::name(question), clean::text(&answer).replace('\n', " "))
    }));
    facts
}
