//! The copies of a session in its people's "Sessions" calendars, written in the transaction that changed it.

use crate::booking::{self, Booking, Room, Session, SessionId};
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
    standing.retain(Booking::takes_place);
    // What the caller read before it told anybody may have an older SEQUENCE.
    let session = standing.first().map_or(session, |booking| &booking.session);
    // Whoever is cancelling has it out of their calendar already; the other side has it still.
    let for_host: Vec<Booking> = standing.iter().filter(|booking| booking.stands_for(session.host)).cloned().collect();
    if for_host.is_empty() {
        remove_copy(tx, locked, session.host, &session.uid, now).await?;
    } else {
        let bytes = host_copy(session, &for_host, around);
        write_copy(tx, locked, session.host, &copy(&session.uid, bytes, session), now).await?;
    }
    for guest in guests {
        match standing.iter().find(|booking| booking.id == guest.id && booking.stands_for(guest.guest)) {
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

/// Keeps the room of a session that has none yet and puts its link into every copy. The first room stays: a second one
/// changes nothing. `false`: somebody joined before the lock was taken, so that their copy would lack the link; this
/// transaction should not stay, another will do.
///
/// # Errors
/// [`DbError`].
pub async fn keep_room(tx: &mut Tx, session: SessionId, room: &Room, now: i64) -> Result<bool, DbError> {
    let Some((locked, found, guests)) = lock_all(tx, session).await? else { return Ok(false) };
    if found.link.is_some() {
        return Ok(true);
    }
    booking::set_room(tx, session, room).await?;
    refresh(tx, &locked, session, &guests, now).await?;
    Ok(true)
}

/// Puts another room in the place of a stopgap, and tells everybody: a new SEQUENCE for all, updated invites, copies.
/// Nothing changes when the session has a room of the service's own already, has begun or is cancelled. `false` as in
/// [`keep_room`].
///
/// # Errors
/// [`DbError`].
pub async fn replace_room(tx: &mut Tx, session: SessionId, room: &Room, now: i64) -> Result<bool, DbError> {
    let Some((locked, found, guests)) = lock_all(tx, session).await? else { return Ok(false) };
    if found.cancelled || found.space.is_some() || found.starts <= now {
        return Ok(true);
    }
    booking::change_room(tx, &locked, &found, &guests, room, now).await?;
    let guests = confirmed(tx, session).await?;
    refresh(tx, &locked, session, &guests, now).await?;
    Ok(true)
}

/// Locks everybody in a session, then reads it with its confirmed bookings. `None`: somebody joined in between.
async fn lock_all(tx: &mut Tx, session: SessionId) -> Result<Option<(Locked, Session, Vec<Booking>)>, DbError> {
    let gone = || DbError::Damaged("a session vanished".into());
    let known = booking::session(tx, session).await?.ok_or_else(gone)?;
    let mut people: Vec<_> = booking::of_session(tx, session).await?.iter().map(|booking| booking.guest).collect();
    people.push(known.host);
    let locked = people::lock(tx, &people).await?;
    let found = booking::session(tx, session).await?.ok_or_else(gone)?;
    let guests = confirmed(tx, session).await?;
    let complete = locked.holds(found.host) && guests.iter().all(|booking| locked.holds(booking.guest));
    Ok(complete.then_some((locked, found, guests)))
}

async fn confirmed(tx: &mut Tx, session: SessionId) -> Result<Vec<Booking>, DbError> {
    let mut guests = booking::of_session(tx, session).await?;
    guests.retain(Booking::takes_place);
    Ok(guests)
}

fn copy(uid: &str, bytes: Vec<u8>, session: &Session) -> Copy {
    Copy { uid: uid.to_owned(), bytes, starts: session.starts, ends: session.ends }
}
