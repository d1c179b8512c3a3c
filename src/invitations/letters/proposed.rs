//! "Could it be at another time?", and what becomes of that; "Was this you?"

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::when::when;
use super::super::{Surroundings, clean};
use super::refused::why;
use super::side;
use crate::booking::{Booking, Proposal};

/// What these letters say.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str, &str) -> String,
    pub(in crate::invitations) proposal: fn(&str) -> String,
    pub(in crate::invitations) proposed: &'static str,
    pub(in crate::invitations) proposed_for: fn(&str) -> String,
    pub(in crate::invitations) now: &'static str,
    pub(in crate::invitations) their_words: &'static str,
    pub(in crate::invitations) decide: &'static str,
    pub(in crate::invitations) stays_subject: fn(&str) -> String,
    pub(in crate::invitations) stays: fn(&str, &str) -> String,
    pub(in crate::invitations) doubted_subject: fn(&str) -> String,
    pub(in crate::invitations) doubted: fn(&str) -> String,
    pub(in crate::invitations) change: &'static str,
    pub(in crate::invitations) nothing_meant: &'static str,
    pub(in crate::invitations) settled: fn(&str) -> String,
    pub(in crate::invitations) off: fn(&str, &str) -> String,
    pub(in crate::invitations) moved_there: fn(&str) -> String,
    pub(in crate::invitations) no_question: fn(&str, &str) -> String,
    pub(in crate::invitations) impossible: fn(&str, &str) -> String,
    pub(in crate::invitations) see: &'static str,
    pub(in crate::invitations) proposal_goes: &'static str,
    /// The event of a proposal: its title, and what to do with it.
    pub(in crate::invitations) event: fn(&str) -> String,
    pub(in crate::invitations) event_help: &'static str,
}

pub(in super::super) fn to_decide(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    proposal: &Proposal,
    reader: Reader,
) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.proposed, &booking.session);
    let ends = proposal.starts + session.ends - session.starts;
    let proposed = side.when(proposal.starts, ends);
    let theirs = when(proposal.starts, ends, &side.other_zone, side.words);
    let mut facts = vec![(words.proposed.to_owned(), proposed.full())];
    if theirs.offset != proposed.offset {
        facts.push(((words.proposed_for)(&side.other), theirs.beside(&proposed)));
    }
    facts.push((words.now.to_owned(), side.when(session.starts, session.ends).full()));
    Letter::new(side.words, (words.subject)(&side.other, &proposed.short()))
        .text(side.hello())
        .text((words.proposal)(&side.other))
        .facts(facts)
        .quote(words.their_words, proposal.comment.as_deref().map(clean::text).unwrap_or_default())
        .link(words.decide, writer.manage_url(booking, reader))
}

pub(in super::super) fn settled(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    proposal: &Proposal,
    reader: Reader,
    code: &str,
) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.proposed, &booking.session);
    let proposed = side.when(proposal.starts, proposal.starts + session.ends - session.starts).short();
    let news = match (booking.stands(), code) {
        (false, _) => (words.off)(&side.other, &proposed),
        (_, "") if proposal.status == "accepted" => (words.moved_there)(&side.other),
        (_, "") => (words.no_question)(&side.other, &proposed),
        (_, code) => (words.impossible)(&proposed, why(&side.words.refused, code)),
    };
    let letter = Letter::new(side.words, (words.settled)(&proposed)).text(side.hello()).text(news);
    let letter = match booking.stands() {
        true => letter.facts(side.times(session)).link(words.see, writer.manage_url(booking, reader)),
        false => letter,
    };
    letter.small(words.proposal_goes)
}

pub(in super::super) fn declined(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    proposal: &Proposal,
    reader: Reader,
) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.proposed, &booking.session);
    let stays = side.when(session.starts, session.ends);
    let wanted = side.when(proposal.starts, proposal.ends);
    Letter::new(side.words, (words.stays_subject)(&stays.short()))
        .text(side.hello())
        .text((words.stays)(&side.other, &wanted.short()))
        .facts(side.times(session))
        .link(side.words.shared.manage, writer.manage_url(booking, reader))
}

pub(in super::super) fn doubted(
    writer: &Writer<'_>,
    booking: &Booking,
    around: &Surroundings,
    reader: Reader,
) -> Letter {
    let side = side(booking, around, reader);
    let (words, session) = (&side.words.proposed, &booking.session);
    Letter::new(side.words, (words.doubted_subject)(&side.when(session.starts, session.ends).short()))
        .text(side.hello())
        .text((words.doubted)(&side.other))
        .facts(side.times(session))
        .link(words.change, writer.manage_url(booking, reader))
        .small(words.nothing_meant)
}
