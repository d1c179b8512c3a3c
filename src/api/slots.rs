//! `GET /api/v1/teams/{team}/slots`

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::fields::Fields;
use super::{refusals, times};
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::pages::PageCopy;
use crate::desk::slots::{Pooled, pooled};
use crate::desk::standing::Stands;
use crate::desk::team_facts::TeamFacts;
use crate::people::PersonId;
use crate::surface::{self, Answer, Call, problem};
use crate::teams::{Host, SessionType, TypeId};

/// How far ahead without `to`, and how far at most, seconds.
const DEFAULT_SPAN: i64 = 28 * 86_400;
const LONGEST_SPAN: i64 = 366 * 86_400;

/// The open slots of a team.
pub async fn slots(call: Call) -> Answer {
    let asked = call.uri.path_and_query().map_or("", PathAndQuery::as_str);
    if call.person.is_none()
        && let Some(copy) = call.desk.standing_slots.find(asked, call.desk.db.commits(), call.desk.clock.now())
    {
        return conditional(&call, copy);
    }
    // On the heap: most questions are answered above.
    match Box::pin(answer(&call, asked)).await {
        Ok(answer) => answer,
        Err(error) => refusals::database(&call, &error),
    }
}

async fn answer(call: &Call, asked: &str) -> Result<Answer, DbError> {
    let (commits, now) = (call.desk.db.commits(), call.desk.clock.now());
    let Some(facts) = surface::teams::visible(&call.desk, call.param(0), call.person.as_ref()).await? else {
        return Ok(refusals::problem(call, &problem::NOT_FOUND));
    };
    let member = surface::teams::is_member(&call.desk, &facts, call.person.as_ref()).await?;
    let mut wish = match Wish::read(call, now, &facts.shown(member)) {
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
    let copy = match call.desk.pages.find(&key, &facts) {
        Some(copy) => copy,
        None => call.desk.pages.keep(key, &facts, body(&facts, &pooled)),
    };
    if call.person.is_none() {
        let stands = Stands { commits, from: now, until: wish.stands_until(&pooled) };
        call.desk.standing_slots.keep(asked, stands, copy.content.most_bytes(), copy.clone());
    }
    Ok(conditional(call, copy))
}

fn body(facts: &TeamFacts, pooled: &Pooled) -> Bytes {
    let slots: Vec<OpenSlot> = pooled
        .slots
        .iter()
        .map(|slot| {
            let hosts = facts.team.show_hosts.then(|| named(&facts.hosts, slot));
            OpenSlot { hosts, ..OpenSlot::of(slot, &facts.types) }
        })
        .collect();
    let list = SlotList { slots, version: pooled.point() };
    // Texts and numbers can always be written.
    serde_json::to_vec(&list).unwrap_or_default().into()
}

/// The slot's hosts among the team's; both are sorted.
fn named<'a>(hosts: &'a [Host], slot: &PooledSlot) -> Vec<NamedHost<'a>> {
    let host = |person: &PersonId| hosts.get(hosts.binary_search_by_key(person, |host| host.person).ok()?);
    let named = |host: &'a Host| NamedHost { id: host.person.to_string(), name: &host.name };
    slot.hosts.iter().filter_map(host).map(named).collect()
}

/// What is answered.
#[derive(Serialize)]
struct SlotList<'a> {
    slots: Vec<OpenSlot<'a>>,
    version: String,
}

/// One slot as the API writes it.
#[derive(Serialize)]
pub(super) struct OpenSlot<'a> {
    end: String,
    /// Where the team shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<Vec<NamedHost<'a>>>,
    open: i64,
    start: String,
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
struct NamedHost<'a> {
    id: String,
    name: &'a str,
}

impl<'a> OpenSlot<'a> {
    /// Without its hosts.
    pub(super) fn of(slot: &PooledSlot, types: &'a [SessionType]) -> Self {
        let kind = types.iter().find(|one| one.id == slot.type_id).map_or("", |one| one.slug.as_str());
        Self { end: times::write(slot.end), hosts: None, open: slot.open, start: times::write(slot.start), kind }
    }
}

/// 200 with the body, or 304: the tag is the body's digest, because time alone changes the answer too.
fn conditional(call: &Call, copy: PageCopy) -> Answer {
    let answer = match surface::fresh(&call.headers, &copy.etag, None) {
        true => surface::empty(StatusCode::NOT_MODIFIED),
        false => surface::bytes(StatusCode::OK, "application/json", copy.content.plain()),
    };
    let mut answer = surface::with(answer, header::ETAG, &copy.etag);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}

/// What is asked for.
struct Wish {
    /// One type, or none: all of them.
    types: Vec<TypeId>,
    from: i64,
    to: i64,
    /// What nobody named moves with the clock.
    from_now: bool,
    to_moves: bool,
}

impl Wish {
    fn read(call: &Call, now: i64, types: &[SessionType]) -> Result<Self, Box<Answer>> {
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
        let from = time("from", now);
        let to = time("to", from.saturating_add(DEFAULT_SPAN));
        if to < from {
            errors.wrong("to", "must not be before from");
        } else if to.saturating_sub(from) > LONGEST_SPAN {
            errors.wrong("to", "must be at most 366 days after from");
        }
        errors.finish(&call.desk.config.public_url)?;
        let named = |name: &str| query.get(name).is_some_and(|text| !text.is_empty());
        let from_now = !named("from");
        Ok(Self { types: wanted, from, to, from_now, to_moves: from_now && !named("to") })
    }

    /// The next instant at which the clock changes the answer: slots come in at the end that moves, or the time asked
    /// for is over.
    fn stands_until(&self, pooled: &Pooled) -> i64 {
        let moves = match (self.from_now, self.to_moves) {
            (_, true) => pooled.next_at.saturating_sub(DEFAULT_SPAN),
            (true, false) => self.to,
            (false, false) => i64::MAX,
        };
        pooled.valid_until.min(moves)
    }
}
