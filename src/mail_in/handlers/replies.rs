//! Answers to invites (CN-10): a participant's calendar accepts, declines, or proposes another time.
//!
//! The address proves that the sender knows the event; both participants know it, so what follows needs the sender's own
//! proof, too.

use super::{proposals, slots};
use caldav::ical::limits::Limits;
use caldav::ical::zone::Zone;
use caldav::itip::{Answer, ItipError, ItipMessage, Method, PartStat, Proposal};
use serde_json::json;

use super::asking::Ask;
use crate::booking::{self, Booking, Session};
use crate::db::{DbError, Tx};
use crate::desk::Desk;
use crate::desk::booking::{Refusal, Replied, Reply, Says};
use crate::desk::parked::Purpose;
use crate::invitations::slot;
use crate::jobs::{NewJob, enqueue};
use crate::keys::encode_id;
use crate::mail_in::addresses::Address;
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Preparing, Running, Stop};
use crate::mail_in::floods;
use crate::people::{self, PersonId};

const DAY: i64 = 86_400;

/// What an answer causes.
pub(in crate::mail_in) fn prepare<'a>(desk: &'a Desk, incoming: &'a Incoming) -> Preparing<'a> {
    Box::pin(async move { prepared(desk, incoming).await })
}

type Prepared = Result<Box<dyn Consequence>, DbError>;

fn ignored(reason: &str) -> Prepared {
    Ok(Box::new(Outcome::ignored(reason)))
}

/// The event an address belongs to, and who has it.
struct Known {
    bookings: Vec<Booking>,
    guest: Option<(PersonId, String)>,
    host: Option<(PersonId, String)>,
}

async fn prepared(desk: &Desk, incoming: &Incoming) -> Prepared {
    let Some(calendar) = &incoming.received.calendar else { return ignored("no answer") };
    let domain = desk.config.mail_domain();
    let uid = match &incoming.to {
        Address::Reply(id) => format!("openhour-{}@{domain}", encode_id(*id)),
        Address::Slot(token) => slot::uid(token, domain),
        _ => return ignored("no answer"),
    };
    let message = match ItipMessage::parse(calendar.text.as_bytes(), calendar.method.as_deref(), &Limits::default()) {
        Ok(message) => message,
        Err(error) => return ignored(&error.to_string()),
    };
    if !message.uid().eq_ignore_ascii_case(&uid) {
        return ignored("the answer is about another event than its address");
    }
    let sender = incoming.verdict.address();
    let said = match said(&message, sender, incoming.received.from.as_deref()) {
        Ok(said) => said,
        Err(error) => return ignored(&error.to_string()),
    };
    let Some(known) = known(desk, &uid).await? else {
        return match &incoming.to {
            Address::Slot(token) => Ok(slots::consequence(desk, incoming, token, &said)),
            Address::Reply(id) => match booking::proposal(&mut desk.db.read().await?, *id).await? {
                Some(proposal) => proposals::consequence(desk, incoming, &proposal, &said).await,
                None => ignored("nobody has this event any more"),
            },
            _ => ignored("no answer"),
        };
    };
    answered(desk, incoming, known, said, message.uid())
}

/// What an answer to the event of a booking or session causes.
fn answered(desk: &Desk, incoming: &Incoming, known: Known, said: Said, uid: &str) -> Prepared {
    let sender = incoming.verdict.address();
    let is = |side: &Option<(PersonId, String)>| side.as_ref().is_some_and(|(_, email)| said.attendee.is(email));
    let (side, to) = match (is(&known.guest), is(&known.host)) {
        (true, _) => (known.guest.clone(), "guest"),
        (_, true) => (known.host.clone(), "host"),
        _ => {
            return Ok(Box::new(Uninvited { bookings: known.bookings, who: said.attendee.address, now: incoming.now }));
        }
    };
    let Some((person, email)) = side else { return ignored("nobody") };
    let Some(says) = said.says.clone() else { return ignored("nothing that follows is asked for") };
    let doubt = Doubt::of(desk, incoming, &known.bookings, person, to);
    if sender != Some(email.as_str()) {
        // That somebody comes is no news worth a question.
        let ask =
            (!matches!(says, Says::Comes(_))).then(|| Ask::new(desk, incoming, Purpose::Answer, &email, uid)).flatten();
        let booking = known.bookings.first().map_or(0, |booking| booking.id);
        return match ask {
            Some(ask) => Ok(Box::new(ask.about(json!({"booking": booking, "to": to})))),
            None => ignored("nobody confirms who sent it"),
        };
    }
    if matches!(says, Says::Proposes(..)) && known.bookings.first().is_none_or(|booking| booking.session.capacity != 1)
    {
        return ignored("a group's time is not one guest's to change");
    }
    let replies = known.bookings.iter().map(|booking| reply(desk, incoming, booking, person, &said, says.clone()));
    Ok(Box::new(Answers { replies: replies.collect(), doubt }))
}

/// An answer to the invite of a booking, as the desk takes it.
pub(super) fn reply(
    desk: &Desk,
    incoming: &Incoming,
    booking: &Booking,
    person: PersonId,
    said: &Said,
    says: Says,
) -> Reply {
    Reply {
        booking: booking.id,
        person,
        says,
        comment: said.comment.clone(),
        sequence: said.sequence,
        stamp: said.dtstamp.or(incoming.received.date).unwrap_or(incoming.now).min(incoming.now),
        start: said.start,
        grace: desk.config.undo_within,
        people: vec![booking.session.host, booking.guest],
        now: incoming.now,
    }
}

