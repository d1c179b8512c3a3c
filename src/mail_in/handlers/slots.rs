//! Answers to slots that were sent as invitations, or that a calendar shows (CN-7, CN-8): accepting books.
//!
//! The token in the address proves whom the slot was made for; what follows needs that person's own proof, too.

use serde_json::json;

use super::replies::Said;
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::booking::{AcceptSlot, DeclineSlot, Says, slot_mail};
use crate::invitations::slot::{self, SlotKey};
use crate::jobs::{NewJob, enqueue};
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Running};
use crate::mail_in::floods;

const DAY: i64 = 86_400;
/// Mails a day to one person about other times they would like.
const COUNTERS: i64 = 5;

/// What an answer to the slot with this token causes; nobody has booked it yet.
pub(super) fn consequence(desk: &Desk, incoming: &Incoming, token: &str, said: &Said) -> Box<dyn Consequence> {
    let sender = incoming.verdict.address();
    let attendee = &said.attendee;
    let candidates = [sender, Some(attendee.address.as_str()), attendee.email.as_deref()];
    let made_for = candidates.into_iter().flatten().find(|address| SlotKey::is_for(&desk.keys, token, address));
    let Some(email) = made_for.map(str::to_lowercase) else {
        return Box::new(Outcome::ignored("this slot was not sent to whoever answers"));
    };
    let domain = desk.config.mail_domain().to_owned();
    let (uid, now) = (slot::uid(token, &domain), incoming.now);
    let fingerprint = incoming.received.fingerprint(&incoming.recipient);
    let proven = sender == Some(email.as_str()) && attendee.is(&email);
    let bucket = |what: &str| desk.keys.hash(&format!("slot-{what}/{email}"));
    match (&said.says, proven) {
        (Some(Says::Comes("accepted")), true) => {
            let stamp = said.dtstamp.or(incoming.received.date).unwrap_or(now).min(now);
            let accept = AcceptSlot { token: token.to_owned(), email, name: attendee.name.clone(), stamp };
            let job = NewJob {
                key: format!("slot-answer/{fingerprint}"),
                kind: "slot-answer",
                payload: json!(accept),
                lane: format!("slot/{uid}"),
                after: None,
                due: now,
            };
            Box::new(Queue { job, limit: None, outcome: Outcome::done("a slot is accepted"), now })
        }
        (Some(Says::Comes("accepted")), false) => {
            let job = slot_mail(&uid, "slot-doubted", &fingerprint, json!({"email": email}), now);
            let outcome = Outcome::refused("whoever the slot was sent to is asked whether it is meant");
            Box::new(Queue { job, limit: Some((bucket("doubted"), 1)), outcome, now })
        }
        (Some(Says::Declined), true) => Box::new(Decline(DeclineSlot { token: token.to_owned(), email, domain, now })),
        (Some(Says::Proposes(start, _)), true) => {
            let job = slot_mail(&uid, "slot-countered", &fingerprint, json!({"email": email, "wanted": start}), now);
            let outcome = Outcome::refused("an open slot does not move");
            Box::new(Queue { job, limit: Some((bucket("countered"), COUNTERS)), outcome, now })
        }
        (_, true) => Box::new(Outcome::ignored("nothing that follows is asked for")),
        (_, false) => Box::new(Outcome::ignored("nobody confirms who sent it")),
    }
}

/// Something is queued, perhaps only so often a day.
struct Queue {
    job: NewJob,
    limit: Option<(String, i64)>,
    outcome: Outcome,
    now: i64,
}

impl Queue {
    async fn write(&self, tx: &mut Tx) -> Result<Outcome, DbError> {
        if let Some((bucket, most)) = &self.limit
            && floods::step(tx, bucket, DAY, self.now).await? > *most
        {
            return Ok(Outcome::ignored("that was answered often enough today"));
        }
        enqueue(tx, &self.job, self.now).await?;
        Ok(self.outcome.clone())
    }
}

impl Consequence for Queue {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move { Ok(self.write(tx).await?) })
    }
}

struct Decline(DeclineSlot);

impl Consequence for Decline {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            self.0.run(tx).await?;
            Ok(Outcome::done("a slot is declined"))
        })
    }
}
