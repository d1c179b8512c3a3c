//! VTIMEZONE components: read as rules, written for others to read. RFC 5545 §3.6.5.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::civil::{DateTime, Time, Weekday, date};
use rrule::Frequency;
use sha2::{Digest, Sha256};

use super::budget::Budget;
use super::recurrence::Rule;
use super::time::{DateTimeValue, Period, format_wall, wall_seconds};
use super::tree::{Component, Line};
use super::zone::{Onset, Onsets, Zone, format_offset, parse_offset};

/// How many changes of offset a VTIMEZONE may describe between 1900 and 2200, and how many observances it may have.
const MOST_ONSETS: u32 = 8192;
const MOST_OBSERVANCES: usize = 1024;
/// How many of them may have a rule that repeats.
const MOST_RULES: usize = 32;
/// How many evaluated zones are remembered.
const REMEMBERED: usize = 256;
/// How many changes are written.
const MOST_WRITTEN: usize = 1024;

/// The zone that a VTIMEZONE's own rules describe; `None` when they are wrong or exceed the bounds.
///
/// Answers are remembered by a hash of the name and the component, as many events repeat the same one.
pub(super) fn evaluate(tzid: &str, vtimezone: &Component) -> Option<Zone> {
    static KNOWN: OnceLock<Mutex<HashMap<[u8; 32], Option<Zone>>>> = OnceLock::new();
    let key = fingerprint(tzid, vtimezone);
    let known = KNOWN.get_or_init(Mutex::default);
    if let Some(zone) = known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return zone.clone();
    }
    let zone = onsets(vtimezone).map(|onsets| Zone::supplied(tzid, onsets));
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(key, zone.clone());
    zone
}

fn fingerprint(tzid: &str, vtimezone: &Component) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(tzid);
    for part in [vtimezone].into_iter().chain(&vtimezone.children) {
        hash.update([0]);
        hash.update(&part.name);
        for line in &part.lines {
            hash.update([1]);
            hash.update(&line.name);
            hash.update([2]);
            hash.update(&line.value);
            let params = line.params.iter().flat_map(|param| [&param.name].into_iter().chain(&param.values));
            params.for_each(|text| hash.update(format!("\u{3}{text}")));
        }
    }
    hash.finalize().into()
}

fn onsets(vtimezone: &Component) -> Option<Onsets> {
    let is_observance = |part: &&Component| part.name == "STANDARD" || part.name == "DAYLIGHT";
    let observances: Vec<&Component> = vtimezone.children.iter().filter(is_observance).collect();
    let rules = observances.iter().flat_map(|observance| observance.all("RRULE")).take(MOST_RULES + 1).count();
    if observances.is_empty() || observances.len() > MOST_OBSERVANCES || rules > MOST_RULES {
        return None;
    }
    let budget = Budget::new(MOST_ONSETS);
    let mut all = Vec::new();
    let mut earliest: Option<(i64, i32)> = None;
    for observance in observances {
        let (before, first) = observe(observance, &budget, &mut all)?;
        if earliest.is_none_or(|(at, _)| first < at) {
            earliest = Some((first, before));
        }
    }
    Some(Onsets::new(earliest?.1, all))
}

