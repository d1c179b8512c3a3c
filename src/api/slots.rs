//! `GET /api/v1/teams/{team}/slots`

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::fields::Fields;
use super::{refusals, times};
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::pages::PageCopy;
use crate::desk::slots::pooled;
use crate::surface::{self, Answer, Call, problem};
use crate::teams::{SessionType, TypeId};

/// How far ahead without `to`, and how far at most, seconds.
const DEFAULT_SPAN: i64 = 28 * 86_400;
const LONGEST_SPAN: i64 = 366 * 86_400;

/// The open slots of a team.
pub async fn slots(call: Call) -> Answer {
    match answer(&call).await {
        Ok(answer) => answer,
        Err(error) => refusals::database(&call, &error),
    }
}

async fn answer(call: &Call) -> Result<Answer, DbError> {
    let Some(facts) = surface::teams::visible(&call.desk, call.param(0), call.person.as_ref()).await? else {
        return Ok(refusals::problem(call, &problem::NOT_FOUND));
    };
    let member = surface::teams::is_member(&call.desk, &facts, call.person.as_ref()).await?;
    let mut wish = match Wish::read(call, &facts.shown(member)) {
        Ok(wish) => wish,
        Err(answer) => return Ok(*answer),
    };
    if wish.types.is_empty() && !member {
        match facts.for_everybody() {
            Some(types) => wish.types = types,
            None => return Ok(refusals::problem(call, &problem::NOT_FOUND)),
        }
    }
    let pooled = pooled(&call.desk, &facts.team, &wish.types, wish.from, wish.to).await?;
    // The version names slots, types and hosts alike.
    let key = format!("api {}", pooled.point());
    if let Some(copy) = call.desk.pages.find(&key, &facts) {
        return Ok(conditional(call, copy));
    }
    let slots: Vec<Value> = pooled
        .slots
        .iter()
        .map(|slot| {
            let mut json = write(slot, &facts.types);
            if facts.team.show_hosts {
                let hosts = facts.hosts.iter().filter(|host| slot.hosts.contains(&host.person));
                json["hosts"] = hosts.map(|host| json!({ "id": host.person.to_string(), "name": host.name })).collect();
            }
            json
        })
        .collect();
    let body = json!({ "slots": slots, "version": pooled.point() }).to_string();
    Ok(conditional(call, call.desk.pages.keep(key, &facts, body.into())))
}

/// One slot as the API writes it.
pub(super) fn write(slot: &PooledSlot, types: &[SessionType]) -> Value {
    let slug = types.iter().find(|one| one.id == slot.type_id).map_or("", |one| one.slug.as_str());
    json!({ "start": times::write(slot.start), "end": times::write(slot.end), "type": slug, "open": slot.open })
}

/// 200 with the body, or 304: the tag is the body's digest, because time alone changes the answer too.
fn conditional(call: &Call, copy: PageCopy) -> Answer {
    let answer = match surface::fresh(&call.headers, &copy.etag, None) {
        true => surface::empty(StatusCode::NOT_MODIFIED),
        false => surface::bytes(StatusCode::OK, "application/json", copy.content.plain()),
    };
    let answer = surface::with(answer, header::ETAG, &copy.etag);
    surface::with(answer, header::CACHE_CONTROL, "no-cache")
}

/// What is asked for.
struct Wish {
    /// One type, or none: all of them.
    types: Vec<TypeId>,
    from: i64,
    to: i64,
}

impl Wish {
    fn read(call: &Call, types: &[SessionType]) -> Result<Self, Box<Answer>> {
        let query = call.query();
        let mut errors = Fields::empty();
        let mut wanted = Vec::new();
        if let Some(slug) = query.get("type").filter(|slug| !slug.is_empty()) {
            wanted.extend(types.iter().filter(|one| one.slug == slug).map(|one| one.id));
            if wanted.is_empty() {
                errors.wrong("type", "is not a session type of this team");
            }
        }
        let mut time = |name: &str, default: i64| match query.get(name).filter(|text| !text.is_empty()) {
            None => default,
            Some(text) => times::read(text).unwrap_or_else(|| {
                errors.wrong(name, "must be a time such as 2026-11-26T18:00:00Z");
                default
            }),
        };
        let from = time("from", call.desk.clock.now());
        let to = time("to", from.saturating_add(DEFAULT_SPAN));
        if to < from {
            errors.wrong("to", "must not be before from");
        } else if to.saturating_sub(from) > LONGEST_SPAN {
            errors.wrong("to", "must be at most 366 days after from");
        }
        errors.finish(&call.desk.config.public_url)?;
        Ok(Self { types: wanted, from, to })
    }
}
