//! Which calendar objects a calendar-query asks for. RFC 4791 §9.7.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::expand::Zones;
use super::filter_time::{self, Instances};
use super::object::{CalendarObject, ComponentKind};
use super::time::{DateTimeValue, Period};
use super::tree::{Component, Line};
use super::zone::Zone;

/// `CALDAV:filter`: a query on VCALENDAR. RFC 4791 §9.7.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The one filter on the calendar itself, named VCALENDAR.
    pub calendar: CompFilter,
}

/// `CALDAV:comp-filter`. RFC 4791 §9.7.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompFilter {
    /// Name of the component, such as `VEVENT`.
    pub name: String,
    /// Matches where there is no such component; everything below is ignored then.
    pub is_not_defined: bool,
    /// An instance of the component overlaps it. RFC 4791 §9.9.
    pub time_range: Option<TimeRange>,
    /// All match the component.
    pub prop_filters: Vec<PropFilter>,
    /// All match within the component.
    pub comp_filters: Vec<CompFilter>,
}

/// `CALDAV:prop-filter`. RFC 4791 §9.7.2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PropFilter {
    /// Name of the property, such as `ATTENDEE`.
    pub name: String,
    /// Matches where there is no such property; everything below is ignored then.
    pub is_not_defined: bool,
    /// The value is a time in this range.
    pub time_range: Option<TimeRange>,
    /// The value contains a text.
    pub text_match: Option<TextMatch>,
    /// All match the same property.
    pub param_filters: Vec<ParamFilter>,
}

/// `CALDAV:param-filter`. RFC 4791 §9.7.3.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParamFilter {
    /// Name of the parameter, such as `PARTSTAT`.
    pub name: String,
    /// Matches where there is no such parameter.
    pub is_not_defined: bool,
    /// One of the values contains a text.
    pub text_match: Option<TextMatch>,
}

/// `CALDAV:text-match`: a substring. RFC 4791 §9.7.5.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextMatch {
    /// How characters are compared.
    pub collation: Collation,
    /// Matches where the text is not found.
    pub negate: bool,
    /// What to look for.
    pub text: String,
}

/// How text is compared. RFC 4790, RFC 4791 §7.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collation {
    /// `i;ascii-casemap`: A to Z as a to z.
    #[default]
    AsciiCasemap,
    /// `i;octet`: byte for byte.
    Octet,
    /// `i;unicode-casemap`, RFC 5051: letters of every script in either case.
    UnicodeCasemap,
}

impl Collation {
    /// Every collation, for `supported-collation-set`.
    pub const ALL: [Collation; 3] = [Self::AsciiCasemap, Self::Octet, Self::UnicodeCasemap];

    /// Its registered name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsciiCasemap => "i;ascii-casemap",
            Self::Octet => "i;octet",
            Self::UnicodeCasemap => "i;unicode-casemap",
        }
    }

    /// The collation of a registered name; `default` is `i;ascii-casemap` in CalDAV.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            name => Self::ALL.into_iter().find(|collation| collation.name() == name),
        }
    }

    fn contains(self, value: &str, text: &str) -> bool {
        match self {
            Self::Octet => value.contains(text),
            Self::AsciiCasemap => value.to_ascii_lowercase().contains(&text.to_ascii_lowercase()),
            Self::UnicodeCasemap => value.to_lowercase().contains(&text.to_lowercase()),
        }
    }
}

/// `CALDAV:time-range`: from `start` up to but without `end`, UTC seconds; at least one is given. RFC 4791 §9.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// `None`: from ever.
    pub start: Option<i64>,
    /// `None`: for ever.
    pub end: Option<i64>,
}

impl TimeRange {
    /// Where it begins, as a number.
    pub fn first(self) -> i64 {
        self.start.unwrap_or(i64::MIN)
    }

    /// Where it ends, as a number.
    pub fn last(self) -> i64 {
        self.end.unwrap_or(i64::MAX)
    }
}

