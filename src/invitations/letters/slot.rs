//! "Here is the time you asked for", and what becomes of it. Nothing a visitor wrote is in it: the address may be
//! somebody else's.

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::Writer;
use super::super::slot_message::Invitation;
use super::super::when::{When, when};
use super::super::words::{self, Words as All};

/// What these letters say, and the event in them.
pub(in crate::invitations) struct Words {
    /// The event's title, and what to do with it.
    pub(in crate::invitations) event: fn(&str) -> String,
    pub(in crate::invitations) event_help: &'static str,
    pub(in crate::invitations) subject: fn(&str, &str) -> String,
    pub(in crate::invitations) invited: &'static str,
    pub(in crate::invitations) what: &'static str,
    pub(in crate::invitations) on_page: &'static str,
    pub(in crate::invitations) not_asked: &'static str,
    pub(in crate::invitations) refused_subject: fn(&str, &str) -> String,
    pub(in crate::invitations) refused: fn(&str) -> String,
    pub(in crate::invitations) taken: &'static str,
    pub(in crate::invitations) too_late: &'static str,
    pub(in crate::invitations) already_booked: &'static str,
    pub(in crate::invitations) limit_reached: &'static str,
    pub(in crate::invitations) not_allowed: &'static str,
    pub(in crate::invitations) rate_limited: &'static str,
    pub(in crate::invitations) not_open: &'static str,
    pub(in crate::invitations) countered_subject: fn(&str) -> String,
    pub(in crate::invitations) countered: fn(&str) -> String,
    pub(in crate::invitations) doubted_subject: fn(&str, &str) -> String,
    pub(in crate::invitations) doubted: &'static str,
    pub(in crate::invitations) book: &'static str,
    pub(in crate::invitations) nothing_meant: &'static str,
    pub(in crate::invitations) close_by: &'static str,
    pub(in crate::invitations) nothing_open: &'static str,
    pub(in crate::invitations) all_times: &'static str,
}

fn words_of(invitation: &Invitation<'_>) -> &'static All {
    words::of(invitation.language)
}

fn told(invitation: &Invitation<'_>, starts: i64) -> When {
    let length = invitation.ends - invitation.starts;
    when(starts, starts.saturating_add(length), invitation.timezone, words_of(invitation))
}

/// `Mock interview with Interview Practice`
pub(in super::super) fn title(invitation: &Invitation<'_>) -> String {
    let (kind, team) = (clean::name(invitation.type_name), clean::name(invitation.team_name));
    (words_of(invitation).shared.meeting)(&kind, &team)
}

/// The beginning of a letter about a slot.
fn letter(invitation: &Invitation<'_>, subject: String) -> Letter {
    let words = words_of(invitation);
    Letter::new(words, subject).text((words.shared.hello)(&clean::name(invitation.name)))
}

fn facts(invitation: &Invitation<'_>) -> Vec<(String, String)> {
    let words = words_of(invitation);
    let when = told(invitation, invitation.starts).full();
    vec![(words.shared.when.to_owned(), when), (words.slot.what.to_owned(), title(invitation))]
}

pub(in super::super) fn invited(writer: &Writer<'_>, invitation: &Invitation<'_>) -> Letter {
    let words = &words_of(invitation).slot;
    let subject = (words.subject)(&title(invitation), &told(invitation, invitation.starts).short());
    letter(invitation, subject)
        .text(words.invited)
        .facts(facts(invitation))
        .link(words.on_page, writer.slot_url(invitation, invitation.starts))
        .small(words.not_asked)
}

pub(in super::super) fn refused(
    writer: &Writer<'_>,
    invitation: &Invitation<'_>,
    code: &str,
    nearby: &[i64],
) -> Letter {
    let words = &words_of(invitation).slot;
    let subject = (words.refused_subject)(&title(invitation), &told(invitation, invitation.starts).short());
    let why = match code {
        "slot-taken" => words.taken,
        "too-late" => words.too_late,
        "already-booked" => words.already_booked,
        "limit-reached" => words.limit_reached,
        "not-allowed" => words.not_allowed,
        "rate-limited" => words.rate_limited,
        _ => words.not_open,
    };
    let letter = letter(invitation, subject).text((words.refused)(why)).facts(facts(invitation));
    others(letter, writer, invitation, nearby)
}

pub(in super::super) fn countered(
    writer: &Writer<'_>,
    invitation: &Invitation<'_>,
    wanted: i64,
    nearby: &[i64],
) -> Letter {
    let words = &words_of(invitation).slot;
    let there = told(invitation, wanted);
    let letter = letter(invitation, (words.countered_subject)(&there.short()))
        .text((words.countered)(&there.full()))
        .facts(facts(invitation));
    others(letter, writer, invitation, nearby)
}

pub(in super::super) fn doubted(writer: &Writer<'_>, invitation: &Invitation<'_>) -> Letter {
    let words = &words_of(invitation).slot;
    let subject = (words.doubted_subject)(&title(invitation), &told(invitation, invitation.starts).short());
    letter(invitation, subject)
        .text(words.doubted)
        .facts(facts(invitation))
        .link(words.book, writer.slot_url(invitation, invitation.starts))
        .small(words.nothing_meant)
}

/// Open slots at the press of a button, and the page of all.
fn others(letter: Letter, writer: &Writer<'_>, invitation: &Invitation<'_>, nearby: &[i64]) -> Letter {
    let words = &words_of(invitation).slot;
    let mut letter = letter.text(if nearby.is_empty() { words.nothing_open } else { words.close_by });
    for start in nearby {
        letter = letter.link(told(invitation, *start).short(), writer.slot_url(invitation, *start));
    }
    let (team, kind) = (invitation.team_slug, invitation.type_slug);
    letter.link(words.all_times, format!("{}/book/{team}/{kind}", writer.config.public_url))
}
