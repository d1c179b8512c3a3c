//! "Was this you?": asks about a request that came by mail, and leads to the page that carries it out. Nothing that the
//! message said is in it, for nobody knows who wrote that.

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, clean, words};
use super::side;
use crate::booking::Booking;
use crate::language::Language;

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) event_subject: &'static str,
    pub(in crate::invitations) event: &'static str,
    pub(in crate::invitations) answer_subject: fn(&str) -> String,
    pub(in crate::invitations) answer: fn(&str) -> String,
    pub(in crate::invitations) see: &'static str,
    pub(in crate::invitations) join_subject: &'static str,
    pub(in crate::invitations) join: fn(&str) -> String,
    pub(in crate::invitations) one_team: fn(&str) -> String,
    pub(in crate::invitations) teams: fn(&str) -> String,
    pub(in crate::invitations) join_now: &'static str,
    pub(in crate::invitations) forgotten: &'static str,
}

/// A host's event for the robot.
pub(in super::super) fn event(name: &str, link: &str, language: Language) -> Letter {
    let all = words::of(language);
    let words = &all.parked;
    Letter::new(all, words.event_subject.into())
        .text((all.shared.hello)(&clean::name(name)))
        .text(words.event)
        .link(words.see, link)
        .small(words.forgotten)
}

/// Somebody who is no host yet.
pub(in super::super) fn join(
    writer: &Writer<'_>,
    name: &str,
    teams: &[&str],
    link: &str,
    language: Language,
) -> Letter {
    let all = words::of(language);
    let words = &all.parked;
    let names: Vec<String> = teams.iter().map(|team| clean::name(team)).collect();
    let which = match names.as_slice() {
        [only] => (words.one_team)(only),
        _ => (words.teams)(&names.join(", ")),
    };
    Letter::new(all, words.join_subject.into())
        .text((all.shared.hello)(&clean::name(name)))
        .text(format!("{} {which}", (words.join)(&clean::name(&writer.config.mail_from_name))))
        .link(words.join_now, link)
        .small(words.forgotten)
}

/// A participant's answer to an invite.
pub(in super::super) fn answer(booking: &Booking, around: &Surroundings, reader: Reader, link: &str) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.parked, &booking.session);
    Letter::new(side.words, (words.answer_subject)(&side.when(session.starts, session.ends).short()))
        .text(side.hello())
        .text((words.answer)(&side.other))
        .facts(side.times(session))
        .link(words.see, link)
        .small(words.forgotten)
}
