//! The mail job `password-mail`: tells somebody that their password was set or removed.

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::Desk;
use crate::invitations::Writer;
use crate::jobs::{Attempt, Job};
use crate::people;

/// One attempt. Obsolete: the person is not here any more.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let number = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_i64);
    let set = job.payload.get("set").and_then(serde_json::Value::as_bool);
    let (Some(person), Some(set), Some(at)) = (number("person"), set, number("at")) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let (person, kept) = {
        let mut conn = desk.db.read().await?;
        (people::by_id(&mut conn, person).await?, of_job(&mut conn, job.id).await?)
    };
    let Some(person) = person.filter(|person| !person.is_removed()) else { return Ok(Attempt::Obsolete) };
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let writer = Writer { config: &desk.config, keys: &desk.keys };
            match composed(desk, job, &writer.to_password_owner(&person.email, set, at, person.language())) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}
