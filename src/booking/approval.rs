//! Bookings that wait until their host or a lead says yes (MM-13). They occupy their time; nobody is invited yet.

use serde_json::Value as Json;

use super::change::{confirmed, must_hold};
use super::{Booking, Refusal, Status, log, mails, of_session};
use crate::args;
use crate::db::Tx;
use crate::people::{Locked, PersonId};

/// How long a booking waits for a yes, seconds; at most until it would start.
pub const APPROVE_WITHIN: i64 = 48 * 3_600;

/// Until when somebody may say yes to what was asked for now.
pub(super) fn until(starts: i64, now: i64) -> i64 {
    starts.min(now.saturating_add(APPROVE_WITHIN))
}

/// Says yes to a pending booking: the invites go out now. A second time changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: it lapsed, was rejected or cancelled, or its guest has not confirmed it; [`Refusal::Db`].
pub async fn approve(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    actor: PersonId,
    now: i64,
) -> Result<(), Refusal> {
    match booking.status {
        Status::Confirmed | Status::Cancelling => return Ok(()),
        Status::Pending if booking.expires.is_some_and(|until| until > now) => {}
        _ => return Err(Refusal::too_late()),
    }
    must_hold(locked, booking)?;
    let before = confirmed(&of_session(tx, booking.session.id).await?);
    tx.execute(
        "UPDATE bookings SET status = 'confirmed', expires = NULL, changed = $2 WHERE id = $1",
        args![booking.id, now],
    )
    .await?;
    log::write(tx, booking.id, Some(actor), "approved", Json::Null, now).await?;
    mails::tell(tx, booking.session.id, &[(booking.id, booking.sequence)], before, now).await?;
    Ok(())
}

/// A pending booking stands at another time or with another host: the question is put anew.
pub(super) async fn ask_anew(tx: &mut Tx, booking: &Booking, starts: i64, now: i64) -> Result<(), Refusal> {
    let until = booking.expires.unwrap_or(starts).max(until(starts, now)).min(starts);
    tx.execute("UPDATE bookings SET expires = $2 WHERE id = $1", args![booking.id, until]).await?;
    mails::ask_for_approval(tx, booking.id, now).await?;
    Ok(())
}
