//! `/api/v1/teams/{team}/session-types`: for those who look after the team.

use http::StatusCode;
use serde_json::{Value, json};

use super::answers::{Reply, broken, done, nothing_here, personal, told};
use super::bookings::read_one;
use super::fields::Fields;
use super::me::caller;
use super::teams::{refuse, team};
use crate::desk::teams::{Actor, EditType, RemoveType};
use crate::surface::{Answer, Call};
use crate::teams::{self, Question, SessionType, TypeChange};

/// `GET /api/v1/teams/{team}/session-types`
pub async fn list(call: Call) -> Reply {
    told(&json!({ "types": known(&call).await?.iter().map(write).collect::<Vec<_>>() }))
}

/// `GET /api/v1/teams/{team}/session-types/{type}`
pub async fn show(call: Call) -> Reply {
    match known(&call).await?.iter().find(|kind| kind.slug == call.param(1)) {
        Some(kind) => told(&write(kind)),
        None => Err(nothing_here(&call)),
    }
}

async fn known(call: &Call) -> Result<Vec<SessionType>, Box<Answer>> {
    let mut conn = call.desk.db.read().await.map_err(broken(call))?;
    let team = team(call, &mut conn).await?;
    teams::all_types(&mut conn, team.id).await.map_err(broken(call))
}

/// `POST /api/v1/teams/{team}/session-types`
pub async fn create(call: Call) -> Reply {
    edit(&call, None).await
}

/// `PATCH /api/v1/teams/{team}/session-types/{type}`
pub async fn change(call: Call) -> Reply {
    edit(&call, Some(call.param(1).to_owned())).await
}

async fn edit(call: &Call, known: Option<String>) -> Reply {
    let actor = Actor::from(caller(call)?);
    let change = read_one(call, read)?;
    let status = if known.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    let command = EditType { team: call.param(0).to_owned(), known, change, actor, now: call.desk.clock.now() };
    let kind = call.desk.db.run(command).await.map_err(refuse(call))?;
    Ok(personal(status, &write(&kind)))
}

/// `DELETE /api/v1/teams/{team}/session-types/{type}`
pub async fn remove(call: Call) -> Reply {
    let actor = Actor::from(caller(&call)?);
    let (team, slug) = (call.param(0).to_owned(), call.param(1).to_owned());
    let command = RemoveType { team, slug, actor, now: call.desk.clock.now() };
    call.desk.db.run(command).await.map_err(refuse(&call))?;
    done()
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
