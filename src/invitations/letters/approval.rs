//! A booking that waits for yes or no: asked, "please answer", "not this time", "no longer needed".

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, clean};
use super::booked::{about_guest, for_host};
use super::{Side, side, with_questions};
use crate::booking::Booking;

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) asked_subject: fn(&str) -> String,
    pub(in crate::invitations) asked: fn(&str) -> String,
    pub(in crate::invitations) see: &'static str,
    pub(in crate::invitations) request_subject: fn(&str) -> String,
    pub(in crate::invitations) request: fn(&str) -> String,
    pub(in crate::invitations) until: fn(&str) -> String,
    pub(in crate::invitations) answer: &'static str,
    pub(in crate::invitations) rejected_subject: fn(&str) -> String,
    pub(in crate::invitations) rejected: &'static str,
    pub(in crate::invitations) unanswered: &'static str,
    pub(in crate::invitations) withdrawn_subject: fn(&str) -> String,
    pub(in crate::invitations) withdrawn: fn(&str) -> String,
}

/// Until when it waits, for the reader.
fn until(side: &Side, booking: &Booking) -> String {
    let until = booking.expires.unwrap_or(booking.session.starts);
    side.when(until, until).short()
}

pub(in super::super) fn asked(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, session) = (&side.words.approval, &booking.session);
    let letter = Letter::new(side.words, (words.asked_subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.asked)(&until(&side, booking)))
        .facts(side.times(session));
    with_questions(letter, writer, booking, around)
        .quote(side.words.booked.your_agenda, clean::text(&booking.agenda))
        .link(words.see, writer.manage_url(booking, Reader::Guest))
}

pub(in super::super) fn request(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Host);
    let (words, session) = (&side.words.approval, &booking.session);
    Letter::new(side.words, (words.request_subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.request)(&side.other))
        .facts(for_host(&side, session, booking))
        .quote((side.words.booked.about)(&side.other), clean::text(&booking.agenda))
        .link(words.answer, writer.manage_url(booking, Reader::Host))
        .small((words.until)(&until(&side, booking)))
}

pub(in super::super) fn rejected(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, session) = (&side.words.approval, &booking.session);
    let why = booking.reason.as_deref().map(clean::text).unwrap_or_default();
    let news = if why.is_empty() { words.unanswered } else { words.rejected };
    Letter::new(side.words, (words.rejected_subject)(&side.title(session, around)))
        .text(side.hello())
        .text(news)
        .facts(side.times(session))
        .quote(side.words.shared.why, why)
        .link(side.words.cancelled.another, writer.book_url(around))
}

pub(in super::super) fn withdrawn(booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Host);
    let (words, session) = (&side.words.approval, &booking.session);
    let why = booking.reason.as_deref().map(clean::text).unwrap_or_default();
    let mut facts = side.times(session);
    facts.extend(about_guest(side.words, booking));
    Letter::new(side.words, (words.withdrawn_subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.withdrawn)(&side.other))
        .facts(facts)
        .quote(side.words.shared.why, why)
}
