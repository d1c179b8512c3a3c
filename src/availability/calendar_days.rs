//! Days and weeks in a host's zone, and what an all-day offer means there.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Offer;
use crate::teams::{Host, Team};

const DAY: i64 = 86_400;
/// Days of one all-day offer that are looked at, so that a damaged row costs little.
const MOST_DAYS: usize = 4_000;

/// The zone a host's days are counted in: their own, else their calendar's, else the team's, else UTC.
pub(super) fn zone(host: &Host, team: &Team) -> TimeZone {
    let named = |name: &str| TimeZone::get(name).ok();
    let own = host.timezone.as_deref().and_then(named).or_else(|| host.calendar_zone.as_deref().and_then(named));
    own.or_else(|| named(&team.timezone)).unwrap_or(TimeZone::UTC)
}

/// The calendar day of an instant.
pub(super) fn day(instant: i64, zone: &TimeZone) -> Date {
    zone.to_datetime(Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH)).date()
}

/// The Monday of an instant's week.
pub(super) fn week(instant: i64, zone: &TimeZone) -> Date {
    let day = day(instant, zone);
    let since_monday = i64::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(since_monday.days()).unwrap_or(day)
}

/// The stretches an offer really covers: itself, or on each of its days the team's hours in the host's zone. Only
/// those that reach into `[from, to)`.
pub(super) fn stretches(offer: &Offer, team: &Team, zone: &TimeZone, from: i64, to: i64) -> Vec<(i64, i64)> {
    if !offer.all_day {
        return vec![(offer.starts, offer.ends)];
    }
    // Noon of the first day is on that day even in a zone some hours from the one the row was made in.
    let first = day(offer.starts.saturating_add(DAY / 2), zone);
    let days = (offer.ends.saturating_sub(offer.starts) + DAY / 2).div_euclid(DAY);
    let skipped = from.saturating_sub(offer.starts).div_euclid(DAY).saturating_sub(1).clamp(0, days.max(0));
    let Ok(next) = first.checked_add(skipped.days()) else { return Vec::new() };
    next.series(1.day())
        .take(usize::try_from(days - skipped).unwrap_or(0).min(MOST_DAYS))
        .filter_map(|day| Some((at(day, team.day_starts, zone)?, at(day, team.day_ends, zone)?)))
        .take_while(|(starts, _)| *starts < to)
        .filter(|(starts, ends)| starts < ends)
        .collect()
}

/// The instant at which a day's clock shows this many seconds after midnight. A time that the clock skips is read
/// with the offset before the gap, one that comes twice is the first.
fn at(day: Date, seconds: i64, zone: &TimeZone) -> Option<i64> {
    let local = day.at(0, 0, 0, 0).checked_add(seconds.seconds()).ok()?;
    Some(zone.to_ambiguous_timestamp(local).compatible().ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use super::super::model::{all_day, seconds, team};
    use super::*;

    #[test]
    fn an_all_day_offer_is_the_teams_hours_on_each_of_its_days() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        // The night of the 25th the clock goes back an hour.
        let offer = all_day("2026-10-24T00:00[Europe/Berlin]", "2026-10-26T00:00[Europe/Berlin]");
        let found = stretches(&offer, &team(), &zone, 0, i64::MAX);
        assert_eq!(
            found,
            [
                (seconds("2026-10-24T07:00:00Z"), seconds("2026-10-24T15:00:00Z")),
                (seconds("2026-10-25T08:00:00Z"), seconds("2026-10-25T16:00:00Z")),
            ]
        );
    }

    #[test]
    fn a_week_begins_on_monday_in_the_hosts_zone() {
        let zone = TimeZone::get("Pacific/Auckland").unwrap();
        let sunday_evening_utc = seconds("2026-11-22T12:00:00Z");
        assert_eq!(week(sunday_evening_utc, &zone), jiff::civil::date(2026, 11, 23));
        assert_eq!(week(sunday_evening_utc, &TimeZone::UTC), jiff::civil::date(2026, 11, 16));
    }
}
