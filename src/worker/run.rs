//! The loop that leases jobs and carries them out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::chores;
use super::redact::without_addresses;
use crate::db::DbError;
use crate::desk::{Desk, booking};
use crate::jobs::{self, Attempt, Finish, Job, Lease, Outcome, Postpone, PostponeBy, Settled};
use crate::mail::{self, Mailer};
use crate::meeting_links::{self, MeetingLinks};
use crate::sources;

/// Jobs carried out at the same time at most.
const AT_ONCE: usize = 8;
/// How often the loop looks whether anything was committed or fell due; looking costs nothing when not.
const LOOK: Duration = Duration::from_millis(50);
/// One attempt may take so long; less than a lease.
const ATTEMPT: Duration = Duration::from_secs(90);
/// After the call to stop, attempts under way may take so long.
const STOP: Duration = Duration::from_secs(20);
/// The pause after a failure of the database.
const RECOVER: Duration = Duration::from_secs(1);

/// Where jobs send things.
struct Outside {
    mailer: Mailer,
    links: Box<dyn MeetingLinks>,
}

/// Carries out jobs and clock-driven chores until `stop` becomes true; then finishes what is under way, for at most
/// 20 seconds. What is cut off is taken up again when its lease runs out.
///
/// # Errors
/// A setting that cannot be used (`smtp_url`).
pub async fn run(desk: Arc<Desk>, mut stop: watch::Receiver<bool>) -> Result<(), String> {
    let outside = Arc::new(Outside {
        mailer: Mailer::new(&desk.config)?,
        links: meeting_links::configured(&desk.config, &desk.clock)?,
    });
    let chores = tokio::spawn(chores::run(desk.clone()));
    let mut running = JoinSet::new();
    let mut watcher = Watcher::default();
    while !*stop.borrow() {
        let look = async {
            if running.len() >= AT_ONCE {
                running.join_next().await;
            } else {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = look => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
        while running.try_join_next().is_some() {}
        match watcher.take(&desk, AT_ONCE.saturating_sub(running.len())).await {
            Ok(jobs) => jobs.into_iter().for_each(|job| {
                running.spawn(one(desk.clone(), outside.clone(), job));
            }),
            Err(error) => {
                tracing::error!(%error, "the worker cannot read its queue");
                tokio::time::sleep(RECOVER).await;
            }
        }
    }
    chores.abort();
    let rest = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP, rest).await.is_err() {
        tracing::warn!("jobs under way were cut off; they are taken up again later");
    }
    Ok(())
}

/// Knows when it is worth asking the database.
#[derive(Default)]
struct Watcher {
    /// What [`crate::db::Db::commits`] said when the queue was last found empty.
    commits: u64,
    /// When, even without a commit, something falls due.
    due: Option<i64>,
}

impl Watcher {
    async fn take(&mut self, desk: &Desk, room: usize) -> Result<Vec<Job>, DbError> {
        let (now, commits) = (desk.clock.now(), desk.db.commits());
        let due = self.due.is_some_and(|due| due <= now);
        if room == 0 || (commits == self.commits && !due) {
            return Ok(Vec::new());
        }
        let mut conn = desk.db.read().await?;
        if jobs::runnable(&mut conn, now).await? {
            drop(conn);
            let limit = i64::try_from(room).unwrap_or(1);
            return desk.db.run(Lease { limit, now }).await;
        }
        self.due = jobs::next_due(&mut conn, now).await?;
        self.commits = commits;
        Ok(Vec::new())
    }
}

/// One attempt at one job, whatever happens in it, and its record.
async fn one(desk: Arc<Desk>, outside: Arc<Outside>, job: Job) {
    let attempt = {
        let (desk, job) = (desk.clone(), job.clone());
        let task = tokio::spawn(async move { attempt(&desk, &outside, &job).await });
        let stop = task.abort_handle();
        match tokio::time::timeout(ATTEMPT, task).await {
            Ok(Ok(attempt)) => attempt,
            Ok(Err(_)) => Attempt::Again("the attempt failed unexpectedly".into()),
            Err(_) => {
                stop.abort();
                Attempt::Again("the attempt took too long".into())
            }
        }
    };
    if let Err(error) = record(&desk, &job, attempt).await {
        // The lease runs out, and the job is taken up again.
        tracing::error!(%error, job = job.key, "a job's outcome could not be recorded");
    }
}

async fn attempt(desk: &Desk, outside: &Outside, job: &Job) -> Attempt {
    match job.kind.as_str() {
        "meeting-link" => meeting_links::carry_out(desk, outside.links.as_ref(), job).await,
        "meeting-link-later" => meeting_links::carry_out_later(desk, outside.links.as_ref(), job).await,
        "slot-answer" => booking::answer_slot(desk, job).await,
        "proposal-answer" => booking::answer_proposal(desk, job).await,
        "slot-invite" | "slot-refused" | "slot-countered" | "slot-doubted" | "proposal-settled" => {
            mail::carry_out(desk, &outside.mailer, job).await
        }
        "proposal" | "decline-counter" | "doubted-answer" | "robot-reply" | "robot-refusal" | "robot-stranger" => {
            mail::carry_out(desk, &outside.mailer, job).await
        }
        "reminder" | "invite" | "cancel" | "confirm-mail" | "undo-mail" | "refused-mail" | "sign-in-mail"
        | "welcome-mail" | "password-mail" | "address-mail" | "address-notice" | "rule-slips" | "parked-mail"
        | "approval-mail" | "copy-mail" | "taken-back-mail" => mail::carry_out(desk, &outside.mailer, job).await,
        "calendar-unreachable" => match sources::is_told_for_nothing(desk, job).await {
            Ok(false) => mail::carry_out(desk, &outside.mailer, job).await,
            Ok(true) => Attempt::Obsolete,
            Err(error) => Attempt::Again(error.to_string()),
        },
        other => Attempt::Failed(format!("this program knows no job of the kind `{other}`")),
    }
}

async fn record(desk: &Desk, job: &Job, attempt: Attempt) -> Result<(), DbError> {
    let now = desk.clock.now();
    let end = |outcome, error| Finish { job: job.clone(), outcome, error, now };
    match attempt {
        Attempt::Recorded => tracing::debug!(job = job.key, "done"),
        Attempt::Done => drop(desk.db.run(end(Outcome::Done, None)).await?),
        Attempt::Obsolete => drop(desk.db.run(end(Outcome::Obsolete, None)).await?),
        Attempt::Failed(error) => {
            tracing::warn!(job = job.key, error = without_addresses(&error), "given up");
            desk.db.run(end(Outcome::Failed, Some(error))).await?;
        }
        Attempt::Again(error) => {
            let settled = desk.db.run(Postpone { job: job.clone(), error: error.clone(), now }).await?;
            log(job, settled, &error, now);
        }
        Attempt::AgainIn { seconds, reason } => {
            let postponed = PostponeBy { job: job.clone(), error: reason.clone(), seconds, now };
            log(job, desk.db.run(postponed).await?, &reason, now);
        }
    }
    Ok(())
}

fn log(job: &Job, settled: Settled, error: &str, now: i64) {
    let error = without_addresses(error);
    match settled {
        Settled::Again(due) => tracing::info!(job = job.key, error, seconds = due - now, "tried again later"),
        Settled::GivenUp => tracing::warn!(job = job.key, error, "given up after three days"),
        Settled::Lost => {}
    }
}
