//! The robot (CN-2): a host adds `available@` to an event, and the event becomes one of their calendar here.

use caldav::ical::limits::Limits;
use caldav::itip::{Effect, Event, ItipMessage, Method, PartStat, Response, respond};
use serde_json::json;

use super::asking::Ask;
use crate::db::{DbError, Tx};
use crate::desk::Desk;
use crate::desk::parked::{self, Purpose};
use crate::desk::robot::{self, Filed, NotFiled};
use crate::invitations::NotTaken;
use crate::jobs::{NewJob, enqueue};
use crate::language::Language;
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Preparing, Running, Stop};
use crate::mail_in::floods;
use crate::people::{self, Person};
use crate::teams::{self, Role};

const DAY: i64 = 86_400;
/// PRODID of what we answer.
const PRODUCT: &str = "-//Openhour//Openhour//EN";
/// Refusals that one address is mailed a day.
const REFUSALS: i64 = 20;
/// A stranger is told once in so many seconds who we are.
const STRANGER: i64 = 30 * DAY;

/// What a message to the robot causes.
pub(in crate::mail_in) fn prepare<'a>(desk: &'a Desk, incoming: &'a Incoming) -> Preparing<'a> {
    Box::pin(async move { Robot { desk, incoming }.prepare().await })
}

struct Robot<'a> {
    desk: &'a Desk,
    incoming: &'a Incoming,
}

type Prepared = Result<Box<dyn Consequence>, DbError>;

fn outcome(outcome: Outcome) -> Prepared {
    Ok(Box::new(outcome))
}

