//! Forgetting finished jobs and the mails they sent.

use crate::args;
use crate::db::{Command, DbError, Tx};

/// Finished jobs are kept this long, in seconds; until then their keys are not queued again.
pub const KEEP_FINISHED: i64 = 30 * 86_400;
/// Given-up jobs stay visible this long, in seconds.
pub const KEEP_FAILED: i64 = 90 * 86_400;
/// Rows removed by one command at most: the writer is never held up for long.
const BATCH: i64 = 500;

/// Removes a batch of what is old enough; answers whether there may be more.
#[derive(Debug, Clone)]
pub struct Purge {
    /// The time, UTC seconds.
    pub now: i64,
    /// Bodies of sent mails are kept this long, seconds.
    pub keep_bodies: i64,
}

impl Command for Purge {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let bodies = tx
            .execute(
                "DELETE FROM mails WHERE job IN ( \
                   SELECT mail.job FROM mails mail JOIN jobs job ON job.id = mail.job \
                   WHERE mail.composed < $1 AND job.finished < $1 LIMIT $2)",
                args![self.now - self.keep_bodies, BATCH],
            )
            .await?;
        let jobs = tx
            .execute(
                "DELETE FROM jobs WHERE id IN ( \
                   SELECT id FROM jobs WHERE finished < $1 AND (outcome <> 'failed' OR finished < $2) LIMIT $3)",
                args![self.now - KEEP_FINISHED, self.now - KEEP_FAILED, BATCH],
            )
            .await?;
        Ok(bodies + jobs >= BATCH.unsigned_abs())
    }
}
