//! Whether instances of a component overlap a time range. RFC 4791 §9.9.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::budget::Budget;
use super::expand::{Occurrence, Occurrences, Zones, occurrences};
use super::filter::{TimeContext, TimeRange};
use super::object::CalendarObject;
use super::time::{DateTimeValue, Duration, Period, add_days};
use super::tree::{Component, Line};
use super::zone::Zone;

/// A day, in seconds: more than any rounding at the edge of a window.
const DAY: i64 = 86_400;

/// How far an expansion looks at first: most that overlaps a long range does so soon.
const SOON: i64 = 400 * DAY;

/// The instances of one object that a time range on components of one name may touch.
pub(super) struct Instances<'a> {
    zones: Zones<'a>,
    range: TimeRange,
    /// `None` for components that never recur.
    expansion: Option<Expansion<'a>>,
}

impl<'a> Instances<'a> {
    /// Expands what is needed for a filter on components of this name.
    pub(super) fn of(object: &'a CalendarObject, name: &str, range: TimeRange, times: &'a TimeContext) -> Self {
        let window = match name.to_ascii_uppercase().as_str() {
            "VEVENT" | "VTODO" | "VJOURNAL" => Some(range),
            "VALARM" => Some(window_of_alarms(object, range)),
            _ => None,
        };
        let zones = Zones::new(object.timezones(), &times.floating);
        let expansion = window.map(|window| Expansion::of(object, window, times, &zones));
        Self { zones, range, expansion }
    }

    /// Whether the component (a child of `parent`) has an instance that overlaps the range.
    pub(super) fn overlap(&self, parent: &Component, component: &Component) -> bool {
        match component.name.as_str() {
            "VEVENT" => self.any(component, |one| overlaps(one.start, one.end, self.range)),
            "VTODO" => self.todo(component),
            "VJOURNAL" => self.any(component, |one| overlaps(one.start, one.end, self.range)),
            "VFREEBUSY" => self.free_busy(component),
            "VAVAILABILITY" => self.availability(component),
            "VALARM" => self.alarm(parent, component),
            _ => false,
        }
    }

