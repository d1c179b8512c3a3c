//! `CALDAV:filter`. RFC 4791 §9.7.

use crate::ical::filter::{Collation, CompFilter, Filter, ParamFilter, PropFilter, TextMatch, TimeRange};
use crate::precondition::Precondition;
use crate::xml::{CALDAV, Element};

use super::time_range;

/// Most tests in one filter: each is made on every object.
const MAX_TESTS: usize = 64;

/// Reads the element.
///
/// # Errors
/// `valid-filter` for what RFC 4791 §9.7 does not allow, `supported-collation`, and `supported-filter` for elements
/// that are not of RFC 4791 and for more than 64 tests.
pub fn read(element: &Element) -> Result<Filter, Precondition> {
    let mut reader = Reader { left: MAX_TESTS };
    let mut calendars = element.children();
    match (calendars.next(), calendars.next()) {
        (Some(calendar), None) if calendar.is(CALDAV, "comp-filter") => {
            let calendar = reader.comp(calendar)?;
            if calendar.name.eq_ignore_ascii_case("VCALENDAR") {
                Ok(Filter { calendar })
            } else {
                Err(Precondition::ValidFilter)
            }
        }
        _ => Err(Precondition::ValidFilter),
    }
}

struct Reader {
    left: usize,
}

impl Reader {
    /// RFC 4791 §9.7.1.
    fn comp(&mut self, element: &Element) -> Result<CompFilter, Precondition> {
        let mut filter = CompFilter { name: self.begin(element)?, ..CompFilter::default() };
        for child in element.children() {
            match child.name.parts() {
                (CALDAV, "is-not-defined") => filter.is_not_defined = true,
                (CALDAV, "time-range") => filter.time_range = Some(range(child)?),
                (CALDAV, "prop-filter") => filter.prop_filters.push(self.prop(child)?),
                (CALDAV, "comp-filter") => filter.comp_filters.push(self.comp(child)?),
                _ => return Err(Precondition::SupportedFilter),
            }
        }
        Ok(filter)
    }

    /// RFC 4791 §9.7.2.
    fn prop(&mut self, element: &Element) -> Result<PropFilter, Precondition> {
        let mut filter = PropFilter { name: self.begin(element)?, ..PropFilter::default() };
        for child in element.children() {
            match child.name.parts() {
                (CALDAV, "is-not-defined") => filter.is_not_defined = true,
                (CALDAV, "time-range") => filter.time_range = Some(range(child)?),
                (CALDAV, "text-match") => filter.text_match = Some(text_match(child)?),
                (CALDAV, "param-filter") => filter.param_filters.push(self.param(child)?),
                _ => return Err(Precondition::SupportedFilter),
            }
        }
        Ok(filter)
    }

    /// RFC 4791 §9.7.3.
    fn param(&mut self, element: &Element) -> Result<ParamFilter, Precondition> {
        let mut filter = ParamFilter { name: self.begin(element)?, ..ParamFilter::default() };
        for child in element.children() {
            match child.name.parts() {
                (CALDAV, "is-not-defined") => filter.is_not_defined = true,
                (CALDAV, "text-match") => filter.text_match = Some(text_match(child)?),
                _ => return Err(Precondition::SupportedFilter),
            }
        }
        Ok(filter)
    }

    fn begin(&mut self, element: &Element) -> Result<String, Precondition> {
        self.left = self.left.checked_sub(1).ok_or(Precondition::SupportedFilter)?;
        let name = element.attribute("name").filter(|name| !name.is_empty()).ok_or(Precondition::ValidFilter)?;
        Ok(name.to_ascii_uppercase())
    }
}

fn range(element: &Element) -> Result<TimeRange, Precondition> {
    time_range::read(element).ok_or(Precondition::ValidFilter)
}

/// RFC 4791 §9.7.5.
fn text_match(element: &Element) -> Result<TextMatch, Precondition> {
    let collation = match element.attribute("collation") {
        None => Collation::default(),
        Some(name) => Collation::from_name(name).ok_or(Precondition::SupportedCollation)?,
    };
    let negate = match element.attribute("negate-condition") {
        None | Some("no") => false,
        Some("yes") => true,
        Some(_) => return Err(Precondition::ValidFilter),
    };
    Ok(TextMatch { collation, negate, text: element.text() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn filter(inner: &str) -> Result<Filter, Precondition> {
        let body = format!("<filter xmlns='{CALDAV}'>{inner}</filter>");
        read(&parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn the_parts_of_a_filter_are_read() {
        let read = filter(
            "<comp-filter name='VCALENDAR'><comp-filter name='vevent'><prop-filter name='ATTENDEE'>\
             <text-match collation='i;octet' negate-condition='yes'>mailto:ada@example.org</text-match>\
             <param-filter name='PARTSTAT'><is-not-defined/></param-filter></prop-filter></comp-filter></comp-filter>",
        );
        let event = &read.unwrap().calendar.comp_filters[0];
        assert_eq!(event.name, "VEVENT");
        let text = event.prop_filters[0].text_match.as_ref().unwrap();
        assert_eq!(
            (text.collation, text.negate, text.text.as_str()),
            (Collation::Octet, true, "mailto:ada@example.org")
        );
        assert!(event.prop_filters[0].param_filters[0].is_not_defined);
    }

    #[test]
    fn each_fault_has_its_precondition() {
        let event = |inner: &str| {
            filter(&format!(
                "<comp-filter name='VCALENDAR'><comp-filter name='VEVENT'>{inner}</comp-filter></comp-filter>"
            ))
        };
        assert_eq!(filter(""), Err(Precondition::ValidFilter));
        assert_eq!(filter("<comp-filter name='VEVENT'/>"), Err(Precondition::ValidFilter));
        assert_eq!(event("<time-range/>"), Err(Precondition::ValidFilter));
        assert_eq!(event("<prop-filter/>"), Err(Precondition::ValidFilter));
        assert_eq!(event("<other/>"), Err(Precondition::SupportedFilter));
        assert_eq!(
            event("<prop-filter name='SUMMARY'><text-match collation='x'>a</text-match></prop-filter>"),
            Err(Precondition::SupportedCollation)
        );
        assert_eq!(event(&"<prop-filter name='A'/>".repeat(MAX_TESTS)), Err(Precondition::SupportedFilter));
    }
}
