//! What a reading came to: the changed objects and the health of the calendar, in one transaction; of many changes, the
//! first parts before.

use serde_json::json;

use super::SourceId;
use super::lease::{LEASE, Leased};
use super::problem::Problem;
use super::verdict::Validators;
use crate::args;
use crate::calendars::Setting;
use crate::calendars::fill::{self, Put};
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::jobs::{Job, NewJob, enqueue};
use crate::people;

/// Seconds between two readings, at least.
const EVERY: i64 = 15 * 60;
/// The longest pause after failures, seconds.
const LONGEST: i64 = 6 * 3_600;
/// After so long its host is mailed, seconds.
const PATIENCE: i64 = 86_400;

/// What a reading came to.
pub(super) enum Outcome {
    /// Nothing has changed.
    Unchanged,
    /// It was read.
    Read { validators: Validators, offers: i64, busy: i64, unreadable: i64, why: Option<String> },
    /// It was not; what was read before still counts.
    Failed { problem: Problem, wait: Option<i64> },
}

/// The end of a reading. `false`: somebody else reads it by now, it is gone, or what the objects were listed with has
/// changed; nothing was written.
pub(super) struct Finish {
    pub(super) leased: Leased,
    /// With what the objects were listed.
    pub(super) setting: Option<Setting>,
    pub(super) put: Vec<Put>,
    /// Names of objects that are not there any more.
    pub(super) gone: Vec<String>,
    pub(super) outcome: Outcome,
    pub(super) now: i64,
}

impl Command for Finish {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        if !write(tx, &self.leased, self.setting.as_ref(), &self.put, &self.gone, self.now).await? {
            return Ok(false);
        }
        match &self.outcome {
            Outcome::Unchanged => self.well(tx).await?,
            Outcome::Read { validators, offers, busy, unreadable, why } => {
                self.well(tx).await?;
                tx.execute(
                    "UPDATE sources SET etag = $2, modified = $3, offers_read = $4, busy_read = $5, unreadable = $6,
                         unreadable_why = $7 WHERE id = $1",
                    args![
                        self.leased.id,
                        validators.etag.clone(),
                        validators.modified.clone(),
                        *offers,
                        *busy,
                        *unreadable,
                        why.clone()
                    ],
                )
                .await?;
            }
            Outcome::Failed { problem, wait } => self.failed(tx, *problem, *wait).await?,
        }
        Ok(true)
    }
}

/// A part of many changes, before the end.
pub(super) struct Part {
    pub(super) leased: Leased,
    pub(super) setting: Setting,
    pub(super) put: Vec<Put>,
    pub(super) now: i64,
}

impl Command for Part {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        write(tx, &self.leased, Some(&self.setting), &self.put, &[], self.now).await
    }
}

/// Writes objects under a lease that is still the newest, and renews it.
async fn write(
    tx: &mut Tx,
    leased: &Leased,
    setting: Option<&Setting>,
    put: &[Put],
    gone: &[String],
    now: i64,
) -> Result<bool, DbError> {
    let changes = !put.is_empty() || !gone.is_empty();
    // The person first, as everywhere; a reading that changes nothing leaves their version alone.
    let locked = if changes { Some(people::lock(tx, &[leased.person]).await?) } else { None };
    let held = tx
        .execute(
            "UPDATE sources SET leased_until = $3 WHERE id = $1 AND lease = $2",
            args![leased.id, leased.lease, now + LEASE],
        )
        .await?;
    if held == 0 {
        return Ok(false);
    }
    let (Some(locked), Some(setting)) = (locked, setting) else { return Ok(!changes) };
    if !fill::put(tx, &locked, leased.collection, setting, put, now).await? {
        return Ok(false);
    }
    fill::remove(tx, &locked, leased.person, leased.collection, gone, now).await?;
    Ok(true)
}

