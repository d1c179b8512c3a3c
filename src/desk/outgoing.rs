//! What leaves the server, as its administrators see it: what waits after a failure, what was given up, once more.

use sqlx::FromRow;

use crate::args;
use crate::audit::{self, Entry};
use crate::db::{Command, Conn, DbError, Tx};
use crate::people::PersonId;

/// A job that did not go well.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Troubled {
    /// Its id.
    pub id: i64,
    /// Which kind: invite, cancel, meeting-link, ...
    pub kind: String,
    /// Whether it was given up; else it is tried again at `due`.
    pub failed: bool,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, UTC seconds.
    pub due: i64,
    /// What went wrong last.
    pub error: Option<String>,
    /// Who should have got it, where it is a mail that was composed already.
    pub recipient: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
}

/// Jobs that failed or are tried again, the newest first; of those older than the job `before`.
///
/// # Errors
/// [`DbError`].
pub async fn troubled(conn: &mut Conn, before: Option<i64>, limit: i64) -> Result<Vec<Troubled>, DbError> {
    conn.all(
        "SELECT j.id, j.kind, j.finished IS NOT NULL AS failed, j.attempts, j.due, j.error, m.recipient, m.subject
         FROM jobs j LEFT JOIN mails m ON m.job = j.id
         WHERE j.id < $1 AND (j.outcome = 'failed' OR (j.finished IS NULL AND j.error IS NOT NULL))
         ORDER BY j.id DESC LIMIT $2",
        args![before.unwrap_or(i64::MAX), limit],
    )
    .await
}

/// Lets a job that failed, or waits after a failure, be tried at once and for its whole time again.
#[derive(Debug)]
pub struct TryAgain {
    /// Which.
    pub job: i64,
    /// Who wants it.
    pub actor: PersonId,
    /// UTC seconds.
    pub now: i64,
}

impl Command for TryAgain {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let changed = tx
            .execute(
                "UPDATE jobs SET finished = NULL, outcome = NULL, due = $2, created = $2
                 WHERE id = $1 AND (outcome = 'failed' OR (finished IS NULL AND error IS NOT NULL))",
                args![self.job, self.now],
            )
            .await?;
        if changed == 1 {
            let entry =
                Entry { actor: Some(self.actor), action: "sending retried", object: Some(self.job), detail: "" };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(changed == 1)
    }
}
