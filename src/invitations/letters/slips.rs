//! "Some words in your event have no effect": rules in an offer that were misspelt.

use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::{clean, slip_in_words, words};
use crate::calendars::Slip;
use crate::language::Language;

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) here: &'static str,
    pub(in crate::invitations) rules: &'static str,
    pub(in crate::invitations) no_effect: fn(&str) -> String,
    pub(in crate::invitations) meant: fn(&str) -> String,
    pub(in crate::invitations) time: &'static str,
    pub(in crate::invitations) number: &'static str,
    pub(in crate::invitations) per: &'static str,
    pub(in crate::invitations) more: &'static str,
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    name: &str,
    title: &str,
    slips: &[Slip],
    language: Language,
) -> Letter {
    let all = words::of(language);
    let words = &all.slips;
    let title = clean::name(title);
    let title = if title.is_empty() { all.robot.your_event } else { &title };
    let lines: Vec<String> = slips.iter().map(|slip| slip_in_words(slip, language)).collect();
    Letter::new(all, (words.subject)(title))
        .text((all.shared.hello)(&clean::name(name)))
        .text(words.here)
        .text(lines.join("\n"))
        .text(words.rules)
        .link(all.robot.see_offers, format!("{}/host", writer.config.public_url))
}
