//! "You cancelled: is that what you meant?" Goes to the one who did it, while it can be taken back.

use super::super::Surroundings;
use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::side;
use crate::booking::Booking;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) removed: fn(&str) -> String,
    pub(in crate::invitations) until: fn(&str) -> String,
    pub(in crate::invitations) keep: &'static str,
    pub(in crate::invitations) otherwise: &'static str,
}

pub(in super::super) fn to(writer: &Writer<'_>, booking: &Booking, around: &Surroundings, reader: Reader) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.undo, &booking.session);
    let until = side.when(booking.expires.unwrap_or(session.starts), session.ends).from;
    Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.removed)(&side.other))
        .facts(side.times(session))
        .text((words.until)(&until))
        .link(words.keep, writer.manage_url(booking, reader))
        .small(words.otherwise)
}
