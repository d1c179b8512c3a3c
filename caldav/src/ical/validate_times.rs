//! Whether the dates, times, durations and rules of a component mean something. RFC 5545 §3.6, §3.8.2, §3.8.5.

use super::expand::Zones;
use super::object::InvalidObject;
use super::parse::shown;
use super::recurrence::{self, RuleError};
use super::time::{DateTimeValue, Duration, Period, TimeError};
use super::tree::{Component, Line};
use super::zone::Zone;

/// Recurrence rules of one component that are looked at; an expansion follows fewer still. RFC 5545 advises one.
const MOST_RULES: usize = 30;

/// Checks the lines that say when something is, in the zones of the object.
pub(super) fn check(component: &Component, zones: &Zones<'_>) -> Result<(), InvalidObject> {
    let name = &component.name;
    let start = date_time(component, "DTSTART")?;
    let end = date_time(component, "DTEND")?;
    date_time(component, "DUE")?;
    date_time(component, "RECURRENCE-ID")?;
    if let Some(line) = component.get("DURATION") {
        let duration = Duration::parse(&line.value).map_err(|error| broken(component, line, &error))?;
        if duration.nominal_seconds() < 0 {
            return refuse(format!("The {name} ends before it begins: DURATION is {}.", shown(&line.value)));
        }
    }
    // DUE before DTSTART is left alone: task apps write it, and nothing is shown or blocked by it.
    if let (Some(start), Some(end)) = (&start, &end) {
        if start.is_date() != end.is_date() {
            return refuse(format!("DTSTART and DTEND of the {name} must both be days or both be times."));
        }
        if is_before(end, start, zones) {
            let end = component.get("DTEND").map_or("", |line| &line.value);
            return refuse(format!("The {name} ends before it begins: DTEND is {}.", shown(end)));
        }
    }
    check_rules(component)?;
    check_lists(component)
}

/// Whether the recurrence rules can be followed, with bounded work.
fn check_rules(component: &Component) -> Result<(), InvalidObject> {
    let start = component.get("DTSTART").or(component.get("DUE")).and_then(|line| DateTimeValue::from_line(line).ok());
    let rules = component.lines.iter().filter(|line| matches!(line.name.as_str(), "RRULE" | "EXRULE"));
    if rules.clone().count() > MOST_RULES {
        return refuse(format!("The {} has more than {MOST_RULES} recurrence rules.", component.name));
    }
    for line in rules {
        let Some(start) = &start else {
            return refuse(format!("The {} needs a DTSTART, because it has an {}.", component.name, line.name));
        };
        recurrence::validate(line, start.wall_in(&Zone::utc())).map_err(|error| {
            let text = format!("In the {}, {} is \"{}\". {error}", component.name, line.name, shown(&line.value));
            match error {
                RuleError::TooOften => InvalidObject::TooManyInstances(text),
                _ => InvalidObject::NotAnObject(text),
            }
        })?;
    }
    Ok(())
}

/// The values of EXDATE, RDATE and FREEBUSY.
fn check_lists(component: &Component) -> Result<(), InvalidObject> {
    for line in component.lines.iter().filter(|line| !line.value.trim().is_empty()) {
        let is_period = || line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD"));
        let read = match line.name.as_str() {
            "FREEBUSY" => Period::list_from_line(line).map(drop),
            "RDATE" if is_period() => Period::list_from_line(line).map(drop),
            "EXDATE" | "RDATE" => DateTimeValue::list_from_line(line).map(drop),
            _ => Ok(()),
        };
        read.map_err(|error| broken(component, line, &error))?;
    }
    Ok(())
}

fn date_time(component: &Component, name: &str) -> Result<Option<DateTimeValue>, InvalidObject> {
    let read = |line| DateTimeValue::from_line(line).map_err(|error| broken(component, line, &error));
    component.get(name).map(read).transpose()
}

/// Whether one value is before another, as far as that can be said: a floating time is not compared with an instant.
fn is_before(one: &DateTimeValue, other: &DateTimeValue, zones: &Zones<'_>) -> bool {
    use DateTimeValue::{Date, Floating, Zoned};
    match (one, other) {
        (Date(one), Date(other)) => one < other,
        (Floating(one), Floating(other)) => one < other,
        (Zoned { wall: one, tzid }, Zoned { wall: other, tzid: same }) if tzid == same => one < other,
        (Floating(_), _) | (_, Floating(_)) => false,
        _ => zones.instant(one) < zones.instant(other),
    }
}

fn broken(component: &Component, line: &Line, error: &TimeError) -> InvalidObject {
    let (name, value) = (&component.name, shown(&line.value));
    InvalidObject::NotAnObject(format!("In the {name}, {error}; it is \"{value}\"."))
}

fn refuse<T>(text: String) -> Result<T, InvalidObject> {
    Err(InvalidObject::NotAnObject(text))
}
