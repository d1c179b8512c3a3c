//! What must always be true of the queue, looked up in the live database.

use crate::args;
use crate::db::{Conn, DbError};

/// Everything that is wrong, a sentence each.
///
/// # Errors
/// [`DbError`].
pub async fn check(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String, String)> = conn
        .all(
            "SELECT key, 'has an outcome without an end, or an end without one' FROM jobs
                 WHERE (finished IS NULL) <> (outcome IS NULL)
             UNION ALL SELECT key, 'has ended in an unknown way' FROM jobs
                 WHERE outcome NOT IN ('done', 'failed', 'obsolete')
             UNION ALL SELECT key, 'has ended and is still leased' FROM jobs
                 WHERE finished IS NOT NULL AND leased_until IS NOT NULL
             UNION ALL SELECT j.key, 'is done, but its mail was not sent' FROM jobs j
                 JOIN mails m ON m.job = j.id WHERE j.outcome = 'done' AND m.sent IS NULL
             UNION ALL SELECT key, 'was given up: ' || COALESCE(error, 'no reason') FROM jobs WHERE outcome = 'failed'
             LIMIT 100",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(key, what)| format!("job {key} {what}")).collect())
}
