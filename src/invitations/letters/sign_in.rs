//! The link that signs in. The name is not in it: a stranger may have given it when booking for this address.

use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::words;
use crate::language::Language;

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) open: fn(&str) -> String,
    pub(in crate::invitations) sign_in: &'static str,
    pub(in crate::invitations) not_you: &'static str,
}

pub(in super::super) fn to_person(writer: &Writer<'_>, secret: &str, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.sign_in;
    let host = writer.config.public_url.split_once("://").map_or("", |(_, host)| host);
    // The page speaks as the mail does, whatever the browser would like.
    let page = if language == Language::default() { String::new() } else { format!("?lang={}", language.code()) };
    Letter::new(all, (words.subject)(host))
        .text((all.shared.hello)(""))
        .text((words.open)(host))
        .link(words.sign_in, format!("{}/sign-in/{secret}{page}", writer.config.public_url))
        .small(words.not_you)
}
