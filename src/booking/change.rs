//! What happens to a booking after it was made: confirmed, cancelled, moved, talked about.

use serde_json::{Map, Value as Json, json};

use super::answers::overtake;
use super::approval::{ask_anew, until};
use super::take::{hold, join};
use super::{Booking, Refusal, Room, Session, Status, log, mails, of_session, set_room};
use crate::args;
use crate::availability::Slot;
use crate::db::{Batch, DbError, Tx};
use crate::people::{Locked, PersonId};

/// A held booking takes place: its guest has followed the mailed link. With `approval` it waits for host or lead then.
///
/// # Errors
/// [`Refusal::TooLate`]: it lapsed or was cancelled; [`Refusal::Db`].
pub async fn confirm(tx: &mut Tx, locked: &Locked, booking: &Booking, approval: bool, now: i64) -> Result<(), Refusal> {
    match booking.status {
        Status::Confirmed | Status::Pending | Status::Cancelling => return Ok(()),
        Status::Cancelled => return Err(Refusal::too_late()),
        Status::Held if booking.expires.is_some_and(|expires| expires <= now) || booking.session.starts <= now => {
            return Err(Refusal::too_late());
        }
        Status::Held => {}
    }
    must_hold(locked, booking)?;
    let before = confirmed(&of_session(tx, booking.session.id).await?);
    let (status, expires) = match approval {
        true => (Status::Pending, Some(until(booking.session.starts, now))),
        false => (Status::Confirmed, None),
    };
    tx.execute(
        "UPDATE bookings SET status = $2, expires = $3, changed = $4 WHERE id = $1",
        args![booking.id, status.word(), expires, now],
    )
    .await?;
    log::write(tx, booking.id, Some(booking.guest), "confirmed", Json::Null, now).await?;
    if approval {
        mails::ask_for_approval(tx, booking.id, now).await?;
        return Ok(());
    }
    mails::tell(tx, booking.session.id, &[(booking.id, booking.sequence)], before, now).await?;
    Ok(())
}

/// Why a booking is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Somebody did not want it any more; who, and their words.
    Wish {
        /// Who cancelled.
        actor: Option<PersonId>,
        /// Why, in their words.
        reason: Option<String>,
    },
    /// The host or a lead said no to a pending booking.
    Rejected {
        /// Who.
        actor: PersonId,
        /// Why, in their words.
        reason: Option<String>,
    },
    /// Nobody followed the mailed link, or answered the question, in time.
    Lapsed,
}

/// Gives a booking's seat back; the last one takes its session along. Cancelling twice changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun; [`Refusal::Db`].
pub async fn cancel(tx: &mut Tx, locked: &Locked, booking: &Booking, cause: &Cause, now: i64) -> Result<(), Refusal> {
    if !booking.stands() {
        return Ok(());
    }
    // What was cancelled in time is carried out whenever its time to take it back is over.
    let in_time = booking.session.starts > now || booking.status == Status::Cancelling;
    if !in_time && *cause != Cause::Lapsed {
        return Err(Refusal::too_late());
    }
    must_hold(locked, booking)?;
    let told = booking.takes_place();
    let sequence = booking.sequence + i64::from(told);
    let pending = booking.status == Status::Pending;
    if !pending && matches!(cause, Cause::Rejected { .. }) {
        return Err(Refusal::too_late());
    }
    let (actor, reason, action) = match cause {
        Cause::Wish { actor, reason } => (*actor, reason.clone(), "cancelled"),
        Cause::Rejected { actor, reason } => (Some(*actor), reason.clone(), "rejected"),
        Cause::Lapsed => (None, None, "expired"),
    };
    let rejected = pending && !matches!(cause, Cause::Wish { .. });
    let before = confirmed(&of_session(tx, booking.session.id).await?);
    tx.execute(
        "UPDATE bookings SET status = 'cancelled', seat = NULL, expires = NULL, cancelling_by = NULL, sequence = $2, reason = $3, changed = $4,
             rejected = $5
         WHERE id = $1",
        args![booking.id, sequence, reason, now, rejected],
    )
    .await?;
    leave(tx, locked, booking, now).await?;
    overtake(tx, booking, None, now).await?;
    log::write(tx, booking.id, actor, action, Json::Null, now).await?;
    if told {
        mails::tell_cancelled(tx, booking.id, sequence, now).await?;
        mails::tell(tx, booking.session.id, &[], before, now).await?;
    }
    if pending {
        mails::end_question(tx, booking, actor, *cause == Cause::Lapsed, now).await?;
    }
    Ok(())
}

