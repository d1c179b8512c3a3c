//! `/api/v1/teams/{team}/session-types`: for those who look after the team.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields::Fields;
use super::me::caller;
use super::refusals;
use super::teams::{answer, refuse};
use crate::db::DbError;
use crate::desk::teams::{Actor, EditType, RemoveType};
use crate::surface::{self, Answer, Call, problem};
use crate::teams::{self, Question, SessionType, TypeChange};

/// `GET /api/v1/teams/{team}/session-types`
pub async fn list(call: Call) -> Answer {
    match known(&call).await {
        Ok(Some(types)) => answer(StatusCode::OK, &json!({ "types": types.iter().map(write).collect::<Vec<_>>() })),
        Ok(None) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
    }
}

/// `GET /api/v1/teams/{team}/session-types/{type}`
pub async fn show(call: Call) -> Answer {
    match known(&call).await {
        Ok(types) => match types.unwrap_or_default().iter().find(|kind| kind.slug == call.param(1)) {
            Some(kind) => answer(StatusCode::OK, &write(kind)),
            None => refusals::problem(&call, &problem::NOT_FOUND),
        },
        Err(error) => refusals::database(&call, &error),
    }
}

async fn known(call: &Call) -> Result<Option<Vec<SessionType>>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    Ok(Some(teams::all_types(&mut conn, team.id).await?))
}

/// `POST /api/v1/teams/{team}/session-types`
pub async fn create(call: Call) -> Answer {
    edit(&call, None).await
}

/// `PATCH /api/v1/teams/{team}/session-types/{type}`
pub async fn change(call: Call) -> Answer {
    edit(&call, Some(call.param(1).to_owned())).await
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
    let team = call.param(0).to_owned();
    match call.desk.db.run(EditType { team, known, change, actor, now: call.desk.clock.now() }).await {
        Ok(kind) => answer(status, &write(&kind)),
        Err(refused) => refuse(call, &refused),
    }
}

/// `DELETE /api/v1/teams/{team}/session-types/{type}`
pub async fn remove(call: Call) -> Answer {
    let actor = match caller(&call) {
        Ok(person) => Actor::from(person),
        Err(answer) => return *answer,
    };
    let (team, slug) = (call.param(0).to_owned(), call.param(1).to_owned());
    match call.desk.db.run(RemoveType { team, slug, actor, now: call.desk.clock.now() }).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refuse(&call, &refused),
    }
}

fn read(fields: &mut Fields) -> TypeChange {
    TypeChange {
        slug: fields.given_text("slug"),
        name: fields.given_text("name"),
        description: fields.given_text("description"),
        minutes: fields.given_number("minutes"),
        step: fields.given_or_null("step"),
        notice: fields.given_or_null("notice"),
        buffer_before: fields.given_or_null("buffer_before"),
        buffer_after: fields.given_or_null("buffer_after"),
        booking_window: fields.given_or_null("booking_window"),
        capacity: fields.given_number("capacity"),
        active: fields.given_flag("active"),
        internal: fields.given_flag("internal"),
        approval: fields.given_flag("approval"),
        place: fields.given_word("place"),
        place_detail: fields.given_text("place_detail"),
        color: fields.given_text("color"),
        phone: fields.given_word("phone"),
        questions: fields.given("questions", "must be a list of questions with label and kind", |value| {
            value.as_array()?.iter().map(Question::read).collect()
        }),
        reminders: fields.given_numbers("reminders"),
        position: fields.given_number("position"),
    }
}

/// A session type with everything that can be set of it.
pub(super) fn write(kind: &SessionType) -> Value {
    json!({
        "slug": kind.slug,
        "name": kind.name,
        "description": kind.description,
        "minutes": kind.minutes,
        "step": kind.step,
        "notice": kind.rules.notice,
        "buffer_before": kind.rules.buffer_before,
        "buffer_after": kind.rules.buffer_after,
        "booking_window": kind.rules.booking_window,
        "capacity": kind.capacity,
        "active": kind.active,
        "internal": kind.internal,
        "approval": kind.approval,
        "place": kind.place.word(),
        "place_detail": kind.place_detail,
        "color": kind.color,
        "phone": kind.phone.word(),
        "questions": kind.questions.iter().map(Question::json).collect::<Vec<_>>(),
        "reminders": kind.reminders,
        "position": kind.position,
    })
}
