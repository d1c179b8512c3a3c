//! All instances of a calendar object within a window of time. RFC 5545 §3.8.5, RFC 4791 §9.9.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use jiff::civil::{Date, DateTime};

pub use super::budget::Budget;
use super::object::CalendarObject;
use super::recurrence::{Repeats, Rule};
pub use super::series::Zones;
use super::series::{Length, Series};
use super::time::{DateTimeValue, Period, wall_from_seconds, wall_seconds};
use super::tree::{Component, Line};
use super::zone::Zone;

/// More than a change of offset can move anything, in seconds.
const SLACK: i64 = 2 * 86_400;
/// How many RRULE and EXRULE lines of one component are read, both together; RFC 5545 advises one. A rule that never
/// happens costs some 30 ms.
const MOST_RULES: usize = 3;

/// One instance of an event, task or journal entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// The component it comes from: the master, or the override that replaces it. Its STATUS may be CANCELLED.
    pub component: &'a Component,
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds; not before `start`, equal to it when the component has no length.
    pub end: i64,
    /// Whether it is whole days. They begin at midnight in the reader's own zone.
    pub all_day: bool,
    /// Whether its time has no zone and was read in the reader's own.
    pub floating: bool,
    /// The instance of the series that this is: the start it had before anything moved it, in UTC seconds.
    /// `None` for a component that does not recur.
    pub recurrence_id: Option<i64>,
}

/// What an expansion found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Occurrences<'a> {
    /// In order of start.
    pub list: Vec<Occurrence<'a>>,
    /// From this instant on (UTC seconds) there may be more than the list says, because the budget ended or a rule
    /// cannot be expanded. Whoever asks for free time takes it as busy. `None` when the list is complete.
    pub cut_off: Option<i64>,
}

/// When an object begins and ends, for an index: never too narrow, perhaps too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds; `None` when it goes on for ever, or nobody knows.
    pub end: Option<i64>,
    /// Whether it has more than one instance.
    pub recurring: bool,
}

/// The instances of an object that overlap a window of UTC seconds.
///
/// An instance without length overlaps when it begins inside. Whole days and times without zone are read in
/// `floating`. Instances replaced by an override appear as the override, cancelled ones too.
pub fn occurrences<'a>(
    object: &'a CalendarObject,
    window: Range<i64>,
    floating: &Zone,
    budget: &Budget,
) -> Occurrences<'a> {
    let components: Vec<&Component> = object.components().collect();
    expand(&components, &Zones::new(object.timezones(), floating), window, budget)
}

/// The same for the components of one UID: masters and overrides, in any order.
pub fn expand<'a>(
    components: &[&'a Component],
    zones: &Zones<'_>,
    window: Range<i64>,
    budget: &Budget,
) -> Occurrences<'a> {
    let (master, overrides) = read(components, zones);
    let mut found = Occurrences::default();
    for change in &overrides {
        let Series { wall, start, .. } = change.series;
        found.add(&change.series, wall, start, None, Some(change.id), &window);
    }
    if let Some(master) = &master {
        found.add_series(master, &overrides, zones, &window, budget);
    }
    found.list.sort_by_key(|one| (one.start, one.end, one.recurrence_id));
    found.cut_off = found.cut_off.filter(|cut_off| *cut_off < window.end);
    found
}

/// The bounds of an object for an index. Costs little whatever the object holds.
pub fn extent(object: &CalendarObject, floating: &Zone) -> Extent {
    let components: Vec<&Component> = object.components().collect();
    let zones = Zones::new(object.timezones(), floating);
    let (master, overrides) = read(&components, &zones);
    let mut bounds: Vec<(i64, Option<i64>)> = Vec::new();
    for change in &overrides {
        let Series { wall, start, length, ref zone, .. } = change.series;
        bounds.push((start, Some(length.end_of(wall, start, zone))));
    }
    if let Some(master) = &master {
        let later: Vec<&Override<'_>> = overrides.iter().filter(|change| change.and_later).collect();
        let reach = Reach::new(master, &later);
        let ahead = if later.is_empty() { 0 } else { reach.ahead };
        let first_end = master.length.end_of(master.wall, master.start, &master.zone);
        bounds.push((master.start.saturating_sub(ahead), Some(first_end)));
        for (line, read) in rule_lines(master, "RRULE") {
            let last = if read { last_start(master, line) } else { None };
            bounds.push((master.start, last.map(|last| last.saturating_add(reach.back))));
        }
        for instance in rdates(master, &zones) {
            let length = instance.length.unwrap_or(0).max(reach.back);
            bounds.push((instance.id.saturating_sub(ahead), Some(instance.id.saturating_add(length))));
        }
    }
    Extent {
        start: bounds.iter().map(|(start, _)| *start).min().unwrap_or(0),
        end: bounds.iter().try_fold(i64::MIN, |latest, (_, end)| end.map(|end| latest.max(end))),
        recurring: !overrides.is_empty() || master.is_some_and(|master| master.recurs()),
    }
}

