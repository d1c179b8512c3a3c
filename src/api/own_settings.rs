//! `/api/v1/me/hours`, `/vacations`, `/rules`, and the caller's profile.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::me::caller;
use super::own_offers::{personal, refusal};
use super::{refusals, times};
use crate::desk::offers::{self, Away, DAYS, hours_in_words};
use crate::desk::{own_rules, profile};
use crate::people::settings::{self, OwnRules};
use crate::surface::{self, Answer, Call, problem};

/// The title of vacation in the calendar.
const AWAY: &str = "Vacation";

macro_rules! caller {
    ($call:expr) => {
        match caller($call) {
            Ok(person) => person,
            Err(answer) => return *answer,
        }
    };
}

/// `GET /api/v1/me/hours`
pub async fn hours(call: Call) -> Answer {
    let person = caller!(&call);
    match offers::hours(&call.desk, person).await {
        Ok(Some(hours)) => {
            let days = DAYS.iter().zip(&hours.days).map(|(name, day)| ((*name).to_owned(), hours_in_words(day).into()));
            let mut body: Map<String, Value> = days.collect();
            body.insert("timezone".into(), hours.zone.name().into());
            personal(StatusCode::OK, &Value::Object(body))
        }
        Ok(None) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
    }
}

/// `PUT /api/v1/me/hours`: days left out have none.
pub async fn set_hours(call: Call) -> Answer {
    let person = caller!(&call);
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let typed = DAYS.map(|day| fields.optional(day).unwrap_or_default());
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    match offers::set_hours(&call.desk, person, &typed).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(&call, refused),
    }
}

/// `GET /api/v1/me/vacations`
pub async fn away(call: Call) -> Answer {
    let person = caller!(&call);
    match offers::away(&call.desk, person).await {
        Ok(Some(all)) => {
            let list: Vec<Value> = all.iter().map(write_away).collect();
            personal(StatusCode::OK, &json!({ "vacations": list }))
        }
        Ok(None) => refusals::problem(&call, &problem::NOT_FOUND),
        Err(error) => refusals::database(&call, &error),
    }
}

fn write_away(away: &Away) -> Value {
    let booked = away.booked.iter().map(|booking| {
        let (start, end) = (times::write(booking.session.starts), times::write(booking.session.ends));
        json!({ "start": start, "end": end, "guest": booking.name })
    });
    let booked: Vec<Value> = booked.collect();
    json!({ "id": away.id.to_string(), "first": away.first.to_string(), "last": away.last.to_string(), "booked": booked })
}

/// `POST /api/v1/me/vacations`
pub async fn add_away(call: Call) -> Answer {
    let person = caller!(&call);
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let (first, last) = (fields.text("first"), fields.text("last"));
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    match offers::add_away(&call.desk, person, &first, &last, AWAY).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(&call, refused),
    }
}

/// `DELETE /api/v1/me/vacations/{vacation}`
pub async fn remove_away(call: Call) -> Answer {
    let person = caller!(&call);
    match offers::remove_away(&call.desk, person, call.param(0).parse().unwrap_or(0)).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(&call, refused),
    }
}

/// `GET /api/v1/me/rules`: seconds and numbers; `null`: the kind of session, the team or the server decides.
pub async fn rules(call: Call) -> Answer {
    let person = caller!(&call);
    let read = async {
        let own = settings::rules(&mut call.desk.db.read().await?, person.id).await?;
        Ok((own, own_rules::effective(&call.desk, person.id).await?))
    };
    match read.await {
        Ok((own, effective)) => {
            let effective = effective.iter().map(|one| {
                json!({
                    "team": one.team,
                    "kind": one.kind,
                    "notice": one.rules.notice,
                    "buffer_before": one.rules.before,
                    "buffer_after": one.rules.after,
                    "booking_window": one.rules.window,
                })
            });
            let effective: Vec<Value> = effective.collect();
            let body = json!({
                "notice": own.notice,
                "buffer_before": own.buffer_before,
                "buffer_after": own.buffer_after,
                "booking_window": own.booking_window,
                "max_per_day": own.max_per_day,
                "max_per_week": own.max_per_week,
                "effective": effective,
            });
            personal(StatusCode::OK, &body)
        }
        Err(error) => refusals::database(&call, &error),
    }
}

/// `PUT /api/v1/me/rules`: rules left out are unset.
pub async fn set_rules(call: Call) -> Answer {
    let person = caller!(&call);
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let rules = OwnRules {
        notice: fields.number("notice"),
        buffer_before: fields.number("buffer_before"),
        buffer_after: fields.number("buffer_after"),
        booking_window: fields.number("booking_window"),
        max_per_day: fields.number("max_per_day"),
        max_per_week: fields.number("max_per_week"),
    };
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    match own_rules::set(&call.desk, person, rules).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(&call, refused),
    }
}

/// `PATCH /api/v1/me`: what is left out stays; `null` unsets zone and language.
pub async fn set_profile(call: Call) -> Answer {
    let person = caller!(&call);
    let mut fields = match Fields::read(&call) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let known = async { settings::preferences(&mut call.desk.db.read().await?, person.id).await };
    let mut wanted = match known.await {
        Ok(known) => known,
        Err(error) => return refusals::database(&call, &error),
    };
    if fields.has("name") {
        wanted.name = fields.text("name");
    }
    if fields.has("timezone") {
        wanted.timezone = fields.optional("timezone");
    }
    if fields.has("language") {
        wanted.language = fields.optional("language");
    }
    wanted.reminders = fields.choice("reminders").unwrap_or(wanted.reminders);
    if let Err(answer) = fields.finish(&call.desk.config.public_url) {
        return *answer;
    }
    match profile::set(&call.desk, person, &wanted).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(&call, refused),
    }
}
