//! Captured mail: what an installation without an SMTP server would have sent.

use sqlx::FromRow;

use crate::args;
use crate::db::{Conn, DbError};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Summary {
    /// Names the mail.
    pub id: i64,
    /// Address.
    pub recipient: String,
    /// Clean text.
    pub subject: String,
    /// UTC seconds.
    pub composed: i64,
}

/// The newest captured mails, newest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut Conn, limit: i64) -> Result<Vec<Summary>, DbError> {
    conn.all(
        "SELECT job AS id, recipient, subject, composed FROM mails WHERE captured \
         ORDER BY composed DESC, job DESC LIMIT $1",
        args![limit],
    )
    .await
}

/// A captured mail as it would have been sent; [`super::parts`] takes it apart.
///
/// # Errors
/// The database's.
pub async fn one(conn: &mut Conn, id: i64) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> =
        conn.optional("SELECT bytes FROM mails WHERE captured AND job = $1", args![id]).await?;
    Ok(row.map(|row| row.0))
}
