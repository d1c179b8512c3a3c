//! Taking jobs to carry them out: leases run out by themselves, so a worker that dies holds nothing for long.

use super::JobId;
use crate::args;
use crate::db::{Command, Conn, DbError, Tx};

/// How long a worker may take for one job before another may take it over, in seconds.
pub const LEASE: i64 = 120;

/// A leased job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Names the consequence it stands for.
    pub key: String,
    /// Which handler carries it out.
    pub kind: String,
    /// What the handler needs.
    pub payload: serde_json::Value,
    /// Jobs of one lane run one after the other.
    pub lane: String,
    /// How often it was leased, this time included.
    pub attempts: i64,
    /// The number of this lease; an outcome counts only while it is the newest.
    pub lease: i64,
    /// From when on it could run, UTC seconds.
    pub created: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    key: String,
    kind: String,
    payload: String,
    lane: String,
    attempts: i64,
    lease: i64,
    created: i64,
}

impl From<Row> for Job {
    fn from(row: Row) -> Self {
        // A payload that is no JSON can only come from a damaged row; its handler then refuses it.
        let payload = serde_json::from_str(&row.payload).unwrap_or(serde_json::Value::Null);
        let Row { id, key, kind, lane, attempts, lease, created, .. } = row;
        Job { id, key, kind, payload, lane, attempts, lease, created }
    }
}

/// Leases up to `limit` jobs that may run now, oldest due first.
#[derive(Debug, Clone)]
pub struct Lease {
    /// At most so many.
    pub limit: i64,
    /// The time, UTC seconds.
    pub now: i64,
}

impl Command for Lease {
    type Output = Vec<Job>;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Job>, DbError> {
        // On PostgreSQL two workers may choose the same rows: the second waits for the first's commit and then checks
        // the outer condition again, on the row as it is by then.
        let rows: Vec<Row> = tx
            .all(
                "UPDATE jobs SET leased_until = $1, lease = COALESCE(lease, 0) + 1, attempts = attempts + 1 \
                 WHERE finished IS NULL AND (leased_until IS NULL OR leased_until <= $2) AND id IN ( \
                   SELECT job.id FROM jobs job \
                   WHERE job.finished IS NULL AND job.due <= $2 AND (job.leased_until IS NULL OR job.leased_until <= $2) \
                     AND NOT EXISTS (SELECT 1 FROM jobs earlier \
                       WHERE earlier.lane = job.lane AND earlier.id < job.id AND earlier.finished IS NULL) \
                     AND NOT EXISTS (SELECT 1 FROM jobs first WHERE first.id = job.after AND first.finished IS NULL) \
                   ORDER BY job.due, job.id LIMIT $3) \
                 RETURNING id, key, kind, payload, lane, attempts, lease, created",
                args![self.now.saturating_add(LEASE), self.now, self.limit],
            )
            .await?;
        let mut jobs: Vec<Job> = rows.into_iter().map(Job::from).collect();
        jobs.sort_by_key(|job| job.id);
        Ok(jobs)
    }
}

/// Whether a job may run now. Reading first spares the database a write for each look.
///
/// # Errors
/// The database's.
pub async fn runnable(conn: &mut Conn, now: i64) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT job.id FROM jobs job \
             WHERE job.finished IS NULL AND job.due <= $1 AND (job.leased_until IS NULL OR job.leased_until <= $1) \
               AND NOT EXISTS (SELECT 1 FROM jobs earlier \
                 WHERE earlier.lane = job.lane AND earlier.id < job.id AND earlier.finished IS NULL) \
               AND NOT EXISTS (SELECT 1 FROM jobs first WHERE first.id = job.after AND first.finished IS NULL) \
             LIMIT 1",
            args![now],
        )
        .await?;
    Ok(found.is_some())
}

/// When, after `now`, the next job falls due or the next lease runs out, UTC seconds.
///
/// # Errors
/// The database's.
pub async fn next_due(conn: &mut Conn, now: i64) -> Result<Option<i64>, DbError> {
    // Reminders wait for weeks by the thousand: both halves read one row of an index.
    let (due, lease): (Option<i64>, Option<i64>) = conn
        .one(
            "SELECT (SELECT MIN(due) FROM jobs WHERE finished IS NULL AND due > $1), \
                 (SELECT MIN(leased_until) FROM jobs WHERE finished IS NULL AND leased_until > $1)",
            args![now],
        )
        .await?;
    Ok(due.into_iter().chain(lease).min())
}
