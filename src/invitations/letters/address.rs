//! Another mail address: the link that goes to the new one, and the notice to the old one. No name is in them: the new
//! address may be a stranger's, by a slip of the finger.

use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::words;
use crate::language::Language;

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) confirm_subject: fn(&str) -> String,
    pub(in crate::invitations) confirm: fn(&str) -> String,
    pub(in crate::invitations) open_where: &'static str,
    pub(in crate::invitations) button: &'static str,
    pub(in crate::invitations) not_asked: &'static str,
    pub(in crate::invitations) notice_subject: fn(&str) -> String,
    pub(in crate::invitations) notice: fn(&str, &str) -> String,
    pub(in crate::invitations) not_you: &'static str,
    pub(in crate::invitations) browsers: &'static str,
    pub(in crate::invitations) old_events: &'static str,
}

pub(in super::super) fn to_new(writer: &Writer<'_>, secret: &str, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.address;
    let page = if language == Language::default() { String::new() } else { format!("?lang={}", language.code()) };
    let host = host(writer);
    Letter::new(all, (words.confirm_subject)(host))
        .text((all.shared.hello)(""))
        .text((words.confirm)(host))
        .text(words.open_where)
        .link(words.button, format!("{}/profile/address/{secret}{page}", writer.config.public_url))
        .small(words.not_asked)
}

pub(in super::super) fn to_old(writer: &Writer<'_>, new: &str, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.address;
    let host = host(writer);
    Letter::new(all, (words.notice_subject)(host))
        .text((all.shared.hello)(""))
        .text((words.notice)(host, new))
        .text(words.not_you)
        .link(words.browsers, format!("{}/browsers", writer.config.public_url))
        .small(words.old_events)
}

fn host<'a>(writer: &Writer<'a>) -> &'a str {
    writer.config.public_url.split_once("://").map_or("", |(_, host)| host)
}
