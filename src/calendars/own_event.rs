//! Events that a host makes on a page: an offer, with its rule, and time away. As a calendar app would write them, in the
//! host's own zone. Pure.

use caldav::ical::limits::Limits;
use caldav::ical::object::{CalendarObject, InvalidObject};
use caldav::ical::series_edit::day_name;
use caldav::ical::time::{DateTimeValue, format_utc};
use caldav::ical::tree::{Component, Line};
use caldav::ical::vtimezone;
use caldav::ical::zone::Zone;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, Weekday};

/// How far ahead a VTIMEZONE tells single changes of the clock, seconds; yearly rules go on.
const TOLD: i64 = 370 * 86_400;

/// An offer to be written.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// Its UID.
    pub uid: String,
    /// What makes it an offer, with the kind of session if it serves one only.
    pub title: String,
    /// The first day; with weekly ones the first of their days that is not earlier.
    pub date: Date,
    /// When it begins, by the clock of `zone`.
    pub starts: Time,
    /// When it ends; on the next day, if that is not later than `starts`.
    pub ends: Time,
    /// Where the clock stands.
    pub zone: Zone,
    /// How it repeats; `None`: once.
    pub weekly: Option<Weekly>,
    /// UTC seconds.
    pub now: i64,
}

/// Week after week.
#[derive(Debug, Clone, Default)]
pub struct Weekly {
    /// On these days; none: the day of the date.
    pub days: Vec<Weekday>,
    /// The last day on which it may begin.
    pub until: Option<Date>,
    /// Days on which it does not.
    pub skipped: Vec<Date>,
}

impl NewOffer {
    /// The first day on which it really is; `None`: the calendar ends.
    pub fn first_day(&self) -> Option<Date> {
        let days = self.weekly.as_ref().map_or(&[][..], |weekly| weekly.days.as_slice());
        let on = |date: &Date| days.is_empty() || days.contains(&date.weekday());
        (0..7).filter_map(|more: i64| self.date.checked_add(more.days()).ok()).find(on)
    }

    /// The event.
    ///
    /// # Errors
    /// [`InvalidObject`]: its values make none.
    pub fn write(&self) -> Result<CalendarObject, InvalidObject> {
        let date = self.first_day().unwrap_or(self.date);
        let last = if self.ends <= self.starts { date.checked_add(1.day()).unwrap_or(date) } else { date };
        let local = |wall: DateTime, name: &str| self.zoned(wall).to_line(name);
        let mut event = Component::new("VEVENT")
            .with(Line::new("UID", &*self.uid))
            .with(Line::new("DTSTAMP", format_utc(self.now)))
            .with(local(date.to_datetime(self.starts), "DTSTART"))
            .with(local(last.to_datetime(self.ends), "DTEND"))
            .with(Line::text_value("SUMMARY", &self.title))
            .with(Line::new("TRANSP", "TRANSPARENT"));
        if let Some(weekly) = &self.weekly {
            event.push(Line::new("RRULE", self.rule(weekly)));
            for day in &weekly.skipped {
                event.push(local(day.to_datetime(self.starts), "EXDATE"));
            }
        }
        let begin = self.zone.to_instant(date.to_datetime(self.starts));
        let mut calendar = frame();
        if self.zone.name() != Zone::utc().name() {
            calendar = calendar.with_child(vtimezone::write(&self.zone, begin, begin.saturating_add(TOLD)));
        }
        CalendarObject::from_root(calendar.with_child(event), &Limits::default())
    }

    fn zoned(&self, wall: DateTime) -> DateTimeValue {
        if self.zone.name() == Zone::utc().name() {
            DateTimeValue::Utc(self.zone.to_instant(wall))
        } else {
            DateTimeValue::Zoned { wall, tzid: self.zone.name().to_owned() }
        }
    }

    /// UNTIL is in UTC, because DTSTART has a zone. RFC 5545 §3.3.10.
    fn rule(&self, weekly: &Weekly) -> String {
        let mut days = weekly.days.clone();
        days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
        days.dedup();
        let names: Vec<&str> = days.into_iter().map(day_name).collect();
        let days = if names.is_empty() { String::new() } else { format!(";BYDAY={}", names.join(",")) };
        let end = |day: Date| format_utc(self.zone.to_instant(day.at(23, 59, 59, 0)));
        let until = weekly.until.map(|day| format!(";UNTIL={}", end(day))).unwrap_or_default();
        format!("FREQ=WEEKLY{days}{until}")
    }
}

/// Whole days on which a host is away: an opaque event. `last` is the last of them.
///
/// # Errors
/// [`InvalidObject`]: the days make no event.
pub fn away(uid: &str, title: &str, first: Date, last: Date, now: i64) -> Result<CalendarObject, InvalidObject> {
    let day = |date: Date, name: &str| DateTimeValue::Date(date).to_line(name);
    let event = Component::new("VEVENT")
        .with(Line::new("UID", uid))
        .with(Line::new("DTSTAMP", format_utc(now)))
        .with(day(first, "DTSTART"))
        .with(day(last.checked_add(1.day()).unwrap_or(last), "DTEND"))
        .with(Line::text_value("SUMMARY", title))
        .with(Line::new("TRANSP", "OPAQUE"));
    CalendarObject::from_root(frame().with_child(event), &Limits::default())
}

fn frame() -> Component {
    Component::new("VCALENDAR").with(Line::new("VERSION", "2.0")).with(Line::new("PRODID", "-//Openhour//Openhour//EN"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn offer(weekly: Option<Weekly>, zone: &str) -> String {
        let new = NewOffer {
            uid: "a@example.org".into(),
            title: "Available: code review".into(),
            date: date(2026, 11, 26),
            starts: Time::constant(18, 0, 0, 0),
            ends: Time::constant(20, 30, 0, 0),
            zone: Zone::named(zone).unwrap(),
            weekly,
            now: 1_795_176_000,
        };
        String::from_utf8(new.write().unwrap().bytes().to_vec()).unwrap()
    }

    #[test]
    fn a_weekly_offer_keeps_its_zone_and_begins_on_its_first_day() {
        use Weekday::{Friday, Monday};
        let weekly =
            Weekly { days: vec![Friday, Monday], until: Some(date(2026, 12, 31)), skipped: vec![date(2026, 12, 4)] };
        let text = offer(Some(weekly), "Europe/Berlin");
        for line in [
            "DTSTART;TZID=Europe/Berlin:20261127T180000\r\n",
            "DTEND;TZID=Europe/Berlin:20261127T203000\r\n",
            "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20261231T225959Z\r\n",
            "EXDATE;TZID=Europe/Berlin:20261204T180000\r\n",
            "SUMMARY:Available: code review\r\n",
            "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n",
        ] {
            assert!(text.contains(line), "{line} {text}");
        }
        assert!(offer(None, "UTC").contains("DTSTART:20261126T180000Z\r\n"));
    }

    #[test]
    fn time_away_is_whole_days_and_opaque() {
        let object = away("b@example.org", "Vacation", date(2026, 12, 24), date(2026, 12, 26), 0).unwrap();
        let text = String::from_utf8(object.bytes().to_vec()).unwrap();
        assert!(text.contains("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\n"), "{text}");
        assert!(text.contains("TRANSP:OPAQUE"));
    }
}
