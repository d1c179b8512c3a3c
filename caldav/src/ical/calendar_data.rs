//! Which part of a calendar object a report returns. RFC 4791 §9.6.

use bytes::Bytes;

use super::calendar_data_expand::expanded;
use super::expand::Zones;
use super::filter::{TimeContext, TimeRange};
use super::filter_time::overlaps;
use super::object::CalendarObject;
use super::time::{DateTimeValue, Duration, Period};
use super::tree::{Component, Line};

/// `CALDAV:calendar-data` in a request. The default asks for the object as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// `CALDAV:comp` for VCALENDAR; `None`: everything.
    pub comp: Option<CompSelection>,
    /// `CALDAV:expand` or `CALDAV:limit-recurrence-set`.
    pub recurrences: Recurrences,
    /// `CALDAV:limit-freebusy-set`: only FREEBUSY values in this range. RFC 4791 §9.6.7.
    pub free_busy: Option<TimeRange>,
}

/// `CALDAV:comp`. One that asks for neither properties nor components means the whole component, as the example of
/// RFC 4791 §7.8.1 shows. RFC 4791 §9.6.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompSelection {
    /// Name of the component.
    pub name: String,
    /// `CALDAV:allprop`.
    pub all_props: bool,
    /// `CALDAV:prop`, each once.
    pub props: Vec<PropSelection>,
    /// `CALDAV:allcomp`.
    pub all_comps: bool,
    /// `CALDAV:comp` within.
    pub comps: Vec<CompSelection>,
}

/// `CALDAV:prop`. RFC 4791 §9.6.4.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PropSelection {
    /// Name of the property.
    pub name: String,
    /// Name and parameters only.
    pub no_value: bool,
}

/// What to do with recurring components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Recurrences {
    /// As stored.
    #[default]
    AsStored,
    /// Single instances in this range, times in UTC. RFC 4791 §9.6.5.
    Expand(TimeRange),
    /// The master, and the overrides that matter in this range. RFC 4791 §9.6.6.
    Limit(TimeRange),
}

/// The expansion does not fit into an answer: `number-of-matches-within-limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This expands to more than one answer can hold; a shorter time range will do.")]
pub struct TooMuch;

/// The selected part of an object as iCalendar text; the stored bytes where nothing is selected.
///
/// # Errors
/// [`TooMuch`], when an expansion is cut off by [`TimeContext::instances`] or grows beyond 8 MiB.
pub fn select(object: &CalendarObject, selection: &Selection, times: &TimeContext) -> Result<Bytes, TooMuch> {
    if *selection == Selection::default() {
        return Ok(object.bytes().clone());
    }
    let wanted = selection.comp.as_ref().filter(|comp| comp.name.eq_ignore_ascii_case("VCALENDAR"));
    let pruned = |root: &Component| wanted.map_or_else(|| root.clone(), |wanted| prune(root, wanted));
    let zones = Zones::new(object.timezones(), &times.floating);
    let mut root = match selection.recurrences {
        Recurrences::AsStored => pruned(object.root()),
        Recurrences::Expand(range) => expanded(object, range, times, &zones, pruned)?,
        Recurrences::Limit(range) => {
            let mut root = object.root().clone();
            root.children.retain(|component| matters(component, object, range, &zones));
            pruned(&root)
        }
    };
    if let Some(range) = selection.free_busy {
        for component in &mut root.children {
            limit_free_busy(component, range, &zones);
        }
    }
    Ok(root.write().into())
}

