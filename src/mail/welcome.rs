//! The mail job `welcome-mail`: tells somebody who was taken into a team what to do next.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::Desk;
use crate::invitations::{Message, Writer};
use crate::jobs::{Attempt, Job};
use crate::people;
use crate::teams;

#[derive(Debug, Deserialize)]
struct Order {
    team: i64,
    person: i64,
    role: String,
}

/// One attempt. Obsolete: they are not in the team any more, or banned.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let kept = of_job(&mut desk.db.read().await?, job.id).await?;
    let mail = match kept {
        Some(mail) => mail,
        None => match message(desk, &order).await? {
            None => return Ok(Attempt::Obsolete),
            Some(message) => match composed(desk, job, &message) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            },
        },
    };
    deliver(desk, mailer, job, mail).await
}

async fn message(desk: &Desk, order: &Order) -> Result<Option<Message>, DbError> {
    let mut conn = desk.db.read().await?;
    let Ok(role) = order.role.parse() else { return Ok(None) };
    let member = teams::membership(&mut conn, order.team, order.person).await?;
    let person = people::by_id(&mut conn, order.person).await?;
    let team = teams::by_id(&mut conn, order.team).await?;
    let (Some(member), Some(person), Some(team)) = (member, person, team) else { return Ok(None) };
    if person.banned || !member.roles.contains(&role) {
        return Ok(None);
    }
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Some(writer.to_member((&person.name, &person.email), &team, role, person.language())))
}