/// The event's bookings: the one it is of, or all of a host's session.
async fn known(desk: &Desk, uid: &str) -> Result<Option<Known>, DbError> {
    let mut conn = desk.db.read().await?;
    let booking = booking::by_uid(&mut conn, uid).await?;
    let session: Option<Session> = booking::session_by_uid(&mut conn, uid).await?;
    let host = match &session {
        Some(session) => people::by_id(&mut conn, session.host).await?.map(|host| (host.id, host.email)),
        None => None,
    };
    let guest = booking.as_ref().map(|booking| (booking.guest, booking.email.clone()));
    let bookings = match (booking, session) {
        (Some(booking), _) => vec![booking],
        (None, Some(session)) => booking::of_session(&mut conn, session.id).await?,
        (None, None) => return Ok(None),
    };
    Ok(Some(Known { bookings, guest, host }))
}

/// What a message says, by whom.
pub(super) struct Said {
    pub(super) attendee: caldav::itip::Party,
    pub(super) says: Option<Says>,
    comment: Option<String>,
    sequence: i64,
    pub(super) dtstamp: Option<i64>,
    start: Option<i64>,
}

fn said(message: &ItipMessage, sender: Option<&str>, from: Option<&str>) -> Result<Said, ItipError> {
    let utc = Zone::utc();
    let author = sender.or(from).unwrap_or_default();
    if message.method() == Method::Counter {
        let proposal = Proposal::of(message, author, &utc)?;
        return Ok(Said {
            says: Some(Says::Proposes(proposal.start, proposal.end)),
            start: proposal.original.map(|(start, _)| start),
            attendee: proposal.attendee,
            comment: proposal.comment,
            sequence: proposal.sequence,
            dtstamp: proposal.dtstamp,
        });
    }
    let answers = Answer::of(message)?;
    let own = answers.iter().find(|answer| answer.attendee.is(author)).or(answers.first());
    let answer = own.cloned().ok_or(ItipError::NoAttendee)?;
    let says = match answer.partstat {
        PartStat::Accepted => Some(Says::Comes("accepted")),
        PartStat::Tentative => Some(Says::Comes("tentative")),
        PartStat::Declined => Some(Says::Declined),
        PartStat::NeedsAction | PartStat::Delegated => None,
    };
    let start = message.events().next().and_then(|event| event.times(&message.zones(&utc))).map(|(start, _)| start);
    Ok(Said {
        says,
        start,
        attendee: answer.attendee,
        comment: answer.comment,
        sequence: answer.sequence,
        dtstamp: answer.dtstamp,
    })
}

/// What a participant's answer does to each booking.
struct Answers {
    replies: Vec<Reply>,
    doubt: Doubt,
}

impl Consequence for Answers {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            let mut outcome = Outcome::ignored("the session is off, or there is none");
            for reply in &self.replies {
                let matters = !matches!(reply.says, Says::Comes(_));
                outcome = match reply.run(tx).await {
                    Ok(Replied::Done) => Outcome::done("an answer"),
                    Ok(Replied::Older) => Outcome::ignored("a newer answer is known"),
                    Ok(Replied::Outdated) if matters => self.doubt.tell(tx).await?,
                    Ok(Replied::Outdated) => Outcome::ignored("an answer about an older time"),
                    Ok(Replied::TooLate) => Outcome::ignored("the session has begun, or is off"),
                    Ok(Replied::Stale) => return Err(Stop::Again),
                    Err(Refusal::Db(error)) => return Err(Stop::Db(error)),
                    Err(refusal) => Outcome::refused(refusal.to_string()),
                };
            }
            Ok(outcome)
        })
    }
}

/// The participant is asked, once a day.
struct Doubt {
    job: NewJob,
    bucket: String,
    now: i64,
}

impl Doubt {
    pub(super) fn of(desk: &Desk, incoming: &Incoming, bookings: &[Booking], person: PersonId, to: &str) -> Self {
        let booking = bookings.first().map_or(0, |booking| booking.id);
        let fingerprint = incoming.received.fingerprint(&incoming.recipient);
        let job = NewJob {
            key: format!("doubted-answer/{fingerprint}"),
            kind: "doubted-answer",
            payload: json!({"booking": booking, "to": to}),
            lane: format!("mail/{booking}/{to}"),
            after: None,
            due: incoming.now,
        };
        Self { job, bucket: desk.keys.hash(&format!("doubted/{booking}/{person}")), now: incoming.now }
    }

    async fn tell(&self, tx: &mut Tx) -> Result<Outcome, DbError> {
        if floods::step(tx, &self.bucket, DAY, self.now).await? <= 1 {
            enqueue(tx, &self.job, self.now).await?;
        }
        Ok(Outcome::refused("the participant is asked whether it is meant"))
    }
}

impl Consequence for Doubt {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move { Ok(self.tell(tx).await?) })
    }
}

/// An answer of somebody who was not invited: noted, never added (RFC 5546 §3.2.3).
struct Uninvited {
    bookings: Vec<Booking>,
    who: String,
    now: i64,
}

impl Consequence for Uninvited {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            for booking in &self.bookings {
                booking::note(tx, booking.id, "uninvited", json!({"who": self.who}), self.now).await?;
            }
            Ok(Outcome::ignored("an answer of somebody who was not invited"))
        })
    }
}
