//! What is kept of the mails that somebody sent here, for the copy of their data.

use serde_json::{Value, json};

use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};

/// Lines of one copy at most.
const MOST: i64 = 5_000;

/// One line for each mail: when it came, to which kind of address, what became of it.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, email: &str) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(i64, String, String, String, String)> = conn
        .all(
            "SELECT at, address, brings, outcome, reason FROM received WHERE LOWER(sender) = $1
             ORDER BY at, key LIMIT $2",
            args![email, MOST],
        )
        .await?;
    let write = |(at, address, brings, outcome, reason): (i64, String, String, String, String)| json!({"at": rfc3339(at), "to": address, "brings": brings, "outcome": outcome, "reason": reason});
    Ok(rows.into_iter().map(write).collect())
}
