//! Taking a seat: a new session or one that has begun to fill, its holds, the booking and its log.

use serde_json::{Map, Value as Json, json};

use super::approval::until;
use super::{BookingId, CONFIRM_WITHIN, Refusal, SessionId, Status, log, mails};
use crate::args;
use crate::availability::Slot;
use crate::db::{Batch, DbError, Tx, Value, new_id};
use crate::keys::encode_id;
use crate::language::Language;
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
    /// The language in which the guest is written to.
    pub language: Language,
    /// What they want to talk about.
    pub agenda: &'a str,
    /// Answers to the team's questions.
    pub answers: &'a Map<String, Json>,
    /// Waits for the guest's mailed link.
    pub held: bool,
    /// Waits, after that, until host or lead says yes.
    pub approval: bool,
    /// Who books is somebody of the team, for this guest.
    pub on_behalf: Option<OnBehalf>,
    /// Who booked; `None`: an anonymous visitor.
    pub actor: Option<PersonId>,
    /// The domain of UIDs.
    pub domain: &'a str,
    /// UID and SEQUENCE of the invitation to the slot that was accepted.
    pub invited: Option<(&'a str, i64)>,
    /// UTC seconds.
    pub now: i64,
}

/// How somebody of a team books for a guest (MM-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OnBehalf {
    /// The notice does not count.
    pub waive_notice: bool,
}

/// Books: writes session, holds, booking, log and jobs.
///
/// # Errors
/// [`Refusal::SlotTaken`]: the database's guards refuse it; [`Refusal::Db`].
pub async fn take(tx: &mut Tx, locked: &Locked, new: &NewBooking<'_>) -> Result<BookingId, Refusal> {
    let id = new_id();
    let (uid, began) = new.invited.map_or_else(|| (uid(id, new.domain), 0), |(uid, began)| (uid.to_owned(), began));
    let now = new.now;
    let mut batch = Batch::new();
    let seat = join(tx, &mut batch, locked, new.slot, new.team, new.guest, Some(&uid), new.domain, now).await?;
    let (status, expires) = match (new.held, new.approval) {
        (true, _) => (Status::Held, Some(now + CONFIRM_WITHIN)),
        (false, true) => (Status::Pending, Some(until(new.slot.start, now))),
        (false, false) => (Status::Confirmed, None),
    };
    let answers = Json::Object(new.answers.clone()).to_string();
    let phone = new.phone.map(str::to_owned);
    let values = args![
        id,
        &uid,
        seat.session,
        new.guest,
        seat.number,
        new.slot.capacity,
        status.word(),
        expires,
        new.name,
        phone,
        new.timezone,
        new.language.code(),
        new.agenda,
        answers,
        began,
        began,
        now,
        now
    ];
    push(
        &mut batch,
        "bookings (id, uid, session, guest, seat, capacity, status, expires, name, phone, timezone, language, agenda, \
         answers, began, sequence, changed, created)",
        values,
    );
    if began > 0 {
        // A session with one seat is the same event for its host.
        let (session, uid, began) = (batch.arg(seat.session), batch.arg(&uid), batch.arg(began));
        batch.push(format!("UPDATE sessions SET sequence = {began} WHERE id = {session} AND uid = {uid}"));
    }
    let detail = new.on_behalf.map_or(Json::Null, |how| json!({"on_behalf": true, "notice_waived": how.waive_notice}));
    log::push(&mut batch, id, new.actor, "booked", detail, now);
    tx.batch(batch).await?;
    locked.touch_slots(tx, &[new.slot.host, new.guest], now).await?;
    match status {
        Status::Held => mails::ask_to_confirm(tx, id, now).await?,
        Status::Pending => mails::ask_for_approval(tx, id, now).await?,
        _ => mails::tell(tx, seat.session, &[(id, began)], seat.confirmed, now).await?,
    }
    Ok(id)
}

/// Adds the insertion of one row to a batch.
pub(super) fn push(batch: &mut Batch, columns: &str, values: Vec<Value>) {
    let values: Vec<String> = values.into_iter().map(|value| batch.arg(value)).collect();
    batch.push(format!("INSERT INTO {columns} VALUES ({})", values.join(", ")));
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

/// Finds the lowest free seat of the slot's session, or makes the session; takes host's and guest's time. `shared`: the
/// UID of the guest's event, which is also the host's when there is one seat only. Written with the batch.
#[expect(clippy::too_many_arguments, reason = "one call from booking, one from moving")]
pub(super) async fn join(
    tx: &mut Tx,
    batch: &mut Batch,
    locked: &Locked,
    slot: &Slot,
    team: TeamId,
    guest: PersonId,
    shared: Option<&str>,
    domain: &str,
    now: i64,
) -> Result<Seat, Refusal> {
    if !locked.holds(slot.host) || !locked.holds(guest) {
        return Err(DbError::Damaged("a booking without its lock".into()).into());
    }
    let seat = match slot.session {
        Some(session) => free_seat(tx, session, slot.capacity).await?,
        None => Seat { session: new_session(batch, slot, team, shared, domain, now), number: 1, confirmed: 0 },
    };
    hold(batch, guest, seat.session, slot.start, slot.end);
    Ok(seat)
}

/// Adds the taking of somebody's time to a batch.
pub(super) fn hold(batch: &mut Batch, person: PersonId, session: SessionId, starts: i64, ends: i64) {
    push(batch, "holds (id, person, session, starts, ends)", args![new_id(), person, session, starts, ends]);
}

async fn free_seat(tx: &mut Tx, session: SessionId, capacity: i64) -> Result<Seat, Refusal> {
    let taken: Vec<(i64, bool)> = tx
        .all(
            "SELECT seat, status IN ('confirmed', 'cancelling') FROM bookings WHERE session = $1 AND seat IS NOT NULL ORDER BY seat",
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

pub(super) fn new_session(
    batch: &mut Batch,
    slot: &Slot,
    team: TeamId,
    shared: Option<&str>,
    domain: &str,
    now: i64,
) -> SessionId {
    let id = new_id();
    let uid = shared.filter(|_| slot.capacity == 1).map_or_else(|| uid(id, domain), str::to_owned);
    let values = args![
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
        "open",
        now,
        now
    ];
    push(
        batch,
        "sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, status, changed, \
         created)",
        values,
    );
    hold(batch, slot.host, id, slot.start - slot.before, slot.end + slot.after);
    let (host, assigned) = (batch.arg(slot.host), batch.arg(now));
    batch.push(format!("UPDATE people SET last_assigned = {assigned} WHERE id = {host}"));
    id
}
