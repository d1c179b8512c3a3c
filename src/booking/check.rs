//! What must always be true of sessions, holds and bookings, looked up in the live database.

use crate::args;
use crate::db::{Conn, DbError};

/// Seconds within which a booking's mails must still be in the queue, done or not.
const RECENT: i64 = 86_400;
/// Faults of one kind that are listed at most.
const MOST: &str = " LIMIT 100";

/// Everything that is wrong, a sentence each. Each question is one statement, so that a busy database is seen at rest.
///
/// # Errors
/// [`DbError`].
pub async fn check(conn: &mut Conn, now: i64) -> Result<Vec<String>, DbError> {
    let mut wrong = overlaps(conn).await?;
    wrong.extend(seats(conn).await?);
    wrong.extend(holds(conn).await?);
    wrong.extend(standing(conn).await?);
    wrong.extend(untold(conn, now).await?);
    Ok(wrong)
}

/// Invariant I1, first half. Of holds ordered by their start, two neighbours overlap if any two do.
async fn overlaps(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let sql = format!(
        "SELECT p.email, h.session, h.starts FROM
             (SELECT person, session, starts, LAG(ends) OVER (PARTITION BY person ORDER BY starts, id) AS earlier
              FROM holds) h
         JOIN people p ON p.id = h.person WHERE h.starts < h.earlier ORDER BY p.email, h.starts{MOST}"
    );
    let rows: Vec<(String, i64, i64)> = conn.all(sqlx::AssertSqlSafe(sql), args![]).await?;
    Ok(rows
        .into_iter()
        .map(|(email, session, at)| format!("{email}: session {session} overlaps another at {}", instant(at)))
        .collect())
}

/// Invariant I1, second half.
async fn seats(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let sql = format!(
        "SELECT s.id, s.capacity, COUNT(*) FROM sessions s JOIN bookings b ON b.session = s.id AND b.seat IS NOT NULL
         GROUP BY s.id, s.capacity HAVING COUNT(*) > s.capacity OR MAX(b.seat) > s.capacity{MOST}"
    );
    let rows: Vec<(i64, i64, i64)> = conn.all(sqlx::AssertSqlSafe(sql), args![]).await?;
    Ok(rows
        .into_iter()
        .map(|(session, seats, guests)| format!("session {session}: {guests} guests on {seats} seats"))
        .collect())
}

/// Who must hold which time: the host of a session that takes place, with its buffers, and each guest with a seat.
const EXPECTED: &str =
    "SELECT id, host, starts - buffer_before, ends + buffer_after FROM sessions WHERE status = 'open'
     UNION SELECT s.id, b.guest, s.starts, s.ends FROM bookings b JOIN sessions s ON s.id = b.session
     WHERE b.seat IS NOT NULL";
const STORED: &str = "SELECT session, person, starts, ends FROM holds";

async fn holds(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let mut wrong = Vec::new();
    for (left, right, what) in
        [(EXPECTED, STORED, "a participant's time is not held"), (STORED, EXPECTED, "time is held without reason")]
    {
        let sql = format!("SELECT * FROM ({left}) a EXCEPT SELECT * FROM ({right}) b{MOST}");
        let rows: Vec<(i64, i64, i64, i64)> = conn.all(sqlx::AssertSqlSafe(sql), args![]).await?;
        let say = |(session, person, at, _)| format!("session {session}: {what} (person {person}, {})", instant(at));
        wrong.extend(rows.into_iter().map(say));
    }
    Ok(wrong)
}

