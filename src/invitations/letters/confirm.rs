//! "Is it you?" Goes to an address nobody has vouched for, so nothing a guest wrote is in it.

use super::super::Surroundings;
use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::side;
use crate::booking::Booking;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) given: fn(&str) -> String,
    pub(in crate::invitations) confirm: &'static str,
    pub(in crate::invitations) not_you: &'static str,
}

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, session) = (&side.words.confirm, &booking.session);
    Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text((side.words.shared.hello)(""))
        .text((words.given)(&side.other))
        .facts(side.times(session))
        .link(words.confirm, writer.manage_url(booking, Reader::Guest))
        .small(words.not_you)
}
