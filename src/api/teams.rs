//! `/api/v1/teams` and `/api/v1/teams/{team}`: teams, for everybody who may see them; changing them, for those who look
//! after them.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::fields::Fields;
use super::me::caller;
use super::{refusals, session_types};
use crate::db::DbError;
use crate::desk::teams::{Actor, EditTeam, RemoveTeam, TeamRefused};
use crate::people::Person;
use crate::surface::{self, Answer, Call, problem};
use crate::teams::{self, Role, Team, TeamChange};

/// `GET /api/v1/teams`: the teams anyone may see, and the caller's.
pub async fn list(call: Call) -> Answer {
    match listed(&call).await {
        Ok(teams) => answer(StatusCode::OK, &json!({ "teams": teams.iter().map(write).collect::<Vec<_>>() })),
        Err(error) => refusals::database(&call, &error),
    }
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
pub async fn show(call: Call) -> Answer {
    match shown(&call).await {
        Ok(Some(body)) => answer(StatusCode::OK, &body),
        Ok(None) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
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

/// `POST /api/v1/teams`
pub async fn create(call: Call) -> Answer {
    edit(&call, None).await
}

/// `PATCH /api/v1/teams/{team}`
pub async fn change(call: Call) -> Answer {
    edit(&call, Some(call.param(0).to_owned())).await
}

async fn edit(call: &Call, known: Option<String>) -> Answer {
    let actor = match caller(call) {
        Ok(person) => Actor::from(person),
        Err(answer) => return *answer,
    };
    let mut fields = match Fields::read(call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let change = read(&mut fields);
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    let status = if known.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    match call.desk.db.run(EditTeam { known, change, actor, now: call.desk.clock.now() }).await {
        Ok(team) => answer(status, &settings(&team)),
        Err(refused) => refuse(call, &refused),
    }
}

/// `DELETE /api/v1/teams/{team}`
pub async fn remove(call: Call) -> Answer {
    let actor = match caller(&call) {
        Ok(person) => Actor::from(person),
        Err(answer) => return *answer,
    };
    let command = RemoveTeam { slug: call.param(0).to_owned(), actor, now: call.desk.clock.now() };
    match call.desk.db.run(command).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refuse(&call, &refused),
    }
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

/// An answer that no cache keeps.
pub(super) fn answer(status: StatusCode, body: &Value) -> Answer {
    surface::with(surface::json(status, body), header::CACHE_CONTROL, "no-store")
}

/// Why a team, a type or a membership stays as it is.
pub(super) fn refuse(call: &Call, refused: &TeamRefused) -> Answer {
    let url = &call.desk.config.public_url;
    match refused {
        TeamRefused::NoTeam(_) | TeamRefused::NoType(_) | TeamRefused::NoMember => {
            refusals::problem(call, &problem::NOT_FOUND)
        }
        TeamRefused::Invalid(errors) => {
            let mut fields = Fields::empty();
            for error in errors {
                fields.wrong(&error.field, &error.message);
            }
            match fields.finish(url) {
                Err(answer) => *answer,
                Ok(()) => refusals::problem(call, &problem::INVALID),
            }
        }
        TeamRefused::InUse => problem::IN_USE.answer(url, None, serde_json::Map::new()),
        TeamRefused::BookingsAhead(count) => {
            let more = json!({ "bookings": count });
            problem::BOOKINGS_AHEAD.answer(url, None, more.as_object().cloned().unwrap_or_default())
        }
        TeamRefused::Busy => refusals::problem(call, &problem::UNAVAILABLE),
        TeamRefused::Db(error) => refusals::database(call, error),
    }
}
