//! "That did not work." Goes to whoever moved a session in a calendar to where it cannot be.

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::when::when;
use super::super::{Surroundings, clean};
use super::{greeting, times, title};
use crate::booking::Booking;

pub(in super::super) fn to(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    reader: Reader,
    wanted: Option<i64>,
    code: &str,
) -> Letter {
    let session = &booking.session;
    let (name, other, zone) = match reader {
        Reader::Guest => (&booking.name, &around.host_name, &booking.timezone),
        Reader::Host => (&around.host_name, &booking.name, &around.host_zone),
    };
    let wish = match wanted {
        Some(start) => {
            let length = session.ends - session.starts;
            let there = when(start, start.saturating_add(length), zone);
            format!("In your calendar you moved your session with {} to {}.", clean::name(other), there.full())
        }
        None => format!("You changed your session with {} in your calendar.", clean::name(other)),
    };
    Letter::new(format!("Not changed: {}", title(session, around, other, zone)))
        .text(greeting(name))
        .text(format!("{wish} {} So it stays as it was:", why(code)))
        .facts(times(session, zone, None))
        .link("Choose another time", writer.manage_url(booking, reader))
        .small("Your calendar shows the session where it was at its next sync.")
}

/// The reason of a refusal in a sentence.
fn why(code: &str) -> &'static str {
    match code {
        "slot-taken" => "Somebody has something else at that time.",
        "too-late" => "That is too near, or over.",
        "not-offered" => "That time is not open.",
        _ => "That cannot be done in a calendar.",
    }
}
