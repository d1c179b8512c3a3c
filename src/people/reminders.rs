//! Whether somebody wants to be reminded of their sessions by mail.

use super::PersonId;
use crate::args;
use crate::db::{Conn, DbError, Tx};

/// Whether this person is reminded; `None`: they are gone or banned.
///
/// # Errors
/// [`DbError`].
pub async fn wanted(conn: &mut Conn, person: PersonId) -> Result<Option<bool>, DbError> {
    let row: Option<(bool,)> =
        conn.optional("SELECT reminders FROM people WHERE id = $1 AND NOT banned", args![person]).await?;
    Ok(row.map(|(reminders,)| reminders))
}

/// Keeps whether this person is reminded. Answers whether that changed anything.
///
/// # Errors
/// [`DbError`].
pub async fn set(tx: &mut Tx, person: PersonId, wanted: bool) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE people SET reminders = $2 WHERE id = $1 AND reminders <> $2 AND NOT banned",
            args![person, wanted],
        )
        .await?;
    Ok(changed > 0)
}
