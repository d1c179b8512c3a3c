//! When a component begins and how long each of its instances lasts. RFC 5545 §3.6.1, §3.8.2.

use std::cell::RefCell;
use std::collections::HashMap;

use jiff::civil::DateTime;

use super::time::{DateTimeValue, Duration};
use super::tree::Component;
use super::zone::Zone;

/// The zones that the values of one object mean: by their TZID and the object's VTIMEZONE components.
#[derive(Debug)]
pub struct Zones<'z> {
    timezones: HashMap<String, &'z Component>,
    floating: &'z Zone,
    resolved: RefCell<HashMap<String, Zone>>,
}

impl<'z> Zones<'z> {
    /// The zones of an object with these VTIMEZONE components; `floating` is the reader's own zone, for whole days
    /// and for times without zone.
    pub fn new(timezones: impl IntoIterator<Item = &'z Component>, floating: &'z Zone) -> Zones<'z> {
        let named = timezones.into_iter().filter_map(|zone| Some((zone.get("TZID")?.text().into_owned(), zone)));
        Zones { timezones: named.collect(), floating, resolved: RefCell::default() }
    }

    /// The reader's own zone.
    pub fn floating(&self) -> &'z Zone {
        self.floating
    }

    /// The zone in which a value stands. A TZID that nothing explains is read in the reader's own zone.
    pub fn of(&self, value: &DateTimeValue) -> Zone {
        match value {
            DateTimeValue::Date(_) | DateTimeValue::Floating(_) => self.floating.clone(),
            DateTimeValue::Utc(_) => Zone::utc(),
            DateTimeValue::Zoned { tzid, .. } => {
                if let Some(zone) = self.resolved.borrow().get(tzid) {
                    return zone.clone();
                }
                let zone = Zone::resolve(tzid, self.timezones.get(tzid).copied());
                let zone = zone.unwrap_or_else(|| self.floating.clone());
                self.resolved.borrow_mut().insert(tzid.clone(), zone.clone());
                zone
            }
        }
    }

    /// The instant of a value in UTC seconds; a date is its midnight.
    pub fn instant(&self, value: &DateTimeValue) -> i64 {
        value.instant_in(&self.of(value))
    }
}

/// How long every instance of a component lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    /// Elapsed seconds: DTEND with a time, or a DURATION without days.
    Exact(i64),
    /// By the calendar: whole days, or a DURATION with days.
    Nominal(Duration),
}

impl Length {
    /// Where an instance ends, never before its start.
    pub(crate) fn end_of(self, wall: DateTime, start: i64, zone: &Zone) -> i64 {
        match self {
            Length::Exact(seconds) => start.saturating_add(seconds),
            Length::Nominal(duration) => duration.end_of(wall, zone),
        }
        .max(start)
    }

    /// The length in seconds when every day has 24 hours.
    pub(crate) fn seconds(self) -> i64 {
        match self {
            Length::Exact(seconds) => seconds,
            Length::Nominal(duration) => duration.nominal_seconds(),
        }
        .max(0)
    }
}

/// A component's first instance, as DTSTART gives it.
#[derive(Debug, Clone)]
pub(crate) struct Series<'a> {
    pub(crate) component: &'a Component,
    /// Where its wall-clock time counts: its own zone, or the reader's.
    pub(crate) zone: Zone,
    pub(crate) wall: DateTime,
    pub(crate) start: i64,
    pub(crate) length: Length,
    pub(crate) all_day: bool,
    pub(crate) floating: bool,
}

impl<'a> Series<'a> {
    /// Reads DTSTART with DTEND, DUE or DURATION. A VTODO without DTSTART stands at its DUE. `None` without either.
    pub(crate) fn read(component: &'a Component, zones: &Zones<'_>) -> Option<Series<'a>> {
        let value = |name: &str| component.get(name).and_then(|line| DateTimeValue::from_line(line).ok());
        let is_task = component.name == "VTODO";
        let start = value("DTSTART").or_else(|| value("DUE").filter(|_| is_task))?;
        let end = value(if is_task { "DUE" } else { "DTEND" });
        let duration = component.get("DURATION").and_then(|line| Duration::parse(&line.value).ok());
        let zone = zones.of(&start);
        let (wall, instant) = (start.wall_in(&zone), start.instant_in(&zone));
        let a_day = Length::Nominal(Duration { days: 1, seconds: 0 });
        let length = match (&start, end, duration) {
            // An end on the day of the start is a common way to write one day.
            (DateTimeValue::Date(first), Some(DateTimeValue::Date(end)), _) => {
                let days = i64::from(first.until(end).map_or(1, |span| span.get_days())).max(1);
                Length::Nominal(Duration { days, seconds: 0 })
            }
            (_, Some(end), _) => Length::Exact(zones.instant(&end).saturating_sub(instant).max(0)),
            (_, None, Some(duration)) if duration.days == 0 && !start.is_date() => {
                Length::Exact(duration.seconds.max(0))
            }
            (_, None, Some(duration)) => Length::Nominal(duration),
            (DateTimeValue::Date(_), None, None) => a_day,
            (_, None, None) => Length::Exact(0),
        };
        let floating = matches!(start, DateTimeValue::Floating(_));
        Some(Series { component, zone, wall, start: instant, length, all_day: start.is_date(), floating })
    }

    /// Whether the component lists more instances than its first.
    pub(crate) fn recurs(&self) -> bool {
        ["RRULE", "RDATE"].iter().any(|name| self.component.get(name).is_some())
    }

    /// Which instance of this series a value of EXDATE, RDATE or RECURRENCE-ID means: its wall-clock time and instant.
    /// A date means the instance of that day; a time without zone is one in the zone of the series.
    pub(crate) fn instance(&self, value: &DateTimeValue, zones: &Zones<'_>) -> (DateTime, i64) {
        let wall = match value {
            DateTimeValue::Date(date) if !self.all_day => date.to_datetime(self.wall.time()),
            DateTimeValue::Floating(wall) if !self.all_day => *wall,
            // For whole days the day counts that the other side wrote, whatever zone it wrote it in.
            DateTimeValue::Zoned { wall, .. } | DateTimeValue::Floating(wall) if self.all_day => wall.date().into(),
            DateTimeValue::Utc(instant) if self.all_day => Zone::utc().to_wall(*instant).date().into(),
            DateTimeValue::Date(date) => (*date).into(),
            other => {
                let instant = zones.instant(other);
                return (self.zone.to_wall(instant), instant);
            }
        };
        (wall, self.zone.to_instant(wall))
    }
}
