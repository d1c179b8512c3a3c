//! Times as people read them.

use caldav::ical::zone::Zone;

/// A session's time in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// `Thursday, 26 November 2026`
    pub(super) date: String,
    /// `Thu 26 Nov`
    pub(super) short_date: String,
    /// `18:00`
    pub(super) from: String,
    /// `19:00`, with the date when it is another one
    pub(super) to: String,
    /// The zone as people know it: `Europe/Berlin`
    pub(super) zone: String,
    /// Seconds east of UTC at the start.
    pub(super) offset: i32,
}

/// The time of a session for somebody in the zone of this IANA name; in UTC when there is no such zone.
pub(super) fn when(starts: i64, ends: i64, zone: &str) -> When {
    let zone = Zone::named(zone).unwrap_or_else(Zone::utc);
    let (start, end) = (zone.to_wall(starts), zone.to_wall(ends));
    let to = if start.date() == end.date() { end.strftime("%H:%M") } else { end.strftime("%A, %-d %B, %H:%M") };
    When {
        date: start.strftime("%A, %-d %B %Y").to_string(),
        short_date: start.strftime("%a %-d %b").to_string(),
        from: start.strftime("%H:%M").to_string(),
        to: to.to_string(),
        zone: zone.name().replace('_', " "),
        offset: zone.offset_at(starts),
    }
}

impl When {
    /// `Thursday, 26 November 2026, 18:00 to 19:00 (Europe/Berlin)`
    pub(super) fn full(&self) -> String {
        format!("{}, {} to {} ({})", self.date, self.from, self.to, self.zone)
    }

    /// `Thu 26 Nov, 18:00`
    pub(super) fn short(&self) -> String {
        format!("{}, {}", self.short_date, self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_follow_the_zone_and_its_date() {
        let starts = 1_795_716_000; // 2026-11-26T18:00:00Z
        let berlin = when(starts, starts + 3600, "Europe/Berlin");
        assert_eq!(berlin.full(), "Thursday, 26 November 2026, 19:00 to 20:00 (Europe/Berlin)");
        let auckland = when(starts + 17 * 3600, starts + 19 * 3600, "America/Los_Angeles");
        assert_eq!(auckland.full(), "Friday, 27 November 2026, 03:00 to 05:00 (America/Los Angeles)");
        let late = when(starts, starts + 7 * 3600, "UTC");
        assert_eq!(late.full(), "Thursday, 26 November 2026, 18:00 to Friday, 27 November, 01:00 (UTC)");
        assert_eq!(when(starts, starts + 60, "Nowhere/Land").zone, "UTC");
    }
}
