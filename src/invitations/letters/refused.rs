//! "That did not work." Goes to whoever moved a session in a calendar to where it cannot be.

use super::super::Surroundings;
use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::side;
use crate::booking::Booking;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) moved: fn(&str, &str) -> String,
    pub(in crate::invitations) changed: fn(&str) -> String,
    /// The reasons: `slot-taken`, `too-late`, `not-offered`, and all others.
    pub(in crate::invitations) taken: &'static str,
    pub(in crate::invitations) too_late: &'static str,
    pub(in crate::invitations) not_offered: &'static str,
    pub(in crate::invitations) otherwise: &'static str,
    pub(in crate::invitations) stays: &'static str,
    pub(in crate::invitations) choose: &'static str,
    pub(in crate::invitations) calendar: &'static str,
}

pub(in super::super) fn to(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    reader: Reader,
    wanted: Option<i64>,
    code: &str,
) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.refused, &booking.session);
    let wish = match wanted {
        Some(start) => {
            let length = session.ends - session.starts;
            (words.moved)(&side.other, &side.when(start, start.saturating_add(length)).full())
        }
        None => (words.changed)(&side.other),
    };
    Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text(side.hello())
        .text(format!("{wish} {} {}", why(words, code), words.stays))
        .facts(side.times(session))
        .link(words.choose, writer.manage_url(booking, reader))
        .small(words.calendar)
}

/// The reason of a refusal in a sentence.
pub(super) fn why(words: &Words, code: &str) -> &'static str {
    match code {
        "slot-taken" => words.taken,
        "too-late" => words.too_late,
        "not-offered" => words.not_offered,
        _ => words.otherwise,
    }
}
