//! The copies of a session in its people's "Sessions" calendars, written in the transaction that changed it.

use crate::booking::{self, Booking, Session, SessionId, Status};
use crate::calendars::sessions::{Copy, remove_copy, write_copy};
use crate::db::{DbError, Tx};
use crate::invitations::{Surroundings, guest_copy, host_copy};
use crate::people::{self, Locked};

/// Brings the copies of a session up to date: the host's, and those of the guests that are named and locked.
///
/// # Errors
/// [`DbError`].
pub(super) async fn write(
    tx: &mut Tx,
    locked: &Locked,
    session: &Session,
    guests: &[Booking],
    around: &Surroundings,
    now: i64,
) -> Result<(), DbError> {
    let mut standing = booking::of_session(tx, session.id).await?;
    standing.retain(|booking| booking.status == Status::Confirmed);
    // What the caller read before it told anybody may have an older SEQUENCE.
    let session = standing.first().map_or(session, |booking| &booking.session);
    if standing.is_empty() {
        remove_copy(tx, locked, session.host, &session.uid, now).await?;
    } else {
        let bytes = host_copy(session, &standing, around);
        write_copy(tx, locked, session.host, &copy(&session.uid, bytes, session), now).await?;
    }
    for guest in guests {
        match standing.iter().find(|booking| booking.id == guest.id) {
            Some(booking) => {
                let bytes = guest_copy(booking, around);
                write_copy(tx, locked, booking.guest, &copy(&booking.uid, bytes, session), now).await?;
            }
            None => remove_copy(tx, locked, guest.guest, &guest.uid, now).await?,
        }
    }
    Ok(())
}

/// As [`write`], with what is around the session read anew.
///
/// # Errors
/// [`DbError`].
pub(super) async fn refresh(
    tx: &mut Tx,
    locked: &Locked,
    session: SessionId,
    guests: &[Booking],
    now: i64,
) -> Result<(), DbError> {
    let Some(session) = booking::session(tx, session).await? else { return Ok(()) };
    let around = Surroundings::of(tx, &session).await?;
    write(tx, locked, &session, guests, &around, now).await
}

/// Keeps a session's meeting link and puts it into every copy. `false`: somebody joined before the lock was taken, so
/// that their copy would lack it; this transaction should not stay, another will do.
///
/// # Errors
/// [`DbError`].
pub async fn keep_link(tx: &mut Tx, session: SessionId, link: &str, now: i64) -> Result<bool, DbError> {
    let Some(found) = booking::session(tx, session).await? else { return Ok(true) };
    let mut people: Vec<_> = booking::of_session(tx, session).await?.iter().map(|booking| booking.guest).collect();
    people.push(found.host);
    let locked = people::lock(tx, &people).await?;
    booking::set_link(tx, session, link).await?;
    let mut guests = booking::of_session(tx, session).await?;
    guests.retain(|booking| booking.status == Status::Confirmed);
    if !locked.holds(found.host) || !guests.iter().all(|booking| locked.holds(booking.guest)) {
        return Ok(false);
    }
    refresh(tx, &locked, session, &guests, now).await?;
    Ok(true)
}

fn copy(uid: &str, bytes: Vec<u8>, session: &Session) -> Copy {
    Copy { uid: uid.to_owned(), bytes, starts: session.starts, ends: session.ends }
}
