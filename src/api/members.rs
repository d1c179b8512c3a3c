//! `/api/v1/teams/{team}/members`: for those who look after the team.

use http::StatusCode;
use serde_json::{Value, json};

use super::answers::{Reply, broken, id, nothing_here, personal, told};
use super::fields::Fields;
use super::me::caller;
use super::teams::{refuse, team};
use crate::booking::Refusal;
use crate::desk::booking::reason_of;
use crate::desk::teams::{Actor, AddMember, Fate, Membership, set_member};
use crate::people::PersonId;
use crate::people::retention::ban_hash;
use crate::surface::{Answer, Call};
use crate::teams::{self, Member, Role};

/// `GET /api/v1/teams/{team}/members`
pub async fn list(call: Call) -> Reply {
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let team = team(&call, &mut conn).await?;
    let members = teams::members(&mut conn, team.id).await.map_err(broken(&call))?;
    told(&json!({ "members": members.iter().map(write).collect::<Vec<_>>() }))
}

/// `GET /api/v1/teams/{team}/members/{person}`
pub async fn show(call: Call) -> Reply {
    match found(&call, id(&call, 1)).await? {
        Some(member) => told(&write(&member)),
        None => Err(nothing_here(&call)),
    }
}

/// `POST /api/v1/teams/{team}/members`: takes somebody in; they get a mail.
pub async fn add(call: Call) -> Reply {
    let actor = Actor::from(caller(&call)?);
    let mut fields = Fields::read(&call)?;
    let (email, name) = (fields.text("email"), fields.given_text("name"));
    let role = fields.given_word("role").unwrap_or(Role::Guest);
    fields.finish(&call.desk.config.public_url)?;
    let team = call.param(0).to_owned();
    let ban = ban_hash(&call.desk.keys, &email);
    let command = AddMember { team, email, ban, name, role, actor, now: call.desk.clock.now() };
    let person = call.desk.db.run(command).await.map_err(refuse(&call))?;
    shown(&call, StatusCode::CREATED, person.id, json!({})).await
}

/// `PATCH /api/v1/teams/{team}/members/{person}`
pub async fn change(call: Call) -> Reply {
    let mut fields = Fields::read(&call)?;
    let roles = fields.given("roles", "must be a list of host, lead and guest", |value| {
        value.as_array()?.iter().map(|role| role.as_str()?.parse().ok()).collect()
    });
    let (active, priority) = (fields.given_flag("active"), fields.given_number("priority"));
    let (bookings, reason) = (fields.given_text("bookings"), fields.given_text("reason"));
    let fate = fate(&mut fields, bookings.as_deref(), reason.as_deref());
    fields.finish(&call.desk.config.public_url)?;
    set(&call, Membership { roles, active, priority, fate }).await
}

/// `DELETE /api/v1/teams/{team}/members/{person}?bookings=cancel|keep&reason=`
pub async fn remove(call: Call) -> Reply {
    let query = call.query();
    let mut fields = Fields::empty();
    let fate = fate(&mut fields, query.get("bookings"), query.get("reason"));
    fields.finish(&call.desk.config.public_url)?;
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

async fn set(call: &Call, wish: Membership) -> Reply {
    let actor = Actor::from(caller(call)?);
    let person = id(call, 1);
    let set = set_member(&call.desk, call.param(0), person, &wish, actor).await.map_err(refuse(call))?;
    let more = json!({ "cancelled": set.cancelled, "leaderless": set.leaderless });
    shown(call, StatusCode::OK, person, more).await
}

/// The member as they are now, `null` when they have left, with what happened.
async fn shown(call: &Call, status: StatusCode, person: PersonId, mut more: Value) -> Reply {
    more["member"] = found(call, person).await?.as_ref().map_or(Value::Null, write);
    Ok(personal(status, &more))
}

async fn found(call: &Call, person: PersonId) -> Result<Option<Member>, Box<Answer>> {
    let mut conn = call.desk.db.read().await.map_err(broken(call))?;
    let team = team(call, &mut conn).await?;
    teams::membership(&mut conn, team.id, person).await.map_err(broken(call))
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
