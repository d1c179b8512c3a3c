//! The job `meeting-link`: asks for a session's link and keeps it. The invites wait for its end, but not for ever.

use super::{LinkError, MeetingLinks, Request};
use crate::booking::{self, Room, SessionId};
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::desk::{self, Desk};
use crate::jobs::{self, Attempt, Job, NewJob, Outcome, enqueue, pause};

/// Tries to keep a room while people join its session.
const TRIES: usize = 4;
/// Invites are out at least so long before the session, even when the patience would last longer, seconds.
const BEFORE_START: i64 = 15 * 60;

/// Carries out one attempt.
pub async fn carry_out(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Attempt {
    match attempt(desk, links, job).await {
        Ok(attempt) => attempt,
        Err(error) => Attempt::Again(error.to_string()),
    }
}

async fn attempt(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Result<Attempt, DbError> {
    let Some(id) = session_of(job) else {
        return Ok(Attempt::Failed("the payload names no session".into()));
    };
    let session = booking::session(&mut desk.db.read().await?, id).await?;
    let Some(session) = session.filter(|session| !session.cancelled && session.link.is_none()) else {
        return Ok(Attempt::Obsolete);
    };
    let request = Request::of(desk, &session);
    let error = match links.create(&request).await {
        Ok(room) => return keep(desk, job, id, room, End::Done).await,
        Err(error) => error,
    };
    let Some(link) = links.stopgap(&request) else {
        return Ok(match error {
            LinkError::Later { reason, wait: None } => Attempt::Again(reason),
            LinkError::Later { reason, wait: Some(seconds) } => Attempt::AgainIn { seconds, reason },
            LinkError::Never(reason) => Attempt::Failed(reason),
        });
    };
    let stopgap = Room { link, space: None };
    match error {
        LinkError::Never(reason) => {
            tracing::warn!(job = job.key, error = reason, "no link; the invite goes out with another one");
            keep(desk, job, id, stopgap, End::Failed(reason)).await
        }
        LinkError::Later { reason, wait } => {
            let patience = job.created.saturating_add(desk.config.meeting_link_patience);
            let left = patience.min(session.starts - BEFORE_START) - desk.clock.now();
            if left > 0 {
                let seconds = wait.unwrap_or_else(|| pause(job.id, job.attempts)).clamp(1, left);
                return Ok(Attempt::AgainIn { seconds, reason });
            }
            tracing::warn!(job = job.key, error = reason, "no link yet; the invite goes out with another one");
            keep(desk, job, id, stopgap, End::Postponed(reason)).await
        }
    }
}

/// The session that a job's payload names.
pub(super) fn session_of(job: &Job) -> Option<SessionId> {
    job.payload.get("session").and_then(serde_json::Value::as_i64)
}

/// How the job ends together with what is kept.
#[derive(Debug, Clone)]
enum End {
    Done,
    /// With a stopgap, for good.
    Failed(String),
    /// With a stopgap; another job goes on asking.
    Postponed(String),
}

async fn keep(desk: &Desk, job: &Job, session: SessionId, room: Room, end: End) -> Result<Attempt, DbError> {
    for _ in 0..TRIES {
        let command =
            KeepRoom { job: job.clone(), session, room: room.clone(), end: end.clone(), now: desk.clock.now() };
        match desk.db.run(command).await {
            Err(NotKept::SomebodyJoined) => {}
            result => return recorded(result),
        }
    }
    Ok(Attempt::Again("people kept joining the session meanwhile".into()))
}

/// What the worker has left to record.
pub(super) fn recorded(result: Result<(), NotKept>) -> Result<Attempt, DbError> {
    match result {
        Ok(()) | Err(NotKept::LeaseLost) => Ok(Attempt::Recorded),
        Err(NotKept::SomebodyJoined) => Ok(Attempt::Again("somebody joined the session meanwhile".into())),
        Err(NotKept::Db(error)) => Err(error),
    }
}

/// Keeps the room, puts its link into the copies in "Sessions", and ends the job: all or nothing.
struct KeepRoom {
    job: Job,
    session: SessionId,
    room: Room,
    end: End,
    now: i64,
}

/// Why a room is not kept.
pub(super) enum NotKept {
    LeaseLost,
    SomebodyJoined,
    Db(DbError),
}

impl From<DbError> for NotKept {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for NotKept {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::LeaseLost | Self::SomebodyJoined => None,
        }
    }
}

impl Command for KeepRoom {
    type Output = ();
    type Refusal = NotKept;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotKept> {
        if !desk::booking::keep_room(tx, self.session, &self.room, self.now).await? {
            return Err(NotKept::SomebodyJoined);
        }
        let (outcome, error) = match &self.end {
            End::Done => (Outcome::Done, None),
            End::Failed(reason) => (Outcome::Failed, Some(reason.as_str())),
            End::Postponed(reason) => (Outcome::Done, Some(reason.as_str())),
        };
        if matches!(self.end, End::Postponed(_)) {
            enqueue(tx, &later(self.session, self.now), self.now).await?;
        }
        match jobs::finish(tx, self.job.id, self.job.lease, outcome, error, self.now).await? {
            true => Ok(()),
            false => Err(NotKept::LeaseLost),
        }
    }
}

/// The job that goes on asking.
fn later(session: SessionId, now: i64) -> NewJob {
    NewJob {
        key: format!("meeting-link-later/{session}"),
        kind: "meeting-link-later",
        payload: serde_json::json!({"session": session}),
        lane: format!("session/{session}"),
        after: None,
        due: now,
    }
}
