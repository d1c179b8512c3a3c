//! `CALDAV:time-range` and its relatives `expand`, `limit-recurrence-set`, `limit-freebusy-set`. RFC 4791 §9.6.5–§9.9.

use crate::ical::filter::TimeRange;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::Line;
use crate::xml::Element;

/// Reads the two attributes: UTC times, at least one given, the start before the end.
///
/// `None` for anything else.
pub fn read(element: &Element) -> Option<TimeRange> {
    let range = TimeRange { start: instant(element, "start")?, end: instant(element, "end")? };
    let ordered = match (range.start, range.end) {
        (Some(start), Some(end)) => start < end,
        (None, None) => false,
        _ => true,
    };
    ordered.then_some(range)
}

/// Reads the two attributes where both must be given.
pub fn read_closed(element: &Element) -> Option<TimeRange> {
    read(element).filter(|range| range.start.is_some() && range.end.is_some())
}

/// `Some(None)`: not given. `None`: given, and no UTC time.
fn instant(element: &Element, attribute: &str) -> Option<Option<i64>> {
    let Some(text) = element.attribute(attribute) else { return Some(None) };
    match DateTimeValue::from_line(&Line::new("DTSTART", text.trim())) {
        Ok(DateTimeValue::Utc(instant)) => Some(Some(instant)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn range(attributes: &str) -> Option<TimeRange> {
        read(&parse(format!("<r {attributes}/>").as_bytes()).unwrap())
    }

    #[test]
    fn one_side_may_be_open() {
        let day = 1_136_332_800; // 2006-01-04
        assert_eq!(range("start='20060104T000000Z'"), Some(TimeRange { start: Some(day), end: None }));
        let both = TimeRange { start: Some(day), end: Some(day + 86_400) };
        assert_eq!(range("start='20060104T000000Z' end='20060105T000000Z'"), Some(both));
    }

    #[test]
    fn local_times_and_empty_ranges_are_none() {
        for attributes in [
            "",
            "start='20060104'",
            "start='20060104T000000'",
            "start='x'",
            "start='20060105T000000Z' end='20060104T000000Z'",
        ] {
            assert_eq!(range(attributes), None, "{attributes}");
        }
    }
}
