//! "Your event is here", and why one is not.

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::{Answered, Writer};
use super::super::words;
use crate::language::Language;

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) accepted: fn(&str) -> String,
    pub(in crate::invitations) not_taken: fn(&str) -> String,
    pub(in crate::invitations) your_event: &'static str,
    pub(in crate::invitations) unchanged: fn(&str) -> String,
    pub(in crate::invitations) see_offers: &'static str,
    pub(in crate::invitations) edit: &'static str,
    pub(in crate::invitations) stranger_subject: &'static str,
    pub(in crate::invitations) stranger: fn(&str, &str) -> String,
    pub(in crate::invitations) stranger_help: &'static str,
    pub(in crate::invitations) teams: &'static str,
}

pub(in super::super) fn to_host(writer: &Writer<'_>, name: &str, answer: &Answered<'_>, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.robot;
    let title = clean::name(answer.title);
    let title = if title.is_empty() { words.your_event } else { &title };
    let subject = if answer.taken { (words.accepted)(title) } else { (words.not_taken)(title) };
    let letter = Letter::new(all, subject).text((all.shared.hello)(&clean::name(name)));
    let host = format!("{}/host", writer.config.public_url);
    match answer.taken {
        true => letter
            .text(format!("{}.", clean::text(answer.meaning).trim_end_matches('.')))
            .link(words.see_offers, host)
            .small(words.edit),
        false => letter.text((words.unchanged)(&clean::text(answer.meaning))).link(words.see_offers, host),
    }
}

pub(in super::super) fn to_stranger(writer: &Writer<'_>, address: &str, language: Language) -> Letter {
    let config = writer.config;
    let all = words::of(language);
    Letter::new(all, all.robot.stranger_subject.into())
        .text((all.shared.hello)(""))
        .text((all.robot.stranger)(&config.mail_from_name, address))
        .text(all.robot.stranger_help)
        .link(all.robot.teams, config.public_url.clone())
}
