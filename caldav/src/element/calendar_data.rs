//! `CALDAV:calendar-data` in a REPORT's request. RFC 4791 §9.6.

use crate::precondition::Precondition;
use crate::store::{Collection, Member};
use crate::xml::Element;

/// How much of each calendar object is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarData {}

/// Reads the element.
///
/// # Errors
/// `supported-calendar-data` for another media type or version than iCalendar 2.0.
pub fn read(element: &Element) -> Result<CalendarData, Precondition> {
    let kind = element.attribute("content-type").unwrap_or("text/calendar");
    let version = element.attribute("version").unwrap_or("2.0");
    if !kind.trim().eq_ignore_ascii_case("text/calendar") || version.trim() != "2.0" {
        return Err(Precondition::SupportedCalendarData);
    }
    Ok(CalendarData {})
}

impl CalendarData {
    /// The wanted part of a member; `None` when it was loaded without bytes.
    pub fn render(&self, _collection: &Collection, member: &Member) -> Option<String> {
        Some(String::from_utf8_lossy(member.bytes.as_deref()?).into_owned())
    }
}
