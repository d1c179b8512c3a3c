//! The mail jobs `address-mail`, which brings the link to a new address, and `address-notice`, which tells the old one. The
//! link's secret is made here and exists in the mail alone.

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::address::is_free;
use crate::invitations::{Message, Writer};
use crate::jobs::{Attempt, Job};
use crate::keys;
use crate::language::Language;
use crate::people;
use crate::people::address::{Issue, Wish, asked};

/// One attempt. Obsolete: a newer wish took its place, or the new address is somebody's already: then nothing goes there.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Some(request) = job.payload.get("request").and_then(serde_json::Value::as_i64) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let mut conn = desk.db.read().await?;
    let Some(wish) = asked(&mut conn, request).await? else { return Ok(Attempt::Obsolete) };
    let Some(person) = people::by_id(&mut conn, wish.person).await? else { return Ok(Attempt::Obsolete) };
    let kept = of_job(&mut conn, job.id).await?;
    let is_link = job.kind == "address-mail";
    let late = wish.expires <= desk.clock.now();
    if person.banned || (is_link && (late || !is_free(&mut conn, desk, &wish.email).await?)) {
        return Ok(Attempt::Obsolete);
    }
    drop(conn);
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let page = job.payload.get("language").and_then(serde_json::Value::as_str);
            let language = Language::of(person.language.as_deref().or(page));
            let message =
                if is_link { link(desk, request, &wish, language).await? } else { notice(desk, &wish, language) };
            let Some(message) = message else { return Ok(Attempt::Obsolete) };
            match composed(desk, job, &message) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}

async fn link(desk: &Desk, request: i64, wish: &Wish, language: Language) -> Result<Option<Message>, DbError> {
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    if !desk.db.run(Issue { request, digest: keys::digest(&secret) }).await? {
        return Ok(None);
    }
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Some(writer.to_new_address(&wish.email, &secret, language)))
}

fn notice(desk: &Desk, wish: &Wish, language: Language) -> Option<Message> {
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Some(writer.to_old_address(&wish.was, &wish.email, language))
}