/// Adds the onsets of one observance; answers its offset before and its first onset.
fn observe(observance: &Component, budget: &Budget, all: &mut Vec<Onset>) -> Option<(i32, i64)> {
    let before = parse_offset(&observance.get("TZOFFSETFROM")?.value)?;
    let offset = parse_offset(&observance.get("TZOFFSETTO")?.value)?;
    // Onsets are local times in the offset before; a UTC mark on DTSTART is a common mistake.
    let start = DateTimeValue::from_line(observance.get("DTSTART")?).ok()?.wall_in(&Zone::utc());
    let instant_of = |wall: DateTime| wall_seconds(wall) - i64::from(before);
    let first = instant_of(start);
    let mut at = vec![first];
    for line in observance.all("RRULE") {
        let years = date(1900, 1, 1).at(0, 0, 0, 0)..=date(2200, 12, 31).at(23, 59, 59, 0);
        let rule = Rule::parse(&line.value).ok().filter(|rule| rule.frequency == Frequency::Yearly)?;
        let repeats = rule.repeats(start, years, instant_of, budget).ok()?;
        if repeats.cut_off.is_some() {
            return None;
        }
        at.extend(repeats.list.iter().map(|(_, instant)| *instant));
    }
    for line in observance.all("RDATE") {
        for value in rdates(line)? {
            if !budget.spend() {
                return None;
            }
            at.push(match value {
                DateTimeValue::Utc(instant) => instant,
                local => instant_of(local.wall_in(&Zone::utc())),
            });
        }
    }
    all.extend(at.into_iter().map(|at| Onset { at, offset }));
    Some((before, first))
}

fn rdates(line: &Line) -> Option<Vec<DateTimeValue>> {
    if line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD")) {
        return Some(Period::list_from_line(line).ok()?.into_iter().map(|period| period.start).collect());
    }
    DateTimeValue::list_from_line(line).ok()
}

/// A VTIMEZONE that describes a zone from one instant to another, and beyond by the rule that goes on.
///
/// It holds one STANDARD or DAYLIGHT for each single change of offset, and one with an RRULE for each half of a rule
/// that repeats every year. Every client reads these forms; none needs RDATE.
pub fn write(zone: &Zone, from: i64, to: i64) -> Component {
    let to = to.clamp(from, from.saturating_add(400 * 366 * 86_400));
    let last_year = zone.to_wall(to).year();
    let changes = changes(zone, from, end_of_year(last_year.saturating_add(1)));
    let yearly = yearly_rules(zone, last_year);
    let fixed = match &yearly {
        Some(rules) => changes.len() - following_rules(&changes, rules),
        None => changes.iter().take_while(|change| change.at <= to).count().max(1),
    };
    let mut written = Component::new("VTIMEZONE").with(Line::text_value("TZID", zone.name()));
    let (single, ongoing) = changes.split_at(fixed.min(changes.len()));
    for (index, change) in single.iter().enumerate() {
        // Summer time is what goes forward and comes back within a year.
        let comes_back =
            changes.get(index + 1).is_some_and(|next| next.after < next.before && next.at - change.at < 370 * 86_400);
        written = written.with_child(observance(zone, change, change.after > change.before && comes_back, None));
    }
    for rule in yearly.iter().flatten() {
        if let Some(first) = ongoing.iter().find(|change| rule.lists(change)) {
            written = written.with_child(observance(zone, first, rule.after > rule.before, Some(rule)));
        }
    }
    written
}

fn observance(zone: &Zone, change: &Change, daylight: bool, rule: Option<&Yearly>) -> Component {
    let mut part = Component::new(if daylight { "DAYLIGHT" } else { "STANDARD" })
        .with(Line::new("DTSTART", format_wall(change.wall)))
        .with(Line::new("TZOFFSETFROM", format_offset(change.before)))
        .with(Line::new("TZOFFSETTO", format_offset(change.after)));
    if let Some(name) = zone.abbreviation_at(change.at) {
        part.push(Line::text_value("TZNAME", &name));
    }
    if let Some(rule) = rule {
        part.push(Line::new("RRULE", rule.to_string()));
    }
    part
}

/// One change of offset.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: i64,
    /// In the offset before.
    wall: DateTime,
    before: i32,
    after: i32,
}

/// The offset in force at `from`, as if it had begun then or earlier, and all changes up to `to`.
fn changes(zone: &Zone, from: i64, to: i64) -> Vec<Change> {
    let change = |at: i64| {
        let before = zone.offset_at(at.saturating_sub(1));
        let wall = super::time::wall_from_seconds(at.saturating_add(i64::from(before)));
        Change { at, wall, before, after: zone.offset_at(at) }
    };
    let first = zone.last_transition(from).filter(|at| zone.to_wall(*at).year() >= 1900).map_or_else(
        || {
            let offset = zone.offset_at(from);
            let wall = zone.to_wall(from.min(0));
            Change { at: from.min(0), wall, before: offset, after: offset }
        },
        change,
    );
    let next = |change: &Change| zone.next_transition(change.at).filter(|at| *at <= to);
    let mut all = vec![first];
    while let Some(at) = all.last().and_then(next).filter(|_| all.len() < MOST_WRITTEN) {
        all.push(change(at));
    }
    all
}