/// What times need besides the object.
#[derive(Debug, Clone)]
pub struct TimeContext {
    /// The zone of floating times and of days: CALDAV:timezone of the request, else calendar-timezone.
    pub floating: Zone,
    /// Instances that are looked at for one object; a recurrence that is cut off there counts as matching.
    pub instances: u32,
}

/// Whether the object is among those that the filter asks for. RFC 4791 §9.7.
pub fn matches(object: &CalendarObject, filter: &Filter, times: &TimeContext) -> bool {
    let calendar = &filter.calendar;
    if !calendar.name.eq_ignore_ascii_case("VCALENDAR") {
        return calendar.is_not_defined;
    }
    let zones = Zones::new(object.timezones(), &times.floating);
    let scope = Scope { object, times, zones, instances: RefCell::default() };
    !calendar.is_not_defined
        && calendar.prop_filters.iter().all(|filter| scope.prop(object.root(), filter))
        && calendar.comp_filters.iter().all(|filter| scope.comp(object.root(), filter))
        && calendar.time_range.is_none_or(|range| scope.any_overlaps(range))
}

impl Filter {
    /// The kind of component that every match has, if the filter says so: for choosing candidates by an index.
    pub fn kind(&self) -> Option<ComponentKind> {
        let wanted = self.calendar.comp_filters.iter().filter(|filter| !filter.is_not_defined);
        wanted.filter_map(|filter| ComponentKind::from_name(&filter.name)).next()
    }

    /// The range, in UTC seconds, in which every match has an instance of a VEVENT, if the filter says so.
    pub fn event_range(&self) -> Option<TimeRange> {
        let mut events = self.calendar.comp_filters.iter().filter(|filter| filter.name.eq_ignore_ascii_case("VEVENT"));
        events.find_map(|filter| filter.time_range.filter(|_| !filter.is_not_defined))
    }
}

struct Scope<'a> {
    object: &'a CalendarObject,
    times: &'a TimeContext,
    zones: Zones<'a>,
    /// The instances for each filter with a time range: nested filters are asked for every parent.
    instances: RefCell<HashMap<*const CompFilter, Rc<Instances<'a>>>>,
}

impl<'a> Scope<'a> {
    /// RFC 4791 §9.7.1, for the children of one component.
    fn comp(&self, parent: &Component, filter: &CompFilter) -> bool {
        let mut named = parent.children_named(&filter.name);
        if filter.is_not_defined {
            return named.next().is_none();
        }
        named.any(|component| {
            filter.prop_filters.iter().all(|filter| self.prop(component, filter))
                && filter.comp_filters.iter().all(|filter| self.comp(component, filter))
                && filter.time_range.is_none_or(|range| self.instances(filter, range).overlap(parent, component))
        })
    }

    fn instances(&self, filter: &CompFilter, range: TimeRange) -> Rc<Instances<'a>> {
        let of = || Rc::new(Instances::of(self.object, &filter.name, range, self.times));
        self.instances.borrow_mut().entry(std::ptr::from_ref(filter)).or_insert_with(of).clone()
    }

    /// A time range on the calendar itself: any of its components, which are all of one kind.
    fn any_overlaps(&self, range: TimeRange) -> bool {
        let instances = Instances::of(self.object, self.object.kind().name(), range, self.times);
        self.object.components().any(|component| instances.overlap(self.object.root(), component))
    }

    /// RFC 4791 §9.7.2.
    fn prop(&self, component: &Component, filter: &PropFilter) -> bool {
        let mut lines = component.all(&filter.name);
        if filter.is_not_defined {
            return lines.next().is_none();
        }
        lines.any(|line| {
            filter.text_match.as_ref().is_none_or(|text| text.matches(&line.text()))
                && filter.time_range.is_none_or(|range| self.line_overlaps(line, range))
                && filter.param_filters.iter().all(|filter| param(line, filter))
        })
    }

    /// Whether one of the times of a property is in a range: a time lies in it, a day or a period overlaps it.
    fn line_overlaps(&self, line: &Line, range: TimeRange) -> bool {
        if line.name == "FREEBUSY" || line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD")) {
            let periods = Period::list_from_line(line).unwrap_or_default();
            return periods.iter().any(|period| {
                let (start, end) = period.instants_in(&self.zones.of(&period.start));
                filter_time::overlaps(start, end, range)
            });
        }
        let values = DateTimeValue::list_from_line(line).unwrap_or_default();
        values.iter().any(|value| {
            let (start, end) = filter_time::span(value, &self.zones.of(value));
            filter_time::overlaps(start, end, range)
        })
    }
}

