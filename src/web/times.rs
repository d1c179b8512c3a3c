//! Instants as people read them, in a zone of their choice, and as addresses write them.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// Names that browsers and systems still send, and what people call these zones today.
const NAMES_OF_TODAY: &[(&str, &str)] = &[
    ("Etc/UTC", "UTC"),
    ("Etc/UCT", "UTC"),
    ("Etc/GMT", "UTC"),
    ("GMT", "UTC"),
    ("Africa/Asmera", "Africa/Asmara"),
    ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("America/Godthab", "America/Nuuk"),
    ("America/Indianapolis", "America/Indiana/Indianapolis"),
    ("America/Louisville", "America/Kentucky/Louisville"),
    ("Asia/Calcutta", "Asia/Kolkata"),
    ("Asia/Katmandu", "Asia/Kathmandu"),
    ("Asia/Rangoon", "Asia/Yangon"),
    ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
    ("Atlantic/Faeroe", "Atlantic/Faroe"),
    ("Europe/Kiev", "Europe/Kyiv"),
    ("Pacific/Ponape", "Pacific/Pohnpei"),
    ("Pacific/Truk", "Pacific/Chuuk"),
];

/// A time zone with its IANA name.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    /// `Europe/Vienna`
    pub(super) name: String,
    zone: TimeZone,
}

impl Zone {
    /// The zone with this name, if there is one.
    pub(super) fn find(name: &str) -> Option<Self> {
        if name.is_empty() || name.len() > 64 {
            return None;
        }
        let zone = TimeZone::get(name).ok()?;
        let name = zone.iana_name().unwrap_or("UTC");
        let today = NAMES_OF_TODAY.iter().find_map(|(old, today)| (*old == name).then_some(*today));
        Some(Self { name: today.unwrap_or(name).to_owned(), zone })
    }

    /// The zone asked for, else another one, else UTC.
    pub(super) fn choose(asked: Option<&str>, fallback: &str) -> Self {
        asked
            .and_then(Self::find)
            .or_else(|| Self::find(fallback))
            .unwrap_or_else(|| Self { name: "UTC".into(), zone: TimeZone::UTC })
    }

    /// `Europe/Vienna`, `America/New York`
    pub(super) fn label(&self) -> String {
        self.name.replace('_', " ")
    }

    /// `London`, `New York`
    pub(super) fn city(&self) -> String {
        self.name.rsplit('/').next().unwrap_or_default().replace('_', " ")
    }

    /// Seconds east of UTC at an instant.
    pub(super) fn offset(&self, instant: i64) -> i32 {
        self.at(instant).offset().seconds()
    }

    /// `Europe/Paris (UTC+1)`, as it is at an instant.
    pub(super) fn label_at(&self, instant: i64) -> String {
        if self.name == "UTC" {
            return self.name.clone();
        }
        let offset = self.offset(instant);
        let (hours, minutes) = (offset.abs() / 3600, offset.abs() / 60 % 60);
        let sign = if offset < 0 { '\u{2212}' } else { '+' };
        let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
        format!("{} (UTC{sign}{hours}{minutes})", self.label())
    }

    /// Wall-clock time at an instant (UTC seconds).
    pub(super) fn at(&self, instant: i64) -> Zoned {
        Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone())
    }

    /// The local day of an instant.
    pub(super) fn day(&self, instant: i64) -> Date {
        self.at(instant).date()
    }

    /// The instants at which a day and the next one begin.
    pub(super) fn bounds(&self, day: Date) -> Option<(i64, i64)> {
        let begin = |day: Date| day.to_zoned(self.zone.clone()).ok().map(|start| start.timestamp().as_second());
        Some((begin(day)?, begin(day.checked_add(1.day()).ok()?)?))
    }

    /// Reads `2026-11-26T18:00` as wall-clock time here, as browsers send it.
    pub(super) fn read_local(&self, text: &str) -> Option<i64> {
        let text = text.get(..16)?;
        let local = jiff::civil::DateTime::strptime("%Y-%m-%dT%H:%M", text).ok()?;
        Some(local.to_zoned(self.zone.clone()).ok()?.timestamp().as_second())
    }

    /// `18:00`
    pub(super) fn clock(&self, instant: i64) -> String {
        shown(&self.at(instant), "%H:%M")
    }

    /// `Thursday, 26 November`, with the year when it is not the current one.
    pub(super) fn long_day(&self, instant: i64, now: i64) -> String {
        let at = self.at(instant);
        let format = if at.year() == self.at(now).year() { "%A, %-d %B" } else { "%A, %-d %B %Y" };
        shown(&at, format)
    }

    /// `18:00 to 19:00`, with the day where a session ends on another one.
    pub(super) fn span(&self, starts: i64, ends: i64) -> String {
        let (from, to) = (self.at(starts), self.at(ends));
        let to = if from.date() == to.date() { shown(&to, "%H:%M") } else { shown(&to, "%H:%M (%A)") };
        format!("{} to {to}", shown(&from, "%H:%M"))
    }
}