    fn any(&self, component: &Component, overlap: impl Fn(&Occurrence<'_>) -> bool) -> bool {
        self.expansion.as_ref().is_some_and(|expansion| expansion.any(component, overlap))
    }

    /// The eight lines of the table for VTODO.
    fn todo(&self, component: &Component) -> bool {
        let (start, end) = (self.range.first(), self.range.last());
        let has = |name| component.get(name).is_some();
        let from_to = |name: &str| component.get(name).map(|line| self.instant(line));
        match (has("DTSTART"), has("DURATION"), has("DUE")) {
            (true, true, _) => self.any(component, |one| start <= one.end && (end > one.start || end >= one.end)),
            (true, _, true) => self
                .any(component, |one| (start < one.end || start <= one.start) && (end > one.start || end >= one.end)),
            (true, false, false) => self.any(component, |one| start <= one.start && end > one.start),
            // A time that is due has no length; a day that is due is due all day.
            (false, _, true) => self.any(component, |one| start < one.end && end >= one.start),
            (false, _, false) => match (from_to("COMPLETED"), from_to("CREATED")) {
                (Some(completed), Some(created)) => {
                    (start <= created || start <= completed) && (end >= created || end >= completed)
                }
                (Some(completed), None) => start <= completed && end >= completed,
                (None, Some(created)) => end > created,
                (None, None) => true,
            },
        }
    }

    fn free_busy(&self, component: &Component) -> bool {
        let (start, end) = (self.range.first(), self.range.last());
        if let (Some(from), Some(to)) = (component.get("DTSTART"), component.get("DTEND")) {
            return start <= self.instant(to) && end > self.instant(from);
        }
        component.all("FREEBUSY").any(|line| {
            let periods = Period::list_from_line(line).unwrap_or_default();
            let mut periods = periods.iter().map(|period| period.instants_in(&self.zones.of(&period.start)));
            periods.any(|(from, to)| start < to && end > from)
        })
    }

    /// RFC 7953 §3.1: what is not given is unbounded.
    fn availability(&self, component: &Component) -> bool {
        let from = component.get("DTSTART").map(|line| self.instant(line));
        let to = match (component.get("DTEND"), component.get("DURATION"), from) {
            (Some(line), _, _) => self.instant(line),
            (None, Some(line), Some(from)) => {
                from.saturating_add(Duration::parse(&line.value).unwrap_or_default().nominal_seconds())
            }
            _ => i64::MAX,
        };
        self.range.first() < to && self.range.last() > from.unwrap_or(i64::MIN)
    }

    /// An alarm goes off at its trigger and REPEAT times more, for each instance of its component.
    fn alarm(&self, parent: &Component, alarm: &Component) -> bool {
        let repeats = Repeats::of(alarm);
        match Trigger::of(alarm) {
            Some(Trigger::At(line)) => repeats.hit(self.instant(line), self.range),
            Some(Trigger::Around { offset, at_end }) => self.any(parent, |one| {
                let anchor = if at_end { one.end } else { one.start };
                repeats.hit(anchor.saturating_add(offset), self.range)
            }),
            None => false,
        }
    }

    fn instant(&self, line: &Line) -> i64 {
        DateTimeValue::from_line(line).map_or(i64::MIN, |value| self.zones.instant(&value))
    }
}

/// When an alarm goes off. RFC 5545 §3.8.6.3.
enum Trigger<'a> {
    /// At the time of this line.
    At(&'a Line),
    /// So many seconds after the start or the end of each instance.
    Around { offset: i64, at_end: bool },
}

impl<'a> Trigger<'a> {
    fn of(alarm: &'a Component) -> Option<Self> {
        let line = alarm.get("TRIGGER")?;
        if line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("DATE-TIME")) {
            return Some(Self::At(line));
        }
        let offset = Duration::parse(&line.value).ok()?.nominal_seconds();
        Some(Self::Around { offset, at_end: line.param("RELATED").is_some_and(|to| to.eq_ignore_ascii_case("END")) })
    }
}

/// The range in which an instance may lie that has an alarm in the wanted range: moved and widened once for all
/// alarms of the object, so that many alarms cost one expansion.
fn window_of_alarms(object: &CalendarObject, range: TimeRange) -> TimeRange {
    let alarms = object.components().flat_map(|component| component.children_named("VALARM"));
    let (mut first, mut last) = (0, 0);
    for alarm in alarms {
        if let Some(Trigger::Around { offset, .. }) = Trigger::of(alarm) {
            let repeats = Repeats::of(alarm);
            first = offset.min(first);
            last = offset.saturating_add(repeats.times.saturating_mul(repeats.every)).max(last);
        }
    }
    TimeRange {
        start: range.start.map(|start| start.saturating_sub(last)),
        end: range.end.map(|end| end.saturating_sub(first)),
    }
}

/// How often an alarm goes off again after its trigger. RFC 5545 §3.8.6.2.
struct Repeats {
    times: i64,
    every: i64,
}

impl Repeats {
    fn of(alarm: &Component) -> Self {
        let times = alarm.get("REPEAT").and_then(|line| line.value.trim().parse::<u16>().ok()).unwrap_or(0);
        let every = alarm.get("DURATION").and_then(|line| Duration::parse(&line.value).ok());
        match every.map(|every| every.nominal_seconds()).filter(|every| *every > 0) {
            Some(every) => Self { times: times.into(), every },
            None => Self { times: 0, every: 0 },
        }
    }

    /// Whether one of the alarms that begin at `first` is in the range.
    fn hit(&self, first: i64, range: TimeRange) -> bool {
        let (start, end) = (range.first(), range.last());
        if first >= start || self.every == 0 {
            return start <= first && first < end;
        }
        let missing = start.saturating_sub(first);
        let steps = missing / self.every + i64::from(missing % self.every != 0);
        steps <= self.times && first.saturating_add(steps.saturating_mul(self.every)) < end
    }
}