/// A change of offset that comes every year by the same rule.
#[derive(Debug)]
struct Yearly {
    month: i8,
    weekday: Weekday,
    /// The earliest and the latest day of the month it can be.
    days: (i8, i8),
    time: Time,
    before: i32,
    after: i32,
}

impl Yearly {
    fn lists(&self, change: &Change) -> bool {
        let wall = change.wall;
        (wall.month(), wall.weekday(), wall.time()) == (self.month, self.weekday, self.time)
            && (self.days.0..=self.days.1).contains(&wall.day())
            && (change.before, change.after) == (self.before, self.after)
    }
}

impl std::fmt::Display for Yearly {
    /// The RRULE value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = match self.weekday {
            Weekday::Monday => "MO",
            Weekday::Tuesday => "TU",
            Weekday::Wednesday => "WE",
            Weekday::Thursday => "TH",
            Weekday::Friday => "FR",
            Weekday::Saturday => "SA",
            Weekday::Sunday => "SU",
        };
        write!(f, "FREQ=YEARLY;BYMONTH={};", self.month)?;
        let (first, last) = self.days;
        match first {
            _ if self.month != 2 && last == date(2001, self.month, 1).days_in_month() => write!(f, "BYDAY=-1{day}"),
            1 | 8 | 15 | 22 => write!(f, "BYDAY={}{day}", first / 7 + 1),
            _ => {
                let days = (first..=last).map(|day| day.to_string()).collect::<Vec<_>>().join(",");
                write!(f, "BYMONTHDAY={days};BYDAY={day}")
            }
        }
    }
}

/// The two rules by which the offset changes in each of the 28 years after `year`: then every date has met every
/// weekday. `None` when the zone has no such rules.
fn yearly_rules(zone: &Zone, year: i16) -> Option<[Yearly; 2]> {
    let (from, to) = (end_of_year(year), end_of_year(year.checked_add(28)?));
    let mut changes = changes(zone, from, to);
    changes.remove(0);
    let half = |index: usize| -> Option<Yearly> {
        let half = || changes.iter().skip(index).step_by(2);
        let first = half().next()?;
        let days = (half().map(|change| change.wall.day()).min()?, half().map(|change| change.wall.day()).max()?);
        let wall = first.wall;
        let (month, weekday, time) = (wall.month(), wall.weekday(), wall.time());
        let rule = Yearly { month, weekday, days, time, before: first.before, after: first.after };
        let in_turn = half().zip(i32::from(year) + 1..).all(|(change, year)| i32::from(change.wall.year()) == year);
        (days.1 - days.0 == 6 && in_turn && half().all(|change| rule.lists(change))).then_some(rule)
    };
    if changes.len() == 56 { Some([half(0)?, half(1)?]) } else { None }
}

/// How many of the last changes follow the rules without a gap, so that an RRULE can say them.
fn following_rules(changes: &[Change], rules: &[Yearly; 2]) -> usize {
    let mut later: Option<Change> = None;
    let follows = |change: &Change| {
        let in_turn = |later: Change| later.before == change.after && later.at - change.at < 370 * 86_400;
        later.replace(*change).is_none_or(in_turn) && rules.iter().any(|rule| rule.lists(change))
    };
    changes.iter().rev().copied().take_while(follows).count()
}

fn end_of_year(year: i16) -> i64 {
    wall_seconds(DateTime::new(year, 12, 31, 23, 59, 59, 0).unwrap_or(DateTime::MAX))
}

#[cfg(test)]
mod tests;