/// RFC 4791 §9.7.3.
fn param(line: &Line, filter: &ParamFilter) -> bool {
    let mut values = line.param_values(&filter.name).peekable();
    if filter.is_not_defined {
        return values.peek().is_none();
    }
    match &filter.text_match {
        None => values.peek().is_some(),
        Some(text) => values.any(|value| text.matches(value)),
    }
}

impl TextMatch {
    /// Whether the text is found in the value, or not found when negated.
    pub fn matches(&self, value: &str) -> bool {
        self.collation.contains(value, &self.text) != self.negate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::limits::Limits;
    use crate::ical::time::parse_wall;

    /// The objects of RFC 4791 appendix B that match.
    fn matching(filter: &Filter) -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ical/rfc4791");
        let objects = (1..=8).map(|number| {
            let name = format!("abcd{number}");
            let bytes = std::fs::read(folder.join(&name).with_extension("ics")).unwrap();
            (name, CalendarObject::parse(bytes, &Limits::default()).unwrap())
        });
        objects.filter(|(_, object)| matches(object, filter, &eastern())).map(|(name, _)| name).collect()
    }

    fn eastern() -> TimeContext {
        TimeContext { floating: Zone::named("America/New_York").unwrap(), instances: 10_000 }
    }

    fn utc(text: &str) -> i64 {
        Zone::utc().to_instant(parse_wall(text.strip_suffix('Z').unwrap()).unwrap())
    }

    fn range(start: &str, end: &str) -> TimeRange {
        let instant = |text: &str| (!text.is_empty()).then(|| utc(text));
        TimeRange { start: instant(start), end: instant(end) }
    }

    fn on(name: &str) -> CompFilter {
        CompFilter { name: name.into(), ..CompFilter::default() }
    }

    fn within(inner: CompFilter) -> Filter {
        Filter { calendar: CompFilter { comp_filters: vec![inner], ..on("VCALENDAR") } }
    }

    fn text(collation: Collation, text: &str) -> TextMatch {
        TextMatch { collation, negate: false, text: text.into() }
    }

    fn prop(name: &str) -> PropFilter {
        PropFilter { name: name.into(), ..PropFilter::default() }
    }

    fn with_text(name: &str, text_match: TextMatch) -> PropFilter {
        PropFilter { text_match: Some(text_match), ..prop(name) }
    }

    #[test]
    fn rfc_4791_7_8_1_events_by_time_range() {
        let time_range = Some(range("20060104T000000Z", "20060105T000000Z"));
        let filter = within(CompFilter { time_range, ..on("VEVENT") });
        assert_eq!(matching(&filter), ["abcd2", "abcd3"]);
        assert_eq!(filter.kind(), Some(ComponentKind::Event));
        assert_eq!(filter.event_range(), time_range);
    }

    #[test]
    fn rfc_4791_7_8_4_free_busy_by_time_range() {
        let time_range = Some(range("20060102T000000Z", "20060103T000000Z"));
        assert_eq!(matching(&within(CompFilter { time_range, ..on("VFREEBUSY") })), ["abcd8"]);
        let time_range = Some(range("20060109T000000Z", "20060110T000000Z"));
        assert_eq!(matching(&within(CompFilter { time_range, ..on("VFREEBUSY") })), [""; 0]);
    }

