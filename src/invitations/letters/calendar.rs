//! "Your calendar cannot be read".

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::when::when;
use super::super::words;
use crate::language::Language;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(place: &str) -> String,
    pub(in crate::invitations) since: fn(place: &str, since: &str) -> String,
    pub(in crate::invitations) still_counts: &'static str,
    pub(in crate::invitations) see: &'static str,
    pub(in crate::invitations) once: &'static str,
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    name: &str,
    (place, since): (&str, i64),
    zone: &str,
    language: Language,
) -> Letter {
    let all = words::of(language);
    let words = &all.calendar;
    let place = clean::name(place);
    let since = when(since, since, zone, all).short();
    Letter::new(all, (words.subject)(&place))
        .text((all.shared.hello)(&clean::name(name)))
        .text((words.since)(&place, &since))
        .text(words.still_counts)
        .link(words.see, format!("{}/calendars", writer.config.public_url))
        .small(words.once)
}
