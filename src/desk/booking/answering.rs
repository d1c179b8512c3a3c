//! What follows from a participant's answer to an invite (CN-10): it is noted, cancels, or proposes another time.

use serde::Deserialize;

use super::change::lock;
use super::grace::begin;
use super::reschedule::reschedule;
use super::{Booking, Holder, HolderRole, Refusal, Tried};
use crate::booking::{self, BookingId, NewAnswer, Proposal, Status};
use crate::db::{Command, Tx};
use crate::desk::Desk;
use crate::jobs::{Attempt, Job};
use crate::people::PersonId;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// What somebody's calendar answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// `accepted` or `tentative`.
    Comes(&'static str),
    /// Does not come.
    Declined,
    /// Would come at another time: start and end, UTC seconds.
    Proposes(i64, i64),
}

/// An answer of a participant who is who they say.
#[derive(Debug, Clone)]
pub struct Reply {
    /// To the invite of this booking.
    pub booking: BookingId,
    /// Guest or host.
    pub person: PersonId,
    /// What.
    pub says: Says,
    /// What they say about it.
    pub comment: Option<String>,
    /// SEQUENCE of the event they answer.
    pub sequence: i64,
    /// When they answered, UTC seconds.
    pub stamp: i64,
    /// Start of the event they answer, UTC seconds; `None`: it does not say.
    pub start: Option<i64>,
    /// How long a cancellation can be taken back, seconds.
    pub grace: i64,
    /// Host and guest, as they were when this was prepared.
    pub people: Vec<PersonId>,
    /// UTC seconds.
    pub now: i64,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replied {
    /// It was noted, or had its effect.
    Done,
    /// A newer one is known.
    Older,
    /// It is about a time that is no longer the session's.
    Outdated,
    /// The session has begun, or is off.
    TooLate,
    /// What it was prepared from has changed: prepare it again.
    Stale,
}

impl Reply {
    /// Writes what follows.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn run(&self, tx: &mut Tx) -> Result<Replied, Refusal> {
        let (locked, found) = match lock(tx, self.booking, &self.people).await {
            Ok(found) => found,
            Err(Tried::Stale) => return Ok(Replied::Stale),
            Err(Tried::Refused(refusal)) => return Err(refusal),
        };
        drop(locked);
        if found.status != Status::Confirmed || found.session.starts <= self.now {
            return Ok(Replied::TooLate);
        }
        let current = if self.person == found.guest { found.sequence } else { found.session.sequence };
        // A link or agenda that changed meanwhile is no reason to overhear somebody; another time is.
        let is_outdated = self.sequence < current && self.start != Some(found.session.starts);
        match &self.says {
            Says::Proposes(start, end) => self.propose(tx, &found, (*start, *end)).await,
            _ if is_outdated => Ok(Replied::Outdated),
            Says::Comes(word) => self.note(tx, word).await,
            Says::Declined => {
                let noted = self.note(tx, "declined").await?;
                if noted == Replied::Done {
                    let reason = self.comment.as_deref().map(one_reason);
                    return match begin(tx, &found, self.person, reason, self.grace, self.now).await {
                        Ok(()) => Ok(Replied::Done),
                        Err(Tried::Stale) => Ok(Replied::Stale),
                        Err(Tried::Refused(refusal)) => Err(refusal),
                    };
                }
                Ok(noted)
            }
        }
    }

    async fn note(&self, tx: &mut Tx, answer: &'static str) -> Result<Replied, Refusal> {
        let new = NewAnswer {
            person: self.person,
            answer,
            comment: self.comment.clone(),
            sequence: self.sequence,
            stamp: self.stamp,
        };
        let kept = booking::record_answer(tx, self.booking, &new, self.now).await?;
        Ok(if kept { Replied::Done } else { Replied::Older })
    }

    async fn propose(&self, tx: &mut Tx, found: &Booking, times: (i64, i64)) -> Result<Replied, Refusal> {
        if times.0 <= self.now || times.0 == found.session.starts {
            return Ok(Replied::Outdated);
        }
        let noted = self.note(tx, "tentative").await?;
        if noted == Replied::Done {
            booking::propose(tx, found, self.person, times, self.comment.as_deref(), self.now).await?;
        }
        Ok(noted)
    }
}

/// A comment as the reason of a cancellation.
fn one_reason(comment: &str) -> String {
    crate::invitations::clean::text(comment).chars().take(LONGEST_REASON).collect()
}