/// The instances of one object in a range: looked for near its beginning first, because a range without an end, as
/// clients often send it, would list an endless series up to the budget.
struct Expansion<'a> {
    object: &'a CalendarObject,
    times: &'a TimeContext,
    range: TimeRange,
    /// The range is longer than what `near` holds.
    longer: bool,
    near: Found<'a>,
    far: OnceCell<Option<Found<'a>>>,
}

/// Occurrences by their component, so that many overrides do not make many searches.
struct Found<'a> {
    by_component: HashMap<*const Component, Vec<Occurrence<'a>>>,
    cut_off: bool,
}

impl<'a> Expansion<'a> {
    fn of(object: &'a CalendarObject, range: TimeRange, times: &'a TimeContext, zones: &Zones<'_>) -> Self {
        let soon = soon(object, range, zones);
        let near = expand(object, soon, times).into();
        Self { object, times, range, longer: soon != range, near, far: OnceCell::new() }
    }

    /// Whether an instance of this component is wanted, or the budget ended before that could be known.
    fn any(&self, component: &Component, wanted: impl Fn(&Occurrence<'_>) -> bool) -> bool {
        let within = |found: &Found<'_>| {
            let own = found.by_component.get(&std::ptr::from_ref(component));
            (found.cut_off && component.get("RECURRENCE-ID").is_none())
                || own.is_some_and(|own| own.iter().any(&wanted))
        };
        let far = || self.longer.then(|| expand(self.object, self.range, self.times).into());
        within(&self.near) || self.far.get_or_init(far).as_ref().is_some_and(within)
    }
}

impl<'a> From<Occurrences<'a>> for Found<'a> {
    fn from(occurrences: Occurrences<'a>) -> Self {
        let mut by_component: HashMap<_, Vec<_>> = HashMap::new();
        for one in occurrences.list {
            by_component.entry(std::ptr::from_ref(one.component)).or_default().push(one);
        }
        Self { by_component, cut_off: occurrences.cut_off.is_some() }
    }
}

/// The part of a range in which the object's first instances are.
fn soon(object: &CalendarObject, range: TimeRange, zones: &Zones<'_>) -> TimeRange {
    let begins = object.components().filter_map(|component| {
        let line = component.get("DTSTART").or(component.get("DUE"))?;
        Some(zones.instant(&DateTimeValue::from_line(line).ok()?))
    });
    let from = range.first().max(begins.min().unwrap_or(i64::MIN).saturating_sub(SOON));
    if range.last().saturating_sub(from) <= 2 * SOON {
        return range;
    }
    TimeRange { start: range.start.map(|_| from), end: Some(from.saturating_add(2 * SOON)) }
}

/// The occurrences around a range, a little more on both sides for the tables that include an edge.
pub(super) fn expand<'a>(object: &'a CalendarObject, range: TimeRange, times: &TimeContext) -> Occurrences<'a> {
    let window = range.first().saturating_sub(DAY)..range.last().saturating_add(DAY);
    occurrences(object, window, &times.floating, &Budget::new(times.instances))
}

/// The line of the table for VEVENT that applies: with a length, or a moment, which counts at the start of the range.
pub(super) fn overlaps(from: i64, to: i64, range: TimeRange) -> bool {
    let begins = if to > from { range.first() < to } else { range.first() <= from };
    begins && range.last() > from
}

/// Where a value begins and ends: a day lasts until the next midnight, a time is a moment.
pub(super) fn span(value: &DateTimeValue, zone: &Zone) -> (i64, i64) {
    let start = value.instant_in(zone);
    let end = if value.is_date() { zone.to_instant(add_days(value.wall_in(zone), 1)) } else { start };
    (start, end)
}
