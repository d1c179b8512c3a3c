//! Refusals of the desk as problem details.

use http::header;
use serde_json::{Map, Value, json};

use super::slots::OpenSlot;
use crate::booking::Refusal;
use crate::db::DbError;
use crate::surface::problem::{self, Problem};
use crate::surface::{Answer, Call, with};
use crate::teams::{SessionType, TeamId};

/// A problem without further members.
pub(super) fn problem(call: &Call, problem: &Problem) -> Answer {
    problem.answer(&call.desk.config.public_url, None, Map::new())
}

/// The database failed: logged with the request's id, told without detail.
pub(super) fn database(call: &Call, error: &DbError) -> Answer {
    tracing::error!(id = call.id, %error, "the database failed");
    problem::INTERNAL.answer(&call.desk.config.public_url, Some(&format!("Request {}", call.id)), Map::new())
}

/// What the booking service refused, the alternatives named by the team's types.
pub(super) async fn with_types_of(call: &Call, refused: &Refusal, team: TeamId) -> Box<Answer> {
    let facts = crate::desk::team_facts::facts(&call.desk, team).await.ok().flatten();
    let types: &[SessionType] = facts.as_ref().map_or(&[], |facts| &facts.types);
    Box::new(refusal(call, refused, types))
}

/// What the booking service refused; `types` name the alternatives.
pub(super) fn refusal(call: &Call, refusal: &Refusal, types: &[SessionType]) -> Answer {
    if let Refusal::Db(error) = refusal {
        return database(call, error);
    }
    let problem = problem::by_code(refusal.code()).unwrap_or(&problem::INTERNAL);
    let mut more = Map::new();
    if let Refusal::Invalid(errors) = refusal {
        let errors = errors.iter().map(|error| json!({ "field": error.field, "message": error.message })).collect();
        more.insert("errors".into(), Value::Array(errors));
    }
    if problem.status == 409 {
        let alternatives = refusal.alternatives().iter().map(|slot| json!(OpenSlot::of(slot, types))).collect();
        more.insert("alternatives".into(), Value::Array(alternatives));
    }
    let answer = problem.answer(&call.desk.config.public_url, Some(refusal.message()), more);
    match refusal {
        Refusal::RateLimited { retry_after } => with(answer, header::RETRY_AFTER, &retry_after.to_string()),
        _ => answer,
    }
}
