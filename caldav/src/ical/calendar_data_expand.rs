//! A calendar object as single instances. RFC 4791 §9.6.5.

use std::collections::HashMap;

use super::calendar_data::TooMuch;
use super::expand::{Occurrence, Zones};
use super::filter::{TimeContext, TimeRange};
use super::filter_time::{expand, overlaps};
use super::object::CalendarObject;
use super::time::{DateTimeValue, Duration, format_utc};
use super::tree::{Component, Line};
use super::zone::Zone;

/// The largest answer for one object in bytes: what an expansion may grow to.
const LARGEST: usize = 8 * 1024 * 1024;

/// Every instance in the range as a component of its own, without rules and time zones.
///
/// Each component is pruned and freed of zones once; its instances are copies of the little that is left.
pub(super) fn expanded(
    object: &CalendarObject,
    range: TimeRange,
    times: &TimeContext,
    zones: &Zones<'_>,
    prune: impl Fn(&Component) -> Component,
) -> Result<Component, TooMuch> {
    let occurrences = expand(object, range, times);
    if occurrences.cut_off.is_some_and(|instant| instant < range.last()) {
        return Err(TooMuch);
    }
    let components = object.components().map(|component| template(component, zones)).collect();
    let mut root = prune(&Component { children: components, ..object.root().clone() });
    // The components of an object have one name: pruning leaves all of them, or none.
    let templates = std::mem::take(&mut root.children);
    let templates: HashMap<_, _> = object.components().map(std::ptr::from_ref).zip(templates).collect();
    for component in object.components().filter(|component| !has_instances(component)) {
        root.children.extend(templates.get(&std::ptr::from_ref(component)).cloned());
    }
    let mut size = 0;
    for one in occurrences.list.iter().filter(|one| overlaps(one.start, one.end, range)) {
        let Some(template) = templates.get(&std::ptr::from_ref(one.component)) else { continue };
        let instance = instance(template, one, &times.floating);
        size += instance.write().len();
        if size > LARGEST {
            return Err(TooMuch);
        }
        root.children.push(instance);
    }
    Ok(root)
}

/// A task without times and a VFREEBUSY have no instances: they stay as they are.
fn has_instances(component: &Component) -> bool {
    matches!(component.name.as_str(), "VEVENT" | "VTODO" | "VJOURNAL")
        && (component.get("DTSTART").is_some() || component.get("DUE").is_some())
}

/// What all instances of a component have in common, with a place for the RECURRENCE-ID.
fn template(component: &Component, zones: &Zones<'_>) -> Component {
    let mut template = in_utc(component, zones);
    for name in ["RRULE", "RDATE", "EXDATE", "EXRULE"] {
        template.remove(name);
    }
    if let Some(form) = template.get("DTSTART").or(template.get("DUE")).filter(|_| has_instances(component)).cloned() {
        template.set(Line { name: "RECURRENCE-ID".into(), ..form });
    }
    template
}

/// One instance of a component.
fn instance(template: &Component, one: &Occurrence<'_>, floating: &Zone) -> Component {
    let mut instance = template.clone();
    set_time(&mut instance, "DTSTART", one.start, floating);
    set_time(&mut instance, "DTEND", one.end, floating);
    let due = if one.component.get("DTSTART").is_some() { one.end } else { one.start };
    set_time(&mut instance, "DUE", due, floating);
    if instance.get("DURATION").is_some_and(|line| !line.value.is_empty()) && !one.all_day {
        let length = Duration { days: 0, seconds: one.end.saturating_sub(one.start) };
        instance.set(Line::new("DURATION", length.to_string()));
    }
    match one.recurrence_id {
        Some(id) => set_time(&mut instance, "RECURRENCE-ID", id, floating),
        None => drop(instance.remove("RECURRENCE-ID")),
    }
    instance
}

/// Moves a line that is already there to an instant, in the form it has: a day, a floating time, or UTC.
fn set_time(component: &mut Component, name: &str, instant: i64, floating: &Zone) {
    let Some(value) = component.get(name).and_then(|line| DateTimeValue::from_line(line).ok()) else {
        return;
    };
    let wall = floating.to_wall(instant);
    let value = match value {
        DateTimeValue::Date(_) => DateTimeValue::Date(wall.date()),
        DateTimeValue::Floating(_) => DateTimeValue::Floating(wall),
        DateTimeValue::Utc(_) | DateTimeValue::Zoned { .. } => DateTimeValue::Utc(instant),
    };
    component.set(value.to_line(name));
}

/// The component without any reference to a time zone: its times with a TZID in UTC.
fn in_utc(component: &Component, zones: &Zones<'_>) -> Component {
    let line = |line: &Line| {
        if line.param("TZID").is_none() {
            return line.clone();
        }
        let values = DateTimeValue::list_from_line(line).unwrap_or_default();
        let values: Vec<_> = values.iter().map(|value| format_utc(zones.instant(value))).collect();
        let params = line.params.iter().filter(|param| param.name != "TZID").cloned().collect();
        let value = if values.is_empty() { line.value.clone() } else { values.join(",") };
        Line { name: line.name.clone(), params, value }
    };
    Component {
        name: component.name.clone(),
        lines: component.lines.iter().map(line).collect(),
        children: component.children.iter().map(|child| in_utc(child, zones)).collect(),
    }
}
