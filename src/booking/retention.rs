//! Forgetting sessions of the past, with all that is known of them; and the words of somebody who was erased.

use sqlx::AssertSqlSafe;

use super::SessionId;
use crate::args;
use crate::db::{Conn, DbError, Tx, id_list};
use crate::people::PersonId;

/// A session that is to be forgotten, and whose calendars hold a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Old {
    /// Which.
    pub session: SessionId,
    /// Person and UID of each copy: the host's, the guests'.
    pub copies: Vec<(PersonId, String)>,
}

/// The oldest sessions that ended before this time.
///
/// # Errors
/// [`DbError`].
pub async fn old(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Old>, DbError> {
    let rows: Vec<(SessionId, PersonId, String)> = conn
        .all("SELECT id, host, uid FROM sessions WHERE ends < $1 ORDER BY ends, id LIMIT $2", args![before, limit])
        .await?;
    let mut found: Vec<Old> =
        rows.into_iter().map(|(session, host, uid)| Old { session, copies: vec![(host, uid)] }).collect();
    let ids: Vec<SessionId> = found.iter().map(|old| old.session).collect();
    let sql = format!("SELECT session, guest, uid FROM bookings WHERE session IN ({})", id_list(&ids));
    let guests: Vec<(SessionId, PersonId, String)> = conn.all(AssertSqlSafe(sql), vec![]).await?;
    for (session, guest, uid) in guests {
        if let Some(old) = found.iter_mut().find(|old| old.session == session) {
            old.copies.push((guest, uid));
        }
    }
    Ok(found)
}

/// Forgets sessions; their people are locked.
///
/// # Errors
/// [`DbError`].
pub async fn forget(tx: &mut Tx, sessions: &[SessionId]) -> Result<(), DbError> {
    let list = id_list(sessions);
    let of_booking = format!("booking IN (SELECT id FROM bookings WHERE session IN ({list}))");
    for sql in [
        format!("DELETE FROM booking_log WHERE {of_booking}"),
        format!("DELETE FROM attendance WHERE {of_booking}"),
        format!("DELETE FROM proposals WHERE {of_booking}"),
        format!("DELETE FROM bookings WHERE session IN ({list})"),
        format!("DELETE FROM holds WHERE session IN ({list})"),
        format!("DELETE FROM sessions WHERE id IN ({list})"),
    ] {
        tx.execute(AssertSqlSafe(sql), vec![]).await?;
    }
    Ok(())
}

/// Takes the words of these people out of what stays of their sessions: the others keep the time only.
///
/// # Errors
/// [`DbError`].
pub async fn forget_words(tx: &mut Tx, people: &[PersonId]) -> Result<(), DbError> {
    let list = id_list(people);
    for sql in [
        format!(
            "UPDATE bookings SET name = 'Somebody', phone = NULL, agenda = '', answers = '{{}}', reason = NULL,
                 timezone = 'Etc/UTC' WHERE guest IN ({list})"
        ),
        format!(
            "UPDATE booking_log SET detail = '{{}}' WHERE actor IN ({list})
                 OR booking IN (SELECT id FROM bookings WHERE guest IN ({list}))"
        ),
        format!("UPDATE attendance SET comment = NULL WHERE person IN ({list})"),
        format!("UPDATE proposals SET comment = NULL WHERE person IN ({list})"),
    ] {
        tx.execute(AssertSqlSafe(sql), vec![]).await?;
    }
    Ok(())
}
