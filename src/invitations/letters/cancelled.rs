//! "It is off."

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, alone, clean};
use super::{greeting, times, title, when};
use crate::booking::{Booking, Session};

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let session = &booking.session;
    // The page of a booking knows the way to a schedule's secret address.
    let another =
        if around.is_schedule() { writer.manage_url(booking, Reader::Guest) } else { writer.book_url(around) };
    Letter::new(format!("Cancelled: {}", title(session, around, &around.host_name, &booking.timezone)))
        .text(greeting(&booking.name))
        .text(format!("Your session with {} is cancelled.", clean::name(&around.host_name)))
        .facts(times(session, &booking.timezone, Some((&around.host_name, &around.host_zone))))
        .quote("Why", why(Some(booking)))
        .link("Find another time", another)
}

pub(in super::super) fn to_host(session: &Session, bookings: &[Booking], around: &Surroundings) -> Letter {
    // Nobody is left in a session whose one booking moved to another.
    let only = bookings.first().filter(|_| alone(session));
    let with = match only {
        Some(booking) => format!(" with {}", clean::name(&booking.name)),
        None if alone(session) => String::new(),
        None => " with your group".into(),
    };
    let other = only.map(|booking| (booking.name.as_str(), booking.timezone.as_str()));
    let when = when(session.starts, session.ends, &around.host_zone);
    Letter::new(format!("Cancelled: {}{with}, {}", clean::name(&around.type_name), when.short()))
        .text(greeting(&around.host_name))
        .text(format!("Your session{with} is cancelled. The time is yours again."))
        .facts(times(session, &around.host_zone, other))
        .quote("Why", why(only))
}

fn why(booking: Option<&Booking>) -> String {
    booking.and_then(|booking| booking.reason.as_deref()).map(clean::text).unwrap_or_default()
}
