//! Another host takes over a session, with everybody in it, at the same time.

use serde_json::json;

use super::approval::ask_anew;
use super::change::{confirmed, must_hold};
use super::take::{hold, new_session};
use super::{Booking, Refusal, Session, SessionId, log, mails};
use crate::args;
use crate::availability::Slot;
use crate::db::{Batch, DbError, Tx};
use crate::people::{Locked, PersonId};

/// Gives a session to another host: another meeting with a room of its own, since what the old host knows stays with the
/// old one. The old host is told that it is off, the new one is invited, each guest's invite changes. `guests`: the
/// session's bookings with a seat, all of them locked. Answers the new session.
///
/// # Errors
/// [`Refusal::SlotTaken`]: the new host's time overlaps; [`Refusal::NotFound`]: nobody is in it; [`Refusal::Db`].
pub async fn reassign(
    tx: &mut Tx,
    locked: &Locked,
    guests: &[Booking],
    to: PersonId,
    actor: PersonId,
    domain: &str,
    now: i64,
) -> Result<SessionId, Refusal> {
    let session = guests.first().map(|booking| &booking.session).ok_or(Refusal::NotFound)?;
    if !locked.holds(to) {
        return Err(DbError::Damaged("a session given to somebody who is not locked".into()).into());
    }
    for booking in guests {
        must_hold(locked, booking)?;
    }
    tx.execute("DELETE FROM holds WHERE session = $1", args![session.id]).await?;
    let slot = slot_of(session, to);
    let mut batch = Batch::new();
    let new = new_session(&mut batch, &slot, session.team, None, domain, now);
    let mut told = Vec::new();
    for booking in guests {
        hold(&mut batch, booking.guest, new, session.starts, session.ends);
        let sequence = booking.sequence + i64::from(booking.takes_place());
        let (id, into) = (batch.arg(booking.id), batch.arg(new));
        let (next, changed) = (batch.arg(sequence), batch.arg(now));
        batch.push(format!(
            "UPDATE bookings SET session = {into}, sequence = {next}, changed = {changed} WHERE id = {id}"
        ));
        let detail = json!({"from": session.host, "to": to});
        log::push(&mut batch, booking.id, Some(actor), "reassigned", detail, now);
        if booking.takes_place() {
            told.push((booking.id, sequence));
        }
    }
    let (old, changed) = (batch.arg(session.id), batch.arg(now));
    batch.push(format!("UPDATE sessions SET status = 'cancelled', changed = {changed} WHERE id = {old}"));
    tx.batch(batch).await?;
    let mut people: Vec<PersonId> = guests.iter().map(|booking| booking.guest).collect();
    people.extend([session.host, to]);
    locked.touch_slots(tx, &people, now).await?;
    mails::tell(tx, session.id, &[], confirmed(guests), now).await?;
    mails::tell(tx, new, &told, 0, now).await?;
    for booking in guests.iter().filter(|booking| booking.status == super::Status::Pending) {
        ask_anew(tx, booking, session.starts, now).await?;
    }
    Ok(new)
}

/// The same time with another host, buffers as they were frozen.
fn slot_of(session: &Session, host: PersonId) -> Slot {
    Slot {
        start: session.starts,
        end: session.ends,
        type_id: session.type_id,
        host,
        open: session.capacity,
        capacity: session.capacity,
        before: session.before,
        after: session.after,
        session: None,
    }
}
