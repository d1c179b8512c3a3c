//! Confirming, cancelling, changing the agenda; letting held bookings lapse.

use serde_json::{Map, Value};

use super::asked::{By, answered};
use super::request::{checked_size, wrong_agenda};
use super::{Booking, FieldError, Holder, ROUNDS, Refusal, Tried, copies};
use crate::args;
use crate::booking::{self, BookingId, Cause};
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::people::{self, Locked, PersonId};
use crate::teams::{self, PhoneWish};

/// Held bookings that lapse in one round.
const AT_ONCE: i64 = 200;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;
/// Answers to idempotency keys are kept for a week.
const KEEP_ANSWERS: i64 = 7 * 86_400;
/// Invitations to slots are kept for 30 days after their start, as the pages of bookings are.
const KEEP_INVITES: i64 = 30 * 86_400;
/// Counts of attempts are kept for two days.
const KEEP_ATTEMPTS: i64 = 2 * 86_400;

/// Confirms a held booking: its guest followed the mailed link. A second time changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: it has lapsed or was cancelled; [`Refusal::NotAllowed`]: the host cannot confirm for the
/// guest; [`Refusal::Db`].
pub async fn confirm(desk: &Desk, holder: &Holder) -> Result<Booking, Refusal> {
    if holder.person != holder.booking.guest {
        return Err(Refusal::NotAllowed);
    }
    change(desk, &holder.booking, Action::Confirm).await
}

/// Cancels a booking for its guest or host. A second time changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun; [`Refusal::Invalid`]: the reason; [`Refusal::Db`].
pub async fn cancel(desk: &Desk, holder: &Holder, reason: Option<&str>) -> Result<Booking, Refusal> {
    let reason = reason_of(reason)?;
    change(desk, &holder.booking, Action::Cancel(Cause::Wish { actor: Some(holder.person), reason })).await
}

/// The words with which somebody cancels, when there are any.
///
/// # Errors
/// [`Refusal::Invalid`]: they are too long, or strange.
pub fn reason_of(given: Option<&str>) -> Result<Option<String>, Refusal> {
    let reason = given.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    if reason.as_deref().is_some_and(|text| text.chars().count() > LONGEST_REASON || wrong_agenda(text).is_some()) {
        let message = "Please use at most 1,000 ordinary characters.".into();
        return Err(Refusal::Invalid(vec![FieldError { field: "reason".into(), message }]));
    }
    Ok(reason)
}

/// Changes what the guest wants to talk about.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun or was cancelled; [`Refusal::Invalid`]; [`Refusal::Db`].
pub async fn set_agenda(desk: &Desk, holder: &Holder, agenda: &str) -> Result<Booking, Refusal> {
    if let Some(message) = wrong_agenda(agenda) {
        return Err(Refusal::Invalid(vec![FieldError { field: "agenda".into(), message: message.into() }]));
    }
    let action = Action::Agenda { text: agenda.to_owned(), actor: holder.person };
    change(desk, &holder.booking, action).await
}

/// Keeps what the guest answers to the type's questions after booking; of what is left out (`None`, a label that is not
/// there) the former answer stands. Only the guest knows.
///
/// # Errors
/// [`Refusal::NotAllowed`]: it is the host; [`Refusal::TooLate`]: the session has begun or was cancelled;
/// [`Refusal::Invalid`]: what is missing or will not do; [`Refusal::Db`].
pub async fn set_answers(
    desk: &Desk,
    holder: &Holder,
    phone: Option<&str>,
    answers: &Map<String, Value>,
) -> Result<Booking, Refusal> {
    let booking = &holder.booking;
    if holder.person != booking.guest {
        return Err(Refusal::NotAllowed);
    }
    let kind = teams::type_by_id(&mut desk.db.read().await?, booking.session.type_id).await?;
    let kind = kind.ok_or(Refusal::NotFound)?;
    // What is not asked any more stays as it was.
    let (mut all, mut kept) = (Map::new(), Map::new());
    for (label, answer) in &booking.answers {
        let asked = kind.questions.iter().any(|question| question.label == *label);
        if asked { &mut all } else { &mut kept }.insert(label.clone(), answer.clone());
    }
    all.extend(answers.clone());
    checked_size(&all)?;
    let phone = phone.or(booking.phone.as_deref());
    let (phone, answers) = answered(&kind, phone, &all, By::Guest).map_err(Refusal::Invalid)?;
    kept.extend(answers);
    let phone = if kind.phone == PhoneWish::Off { booking.phone.clone() } else { phone };
    let action = Action::Answers { phone, answers: kept, actor: holder.person };
    change(desk, booking, action).await
}

