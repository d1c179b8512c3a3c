//! Schedules without an account (PT-1): each is a hidden team with one hidden host, reached by two secret addresses.
//!
//! Everything else about a schedule is what it is for any team: its slots are offers in the host's calendar, whoever
//! takes one has a booking.

use sqlx::{AssertSqlSafe, FromRow};

use crate::args;
use crate::db::{Command, Conn, DbError, Tx};
use crate::keys::Keys;
use crate::people::PersonId;
use crate::teams::{TeamId, TypeId};

/// Key of a schedule.
pub type ScheduleId = i64;

const DAY: i64 = 86_400;

/// One schedule.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Schedule {
    /// Key.
    pub id: ScheduleId,
    /// The hidden team.
    pub team: TeamId,
    /// Its session type: sessions as long as their offers.
    #[sqlx(rename = "type")]
    pub kind: TypeId,
    /// The hidden host.
    pub host: PersonId,
    /// Raised to give it new addresses.
    pub generation: i64,
    /// When somebody last looked at it, to the day, UTC seconds.
    pub visited: i64,
    /// UTC seconds.
    pub created: i64,
}

/// Which of its two secret addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// `/d/{secret}`: its owner's.
    Dashboard,
    /// `/s/{secret}`: where others take a time.
    Page,
}

impl Door {
    fn purpose(self) -> &'static str {
        match self {
            Door::Dashboard => "schedule dashboard",
            Door::Page => "schedule page",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Door::Dashboard => "/d/",
            Door::Page => "/s/",
        }
    }
}

impl Schedule {
    /// The path of one of its addresses; the secret in it has 130 bits.
    pub fn path(&self, keys: &Keys, door: Door) -> String {
        format!("{}{}", door.path(), keys.token(door.purpose(), self.id, self.host, self.generation))
    }

    /// Whether a visit now is worth recording.
    pub fn is_visit_due(&self, now: i64) -> bool {
        now >= self.visited.saturating_add(DAY)
    }
}

const COLUMNS: &str = "id, team, type, host, generation, visited, created";

/// The schedule that this secret opens at this door.
///
/// # Errors
/// [`DbError`].
pub async fn by_secret(conn: &mut Conn, keys: &Keys, secret: &str, door: Door) -> Result<Option<Schedule>, DbError> {
    let Some((id, proof)) = Keys::split(secret) else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM schedules WHERE id = $1");
    let found: Option<Schedule> = conn.optional(AssertSqlSafe(sql), args![id]).await?;
    Ok(found.filter(|found| keys.verify(proof, door.purpose(), id, found.host, found.generation)))
}

/// The schedule of a hidden team.
///
/// # Errors
/// [`DbError`].
pub async fn of_team(conn: &mut Conn, team: TeamId) -> Result<Option<Schedule>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM schedules WHERE team = $1");
    conn.optional(AssertSqlSafe(sql), args![team]).await
}

/// Schedules that nobody looked at since an instant (UTC seconds), the longest forgotten first.
///
/// # Errors
/// [`DbError`].
pub async fn unvisited_since(conn: &mut Conn, since: i64, limit: i64) -> Result<Vec<Schedule>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM schedules WHERE visited < $1 ORDER BY visited, id LIMIT $2");
    conn.all(AssertSqlSafe(sql), args![since, limit]).await
}

/// Keeps a new schedule.
///
/// # Errors
/// [`DbError`].
pub async fn insert(tx: &mut Tx, new: &Schedule) -> Result<(), DbError> {
    let values = args![new.id, new.team, new.kind, new.host, new.generation, new.visited, new.created];
    let sql = format!("INSERT INTO schedules ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    tx.execute(AssertSqlSafe(sql), values).await?;
    Ok(())
}

/// Forgets a schedule; its team and host are left.
///
/// # Errors
/// [`DbError`].
pub async fn delete(tx: &mut Tx, id: ScheduleId) -> Result<(), DbError> {
    tx.execute("DELETE FROM schedules WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Records that somebody looked at a schedule.
#[derive(Debug)]
pub struct Visit {
    /// Which.
    pub schedule: ScheduleId,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Visit {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("UPDATE schedules SET visited = $2 WHERE id = $1", args![self.schedule, self.now]).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_addresses_tell_nothing_of_each_other_and_a_new_generation_has_new_ones() {
        let keys = Keys::new([7; 32]);
        let one = Schedule { id: 1, team: 2, kind: 3, host: 4, generation: 0, visited: 0, created: 0 };
        let (dashboard, page) = (one.path(&keys, Door::Dashboard), one.path(&keys, Door::Page));
        assert!(dashboard.starts_with("/d/") && page.starts_with("/s/"));
        assert_eq!((dashboard.len(), page.len()), (42, 42));
        assert_ne!(dashboard[16..], page[16..]);
        let newer = Schedule { generation: 1, ..one };
        assert_ne!(newer.path(&keys, Door::Page), page);
    }
}
