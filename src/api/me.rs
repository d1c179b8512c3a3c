//! `GET /api/v1/me`: who the token belongs to, and what they are where; `GET /api/v1/me/data`: all that is known of them.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::refusals;
use crate::db::DbError;
use crate::desk::own_data;
use crate::people::{Person, settings};
use crate::surface::{self, Answer, Call, problem};
use crate::teams;

/// Whoever calls; `server::rights` let nobody else in.
///
/// # Errors
/// The refusal, should a route have forgotten to say so there.
pub(super) fn caller(call: &Call) -> Result<&Person, Box<Answer>> {
    call.person.as_ref().ok_or_else(|| Box::new(refusals::problem(call, &problem::SIGN_IN)))
}

/// The caller and their teams.
pub async fn me(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    match write(&call, person).await {
        Ok(body) => surface::with(surface::json(StatusCode::OK, &body), header::CACHE_CONTROL, "no-store"),
        Err(error) => refusals::database(&call, &error),
    }
}

async fn write(call: &Call, person: &Person) -> Result<Value, DbError> {
    let mut conn = call.desk.db.read().await?;
    let known = settings::preferences(&mut conn, person.id).await?;
    let mut memberships = Vec::new();
    for team in teams::of_person(&mut conn, person.id).await? {
        let roles = teams::roles(&mut conn, team.id, person.id).await?;
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        memberships.push(json!({ "team": team.slug, "name": team.name, "roles": roles }));
    }
    Ok(json!({
        "id": person.id.to_string(),
        "email": person.email,
        "name": person.name,
        "timezone": person.timezone,
        "language": known.language,
        "reminders": known.reminders,
        "admin": person.admin,
        "memberships": memberships,
    }))
}

/// Everything about the caller, as in the copy that people take from `/your-data`; calendars are read over CalDAV.
pub async fn data(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    match own_data::as_json(&call.desk, person.id).await {
        Ok(data) => surface::with(surface::json(StatusCode::OK, &data), header::CACHE_CONTROL, "no-store"),
        Err(error) => refusals::database(&call, &error),
    }
}