    #[test]
    fn rfc_4791_7_8_5_tasks_by_alarm_time_range() {
        let alarm = CompFilter { time_range: Some(range("20060106T100000Z", "20060107T100000Z")), ..on("VALARM") };
        let filter = within(CompFilter { comp_filters: vec![alarm], ..on("VTODO") });
        assert_eq!(matching(&filter), ["abcd5"]);
    }

    #[test]
    fn rfc_4791_7_8_6_event_by_uid() {
        let uid = with_text("UID", text(Collation::Octet, "DC6C50A017428C5216A2F1CD@example.com"));
        assert_eq!(matching(&within(CompFilter { prop_filters: vec![uid], ..on("VEVENT") })), ["abcd3"]);
    }

    #[test]
    fn rfc_4791_7_8_7_events_by_partstat() {
        let partstat = |value: &str| {
            let text_match = Some(text(Collation::AsciiCasemap, value));
            let param = ParamFilter { name: "PARTSTAT".into(), is_not_defined: false, text_match };
            let attendee = with_text("ATTENDEE", text(Collation::AsciiCasemap, "mailto:lisa@example.com"));
            let attendee = PropFilter { param_filters: vec![param], ..attendee };
            matching(&within(CompFilter { prop_filters: vec![attendee], ..on("VEVENT") }))
        };
        assert_eq!(partstat("NEEDS-ACTION"), ["abcd3"]);
        assert_eq!(partstat("ACCEPTED"), [""; 0], "text and parameter must be of the same attendee");
    }

    #[test]
    fn rfc_4791_7_8_8_all_events() {
        assert_eq!(matching(&within(on("VEVENT"))), ["abcd1", "abcd2", "abcd3"]);
    }

    #[test]
    fn rfc_4791_7_8_9_pending_tasks() {
        let open = PropFilter { is_not_defined: true, ..prop("COMPLETED") };
        let cancelled = TextMatch { negate: true, ..text(Collation::AsciiCasemap, "CANCELLED") };
        let prop_filters = vec![open, with_text("STATUS", cancelled)];
        assert_eq!(matching(&within(CompFilter { prop_filters, ..on("VTODO") })), ["abcd4", "abcd5"]);
    }

    #[test]
    fn what_is_not_defined_matches_where_it_is_missing() {
        let none = CompFilter { is_not_defined: true, ..on("VALARM") };
        let filter = within(CompFilter { comp_filters: vec![none], ..on("VTODO") });
        assert_eq!(matching(&filter), ["abcd6", "abcd7"]);
        let no_todo = within(CompFilter { is_not_defined: true, ..on("VTODO") });
        assert_eq!(matching(&no_todo), ["abcd1", "abcd2", "abcd3", "abcd8"]);
        assert_eq!(no_todo.kind(), None);
        assert_eq!(matching(&Filter { calendar: on("VCALENDAR") }).len(), 8);
        assert_eq!(matching(&Filter { calendar: on("VCARD") }).len(), 0);
    }

    #[test]
    fn a_property_may_be_asked_for_its_time() {
        let due = |start, end| {
            let due = PropFilter { time_range: Some(range(start, end)), ..prop("DUE") };
            matching(&within(CompFilter { prop_filters: vec![due], ..on("VTODO") }))
        };
        // A day lasts from midnight to midnight in the zone of the query, five hours after UTC.
        assert_eq!(due("20060105T040000Z", "20060106T060000Z"), ["abcd4", "abcd5"]);
        assert_eq!(due("20060105T050000Z", "20060106T050000Z"), [""; 0]);
    }

    #[test]
    fn collations_differ_in_what_they_call_equal() {
        let found = |collation: Collation, value: &str, wanted: &str| text(collation, wanted).matches(value);
        assert!(found(Collation::AsciiCasemap, "Stand-Up", "stand-up"));
        assert!(!found(Collation::AsciiCasemap, "ÜBUNG", "übung"));
        assert!(found(Collation::UnicodeCasemap, "ÜBUNG", "übung"));
        assert!(!found(Collation::Octet, "Stand-Up", "stand-up"));
        for collation in Collation::ALL {
            assert_eq!(Collation::from_name(collation.name()), Some(collation));
        }
        assert_eq!(Collation::from_name("i;basic"), None);
    }

