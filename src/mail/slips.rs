//! The mail job `rule-slips`: words in an offer that look like a rule and are none (CN-16). What is wrong is looked at anew
//! when the mail is written, so that whoever corrects it soon enough hears nothing.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::calendars::slips_of;
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::remarks::slips_digest;
use crate::invitations::Writer;
use crate::jobs::{Attempt, Job};
use crate::people;

#[derive(Debug, Deserialize)]
struct Order {
    person: i64,
    uid: String,
    /// Of the slips that are to be told.
    digest: String,
}

/// One attempt. Obsolete: the event says something else by now, or is gone.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let mut conn = desk.db.read().await?;
    let mail = match of_job(&mut conn, job.id).await? {
        Some(mail) => mail,
        None => {
            let host = people::by_id(&mut conn, order.person).await?.filter(|host| !host.banned);
            let (title, slips) = slips_of(&mut conn, &desk.offer_words(), order.person, &order.uid).await?;
            let current = slips_digest(&desk.keys, &slips) == order.digest;
            let Some(host) = host.filter(|_| current && !slips.is_empty()) else { return Ok(Attempt::Obsolete) };
            let writer = Writer { config: &desk.config, keys: &desk.keys };
            match composed(desk, job, &writer.to_slipping((&host.name, &host.email), &title, &slips, host.language())) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    drop(conn);
    deliver(desk, mailer, job, mail).await
}
