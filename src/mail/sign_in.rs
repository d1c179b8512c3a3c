//! The mail job `sign-in-mail`. The link's secret is made here and exists in the mail alone; the database keeps its
//! digest.

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::Desk;
use crate::invitations::Writer;
use crate::jobs::{Attempt, Job};
use crate::keys;
use crate::language::Language;
use crate::people::sign_in::{IssueLink, asked};

/// One attempt. Obsolete: nobody has the address, a newer link was asked for, or this one would come too late.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Some(request) = job.payload.get("request").and_then(serde_json::Value::as_i64) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let (asked, kept) = {
        let mut conn = desk.db.read().await?;
        (asked(&mut conn, request, desk.clock.now()).await?, of_job(&mut conn, job.id).await?)
    };
    let Some(asked) = asked else { return Ok(Attempt::Obsolete) };
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let secret = match keys::random_secret() {
                Ok(secret) => secret,
                Err(error) => return Ok(Attempt::Again(error.to_string())),
            };
            if !desk.db.run(IssueLink { request, digest: keys::digest(&secret) }).await? {
                return Ok(Attempt::Obsolete);
            }
            let page = job.payload.get("language").and_then(serde_json::Value::as_str);
            let language = Language::of(asked.language.as_deref().or(page));
            let writer = Writer { config: &desk.config, keys: &desk.keys };
            match composed(desk, job, &writer.to_sign_in(&asked.email, &secret, language)) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}