/// A session takes place exactly as long as somebody has a seat in it, and every booking has its story.
async fn standing(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let sql = format!(
        "SELECT s.id, 'takes place without guests' FROM sessions s WHERE s.status = 'open'
             AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.session = s.id AND b.seat IS NOT NULL)
         UNION ALL SELECT s.id, 'is cancelled, but a guest has a seat' FROM sessions s WHERE s.status = 'cancelled'
             AND EXISTS (SELECT 1 FROM bookings b WHERE b.session = s.id AND b.seat IS NOT NULL)
         UNION ALL SELECT b.session, 'has a booking that knows another number of seats' FROM bookings b
             JOIN sessions s ON s.id = b.session WHERE b.seat IS NOT NULL AND b.capacity <> s.capacity
         UNION ALL SELECT s.id, 'has its host as a guest' FROM sessions s
             JOIN bookings b ON b.session = s.id AND b.guest = s.host AND b.seat IS NOT NULL
         UNION ALL SELECT s.id, 'tells its host and its guest of one event by different sequences' FROM sessions s
             JOIN bookings b ON b.session = s.id AND b.uid = s.uid AND b.sequence <> s.sequence
         UNION ALL SELECT b.session, 'has a booking whose log does not begin' FROM bookings b
             WHERE NOT EXISTS (SELECT 1 FROM booking_log l WHERE l.booking = b.id AND l.action = 'booked')
         UNION ALL SELECT b.session, 'has a cancelled booking whose log does not say so' FROM bookings b
             WHERE b.status = 'cancelled' AND NOT EXISTS
                 (SELECT 1 FROM booking_log l WHERE l.booking = b.id AND l.action IN ('cancelled', 'rejected', 'expired')){MOST}"
    );
    let rows: Vec<(i64, String)> = conn.all(sqlx::AssertSqlSafe(sql), args![]).await?;
    Ok(rows.into_iter().map(|(session, what)| format!("session {session} {what}")).collect())
}

/// Invariant I3: the mails of a booking were queued with it. Only what somebody was invited to has been changed, and
/// so cancelled, by a higher sequence than 0.
async fn untold(conn: &mut Conn, now: i64) -> Result<Vec<String>, DbError> {
    let sql = format!(
        "SELECT b.session, 'invite', 'guest' FROM bookings b WHERE b.status IN ('confirmed', 'cancelling') AND b.changed > $1 AND NOT EXISTS
             (SELECT 1 FROM jobs j WHERE j.key = 'invite/booking/' || b.id || '/' || b.sequence || '/guest')
         UNION ALL SELECT s.id, 'invite', 'host' FROM sessions s WHERE s.changed > $1 AND EXISTS
             (SELECT 1 FROM bookings b WHERE b.session = s.id AND b.status IN ('confirmed', 'cancelling')) AND NOT EXISTS
             (SELECT 1 FROM jobs j WHERE j.key = 'invite/session/' || s.id || '/' || s.sequence || '/host')
         UNION ALL SELECT b.session, 'request', 'host' FROM bookings b JOIN sessions s ON s.id = b.session
             WHERE b.status = 'pending' AND b.changed > $1 AND NOT EXISTS
             (SELECT 1 FROM jobs j WHERE j.key = 'approval-mail/' || b.id || '/request/' || s.starts || '/' || s.host)
         UNION ALL SELECT b.session, 'cancellation', 'guest' FROM bookings b
             WHERE b.status = 'cancelled' AND b.sequence > b.began AND b.changed > $1 AND NOT EXISTS
             (SELECT 1 FROM jobs j WHERE j.key = 'cancel/booking/' || b.id || '/' || b.sequence || '/guest')
         UNION ALL SELECT s.id, 'cancellation', 'host' FROM sessions s
             WHERE s.status = 'cancelled' AND s.sequence > 0 AND s.changed > $1 AND NOT EXISTS
             (SELECT 1 FROM jobs j WHERE j.key = 'cancel/session/' || s.id || '/' || s.sequence || '/host'){MOST}"
    );
    let rows: Vec<(i64, String, String)> = conn.all(sqlx::AssertSqlSafe(sql), args![now - RECENT]).await?;
    Ok(rows
        .into_iter()
        .map(|(session, mail, who)| format!("session {session}: no {mail} was queued for its {who}"))
        .collect())
}

fn instant(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| at.to_string(), |at| at.to_string())
}
