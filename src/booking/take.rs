//! Taking a seat: a new session or one that has begun to fill, its holds, the booking and its log.

use serde_json::{Map, Value as Json};

use super::{BookingId, CONFIRM_WITHIN, Refusal, SessionId, log, mails};
use crate::args;
use crate::availability::Slot;
use crate::db::{DbError, Tx, new_id};
use crate::keys::encode_id;
use crate::people::{Locked, PersonId};
use crate::teams::TeamId;

/// Everything a new booking is made of; the slot was checked in this transaction.
#[derive(Debug)]
pub struct NewBooking<'a> {
    /// Whose.
    pub team: TeamId,
    /// When, what and with whom.
    pub slot: &'a Slot,
    /// Whose seat.
    pub guest: PersonId,
    /// The guest's name.
    pub name: &'a str,
    /// The guest's telephone.
    pub phone: Option<&'a str>,
    /// The guest's zone.
    pub timezone: &'a str,
    /// What they want to talk about.
    pub agenda: &'a str,
    /// Answers to the team's questions.
    pub answers: &'a Map<String, Json>,
    /// Waits for the guest's mailed link.
    pub held: bool,
    /// Who booked; `None`: an anonymous visitor.
    pub actor: Option<PersonId>,
    /// The domain of UIDs.
    pub domain: &'a str,
    /// UTC seconds.
    pub now: i64,
}

/// Books: writes session, holds, booking, log and jobs.
///
/// # Errors
/// [`Refusal::SlotTaken`]: the database's guards refuse it; [`Refusal::Db`].
pub async fn take(tx: &mut Tx, locked: &Locked, new: &NewBooking<'_>) -> Result<BookingId, Refusal> {
    let id = new_id();
    let uid = uid(id, new.domain);
    let now = new.now;
    let seat = join(tx, locked, new.slot, new.team, new.guest, &uid, new.domain, now).await?;
    let (status, expires) = if new.held { ("held", Some(now + CONFIRM_WITHIN)) } else { ("confirmed", None) };
    let answers = Json::Object(new.answers.clone()).to_string();
    tx.execute(
        "INSERT INTO bookings (id, uid, session, guest, seat, capacity, status, expires, name, phone, timezone, agenda,
             answers, changed, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        args![
            id,
            uid,
            seat.session,
            new.guest,
            seat.number,
            new.slot.capacity,
            status,
            expires,
            new.name,
            new.phone.map(str::to_owned),
            new.timezone,
            new.agenda,
            answers,
            now
        ],
    )
    .await?;
    log::write(tx, id, new.actor, "booked", Json::Null, now).await?;
    if new.held {
        mails::ask_to_confirm(tx, id, now).await?;
    } else {
        mails::tell(tx, seat.session, &[(id, 0)], seat.confirmed, now).await?;
    }
    Ok(id)
}

/// The UID of an event made here.
pub(super) fn uid(id: i64, domain: &str) -> String {
    format!("openhour-{}@{domain}", encode_id(id))
}

/// A seat that was found free, and taken as far as holds go.
pub(super) struct Seat {
    pub(super) session: SessionId,
    pub(super) number: i64,
    /// Confirmed bookings that the session had before.
    pub(super) confirmed: i64,
}

/// Finds the lowest free seat of the slot's session, or makes the session with this UID (if capacity is 1) or one of
/// its own; takes host's and guest's time.
#[expect(clippy::too_many_arguments, reason = "one call from booking, one from moving")]
pub(super) async fn join(
    tx: &mut Tx,
    locked: &Locked,
    slot: &Slot,
    team: TeamId,
    guest: PersonId,
    uid: &str,
    domain: &str,
    now: i64,
) -> Result<Seat, Refusal> {
    if !locked.holds(slot.host) || !locked.holds(guest) {
        return Err(DbError::Damaged("a booking without its lock".into()).into());
    }
    let seat = match slot.session {
        Some(session) => free_seat(tx, session, slot.capacity).await?,
        None => Seat { session: new_session(tx, slot, team, uid, domain, now).await?, number: 1, confirmed: 0 },
    };
    let hold = "INSERT INTO holds (id, person, session, starts, ends) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(hold, args![new_id(), guest, seat.session, slot.start, slot.end]).await?;
    locked.touch_slots(tx, &[slot.host, guest], now).await?;
    Ok(seat)
}

async fn free_seat(tx: &mut Tx, session: SessionId, capacity: i64) -> Result<Seat, Refusal> {
    let taken: Vec<(i64, bool)> = tx
        .all(
            "SELECT seat, status = 'confirmed' FROM bookings WHERE session = $1 AND seat IS NOT NULL ORDER BY seat",
            args![session],
        )
        .await?;
    let number = (1..=capacity).find(|number| taken.iter().all(|(seat, _)| seat != number));
    let confirmed = taken.iter().filter(|(_, confirmed)| *confirmed).count();
    match number {
        Some(number) => Ok(Seat { session, number, confirmed: i64::try_from(confirmed).unwrap_or(i64::MAX) }),
        None => Err(Refusal::slot_taken()),
    }
}

async fn new_session(
    tx: &mut Tx,
    slot: &Slot,
    team: TeamId,
    uid: &str,
    domain: &str,
    now: i64,
) -> Result<SessionId, DbError> {
    let id = new_id();
    let uid = if slot.capacity == 1 { uid.to_owned() } else { self::uid(id, domain) };
    tx.execute(
        "INSERT INTO sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, status,
             changed, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $11)",
        args![
            id,
            uid,
            team,
            slot.type_id,
            slot.host,
            slot.start,
            slot.end,
            slot.before,
            slot.after,
            slot.capacity,
            now
        ],
    )
    .await?;
    tx.execute(
        "INSERT INTO holds (id, person, session, starts, ends) VALUES ($1, $2, $3, $4, $5)",
        args![new_id(), slot.host, id, slot.start - slot.before, slot.end + slot.after],
    )
    .await?;
    tx.execute("UPDATE people SET last_assigned = $2 WHERE id = $1", args![slot.host, now]).await?;
    Ok(id)
}