/// `20261126T180000Z`
pub(super) fn time_in_url(instant: i64) -> String {
    let at = Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Reads `20261126T180000Z`.
pub(super) fn read_time(text: &str) -> Option<i64> {
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Reads `2026-11-26`.
pub(super) fn read_date(text: &str) -> Option<Date> {
    Date::strptime("%Y-%m-%d", text).ok()
}

/// RFC 3339 in UTC, for `<time datetime>`.
pub(super) fn machine(instant: i64) -> String {
    Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

fn shown(at: &Zoned, format: &str) -> String {
    let mut text = String::new();
    // A constant format of ours; should it fail, nothing is shown rather than something wrong.
    let _ = fmt::write(&mut text, format_args!("{}", at.strftime(format)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOV_26: i64 = 1_795_716_000; // 2026-11-26T18:00:00Z

    #[test]
    fn an_instant_reads_in_the_readers_zone() {
        let zone = Zone::find("Asia/Kolkata").unwrap();
        assert_eq!(zone.clock(NOV_26), "23:30");
        assert_eq!(zone.span(NOV_26, NOV_26 + 3600), "23:30 to 00:30 (Friday)");
        assert_eq!(zone.long_day(NOV_26, NOV_26), "Thursday, 26 November");
        assert_eq!(zone.long_day(NOV_26, 0), "Thursday, 26 November 2026");
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        assert_eq!(time_in_url(NOV_26), "20261126T180000Z");
        assert_eq!(read_time("20261126T180000Z"), Some(NOV_26));
        for wrong in ["", "20261126T180000", "20261326T180000Z", "2026-11-26", "20261126T180000Zx"] {
            assert_eq!(read_time(wrong), None, "{wrong}");
        }
        assert_eq!(read_date("2026-11-31"), None);
    }

    #[test]
    fn a_day_of_a_clock_change_has_25_hours() {
        let zone = Zone::find("Europe/Vienna").unwrap();
        let (begin, end) = zone.bounds(read_date("2026-10-25").unwrap()).unwrap();
        assert_eq!(end - begin, 25 * 3600);
    }

    #[test]
    fn what_a_browser_sends_for_a_local_time_is_read() {
        let zone = Zone::find("Asia/Kolkata").unwrap();
        assert_eq!(zone.read_local("2026-11-26T23:30"), Some(NOV_26));
        assert_eq!(zone.read_local("2026-11-26T23:30:00"), Some(NOV_26));
        for wrong in ["", "2026-11-26", "2026-11-26 23:30", "ééééééééé"] {
            assert_eq!(zone.read_local(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_named_with_its_offset() {
        let label = |name| Zone::find(name).unwrap().label_at(NOV_26);
        assert_eq!(label("Europe/Paris"), "Europe/Paris (UTC+1)");
        assert_eq!(label("Asia/Kolkata"), "Asia/Kolkata (UTC+5:30)");
        assert_eq!(label("America/New_York"), "America/New York (UTC\u{2212}5)");
        assert_eq!(label("UTC"), "UTC");
        assert_eq!(label("Asia/Katmandu"), "Asia/Kathmandu (UTC+5:45)");
        assert_eq!(Zone::find("America/New_York").unwrap().city(), "New York");
        for (_, today) in NAMES_OF_TODAY {
            assert_eq!(Zone::find(today).unwrap().name, *today);
        }
    }

    #[test]
    fn unknown_zones_fall_back() {
        assert_eq!(Zone::choose(Some("Mars/Base"), "Europe/Vienna").name, "Europe/Vienna");
        assert_eq!(Zone::choose(None, "nonsense").name, "UTC");
    }
}
