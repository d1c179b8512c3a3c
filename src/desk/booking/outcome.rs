//! How a session went: completed, or nobody came.

use super::change::lock;
use super::{Booking, ROUNDS, Refusal, Tried};
use crate::booking::{self, BookingId, Outcome};
use crate::db::{Command, Tx};
use crate::desk::Desk;
use crate::people::PersonId;

/// Records how a session went, for everybody in it; `None` takes it back. The same again changes nothing. Whoever calls
/// knows that `actor` is its host or looks after its team.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooEarly`]: it has not begun; [`Refusal::TooLate`]: it does not take place;
/// [`Refusal::Db`].
pub async fn set_outcome(
    desk: &Desk,
    id: BookingId,
    outcome: Option<Outcome>,
    actor: PersonId,
) -> Result<Booking, Refusal> {
    for _ in 0..ROUNDS {
        let found = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
        let people = vec![found.session.host, found.guest];
        match desk.db.run(SetOutcome { id, people, outcome, actor, now: desk.clock.now() }).await {
            Ok(changed) => return Ok(changed),
            Err(Tried::Stale) => {}
            Err(Tried::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::too_late())
}

struct SetOutcome {
    id: BookingId,
    people: Vec<PersonId>,
    outcome: Option<Outcome>,
    actor: PersonId,
    now: i64,
}

impl Command for SetOutcome {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let (locked, found) = lock(tx, self.id, &self.people).await?;
        let guests = booking::of_session(tx, found.session.id).await?;
        booking::set_outcome(tx, &locked, &found, &guests, self.outcome, self.actor, self.now).await?;
        Ok(booking::by_id(tx, self.id).await?.ok_or(Refusal::NotFound)?)
    }
}
