//! The job `meeting-link`: asks for a session's link and keeps it.

use super::{LinkError, MeetingLinks, Request};
use crate::booking;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::desk::{self, Desk};
use crate::jobs::{self, Attempt, Job, Outcome};

/// Carries out one attempt.
pub async fn carry_out(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Attempt {
    match attempt(desk, links, job).await {
        Ok(attempt) => attempt,
        Err(error) => Attempt::Again(error.to_string()),
    }
}

async fn attempt(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Result<Attempt, DbError> {
    let Some(id) = job.payload.get("session").and_then(serde_json::Value::as_i64) else {
        return Ok(Attempt::Failed("the payload names no session".into()));
    };
    let session = booking::session(&mut desk.db.read().await?, id).await?;
    let Some(session) = session.filter(|session| !session.cancelled && session.link.is_none()) else {
        return Ok(Attempt::Obsolete);
    };
    let request = Request {
        room: desk.keys.derive("room", id, 0, 0),
        uid: session.uid,
        type_id: session.type_id,
        starts: session.starts,
        ends: session.ends,
    };
    match links.create(&request).await {
        Ok(link) => match desk.db.run(KeepLink { job: job.clone(), session: id, link, now: desk.clock.now() }).await {
            Ok(()) | Err(NotKept::LeaseLost) => Ok(Attempt::Recorded),
            Err(NotKept::SomebodyJoined) => Ok(Attempt::Again("somebody joined the session meanwhile".into())),
            Err(NotKept::Db(error)) => Err(error),
        },
        Err(LinkError::Later(reason)) => Ok(Attempt::Again(reason)),
        Err(LinkError::Never(reason)) => Ok(Attempt::Failed(reason)),
    }
}

/// Keeps the link, puts it into the copies in "Sessions", and ends the job: all or nothing.
struct KeepLink {
    job: Job,
    session: i64,
    link: String,
    now: i64,
}

/// Why a link is not kept.
enum NotKept {
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

impl Command for KeepLink {
    type Output = ();
    type Refusal = NotKept;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotKept> {
        if !desk::booking::keep_link(tx, self.session, &self.link, self.now).await? {
            return Err(NotKept::SomebodyJoined);
        }
        match jobs::finish(tx, self.job.id, self.job.lease, Outcome::Done, None, self.now).await? {
            true => Ok(()),
            false => Err(NotKept::LeaseLost),
        }
    }
}