/// The properties and components that were asked for.
fn prune(component: &Component, wanted: &CompSelection) -> Component {
    let asks_props = wanted.all_props || !wanted.props.is_empty();
    let asks_comps = wanted.all_comps || !wanted.comps.is_empty();
    if !asks_props && !asks_comps {
        return component.clone();
    }
    let line = |line: &Line| {
        let prop = wanted.props.iter().find(|prop| prop.name.eq_ignore_ascii_case(&line.name));
        match prop {
            Some(prop) if prop.no_value => Some(Line { value: String::new(), ..line.clone() }),
            Some(_) => Some(line.clone()),
            None => wanted.all_props.then(|| line.clone()),
        }
    };
    let child = |child: &Component| {
        let comp = wanted.comps.iter().find(|comp| comp.name.eq_ignore_ascii_case(&child.name));
        match comp {
            Some(comp) => Some(prune(child, comp)),
            None => wanted.all_comps.then(|| child.clone()),
        }
    };
    Component {
        name: component.name.clone(),
        lines: component.lines.iter().filter_map(line).collect(),
        children: component.children.iter().filter_map(child).collect(),
    }
}

/// Whether a component of VCALENDAR is needed to know what happens in the range. RFC 4791 §9.6.6.
fn matters(component: &Component, object: &CalendarObject, range: TimeRange, zones: &Zones<'_>) -> bool {
    let Some(id) = component.get("RECURRENCE-ID") else {
        return true;
    };
    let instant = |line: &Line| Some(zones.instant(&DateTimeValue::from_line(line).ok()?));
    let length = |component: &Component| {
        let end = component.get("DTEND").or(component.get("DUE")).and_then(instant);
        let start = component.get("DTSTART").and_then(instant);
        match (start, end, component.get("DURATION")) {
            (Some(start), Some(end), _) => end.saturating_sub(start),
            (_, _, Some(line)) => Duration::parse(&line.value).unwrap_or_default().nominal_seconds(),
            _ if component.get("DTSTART").is_some_and(|line| line.value.trim().len() == 8) => 86_400,
            _ => 0,
        }
    };
    let hit = |start: Option<i64>, length: i64| {
        start.is_none_or(|start| overlaps(start, start.saturating_add(length), range))
    };
    id.param("RANGE").is_some()
        || hit(component.get("DTSTART").and_then(instant), length(component))
        || hit(instant(id), length(object.master().unwrap_or(component)))
}

