//! The mail jobs `approval-mail`, `copy-mail` and `taken-back-mail`: about decisions on bookings and open times.

use caldav::ical::limits::Limits;
use caldav::ical::tree::Component;
use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::booking::{self, Booking, Status};
use crate::calendars::{collections, objects};
use crate::db::{Conn, DbError};
use crate::desk::{Desk, withdraw};
use crate::invitations::{Message, News, Question, Surroundings, Writer};
use crate::jobs::{Attempt, Job};
use crate::people;
use crate::teams;

/// What the payload of these jobs says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Order {
    booking: i64,
    session: i64,
    sequence: i64,
    person: i64,
    actor: i64,
    team: i64,
    starts: i64,
    ends: i64,
    code: String,
}

/// One attempt. Obsolete: what it would say is no longer so.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let mut conn = desk.db.read().await?;
    let message = match job.kind.as_str() {
        "approval-mail" => question(desk, &mut conn, &order).await?,
        "copy-mail" => copy(desk, &mut conn, &order).await?,
        _ => taken_back(desk, &mut conn, &order).await?,
    };
    let Some(message) = message else { return Ok(Attempt::Obsolete) };
    let kept = of_job(&mut conn, job.id).await?;
    drop(conn);
    let mail = match kept {
        Some(mail) => mail,
        None => match composed(desk, job, &message) {
            Ok(mail) => mail,
            Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
        },
    };
    deliver(desk, mailer, job, mail).await
}

/// `None`: it was answered before the question went out, or stands again.
async fn question(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let (question, wanted) = match order.code.as_str() {
        "off" => (Question::Off, Status::Cancelled),
        "asked" => (Question::Asked, Status::Pending),
        "request" => (Question::Request, Status::Pending),
        "rejected" => (Question::Rejected, Status::Cancelled),
        _ => (Question::Withdrawn, Status::Cancelled),
    };
    let found = booking::by_id(conn, order.booking).await?.filter(|booking| booking.status == wanted);
    let Some(booking) = found else { return Ok(None) };
    let around = Surroundings::of(conn, &booking.session).await?;
    Ok(Some(Writer { config: &desk.config, keys: &desk.keys }.about_question(&booking, &around, question)))
}

/// `None`: there is newer news, or the reader may not hear it any more.
async fn copy(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(session) = booking::session(conn, order.session).await? else { return Ok(None) };
    if !teams::overseers(conn, session.team).await?.contains(&order.person) {
        return Ok(None);
    }
    let Some(person) = people::by_id(conn, order.person).await? else { return Ok(None) };
    let around = Surroundings::of(conn, &session).await?;
    let mut bookings = booking::all_of_session(conn, session.id).await?;
    let news = match order.code.as_str() {
        "request" => {
            bookings.retain(|booking| booking.id == order.booking && booking.status == Status::Pending);
            News::Request
        }
        "cancel" if session.cancelled => News::Cancelled,
        "invite" if session.sequence == order.sequence && !session.cancelled => {
            bookings.retain(Booking::takes_place);
            if order.sequence == 0 { News::Booked } else { News::Changed }
        }
        _ => return Ok(None),
    };
    // A session whose one booking moved away is told of by the news of the other.
    if bookings.is_empty() {
        return Ok(None);
    }
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Some(writer.to_overseer(&person, (&session, &bookings), &around, news)))
}

/// `None`: the host offers it again already, or is gone. The reason stands in the event that covers the time.
async fn taken_back(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(host) = people::by_id(conn, order.person).await?.filter(|host| !host.banned) else { return Ok(None) };
    let Some(calendar) = collections::by_name(conn, host.id, withdraw::CALENDAR).await? else { return Ok(None) };
    let name = withdraw::object_name(order.starts, order.ends);
    let Some(object) = objects::by_name(conn, calendar.id, &name).await? else { return Ok(None) };
    let (actor, team) = (people::by_id(conn, order.actor).await?, teams::by_id(conn, order.team).await?);
    let (Some(actor), Some(team)) = (actor, team) else { return Ok(None) };
    let reason = object.bytes.as_deref().and_then(description).unwrap_or_default();
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    let (by, time) = ((actor.name.as_str(), team.name.as_str()), (order.starts, order.ends));
    Ok(Some(writer.to_withdrawn(&host, by, time, &team.timezone, &reason)))
}

/// The DESCRIPTION of the event in a calendar object.
fn description(bytes: &[u8]) -> Option<String> {
    let calendar = Component::parse(bytes, &Limits::default()).ok()?;
    let event = calendar.children.iter().find(|child| child.name == "VEVENT")?;
    event.get("DESCRIPTION").map(|line| line.text().into_owned())
}
