//! Banning and removing people, each in one transaction with everything that follows from it.

use super::booking::{cancel_all, partners};
use super::erasures::{self, Done};
use crate::args;
use crate::audit::{self, Entry};
use crate::booking::{self, Cause};
use crate::calendars;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::desk::Desk;
use crate::keys::Keys;
use crate::people::retention::{LiftBan, ban_hash};
use crate::people::{self, Person, PersonId, Profile};
use crate::teams::{self, TeamId};

/// Rounds in which a command is tried again because somebody joined a session meanwhile.
const ROUNDS: usize = 8;

/// What is done to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// They may do nothing any more, by account and by address, until it is lifted.
    Ban,
    /// A ban ends. What it ended stays ended.
    Unban,
    /// They are not here any more: sessions ahead cancelled, offers withdrawn, calendars and memberships gone.
    Remove,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum MeasureRefused {
    /// Nobody like that.
    #[error("there is no such person")]
    Unknown,
    /// Somebody must be able to look after everything.
    #[error("this is the last administrator; make somebody else one first")]
    LastAdmin,
    /// Sessions with them were being booked all the while.
    #[error("sessions with them were being booked meanwhile; please try again")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for MeasureRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// Takes a measure; answers how many bookings it cancelled. `actor` is `None` for the command line. The reason is
/// mailed to everybody whose session is cancelled.
///
/// # Errors
/// [`MeasureRefused`].
pub async fn take(
    desk: &Desk,
    measure: Measure,
    person: PersonId,
    actor: Option<PersonId>,
    reason: &str,
) -> Result<usize, MeasureRefused> {
    let reason = reason.trim();
    for _ in 0..ROUNDS {
        let now = desk.clock.now();
        let mut conn = desk.db.read().await?;
        let mut lock = partners(&mut conn, person, now).await?;
        lock.extend(admins(&mut conn).await?);
        lock.push(person);
        drop(conn);
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        match desk.db.run(Take { measure, person, lock, actor, reason, keys: desk.keys.clone(), now }).await {
            Err(MeasureRefused::Busy) => {}
            Ok(cancelled) => {
                erasures::note(desk, Done { at: now, person, measure });
                // What was deleted leaves the log of the database, too.
                if measure == Measure::Remove
                    && let Err(error) = desk.db.checkpoint().await
                {
                    tracing::warn!(%error, "the write-ahead log could not be emptied; the next time will do");
                }
                return Ok(cancelled);
            }
            other => return other,
        }
    }
    Err(MeasureRefused::Busy)
}

/// What was done to somebody by their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whom; `None`: somebody who is gone, whose address alone was banned.
    pub person: Option<PersonId>,
    /// Bookings that were cancelled.
    pub cancelled: usize,
}

/// The same as [`take`] by address: one that nobody has can be banned before it ever comes, and the ban of one whose
/// owner has gone can be lifted. The address is valid and lower case.
///
/// # Errors
/// [`MeasureRefused`].
pub async fn take_by_address(
    desk: &Desk,
    measure: Measure,
    email: &str,
    actor: Option<PersonId>,
    reason: &str,
) -> Result<Taken, MeasureRefused> {
    let known = people::by_email(&mut desk.db.read().await?, email).await?;
    let person = match known {
        Some(person) => person.id,
        None if measure == Measure::Ban => desk.db.run(Meet { email: email.to_owned(), now: desk.clock.now() }).await?,
        None if measure == Measure::Unban => {
            let lift = LiftBan { hash: ban_hash(&desk.keys, email), actor, now: desk.clock.now() };
            let lifted = desk.db.run(lift).await?;
            return if lifted { Ok(Taken { person: None, cancelled: 0 }) } else { Err(MeasureRefused::Unknown) };
        }
        None => return Err(MeasureRefused::Unknown),
    };
    let cancelled = take(desk, measure, person, actor, reason).await?;
    Ok(Taken { person: Some(person), cancelled })
}

/// Makes the person who is to be banned before they come.
struct Meet {
    email: String,
    now: i64,
}

