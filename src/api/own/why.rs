//! `GET /api/v1/me/why`: why an hour of the caller's is offered, or is not. It tells what stands in their calendar, so it
//! is theirs alone.

use std::collections::HashMap;

use caldav::ical::zone::Zone;
use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, told};
use crate::api::fields::Fields;
use crate::api::me::caller;
use crate::api::times;
use crate::availability::Obstacle;
use crate::db::{Conn, DbError};
use crate::desk::why::{Explained, Hidden, Nothing, State, Verdict, explain, verdict};
use crate::people::PersonId;
use crate::surface::{Answer, Call};
use crate::teams::{self, TypeId};

const DAY: i64 = 86_400;
/// Looked at when nothing is asked for, and at most, seconds.
const USUAL: i64 = 7 * DAY;
const LONGEST: i64 = 31 * DAY;
/// How far from now, seconds: as far as calendars are listed.
const FAR: i64 = 800 * DAY;

/// `?start=` for one very start, else `?from=&to=`.
pub async fn why(call: Call) -> Reply {
    let person = caller(&call)?;
    let zone = person.timezone.as_deref().and_then(Zone::named).unwrap_or_else(Zone::utc);
    let (start, from, to) = read(&call, &zone)?;
    let explained = explain(&call.desk, person.id, from, to).await.map_err(broken(&call))?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let names = Names::of(&mut conn, person.id, &explained).await.map_err(broken(&call))?;
    let now = call.desk.clock.now();
    told(&json!({
        "start": start.map(times::write),
        "verdict": start.map(|start| judged(&verdict(start, &explained, now))),
        "offers": explained.iter().map(|one| write(one, &names)).collect::<Vec<_>>(),
    }))
}

/// What is asked: a start with its day by the caller's clock, or a stretch.
fn read(call: &Call, zone: &Zone) -> Result<(Option<i64>, i64, i64), Box<Answer>> {
    let query = call.query();
    let now = call.desk.clock.now();
    let mut fields = Fields::empty();
    let mut time = |name: &str| match query.text(name) {
        "" => None,
        text => {
            let time = times::read(text).filter(|time| (time - now).abs() < FAR);
            if time.is_none() {
                fields.wrong(name, "must be a time such as 2026-11-26T18:00:00Z, less than 800 days from now");
            }
            time
        }
    };
    let (start, from, to) = (time("start"), time("from"), time("to"));
    if start.is_some() && (from.is_some() || to.is_some()) {
        fields.wrong("start", "must not come with from or to");
    }
    let (first, last) = match start {
        Some(start) => {
            let date = zone.to_wall(start).date();
            let midnight = |date: jiff::civil::Date| zone.to_instant(date.at(0, 0, 0, 0));
            (midnight(date), date.tomorrow().map_or(start + DAY, midnight))
        }
        None => {
            let first = from.unwrap_or(now);
            (first, to.unwrap_or(first + USUAL))
        }
    };
    if last < first || last - first > LONGEST {
        fields.wrong("to", "must be after from, and at most 31 days after it");
    }
    fields.finish(&call.desk.config.public_url)?;
    Ok((start, first, last))
}

/// Slugs of the teams and kinds of session.
struct Names {
    teams: HashMap<i64, String>,
    types: HashMap<TypeId, String>,
}

impl Names {
    async fn of(conn: &mut Conn, person: PersonId, explained: &[Explained]) -> Result<Self, DbError> {
        let types: Vec<TypeId> =
            explained.iter().flat_map(|one| one.hidden.iter().map(|hidden| hidden.type_id)).collect();
        let teams = teams::of_person(conn, person).await?;
        let teams = teams.into_iter().map(|team| (team.id, team.slug)).collect();
        Ok(Self { teams, types: teams::type_slugs(conn, &types).await? })
    }
}

fn write(one: &Explained, names: &Names) -> Value {
    let hidden = |hidden: &Hidden| {
        json!({
            "start": times::write(hidden.start),
            "end": times::write(hidden.end),
            "team": names.teams.get(&hidden.team),
            "type": names.types.get(&hidden.type_id),
            "why": against(&hidden.obstacle),
        })
    };
    json!({
        "start": times::write(one.offer.starts),
        "end": times::write(one.offer.ends),
        "all_day": one.offer.all_day,
        "state": match one.state() {
            State::Live => "live",
            State::Partly => "partly",
            State::Hidden => "hidden",
            State::Ignored => "ignored",
        },
        "open": one.open.iter().map(|start| times::write(*start)).collect::<Vec<_>>(),
        "hidden": one.hidden.iter().map(hidden).collect::<Vec<_>>(),
        "why": one.nothing.as_ref().map(nothing),
    })
}

fn judged(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Over => json!({ "code": "over" }),
        Verdict::Open => json!({ "code": "open" }),
        Verdict::Outside => json!({ "code": "outside" }),
        Verdict::NoOffer => json!({ "code": "no-offer" }),
        Verdict::Remainder => json!({ "code": "remainder" }),
        Verdict::OffGrid => json!({ "code": "off-grid" }),
        Verdict::Against(obstacle) => against(obstacle),
        Verdict::Nothing(why) => nothing(why),
    }
}

fn against(obstacle: &Obstacle) -> Value {
    match *obstacle {
        Obstacle::Busy { near: false } => json!({ "code": "busy" }),
        Obstacle::Busy { near: true } => json!({ "code": "busy-near" }),
        Obstacle::Held { near: false, hosted: true } => json!({ "code": "session" }),
        Obstacle::Held { near: false, hosted: false } => json!({ "code": "session-as-guest" }),
        Obstacle::Held { near: true, .. } => json!({ "code": "session-near" }),
        Obstacle::Full => json!({ "code": "full" }),
        Obstacle::PerDay(most) => json!({ "code": "per-day", "most": most }),
        Obstacle::PerWeek(most) => json!({ "code": "per-week", "most": most }),
        Obstacle::TeamDay(most) => json!({ "code": "team-day", "most": most }),
        Obstacle::PerOffer(most) => json!({ "code": "per-offer", "most": most }),
        Obstacle::TooSoon(notice) => json!({ "code": "too-soon", "notice": notice }),
        Obstacle::TooFar(window) => json!({ "code": "too-far", "booking_window": window }),
    }
}

fn nothing(why: &Nothing) -> Value {
    match why {
        Nothing::NoTypes => json!({ "code": "no-types" }),
        Nothing::UnknownType(name) => json!({ "code": "unknown-type", "name": name }),
        Nothing::Past => json!({ "code": "over" }),
        Nothing::TooShort(minutes) => json!({ "code": "too-short", "minutes": minutes }),
        Nothing::TooLong => json!({ "code": "too-long" }),
    }
}
