//! `/api/v1/calendars`: the caller's calendars by secret address. The address goes in and never comes out.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::answers::{Reply, broken, done, id, nothing_here, personal, refused, told, wrong_field};
use super::bookings::read_one;
use super::fields::Fields;
use super::me::caller;
use super::times;
use crate::people::Person;
use crate::sources::{self, AddRefused, Checked, Remove, SetUse, Source, SourceId};
use crate::surface::{Call, problem, with};

/// `GET /api/v1/calendars`
pub async fn calendars(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let all = sources::of_person(&mut conn, person).await.map_err(broken(&call))?;
    told(&json!({ "calendars": all.iter().map(write).collect::<Vec<_>>() }))
}

/// `POST /api/v1/calendars`: adds one; it is read at once.
pub async fn add_calendar(call: Call) -> Reply {
    let person = caller(&call)?;
    let (url, offers) = read_one(&call, |fields| (fields.text("url"), used_for(fields)))?;
    match sources::add(&call.desk, person, &url, offers, Some(person.id)).await {
        Ok(source) => read(&call, person, source.id, StatusCode::CREATED).await,
        Err(AddRefused::Db(error)) => Err(broken(&call)(error)),
        Err(why @ AddRefused::NoHost) => Err(refused(&call, &problem::NOT_ALLOWED, Some(&why.to_string()))),
        Err(why) => Err(wrong_field(&call, "url", &why.to_string())),
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
pub async fn change_calendar(call: Call) -> Reply {
    let person = caller(&call)?;
    let offers = read_one(&call, |fields| {
        fields.text("use");
        used_for(fields)
    })?;
    let (id, now) = (id(&call, 0), call.desk.clock.now());
    let command = SetUse { person: person.id, id, offers, actor: Some(person.id), now };
    match call.desk.db.run(command).await.map_err(broken(&call))? {
        true => read(&call, person, id, StatusCode::OK).await,
        false => Err(nothing_here(&call)),
    }
}

/// `POST /api/v1/calendars/{id}/check`: reads it at once, once a minute at most.
pub async fn check_calendar(call: Call) -> Reply {
    let person = caller(&call)?;
    match sources::check_now(&call.desk, person.id, id(&call, 0)).await.map_err(broken(&call))? {
        Checked::Missing => Err(nothing_here(&call)),
        Checked::NotBefore(at) => {
            let wait = (at - call.desk.clock.now()).max(1);
            let detail = "The calendar's own server asked to be left alone for a while.";
            let answer = refused(&call, &problem::RATE_LIMITED, Some(detail));
            Err(Box::new(with(*answer, header::RETRY_AFTER, &wait.to_string())))
        }
        Checked::Due | Checked::Already => read(&call, person, id(&call, 0), StatusCode::OK).await,
    }
}

/// `DELETE /api/v1/calendars/{id}`: takes it away with all that was read from it.
pub async fn remove_calendar(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let command = Remove { person, id: id(&call, 0), actor: Some(person), now: call.desk.clock.now() };
    match call.desk.db.run(command).await.map_err(broken(&call))? {
        true => done(),
        false => Err(nothing_here(&call)),
    }
}

/// Reads a calendar if it is due, and tells how it is then.
async fn read(call: &Call, person: &Person, id: SourceId, status: StatusCode) -> Reply {
    sources::read_in_time(&call.desk, id).await.map_err(broken(call))?;
    let mut conn = call.desk.db.read().await.map_err(broken(call))?;
    match sources::one(&mut conn, person.id, id).await.map_err(broken(call))? {
        Some(source) => Ok(personal(status, &write(&source))),
        None => Err(nothing_here(call)),
    }
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
