//! "You are in the team": what somebody does next who was taken into one.

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::words;
use crate::language::Language;
use crate::teams::{Role, Team};

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) as_host: fn(&str) -> String,
    pub(in crate::invitations) as_lead: fn(&str) -> String,
    pub(in crate::invitations) as_guest: fn(&str) -> String,
    pub(in crate::invitations) sign_in: fn(&str) -> String,
    pub(in crate::invitations) set_up: &'static str,
    pub(in crate::invitations) look_after: &'static str,
    pub(in crate::invitations) book: &'static str,
    pub(in crate::invitations) unexpected: &'static str,
}

pub(in super::super) fn to_member(
    writer: &Writer<'_>,
    (name, address): (&str, &str),
    team: &Team,
    role: Role,
    language: Language,
) -> Letter {
    let all = words::of(language);
    let words = &all.welcome;
    let title = clean::name(&team.name);
    let base = &writer.config.public_url;
    let (news, next, path) = match role {
        Role::Host => ((words.as_host)(&title), words.set_up, "/setup".to_owned()),
        Role::Lead => ((words.as_lead)(&title), words.look_after, format!("/lead/{}", team.slug)),
        Role::Guest => ((words.as_guest)(&title), words.book, format!("/book/{}", team.slug)),
    };
    Letter::new(all, (words.subject)(&title))
        .text((all.shared.hello)(&clean::name(name)))
        .text(news)
        .text((words.sign_in)(address))
        .link(next, format!("{base}{path}"))
        .small(words.unexpected)
}