/// When the last instance of a rule begins at the latest; `None` if it never ends or would take long to find.
fn last_start(master: &Series<'_>, line: &Line) -> Option<i64> {
    const ENOUGH: u32 = 2_000;
    let rule = rule_of(master, line)?;
    let until = rule.until.as_ref().map(|until| match until {
        DateTimeValue::Utc(until) => *until,
        DateTimeValue::Date(day) => wall_seconds((*day).into()).saturating_add(SLACK),
        DateTimeValue::Floating(wall) | DateTimeValue::Zoned { wall, .. } => wall_seconds(*wall).saturating_add(SLACK),
    });
    if until.is_some() || rule.count.is_none() {
        return until;
    }
    let found = repeats(master, &rule, &(master.wall..DateTime::MAX), &Budget::new(ENOUGH))?;
    let last = found.list.last().map_or(master.start, |(_, instant)| *instant);
    found.cut_off.is_none().then_some(last)
}

/// A component with a RECURRENCE-ID.
pub(super) struct Override<'a> {
    series: Series<'a>,
    /// The start of the instance that it replaces.
    pub(super) id: i64,
    /// RANGE=THISANDFUTURE: the later instances move along.
    pub(super) and_later: bool,
}

impl Override<'_> {
    /// How far the override moved its instance by the clock, in seconds.
    fn shift(&self) -> i64 {
        wall_seconds(self.series.wall) - wall_seconds(self.series.zone.to_wall(self.id))
    }

    /// Where a later instance of the series goes.
    fn moved(&self, id: i64) -> (DateTime, i64) {
        let wall = wall_from_seconds(wall_seconds(self.series.zone.to_wall(id)).saturating_add(self.shift()));
        (wall, self.series.zone.to_instant(wall))
    }
}

/// The master and the overrides, these in the order of the instances they replace.
pub(super) fn read<'a>(components: &[&'a Component], zones: &Zones<'_>) -> (Option<Series<'a>>, Vec<Override<'a>>) {
    let master = components.iter().find(|component| component.get("RECURRENCE-ID").is_none());
    let master = master.and_then(|component| Series::read(component, zones));
    let mut overrides = Vec::new();
    for component in components {
        let Some(line) = component.get("RECURRENCE-ID") else { continue };
        let (Some(series), Ok(value)) = (Series::read(component, zones), DateTimeValue::from_line(line)) else {
            continue;
        };
        let id = master.as_ref().map_or_else(|| zones.instant(&value), |master| master.instance(&value, zones).1);
        let and_later = line.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
        overrides.push(Override { series, id, and_later });
    }
    overrides.sort_by_key(|change| change.id);
    (master, overrides)
}

/// How far before and after a window an instance of the series may stand that still touches it.
struct Reach {
    back: i64,
    ahead: i64,
}

impl Reach {
    fn new(master: &Series<'_>, later: &[&Override<'_>]) -> Reach {
        let mut reach = Reach { back: master.length.seconds(), ahead: 0 };
        for change in later {
            let shift = change.shift();
            reach.back = reach.back.max(change.series.length.seconds().saturating_add(shift.max(0)));
            reach.ahead = reach.ahead.max(shift.saturating_neg());
        }
        Reach { back: reach.back.saturating_add(SLACK), ahead: reach.ahead.saturating_add(SLACK) }
    }
}

/// One instance as the master lists it.
pub(super) struct Instance {
    pub(super) wall: DateTime,
    /// Its instant, which names it.
    pub(super) id: i64,
    /// Its own length in seconds, from an RDATE period.
    pub(super) length: Option<i64>,
}

pub(super) struct Listed {
    pub(super) list: Vec<Instance>,
    pub(super) cut_off: Option<i64>,
}

/// What DTSTART, RRULE and RDATE list without EXDATE and EXRULE: rules within `span`, single dates wherever they are.
pub(super) fn instances(master: &Series<'_>, zones: &Zones<'_>, span: &Range<DateTime>, budget: &Budget) -> Listed {
    let mut all = BTreeMap::from([(master.start, Instance { wall: master.wall, id: master.start, length: None })]);
    let mut cut_off: Option<i64> = None;
    for (line, read) in rule_lines(master, "RRULE") {
        // A rule that cannot be expanded may mean any time from its start on.
        let unknown = Repeats { list: Vec::new(), cut_off: Some(master.start) };
        let rule = rule_of(master, line).filter(|_| read);
        let found = rule.and_then(|rule| repeats(master, &rule, span, budget)).unwrap_or(unknown);
        cut_off = [cut_off, found.cut_off].into_iter().flatten().min();
        all.extend(found.list.into_iter().map(|(wall, id)| (id, Instance { wall, id, length: None })));
    }
    all.extend(rdates(master, zones).into_iter().map(|instance| (instance.id, instance)));
    let excluded = Excluded::new(master, zones, span, budget);
    Listed { list: all.into_values().filter(|instance| !excluded.has(instance)).collect(), cut_off }
}

