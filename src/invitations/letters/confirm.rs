//! "Is it you?" Goes to an address nobody has vouched for, so nothing a guest wrote is in it.

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, clean};
use super::{times, title};
use crate::booking::Booking;

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let session = &booking.session;
    let host = clean::name(&around.host_name);
    Letter::new(format!("Please confirm: {}", title(session, around, &host, &booking.timezone)))
        .text("Hi,")
        .text(format!("This address was given to book a session with {host}. The time is kept free for 15 minutes."))
        .facts(times(session, &booking.timezone, None))
        .link("Confirm the booking", writer.manage_url(booking, Reader::Guest))
        .small("It was not you? Then do nothing, and the time becomes free again.")
}
