//! `CALDAV:timezone` (RFC 4791 §9.8), `CALDAV:timezone-id` (RFC 7809 §5.2) and the text of `calendar-timezone`.

use crate::ical::limits::Limits;
use crate::ical::tree::Component;
use crate::ical::zone::Zone;
use crate::precondition::Precondition;
use crate::xml::{CALDAV, Element};

/// The zone that a REPORT body asks floating times to be read in, if it does.
///
/// # Errors
/// `valid-calendar-data` when the element holds no usable VTIMEZONE.
pub fn of_request(root: &Element) -> Result<Option<Zone>, Precondition> {
    let zone = if let Some(element) = root.child(CALDAV, "timezone") {
        of_text(&element.text())
    } else if let Some(element) = root.child(CALDAV, "timezone-id") {
        Zone::named(element.text().trim())
    } else {
        return Ok(None);
    };
    zone.map(Some).ok_or(Precondition::ValidCalendarData)
}

/// The zone in an iCalendar object with one VTIMEZONE.
pub fn of_text(text: &str) -> Option<Zone> {
    let root = Component::parse(text.trim().as_bytes(), &Limits::default()).ok()?;
    let zone = root.children_named("VTIMEZONE").next()?;
    Zone::resolve(&zone.get("TZID")?.value, Some(zone))
}