/// Gives back the seats of held bookings that nobody confirmed in time, and of pending ones that nobody answered; how
/// many there were.
///
/// # Errors
/// [`Refusal::Db`].
pub async fn expire_holds(desk: &Desk) -> Result<usize, Refusal> {
    let now = desk.clock.now();
    let due: Vec<(BookingId,)> = desk
        .db
        .read()
        .await?
        .all(
            "SELECT id FROM bookings WHERE status IN ('held', 'pending') AND expires <= $1 ORDER BY expires LIMIT $2",
            args![now, AT_ONCE],
        )
        .await?;
    for (id,) in &due {
        let found = booking::by_id(&mut desk.db.read().await?, *id).await?;
        if let Some(found) = found {
            change(desk, &found, Action::Lapse).await?;
        }
    }
    Ok(due.len())
}

/// Forgets old answers to idempotency keys and old counts of attempts.
///
/// # Errors
/// [`DbError`].
pub async fn purge(desk: &Desk) -> Result<(), DbError> {
    desk.db.run(Purge { now: desk.clock.now() }).await
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Confirm,
    Approve { actor: PersonId },
    Resend { actor: PersonId },
    Cancel(Cause),
    Agenda { text: String, actor: PersonId },
    Answers { phone: Option<String>, answers: Map<String, Value>, actor: PersonId },
    Lapse,
}

pub(super) async fn change(desk: &Desk, known: &Booking, action: Action) -> Result<Booking, Refusal> {
    let mut people = vec![known.session.host, known.guest];
    for _ in 0..ROUNDS {
        let command = Change { id: known.id, people, action: action.clone(), now: desk.clock.now() };
        match desk.db.run(command).await {
            Ok(changed) => return Ok(changed),
            Err(Tried::Refused(refusal)) => return Err(refusal),
            Err(Tried::Stale) => {}
        }
        let found = booking::by_id(&mut desk.db.read().await?, known.id).await?.ok_or(Refusal::NotFound)?;
        people = vec![found.session.host, found.guest];
    }
    Err(Refusal::too_late())
}

struct Change {
    id: BookingId,
    people: Vec<PersonId>,
    action: Action,
    now: i64,
}

impl Command for Change {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let (locked, found) = lock(tx, self.id, &self.people).await?;
        match &self.action {
            Action::Confirm => {
                let kind = teams::type_by_id(tx, found.session.type_id).await?;
                let approval = kind.is_some_and(|kind| kind.approval);
                booking::confirm(tx, &locked, &found, approval, self.now).await?;
            }
            Action::Approve { actor } => booking::approve(tx, &locked, &found, *actor, self.now).await?,
            Action::Resend { actor } => {
                booking::must_be_ahead(&found, self.now)?;
                if !found.takes_place() {
                    return Err(Refusal::too_late().into());
                }
                booking::resend(tx, &found, *actor, self.now).await?;
            }
            Action::Cancel(cause) => booking::cancel(tx, &locked, &found, cause, self.now).await?,
            Action::Agenda { text, actor } => {
                booking::set_agenda(tx, &locked, &found, text, Some(*actor), self.now).await?;
            }
            Action::Answers { phone, answers, actor } => {
                let given = (phone.as_deref(), answers);
                booking::set_answers(tx, &locked, &found, given, *actor, self.now).await?;
            }
            Action::Lapse => {
                let lapsed = found.is_waiting() && found.expires.is_some_and(|at| at <= self.now);
                if lapsed {
                    booking::cancel(tx, &locked, &found, &Cause::Lapsed, self.now).await?;
                }
            }
        }
        let changed = booking::by_id(tx, self.id).await?.ok_or(Refusal::NotFound)?;
        if changed != found {
            let guests = std::slice::from_ref(&changed);
            copies::refresh(tx, &locked, changed.session.id, guests, self.now).await?;
        }
        Ok(changed)
    }
}

/// Locks these people, then reads the booking; stale when it has moved to a host who is not among them.
pub(super) async fn lock(tx: &mut Tx, id: BookingId, people: &[PersonId]) -> Result<(Locked, Booking), Tried> {
    let locked = people::lock(tx, people).await?;
    let found = booking::by_id(tx, id).await?.ok_or(Refusal::NotFound)?;
    if !locked.holds(found.session.host) || !locked.holds(found.guest) {
        return Err(Tried::Stale);
    }
    Ok((locked, found))
}

struct Purge {
    now: i64,
}

impl Command for Purge {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("DELETE FROM idempotency WHERE created < $1", args![self.now - KEEP_ANSWERS]).await?;
        booking::forget_slot_invites(tx, self.now - KEEP_INVITES).await?;
        tx.execute("DELETE FROM attempts WHERE period < $1", args![self.now - KEEP_ATTEMPTS]).await?;
        Ok(())
    }
}
