//! "You cancelled: is that what you meant?" Goes to the one who did it, while it can be taken back.

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::when::when;
use super::super::{Surroundings, clean};
use super::{greeting, times, title};
use crate::booking::Booking;

pub(in super::super) fn to(writer: &Writer<'_>, booking: &Booking, around: &Surroundings, reader: Reader) -> Letter {
    let session = &booking.session;
    let (name, other, zone) = match reader {
        Reader::Guest => (&booking.name, &around.host_name, &booking.timezone),
        Reader::Host => (&around.host_name, &booking.name, &around.host_zone),
    };
    let until = when(booking.expires.unwrap_or(session.starts), session.ends, zone).from;
    Letter::new(format!("You cancelled: {}", title(session, around, other, zone)))
        .text(greeting(name))
        .text(format!("You removed your session with {} from your calendar.", clean::name(other)))
        .facts(times(session, zone, None))
        .text(format!("Until {until} nobody else knows, and you can take it back."))
        .link("Keep the session", writer.manage_url(booking, reader))
        .small("Do nothing, and the session is cancelled and the other side is told.")
}