impl Robot<'_> {
    async fn prepare(&self) -> Prepared {
        let Some(sender) = self.incoming.verdict.address() else { return self.unproven().await };
        let person = people::by_email(&mut self.desk.db.read().await?, sender).await?;
        let Some(person) = person else { return self.stranger(sender).await };
        if person.banned {
            return outcome(Outcome::ignored("the sender is banned"));
        }
        let roles = teams::roles_anywhere(&mut self.desk.db.read().await?, person.id).await?;
        if !roles.contains(&Role::Host) {
            return self.stranger(sender).await;
        }
        self.of_host(&person).await
    }

    async fn of_host(&self, host: &Person) -> Prepared {
        let Some(calendar) = &self.incoming.received.calendar else {
            return self.refuse(host, None, &NotTaken::NoEvent);
        };
        let message = match ItipMessage::parse(calendar.text.as_bytes(), calendar.method.as_deref(), &Limits::default())
        {
            Ok(message) => message,
            Err(error) => return self.refuse(host, None, &error.into()),
        };
        let invited = message.events().any(|event| event.attendee(&self.incoming.recipient).is_some());
        match message.method() {
            Method::Request | Method::Add if !invited => {
                return self.refuse(host, Some(&message), &NotTaken::Forwarded);
            }
            Method::Request | Method::Add | Method::Cancel => {}
            Method::Publish => return self.refuse(host, None, &NotTaken::Copy),
            _ => return outcome(Outcome::ignored("nothing that the robot asked for")),
        }
        match robot::prepare(self.desk, host, &message).await {
            Ok(filed) => {
                let job = self.answer(host, &message, &filed);
                Ok(Box::new(File { filed, job, now: self.incoming.now }))
            }
            Err(NotFiled::Booked) => outcome(Outcome::ignored("an invitation to a session that was booked here")),
            Err(NotFiled::Unusable(_)) if message.method() == Method::Cancel => {
                outcome(Outcome::ignored("a cancellation of what is not here"))
            }
            Err(NotFiled::Unusable(reason)) => self.refuse(host, Some(&message), &reason),
            Err(NotFiled::Db(error)) => Err(error),
        }
    }

    /// The REPLY. A repetition is answered only where the host's calendar does not know the answer yet.
    fn answer(&self, host: &Person, message: &ItipMessage, filed: &Filed) -> Option<NewJob> {
        let us = &self.incoming.recipient;
        let knows = |event: Event<'_>| event.attendee(us).is_none_or(|robot| robot.partstat == PartStat::Accepted);
        if filed.effect == Effect::Unchanged && message.events().all(knows) {
            return None;
        }
        let reply = self.reply(message, PartStat::Accepted, None)?;
        let payload = json!({
            "person": host.id, "uid": message.uid(), "reply": reply, "to": self.organizer(host, message), "robot": us,
            "title": title(message),
        });
        Some(self.job("robot-reply", payload))
    }

    fn reply(&self, message: &ItipMessage, partstat: PartStat, comment: Option<&str>) -> Option<String> {
        let us = self.incoming.recipient.as_str();
        let response = Response { us, partstat, comment, product: PRODUCT, now: self.incoming.now };
        let reply = respond(message, &response).ok()?;
        String::from_utf8(reply.write()).ok()
    }

    /// Where the answer goes: to the organiser where that is one of the host's own calendars, else to the host. Nobody can
    /// have us write to a third party.
    fn organizer(&self, host: &Person, message: &ItipMessage) -> String {
        let organizer = message.events().find_map(Event::organizer).filter(robot::is_stand_in);
        organizer.map_or_else(|| host.email.clone(), |organizer| organizer.address)
    }

    /// A reason by mail, and DECLINED to the calendar where there is an invitation.
    fn refuse(&self, host: &Person, message: Option<&ItipMessage>, why: &NotTaken) -> Prepared {
        if !self.incoming.may_be_answered() {
            return outcome(Outcome::ignored("not to be answered"));
        }
        let reason = why.in_words(host.language());
        let reply = message.and_then(|message| self.reply(message, PartStat::Declined, Some(&reason)));
        let payload = json!({
            "to": host.email, "language": host.language().code(), "name": host.name, "reason": reason, "reply": reply, "robot": self.incoming.recipient,
            "title": message.map(title).unwrap_or_default(),
        });
        let bucket = self.desk.keys.hash(&format!("robot/refusal/{}", host.email));
        Ok(Box::new(Tell {
            job: self.job("robot-refusal", payload),
            bucket,
            most: REFUSALS,
            length: DAY,
            outcome: Outcome::refused(why.in_words(Language::English)),
            now: self.incoming.now,
        }))
    }

    /// Somebody whom no team knows as a host, but who is who they say: asked once whether they want to join a team that
    /// lets people, else told once who we are.
    async fn stranger(&self, sender: &str) -> Prepared {
        let asks = matches!(self.method(), Some("REQUEST"));
        if !asks || !self.incoming.may_be_answered() {
            return outcome(Outcome::ignored("nobody of our teams"));
        }
        let bucket = self.desk.keys.hash(&format!("robot/stranger/{sender}"));
        let teams = parked::open_teams(&mut self.desk.db.read().await?).await?;
        if let Some(message) = self.usable().filter(|_| !teams.is_empty())
            && let Some(ask) = Ask::new(self.desk, self.incoming, Purpose::Join, sender, message.uid())
        {
            return Ok(Box::new(ask.within(bucket, 1, STRANGER)));
        }
        Ok(Box::new(Tell {
            job: self.job("robot-stranger", json!({"to": sender})),
            bucket,
            most: 1,
            length: STRANGER,
            outcome: Outcome::refused("nobody of our teams"),
            now: self.incoming.now,
        }))
    }

    /// Nobody confirms who sent it: a host in whose name it came is asked, everybody else hears nothing.
    async fn unproven(&self) -> Prepared {
        let ignored = || outcome(Outcome::ignored("nobody confirms who sent it"));
        let Some(from) = self.incoming.received.from.as_deref() else { return ignored() };
        let Some(message) = self.usable().filter(|_| self.incoming.may_be_answered()) else { return ignored() };
        let mut conn = self.desk.db.read().await?;
        let Some(host) = people::by_email(&mut conn, from).await?.filter(|host| !host.banned) else { return ignored() };
        if !teams::roles_anywhere(&mut conn, host.id).await?.contains(&Role::Host) {
            return ignored();
        }
        drop(conn);
        // What would change nothing is not worth a question.
        match robot::prepare(self.desk, &host, &message).await {
            Ok(filed) if filed.effect == Effect::Unchanged => return ignored(),
            Ok(filed) if message.method() == Method::Cancel && !filed.known => return ignored(),
            Err(NotFiled::Booked) => return ignored(),
            Err(NotFiled::Unusable(_)) if message.method() == Method::Cancel => return ignored(),
            Err(NotFiled::Db(error)) => return Err(error),
            Ok(_) | Err(NotFiled::Unusable(_)) => {}
        }
        match Ask::new(self.desk, self.incoming, Purpose::Robot, &host.email, message.uid()) {
            Some(ask) => Ok(Box::new(ask)),
            None => ignored(),
        }
    }

    /// The message, when it is one that the robot acts on.
    fn usable(&self) -> Option<ItipMessage> {
        let calendar = self.incoming.received.calendar.as_ref()?;
        let message =
            ItipMessage::parse(calendar.text.as_bytes(), calendar.method.as_deref(), &Limits::default()).ok()?;
        let invited = message.events().any(|event| event.attendee(&self.incoming.recipient).is_some());
        match message.method() {
            Method::Request | Method::Add => invited.then_some(message),
            Method::Cancel => Some(message),
            _ => None,
        }
    }

    fn method(&self) -> Option<&str> {
        self.incoming.received.calendar.as_ref().and_then(|calendar| calendar.method.as_deref())
    }

    fn job(&self, kind: &'static str, payload: serde_json::Value) -> NewJob {
        let fingerprint = self.incoming.received.fingerprint(&self.incoming.recipient);
        NewJob {
            key: format!("{kind}/{fingerprint}"),
            kind,
            payload,
            lane: format!("robot/{fingerprint}"),
            after: None,
            due: self.incoming.now,
        }
    }
}

fn title(message: &ItipMessage) -> String {
    message.events().map(Event::summary).find(|title| !title.is_empty()).unwrap_or_default()
}

/// The event goes into the calendar, and its answer out.
struct File {
    filed: Filed,
    job: Option<NewJob>,
    now: i64,
}

impl Consequence for File {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            if !self.filed.write(tx).await? {
                return Err(Stop::Again);
            }
            if let Some(job) = &self.job {
                enqueue(tx, job, self.now).await?;
            }
            Ok(Outcome::done(format!("{:?}", self.filed.effect).to_lowercase()))
        })
    }
}

/// A mail, if its reader did not get too many of the kind.
struct Tell {
    job: NewJob,
    bucket: String,
    most: i64,
    length: i64,
    outcome: Outcome,
    now: i64,
}

impl Consequence for Tell {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            if floods::step(tx, &self.bucket, self.length, self.now).await? <= self.most {
                enqueue(tx, &self.job, self.now).await?;
            }
            Ok(self.outcome.clone())
        })
    }
}
