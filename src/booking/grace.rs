//! Cancelling from a calendar or by mail: for a short while it can be taken back, and until then only the one who did it
//! knows. The time stays occupied.

use serde_json::{Value as Json, json};

use super::change::must_hold;
use super::{Booking, Refusal, Status, log, mails, must_be_ahead};
use crate::args;
use crate::db::Tx;
use crate::people::{Locked, PersonId};

/// Begins to cancel a confirmed booking for one of its two sides, `by`; they are mailed a link that takes it back until
/// `until` (or the start, if that is earlier). A booking that is being cancelled already stays as it is.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun or was cancelled; [`Refusal::Db`].
pub async fn begin_cancelling(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    by: PersonId,
    reason: Option<&str>,
    until: i64,
    now: i64,
) -> Result<(), Refusal> {
    must_be_ahead(booking, now)?;
    must_hold(locked, booking)?;
    if booking.status != Status::Confirmed {
        return Ok(());
    }
    let until = until.min(booking.session.starts);
    // Neither SEQUENCE nor the time of the last change: for the other side nothing has happened.
    tx.execute(
        "UPDATE bookings SET status = 'cancelling', cancelling_by = $2, expires = $3, reason = $4 WHERE id = $1",
        args![booking.id, by, until, reason],
    )
    .await?;
    log::write(tx, booking.id, Some(by), "cancelling", json!({"until": until}), now).await?;
    mails::offer_undo(tx, booking.id, by == booking.session.host, until, now).await?;
    Ok(())
}

/// Takes back a cancellation that `by` began. A second time changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: it was carried out; [`Refusal::NotAllowed`]: the other side is cancelling; [`Refusal::Db`].
pub async fn take_back(tx: &mut Tx, locked: &Locked, booking: &Booking, by: PersonId, now: i64) -> Result<(), Refusal> {
    match booking.status {
        Status::Cancelled => return Err(Refusal::too_late()),
        Status::Confirmed | Status::Held | Status::Pending => return Ok(()),
        Status::Cancelling if booking.expires.is_none_or(|until| until <= now) => return Err(Refusal::too_late()),
        Status::Cancelling if booking.cancelling_by != Some(by) => return Err(Refusal::NotAllowed),
        Status::Cancelling => {}
    }
    must_hold(locked, booking)?;
    tx.execute(
        "UPDATE bookings SET status = 'confirmed', cancelling_by = NULL, expires = NULL, reason = NULL WHERE id = $1",
        args![booking.id],
    )
    .await?;
    log::write(tx, booking.id, Some(by), "kept", Json::Null, now).await?;
    Ok(())
}
