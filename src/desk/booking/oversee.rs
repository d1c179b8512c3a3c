//! What leads and administrators do to other people's bookings.

use std::collections::BTreeSet;

use super::change::{Action, change, reason_of};
use super::{Booking, Refusal, copies};
use crate::booking::{self, BookingId, Cause};
use crate::db::{Conn, DbError, Tx};
use crate::desk::Desk;
use crate::people::{Locked, PersonId};

/// Cancels a booking for somebody who looks after its team; the reason is mailed to both sides.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooLate`]: the session has begun; [`Refusal::Invalid`]: the reason;
/// [`Refusal::Db`].
pub async fn cancel_as(desk: &Desk, id: BookingId, actor: PersonId, words: &str) -> Result<Booking, Refusal> {
    let reason = reason_of(Some(words))?;
    let known = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
    change(desk, &known, Action::Cancel(Cause::Wish { actor: Some(actor), reason })).await
}

/// Says yes to a pending booking: the invites go out now. A second time changes nothing. Whoever calls knows that `actor`
/// is its host or looks after its team.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooLate`]: it lapsed, was rejected or cancelled; [`Refusal::Db`].
pub async fn approve(desk: &Desk, id: BookingId, actor: PersonId) -> Result<Booking, Refusal> {
    let known = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
    change(desk, &known, Action::Approve { actor }).await
}

/// Says no to a pending booking; the reason is mailed to its guest. A second time changes nothing. Who may: as
/// [`approve`].
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooLate`]: it was approved or has begun; [`Refusal::Invalid`]: the reason;
/// [`Refusal::Db`].
pub async fn reject(desk: &Desk, id: BookingId, actor: PersonId, words: &str) -> Result<Booking, Refusal> {
    let reason = reason_of(Some(words))?;
    let known = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
    change(desk, &known, Action::Cancel(Cause::Rejected { actor, reason })).await
}

/// Sends the invites of a booking that takes place once more, to guest and host.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooLate`]: it is over, or nobody was invited yet; [`Refusal::Db`].
pub async fn resend(desk: &Desk, id: BookingId, actor: PersonId) -> Result<Booking, Refusal> {
    let known = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
    change(desk, &known, Action::Resend { actor }).await
}

/// Everybody who shares a session ahead with this person: whom to lock before [`cancel_all`].
///
/// # Errors
/// [`DbError`].
pub(in crate::desk) async fn partners(conn: &mut Conn, person: PersonId, now: i64) -> Result<Vec<PersonId>, DbError> {
    booking::partners(conn, person, now).await
}

/// Cancels whatever this person has ahead, as host and as guest, with the mails to everybody; how many bookings.
/// `None`: somebody joined before the lock was taken; nothing of this transaction should stay, another will do.
///
/// # Errors
/// [`DbError`].
pub(in crate::desk) async fn cancel_all(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    cause: &Cause,
    now: i64,
) -> Result<Option<usize>, DbError> {
    let known = |booking: &Booking| locked.holds(booking.guest) && locked.holds(booking.session.host);
    let mut cancelled = BTreeSet::new();
    // A list has an end, what somebody has ahead need not have one.
    loop {
        let bookings = ahead(tx, person, now).await?;
        if !bookings.iter().all(known) {
            return Ok(None);
        }
        let before = cancelled.len();
        cancelled.extend(bookings.iter().map(|booking| booking.id));
        if cancelled.len() == before {
            return Ok(Some(before));
        }
        cancel_these(tx, locked, &bookings, cause, now).await?;
    }
}

/// Tells everybody who shares a session ahead with this person anew: one of them has another address. `None` as in
/// [`cancel_all`].
///
/// # Errors
/// [`DbError`].
pub(in crate::desk) async fn tell_all_anew(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    now: i64,
) -> Result<Option<usize>, DbError> {
    let bookings = ahead(tx, person, now).await?;
    let sessions: BTreeSet<_> = bookings.iter().map(|booking| booking.session.id).collect();
    let mut count = 0;
    for session in sessions {
        let mut guests = booking::of_session(tx, session).await?;
        guests.retain(Booking::takes_place);
        if !guests.iter().all(|booking| locked.holds(booking.guest) && locked.holds(booking.session.host)) {
            return Ok(None);
        }
        if !guests.is_empty() {
            booking::tell_anew(tx, locked, session, &guests, now).await?;
            copies::refresh(tx, locked, session, &guests, now).await?;
            count += 1;
        }
    }
    Ok(Some(count))
}

/// Everybody in the sessions ahead of this person, whom to lock before [`tell_all_anew`].
///
/// # Errors
/// [`DbError`].
pub(in crate::desk) async fn companions(conn: &mut Conn, person: PersonId, now: i64) -> Result<Vec<PersonId>, DbError> {
    let sessions: BTreeSet<_> = ahead(conn, person, now).await?.iter().map(|booking| booking.session.id).collect();
    let mut people = Vec::new();
    for session in sessions {
        let guests = booking::of_session(conn, session).await?;
        people.extend(guests.iter().flat_map(|booking| [booking.session.host, booking.guest]));
    }
    Ok(people)
}

/// Cancels these bookings, whose people are locked, with the mails to everybody.
///
/// # Errors
/// [`DbError`].
pub(in crate::desk) async fn cancel_these(
    tx: &mut Tx,
    locked: &Locked,
    bookings: &[Booking],
    cause: &Cause,
    now: i64,
) -> Result<(), DbError> {
    for booking in bookings {
        match booking::cancel(tx, locked, booking, cause, now).await {
            Ok(()) => {}
            Err(Refusal::Db(error)) => return Err(error),
            // It has begun, and takes place or not whatever we say.
            Err(_) => continue,
        }
    }
    let sessions: BTreeSet<_> = bookings.iter().map(|booking| booking.session.id).collect();
    for session in sessions {
        let guests: Vec<Booking> = bookings.iter().filter(|booking| booking.session.id == session).cloned().collect();
        copies::refresh(tx, locked, session, &guests, now).await?;
    }
    Ok(())
}

/// A person's bookings, as guest or host, whose sessions have not begun.
async fn ahead(conn: &mut Conn, person: PersonId, now: i64) -> Result<Vec<Booking>, DbError> {
    let mut found = booking::of_guest(conn, person, now).await?;
    found.extend(booking::of_host(conn, person, now).await?);
    found.retain(|booking| booking.session.starts > now);
    Ok(found)
}
