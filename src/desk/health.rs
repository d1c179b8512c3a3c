//! How the server is, for its administrators.

use sqlx::FromRow;

use super::Desk;
use crate::args;
use crate::db::DbError;

/// What tells whether everything moves.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Health {
    /// Jobs that are to be done.
    pub waiting: i64,
    /// When the job was due that waits longest; `None`: none that is due waits. UTC seconds.
    pub oldest_due: Option<i64>,
    /// Jobs given up.
    pub failed: i64,
    /// When a mail last left, UTC seconds.
    pub last_sent: Option<i64>,
    /// Mails that were reported as not delivered.
    pub undelivered: i64,
    /// When a mail last arrived, UTC seconds.
    pub last_received: Option<i64>,
}

/// Looks; an answer also says that the database works.
///
/// # Errors
/// [`DbError`].
pub async fn health(desk: &Desk) -> Result<Health, DbError> {
    desk.db
        .read()
        .await?
        .one(
            "SELECT (SELECT COUNT(*) FROM jobs WHERE finished IS NULL) AS waiting,
                    (SELECT MIN(due) FROM jobs WHERE finished IS NULL AND due <= $1) AS oldest_due,
                    (SELECT COUNT(*) FROM jobs WHERE outcome = 'failed') AS failed,
                    (SELECT MAX(sent) FROM mails) AS last_sent,
                    (SELECT COUNT(*) FROM mails WHERE undelivered IS NOT NULL) AS undelivered,
                    (SELECT MAX(at) FROM received) AS last_received",
            args![desk.clock.now()],
        )
        .await
}