/// Frees the guest's time, and the host's too when nobody is left; the booking's seat is given back already.
async fn leave(tx: &mut Tx, locked: &Locked, booking: &Booking, now: i64) -> Result<(), DbError> {
    let session = booking.session.id;
    tx.execute("DELETE FROM holds WHERE session = $1 AND person = $2", args![session, booking.guest]).await?;
    let empty = tx
        .execute(
            "UPDATE sessions SET status = 'cancelled', changed = $2 WHERE id = $1 AND NOT EXISTS
                 (SELECT 1 FROM bookings WHERE session = $1 AND seat IS NOT NULL)",
            args![session, now],
        )
        .await?;
    if empty > 0 {
        tx.execute("DELETE FROM holds WHERE session = $1", args![session]).await?;
    }
    locked.touch_slots(tx, &[booking.session.host, booking.guest], now).await
}

/// Changes what the guest wants to talk about.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun or was cancelled; [`Refusal::Db`].
pub async fn set_agenda(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    agenda: &str,
    actor: Option<PersonId>,
    now: i64,
) -> Result<(), Refusal> {
    must_be_ahead(booking, now)?;
    must_hold(locked, booking)?;
    if booking.agenda == agenda {
        return Ok(());
    }
    let told = booking.takes_place();
    let sequence = booking.sequence + i64::from(told);
    tx.execute(
        "UPDATE bookings SET agenda = $2, sequence = $3, changed = $4 WHERE id = $1",
        args![booking.id, agenda, sequence, now],
    )
    .await?;
    log::write(tx, booking.id, actor, "agenda", Json::Null, now).await?;
    if told {
        let before = confirmed(&of_session(tx, booking.session.id).await?);
        mails::tell(tx, booking.session.id, &[(booking.id, sequence)], before, now).await?;
    }
    Ok(())
}

/// Keeps the guest's telephone number and answers; the host's invite says them.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun or was cancelled; [`Refusal::Db`].
pub async fn set_answers(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    (phone, answers): (Option<&str>, &Map<String, Json>),
    actor: PersonId,
    now: i64,
) -> Result<(), Refusal> {
    must_be_ahead(booking, now)?;
    must_hold(locked, booking)?;
    if booking.phone.as_deref() == phone && booking.answers == *answers {
        return Ok(());
    }
    let told = booking.takes_place();
    let sequence = booking.sequence + i64::from(told);
    let (phone, written) = (phone.map(str::to_owned), Json::Object(answers.clone()).to_string());
    tx.execute(
        "UPDATE bookings SET phone = $2, answers = $3, sequence = $4, changed = $5 WHERE id = $1",
        args![booking.id, phone, written, sequence, now],
    )
    .await?;
    log::write(tx, booking.id, Some(actor), "answers", Json::Null, now).await?;
    if told {
        let before = confirmed(&of_session(tx, booking.session.id).await?);
        mails::tell(tx, booking.session.id, &[(booking.id, sequence)], before, now).await?;
    }
    Ok(())
}

/// Moves a whole session, with everybody in it, to another time of the same host. All its guests are locked.
///
/// # Errors
/// [`Refusal::SlotTaken`]: somebody's time overlaps; [`Refusal::Db`].
pub async fn move_session(
    tx: &mut Tx,
    locked: &Locked,
    session: &Session,
    guests: &[Booking],
    to: &Slot,
    actor: Option<PersonId>,
    now: i64,
) -> Result<(), Refusal> {
    for booking in guests {
        must_hold(locked, booking)?;
    }
    tx.execute("DELETE FROM holds WHERE session = $1", args![session.id]).await?;
    tx.execute(
        "UPDATE sessions SET starts = $2, ends = $3, buffer_before = $4, buffer_after = $5 WHERE id = $1",
        args![session.id, to.start, to.end, to.before, to.after],
    )
    .await?;
    let mut batch = Batch::new();
    hold(&mut batch, session.host, session.id, to.start - to.before, to.end + to.after);
    let mut told = Vec::new();
    for booking in guests {
        hold(&mut batch, booking.guest, session.id, to.start, to.end);
        let sequence = booking.sequence + i64::from(booking.takes_place());
        let (id, next, changed) = (batch.arg(booking.id), batch.arg(sequence), batch.arg(now));
        batch.push(format!("UPDATE bookings SET sequence = {next}, changed = {changed} WHERE id = {id}"));
        let detail = json!({"from": session.starts, "to": to.start});
        log::push(&mut batch, booking.id, actor, "rescheduled", detail, now);
        if booking.takes_place() {
            told.push((booking.id, sequence));
        }
    }
    tx.batch(batch).await?;
    for booking in guests {
        overtake(tx, booking, Some(to.start), now).await?;
    }
    let mut people: Vec<PersonId> = guests.iter().map(|booking| booking.guest).collect();
    people.push(session.host);
    locked.touch_slots(tx, &people, now).await?;
    mails::tell(tx, session.id, &told, confirmed(guests), now).await?;
    for booking in guests.iter().filter(|booking| booking.status == Status::Pending) {
        ask_anew(tx, booking, to.start, now).await?;
    }
    Ok(())
}

