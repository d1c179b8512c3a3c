//! The job `meeting-link-later`: the invites went out with a stopgap; when the service answers again, everybody gets its
//! link.

use super::job::{NotKept, recorded, session_of};
use super::{LinkError, MeetingLinks, Request};
use crate::booking::{self, Room, SessionId};
use crate::db::{Command, DbError, Tx};
use crate::desk::{self, Desk};
use crate::jobs::{self, Attempt, Job, Outcome, pause};

/// The service is asked for so long, seconds; then the stopgap stays.
const ASK_FOR: i64 = 86_400;
/// The longest pause between two questions, seconds.
const LONGEST: i64 = 600;

/// Carries out one attempt.
pub async fn carry_out_later(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Attempt {
    match attempt(desk, links, job).await {
        Ok(attempt) => attempt,
        Err(error) => Attempt::Again(error.to_string()),
    }
}

async fn attempt(desk: &Desk, links: &dyn MeetingLinks, job: &Job) -> Result<Attempt, DbError> {
    let Some(id) = session_of(job) else {
        return Ok(Attempt::Failed("the payload names no session".into()));
    };
    let now = desk.clock.now();
    let session = booking::session(&mut desk.db.read().await?, id).await?;
    let wanted = session.filter(|session| !session.cancelled && session.space.is_none() && session.starts > now);
    let Some(request) = wanted.map(|session| Request::of(desk, &session)) else { return Ok(Attempt::Obsolete) };
    // After a change of settings: today's service gives what the people have, or something no better.
    if links.stopgap(&request).is_none() {
        return Ok(Attempt::Obsolete);
    }
    match links.create(&request).await {
        Ok(room) => recorded(desk.db.run(ReplaceRoom { job: job.clone(), session: id, room, now }).await),
        Err(LinkError::Never(reason)) => Ok(Attempt::Failed(reason)),
        Err(LinkError::Later { reason, .. }) if now >= job.created.saturating_add(ASK_FOR) => {
            Ok(Attempt::Failed(format!("asked for a day in vain: {reason}")))
        }
        Err(LinkError::Later { reason, wait }) => {
            let seconds = wait.unwrap_or_else(|| pause(job.id, job.attempts).min(LONGEST)).max(1);
            Ok(Attempt::AgainIn { seconds, reason })
        }
    }
}

/// Puts the room in the place of the stopgap, tells everybody, and ends the job: all or nothing.
struct ReplaceRoom {
    job: Job,
    session: SessionId,
    room: Room,
    now: i64,
}

impl Command for ReplaceRoom {
    type Output = ();
    type Refusal = NotKept;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotKept> {
        if !desk::booking::replace_room(tx, self.session, &self.room, self.now).await? {
            return Err(NotKept::SomebodyJoined);
        }
        match jobs::finish(tx, self.job.id, self.job.lease, Outcome::Done, None, self.now).await? {
            true => Ok(()),
            false => Err(NotKept::LeaseLost),
        }
    }
}