/// The other side of a proposal says yes: the session moves there, wherever both are free.
///
/// # Errors
/// [`Refusal::NotFound`]: it is not theirs to decide, or no longer open; as moving refuses.
pub async fn accept_proposal(desk: &Desk, holder: &Holder, id: i64) -> Result<Booking, Refusal> {
    let proposal = open(desk, holder, id).await?;
    // Both agree, so it may be outside offers and notice, as when a host moves a session.
    let host = holder.booking.session.host;
    let as_host = Holder { booking: holder.booking.clone(), person: host, role: HolderRole::Host };
    let moved = reschedule(desk, &as_host, proposal.starts).await?;
    decided(desk, holder, proposal, Answered::Yes).await?;
    Ok(moved)
}

/// The other side of a proposal says no: the time stays.
///
/// # Errors
/// As [`accept_proposal`].
pub async fn decline_proposal(desk: &Desk, holder: &Holder, id: i64) -> Result<Booking, Refusal> {
    let proposal = open(desk, holder, id).await?;
    decided(desk, holder, proposal, Answered::No).await?;
    Ok(holder.booking.clone())
}

/// Carries out an answer that the other side's calendar gave to a proposal (job `proposal-answer`). What they accepted and
/// cannot be any more is declined for them, and both are told.
pub async fn answer_proposal(desk: &Desk, job: &Job) -> Attempt {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Attempt::Failed("the payload makes no sense".into());
    };
    match answered_by_calendar(desk, &order).await {
        Ok(()) => Attempt::Done,
        Err(Refusal::NotFound) => Attempt::Obsolete,
        Err(refusal) => Attempt::Again(refusal.to_string()),
    }
}

#[derive(Deserialize)]
struct Order {
    proposal: i64,
    accepted: bool,
}

async fn answered_by_calendar(desk: &Desk, order: &Order) -> Result<(), Refusal> {
    let mut conn = desk.db.read().await?;
    let proposal = booking::proposal(&mut conn, order.proposal).await?.ok_or(Refusal::NotFound)?;
    let booking = booking::by_id(&mut conn, proposal.booking).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    let (person, role) = match proposal.person == booking.guest {
        true => (booking.session.host, HolderRole::Host),
        false => (booking.guest, HolderRole::Guest),
    };
    let holder = Holder { booking, person, role };
    if !order.accepted {
        let proposal = open(desk, &holder, proposal.id).await?;
        return decided(desk, &holder, proposal, Answered::NoInCalendar).await;
    }
    match accept_proposal(desk, &holder, proposal.id).await {
        Ok(_) => Ok(()),
        Err(refusal @ (Refusal::Db(_) | Refusal::NotFound)) => Err(refusal),
        Err(refusal) => decided(desk, &holder, proposal, Answered::Impossible(refusal.code())).await,
    }
}

async fn open(desk: &Desk, holder: &Holder, id: i64) -> Result<Proposal, Refusal> {
    let found = booking::proposal(&mut desk.db.read().await?, id).await?;
    let theirs = |proposal: &Proposal| proposal.booking == holder.booking.id && proposal.person != holder.person;
    let open = |proposal: &Proposal| proposal.is_open(&holder.booking, desk.clock.now());
    found.filter(theirs).filter(open).ok_or(Refusal::NotFound)
}

/// How a proposal was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answered {
    /// The session is there by now, and that closed the proposal.
    Yes,
    /// On the page: the proposal's event stands in a calendar still.
    No,
    /// In the calendar, which knows.
    NoInCalendar,
    /// With yes, but it cannot be, for this reason.
    Impossible(&'static str),
}

async fn decided(desk: &Desk, holder: &Holder, proposal: Proposal, answer: Answered) -> Result<(), Refusal> {
    let (booking, actor, now) = (holder.booking.clone(), holder.person, desk.clock.now());
    desk.db.run(Decide { booking, proposal, answer, actor, now }).await?;
    Ok(())
}

struct Decide {
    booking: Booking,
    proposal: Proposal,
    answer: Answered,
    actor: PersonId,
    now: i64,
}

impl Command for Decide {
    type Output = bool;
    type Refusal = crate::db::DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, crate::db::DbError> {
        let accepted = self.answer == Answered::Yes;
        let changed = booking::decide(tx, &self.booking, &self.proposal, accepted, self.actor, self.now).await?;
        let code = match self.answer {
            Answered::Impossible(code) => Some(code),
            _ => None,
        };
        if changed && matches!(self.answer, Answered::No | Answered::Impossible(_)) {
            booking::settle(tx, &self.booking, &self.proposal, code, self.now).await?;
        }
        Ok(changed)
    }
}
