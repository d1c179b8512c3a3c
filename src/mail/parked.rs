//! The mail job `parked-mail`: asks whether a request that came by mail is meant, and leads to the page that carries it out.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::booking::{self, Status};
use crate::db::{Conn, DbError};
use crate::desk::Desk;
use crate::desk::parked::{self, Parked, Purpose};
use crate::invitations::{Message, Reader, Surroundings, Writer};
use crate::jobs::{Attempt, Job};
use crate::people;

#[derive(Debug, Deserialize)]
struct Order {
    parked: i64,
    /// Of an answer: the booking it is about, and to whom its invite went.
    #[serde(default)]
    booking: i64,
    #[serde(default)]
    to: String,
}

/// One attempt. Obsolete: it was confirmed, or there is nothing left to confirm.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let mut conn = desk.db.read().await?;
    let Some(parked) = parked::by_id(&mut conn, order.parked, desk.clock.now()).await? else {
        return Ok(Attempt::Obsolete);
    };
    let mail = match of_job(&mut conn, job.id).await? {
        Some(mail) => mail,
        None => {
            let Some(message) = message(desk, &mut conn, &parked, &order).await? else {
                return Ok(Attempt::Obsolete);
            };
            match composed(desk, job, &message) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    drop(conn);
    deliver(desk, mailer, job, mail).await
}

async fn message(desk: &Desk, conn: &mut Conn, parked: &Parked, order: &Order) -> Result<Option<Message>, DbError> {
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    let link = parked::link(desk, parked.id);
    let person = people::by_email(conn, &parked.sender).await?;
    if person.as_ref().is_some_and(|person| person.banned) {
        return Ok(None);
    }
    let language = person.as_ref().map(people::Person::language).unwrap_or_default();
    let name = person.as_ref().map_or("", |person| person.name.as_str());
    match parked.purpose() {
        Purpose::Robot => Ok(Some(writer.to_unproven((name, &parked.sender), &link, language))),
        Purpose::Join => {
            let teams = parked::open_teams(conn).await?;
            let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
            Ok((!names.is_empty()).then(|| writer.to_joining((name, &parked.sender), &names, &link, language)))
        }
        Purpose::Answer => {
            let now = desk.clock.now();
            let ahead =
                |booking: &booking::Booking| booking.status == Status::Confirmed && booking.session.starts > now;
            let Some(booking) = booking::by_id(conn, order.booking).await?.filter(ahead) else { return Ok(None) };
            let around = Surroundings::of(conn, &booking.session).await?;
            let reader = if order.to == "host" { Reader::Host } else { Reader::Guest };
            Ok(Some(writer.to_unproven_answer(&booking, &around, reader, &link)))
        }
    }
}
