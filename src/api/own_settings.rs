//! `/api/v1/me/hours`, `/vacations`, `/rules`, and the caller's profile.

use serde_json::{Map, Value, json};

use super::answers::{Reply, broken, done, id, nothing_here, told};
use super::bookings::read_one;
use super::me::caller;
use super::own_offers::refuse;
use super::times;
use crate::desk::offers::{self, Away, DAYS, DayWish, SpecialDay, hours_in_words};
use crate::desk::{own_rules, profile};
use crate::people::settings::{self, OwnRules};
use crate::surface::Call;

/// The title of vacation in the calendar.
const AWAY: &str = "Vacation";

/// `GET /api/v1/me/hours`
pub async fn hours(call: Call) -> Reply {
    let person = caller(&call)?;
    let hours = offers::hours(&call.desk, person).await.map_err(broken(&call))?;
    let hours = hours.ok_or_else(|| nothing_here(&call))?;
    let days = DAYS.iter().zip(&hours.days).map(|(name, day)| ((*name).to_owned(), hours_in_words(day).into()));
    let mut body: Map<String, Value> = days.collect();
    body.insert("timezone".into(), hours.zone.name().into());
    told(&Value::Object(body))
}

/// `PUT /api/v1/me/hours`: days left out have none.
pub async fn set_hours(call: Call) -> Reply {
    let person = caller(&call)?;
    let typed = read_one(&call, |fields| DAYS.map(|day| fields.optional(day).unwrap_or_default()))?;
    offers::set_hours(&call.desk, person, &typed).await.map_err(refuse(&call))?;
    done()
}

/// `GET /api/v1/me/hours/dates`: the days whose hours are other than the week's.
pub async fn special_days(call: Call) -> Reply {
    let person = caller(&call)?;
    let write = |day: &SpecialDay| {
        let (hours, usual) = (hours_in_words(&day.hours), hours_in_words(&day.usual));
        json!({ "date": day.date.to_string(), "hours": hours, "usual": usual })
    };
    match offers::special_days(&call.desk, person).await.map_err(broken(&call))? {
        Some(all) => told(&json!({ "dates": all.iter().map(write).collect::<Vec<_>>() })),
        None => Err(nothing_here(&call)),
    }
}

/// `PUT /api/v1/me/hours/dates/{date}`
pub async fn set_day(call: Call) -> Reply {
    let hours = read_one(&call, |fields| fields.text("hours"))?;
    day(&call, DayWish::Hours(hours)).await
}

/// `DELETE /api/v1/me/hours/dates/{date}`: as in every other week.
pub async fn usual_day(call: Call) -> Reply {
    day(&call, DayWish::Usual).await
}

async fn day(call: &Call, wish: DayWish) -> Reply {
    let person = caller(call)?;
    offers::set_day(&call.desk, person, call.param(0), &wish).await.map_err(refuse(call))?;
    done()
}

/// `GET /api/v1/me/vacations`
pub async fn away(call: Call) -> Reply {
    let person = caller(&call)?;
    match offers::away(&call.desk, person).await.map_err(broken(&call))? {
        Some(all) => told(&json!({ "vacations": all.iter().map(write_away).collect::<Vec<_>>() })),
        None => Err(nothing_here(&call)),
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
pub async fn add_away(call: Call) -> Reply {
    let person = caller(&call)?;
    let (first, last) = read_one(&call, |fields| (fields.text("first"), fields.text("last")))?;
    offers::add_away(&call.desk, person, &first, &last, AWAY).await.map_err(refuse(&call))?;
    done()
}

/// `DELETE /api/v1/me/vacations/{vacation}`
pub async fn remove_away(call: Call) -> Reply {
    let person = caller(&call)?;
    offers::remove_away(&call.desk, person, id(&call, 0)).await.map_err(refuse(&call))?;
    done()
}

/// `GET /api/v1/me/rules`: seconds and numbers; `null`: the kind of session, the team or the server decides.
pub async fn rules(call: Call) -> Reply {
    let person = caller(&call)?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let own = settings::rules(&mut conn, person.id).await.map_err(broken(&call))?;
    drop(conn);
    let effective = own_rules::effective(&call.desk, person.id).await.map_err(broken(&call))?;
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
    told(&json!({
        "notice": own.notice,
        "buffer_before": own.buffer_before,
        "buffer_after": own.buffer_after,
        "booking_window": own.booking_window,
        "max_per_day": own.max_per_day,
        "max_per_week": own.max_per_week,
        "effective": effective.collect::<Vec<_>>(),
    }))
}

/// `PUT /api/v1/me/rules`: rules left out are unset.
pub async fn set_rules(call: Call) -> Reply {
    let person = caller(&call)?;
    let rules = read_one(&call, |fields| OwnRules {
        notice: fields.number("notice"),
        buffer_before: fields.number("buffer_before"),
        buffer_after: fields.number("buffer_after"),
        booking_window: fields.number("booking_window"),
        max_per_day: fields.number("max_per_day"),
        max_per_week: fields.number("max_per_week"),
    })?;
    own_rules::set(&call.desk, person, rules, Some(person.id)).await.map_err(refuse(&call))?;
    done()
}

/// `PATCH /api/v1/me`: what is left out stays; `null` unsets zone and language.
pub async fn set_profile(call: Call) -> Reply {
    let person = caller(&call)?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let known = settings::preferences(&mut conn, person.id).await.map_err(broken(&call))?;
    drop(conn);
    let wanted = read_one(&call, |fields| {
        let mut wanted = known;
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
        wanted
    })?;
    profile::set(&call.desk, person, &wanted).await.map_err(refuse(&call))?;
    done()
}
