//! "This time of yours is not open any more": somebody who looks after the team took it back.

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::when::when;
use super::super::words;
use crate::people::Person;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) news: fn(&str, &str) -> String,
    pub(in crate::invitations) how_back: &'static str,
    pub(in crate::invitations) see: &'static str,
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    host: &Person,
    by: (&str, &str),
    (starts, ends): (i64, i64),
    zone: &str,
    reason: &str,
) -> Letter {
    let all = words::of(host.language());
    let words = &all.taken_back;
    let when = when(starts, ends, host.timezone.as_deref().unwrap_or(zone), all);
    let (actor, team) = (clean::name(by.0), clean::name(by.1));
    Letter::new(all, (words.subject)(&when.short()))
        .text((all.shared.hello)(&clean::name(&host.name)))
        .text((words.news)(&actor, &team))
        .facts(vec![(all.shared.when.to_owned(), when.full())])
        .quote(all.shared.why, clean::text(reason))
        .text(words.how_back)
        .link(words.see, format!("{}/host", writer.config.public_url))
}
