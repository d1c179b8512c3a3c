//! How a session went: completed, or nobody came.

use serde_json::Value as Json;

use super::change::must_hold;
use super::{Booking, Outcome, Refusal, log};
use crate::args;
use crate::db::Tx;
use crate::people::{Locked, PersonId};

/// Records how a session went, for all who have a seat in it; `None` takes it back. The same again changes nothing.
/// `guests`: the session's bookings with a seat.
///
/// # Errors
/// [`Refusal::TooEarly`]: it has not begun; [`Refusal::TooLate`]: it does not take place; [`Refusal::Db`].
pub async fn set_outcome(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    guests: &[Booking],
    outcome: Option<Outcome>,
    actor: PersonId,
    now: i64,
) -> Result<(), Refusal> {
    if !booking.takes_place() {
        return Err(Refusal::too_late());
    }
    if now < booking.session.starts {
        return Err(Refusal::TooEarly);
    }
    must_hold(locked, booking)?;
    if booking.session.outcome == outcome {
        return Ok(());
    }
    let word = outcome.map(Outcome::word);
    tx.execute("UPDATE sessions SET outcome = $2 WHERE id = $1", args![booking.session.id, word]).await?;
    for guest in guests.iter().filter(|guest| guest.takes_place()) {
        log::write(tx, guest.id, Some(actor), word.unwrap_or("outcome-undone"), Json::Null, now).await?;
    }
    Ok(())
}