    /// Whether an object made of these lines matches a time range on its component.
    fn overlaps(lines: &str, start: &str, end: &str) -> bool {
        let text = format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR");
        let object = CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap();
        let time_range = Some(range(start, end));
        let filter = within(CompFilter { time_range, ..on(object.kind().name()) });
        matches(&object, &filter, &TimeContext { floating: Zone::utc(), instances: 1_000 })
    }

    fn event(lines: &str, start: &str, end: &str) -> bool {
        overlaps(&format!("BEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT"), start, end)
    }

    fn todo(lines: &str, start: &str, end: &str) -> bool {
        overlaps(&format!("BEGIN:VTODO\nUID:1\n{lines}\nEND:VTODO"), start, end)
    }

    #[test]
    fn an_event_overlaps_from_its_start_until_its_end() {
        let hour = "DTSTART:20261124T090000Z\nDTEND:20261124T100000Z";
        assert!(event(hour, "20261124T093000Z", "20261124T093100Z"));
        assert!(event(hour, "20261124T080000Z", "20261124T090001Z"));
        assert!(!event(hour, "20261124T080000Z", "20261124T090000Z"), "ends where the event begins");
        assert!(!event(hour, "20261124T100000Z", "20261124T110000Z"), "begins where the event ends");
        assert!(event(hour, "20261124T095959Z", "") && event(hour, "", "20261124T090001Z"));
        assert!(!event(hour, "20261124T100000Z", "") && !event(hour, "", "20261124T090000Z"));
    }

    #[test]
    fn an_event_without_length_counts_at_the_start_of_a_range() {
        for moment in ["DTSTART:20261124T090000Z", "DTSTART:20261124T090000Z\nDURATION:PT0S"] {
            assert!(event(moment, "20261124T090000Z", "20261124T100000Z"), "{moment}");
            assert!(!event(moment, "20261124T080000Z", "20261124T090000Z"), "{moment}");
        }
        let day = "DTSTART;VALUE=DATE:20261124";
        assert!(event(day, "20261124T235959Z", "20261125T120000Z"));
        assert!(!event(day, "20261125T000000Z", "20261125T120000Z"));
    }

    #[test]
    fn every_instance_of_a_series_counts_but_not_the_excluded_one() {
        let weekly = "DTSTART;TZID=Europe/London:20261124T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\n\
                      EXDATE;TZID=Europe/London:20261208T090000";
        assert!(event(weekly, "20261201T093000Z", "20261201T094000Z"));
        assert!(!event(weekly, "20261208T000000Z", "20261209T000000Z"));
        // In summer nine o'clock in London is eight o'clock UTC.
        assert!(event(weekly, "20270608T080000Z", "20270608T081500Z"));
        assert!(!event(weekly, "20270608T091500Z", "20270608T100000Z"));
        assert!(event(weekly, "21000101T000000Z", ""), "an endless series reaches every range");
    }

    #[test]
    fn a_moved_instance_counts_where_it_went() {
        let series = |start, end| {
            let lines = "BEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n\
                         END:VEVENT\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20261125T090000Z\n\
                         DTSTART:20261130T090000Z\nDURATION:PT1H\nEND:VEVENT";
            overlaps(lines, start, end)
        };
        assert!(series("20261124T000000Z", "20261125T000000Z") && series("20261126T000000Z", "20261127T000000Z"));
        assert!(!series("20261125T000000Z", "20261126T000000Z"));
        assert!(series("20261130T000000Z", "20261201T000000Z"));
    }

    #[test]
    fn a_recurrence_that_the_budget_cuts_off_matches() {
        let long = "DTSTART:20000101T090000Z\nRRULE:FREQ=DAILY;COUNT=20000";
        assert!(event(long, "20260101T100000Z", "20260101T110000Z"), "one thousand instances do not reach 2026");
    }

