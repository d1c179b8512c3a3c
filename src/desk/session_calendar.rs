//! What people do to their copies in "Sessions" with a calendar app: a moved event moves the session, a deleted one
//! cancels it, a changed description is the new agenda. The same functions as a click on the page; what they refuse is
//! answered with the reason, mailed once, and the copy gets a new ETag so that the app fetches the truth.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::zone::Zone;
use caldav::precondition::Precondition;
use caldav::store::{Change, Edit, Member, Outcome, StoreError, check_conditions};
use serde_json::json;

use super::booking::{self, Booking, Holder, HolderRole, Refusal};
use super::filing::failed;
use super::{Desk, open_calendar};
use crate::args;
use crate::booking::{BookingId, by_id};
use crate::calendars::session_rewrite::{NoSession, Wish, wish};
use crate::calendars::{NAMESPACE, collections, objects, sessions};
use crate::db::{Command, Conn, DbError, Tx};
use crate::jobs::{NewJob, enqueue};
use crate::people::{self, Person, PersonId};

/// Name of the calendar.
pub const NAME: &str = "sessions";

/// Carries out one write to the "Sessions" calendar of `owner`.
///
/// # Errors
/// [`StoreError`]: what the protocol answers; `slot-taken`, `too-late` or `not-offered` of our own namespace where the
/// session cannot be as the app has it, `only-sessions` for anything that is no session.
pub async fn edit(desk: &Desk, owner: &Person, edit: Edit) -> Result<Outcome, StoreError> {
    let mut conn = desk.db.read().await.map_err(failed)?;
    let calendar = collections::by_name(&mut conn, owner.id, NAME).await.map_err(failed)?;
    let calendar = calendar.ok_or(StoreError::NotFound)?;
    let member = objects::by_name(&mut conn, calendar.id, &edit.name).await.map_err(failed)?;
    check_conditions(member.as_ref().map(|member| member.etag.as_str()), &edit.conditions)?;
    let Some(member) = member else {
        drop(conn);
        return match &edit.change {
            Change::Delete => Err(StoreError::NotFound),
            Change::Put(sent) => {
                let booked = open_calendar::moved_into_sessions(desk, owner, &edit.name, sent).await?;
                booked.ok_or_else(only_sessions)
            }
        };
    };
    let holder = holder_of(&mut conn, owner.id, &member.uid).await.map_err(failed)?;
    drop(conn);
    match (edit.change, holder) {
        (Change::Delete, Some(holder)) if holder.booking.session.ends > desk.clock.now() => {
            let result = booking::cancel_with_grace(desk, &holder, None).await;
            answered(desk, owner, &member, &holder, None, result).await?;
            Ok(Outcome::Deleted)
        }
        // What is over may be tidied away.
        (Change::Delete, _) => {
            let command = Tidy { person: owner.id, uid: member.uid, now: desk.clock.now() };
            desk.db.run(command).await.map_err(failed)?;
            Ok(Outcome::Deleted)
        }
        (Change::Put(sent), Some(holder)) if sent.uid() == member.uid => {
            put(desk, owner, &member, &holder, &sent).await
        }
        (Change::Put(_), _) => Err(only_sessions()),
    }
}

async fn put(
    desk: &Desk,
    owner: &Person,
    member: &Member,
    holder: &Holder,
    sent: &CalendarObject,
) -> Result<Outcome, StoreError> {
    let stored = member.bytes.clone().unwrap_or_default();
    if stored == *sent.bytes() {
        return Ok(Outcome::Replaced(member.etag.clone()));
    }
    let damaged = |_| failed(DbError::Damaged(format!("the copy {} cannot be read", member.uid)));
    let before = CalendarObject::parse(stored, &Limits::default()).map_err(damaged)?;
    let zone = owner.timezone.as_deref().unwrap_or(&holder.booking.timezone);
    let zone = Zone::named(zone).unwrap_or_else(Zone::utc);
    let Wish { start, agenda, cancel } = match wish(&before, sent, &zone) {
        Ok(wish) => wish,
        Err(NoSession) => {
            let refused = Err(Refusal::NotOffered { alternatives: Vec::new() });
            answered(desk, owner, member, holder, None, refused).await?;
            return Ok(Outcome::Rewritten);
        }
    };
    if cancel {
        let result = booking::cancel_with_grace(desk, holder, None).await;
        answered(desk, owner, member, holder, None, result).await?;
        return Ok(Outcome::Rewritten);
    }
    if let Some(start) = start {
        let result = booking::reschedule(desk, holder, start).await;
        answered(desk, owner, member, holder, Some(start), result).await?;
    }
    // A group's description is made of everybody's agendas.
    let alone = holder.role == HolderRole::Guest || holder.booking.session.capacity == 1;
    if let (Some(agenda), true) = (agenda, alone) {
        let result = booking::set_agenda(desk, holder, &agenda).await;
        answered(desk, owner, member, holder, None, result).await?;
    }
    let own =
        KeepOwnLines { person: owner.id, uid: member.uid.clone(), sent: sent.bytes().to_vec(), now: desk.clock.now() };
    desk.db.run(own).await.map_err(failed)?;
    Ok(Outcome::Rewritten)
}

