//! What leads and administrators do with a team's bookings: `/api/v1/teams/{team}/bookings/...`. Who may is decided before
//! (`server::rights`).

use serde_json::{Value, json};

use super::answers::{Reply, broken, nothing_here, told};
use super::bookings::{read_one, read_outcome};
use super::me::caller;
use super::{refusals, times};
use crate::booking::{self, Booking, Happened, Refusal};
use crate::db::DbError;
use crate::desk::booking as desk;
use crate::people;
use crate::surface::{Answer, Call};
use crate::teams::{self, Team};

/// How far ahead bookings are listed unless `to` says so, seconds.
const AHEAD: i64 = 366 * 86_400;

/// `GET /api/v1/teams/{team}/bookings?from=&to=`: those with a seat whose sessions end after `from` and start before `to`.
pub async fn list(call: Call) -> Reply {
    let (from, to) = window(&call)?;
    match listed(&call, from, to).await.map_err(broken(&call))? {
        Some(bookings) => told(&json!({ "bookings": bookings })),
        None => Err(nothing_here(&call)),
    }
}

/// `GET /api/v1/teams/{team}/bookings/{booking}`: with its history.
pub async fn show(call: Call) -> Reply {
    shown(&call).await
}

/// `POST .../approve`
pub async fn approve(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let result = desk::approve(&call.desk, found.id, actor).await;
    changed(&call, &found, result).await
}

/// `POST .../reject`: `reason`.
pub async fn reject(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let reason = read_one(&call, |fields| fields.optional("reason"))?.unwrap_or_default();
    let result = desk::reject(&call.desk, found.id, actor, &reason).await;
    changed(&call, &found, result).await
}

/// `POST .../cancel`: `reason`.
pub async fn cancel(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let reason = read_one(&call, |fields| fields.optional("reason"))?.unwrap_or_default();
    let result = desk::cancel_as(&call.desk, found.id, actor, &reason).await;
    changed(&call, &found, result).await
}

/// `POST .../reassign`: `host`.
pub async fn reassign(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let host = read_one(&call, |fields| {
        let text = fields.text("host");
        text.parse().unwrap_or_else(|_| {
            if !text.is_empty() {
                fields.wrong("host", "is not a host of this team");
            }
            0
        })
    })?;
    let result = desk::reassign(&call.desk, found.id, host, actor).await;
    changed(&call, &found, result).await
}

/// `POST .../reschedule`: `start`.
pub async fn reschedule(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let start = read_one(&call, |fields| fields.time("start"))?;
    let result = desk::reschedule_as(&call.desk, found.id, actor, start).await;
    changed(&call, &found, result).await
}

/// `POST .../outcome`: `outcome`, `completed`, `no-show` or `null`.
pub async fn outcome(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let said = read_outcome(&call)?;
    let result = desk::set_outcome(&call.desk, found.id, said, actor).await;
    changed(&call, &found, result).await
}

/// `POST .../resend`
pub async fn resend(call: Call) -> Reply {
    let (actor, found) = opened(&call).await?;
    let result = desk::resend(&call.desk, found.id, actor).await;
    changed(&call, &found, result).await
}

fn window(call: &Call) -> Result<(i64, i64), Box<Answer>> {
    let query = call.query();
    let mut fields = super::fields::Fields::empty();
    let mut read = |name: &str, otherwise: i64| match query.text(name) {
        "" => otherwise,
        text => times::read(text).unwrap_or_else(|| {
            fields.wrong(name, "must be a time such as 2026-11-26T18:00:00Z");
            otherwise
        }),
    };
    let now = call.desk.clock.now();
    let from = read("from", now);
    let to = read("to", from.saturating_add(AHEAD));
    fields.finish(&call.desk.config.public_url)?;
    Ok((from, to))
}

async fn listed(call: &Call, from: i64, to: i64) -> Result<Option<Vec<Value>>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let bookings = booking::of_team(&mut conn, team.id, from).await?;
    let ids: Vec<i64> = bookings.iter().map(|booking| booking.session.type_id).collect();
    let types = teams::type_slugs(&mut conn, &ids).await?;
    let hosts: Vec<i64> = bookings.iter().map(|booking| booking.session.host).collect();
    let hosts = people::names(&mut conn, &hosts).await?;
    let written = bookings.iter().filter(|booking| booking.session.starts < to).map(|booking| {
        let session = &booking.session;
        let kind = types.get(&session.type_id).map_or("", String::as_str);
        write(&team, booking, kind, hosts.get(&session.host).map_or("", String::as_str))
    });
    Ok(Some(written.collect()))
}

/// The caller's key, and the booking if it is one of the team's.
async fn opened(call: &Call) -> Result<(i64, Booking), Box<Answer>> {
    let actor = caller(call)?.id;
    let found = found(call).await.map_err(broken(call))?;
    found.map(|(_, booking)| (actor, booking)).ok_or_else(|| nothing_here(call))
}

async fn found(call: &Call) -> Result<Option<(Team, Booking)>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let id = call.param(1).parse().unwrap_or(0);
    let booking = booking::by_id(&mut conn, id).await?.filter(|booking| booking.session.team == team.id);
    Ok(booking.map(|booking| (team, booking)))
}

/// The booking as it is now, or why it stays as it was.
async fn changed(call: &Call, known: &Booking, result: Result<Booking, Refusal>) -> Reply {
    match result {
        Ok(_) => shown(call).await,
        Err(refusal) => Err(refusals::with_types_of(call, &refusal, known.session.team).await),
    }
}

async fn shown(call: &Call) -> Reply {
    match written(call).await.map_err(broken(call))? {
        Some(body) => told(&body),
        None => Err(nothing_here(call)),
    }
}

async fn written(call: &Call) -> Result<Option<Value>, DbError> {
    let Some((team, booking)) = found(call).await? else { return Ok(None) };
    let mut conn = call.desk.db.read().await?;
    let kind = teams::type_by_id(&mut conn, booking.session.type_id).await?;
    let host = people::by_id(&mut conn, booking.session.host).await?;
    let history = booking::history(&mut conn, booking.id).await?;
    let (kind, host) = (kind.map(|kind| kind.slug).unwrap_or_default(), host.map(|host| host.name).unwrap_or_default());
    let mut body = write(&team, &booking, &kind, &host);
    body["history"] = history.iter().map(happened).collect();
    Ok(Some(body))
}

fn happened(line: &Happened) -> Value {
    json!({ "at": times::write(line.at), "action": line.action, "by": line.actor })
}

/// A booking as those see it who look after its team.
fn write(team: &Team, booking: &Booking, kind: &str, host: &str) -> Value {
    let session = &booking.session;
    json!({
        "id": booking.id.to_string(),
        "uid": booking.uid,
        "session": session.id.to_string(),
        "start": times::write(session.starts),
        "end": times::write(session.ends),
        "status": booking.word(),
        "outcome": session.outcome.map(crate::booking::Outcome::word),
        "expires": booking.expires.filter(|_| booking.is_waiting()).map(times::write),
        "team": team.slug,
        "type": kind,
        "host": { "id": session.host.to_string(), "name": host },
        "guest": {
            "name": booking.name, "email": booking.email, "phone": booking.phone, "timezone": booking.timezone,
        },
        "agenda": booking.agenda,
        "answers": booking.answers,
        "meeting": session.link,
        "reason": booking.reason,
        "created": times::write(booking.created),
    })
}
