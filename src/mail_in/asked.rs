//! The other half of a request that waits: what it asks for, and carrying it out as if it had been confirmed when it came.

use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::zone::Zone;
use caldav::itip::{ItipMessage, Method};

use super::addresses::Address;
use super::authentication::Verdict;
use super::dispatch::{Consequence, Incoming, Outcome, Stop};
use super::handlers::{replies, robot};
use super::received::{Calendar, Received};
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::parked::{self, Join, JoinRefused, Parked, Purpose};
use crate::people;
use crate::teams::TeamId;

/// What a consequence was prepared from may change; not for ever.
const TRIES: usize = 5;
/// Characters of a title shown.
const TITLE: usize = 200;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// An event is to stand in the calendar, or to change there.
    File,
    /// An event is to go.
    Withdraw,
    /// A session is to be cancelled.
    Decline,
    /// A session is to move to this start, UTC seconds.
    Propose(i64),
}

/// A request as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it asks for.
    pub wish: Wish,
    /// The event's title, as the message has it.
    pub title: String,
    /// Start and end of the first event in it, UTC seconds.
    pub times: Option<(i64, i64)>,
    /// It repeats.
    pub repeats: bool,
}

/// What a request asks for; `None`: it cannot be read any more.
pub fn shown(parked: &Parked) -> Option<Shown> {
    let message = message(parked)?;
    let utc = Zone::utc();
    let event = message.master().or_else(|| message.events().next())?;
    let times = event.times(&message.zones(&utc));
    let wish = match (parked.purpose(), message.method()) {
        (Purpose::Answer, Method::Counter) => Wish::Propose(times.map_or(0, |(start, _)| start)),
        (Purpose::Answer, _) => Wish::Decline,
        (_, Method::Cancel) => Wish::Withdraw,
        _ => Wish::File,
    };
    let repeats = event.component().get("RRULE").is_some();
    Some(Shown { wish, title: event.summary().chars().take(TITLE).collect(), times, repeats })
}

fn message(parked: &Parked) -> Option<ItipMessage> {
    ItipMessage::parse(parked.calendar.as_bytes(), parked.method.as_deref(), &Limits::default()).ok()
}

/// What became of a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It was carried out, or refused, as the same message with proof would have been.
    Took(Outcome),
    /// It was carried out before, or a newer one stands in its place.
    Gone,
    /// The team lets nobody join, or the sender may do nothing here.
    Closed,
}

/// Carries out a request whose sender said yes. `team`: which one a stranger joins; all that waits in their name is carried
/// out then.
///
/// # Errors
/// [`DbError`].
pub async fn carry_out(desk: &Desk, request: &Parked, team: Option<TeamId>) -> Result<Said, DbError> {
    let known = people::by_email(&mut desk.db.read().await?, &request.sender).await?;
    if known.is_some_and(|person| person.banned) {
        return Ok(Said::Closed);
    }
    if request.purpose() != Purpose::Join {
        return one(desk, request).await;
    }
    let Some(team) = team else { return Ok(Said::Closed) };
    let join = Join {
        email: request.sender.clone(),
        ban: people::retention::ban_hash(&desk.keys, &request.sender),
        name: request.name.clone(),
        timezone: zone_of(request),
        team,
        now: desk.clock.now(),
    };
    match desk.db.run(join).await {
        Ok(_) => {}
        Err(JoinRefused::Closed) => return Ok(Said::Closed),
        Err(JoinRefused::Db(error)) => return Err(error),
    }
    let waiting = parked::joining(&mut desk.db.read().await?, &request.sender, desk.clock.now()).await?;
    let mut said = Said::Gone;
    for other in waiting {
        let result = one(desk, &other).await?;
        if other.id == request.id {
            said = result;
        }
    }
    Ok(said)
}

/// The zone that an event names, where it is one that is known everywhere.
fn zone_of(request: &Parked) -> Option<String> {
    let message = message(request)?;
    let event = message.events().next()?;
    let zone = Zone::named(event.component().get("DTSTART")?.param("TZID")?)?;
    zone.is_iana().then(|| zone.name().to_owned())
}

async fn one(desk: &Desk, request: &Parked) -> Result<Said, DbError> {
    let Some(to) = Address::read(&request.recipient, &desk.config, &desk.keys) else { return Ok(Said::Gone) };
    let incoming = Incoming {
        received: Received {
            from: Some(request.sender.clone()),
            message_id: request.message_id.clone(),
            date: Some(request.created),
            calendar: Some(Calendar { text: request.calendar.clone(), method: request.method.clone() }),
            ..Received::default()
        },
        to,
        recipient: request.recipient.clone(),
        verdict: Verdict::Authenticated(request.sender.clone()),
        now: desk.clock.now(),
    };
    let prepare = match request.purpose() {
        Purpose::Answer => replies::prepare,
        Purpose::Robot | Purpose::Join => robot::prepare,
    };
    let request = Arc::new(request.clone());
    let mut consequence = prepare(desk, &incoming).await?;
    for _ in 0..TRIES {
        match desk.db.run(CarryOut { request: request.clone(), consequence }).await {
            Ok(Some(outcome)) => return Ok(Said::Took(outcome)),
            Ok(None) => return Ok(Said::Gone),
            Err(Stop::Db(error)) => return Err(error),
            Err(Stop::Later(reason)) => return Err(DbError::Damaged(reason.into())),
            Err(Stop::Instead(other)) => consequence = other,
            Err(Stop::Again) => consequence = prepare(desk, &incoming).await?,
        }
    }
    Err(DbError::Damaged("what a request causes was refused again and again".into()))
}

/// Takes the request out and lets it act, both or neither.
struct CarryOut {
    request: Arc<Parked>,
    consequence: Box<dyn Consequence>,
}

impl Command for CarryOut {
    type Output = Option<Outcome>;
    type Refusal = Stop;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Outcome>, Stop> {
        if !parked::take(tx, &self.request).await? {
            return Ok(None);
        }
        Ok(Some(self.consequence.run(tx).await?))
    }
}
