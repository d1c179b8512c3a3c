//! The notice that a password was set or removed. As with the sign-in link, no name is in it.

use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::when::when;
use super::super::words;
use crate::language::Language;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) was_set: fn(&str) -> String,
    pub(in crate::invitations) was_removed: fn(&str) -> String,
    pub(in crate::invitations) set_at: fn(&str, &str) -> String,
    pub(in crate::invitations) removed_at: fn(&str, &str) -> String,
    pub(in crate::invitations) not_you: &'static str,
}

pub(in super::super) fn to_person(writer: &Writer<'_>, set: bool, at: i64, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.password;
    let host = writer.config.public_url.split_once("://").map_or("", |(_, host)| host);
    let when = when(at, at, "UTC", all).short();
    let (title, text) = if set { (words.was_set, words.set_at) } else { (words.was_removed, words.removed_at) };
    Letter::new(all, title(host))
        .text((all.shared.hello)(""))
        .text(text(host, &when))
        .text(words.not_you)
        .link(all.sign_in.sign_in, format!("{}/sign-in", writer.config.public_url))
}
