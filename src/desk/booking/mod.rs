//! Booking commands, the same for pages, API and calendars: book, confirm, cancel, reschedule, change the agenda, view.

mod answering;
mod asked;
mod assign;
mod attempts;
mod behalf;
mod book;
mod change;
mod copies;
mod grace;
mod holder;
mod invite;
mod outcome;
mod oversee;
#[cfg(test)]
mod proofs;
mod reassign;
mod replay;
mod request;
mod reschedule;
mod trying;

pub use crate::booking::{Booking, FieldError, OnBehalf, Outcome, Refusal, Room, Session, Status};
pub use answering::{Replied, Reply, Says, accept_proposal, answer_proposal, decline_proposal};
pub use behalf::{book_for, host_times, open_times};
pub use book::book;
pub use change::{cancel, confirm, expire_holds, purge, reason_of, set_agenda, set_answers};
pub use copies::{keep_room, replace_room};
pub use grace::{cancel_with_grace, finish_cancelling, undo};
pub use holder::{BookingView, Holder, HolderRole, holder, token, view};
pub use invite::{
    AcceptSlot, AskInvite, DeclineSlot, Prepared, accept_slot, answer_slot, mail as slot_mail, nearby, prepare_invite,
    send_invite, slot_end,
};
pub use outcome::set_outcome;
pub use oversee::{approve, cancel_as, reject, resend};
pub(super) use oversee::{cancel_all, cancel_these, companions, partners, tell_all_anew};
pub use reassign::{FreeHost, free_hosts, reassign};
pub use request::{
    BookRequest, Booked, Caller, Guest, Idempotency, LONGEST_AGENDA, LONGEST_EMAIL, LONGEST_NAME, checked,
};
pub use reschedule::{reschedule, reschedule_as};
pub use trying::Trying;

use std::sync::Arc;

use book::may_book;

use super::Desk;
use super::slots::pooled;
use super::team_facts::{TeamFacts, facts};
use crate::availability::{Closed, PooledSlot};
use crate::db::{AsDbError, DbError};
use crate::people::PersonId;
use crate::teams::{Team, TeamId, TypeId};

/// Rounds in which a command is tried again because what it was prepared with had changed.
const ROUNDS: usize = 4;
/// How far around a refused start other slots are looked for.
const AROUND: i64 = 14 * 86_400;

/// Why one try of a command ended without success.
#[derive(Debug)]
enum Tried {
    /// What it was prepared with has changed; prepare anew.
    Stale,
    /// It cannot be.
    Refused(Refusal),
}

impl From<DbError> for Tried {
    fn from(error: DbError) -> Self {
        Tried::Refused(error.into())
    }
}

impl From<Refusal> for Tried {
    fn from(refusal: Refusal) -> Self {
        Tried::Refused(refusal)
    }
}

impl AsDbError for Tried {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Tried::Refused(refusal) => refusal.as_db_error(),
            Tried::Stale => None,
        }
    }
}

impl From<Closed> for Refusal {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::NotOffered | Closed::TooEarly => Refusal::not_offered(),
            Closed::TooLate => Refusal::too_late(),
            Closed::LimitReached => Refusal::limit_reached(),
            Closed::Taken => Refusal::slot_taken(),
        }
    }
}

async fn known_team(desk: &Desk, team: TeamId) -> Result<Arc<TeamFacts>, Refusal> {
    facts(desk, team).await?.ok_or_else(Refusal::not_offered)
}

/// Fills in the three nearest open slots of the type, where the reason has room for them.
async fn with_alternatives(desk: &Desk, team: &Team, type_id: TypeId, start: i64, mut refusal: Refusal) -> Refusal {
    if let Some(alternatives) = refusal.alternatives_mut()
        && let Ok(found) = nearest(desk, team, type_id, start).await
    {
        *alternatives = found;
    }
    refusal
}

async fn nearest(desk: &Desk, team: &Team, type_id: TypeId, start: i64) -> Result<Vec<PooledSlot>, DbError> {
    let middle = start.max(desk.clock.now());
    let pooled = pooled(desk, team, &[type_id], middle.saturating_sub(AROUND), middle.saturating_add(AROUND)).await?;
    let mut found: Vec<PooledSlot> = pooled.slots.iter().filter(|slot| slot.start != start).cloned().collect();
    found.sort_by_key(|slot| slot.start.abs_diff(start));
    found.truncate(3);
    found.sort_by_key(|slot| slot.start);
    Ok(found)
}

/// The person somebody acts as.
fn actor(caller: &Caller) -> Option<PersonId> {
    caller.person.as_ref().map(|person| person.id)
}
