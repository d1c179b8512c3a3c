//! The mail jobs `robot-reply`, `robot-refusal` and `robot-stranger`: what becomes of an event to which the robot was
//! invited. What the event means is found out when it is told, after the event is in the calendar.

use caldav::ical::limits::Limits;
use caldav::ical::tree::{Component, Line};
use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, composed_from, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::{Desk, meaning};
use crate::invitations::{Answered, Message, Writer};
use crate::jobs::{Attempt, Job};
use crate::language::Language;
use crate::people;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Order {
    person: Option<i64>,
    uid: String,
    to: String,
    name: String,
    title: String,
    reason: String,
    language: String,
    reply: Option<String>,
    robot: String,
}

/// One attempt. Obsolete: the host is gone.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let kept = of_job(&mut desk.db.read().await?, job.id).await?;
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let Some(message) = message(desk, job, &order).await? else { return Ok(Attempt::Obsolete) };
            let composed = match &message.calendar {
                Some(_) => composed_from(desk, job, &message, &order.robot),
                None => composed(desk, job, &message),
            };
            match composed {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}

async fn message(desk: &Desk, job: &Job, order: &Order) -> Result<Option<Message>, DbError> {
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    if job.kind == "robot-stranger" {
        return Ok(Some(writer.to_stranger(&order.to, Language::default())));
    }
    let Some(id) = order.person else {
        let answer = Answered { title: &order.title, meaning: &order.reason, taken: false };
        let reply = order.reply.as_ref().map(|reply| reply.clone().into_bytes());
        return Ok(Some(writer.to_inviting(
            (&order.name, &order.to),
            &answer,
            reply,
            Language::of(Some(&order.language)),
        )));
    };
    let host = people::by_id(&mut desk.db.read().await?, id).await?;
    let Some(host) = host.filter(|host| !host.banned) else { return Ok(None) };
    let words = meaning::of_event(desk, &host, &order.uid).await?;
    let answer = Answered { title: &order.title, meaning: &words, taken: true };
    let reply = order.reply.as_deref().and_then(|reply| commented(reply, &words));
    Ok(Some(writer.to_inviting((&host.name, &order.to), &answer, reply, host.language())))
}

/// The REPLY, with what the event means.
fn commented(reply: &str, words: &str) -> Option<Vec<u8>> {
    let mut calendar = Component::parse(reply.as_bytes(), &Limits::default()).ok()?;
    for event in calendar.children.iter_mut().filter(|child| child.name == "VEVENT") {
        event.set(Line::text_value("COMMENT", words));
    }
    Some(calendar.write())
}