/// The rules of one name, and whether each is among the few that are read.
pub(super) fn rule_lines<'a>(master: &Series<'a>, name: &'a str) -> impl Iterator<Item = (&'a Line, bool)> {
    let rules = master.component.lines.iter().filter(|line| matches!(line.name.as_str(), "RRULE" | "EXRULE"));
    let read = rules.enumerate().map(|(index, line)| (line, index < MOST_RULES));
    read.filter(move |(line, _)| line.name == name)
}

pub(super) fn rule_of(master: &Series<'_>, line: &Line) -> Option<Rule> {
    let rule = Rule::parse(&line.value).ok()?;
    Some(if master.all_day { rule.of_days() } else { rule })
}

pub(super) fn repeats(master: &Series<'_>, rule: &Rule, span: &Range<DateTime>, budget: &Budget) -> Option<Repeats> {
    rule.repeats(master.wall, span.start..=span.end, |wall| master.zone.to_instant(wall), budget).ok()
}

pub(super) fn rdates(master: &Series<'_>, zones: &Zones<'_>) -> Vec<Instance> {
    let mut list = Vec::new();
    for line in master.component.all("RDATE") {
        if line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD")) {
            for period in Period::list_from_line(line).unwrap_or_default() {
                let (start, end) = period.instants_in(&zones.of(&period.start));
                let (wall, id) = master.instance(&period.start, zones);
                list.push(Instance { wall, id, length: Some(end.saturating_sub(start).max(0)) });
            }
            continue;
        }
        for value in DateTimeValue::list_from_line(line).unwrap_or_default() {
            let (wall, id) = master.instance(&value, zones);
            list.push(Instance { wall, id, length: None });
        }
    }
    list
}

/// The instances that EXDATE and EXRULE take away.
struct Excluded {
    instants: HashSet<i64>,
    /// Whole days of an event with times: all its instances on that day.
    days: HashSet<Date>,
}

impl Excluded {
    fn new(master: &Series<'_>, zones: &Zones<'_>, span: &Range<DateTime>, budget: &Budget) -> Excluded {
        let mut excluded = Excluded { instants: HashSet::new(), days: HashSet::new() };
        for line in master.component.all("EXDATE") {
            for value in DateTimeValue::list_from_line(line).unwrap_or_default() {
                match value {
                    DateTimeValue::Date(day) if !master.all_day => drop(excluded.days.insert(day)),
                    value => drop(excluded.instants.insert(master.instance(&value, zones).1)),
                }
            }
        }
        for (line, _) in rule_lines(master, "EXRULE").filter(|(_, read)| *read) {
            let found = rule_of(master, line).and_then(|rule| repeats(master, &rule, span, budget));
            excluded.instants.extend(found.into_iter().flat_map(|found| found.list).map(|(_, instant)| instant));
        }
        excluded
    }

    fn has(&self, instance: &Instance) -> bool {
        self.instants.contains(&instance.id) || self.days.contains(&instance.wall.date())
    }
}

impl<'a> Occurrences<'a> {
    /// Adds what the master lists and no override replaces.
    fn add_series(
        &mut self,
        master: &Series<'a>,
        overrides: &[Override<'a>],
        zones: &Zones<'_>,
        window: &Range<i64>,
        budget: &Budget,
    ) {
        let later: Vec<&Override<'a>> = overrides.iter().filter(|change| change.and_later).collect();
        let replaced: HashSet<i64> = overrides.iter().map(|change| change.id).collect();
        let reach = Reach::new(master, &later);
        let span = master.zone.to_wall(window.start.saturating_sub(reach.back))
            ..master.zone.to_wall(window.end.saturating_add(reach.ahead));
        let listed = instances(master, zones, &span, budget);
        self.cut_off = listed.cut_off;
        for instance in listed.list.iter().filter(|instance| !replaced.contains(&instance.id)) {
            let recurrence_id = master.recurs().then_some(instance.id);
            let changed = later.partition_point(|change| change.id < instance.id);
            match changed.checked_sub(1).and_then(|last| later.get(last)) {
                None => self.add(master, instance.wall, instance.id, instance.length, recurrence_id, window),
                Some(change) => {
                    let (wall, start) = change.moved(instance.id);
                    self.add(&change.series, wall, start, None, recurrence_id, window);
                }
            }
        }
    }

    /// Adds an instance if it overlaps the window.
    fn add(
        &mut self,
        series: &Series<'a>,
        wall: DateTime,
        start: i64,
        length: Option<i64>,
        recurrence_id: Option<i64>,
        window: &Range<i64>,
    ) {
        let end = length.map_or(series.length, Length::Exact).end_of(wall, start, &series.zone);
        if start < window.end && (end > window.start || (start == end && start >= window.start)) {
            let Series { component, all_day, floating, .. } = *series;
            self.list.push(Occurrence { component, start, end, all_day, floating, recurrence_id });
        }
    }
}

#[cfg(test)]
mod tests;