impl Finish {
    async fn well(&self, tx: &mut Tx) -> Result<(), DbError> {
        let (id, now) = (self.leased.id, self.now);
        tx.execute(
            "UPDATE sources SET leased_until = NULL, tried = $2, succeeded = $2, due = $3, not_before = 0,
                 well_again = CASE WHEN told IS NOT NULL THEN $2 ELSE well_again END,
                 failures = 0, failing_since = NULL, problem = NULL, told = NULL
             WHERE id = $1",
            args![id, now, now + EVERY + spread(id, now, EVERY / 5)],
        )
        .await?;
        Ok(())
    }

    async fn failed(&self, tx: &mut Tx, problem: Problem, wait: Option<i64>) -> Result<(), DbError> {
        let (id, now) = (self.leased.id, self.now);
        let before: Option<(i64, Option<i64>, Option<i64>, String)> =
            tx.optional("SELECT failures, failing_since, told, host FROM sources WHERE id = $1", args![id]).await?;
        let Some((failures, since, told, host)) = before else { return Ok(()) };
        let (failures, since) = (failures + 1, since.unwrap_or(now));
        let tell = told.is_none() && now - since >= PATIENCE;
        let due = now + wait.unwrap_or(0).max(pause(id, failures));
        let not_before = wait.map_or(0, |wait| now + wait);
        tx.execute(
            "UPDATE sources SET leased_until = NULL, tried = $2, due = $3, not_before = $4, failures = $5,
                 failing_since = $6, problem = $7, told = $8, well_again = NULL WHERE id = $1",
            args![id, now, due, not_before, failures, since, problem.word(), if tell { Some(now) } else { told }],
        )
        .await?;
        if tell {
            let job = NewJob {
                key: format!("calendar-unreachable/{id}/{since}"),
                kind: "calendar-unreachable",
                payload: json!({"source": id, "person": self.leased.person, "host": host, "since": since}),
                lane: format!("source/{id}"),
                after: None,
                due: now,
            };
            enqueue(tx, &job, now).await?;
        }
        Ok(())
    }
}

/// Seconds until the next try: a quarter of an hour, doubling up to six hours, and up to a fifth more.
fn pause(id: SourceId, failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(1, 10) - 1).unwrap_or(0);
    let pause = EVERY.saturating_mul(1 << doublings).min(LONGEST);
    pause + spread(id, failures, pause / 5)
}

/// 0 to `most`, from a key and something that changes: calendars that were read together do not stay together.
fn spread(id: SourceId, turn: i64, most: i64) -> i64 {
    let mixed = (id ^ turn.rotate_left(32)).wrapping_mul(0x2545_f491_4f6c_dd1d);
    (mixed >> 20).rem_euclid(most + 1)
}

/// Whether the mail of a `calendar-unreachable` job is not needed any more: the calendar can be read again, or is gone.
///
/// # Errors
/// [`DbError`].
pub async fn is_told_for_nothing(desk: &Desk, job: &Job) -> Result<bool, DbError> {
    let number = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_i64);
    let failing: Option<(i64,)> = desk
        .db
        .read()
        .await?
        .optional(
            "SELECT id FROM sources WHERE id = $1 AND failing_since = $2",
            args![number("source"), number("since")],
        )
        .await?;
    Ok(failing.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_a_quarter_of_an_hour_at_least_grow_and_spread() {
        for id in [1, 77, i64::MAX, i64::MIN] {
            for failures in [1, 2, 3, 20, i64::MAX] {
                assert!((EVERY..=LONGEST + LONGEST / 5).contains(&pause(id, failures)));
            }
            assert!((EVERY..=EVERY + EVERY / 5).contains(&pause(id, 1)));
            assert!((LONGEST..=LONGEST + LONGEST / 5).contains(&pause(id, 30)));
        }
        let distinct: std::collections::HashSet<i64> = (0..100).map(|id| spread(id, 1_795_000_000, 180)).collect();
        assert!(distinct.len() > 30, "only {}", distinct.len());
    }
}
