//! Queueing jobs in the transaction that causes them.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::JobId;
use crate::args;
use crate::db::{DbError, Tx, Value, new_id};

/// A consequence to carry out after COMMIT.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Names the consequence: queued a second time, nothing happens.
    pub key: String,
    /// Which handler carries it out.
    pub kind: &'static str,
    /// What the handler needs; ids, no copies of data that may change.
    pub payload: serde_json::Value,
    /// Jobs of one lane run one after the other, in the order they were queued.
    pub lane: String,
    /// Waits until this job has ended, however it ended.
    pub after: Option<JobId>,
    /// Not before this time, UTC seconds.
    pub due: i64,
}

/// Queues one job; its id, or that of the job which already has this key.
///
/// # Errors
/// The database's.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: i64) -> Result<JobId, DbError> {
    let ids = enqueue_all(tx, std::slice::from_ref(job), now).await?;
    ids.first().copied().ok_or_else(|| DbError::Damaged("a queued job got no id".into()))
}

/// Queues several jobs in one statement; their ids in the same order. Keys that exist already keep their job.
///
/// # Errors
/// The database's.
pub async fn enqueue_all(tx: &mut Tx, jobs: &[NewJob], now: i64) -> Result<Vec<JobId>, DbError> {
    const COLUMNS: usize = 8;
    let mut distinct: HashMap<&str, usize> = HashMap::new();
    let mut rows = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    for job in jobs {
        if distinct.insert(&job.key, rows.len()).is_some() {
            continue;
        }
        rows.push(format!("({})", crate::db::placeholders(rows.len() * COLUMNS + 1, COLUMNS)));
        // It is given up some days after it could first run.
        let created = now.max(job.due);
        values.extend(args![new_id(), &job.key, job.kind, job.payload.to_string()]);
        values.extend(args![&job.lane, job.after, job.due, created]);
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // The update that changes nothing makes RETURNING answer for keys that were there before, too.
    let sql = format!(
        "INSERT INTO jobs (id, key, kind, payload, lane, after, due, created) VALUES {} \
         ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING key, id",
        rows.join(", ")
    );
    let ids: HashMap<String, JobId> = tx.all(AssertSqlSafe(sql), values).await?.into_iter().collect();
    jobs.iter()
        .map(|job| ids.get(&job.key).copied().ok_or_else(|| DbError::Damaged("a queued job got no id".into())))
        .collect()
}
