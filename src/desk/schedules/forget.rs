//! Schedules that nobody uses any more are deleted with everything in them.

use sqlx::AssertSqlSafe;

use crate::args;
use crate::db::{Command, Conn, DbError, Tx, id_list};
use crate::desk::Desk;
use crate::people::{self, PRIVATE, PersonId};
use crate::schedules::{self, Schedule};
use crate::teams;

/// A schedule with nothing ahead is kept for so long after the last look at it, seconds.
const KEEP: i64 = 90 * 86_400;
/// Schedules looked at in one round.
const AT_ONCE: i64 = 100;

/// Deletes schedules that nobody looked at for 90 days and that have no event or session ahead; how many.
///
/// # Errors
/// [`DbError`].
pub async fn forget_unused(desk: &Desk) -> Result<usize, DbError> {
    let now = desk.clock.now();
    let found = schedules::unvisited_since(&mut desk.db.read().await?, now - KEEP, AT_ONCE).await?;
    let mut forgotten = 0;
    for schedule in found {
        forgotten += usize::from(desk.db.run(Forget { schedule, now }).await?);
    }
    Ok(forgotten)
}

struct Forget {
    schedule: Schedule,
    now: i64,
}

impl Command for Forget {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let host = self.schedule.host;
        let mut people = visitors(tx, host).await?;
        people.push(host);
        people::lock(tx, &people).await?;
        if is_in_use(tx, host, self.now).await? {
            return Ok(false);
        }
        let people = visitors(tx, host).await?;
        // Ours to write: a booking has no other home than its schedule.
        for sql in [
            "DELETE FROM booking_log WHERE booking IN
                 (SELECT b.id FROM bookings b JOIN sessions s ON s.id = b.session WHERE s.host = $1)",
            "DELETE FROM bookings WHERE session IN (SELECT id FROM sessions WHERE host = $1)",
            "DELETE FROM holds WHERE session IN (SELECT id FROM sessions WHERE host = $1)",
            "DELETE FROM sessions WHERE host = $1",
        ] {
            tx.execute(sql, args![host]).await?;
        }
        schedules::delete(tx, self.schedule.id).await?;
        teams::delete_hidden(tx, self.schedule.team).await?;
        tx.execute("DELETE FROM people WHERE id = $1", args![host]).await?;
        forget_visitors(tx, &people).await?;
        Ok(true)
    }
}

async fn visitors(conn: &mut Conn, host: PersonId) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(PersonId,)> = conn
        .all(
            "SELECT DISTINCT b.guest FROM bookings b JOIN sessions s ON s.id = b.session WHERE s.host = $1 ORDER BY 1",
            args![host],
        )
        .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// Whether anything of it lies ahead: an event of any kind, or a session.
async fn is_in_use(conn: &mut Conn, host: PersonId, now: i64) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT ob.id FROM objects ob JOIN collections c ON c.id = ob.collection
             WHERE c.owner = $1 AND (ob.ends IS NULL OR ob.ends > $2)
             UNION ALL SELECT id FROM sessions WHERE host = $1 AND status = 'open' AND ends > $2 LIMIT 1",
            args![host, now],
        )
        .await?;
    Ok(found.is_some())
}

/// Visitors who are known from this schedule alone: those without an address, and those who never did anything else.
async fn forget_visitors(tx: &mut Tx, people: &[PersonId]) -> Result<(), DbError> {
    let sql = format!(
        "DELETE FROM people WHERE id IN ({}) AND NOT admin AND NOT banned
         AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.guest = people.id)
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.host = people.id)
         AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.person = people.id)
         AND (email LIKE $1
              OR NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person = people.id)
             AND NOT EXISTS (SELECT 1 FROM app_passwords a WHERE a.person = people.id)
             AND NOT EXISTS (SELECT 1 FROM web_sessions w WHERE w.person = people.id))",
        id_list(people)
    );
    tx.execute(AssertSqlSafe(sql), args![format!("%{PRIVATE}")]).await?;
    Ok(())
}
