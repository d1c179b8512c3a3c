//! "For your information": what a host is told, for the team's leads and administrators who want to hear of it. No
//! calendar part: it is not their meeting.

use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::when::when;
use super::super::words;
use super::super::{Surroundings, clean, present};
use super::times;
use crate::booking::{Booking, Session};
use crate::people::Person;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) booked_subject: fn(&str) -> String,
    pub(in crate::invitations) booked: fn(&str, &str) -> String,
    pub(in crate::invitations) changed_subject: fn(&str) -> String,
    pub(in crate::invitations) changed: fn(&str, &str) -> String,
    pub(in crate::invitations) cancelled_subject: fn(&str) -> String,
    pub(in crate::invitations) cancelled: fn(&str, &str) -> String,
    pub(in crate::invitations) request_subject: fn(&str) -> String,
    pub(in crate::invitations) request: fn(&str, &str) -> String,
    pub(in crate::invitations) host: &'static str,
    pub(in crate::invitations) see: &'static str,
    pub(in crate::invitations) why_you: fn(&str) -> String,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A session is on.
    Booked,
    /// It is another than it was.
    Changed,
    /// It is off.
    Cancelled,
    /// Somebody asks for a time; a lead may answer.
    Request,
}

pub(in super::super) fn to(
    writer: &Writer<'_>,
    person: &Person,
    (session, bookings): (&Session, &[Booking]),
    around: &Surroundings,
    news: News,
) -> Letter {
    let all = words::of(person.language());
    let words = &all.copy;
    let zone = person.timezone.as_deref().unwrap_or(&around.host_zone);
    let concerned: Vec<&Booking> = match news {
        News::Booked | News::Changed => present(bookings).collect(),
        News::Cancelled | News::Request => bookings.iter().take(1).collect(),
    };
    let names: Vec<String> = concerned.iter().map(|booking| clean::name(&booking.name)).collect();
    let (guests, host) = (names.join(", "), clean::name(&around.host_name));
    let when = when(session.starts, session.ends, zone, all);
    let title = format!("{}, {host}, {}", clean::name(&around.type_name), when.short());
    let (subject, text) = match news {
        News::Booked => ((words.booked_subject)(&title), (words.booked)(&guests, &host)),
        News::Changed => ((words.changed_subject)(&title), (words.changed)(&guests, &host)),
        News::Cancelled => ((words.cancelled_subject)(&title), (words.cancelled)(&guests, &host)),
        News::Request => ((words.request_subject)(&title), (words.request)(&guests, &host)),
    };
    let mut facts = times(all, session, zone, None);
    facts.push((words.host.to_owned(), host.clone()));
    for booking in &concerned {
        facts.push((all.shared.guest.to_owned(), format!("{} <{}>", clean::name(&booking.name), booking.email)));
    }
    let reason = concerned.first().filter(|_| news == News::Cancelled).and_then(|booking| booking.reason.as_deref());
    let page = match (concerned.as_slice(), news) {
        ([only], _) => format!("{}/lead/{}/{}", writer.config.public_url, around.team_slug, only.id),
        _ => format!("{}/lead/{}", writer.config.public_url, around.team_slug),
    };
    Letter::new(all, subject)
        .text((all.shared.hello)(&clean::name(&person.name)))
        .text(text)
        .facts(facts)
        .quote(all.shared.why, reason.map(clean::text).unwrap_or_default())
        .link(words.see, page)
        .small((words.why_you)(&clean::name(&around.team_name)))
}
