//! `openhour hours` and `openhour rules`: what a host sets on their own pages.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::arguments::{GivenHours, GivenRules, HoursCommand};
use super::{Failure, print};
use crate::clock::rfc3339;
use crate::desk::offers::{self, DAYS, DayWish, Hours, Refused, SpecialDay, hours_in_words};
use crate::desk::{Desk, own_rules};
use crate::people::settings::{self, OwnRules};
use crate::people::{self, Person};

pub(super) async fn hours(desk: &Desk, command: HoursCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let person = match command {
        HoursCommand::Show { email } => known(desk, &email).await?,
        HoursCommand::Set(given) => {
            let person = known(desk, &given.email).await?;
            set(desk, &person, *given).await?;
            person
        }
        HoursCommand::Day { email, date, hours, usual } => {
            let person = known(desk, &email).await?;
            let wish = if usual { DayWish::Usual } else { DayWish::Hours(hours.unwrap_or_default()) };
            offers::set_day(desk, &person, &date, &wish).await.map_err(refused)?;
            person
        }
    };
    show(desk, &person, as_json).await
}

/// Days left out stay as they are.
async fn set(desk: &Desk, person: &Person, given: GivenHours) -> Result<(), Failure> {
    let known = offers::hours(desk, person).await?.ok_or_else(|| no_host(person))?;
    let mut typed = known.days.map(|day| hours_in_words(&day));
    let days =
        [given.monday, given.tuesday, given.wednesday, given.thursday, given.friday, given.saturday, given.sunday];
    for (day, given) in typed.iter_mut().zip(days) {
        if let Some(given) = given {
            *day = given;
        }
    }
    offers::set_hours(desk, person, &typed).await.map_err(refused)
}

async fn show(desk: &Desk, person: &Person, as_json: bool) -> Result<ExitCode, Failure> {
    let hours = offers::hours(desk, person).await?.ok_or_else(|| no_host(person))?;
    let special = offers::special_days(desk, person).await?.unwrap_or_default();
    print(as_json, &value(&hours, &special), &text(&hours, &special));
    Ok(ExitCode::SUCCESS)
}

fn value(hours: &Hours, special: &[SpecialDay]) -> Value {
    let week = DAYS.iter().zip(&hours.days).map(|(name, day)| ((*name).to_owned(), hours_in_words(day).into()));
    let mut value: Map<String, Value> = week.collect();
    value.insert("timezone".into(), hours.zone.name().into());
    let days = special.iter().map(|day| json!({"date": day.date.to_string(), "hours": hours_in_words(&day.hours)}));
    value.insert("dates".into(), days.collect());
    Value::Object(value)
}

fn text(hours: &Hours, special: &[SpecialDay]) -> String {
    let told = |day: &[_]| if day.is_empty() { "none".to_owned() } else { hours_in_words(day) };
    let week = DAYS.iter().zip(&hours.days).map(|(name, day)| format!("{name}\t{}", told(day)));
    let days = special.iter().map(|day| format!("{}\t{}", day.date, told(&day.hours)));
    let zone = format!("timezone\t{}", hours.zone.name());
    week.chain(days).chain([zone]).collect::<Vec<_>>().join("\n")
}

/// Rules left out stay; `none` unsets one.
pub(super) async fn rules(desk: &Desk, given: GivenRules, as_json: bool) -> Result<ExitCode, Failure> {
    let person = known(desk, &given.email).await?;
    if offers::own_zone(&mut desk.db.read().await?, &person).await?.is_none() {
        return Err(no_host(&person));
    }
    let before = settings::rules(&mut desk.db.read().await?, person.id).await?;
    let rules = OwnRules {
        notice: given.rules.notice.map_or(before.notice, |one| one.0),
        buffer_before: given.rules.buffer_before.map_or(before.buffer_before, |one| one.0),
        buffer_after: given.rules.buffer_after.map_or(before.buffer_after, |one| one.0),
        booking_window: given.rules.window.map_or(before.booking_window, |one| one.0),
        max_per_day: given.max_per_day.map_or(before.max_per_day, |one| one.0),
        max_per_week: given.max_per_week.map_or(before.max_per_week, |one| one.0),
    };
    own_rules::set(desk, &person, rules, None).await.map_err(refused)?;
    let all = [
        ("notice", rules.notice),
        ("buffer_before", rules.buffer_before),
        ("buffer_after", rules.buffer_after),
        ("booking_window", rules.booking_window),
        ("max_per_day", rules.max_per_day),
        ("max_per_week", rules.max_per_week),
    ];
    let value: Map<String, Value> = all.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let told = |value: &Option<i64>| value.map_or("none".to_owned(), |value| value.to_string());
    let lines: Vec<String> = all.iter().map(|(name, value)| format!("{name}\t{}", told(value))).collect();
    print(as_json, &Value::Object(value), &lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}

async fn known(desk: &Desk, email: &str) -> Result<Person, Failure> {
    let found = people::by_email(&mut desk.db.read().await?, email).await?;
    found.ok_or_else(|| Failure::new(format!("nobody has the address {email}")))
}

fn no_host(person: &Person) -> Failure {
    Failure::new(format!("{} has no calendar of offers; make them a host first", person.email))
}

/// What the desk refused, as a sentence.
fn refused(refused: Refused) -> Failure {
    let text = match refused {
        Refused::Db(error) => return error.into(),
        Refused::Fields(fields) => {
            let said: Vec<String> = fields.iter().map(|one| format!("{} {}", one.field, one.wrong)).collect();
            said.join("; ")
        }
        Refused::Sessions(bookings) => {
            let times: Vec<String> = bookings.iter().map(|booking| rfc3339(booking.session.starts)).collect();
            format!("booked sessions would lie outside every offer: {}", times.join(", "))
        }
        Refused::Overlaps(from, to) => {
            format!("another offer is there already, from {} to {}", rfc3339(from), rfc3339(to))
        }
        Refused::Elsewhere => "it comes from a calendar elsewhere; change it there".into(),
        Refused::Special => "it repeats in a way that only a calendar app can change".into(),
        Refused::NotFound => "there is no calendar of offers; make them a host first".into(),
        Refused::Changed => "it was changed meanwhile; try again".into(),
        Refused::Full => "the calendar takes no more events".into(),
        Refused::NeverBlocks => "the calendar is set never to block time".into(),
    };
    Failure::new(text)
}