/// Leaves the FREEBUSY values that overlap the range. RFC 4791 §9.6.7.
fn limit_free_busy(component: &mut Component, range: TimeRange, zones: &Zones<'_>) {
    for line in component.lines.iter_mut().filter(|line| line.name == "FREEBUSY") {
        let periods = Period::list_from_line(line).unwrap_or_default();
        let texts = line.value.split(',').zip(periods);
        let kept = texts.filter(|(_, period)| {
            let (start, end) = period.instants_in(&zones.of(&period.start));
            overlaps(start, end, range)
        });
        line.value = kept.map(|(text, _)| text).collect::<Vec<_>>().join(",");
    }
    component.lines.retain(|line| line.name != "FREEBUSY" || !line.value.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::limits::Limits;
    use crate::ical::time::parse_wall;
    use crate::ical::zone::Zone;

    fn example(name: &str) -> CalendarObject {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ical");
        let bytes = std::fs::read(folder.join(name).with_extension("ics")).unwrap();
        CalendarObject::parse(bytes, &Limits::default()).unwrap()
    }

    fn object(lines: &str) -> CalendarObject {
        let text = format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR");
        CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap()
    }

    fn times() -> TimeContext {
        TimeContext { floating: Zone::named("America/New_York").unwrap(), instances: 10_000 }
    }

    fn range(start: &str, end: &str) -> TimeRange {
        let instant = |text: &str| Some(Zone::utc().to_instant(parse_wall(text.strip_suffix('Z').unwrap()).unwrap()));
        TimeRange { start: instant(start), end: instant(end) }
    }

    /// The selected part as lines, without the time zones.
    fn selected(object: &CalendarObject, selection: &Selection) -> Vec<String> {
        let bytes = select(object, selection, &times()).unwrap();
        let mut root = Component::parse(&bytes, &Limits::default()).unwrap();
        root.children.retain(|child| child.name != "VTIMEZONE");
        let text = String::from_utf8(root.write()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn comp(name: &str, props: &[&str], comps: Vec<CompSelection>) -> CompSelection {
        let props = props.iter().map(|name| PropSelection { name: (*name).into(), no_value: false }).collect();
        CompSelection { name: name.into(), props, comps, ..CompSelection::default() }
    }

    fn instances(recurrences: Recurrences) -> Selection {
        let event = comp("VEVENT", &["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "SUMMARY"], Vec::new());
        let calendar = comp("VCALENDAR", &["VERSION"], vec![event]);
        Selection { comp: Some(calendar), recurrences, ..Selection::default() }
    }

    #[test]
    fn nothing_selected_gives_the_stored_bytes() {
        let object = example("accepted/vdirsyncer_bare");
        assert_eq!(&select(&object, &Selection::default(), &times()).unwrap(), object.bytes());
    }

    #[test]
    fn rfc_4791_7_8_1_selected_properties_and_whole_zones() {
        let event = comp("VEVENT", &["SUMMARY", "UID"], Vec::new());
        let calendar = comp("VCALENDAR", &["VERSION"], vec![event, comp("VTIMEZONE", &[], Vec::new())]);
        let selection = Selection { comp: Some(calendar), ..Selection::default() };
        let object = example("rfc4791/abcd3");
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            "SUMMARY:Event #3",
            "UID:DC6C50A017428C5216A2F1CD@example.com",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(selected(&object, &selection), expected);
        let root = Component::parse(&select(&object, &selection, &times()).unwrap(), &Limits::default()).unwrap();
        assert_eq!(root.children_named("VTIMEZONE").next(), object.timezones().next());
    }

    #[test]
    fn a_property_without_its_value_keeps_its_parameters() {
        let attendee = PropSelection { name: "attendee".into(), no_value: true };
        let event = CompSelection { props: vec![attendee], ..comp("VEVENT", &[], Vec::new()) };
        let calendar = CompSelection { comps: vec![event], ..comp("VCALENDAR", &[], Vec::new()) };
        let selection = Selection { comp: Some(calendar), ..Selection::default() };
        let lines = selected(&example("rfc4791/abcd3"), &selection);
        assert_eq!(lines[2..4], ["ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:", "ATTENDEE;PARTSTAT=NEEDS-ACTION:"]);
    }

    #[test]
    fn all_properties_without_components_leave_out_the_alarms() {
        let event = CompSelection { all_props: true, ..comp("VEVENT", &[], Vec::new()) };
        let calendar = CompSelection { comps: vec![event], all_props: true, ..comp("VCALENDAR", &[], Vec::new()) };
        let selection = Selection { comp: Some(calendar), ..Selection::default() };
        let lines = selected(&example("accepted/davx5_android"), &selection);
        assert!(lines.contains(&"SUMMARY:Dentist".to_owned()) && !lines.contains(&"BEGIN:VALARM".to_owned()));
    }

    #[test]
    fn rfc_4791_7_8_2_overrides_that_matter_in_the_range() {
        let limit = Recurrences::Limit(range("20060103T000000Z", "20060105T000000Z"));
        let lines = selected(&example("rfc4791/abcd2"), &instances(limit));
        let summaries: Vec<_> = lines.iter().filter(|line| line.starts_with("SUMMARY")).collect();
        assert_eq!(summaries, ["SUMMARY:Event #2", "SUMMARY:Event #2 bis"]);
        assert!(lines.contains(&"RRULE:FREQ=DAILY;COUNT=5".to_owned()));
    }

    #[test]
    fn an_override_matters_where_it_was_and_where_it_went() {
        let lines = "BEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z\nRRULE:FREQ=DAILY\n\
                     END:VEVENT\nBEGIN:VEVENT\nUID:1\nSUMMARY:moved\nRECURRENCE-ID:20261125T090000Z\n\
                     DTSTART:20261130T090000Z\nDTEND:20261130T100000Z\nEND:VEVENT";
        let matters = |start, end| {
            let limit = Recurrences::Limit(range(start, end));
            selected(&object(lines), &instances(limit)).contains(&"SUMMARY:moved".to_owned())
        };
        assert!(matters("20261125T093000Z", "20261125T094000Z"));
        assert!(matters("20261130T093000Z", "20261130T094000Z"));
        assert!(!matters("20261127T000000Z", "20261128T000000Z"));
    }

    #[test]
    fn rfc_4791_7_8_3_single_instances_in_utc() {
        let expand = Recurrences::Expand(range("20060103T000000Z", "20060105T000000Z"));
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            "DTSTART:20060103T170000Z",
            "DURATION:PT1H",
            "SUMMARY:Event #2",
            "RECURRENCE-ID:20060103T170000Z",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "DTSTART:20060104T190000Z",
            "DURATION:PT1H",
            "RECURRENCE-ID:20060104T170000Z",
            "SUMMARY:Event #2 bis",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        let object = example("rfc4791/abcd2");
        assert_eq!(selected(&object, &instances(expand)), expected);
        let whole = Selection { recurrences: expand, ..Selection::default() };
        let text = String::from_utf8(select(&object, &whole, &times()).unwrap().to_vec()).unwrap();
        assert!(!text.contains("VTIMEZONE") && !text.contains("TZID"), "{text}");
        assert_eq!(text.matches("UID:00959BC664CA650E933C892C@example.com").count(), 2);
    }

    #[test]
    fn days_stay_days_and_floating_times_stay_floating() {
        let expand = Recurrences::Expand(range("20261125T000000Z", "20261126T120000Z"));
        let days = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125\n\
                    RRULE:FREQ=DAILY\nEND:VEVENT";
        let lines = selected(&object(days), &instances(expand));
        assert!(lines.contains(&"DTSTART;VALUE=DATE:20261125".to_owned()), "{lines:?}");
        assert!(lines.contains(&"DTEND;VALUE=DATE:20261126".to_owned()), "{lines:?}");
        assert!(lines.contains(&"RECURRENCE-ID;VALUE=DATE:20261125".to_owned()), "{lines:?}");
        let floating = "BEGIN:VEVENT\nUID:1\nDTSTART:20261125T090000\nDTEND:20261125T100000\nEND:VEVENT";
        let lines = selected(&object(floating), &instances(expand));
        assert_eq!(lines[1..4], ["BEGIN:VEVENT", "DTSTART:20261125T090000", "DTEND:20261125T100000"]);
    }

    #[test]
    fn an_expansion_beyond_an_answer_is_refused() {
        let every_day = "BEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT";
        let expand = Recurrences::Expand(range("20261124T000000Z", "20991125T000000Z"));
        assert_eq!(select(&object(every_day), &instances(expand), &times()), Err(TooMuch));
        let far = Recurrences::Expand(range("20261124T000000Z", "20271124T000000Z"));
        let long = every_day.replace("BEGIN:VEVENT", &format!("X-LONG:{}\nBEGIN:VEVENT", "x".repeat(900_000)));
        let text = select(&object(&long), &instances(far), &times()).unwrap();
        assert!(text.len() < 100_000, "what is not asked for is not copied 365 times");
        let heavy = every_day.replace("RRULE", &format!("SUMMARY:{}\nRRULE", "x".repeat(100_000)));
        let expand = Recurrences::Expand(range("20261124T000000Z", "20271124T000000Z"));
        assert_eq!(select(&object(&heavy), &instances(expand), &times()), Err(TooMuch));
    }

    #[test]
    fn rfc_4791_7_8_4_free_busy_values_in_the_range() {
        let free_busy = Some(range("20060102T000000Z", "20060103T000000Z"));
        let lines = selected(&example("rfc4791/abcd8"), &Selection { free_busy, ..Selection::default() });
        let values: Vec<_> = lines.iter().filter(|line| line.starts_with("FREEBUSY")).collect();
        assert_eq!(values, ["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060102T100000Z/20060102T120000Z"]);
    }
}
