//! The frame of messages that we write.

use super::copy::tzids;
use super::message::Method;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::{Component, Line};
use crate::ical::vtimezone;
use crate::ical::zone::Zone;

/// Around a year before and after, in seconds: what a single time needs of its zone.
const A_YEAR: i64 = 366 * 86_400;

/// A message with these events and the time zones they name, from `source` where it has them. `product` is PRODID.
pub(super) fn calendar(method: Method, product: &str, events: Vec<Component>, source: &Component) -> Component {
    let mut calendar = Component::new("VCALENDAR")
        .with(Line::new("VERSION", "2.0"))
        .with(Line::new("PRODID", product))
        .with(Line::new("CALSCALE", "GREGORIAN"))
        .with(Line::new("METHOD", method.as_str()));
    let mut named: Vec<String> = tzids(&events).into_iter().collect();
    named.sort_unstable();
    calendar.children.extend(named.iter().filter_map(|tzid| timezone(tzid, source, &events)));
    calendar.children.extend(events);
    calendar
}

fn timezone(tzid: &str, source: &Component, events: &[Component]) -> Option<Component> {
    let names = |zone: &&Component| zone.get("TZID").is_some_and(|line| line.text() == tzid);
    if let Some(zone) = source.children_named("VTIMEZONE").find(names) {
        return Some(zone.clone());
    }
    let zone = Zone::resolve(tzid, None)?;
    let start = events.iter().find_map(|event| DateTimeValue::from_line(event.get("DTSTART")?).ok());
    let start = start.map_or(0, |start| start.instant_in(&zone));
    let mut written = vtimezone::write(&zone, start.saturating_sub(A_YEAR), start.saturating_add(A_YEAR));
    written.set(Line::text_value("TZID", tzid));
    Some(written)
}

/// An event with copies of the lines of these names, and a fresh stamp.
pub(super) fn echo(event: &Component, names: &[&str], now: i64) -> Component {
    let mut copy = Component::new("VEVENT");
    copy.lines = names.iter().filter_map(|name| event.get(name)).cloned().collect();
    copy.set(Line::new("DTSTAMP", crate::ical::time::format_utc(now)));
    copy
}
