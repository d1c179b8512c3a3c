//! `GET /api/v1/me`: who the token belongs to, and what they are where.

use serde_json::{Value, json};

use super::answers::{Reply, broken, refused, told};
use crate::desk::people::memberships;
use crate::people::{Person, settings};
use crate::surface::{Answer, Call, problem};
use crate::teams::{Role, Team};

/// Whoever calls; `server::rights` let nobody else in.
///
/// # Errors
/// The refusal, should a route have forgotten to say so there.
pub(super) fn caller(call: &Call) -> Result<&Person, Box<Answer>> {
    call.person.as_ref().ok_or_else(|| refused(call, &problem::SIGN_IN, None))
}

/// The caller and their teams.
pub async fn me(call: Call) -> Reply {
    let person = caller(&call)?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let known = settings::preferences(&mut conn, person.id).await.map_err(broken(&call))?;
    let memberships = memberships(&mut conn, person.id).await.map_err(broken(&call))?;
    told(&json!({
        "id": person.id.to_string(),
        "email": person.email,
        "name": person.name,
        "timezone": person.timezone,
        "language": known.language,
        "reminders": known.reminders,
        "admin": person.admin,
        "memberships": write_memberships(&memberships),
    }))
}

/// What somebody is in which team.
pub(super) fn write_memberships(memberships: &[(Team, Vec<Role>)]) -> Value {
    let write = |(team, roles): &(Team, Vec<Role>)| {
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        json!({ "team": team.slug, "name": team.name, "roles": roles })
    };
    memberships.iter().map(write).collect()
}
