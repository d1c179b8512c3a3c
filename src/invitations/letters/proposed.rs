//! "Could it be at another time?", and what becomes of that; "Was this you?"

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, clean};
use super::{greeting, when};
use crate::booking::{Booking, Proposal};

/// The reader, their zone, and the other side.
fn sides<'a>(booking: &'a Booking, around: &'a Surroundings, reader: Reader) -> (&'a str, &'a str, &'a str) {
    match reader {
        Reader::Guest => (&booking.name, &booking.timezone, &around.host_name),
        Reader::Host => (&around.host_name, &around.host_zone, &booking.name),
    }
}

pub(in super::super) fn to_decide(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    proposal: &Proposal,
    reader: Reader,
) -> Letter {
    let (name, zone, other) = sides(booking, around, reader);
    let other = clean::name(other);
    let session = &booking.session;
    let proposed = when(proposal.starts, proposal.starts + session.ends - session.starts, zone);
    Letter::new(format!("{other} proposes another time: {}", proposed.short()))
        .text(greeting(name))
        .text(format!("{other} would like to meet at another time. Until you answer, the old one stands."))
        .facts(vec![
            ("Proposed".into(), proposed.full()),
            ("Now".into(), when(session.starts, session.ends, zone).full()),
        ])
        .quote("In their words", proposal.comment.as_deref().map(clean::text).unwrap_or_default())
        .link("Accept or decline", writer.manage_url(booking, reader))
}

pub(in super::super) fn declined(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    proposal: &Proposal,
    reader: Reader,
) -> Letter {
    let (name, zone, other) = sides(booking, around, reader);
    let session = &booking.session;
    let stays = when(session.starts, session.ends, zone);
    Letter::new(format!("The time stays: {}", stays.short()))
        .text(greeting(name))
        .text(format!(
            "{} cannot come at the time you proposed ({}), so the session stays where it was.",
            clean::name(other),
            when(proposal.starts, proposal.ends, zone).short()
        ))
        .facts(vec![("When".into(), stays.full())])
        .link("Change or cancel", writer.manage_url(booking, reader))
}

pub(in super::super) fn doubted(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    reader: Reader,
) -> Letter {
    let (name, zone, other) = sides(booking, around, reader);
    let session = &booking.session;
    Letter::new(format!("Was this you? {}", when(session.starts, session.ends, zone).short()))
        .text(greeting(name))
        .text(format!(
            "An answer to your session with {} came by mail in your name. We could not make sure that it is from you, or it \
             was about an older time, so nothing was changed.",
            clean::name(other)
        ))
        .facts(vec![("When".into(), when(session.starts, session.ends, zone).full())])
        .link("Move or cancel it", writer.manage_url(booking, reader))
        .small("You meant nothing of the kind? Then there is nothing to do.")
}
