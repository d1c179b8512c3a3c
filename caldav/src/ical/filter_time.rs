//! Whether instances of a component overlap a time range. RFC 4791 §9.9.

use std::cell::OnceCell;

use super::budget::Budget;
use super::expand::{Occurrence, Occurrences, occurrences};
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
    object: &'a CalendarObject,
    times: &'a TimeContext,
    range: TimeRange,
    /// `None` for alarms, whose windows differ, and for components that never recur.
    expansion: Option<Expansion<'a>>,
}

impl<'a> Instances<'a> {
    /// Expands what is needed for a filter on components of this name.
    pub(super) fn of(object: &'a CalendarObject, name: &str, range: TimeRange, times: &'a TimeContext) -> Self {
        let recurs = ["VEVENT", "VTODO", "VJOURNAL"].iter().any(|kind| kind.eq_ignore_ascii_case(name));
        let expansion = recurs.then(|| Expansion::of(object, range, times));
        Self { object, times, range, expansion }
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
            let mut periods = periods.iter().map(|period| period.instants_in(&self.zone(line)));
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
        let Some(trigger) = alarm.get("TRIGGER") else {
            return false;
        };
        let repeats = Repeats::of(alarm);
        if trigger.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("DATE-TIME")) {
            return repeats.hit(self.instant(trigger), self.range);
        }
        let Ok(offset) = Duration::parse(&trigger.value).map(|duration| duration.nominal_seconds()) else {
            return false;
        };
        let at_end = trigger.param("RELATED").is_some_and(|value| value.eq_ignore_ascii_case("END"));
        // The instances whose trigger or last repetition can be in the range.
        let earliest = offset.saturating_add(repeats.times.saturating_mul(repeats.every));
        let window = TimeRange {
            start: self.range.start.map(|start| start.saturating_sub(earliest)),
            end: self.range.end.map(|end| end.saturating_sub(offset).saturating_add(1)),
        };
        Expansion::of(self.object, window, self.times).any(parent, |one| {
            let anchor = if at_end { one.end } else { one.start };
            repeats.hit(anchor.saturating_add(offset), self.range)
        })
    }

    fn instant(&self, line: &Line) -> i64 {
        DateTimeValue::from_line(line).map_or(i64::MIN, |value| value.instant_in(&self.zone(line)))
    }

    fn zone(&self, line: &Line) -> Zone {
        zone_of(line, self.object, &self.times.floating)
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
    near: Occurrences<'a>,
    far: OnceCell<Option<Occurrences<'a>>>,
}

impl<'a> Expansion<'a> {
    fn of(object: &'a CalendarObject, range: TimeRange, times: &'a TimeContext) -> Self {
        let near = expand(object, soon(object, range, times), times);
        Self { object, times, range, near, far: OnceCell::new() }
    }

    /// Whether an instance of this component is wanted, or the budget ended before that could be known.
    fn any(&self, component: &Component, wanted: impl Fn(&Occurrence<'_>) -> bool) -> bool {
        let within = |occurrences: &Occurrences<'_>| {
            let cut_off = occurrences.cut_off.is_some() && component.get("RECURRENCE-ID").is_none();
            let mut own = occurrences.list.iter().filter(|one| std::ptr::eq(one.component, component));
            cut_off || own.any(&wanted)
        };
        let far = || {
            let longer = soon(self.object, self.range, self.times) != self.range;
            longer.then(|| expand(self.object, self.range, self.times))
        };
        within(&self.near) || self.far.get_or_init(far).as_ref().is_some_and(within)
    }
}

/// The part of a range in which the object's first instances are.
fn soon(object: &CalendarObject, range: TimeRange, times: &TimeContext) -> TimeRange {
    let begins = object.components().filter_map(|component| {
        let line = component.get("DTSTART").or(component.get("DUE"))?;
        Some(DateTimeValue::from_line(line).ok()?.instant_in(&zone_of(line, object, &times.floating)))
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

/// The zone of a line's local times: its TZID, else the reader's.
pub(super) fn zone_of(line: &Line, object: &CalendarObject, floating: &Zone) -> Zone {
    let named = line.param("TZID").and_then(|tzid| Zone::resolve(tzid, object.timezone(tzid)));
    named.unwrap_or_else(|| floating.clone())
}