/// Moves one booking into another session: of another host, or beside others.
///
/// # Errors
/// [`Refusal::SlotTaken`]: the database's guards refuse it; [`Refusal::Db`].
pub async fn move_booking(
    tx: &mut Tx,
    locked: &Locked,
    booking: &Booking,
    to: &Slot,
    actor: Option<PersonId>,
    domain: &str,
    now: i64,
) -> Result<(), Refusal> {
    must_hold(locked, booking)?;
    let told = booking.takes_place();
    let sequence = booking.sequence + i64::from(told);
    let before = confirmed(&of_session(tx, booking.session.id).await?);
    // The seat is given back by moving the booking away; until then its guest may not hold two times.
    tx.execute("DELETE FROM holds WHERE session = $1 AND person = $2", args![booking.session.id, booking.guest])
        .await?;
    let mut batch = Batch::new();
    // Another meeting is another event for its host: the UID that the old host knows stays with the old session.
    let team = booking.session.team;
    let seat = join(tx, &mut batch, locked, to, team, booking.guest, None, domain, now).await?;
    let (id, session, number) = (batch.arg(booking.id), batch.arg(seat.session), batch.arg(seat.number));
    let (capacity, next, changed) = (batch.arg(to.capacity), batch.arg(sequence), batch.arg(now));
    batch.push(format!(
        "UPDATE bookings SET session = {session}, seat = {number}, capacity = {capacity}, sequence = {next},
             changed = {changed}
         WHERE id = {id}"
    ));
    tx.batch(batch).await?;
    locked.touch_slots(tx, &[to.host], now).await?;
    leave(tx, locked, booking, now).await?;
    overtake(tx, booking, Some(to.start), now).await?;
    let detail = json!({"from": booking.session.starts, "to": to.start, "host": to.host});
    log::write(tx, booking.id, actor, "rescheduled", detail, now).await?;
    if told {
        mails::tell(tx, booking.session.id, &[], before, now).await?;
        mails::tell(tx, seat.session, &[(booking.id, sequence)], seat.confirmed, now).await?;
    }
    if booking.status == Status::Pending {
        ask_anew(tx, booking, to.start, now).await?;
    }
    Ok(())
}

/// Another room for a session whose people may know the old one: they are told. All its guests are locked.
///
/// # Errors
/// [`DbError`].
pub async fn change_room(
    tx: &mut Tx,
    locked: &Locked,
    session: &Session,
    guests: &[Booking],
    room: &Room,
    now: i64,
) -> Result<(), DbError> {
    set_room(tx, session.id, room).await?;
    let mut batch = Batch::new();
    let mut told = Vec::new();
    for booking in guests.iter().filter(|booking| booking.takes_place()) {
        must_hold(locked, booking)?;
        let sequence = booking.sequence + 1;
        let (id, next, changed) = (batch.arg(booking.id), batch.arg(sequence), batch.arg(now));
        batch.push(format!("UPDATE bookings SET sequence = {next}, changed = {changed} WHERE id = {id}"));
        log::push(&mut batch, booking.id, None, "link", Json::Null, now);
        told.push((booking.id, sequence));
    }
    tx.batch(batch).await?;
    mails::tell(tx, session.id, &told, confirmed(guests), now).await
}

/// Tells everybody of a session anew, because an address in it is another now: a new SEQUENCE for all, updated invites.
///
/// # Errors
/// [`DbError`].
pub async fn tell_anew(
    tx: &mut Tx,
    locked: &Locked,
    session: super::SessionId,
    guests: &[Booking],
    now: i64,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let mut told = Vec::new();
    for booking in guests.iter().filter(|booking| booking.takes_place()) {
        must_hold(locked, booking)?;
        let sequence = booking.sequence + 1;
        let (id, next, changed) = (batch.arg(booking.id), batch.arg(sequence), batch.arg(now));
        batch.push(format!("UPDATE bookings SET sequence = {next}, changed = {changed} WHERE id = {id}"));
        told.push((booking.id, sequence));
    }
    tx.batch(batch).await?;
    mails::tell(tx, session, &told, confirmed(guests), now).await
}

/// Refuses what would change a session that has begun or does not take place.
///
/// # Errors
/// [`Refusal::TooLate`].
pub fn must_be_ahead(booking: &Booking, now: i64) -> Result<(), Refusal> {
    if booking.stands() && now < booking.session.starts { Ok(()) } else { Err(Refusal::too_late()) }
}

pub(super) fn must_hold(locked: &Locked, booking: &Booking) -> Result<(), DbError> {
    if locked.holds(booking.session.host) && locked.holds(booking.guest) {
        Ok(())
    } else {
        Err(DbError::Damaged("a change of a booking without its lock".into()))
    }
}

pub(super) fn confirmed(bookings: &[Booking]) -> i64 {
    let confirmed = bookings.iter().filter(|booking| booking.takes_place()).count();
    i64::try_from(confirmed).unwrap_or(i64::MAX)
}
