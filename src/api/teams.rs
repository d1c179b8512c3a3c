//! `/api/v1/teams` and `/api/v1/teams/{team}`: teams, for everybody who may see them; changing them, for those who look
//! after them.

use http::StatusCode;
use serde_json::{Value, json};

use super::answers::{Reply, broken, done, nothing_here, personal, refused, told, wrong_fields};
use super::bookings::read_one;
use super::fields::Fields;
use super::me::caller;
use super::session_types;
use crate::db::{Conn, DbError};
use crate::desk::teams::{Actor, EditTeam, RemoveTeam, TeamRefused};
use crate::people::Person;
use crate::surface::{self, Answer, Call, problem};
use crate::teams::{self, Role, Team, TeamChange};

/// `GET /api/v1/teams`: the teams anyone may see, and the caller's.
pub async fn list(call: Call) -> Reply {
    let teams = listed(&call).await.map_err(broken(&call))?;
    told(&json!({ "teams": teams.iter().map(write).collect::<Vec<_>>() }))
}

async fn listed(call: &Call) -> Result<Vec<Team>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(person) = &call.person else { return teams::public(&mut conn).await };
    if person.admin {
        return teams::all(&mut conn).await;
    }
    let mut found = teams::public(&mut conn).await?;
    for team in teams::of_person(&mut conn, person.id).await? {
        if !team.hidden && !found.iter().any(|known| known.id == team.id) {
            found.push(team);
        }
    }
    Ok(found)
}

/// `GET /api/v1/teams/{team}`: with its session types and what they ask; with its settings, for those who look after it.
pub async fn show(call: Call) -> Reply {
    match shown(&call).await.map_err(broken(&call))? {
        Some(body) => told(&body),
        None => Err(nothing_here(&call)),
    }
}

async fn shown(call: &Call) -> Result<Option<Value>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    if looks_after(call, &team).await? {
        let types = teams::all_types(&mut conn, team.id).await?;
        let mut body = settings(&team);
        body["types"] = types.iter().map(session_types::write).collect();
        return Ok(Some(body));
    }
    drop(conn);
    let person = call.person.as_ref();
    let Some(facts) = surface::teams::visible(&call.desk, call.param(0), person).await? else { return Ok(None) };
    let member = surface::teams::is_member(&call.desk, &facts, person).await?;
    let mut body = write(&facts.team);
    body["types"] = facts.shown(member).iter().map(session_types::write).collect();
    Ok(Some(body))
}

/// Whether the caller is a lead of the team, or an administrator.
pub(super) async fn looks_after(call: &Call, team: &Team) -> Result<bool, DbError> {
    let Some(Person { id, admin, .. }) = &call.person else { return Ok(false) };
    if *admin {
        return Ok(true);
    }
    let roles = teams::roles(&mut call.desk.db.read().await?, team.id, *id).await?;
    Ok(team.active && roles.contains(&Role::Lead))
}

/// The team in the address, switched off or not; who may know of it was decided before (`server::rights`).
pub(super) async fn team(call: &Call, conn: &mut Conn) -> Result<Team, Box<Answer>> {
    let team = teams::any_by_slug(conn, call.param(0)).await.map_err(broken(call))?;
    team.ok_or_else(|| nothing_here(call))
}

/// `POST /api/v1/teams`
pub async fn create(call: Call) -> Reply {
    edit(&call, None).await
}

/// `PATCH /api/v1/teams/{team}`
pub async fn change(call: Call) -> Reply {
    edit(&call, Some(call.param(0).to_owned())).await
}

async fn edit(call: &Call, known: Option<String>) -> Reply {
    let actor = Actor::from(caller(call)?);
    let change = read_one(call, read)?;
    let status = if known.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    let command = EditTeam { known, change, actor, now: call.desk.clock.now() };
    let team = call.desk.db.run(command).await.map_err(refuse(call))?;
    Ok(personal(status, &settings(&team)))
}

/// `DELETE /api/v1/teams/{team}`
pub async fn remove(call: Call) -> Reply {
    let actor = Actor::from(caller(&call)?);
    let command = RemoveTeam { slug: call.param(0).to_owned(), actor, now: call.desk.clock.now() };
    call.desk.db.run(command).await.map_err(refuse(&call))?;
    done()
}

fn read(fields: &mut Fields) -> TeamChange {
    TeamChange {
        slug: fields.given_text("slug"),
        name: fields.given_text("name"),
        description: fields.given_text("description"),
        timezone: fields.given_text("timezone"),
        active: fields.given_flag("active"),
        public: fields.given_flag("public"),
        booking: fields.given_word("booking"),
        show_hosts: fields.given_flag("show_hosts"),
        policy: fields.given_word("policy"),
        notify_leads: fields.given_flag("notify_leads"),
        notify_admins: fields.given_flag("notify_admins"),
        hosts_join: fields.given_flag("hosts_join"),
        embed_on: fields.given_texts("embed_on"),
        day_starts: fields.given_number("day_starts"),
        day_ends: fields.given_number("day_ends"),
        notice: fields.given_or_null("notice"),
        buffer_before: fields.given_or_null("buffer_before"),
        buffer_after: fields.given_or_null("buffer_after"),
        booking_window: fields.given_or_null("booking_window"),
        daily_cap: fields.given_or_null("daily_cap"),
    }
}

/// What everybody sees who may see the team.
fn write(team: &Team) -> Value {
    json!({
        "slug": team.slug,
        "name": team.name,
        "description": team.description,
        "timezone": team.timezone,
        "public": team.public,
        "booking": team.booking.word(),
    })
}

/// Everything that can be set.
fn settings(team: &Team) -> Value {
    let mut body = write(team);
    let more = json!({
        "active": team.active,
        "show_hosts": team.show_hosts,
        "policy": team.policy.word(),
        "notify_leads": team.notify_leads,
        "notify_admins": team.notify_admins,
        "hosts_join": team.hosts_join,
        "embed_on": team.embed_on,
        "day_starts": team.day_starts,
        "day_ends": team.day_ends,
        "notice": team.rules.notice,
        "buffer_before": team.rules.buffer_before,
        "buffer_after": team.rules.buffer_after,
        "booking_window": team.rules.booking_window,
        "daily_cap": team.daily_cap,
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

/// Turns why a team, a type or a membership stays as it is into the answer.
pub(super) fn refuse(call: &Call) -> impl Fn(TeamRefused) -> Box<Answer> + '_ {
    |why| match why {
        TeamRefused::NoTeam(_) | TeamRefused::NoType(_) | TeamRefused::NoMember => nothing_here(call),
        TeamRefused::Invalid(errors) => {
            let mut fields = Fields::empty();
            errors.iter().for_each(|error| fields.wrong(&error.field, &error.message));
            wrong_fields(call, fields)
        }
        TeamRefused::InUse => refused(call, &problem::IN_USE, None),
        TeamRefused::BookingsAhead(count) => {
            let more = serde_json::Map::from_iter([("bookings".to_owned(), json!(count))]);
            Box::new(problem::BOOKINGS_AHEAD.answer(&call.desk.config.public_url, None, more))
        }
        TeamRefused::Busy => refused(call, &problem::UNAVAILABLE, None),
        TeamRefused::Db(error) => broken(call)(error),
    }
}