/// As whom somebody has a copy with this UID: the host of a session, or the guest of a booking.
async fn holder_of(conn: &mut Conn, person: PersonId, uid: &str) -> Result<Option<Holder>, DbError> {
    let found: Option<(BookingId,)> = conn
        .optional(
            "SELECT b.id FROM bookings b JOIN sessions s ON s.id = b.session
             WHERE b.seat IS NOT NULL AND (b.uid = $1 AND b.guest = $2 OR s.uid = $1 AND s.host = $2)
             ORDER BY CASE WHEN b.status IN ('held', 'pending') THEN 1 ELSE 0 END, b.seat LIMIT 1",
            args![uid, person],
        )
        .await?;
    let Some((id,)) = found else { return Ok(None) };
    let Some(booking) = by_id(conn, id).await?.filter(|booking| !booking.is_waiting()) else {
        return Ok(None);
    };
    let role = if booking.guest == person { HolderRole::Guest } else { HolderRole::Host };
    Ok(Some(Holder { booking, person, role }))
}

/// Passes on a success; a refusal gives the copy a new ETag, mails why, and is what the app is answered.
async fn answered(
    desk: &Desk,
    owner: &Person,
    member: &Member,
    holder: &Holder,
    wanted: Option<i64>,
    result: Result<Booking, Refusal>,
) -> Result<(), StoreError> {
    let refusal = match result {
        Ok(_) => return Ok(()),
        Err(Refusal::Db(error)) => return Err(failed(error)),
        Err(refusal) => refusal,
    };
    let (code, text) = precondition(&refusal);
    let command = Revert {
        person: owner.id,
        uid: member.uid.clone(),
        booking: holder.booking.clone(),
        to_host: holder.role == HolderRole::Host,
        wanted,
        code,
        now: desk.clock.now(),
    };
    desk.db.run(command).await.map_err(failed)?;
    Err(refused(code, text))
}

/// The reason of a refusal as a precondition: its name, and a sentence for people.
pub(super) fn precondition(refusal: &Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::SlotTaken { .. } | Refusal::AlreadyBooked { .. } => {
            ("slot-taken", "Somebody has something else at that time.")
        }
        Refusal::TooLate { .. } => ("too-late", "That is too near, or over."),
        Refusal::NotAllowed => ("not-allowed", "These sessions are not open to you."),
        Refusal::LimitReached { .. } => ("limit-reached", "No more sessions fit on that day."),
        Refusal::RateLimited { .. } => ("rate-limited", "That was a lot at once. Please try again a little later."),
        Refusal::Invalid(_) => ("unusable-agenda", "The description is longer than an agenda can be."),
        _ => ("not-offered", "That time is not open."),
    }
}

fn only_sessions() -> StoreError {
    refused("only-sessions", "This calendar shows booked sessions; other events belong in another one.")
}

pub(super) fn refused(local: &str, text: &str) -> StoreError {
    StoreError::Refused(Precondition::Host { namespace: NAMESPACE.into(), local: local.into(), text: text.into() })
}

/// Takes a copy away that no longer stands for anything ahead.
struct Tidy {
    person: PersonId,
    uid: String,
    now: i64,
}

impl Command for Tidy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        sessions::remove_copy(tx, &locked, self.person, &self.uid, self.now).await
    }
}

/// Puts the client's alarms and X- lines into the copy; all other lines stay the server's.
struct KeepOwnLines {
    person: PersonId,
    uid: String,
    sent: Vec<u8>,
    now: i64,
}

impl Command for KeepOwnLines {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        sessions::keep_own_lines(tx, &locked, self.person, &self.uid, &self.sent, self.now).await
    }
}

/// What was refused: the copy looks new to the client, and a mail says why, once for each wish.
struct Revert {
    person: PersonId,
    uid: String,
    booking: Booking,
    to_host: bool,
    wanted: Option<i64>,
    code: &'static str,
    now: i64,
}

impl Command for Revert {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        sessions::renew(tx, &locked, self.person, &self.uid, self.now).await?;
        let (id, to) = (self.booking.id, if self.to_host { "host" } else { "guest" });
        let wanted = self.wanted.unwrap_or_default();
        let job = NewJob {
            key: format!("refused-mail/{id}/{}/{to}/{wanted}/{}", self.booking.sequence, self.code),
            kind: "refused-mail",
            payload: json!({"booking": id, "to": to, "wanted": self.wanted, "code": self.code}),
            lane: format!("refused/{id}/{to}"),
            after: None,
            due: self.now,
        };
        enqueue(tx, &job, self.now).await?;
        Ok(())
    }
}
