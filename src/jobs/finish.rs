//! Recording how a job ended, only by the worker that still holds its lease.

use super::{Job, JobId, backoff};
use crate::args;
use crate::db::{Command, DbError, Tx};

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out.
    Done,
    /// Given up; stays visible with its error.
    Failed,
    /// Nothing to do any more: what it would have told is no longer true.
    Obsolete,
}

impl Outcome {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Obsolete => "obsolete",
        }
    }
}

/// Ends a job. `false`: its lease was lost, somebody else carries it out, and whatever this transaction did on its
/// behalf should not stay.
///
/// # Errors
/// The database's.
pub async fn finish(
    tx: &mut Tx,
    job: JobId,
    lease: i64,
    outcome: Outcome,
    error: Option<&str>,
    now: i64,
) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET finished = $1, outcome = $2, error = $3, leased_until = NULL \
             WHERE id = $4 AND lease = $5 AND finished IS NULL",
            args![now, outcome.as_str(), error.map(shortened), job, lease],
        )
        .await?;
    Ok(changed == 1)
}

/// What became of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is tried again at this time, UTC seconds.
    Again(i64),
    /// It was tried long enough.
    GivenUp,
    /// The lease was lost: somebody else carries the job out.
    Lost,
}

/// Sets the next attempt after a failed one, with growing pauses, or gives the job up when it is three days old.
///
/// # Errors
/// The database's.
pub async fn postpone(tx: &mut Tx, job: &Job, error: &str, now: i64) -> Result<Settled, DbError> {
    postpone_by(tx, job, error, backoff::pause(job.id, job.attempts), now).await
}

/// As [`postpone`], with the next attempt after so many seconds.
///
/// # Errors
/// The database's.
pub async fn postpone_by(tx: &mut Tx, job: &Job, error: &str, seconds: i64, now: i64) -> Result<Settled, DbError> {
    let due = now.saturating_add(seconds.max(1));
    if due > job.created.saturating_add(backoff::GIVE_UP) {
        let held = finish(tx, job.id, job.lease, Outcome::Failed, Some(error), now).await?;
        return Ok(if held { Settled::GivenUp } else { Settled::Lost });
    }
    let changed = tx
        .execute(
            "UPDATE jobs SET due = $1, leased_until = NULL, error = $2 WHERE id = $3 AND lease = $4 AND finished IS NULL",
            args![due, shortened(error), job.id, job.lease],
        )
        .await?;
    Ok(if changed == 1 { Settled::Again(due) } else { Settled::Lost })
}

/// [`finish`] as a command of its own.
#[derive(Debug, Clone)]
pub struct Finish {
    /// The leased job.
    pub job: Job,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, when it failed.
    pub error: Option<String>,
    /// The time, UTC seconds.
    pub now: i64,
}

impl Command for Finish {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        finish(tx, self.job.id, self.job.lease, self.outcome, self.error.as_deref(), self.now).await
    }
}

/// [`postpone`] as a command of its own.
#[derive(Debug, Clone)]
pub struct Postpone {
    /// The leased job.
    pub job: Job,
    /// What went wrong.
    pub error: String,
    /// The time, UTC seconds.
    pub now: i64,
}

impl Command for Postpone {
    type Output = Settled;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Settled, DbError> {
        postpone(tx, &self.job, &self.error, self.now).await
    }
}

/// [`postpone_by`] as a command of its own.
#[derive(Debug, Clone)]
pub struct PostponeBy {
    /// The leased job.
    pub job: Job,
    /// What went wrong.
    pub error: String,
    /// From now to the next attempt.
    pub seconds: i64,
    /// The time, UTC seconds.
    pub now: i64,
}

impl Command for PostponeBy {
    type Output = Settled;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Settled, DbError> {
        postpone_by(tx, &self.job, &self.error, self.seconds, self.now).await
    }
}

/// Errors quote other servers: keep them short and free of control characters.
fn shortened(error: &str) -> String {
    error.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}