    #[test]
    fn a_long_range_finds_what_is_far_in_it() {
        let rare = "DTSTART:20240229T090000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29\nEXDATE:20240229T090000Z";
        assert!(event(rare, "20200101T000000Z", ""));
        assert!(event("DTSTART:20261124T090000Z", "", "20400101T000000Z"));
        assert!(event("DTSTART:20261124T090000Z", "19700101T000000Z", "20991231T000000Z"));
        assert!(!event("DTSTART:20261124T090000Z\nRRULE:FREQ=DAILY;COUNT=3", "20270101T000000Z", ""));
    }

    #[test]
    fn floating_times_are_those_of_the_query() {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000\nDURATION:PT1H\nEND:VEVENT\n\
                    END:VCALENDAR";
        let object = CalendarObject::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let time_range = Some(range("20261124T140000Z", "20261124T143000Z"));
        let filter = within(CompFilter { time_range, ..on("VEVENT") });
        assert!(matches(&object, &filter, &eastern()));
        assert!(!matches(&object, &filter, &TimeContext { floating: Zone::utc(), instances: 100 }));
    }

    #[test]
    fn tasks_follow_the_table_for_tasks() {
        let (from, to) = ("20261124T090000Z", "20261124T100000Z");
        let lasting = "DTSTART:20261124T090000Z\nDURATION:PT1H";
        assert!(todo(lasting, to, "20261124T110000Z"), "the end itself counts");
        assert!(!todo(lasting, "20261124T100001Z", "20261124T110000Z"));
        let due = "DTSTART:20261124T090000Z\nDUE:20261124T100000Z";
        assert!(todo(due, from, to) && !todo(due, to, "20261124T110000Z"));
        let begun = "DTSTART:20261124T090000Z";
        assert!(todo(begun, from, to) && !todo(begun, "20261124T080000Z", from));
        let only_due = "DUE:20261124T100000Z";
        assert!(todo(only_due, from, to), "due at the end of the range counts");
        assert!(!todo(only_due, to, "20261124T110000Z"));
        let both = "CREATED:20261120T090000Z\nCOMPLETED:20261124T093000Z";
        assert!(todo(both, from, to) && todo(both, "20261122T000000Z", "20261123T000000Z"));
        assert!(!todo(both, "20261125T000000Z", "20261126T000000Z"));
        assert!(todo("COMPLETED:20261124T093000Z", from, to) && !todo("COMPLETED:20261124T083000Z", from, to));
        assert!(todo("CREATED:20261120T090000Z", from, to) && !todo("CREATED:20261124T100000Z", from, to));
        assert!(todo("SUMMARY:some day", from, to));
    }

    #[test]
    fn tasks_that_recur_count_each_time() {
        let weekly = "DTSTART:20261124T090000Z\nDUE:20261124T100000Z\nRRULE:FREQ=WEEKLY";
        assert!(todo(weekly, "20261201T090000Z", "20261201T100000Z"));
        assert!(!todo(weekly, "20261202T090000Z", "20261202T100000Z"));
        let only_due = "DUE:20261124T100000Z\nRRULE:FREQ=WEEKLY";
        assert!(todo(only_due, "20261201T090000Z", "20261201T100000Z"));
        assert!(!todo(only_due, "20261202T090000Z", "20261202T100000Z"));
    }

    #[test]
    fn a_journal_entry_without_a_start_is_at_no_time() {
        let journal = |lines: &str| {
            let text = format!("BEGIN:VJOURNAL\nUID:1\n{lines}\nEND:VJOURNAL");
            overlaps(&text, "20261124T000000Z", "20261125T000000Z")
        };
        assert!(journal("DTSTART;VALUE=DATE:20261124") && journal("DTSTART:20261124T000000Z"));
        assert!(!journal("DTSTART;VALUE=DATE:20261125") && !journal("SUMMARY:x"));
    }

