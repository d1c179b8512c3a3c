//! What makes a calendar one object resource. RFC 4791 §4.1, RFC 5545 §3.6.
//!
//! Strict where a wrong value would make us show or block a wrong time, liberal everywhere else.

use std::collections::HashSet;

use super::expand::Zones;
use super::limits::Limits;
use super::object::{ComponentKind, InvalidObject};
use super::parse::shown;
use super::tree::Component;
use super::validate_times;
use super::zone::Zone;

/// The kind and the UID of a valid object.
pub(super) fn check(root: &Component, limits: &Limits) -> Result<(ComponentKind, String), InvalidObject> {
    check_calendar(root)?;
    let kind = one_kind(root)?;
    let components: Vec<_> = root.children.iter().filter(|child| child.name != "VTIMEZONE").collect();
    let uid = one_uid(&components, limits)?;
    one_component_an_instance(&components)?;
    let reader = Zone::utc();
    let zones = Zones::new(root.children_named("VTIMEZONE"), &reader);
    for component in components {
        check_component(component, kind, limits)?;
        validate_times::check(component, &zones)?;
        for part in component.children_named("AVAILABLE") {
            check_component(part, ComponentKind::Event, limits)?;
            validate_times::check(part, &zones)?;
        }
    }
    Ok((kind, uid))
}

fn not_an_object<T>(text: impl Into<String>) -> Result<T, InvalidObject> {
    Err(InvalidObject::NotAnObject(text.into()))
}

/// The lines and time zones of VCALENDAR itself.
fn check_calendar(root: &Component) -> Result<(), InvalidObject> {
    if let Some(line) = root.get("METHOD") {
        let method = shown(&line.value);
        return not_an_object(format!("METHOD:{method} belongs in a message; a stored calendar object has no METHOD."));
    }
    if root.get("VERSION").is_some_and(|line| line.value.trim() == "1.0") {
        return Err(InvalidObject::NotICalendar("This is vCalendar 1.0; iCalendar has VERSION:2.0.".into()));
    }
    if let Some(line) = root.get("CALSCALE").filter(|line| !line.value.trim().eq_ignore_ascii_case("GREGORIAN")) {
        return not_an_object(format!("CALSCALE:{} is not known; it must be GREGORIAN.", shown(&line.value)));
    }
    match root.children_named("VTIMEZONE").find(|zone| zone.get("TZID").is_none()) {
        Some(_) => not_an_object("A VTIMEZONE needs a TZID."),
        None => Ok(()),
    }
}

/// All components but the time zones are of one kind.
fn one_kind(root: &Component) -> Result<ComponentKind, InvalidObject> {
    let mut names = root.children.iter().map(|child| child.name.as_str()).filter(|name| *name != "VTIMEZONE");
    let Some(first) = names.next() else {
        return not_an_object("There is nothing in the calendar: expected a VEVENT or another component.");
    };
    if let Some(other) = names.find(|name| *name != first) {
        let (first, other) = (shown(first), shown(other));
        return not_an_object(format!("{first} and {other} are in one resource; each kind needs its own."));
    }
    ComponentKind::from_name(first).ok_or_else(|| InvalidObject::UnsupportedComponent(shown(first)))
}

/// Every component has the same UID.
fn one_uid(components: &[&Component], limits: &Limits) -> Result<String, InvalidObject> {
    let mut uid: Option<String> = None;
    for component in components {
        let name = &component.name;
        once(component, "UID")?;
        let Some(line) = component.get("UID").filter(|line| !line.value.trim().is_empty()) else {
            return not_an_object(format!("The {name} needs a UID."));
        };
        let this = line.text().trim().to_owned();
        if this.len() > limits.uid {
            return not_an_object(format!("The UID of the {name} is longer than {} bytes.", limits.uid));
        }
        match &uid {
            Some(first) if *first != this => {
                let (first, this) = (shown(first), shown(&this));
                return not_an_object(format!("The UIDs {first} and {this} are in one resource; each needs its own."));
            }
            _ => uid = Some(this),
        }
    }
    uid.map_or_else(|| not_an_object("There is no UID."), Ok)
}

/// At most one component without RECURRENCE-ID, and one for each RECURRENCE-ID.
fn one_component_an_instance(components: &[&Component]) -> Result<(), InvalidObject> {
    let mut seen = HashSet::new();
    for component in components {
        let name = &component.name;
        once(component, "RECURRENCE-ID")?;
        let id = component.get("RECURRENCE-ID").map(|line| (line.value.trim(), line.param("TZID")));
        if seen.insert(id) {
            continue;
        }
        return match id {
            None => not_an_object(format!("There are two {name} without RECURRENCE-ID; only one can be the master.")),
            Some((value, _)) => {
                not_an_object(format!("Two {name} have the RECURRENCE-ID {}; each needs its own.", shown(value)))
            }
        };
    }
    Ok(())
}

fn check_component(component: &Component, kind: ComponentKind, limits: &Limits) -> Result<(), InvalidObject> {
    if component.all("ATTENDEE").count() > limits.attendees {
        return Err(InvalidObject::TooManyAttendees(limits.attendees));
    }
    let top = |child: &&Component| {
        ComponentKind::from_name(&child.name).is_some() || matches!(child.name.as_str(), "VTIMEZONE" | "VCALENDAR")
    };
    if let Some(child) = component.children.iter().find(top) {
        return not_an_object(format!("A {} does not belong inside a {}.", child.name, component.name));
    }
    for name in ["DTSTART", "DTEND", "DUE", "DURATION"] {
        once(component, name)?;
    }
    if kind == ComponentKind::Event && component.get("DTSTART").is_none() {
        return not_an_object(format!("The {} needs a DTSTART.", component.name));
    }
    for end in ["DTEND", "DUE"] {
        if component.get(end).is_some() && component.get("DURATION").is_some() {
            return not_an_object(format!("The {} has both {end} and DURATION; one of them must go.", component.name));
        }
    }
    Ok(())
}

/// Two lines of one of these names contradict each other.
fn once(component: &Component, name: &str) -> Result<(), InvalidObject> {
    match component.all(name).nth(1) {
        Some(_) => not_an_object(format!("The {} has more than one {name}.", component.name)),
        None => Ok(()),
    }
}
