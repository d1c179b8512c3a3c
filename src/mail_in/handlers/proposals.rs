//! Answers to another time that the other side proposed, given in a calendar (CN-10): the proposal came as an invitation
//! of its own.

use serde_json::json;

use super::asking::Ask;
use super::replies::{Said, reply};
use crate::booking::{self, Booking, Proposal};
use crate::db::{DbError, Tx};
use crate::desk::Desk;
use crate::desk::booking::{Replied, Reply, Says};
use crate::desk::parked::Purpose;
use crate::invitations::Surroundings;
use crate::jobs::{NewJob, enqueue};
use crate::keys::encode_id;
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Running, Stop};

/// What an answer to this proposal causes.
///
/// # Errors
/// The database's.
pub(super) async fn consequence(
    desk: &Desk,
    incoming: &Incoming,
    proposal: &Proposal,
    said: &Said,
) -> Result<Box<dyn Consequence>, DbError> {
    let ignored = |reason: &str| Ok(Box::new(Outcome::ignored(reason)) as Box<dyn Consequence>);
    let mut conn = desk.db.read().await?;
    let Some(booking) = booking::by_id(&mut conn, proposal.booking).await? else { return ignored("no such booking") };
    let to_guest = proposal.person != booking.guest;
    let (person, email, to) = match to_guest {
        true => (booking.guest, booking.email.clone(), "guest"),
        false => (booking.session.host, Surroundings::of(&mut conn, &booking.session).await?.host_email, "host"),
    };
    drop(conn);
    if !said.attendee.is(&email) {
        return ignored("an answer of somebody who was not asked");
    }
    let Some(says) = said.says.clone() else { return ignored("nothing that follows is asked for") };
    if says == Says::Comes("tentative") {
        return ignored("perhaps: the proposal stays open");
    }
    if incoming.verdict.address() != Some(email.as_str()) {
        let uid = format!("openhour-{}@{}", encode_id(proposal.id), desk.config.mail_domain());
        return match Ask::new(desk, incoming, Purpose::Answer, &email, &uid) {
            Some(ask) => Ok(Box::new(ask.about(json!({"booking": booking.id, "to": to})))),
            None => ignored("nobody confirms who sent it"),
        };
    }
    let accepted = match says {
        // Yet another time, of the session itself.
        Says::Proposes(..) => {
            let sequence = if to_guest { booking.sequence } else { booking.session.sequence };
            let reply = Reply { sequence, start: None, ..reply(desk, incoming, &booking, person, said, says) };
            return Ok(Box::new(Another(reply)));
        }
        Says::Comes(_) => true,
        Says::Declined => false,
    };
    let job = NewJob {
        key: format!("proposal-answer/{}", incoming.received.fingerprint(&incoming.recipient)),
        kind: "proposal-answer",
        payload: json!({"proposal": proposal.id, "accepted": accepted}),
        lane: format!("proposal/{}", proposal.id),
        after: None,
        due: incoming.now,
    };
    Ok(Box::new(Decided { job, booking, proposal: proposal.clone(), now: incoming.now }))
}

struct Decided {
    job: NewJob,
    booking: Booking,
    proposal: Proposal,
    now: i64,
}

impl Consequence for Decided {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            if !self.proposal.is_open(&self.booking, self.now) {
                return Ok(Outcome::ignored("the proposal is decided, or overtaken"));
            }
            enqueue(tx, &self.job, self.now).await?;
            Ok(Outcome::done("a proposal is answered"))
        })
    }
}

struct Another(Reply);

impl Consequence for Another {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            match self.0.run(tx).await {
                Ok(Replied::Done) => Ok(Outcome::done("another time again")),
                Ok(Replied::Stale) => Err(Stop::Again),
                Ok(_) => Ok(Outcome::ignored("a time that is known, or over")),
                Err(crate::desk::booking::Refusal::Db(error)) => Err(Stop::Db(error)),
                Err(refusal) => Ok(Outcome::refused(refusal.to_string())),
            }
        })
    }
}
