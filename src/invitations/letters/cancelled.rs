//! "It is off."

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::words;
use super::super::{Surroundings, alone, clean};
use super::{side, times, when};
use crate::booking::{Booking, Session};

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) for_guest: fn(&str) -> String,
    pub(in crate::invitations) another: &'static str,
    pub(in crate::invitations) with_group: fn(&str) -> String,
    pub(in crate::invitations) for_host: &'static str,
    pub(in crate::invitations) for_host_with: fn(&str) -> String,
    pub(in crate::invitations) for_host_group: &'static str,
}

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, session) = (&side.words.cancelled, &booking.session);
    // The page of a booking knows the way to a schedule's secret address.
    let another =
        if around.is_schedule() { writer.manage_url(booking, Reader::Guest) } else { writer.book_url(around) };
    Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.for_guest)(&side.other))
        .facts(side.times(session))
        .quote(side.words.shared.why, why(Some(booking)))
        .link(words.another, another)
}

pub(in super::super) fn to_host(session: &Session, bookings: &[Booking], around: &Surroundings) -> Letter {
    let all = words::of(around.host_language);
    let words = &all.cancelled;
    // Nobody is left in a session whose one booking moved to another.
    let only = bookings.first().filter(|_| alone(session));
    let kind = clean::name(&around.type_name);
    let (title, news) = match only {
        Some(booking) => {
            let guest = clean::name(&booking.name);
            ((all.shared.meeting)(&kind, &guest), (words.for_host_with)(&guest))
        }
        None if alone(session) => (kind, words.for_host.to_owned()),
        None => ((words.with_group)(&kind), words.for_host_group.to_owned()),
    };
    let other = only.map(|booking| (booking.name.as_str(), booking.timezone.as_str()));
    let when = when(session.starts, session.ends, &around.host_zone, all);
    Letter::new(all, (words.subject)(&format!("{title}, {}", when.short())))
        .text((all.shared.hello)(&clean::name(&around.host_name)))
        .text(news)
        .facts(times(all, session, &around.host_zone, other))
        .quote(all.shared.why, why(only))
}

fn why(booking: Option<&Booking>) -> String {
    booking.and_then(|booking| booking.reason.as_deref()).map(clean::text).unwrap_or_default()
}
