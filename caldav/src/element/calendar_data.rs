//! `CALDAV:calendar-data` in a REPORT's request. RFC 4791 §9.6.

use super::time_range;
use crate::ical::calendar_data::{CompSelection, PropSelection, Recurrences, Selection};
use crate::ical::filter::TimeRange;
use crate::precondition::Precondition;
use crate::xml::{CALDAV, Element};

/// Most `CALDAV:comp` and `CALDAV:prop` in one request.
const MAX_PARTS: usize = 256;

/// Reads the element.
///
/// # Errors
/// `supported-calendar-data` for another media type or version than iCalendar 2.0, `valid-filter` for a bad range.
pub fn read(element: &Element) -> Result<Selection, Precondition> {
    let kind = element.attribute("content-type").unwrap_or("text/calendar");
    let version = element.attribute("version").unwrap_or("2.0");
    if !kind.trim().eq_ignore_ascii_case("text/calendar") || version.trim() != "2.0" {
        return Err(Precondition::SupportedCalendarData);
    }
    let mut selection = Selection::default();
    let mut left = MAX_PARTS;
    for child in element.children() {
        match child.name.parts() {
            (CALDAV, "comp") => selection.comp = Some(comp(child, &mut left)?),
            (CALDAV, "expand") => selection.recurrences = Recurrences::Expand(range(child)?),
            (CALDAV, "limit-recurrence-set") => selection.recurrences = Recurrences::Limit(range(child)?),
            (CALDAV, "limit-freebusy-set") => selection.free_busy = Some(range(child)?),
            _ => {}
        }
    }
    Ok(selection)
}

/// RFC 4791 §9.6.1.
fn comp(element: &Element, left: &mut usize) -> Result<CompSelection, Precondition> {
    let mut selection = CompSelection { name: name(element, left)?, ..CompSelection::default() };
    for child in element.children() {
        match child.name.parts() {
            (CALDAV, "allprop") => selection.all_props = true,
            (CALDAV, "allcomp") => selection.all_comps = true,
            (CALDAV, "prop") => {
                let no_value = child.attribute("novalue") == Some("yes");
                selection.props.push(PropSelection { name: name(child, left)?, no_value });
            }
            (CALDAV, "comp") => selection.comps.push(comp(child, left)?),
            _ => {}
        }
    }
    Ok(selection)
}

fn name(element: &Element, left: &mut usize) -> Result<String, Precondition> {
    *left = left.checked_sub(1).ok_or(Precondition::SupportedCalendarData)?;
    Ok(element.attribute("name").ok_or(Precondition::SupportedCalendarData)?.to_ascii_uppercase())
}

fn range(element: &Element) -> Result<TimeRange, Precondition> {
    time_range::read_closed(element).ok_or(Precondition::ValidFilter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn selection(attributes: &str, inner: &str) -> Result<Selection, Precondition> {
        let body = format!("<calendar-data xmlns='{CALDAV}' {attributes}>{inner}</calendar-data>");
        read(&parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn an_empty_element_wants_the_stored_object() {
        assert_eq!(selection("content-type='text/calendar' version='2.0'", ""), Ok(Selection::default()));
        assert_eq!(selection("content-type='application/calendar+json'", ""), Err(Precondition::SupportedCalendarData));
    }

    #[test]
    fn parts_and_ranges_are_read() {
        let read = selection(
            "",
            "<comp name='VCALENDAR'><allprop/><comp name='vevent'><prop name='SUMMARY' novalue='yes'/></comp></comp>\
             <expand start='20260301T000000Z' end='20260302T000000Z'/>",
        )
        .unwrap();
        let comp = read.comp.unwrap();
        assert!(comp.all_props && comp.comps[0].props[0].no_value);
        assert!(matches!(read.recurrences, Recurrences::Expand(_)));
        assert_eq!(selection("", "<expand start='20260301T000000Z'/>"), Err(Precondition::ValidFilter));
    }
}
