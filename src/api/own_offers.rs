//! `/api/v1/me/offers`: what the caller offers.

use http::StatusCode;
use jiff::civil::Weekday;
use serde_json::{Map, Value, json};

use super::answers::{Reply, broken, done, id, personal, told, wrong_field};
use super::fields::Fields;
use super::me::caller;
use super::{refusals, times};
use crate::calendars::Scope;
use crate::desk::offers::{self, DAYS, Entry, NewOffer, OfferChange, Origin, Refused};
use crate::surface::{Answer, Call, problem};

/// `GET /api/v1/me/offers`
pub async fn list(call: Call) -> Reply {
    let person = caller(&call)?;
    let entries = offers::upcoming(&call.desk, person.id).await.map_err(broken(&call))?;
    told(&json!({ "offers": entries.iter().map(write).collect::<Vec<_>>() }))
}

/// `POST /api/v1/me/offers`
pub async fn add(call: Call) -> Reply {
    let person = caller(&call)?;
    let offer = read(&call)?;
    let entry = offers::add(&call.desk, person, &offer).await.map_err(refuse(&call))?;
    Ok(personal(StatusCode::CREATED, &write(&entry)))
}

/// `PATCH /api/v1/me/offers/{offer}`: other hours, of all of it or from an instance on.
pub async fn change(call: Call) -> Reply {
    let wanted = read_hours(&call)?;
    carry_out(&call, &wanted).await
}

/// `DELETE /api/v1/me/offers/{offer}?instance=&from=`
pub async fn remove(call: Call) -> Reply {
    let query = call.query();
    let mut fields = Fields::empty();
    let mut time = |name: &str| match query.get(name).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let time = times::read(text);
            if time.is_none() {
                fields.wrong(name, "must be a time such as 2026-11-26T18:00:00Z");
            }
            time
        }
    };
    let wanted = match (time("instance"), time("from")) {
        (None, None) => OfferChange::CancelAll,
        (Some(instance), None) => OfferChange::CancelOne(instance),
        (None, Some(from)) => OfferChange::CancelFrom(from),
        (Some(_), Some(_)) => return Err(wrong_field(&call, "from", "must not come with instance")),
    };
    fields.finish(&call.desk.config.public_url)?;
    carry_out(&call, &wanted).await
}

async fn carry_out(call: &Call, wanted: &OfferChange) -> Reply {
    let person = caller(call)?;
    offers::change(&call.desk, person, id(call, 0), wanted).await.map_err(refuse(call))?;
    done()
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

/// Turns what the desk refused into the answer.
pub(super) fn refuse(call: &Call) -> impl Fn(Refused) -> Box<Answer> + '_ {
    |refused| Box::new(refusal(call, refused))
}

fn refusal(call: &Call, refused: Refused) -> Answer {
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
