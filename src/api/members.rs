//! `/api/v1/teams/{team}/members`: for those who look after the team.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields::Fields;
use super::me::caller;
use super::refusals;
use super::teams::{answer, refuse};
use crate::booking::Refusal;
use crate::db::DbError;
use crate::desk::booking::reason_of;
use crate::desk::teams::{Actor, AddMember, Fate, Membership, TeamRefused, set_member};
use crate::people::PersonId;
use crate::surface::{Answer, Call, problem};
use crate::teams::{self, Member, Role};

/// `GET /api/v1/teams/{team}/members`
pub async fn list(call: Call) -> Answer {
    match known(&call).await {
        Ok(Some(members)) => {
            answer(StatusCode::OK, &json!({ "members": members.iter().map(write).collect::<Vec<_>>() }))
        }
        Ok(None) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
    }
}

async fn known(call: &Call) -> Result<Option<Vec<Member>>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    Ok(Some(teams::members(&mut conn, team.id).await?))
}

/// `POST /api/v1/teams/{team}/members`: takes somebody in; they get a mail.
pub async fn add(call: Call) -> Answer {
    let actor = match caller(&call) {
        Ok(person) => Actor::from(person),
        Err(answer) => return *answer,
    };
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let (email, name) = (fields.text("email"), fields.given_text("name"));
    let role = fields.given_word("role").unwrap_or(Role::Guest);
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    let team = call.param(0).to_owned();
    let command = AddMember { team, email, name, role, actor, now: call.desk.clock.now() };
    match call.desk.db.run(command).await {
        Ok(person) => shown(&call, StatusCode::CREATED, person.id, json!({})).await,
        Err(refused) => refuse(&call, &refused),
    }
}

/// `PATCH /api/v1/teams/{team}/members/{person}`
pub async fn change(call: Call) -> Answer {
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let roles = fields.given("roles", "must be a list of host, lead and guest", |value| {
        value.as_array()?.iter().map(|role| role.as_str()?.parse().ok()).collect()
    });
    let (active, priority) = (fields.given_flag("active"), fields.given_number("priority"));
    let (bookings, reason) = (fields.given_text("bookings"), fields.given_text("reason"));
    let fate = fate(&mut fields, bookings.as_deref(), reason.as_deref());
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    set(&call, Membership { roles, active, priority, fate }).await
}

/// `DELETE /api/v1/teams/{team}/members/{person}?bookings=cancel|keep&reason=`
pub async fn remove(call: Call) -> Answer {
    let query = call.query();
    let mut fields = Fields::empty();
    let fate = fate(&mut fields, query.get("bookings"), query.get("reason"));
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    set(&call, Membership { roles: Some(Vec::new()), fate, ..Membership::default() }).await
}

/// What is to become of bookings ahead, where somebody says so.
fn fate(fields: &mut Fields, bookings: Option<&str>, reason: Option<&str>) -> Option<Fate> {
    match bookings? {
        "keep" => Some(Fate::Keep),
        "cancel" => match reason_of(reason) {
            Ok(reason) => Some(Fate::Cancel { reason }),
            Err(Refusal::Invalid(errors)) => {
                for error in errors {
                    fields.wrong(&error.field, &error.message);
                }
                None
            }
            Err(_) => None,
        },
        _ => {
            fields.wrong("bookings", "must be cancel or keep");
            None
        }
    }
}

async fn set(call: &Call, wish: Membership) -> Answer {
    let actor = match caller(call) {
        Ok(person) => Actor::from(person),
        Err(answer) => return *answer,
    };
    let person = call.param(1).parse().unwrap_or(0);
    match set_member(&call.desk, call.param(0), person, &wish, actor).await {
        Ok(set) => {
            let more = json!({ "cancelled": set.cancelled, "leaderless": set.leaderless });
            shown(call, StatusCode::OK, person, more).await
        }
        Err(refused) => refuse(call, &refused),
    }
}

/// The member as they are now, `null` when they have left, with what happened.
async fn shown(call: &Call, status: StatusCode, person: PersonId, mut more: Value) -> Answer {
    let found = async {
        let mut conn = call.desk.db.read().await?;
        let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
        teams::membership(&mut conn, team.id, person).await
    };
    match found.await {
        Ok(member) => {
            more["member"] = member.as_ref().map_or(Value::Null, write);
            answer(status, &more)
        }
        Err(error) => refuse(call, &TeamRefused::Db(error)),
    }
}

fn write(member: &Member) -> Value {
    json!({
        "id": member.person.to_string(),
        "name": member.name,
        "email": member.email,
        "roles": member.roles.iter().map(|role| role.word()).collect::<Vec<_>>(),
        "active": member.active,
        "priority": member.priority,
    })
}
