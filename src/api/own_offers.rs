//! `/api/v1/me/offers`: what the caller offers.

use http::{StatusCode, header};
use jiff::civil::Weekday;
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::me::caller;
use super::{refusals, times};
use crate::calendars::Scope;
use crate::desk::offers::{self, DAYS, Entry, NewOffer, OfferChange, Origin, Refused};
use crate::surface::{self, Answer, Call, problem};

/// `GET /api/v1/me/offers`
pub async fn list(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    match offers::upcoming(&call.desk, person.id).await {
        Ok(entries) => {
            let list: Vec<Value> = entries.iter().map(write).collect();
            personal(StatusCode::OK, &json!({ "offers": list }))
        }
        Err(error) => refusals::database(&call, &error),
    }
}

/// `POST /api/v1/me/offers`
pub async fn add(call: Call) -> Answer {
    let person = match caller(&call) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    let offer = match read(&call) {
        Ok(offer) => offer,
        Err(answer) => return *answer,
    };
    match offers::add(&call.desk, person, &offer).await {
        Ok(entry) => personal(StatusCode::CREATED, &write(&entry)),
        Err(refused) => refusal(&call, refused),
    }
}

/// `PATCH /api/v1/me/offers/{offer}`: other hours, of all of it or from an instance on.
pub async fn change(call: Call) -> Answer {
    let wanted = match read_hours(&call) {
        Ok(wanted) => wanted,
        Err(answer) => return *answer,
    };
    carry_out(&call, &wanted).await
}

/// `DELETE /api/v1/me/offers/{offer}?instance=&from=`
pub async fn remove(call: Call) -> Answer {
    let query = call.query();
    let time = |name: &str| match query.get(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => times::read(text).map(Some).ok_or(name.to_owned()),
    };
    let wanted = match (time("instance"), time("from")) {
        (Ok(None), Ok(None)) => OfferChange::CancelAll,
        (Ok(Some(instance)), Ok(None)) => OfferChange::CancelOne(instance),
        (Ok(None), Ok(Some(from))) => OfferChange::CancelFrom(from),
        (Err(name), _) | (_, Err(name)) => return wrong(&call, &name, "must be a time such as 2026-11-26T18:00:00Z"),
        (Ok(Some(_)), Ok(Some(_))) => return wrong(&call, "from", "must not come with instance"),
    };
    carry_out(&call, &wanted).await
}

async fn carry_out(call: &Call, wanted: &OfferChange) -> Answer {
    let person = match caller(call) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    let id = call.param(0).parse().unwrap_or(0);
    match offers::change(&call.desk, person, id, wanted).await {
        Ok(()) => surface::empty(StatusCode::NO_CONTENT),
        Err(refused) => refusal(call, refused),
    }
}

fn read(call: &Call) -> Result<NewOffer, Box<Answer>> {
    let mut fields = Fields::read(call)?;
    let mut text = |name: &str| fields.optional(name).unwrap_or_default();
    let (date, starts, ends) = (text("date"), text("starts"), text("ends"));
    let (repeat, until, kind) = (text("repeat"), text("until"), text("kind"));
    let days: Vec<Option<Weekday>> = fields.texts("days").iter().map(|name| weekday(name)).collect();
    if days.iter().any(Option::is_none) {
        fields.wrong("days", "must be days of the week such as monday");
    }
    fields.finish(&call.desk.config.public_url)?;
    Ok(NewOffer { date, starts, ends, repeat, days: days.into_iter().flatten().collect(), until, kind })
}

fn read_hours(call: &Call) -> Result<OfferChange, Box<Answer>> {
    let mut fields = Fields::read(call)?;
    let (starts, ends) = (fields.text("starts"), fields.text("ends"));
    let from = if fields.has("from") { Some(fields.time("from")) } else { None };
    fields.finish(&call.desk.config.public_url)?;
    Ok(OfferChange::Retime { from, starts, ends })
}

fn weekday(name: &str) -> Option<Weekday> {
    let place = DAYS.iter().position(|day| *day == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}

fn write(entry: &Entry) -> Value {
    let kind = match &entry.scope {
        Scope::Named(name) => Some(name),
        Scope::Everything | Scope::Categories(_) => None,
    };
    let next: Vec<Value> = entry
        .next
        .iter()
        .map(|next| {
            let (start, end) = (times::write(next.starts), times::write(next.ends));
            json!({ "start": start, "end": end, "instance": times::write(next.instance) })
        })
        .collect();
    let clock = |wall: jiff::civil::DateTime| wall.strftime("%H:%M").to_string();
    json!({
        "id": entry.id.to_string(),
        "kind": kind,
        "calendar": entry.calendar,
        "origin": match entry.origin { Origin::Own => "own", Origin::Mailed => "mailed", Origin::Address => "address" },
        "timezone": entry.when.zone.name(),
        "date": entry.when.starts.date().to_string(),
        "starts": clock(entry.when.starts),
        "ends": clock(entry.when.ends),
        "all_day": entry.when.all_day,
        "rule": entry.rule(),
        "next": next,
    })
}

/// An answer that nobody but the caller may keep.
pub(super) fn personal(status: StatusCode, body: &Value) -> Answer {
    surface::with(surface::json(status, body), header::CACHE_CONTROL, "no-store")
}

fn wrong(call: &Call, field: &str, message: &str) -> Answer {
    let mut fields = Fields::empty();
    fields.wrong(field, message);
    fields.finish(&call.desk.config.public_url).map_or_else(|answer| *answer, |()| surface::empty(StatusCode::OK))
}

/// What the desk refused.
pub(super) fn refusal(call: &Call, refused: Refused) -> Answer {
    let mut more = Map::new();
    let (problem, detail) = match refused {
        Refused::Db(error) => return refusals::database(call, &error),
        Refused::NotFound => (&problem::NOT_FOUND, None),
        Refused::Fields(fields) => {
            let errors = fields.iter().map(|one| json!({ "field": one.field, "message": one.wrong.to_string() }));
            more.insert("errors".into(), errors.collect());
            (&problem::INVALID, None)
        }
        Refused::Sessions(bookings) => {
            let session = |start: i64, end: i64, name: &str| json!({ "start": times::write(start), "end": times::write(end), "guest": name });
            let list = bookings.iter().map(|one| session(one.session.starts, one.session.ends, &one.name));
            more.insert("sessions".into(), list.collect());
            (&problem::OFFER_NEEDED, None)
        }
        Refused::Overlaps(start, end) => {
            more.insert("start".into(), times::write(start).into());
            more.insert("end".into(), times::write(end).into());
            (&problem::ALREADY_OFFERED, None)
        }
        Refused::Elsewhere => (&problem::NOT_CHANGEABLE, Some("It comes from a calendar elsewhere; change it there.")),
        Refused::Special => {
            (&problem::NOT_CHANGEABLE, Some("It repeats in a way that only a calendar app can change."))
        }
        Refused::Changed => (&problem::NOT_CHANGEABLE, Some("It has no such instance, or was changed meanwhile.")),
        Refused::Full => (&problem::NOT_CHANGEABLE, Some("The calendar takes no more events.")),
        Refused::NeverBlocks => (&problem::NOT_CHANGEABLE, Some("The calendar is set never to block time.")),
    };
    problem.answer(&call.desk.config.public_url, detail, more)
}
