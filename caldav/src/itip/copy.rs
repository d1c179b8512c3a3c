//! A stored event taken apart: what it is as a whole, and each instance that differs.

use std::collections::{HashMap, HashSet};

use super::event::Event;
use super::revision::{is_older, same_content, stamped_before};
use crate::ical::expand::{Budget, Zones, expand};
use crate::ical::series::Series;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::{Component, Line};
use crate::ical::zone::Zone;

/// The event, the instances that differ, and the frame around them.
#[derive(Debug, Default)]
pub(super) struct EventCopy {
    lines: Vec<Line>,
    timezones: Vec<Component>,
    pub(super) master: Option<Component>,
    /// Components with RECURRENCE-ID. A cancelled instance stays as one that is cancelled: that keeps its version, and
    /// works before the series itself is known.
    pub(super) instances: Vec<Component>,
}

impl EventCopy {
    /// Takes a stored VCALENDAR apart.
    pub(super) fn of(calendar: &Component) -> EventCopy {
        let mut copy = EventCopy { lines: calendar.lines.clone(), ..EventCopy::default() };
        copy.lines.retain(|line| line.name != "METHOD");
        for child in &calendar.children {
            match child.name.as_str() {
                "VTIMEZONE" => copy.timezones.push(child.clone()),
                _ if child.get("RECURRENCE-ID").is_some() => copy.instances.push(child.clone()),
                _ => copy.master = Some(child.clone()),
            }
        }
        copy
    }

    /// Puts it together again.
    pub(super) fn into_calendar(self) -> Component {
        let mut calendar = Component::new("VCALENDAR");
        calendar.lines = self.lines;
        if calendar.get("VERSION").is_none() {
            calendar.lines.insert(0, Line::new("VERSION", "2.0"));
        }
        calendar.children = self.timezones;
        calendar.children.extend(self.master);
        calendar.children.extend(self.instances);
        calendar
    }

    /// Takes what stands around the events of a message. It `leads` when it brings the event as a whole: then its
    /// time zones count, and those that nothing needs any more go.
    pub(super) fn take_frame(&mut self, message: &Component, leads: bool) {
        let tzid = |zone: &Component| zone.get("TZID").map(|line| line.text().into_owned());
        if leads || self.lines.is_empty() {
            self.lines = message.lines.iter().filter(|line| line.name != "METHOD").cloned().collect();
        }
        let named = tzids(message.children_named("VEVENT"));
        let brought: Vec<&Component> = message.children_named("VTIMEZONE").collect();
        if leads {
            let again: HashSet<_> = brought.iter().filter_map(|zone| tzid(zone)).collect();
            let needed = tzids(&self.instances);
            self.timezones.retain(|zone| tzid(zone).is_some_and(|id| !again.contains(&id) && needed.contains(&id)));
        }
        let mut known: HashSet<_> = self.timezones.iter().filter_map(tzid).collect();
        for zone in brought {
            if tzid(zone).is_some_and(|id| named.contains(&id) && known.insert(id)) {
                self.timezones.push(zone.clone());
            }
        }
    }

    /// Replaces the event as a whole unless it is out of date; whether anything changed that matters.
    ///
    /// Instances that differed are kept as far as the new series still has them, or were sent after it.
    pub(super) fn take_master(&mut self, mut master: Component, now: i64) -> bool {
        let mut same = false;
        if let Some(old) = &mut self.master {
            if is_older(&master, old, now) {
                return false;
            }
            same = same_content(&master, old);
            master.children = std::mem::take(&mut old.children);
        }
        self.master = Some(master);
        if !same {
            self.drop_lost_instances(now);
        }
        !same
    }

    fn drop_lost_instances(&mut self, now: i64) {
        let mut lost = self.lost(&self.instances, now).into_iter();
        self.instances.retain(|_| !lost.next().unwrap_or(false));
    }

    /// Which of some instances that differ are over: sent before the event as a whole, which has them no more.
    pub(super) fn lost(&self, instances: &[Component], now: i64) -> Vec<bool> {
        let ids = self.ids(instances);
        let (Some(master), Some((first, last))) = (&self.master, ids.iter().min().zip(ids.iter().max())) else {
            return vec![false; instances.len()];
        };
        let utc = Zone::utc();
        let found = expand(&[master], &self.zones(&utc), *first..last.saturating_add(1), &Budget::default());
        let listed: HashSet<i64> = found.list.iter().map(|one| one.start).collect();
        let unknown = |id: i64| found.cut_off.is_some_and(|cut_off| id >= cut_off);
        let has = |id: i64| !Event::new(master).is_cancelled() && (listed.contains(&id) || unknown(id));
        let events = ids.iter().zip(instances);
        events.map(|(id, event)| !has(*id) && stamped_before(event, master, now)).collect()
    }

    /// The places of the instances that differ, by the instant that names each.
    pub(super) fn places(&self) -> HashMap<i64, usize> {
        self.ids(&self.instances).into_iter().enumerate().map(|(place, id)| (id, place)).collect()
    }

    /// The instants of the series that components with RECURRENCE-ID stand for.
    pub(super) fn ids(&self, components: &[Component]) -> Vec<i64> {
        let utc = Zone::utc();
        let zones = self.zones(&utc);
        let series = self.master.as_ref().and_then(|master| Series::read(master, &zones));
        let instant = |component: &Component| {
            let value = component.get("RECURRENCE-ID").and_then(|line| DateTimeValue::from_line(line).ok());
            match (value, &series) {
                (None, _) => 0,
                (Some(value), Some(series)) => series.instance(&value, &zones).1,
                (Some(value), None) => zones.instant(&value),
            }
        };
        components.iter().map(instant).collect()
    }

    /// The instances that EXDATE of the series takes away.
    pub(super) fn excluded(&self) -> HashSet<i64> {
        let utc = Zone::utc();
        let zones = self.zones(&utc);
        let Some(series) = self.master.as_ref().and_then(|master| Series::read(master, &zones)) else {
            return HashSet::new();
        };
        let values = series.component.all("EXDATE").filter_map(|line| DateTimeValue::list_from_line(line).ok());
        values.flatten().map(|value| series.instance(&value, &zones).1).collect()
    }

    fn zones<'z>(&'z self, floating: &'z Zone) -> Zones<'z> {
        Zones::new(&self.timezones, floating)
    }
}

/// The TZIDs that the lines of some components name.
pub(super) fn tzids<'c>(components: impl IntoIterator<Item = &'c Component>) -> HashSet<String> {
    let lines = components.into_iter().flat_map(|component| &component.lines);
    lines.filter_map(|line| line.param("TZID")).map(str::to_owned).collect()
}