    #[test]
    fn availability_without_bounds_is_always() {
        let available = |lines: &str, start, end| {
            overlaps(&format!("BEGIN:VAVAILABILITY\nUID:1\n{lines}\nEND:VAVAILABILITY"), start, end)
        };
        assert!(available("SUMMARY:x", "20261124T000000Z", "20261125T000000Z"));
        let bounded = "DTSTART:20261124T090000Z\nDURATION:PT1H";
        assert!(available(bounded, "20261124T000000Z", "20261125T000000Z"));
        assert!(!available(bounded, "20261124T100000Z", "20261125T000000Z"));
    }

    /// Whether the alarm of an event at nine o'clock for an hour, every day, goes off in a range.
    fn alarm(lines: &str, start: &str, end: &str) -> bool {
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\n\
             BEGIN:VALARM\nACTION:DISPLAY\n{lines}\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR"
        );
        let object = CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap();
        let alarm = CompFilter { time_range: Some(range(start, end)), ..on("VALARM") };
        let filter = within(CompFilter { comp_filters: vec![alarm], ..on("VEVENT") });
        matches(&object, &filter, &eastern())
    }

    #[test]
    fn an_alarm_counts_when_it_goes_off() {
        let before = "TRIGGER:-PT15M";
        assert!(alarm(before, "20261201T084500Z", "20261201T084501Z"), "of a later instance");
        assert!(!alarm(before, "20261201T084501Z", "20261201T100000Z"));
        assert!(!alarm(before, "20261201T084400Z", "20261201T084500Z"));
        let days_before = "TRIGGER:-P5D";
        assert!(alarm(days_before, "20261126T090000Z", "20261126T090001Z"));
        let after_end = "TRIGGER;RELATED=END:PT5M";
        assert!(alarm(after_end, "20261124T100500Z", "20261124T100600Z"));
        assert!(!alarm(after_end, "20261124T090500Z", "20261124T090600Z"));
        let repeated = "TRIGGER:-PT15M\nREPEAT:3\nDURATION:PT10M";
        assert!(alarm(repeated, "20261201T091500Z", "20261201T091600Z"), "the third repetition");
        assert!(!alarm(repeated, "20261201T091000Z", "20261201T091500Z"), "between the second and the third");
        assert!(!alarm(repeated, "20261201T092500Z", "20261201T093000Z"), "a fourth does not come");
        let absolute = "TRIGGER;VALUE=DATE-TIME:20261225T120000Z";
        assert!(alarm(absolute, "20261225T120000Z", "20261225T130000Z"));
        assert!(!alarm(absolute, "20261225T110000Z", "20261225T120000Z"));
    }

    #[test]
    fn heavy_objects_are_matched_without_heavy_work() {
        let alarms = "BEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM\n".repeat(5_000);
        let with_alarms =
            format!("BEGIN:VEVENT\nUID:1\nDTSTART:20261124T090000Z\nRRULE:FREQ=DAILY\n{alarms}END:VEVENT");
        let overrides: String = (0..5_000)
            .map(|n| {
                let (day, hour) = (1 + n / 24 % 28, n % 24);
                let at = format!("{:04}01{day:02}T{hour:02}0000Z", 2000 + n / 672);
                format!("BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:{at}\nDTSTART:{at}\nEND:VEVENT\n")
            })
            .collect();
        for lines in [with_alarms.as_str(), overrides.trim_end()] {
            let text = format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR");
            let object = CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap();
            let begun = std::time::Instant::now();
            for name in ["VEVENT", "VALARM"] {
                let time_range = Some(range("20500101T000000Z", "20500101T010000Z"));
                let alarm = CompFilter { time_range, ..on("VALARM") };
                let event = CompFilter { time_range, ..on("VEVENT") };
                let around = CompFilter { comp_filters: vec![alarm], ..on("VEVENT") };
                let filter = within(if name == "VEVENT" { event } else { around });
                assert!(!matches(&object, &filter, &eastern()));
            }
            assert!(begun.elapsed().as_millis() < 2_000, "{} ms", begun.elapsed().as_millis());
        }
    }
}
