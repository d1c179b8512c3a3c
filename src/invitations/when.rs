//! Times as people read them, in their language.

use caldav::ical::zone::Zone;
use jiff::civil::Date;

use super::words::Words;

/// A session's time in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// `Thursday, 26 November 2026`
    date: String,
    /// `Thu 26 Nov`
    short_date: String,
    /// `18:00`
    pub(super) from: String,
    /// `19:00`, with the date when it is another one
    to: String,
    /// Between the two.
    until: &'static str,
    /// The zone as people know it: `Europe/Berlin`
    pub(super) zone: String,
    /// Seconds east of UTC at the start.
    pub(super) offset: i32,
}

/// The time of a session for somebody in the zone of this IANA name; in UTC when there is no such zone.
pub(super) fn when(starts: i64, ends: i64, zone: &str, words: &Words) -> When {
    let zone = Zone::named(zone).unwrap_or_else(Zone::utc);
    let (start, end) = (zone.to_wall(starts), zone.to_wall(ends));
    let (from, to) = (start.strftime("%H:%M").to_string(), end.strftime("%H:%M").to_string());
    When {
        date: format!("{} {}", day(words, start.date()), start.year()),
        short_date: short_day(words, start.date()),
        from,
        to: if start.date() == end.date() { to } else { format!("{}, {to}", day(words, end.date())) },
        until: words.times.to,
        zone: zone.name().replace('_', " "),
        offset: zone.offset_at(starts),
    }
}

/// `Thursday, 26 November`
fn day(words: &Words, date: Date) -> String {
    let times = &words.times;
    (times.day)(weekday(&times.weekdays, date), date.day(), month(&times.months, date))
}

/// `Thu 26 Nov`
fn short_day(words: &Words, date: Date) -> String {
    let times = &words.times;
    (times.short_day)(weekday(&times.weekdays_short, date), date.day(), month(&times.months_short, date))
}

fn weekday(names: &[&'static str; 7], date: Date) -> &'static str {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

fn month(names: &[&'static str; 12], date: Date) -> &'static str {
    let index = usize::try_from(date.month() - 1).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

impl When {
    /// `Thursday, 26 November 2026, 18:00 to 19:00 (Europe/Berlin)`
    pub(super) fn full(&self) -> String {
        format!("{}, {} {} {} ({})", self.date, self.from, self.until, self.to, self.zone)
    }

    /// The same below another zone's time: without the day where it is the same one.
    pub(super) fn beside(&self, other: &Self) -> String {
        match self.date == other.date {
            true => format!("{} {} {} ({})", self.from, self.until, self.to, self.zone),
            false => self.full(),
        }
    }

    /// `Thu 26 Nov, 18:00`
    pub(super) fn short(&self) -> String {
        format!("{}, {}", self.short_date, self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;
    use crate::language::Language;

    const STARTS: i64 = 1_795_716_000; // 2026-11-26T18:00:00Z

    #[test]
    fn times_follow_the_zone_and_its_date() {
        let english = words::of(Language::English);
        let berlin = when(STARTS, STARTS + 3600, "Europe/Berlin", english);
        assert_eq!(berlin.full(), "Thursday, 26 November 2026, 19:00 to 20:00 (Europe/Berlin)");
        assert_eq!(berlin.short(), "Thu 26 Nov, 19:00");
        let auckland = when(STARTS + 17 * 3600, STARTS + 19 * 3600, "America/Los_Angeles", english);
        assert_eq!(auckland.full(), "Friday, 27 November 2026, 03:00 to 05:00 (America/Los Angeles)");
        let late = when(STARTS, STARTS + 7 * 3600, "UTC", english);
        assert_eq!(late.full(), "Thursday, 26 November 2026, 18:00 to Friday, 27 November, 01:00 (UTC)");
        assert_eq!(when(STARTS, STARTS + 60, "Nowhere/Land", english).zone, "UTC");
        let tokyo = when(STARTS, STARTS + 3600, "Asia/Tokyo", english);
        assert_eq!(tokyo.beside(&berlin), "Friday, 27 November 2026, 03:00 to 04:00 (Asia/Tokyo)");
        let london = when(STARTS, STARTS + 3600, "Europe/London", english);
        assert_eq!(london.beside(&berlin), "18:00 to 19:00 (Europe/London)");
    }

    #[test]
    fn germans_read_german_days() {
        let german = words::of(Language::German);
        let berlin = when(STARTS, STARTS + 6 * 3600, "Europe/Berlin", german);
        assert_eq!(
            berlin.full(),
            "Donnerstag, 26. November 2026, 19:00 bis Freitag, 27. November, 01:00 (Europe/Berlin)"
        );
        assert_eq!(berlin.short(), "Do 26. Nov., 19:00");
    }
}
