//! The mail job `calendar-unreachable`: a host's calendar by secret address could not be read for a day. Whether it is
//! still so is asked before, by whoever knows such calendars.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::Desk;
use crate::invitations::Writer;
use crate::jobs::{Attempt, Job};
use crate::people;

#[derive(Debug, Deserialize)]
struct Order {
    person: i64,
    host: String,
    since: i64,
}

/// One attempt. Obsolete: the host is gone.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let (person, kept) = {
        let mut conn = desk.db.read().await?;
        (people::by_id(&mut conn, order.person).await?, of_job(&mut conn, job.id).await?)
    };
    let Some(person) = person.filter(|person| !person.banned && !person.is_removed()) else {
        return Ok(Attempt::Obsolete);
    };
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let writer = Writer { config: &desk.config, keys: &desk.keys };
            let zone = person.timezone.as_deref().unwrap_or("UTC");
            let message =
                writer.of_calendar((&person.name, &person.email), (&order.host, order.since), zone, person.language());
            match composed(desk, job, &message) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}
