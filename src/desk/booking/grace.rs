//! Cancelling as a calendar or a mail does it: what was deleted by accident can be taken back for a short while, and only
//! then is the other side told.

use super::change::{lock, reason_of};
use super::{Booking, Holder, HolderRole, ROUNDS, Refusal, Tried, copies};
use crate::args;
use crate::booking::{self, BookingId, Cause, Status};
use crate::db::{Command, Tx};
use crate::desk::Desk;
use crate::people::PersonId;

/// Cancellations that are carried out in one round.
const AT_ONCE: i64 = 200;

/// Begins to cancel: a guest their own seat, a host the whole session. Their own calendar copy goes at once; they are
/// mailed a link to take it back; [`finish_cancelling`] carries it out and tells the other side. A second time changes
/// nothing. A booking that waits for a yes is cancelled at once: nobody has it in a calendar.
///
/// # Errors
/// [`Refusal::TooLate`]: the session has begun or was cancelled; [`Refusal::Invalid`]: the reason; [`Refusal::Db`].
pub async fn cancel_with_grace(desk: &Desk, holder: &Holder, reason: Option<&str>) -> Result<Booking, Refusal> {
    if holder.booking.is_waiting() {
        return super::cancel(desk, holder, reason).await;
    }
    let reason = reason_of(reason)?;
    together(desk, holder, &Step::Begin { reason, grace: desk.config.undo_within }).await
}

/// The same for one booking, in a transaction that does more.
pub(super) async fn begin(
    tx: &mut Tx,
    booking: &Booking,
    by: PersonId,
    reason: Option<String>,
    grace: i64,
    now: i64,
) -> Result<(), Tried> {
    let people = vec![booking.session.host, booking.guest];
    let step = Step::Begin { reason, grace };
    Together { id: booking.id, by, all: false, people, step, now }.run(tx).await?;
    Ok(())
}

/// Takes back what [`cancel_with_grace`] began, for the one who did it. A second time changes nothing.
///
/// # Errors
/// [`Refusal::TooLate`]: it was carried out; [`Refusal::NotAllowed`]: the other side is cancelling; [`Refusal::Db`].
pub async fn undo(desk: &Desk, holder: &Holder) -> Result<Booking, Refusal> {
    together(desk, holder, &Step::TakeBack).await
}

/// Carries out the cancellations whose time to be taken back is over; how many there were. Any number of processes may
/// do so: each decides under the lock whether there is still something to carry out.
///
/// # Errors
/// [`Refusal::Db`].
pub async fn finish_cancelling(desk: &Desk) -> Result<usize, Refusal> {
    let due: Vec<(BookingId, PersonId, PersonId)> = desk
        .db
        .read()
        .await?
        .all(
            "SELECT b.id, s.host, b.guest FROM bookings b JOIN sessions s ON s.id = b.session
             WHERE b.status = 'cancelling' AND b.expires <= $1 ORDER BY b.expires LIMIT $2",
            args![desk.clock.now(), AT_ONCE],
        )
        .await?;
    for (id, host, guest) in &due {
        match desk.db.run(Finish { id: *id, people: vec![*host, *guest], now: desk.clock.now() }).await {
            // It moved to another host meanwhile: the next round finds it there.
            Ok(()) | Err(Tried::Stale) => {}
            Err(Tried::Refused(refusal)) => return Err(refusal),
        }
    }
    Ok(due.len())
}

#[derive(Debug, Clone)]
enum Step {
    Begin { reason: Option<String>, grace: i64 },
    TakeBack,
}

/// Does the same to all bookings of the session for its host, to their own for a guest, in one transaction.
async fn together(desk: &Desk, holder: &Holder, step: &Step) -> Result<Booking, Refusal> {
    for _ in 0..ROUNDS {
        let mut conn = desk.db.read().await?;
        let found = booking::by_id(&mut conn, holder.booking.id).await?.ok_or(Refusal::NotFound)?;
        let mut people = vec![found.session.host, found.guest];
        if holder.role == HolderRole::Host {
            people.extend(booking::of_session(&mut conn, found.session.id).await?.iter().map(|one| one.guest));
        }
        drop(conn);
        let command = Together {
            id: found.id,
            by: holder.person,
            all: holder.role == HolderRole::Host,
            people,
            step: step.clone(),
            now: desk.clock.now(),
        };
        match desk.db.run(command).await {
            Ok(changed) => return Ok(changed),
            Err(Tried::Stale) => {}
            Err(Tried::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::too_late())
}

struct Together {
    id: BookingId,
    by: PersonId,
    all: bool,
    people: Vec<PersonId>,
    step: Step,
    now: i64,
}

impl Command for Together {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let (locked, found) = lock(tx, self.id, &self.people).await?;
        let mut bookings = if self.all { booking::of_session(tx, found.session.id).await? } else { Vec::new() };
        if bookings.iter().all(|one| one.id != found.id) {
            bookings.push(found.clone());
        }
        if bookings.iter().any(|one| !locked.holds(one.guest)) {
            return Err(Tried::Stale);
        }
        for one in &bookings {
            match &self.step {
                Step::Begin { reason, grace } => {
                    let until = self.now.saturating_add(*grace);
                    booking::begin_cancelling(tx, &locked, one, self.by, reason.as_deref(), until, self.now).await?;
                }
                // In a group some guest may be leaving by themself: that stays theirs.
                Step::TakeBack if one.id != found.id && one.cancelling_by != Some(self.by) => {}
                Step::TakeBack => booking::take_back(tx, &locked, one, self.by, self.now).await?,
            }
        }
        copies::refresh(tx, &locked, found.session.id, &bookings, self.now).await?;
        Ok(booking::by_id(tx, self.id).await?.ok_or(Refusal::NotFound)?)
    }
}

struct Finish {
    id: BookingId,
    people: Vec<PersonId>,
    now: i64,
}

impl Command for Finish {
    type Output = ();
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<(), Tried> {
        let (locked, found) = lock(tx, self.id, &self.people).await?;
        if found.status != Status::Cancelling || found.expires.is_none_or(|until| until > self.now) {
            return Ok(());
        }
        let cause = Cause::Wish { actor: found.cancelling_by, reason: found.reason.clone() };
        booking::cancel(tx, &locked, &found, &cause, self.now).await?;
        let changed = booking::by_id(tx, self.id).await?.ok_or(Refusal::NotFound)?;
        copies::refresh(tx, &locked, changed.session.id, std::slice::from_ref(&changed), self.now).await?;
        Ok(())
    }
}
