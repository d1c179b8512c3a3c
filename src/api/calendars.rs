//! `/api/v1/calendars`: the caller's calendars by secret address. The address goes in and never comes out.

use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::me::caller;
use super::{refusals, times};
use crate::people::Person;
use crate::sources::{self, AddRefused, Checked, Remove, SetUse, Source, SourceId};
use crate::surface::{self, Answer, Call, problem, with};

/// `GET /api/v1/calendars`
pub async fn calendars(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person.id,
        Err(answer) => return *answer,
    };
    let all = match call.desk.db.read().await {
        Ok(mut conn) => sources::of_person(&mut conn, person).await,
        Err(error) => Err(error),
    };
    match all {
        Ok(all) => told(StatusCode::OK, &json!({ "calendars": all.iter().map(write).collect::<Vec<_>>() })),
        Err(error) => refusals::database(&call, &error),
    }
}

/// `POST /api/v1/calendars`: adds one; it is read at once.
pub async fn add_calendar(call: Call) -> Answer {
    match added(&call).await {
        Ok(answer) => answer,
        Err(answer) => *answer,
    }
}

async fn added(call: &Call) -> Result<Answer, Box<Answer>> {
    let person = caller(call)?;
    let mut fields = Fields::read(call)?;
    let url = fields.text("url");
    let offers = used_for(&mut fields);
    let public_url = &call.desk.config.public_url;
    fields.finish(public_url)?;
    match sources::add(&call.desk, person, &url, offers, Some(person.id)).await {
        Ok(source) => read(call, person, source.id, StatusCode::CREATED).await,
        Err(AddRefused::Db(error)) => Err(Box::new(refusals::database(call, &error))),
        Err(AddRefused::NoHost) => {
            let detail = AddRefused::NoHost.to_string();
            Err(Box::new(problem::NOT_ALLOWED.answer(public_url, Some(&detail), Map::new())))
        }
        Err(refused) => {
            let mut fields = Fields::empty();
            fields.wrong("url", &refused.to_string());
            fields.finish(public_url)?;
            Err(Box::new(refusals::problem(call, &problem::INVALID)))
        }
    }
}

/// `offers` (and busy times, the default) or `busy` (only).
fn used_for(fields: &mut Fields) -> bool {
    match fields.optional("use").as_deref() {
        None | Some("offers") => true,
        Some("busy") => false,
        Some(_) => {
            fields.wrong("use", "must be offers or busy");
            true
        }
    }
}

/// `PATCH /api/v1/calendars/{id}`: what it is used for.
pub async fn change_calendar(call: Call) -> Answer {
    match changed(&call).await {
        Ok(answer) => answer,
        Err(answer) => *answer,
    }
}

async fn changed(call: &Call) -> Result<Answer, Box<Answer>> {
    let person = caller(call)?;
    let mut fields = Fields::read(call)?;
    fields.text("use");
    let offers = used_for(&mut fields);
    fields.finish(&call.desk.config.public_url)?;
    let (id, now) = (id(call), call.desk.clock.now());
    let command = SetUse { person: person.id, id, offers, actor: Some(person.id), now };
    match call.desk.db.run(command).await {
        Ok(true) => read(call, person, id, StatusCode::OK).await,
        Ok(false) => Err(Box::new(refusals::problem(call, &problem::NOT_FOUND))),
        Err(error) => Err(Box::new(refusals::database(call, &error))),
    }
}

/// `POST /api/v1/calendars/{id}/check`: reads it at once, once a minute at most.
pub async fn check_calendar(call: Call) -> Answer {
    match checked(&call).await {
        Ok(answer) => answer,
        Err(answer) => *answer,
    }
}

async fn checked(call: &Call) -> Result<Answer, Box<Answer>> {
    let person = caller(call)?;
    let checked = sources::check_now(&call.desk, person.id, id(call)).await;
    match checked.map_err(|error| Box::new(refusals::database(call, &error)))? {
        Checked::Missing => Err(Box::new(refusals::problem(call, &problem::NOT_FOUND))),
        Checked::NotBefore(at) => {
            let wait = (at - call.desk.clock.now()).max(1);
            let detail = "The calendar's own server asked to be left alone for a while.";
            let answer = problem::RATE_LIMITED.answer(&call.desk.config.public_url, Some(detail), Map::new());
            Err(Box::new(with(answer, header::RETRY_AFTER, &wait.to_string())))
        }
        Checked::Due | Checked::Already => read(call, person, id(call), StatusCode::OK).await,
    }
}

/// `DELETE /api/v1/calendars/{id}`: takes it away with all that was read from it.
pub async fn remove_calendar(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person.id,
        Err(answer) => return *answer,
    };
    let command = Remove { person, id: id(&call), actor: Some(person), now: call.desk.clock.now() };
    match call.desk.db.run(command).await {
        Ok(true) => surface::empty(StatusCode::NO_CONTENT),
        Ok(false) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
    }
}

fn id(call: &Call) -> SourceId {
    call.param(0).parse().unwrap_or(0)
}

/// Reads a calendar if it is due, and tells how it is then.
async fn read(call: &Call, person: &Person, id: SourceId, status: StatusCode) -> Result<Answer, Box<Answer>> {
    let failed = |error| Box::new(refusals::database(call, &error));
    sources::read_in_time(&call.desk, id).await.map_err(failed)?;
    let mut conn = call.desk.db.read().await.map_err(failed)?;
    match sources::one(&mut conn, person.id, id).await.map_err(failed)? {
        Some(source) => Ok(told(status, &write(&source))),
        None => Err(Box::new(refusals::problem(call, &problem::NOT_FOUND))),
    }
}

fn told(status: StatusCode, body: &Value) -> Answer {
    with(surface::json(status, body), header::CACHE_CONTROL, "no-store")
}

fn write(source: &Source) -> Value {
    json!({
        "id": source.id.to_string(),
        "host": source.host,
        "use": if source.offers { "offers" } else { "busy" },
        "problem": source.problem().map(|problem| json!({ "code": problem.word(), "message": problem.sentence() })),
        "last_read": source.succeeded.map(times::write),
        "next_read": times::write(source.due),
        "events": {
            "offering": source.offers_read,
            "busy": source.busy_read,
            "unreadable": source.unreadable,
        },
    })
}