impl Command for Meet {
    type Output = PersonId;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<PersonId, DbError> {
        Ok(people::save(tx, &self.email, &Profile::default(), self.now).await?.id)
    }
}

struct Take {
    measure: Measure,
    person: PersonId,
    lock: Vec<PersonId>,
    actor: Option<PersonId>,
    reason: Option<String>,
    keys: Keys,
    now: i64,
}

impl Command for Take {
    type Output = usize;
    type Refusal = MeasureRefused;

    async fn run(&self, tx: &mut Tx) -> Result<usize, MeasureRefused> {
        // Teams before persons, as everywhere. Their new versions close live connections and end what was planned.
        for team in teams_of(tx, self.person).await? {
            teams::touch(tx, team, self.now).await?;
        }
        let locked = people::lock(tx, &self.lock).await?;
        let found = people::by_id(tx, self.person).await?.filter(|person| !person.is_removed());
        let found = found.ok_or(MeasureRefused::Unknown)?;
        if self.measure != Measure::Unban && found.admin {
            must_have_another(tx, &found).await?;
        }
        let mut cancelled = 0;
        if self.measure != Measure::Unban {
            let cause = Cause::Wish { actor: self.actor, reason: self.reason.clone() };
            let all = cancel_all(tx, &locked, found.id, &cause, self.now).await?;
            cancelled = all.ok_or(MeasureRefused::Busy)?;
            super::parked::forget_all_of(tx, &found.email).await?;
        }
        let hash = ban_hash(&self.keys, &found.email);
        let action = match self.measure {
            Measure::Ban => {
                // The addresses of their calendars elsewhere are credentials, too.
                calendars::fill::delete(tx, &locked, found.id, None, self.now).await?;
                people::ban(tx, found.id, &hash, self.now).await.map(|()| "person banned")
            }
            Measure::Unban => people::unban(tx, found.id, &hash).await.map(|()| "ban lifted"),
            Measure::Remove => {
                calendars::collections::delete_all_of(tx, found.id).await?;
                teams::leave_all(tx, found.id).await?;
                crate::booking::forget_slot_invites_of(tx, &found.email).await?;
                people::remove(tx, &found, &hash, self.now).await.map(|()| "person removed")
            }
        }?;
        locked.touch_slots(tx, &[found.id], self.now).await?;
        // The reason may name people; it is in the bookings it cancelled.
        let detail = if cancelled > 0 { format!("bookings cancelled: {cancelled}") } else { String::new() };
        let entry = Entry { actor: self.actor, action, object: Some(found.id), detail: &detail };
        audit::write(tx, &entry, self.now).await?;
        Ok(cancelled)
    }
}

async fn teams_of(tx: &mut Tx, person: PersonId) -> Result<Vec<TeamId>, DbError> {
    let rows: Vec<(TeamId,)> =
        tx.all("SELECT DISTINCT team FROM memberships WHERE person = $1 ORDER BY team", args![person]).await?;
    Ok(rows.into_iter().map(|(team,)| team).collect())
}

async fn admins(conn: &mut crate::db::Conn) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(PersonId,)> = conn.all("SELECT id FROM people WHERE admin AND NOT banned", vec![]).await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// The administrators are locked, so two of them cannot put each other out at once.
async fn must_have_another(tx: &mut Tx, admin: &Person) -> Result<(), MeasureRefused> {
    let others = admins(tx).await?.into_iter().filter(|other| *other != admin.id).count();
    if others == 0 { Err(MeasureRefused::LastAdmin) } else { Ok(()) }
}

/// Forgets what was kept of removed people for the last mails to them: name, address, and their words in bookings.
///
/// # Errors
/// [`DbError`].
pub async fn forget_farewells(desk: &Desk) -> Result<(), DbError> {
    if desk.db.run(Forget { now: desk.clock.now() }).await? > 0 {
        desk.db.checkpoint().await?;
    }
    Ok(())
}

struct Forget {
    now: i64,
}

impl Command for Forget {
    type Output = usize;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<usize, DbError> {
        let people = people::forget_farewells(tx, self.now).await?;
        booking::retention::forget_words(tx, &people).await?;
        Ok(people.len())
    }
}
