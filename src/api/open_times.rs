//! `/api/v1/teams/{team}/open-times`: what can be booked with whom, to be taken back with a reason; for those who look after
//! the team.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answers::{Reply, broken, done, nothing_here, refused, told, wrong_field};
use super::bookings::read_one;
use super::me::caller;
use super::times;
use crate::desk::team_facts::{self, TeamFacts};
use crate::desk::withdraw::{self as desk, Stretch, WithdrawRefused};
use crate::surface::{Answer, Call, problem};

/// `GET /api/v1/teams/{team}/open-times`: of the coming four weeks, by host.
pub async fn list(call: Call) -> Reply {
    let facts = facts(&call).await?;
    let open = desk::open_times(&call.desk, &facts.team).await.map_err(broken(&call))?;
    let write = |time: &Stretch| {
        let host = facts.hosts.iter().find(|host| host.person == time.host).map(|host| host.name.as_str());
        json!({
            "host": { "id": time.host.to_string(), "name": host },
            "start": times::write(time.starts),
            "end": times::write(time.ends),
        })
    };
    told(&json!({ "times": open.iter().map(write).collect::<Vec<_>>() }))
}

/// `POST /api/v1/teams/{team}/open-times/withdraw`: `times`, each `host`, `start` and `end`, and `reason`.
pub async fn withdraw(call: Call) -> Reply {
    let actor = caller(&call)?;
    let facts = facts(&call).await?;
    let (wanted, reason) = read_one(&call, |fields| {
        let wanted = fields.given("times", "must be a list of objects with host, start and end", |value| {
            value.as_array()?.iter().map(read).collect::<Option<Vec<Stretch>>>()
        });
        (wanted.unwrap_or_default(), fields.optional("reason").unwrap_or_default())
    })?;
    match desk::withdraw(&call.desk, &facts.team, &wanted, actor, &reason).await {
        Ok(()) => done(),
        Err(why @ WithdrawRefused::Number) => Err(wrong_field(&call, "times", &why.to_string())),
        Err(why @ WithdrawRefused::Reason) => Err(wrong_field(&call, "reason", &why.to_string())),
        Err(WithdrawRefused::Db(error)) => Err(broken(&call)(error)),
        Err(why @ (WithdrawRefused::NotOpen | WithdrawRefused::Calendar(_))) => {
            Err(refused(&call, &problem::NOT_CHANGEABLE, Some(&why.to_string())))
        }
    }
}

fn read(value: &Value) -> Option<Stretch> {
    let text = |name: &str| value.get(name)?.as_str();
    Some(Stretch {
        host: text("host")?.parse().ok()?,
        starts: times::read(text("start")?)?,
        ends: times::read(text("end")?)?,
    })
}

async fn facts(call: &Call) -> Result<Arc<TeamFacts>, Box<Answer>> {
    team_facts::team(&call.desk, call.param(0)).await.map_err(broken(call))?.ok_or_else(|| nothing_here(call))
}
