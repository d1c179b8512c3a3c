//! Mails that did not arrive.

use serde::Deserialize;

use crate::args;
use crate::db::{DbError, Tx};

/// What a mail told of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The booking, in a mail to its guest.
    pub booking: Option<i64>,
    /// The session, in a mail to its host.
    pub session: Option<i64>,
    /// `guest` or `host`.
    pub to: String,
}

/// Marks a mail as not delivered, once; `None`: no mail of ours has this Message-ID (without brackets), or it is marked.
///
/// # Errors
/// The database's.
pub async fn undelivered(tx: &mut Tx, message_id: &str, reason: &str, now: i64) -> Result<Option<Told>, DbError> {
    let marked: Option<(i64,)> = tx
        .optional(
            "UPDATE mails SET undelivered = $1, undelivered_reason = $2 \
             WHERE message_id = $3 AND undelivered IS NULL RETURNING job",
            args![now, reason, message_id],
        )
        .await?;
    let Some((job,)) = marked else { return Ok(None) };
    let row: Option<(String,)> = tx.optional("SELECT payload FROM jobs WHERE id = $1", args![job]).await?;
    Ok(row.map(|(payload,)| serde_json::from_str(&payload).unwrap_or_default()))
}
