//! When an offer is, in words: `every Monday, 18:00 to 20:00, until 31 December`.

use caldav::ical::pattern::End;
use caldav::ical::time::DateTimeValue;
use caldav::ical::zone::Zone;
use jiff::civil::{Date, Time};

use super::Visit;
use crate::calendars::Scope;
use crate::desk::offers::{Entry, When};

impl Visit<'_> {
    /// One offer in words.
    pub(super) fn said(&self, entry: &Entry) -> String {
        let (words, when) = (self.words, &entry.when);
        let hours = self.hours_of(when);
        if !when.repeats {
            let date = entry.next.first().map_or(when.starts.date(), |next| when.zone.to_wall(next.starts).date());
            return format!("{}, {hours}", self.reader.date(date));
        }
        let Some(pattern) = &when.pattern else { return format!("{hours}, {}", words.repeats_oddly) };
        let mut said = vec![(words.said)(pattern, self.reader.words), hours];
        if when.starts.date() > when.zone.to_wall(self.reader.now).date() {
            said.push((words.since)(&self.reader.date(when.starts.date())));
        }
        match &pattern.end {
            End::Never => {}
            End::Count(count) => said.push((words.times_in_all)(*count)),
            End::Until(last) => said.push((words.until)(&self.reader.date(last_day(last, &when.zone)))),
        }
        said.join(", ")
    }

    /// Which sessions it serves.
    pub(super) fn served(&self, scope: &Scope) -> String {
        match scope {
            Scope::Named(name) => (self.reader.words.own.only)(name),
            Scope::Everything | Scope::Categories(_) => self.words.for_every_kind.to_owned(),
        }
    }

    fn hours_of(&self, when: &When) -> String {
        if when.all_day {
            return self.words.all_day.to_owned();
        }
        let days = (when.ends.date() - when.starts.date()).get_days();
        let later = if days > 0 { format!(" ({})", (self.reader.words.days_later)(days)) } else { String::new() };
        let zone = self.other_zone(when.zone.name()).map(|zone| format!(" ({zone})")).unwrap_or_default();
        let to = self.reader.words.to;
        format!("{} {to} {}{later}{zone}", hour(when.starts.time()), hour(when.ends.time()))
    }
}

pub(super) fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn last_day(last: &DateTimeValue, zone: &Zone) -> Date {
    last.wall_in(zone).date()
}
