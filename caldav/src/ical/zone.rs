//! Time zones: wall-clock time to instants and back. RFC 5545 §3.2.19, §3.3.5.
//!
//! A zone's data come from the IANA database compiled into this program or, for a TZID nobody knows, from the
//! VTIMEZONE that was sent along. Instants are UTC seconds since 1970.

use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::limits::Limits;
use super::time::{wall_from_seconds, wall_seconds};
use super::tree::Component;
use super::{vtimezone, zone_names};

/// No zone is further than this from UTC, in seconds.
const FURTHEST: i64 = 26 * 3600;

/// A time zone. Cheap to clone; equal when it has the same name and, if its rules came with an object, the same rules.
#[derive(Clone)]
pub struct Zone(Arc<Inner>);

struct Inner {
    name: String,
    rules: Rules,
}

enum Rules {
    Bundled(TimeZone),
    Supplied(Onsets),
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone(Arc::new(Inner { name: "UTC".into(), rules: Rules::Bundled(TimeZone::UTC) }))
    }

    /// The zone of this IANA name, in any case; `None` when there is none.
    pub fn named(name: &str) -> Option<Zone> {
        static BUNDLE: OnceLock<TimeZoneDatabase> = OnceLock::new();
        if name.is_empty() || name.len() > 64 || !name.is_ascii() {
            return None;
        }
        let zone = BUNDLE.get_or_init(TimeZoneDatabase::bundled).get(name).ok()?;
        let name = zone.iana_name().filter(|_| !zone.is_unknown())?.to_owned();
        Some(Zone(Arc::new(Inner { name, rules: Rules::Bundled(zone) })))
    }

    /// The zone that a TZID parameter means, with the VTIMEZONE of its object if it has one. RFC 5545 §3.2.19.
    ///
    /// The IANA database wins over supplied rules wherever the name leads to it: as an IANA or Windows name, with a
    /// vendor's prefix, by X-LIC-LOCATION or X-MICROSOFT-CDO-TZID. Else the VTIMEZONE's own rules count.
    /// `None` when nothing tells what the zone is.
    pub fn resolve(tzid: &str, vtimezone: Option<&Component>) -> Option<Zone> {
        zone_names::by_tzid(tzid)
            .or_else(|| zone_names::by_hints(vtimezone?))
            .or_else(|| vtimezone::evaluate(tzid, vtimezone?))
    }

    /// The zone of a `calendar-timezone` value: an iCalendar object with one VTIMEZONE. RFC 4791 §5.2.2.
    pub fn of_calendar(text: &str) -> Option<Zone> {
        let root = Component::parse(text.as_bytes(), &Limits::default()).ok()?;
        let zone = root.children_named("VTIMEZONE").next()?;
        Zone::resolve(zone.get("TZID")?.value.trim(), Some(zone))
    }

    /// A zone made from onsets that came with an object.
    pub(crate) fn supplied(name: &str, onsets: Onsets) -> Zone {
        Zone(Arc::new(Inner { name: name.to_owned(), rules: Rules::Supplied(onsets) }))
    }

    /// The IANA name if the zone has one, else the TZID it came with.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the data are those of the IANA database.
    pub fn is_iana(&self) -> bool {
        matches!(self.0.rules, Rules::Bundled(_))
    }

    /// The instant of a wall-clock time. A time that happens twice means the first; a time that is skipped is read
    /// with the offset before the gap. RFC 5545 §3.3.5.
    pub fn to_instant(&self, wall: DateTime) -> i64 {
        match &self.0.rules {
            Rules::Bundled(zone) => match zone.to_ambiguous_timestamp(wall).compatible() {
                Ok(timestamp) => timestamp.as_second(),
                Err(_) => wall_seconds(wall),
            },
            Rules::Supplied(onsets) => onsets.to_instant(wall_seconds(wall)),
        }
    }

    /// What a clock in this zone shows at an instant.
    pub fn to_wall(&self, instant: i64) -> DateTime {
        wall_from_seconds(instant.saturating_add(i64::from(self.offset_at(instant))))
    }

    /// Seconds east of UTC at an instant.
    pub fn offset_at(&self, instant: i64) -> i32 {
        match &self.0.rules {
            Rules::Bundled(zone) => zone.to_offset(timestamp(instant)).seconds(),
            Rules::Supplied(onsets) => onsets.offset_at(instant),
        }
    }

    /// The first instant later than `after` at which the offset changes.
    pub fn next_transition(&self, after: i64) -> Option<i64> {
        match &self.0.rules {
            Rules::Bundled(zone) => {
                let mut offset = zone.to_offset(timestamp(after));
                zone.following(timestamp(after)).find(|t| std::mem::replace(&mut offset, t.offset()) != t.offset())
            }
            .map(|t| t.timestamp().as_second()),
            Rules::Supplied(onsets) => onsets.list.get(onsets.passed(after)).map(|onset| onset.at),
        }
    }

    /// The last instant, not later than `at`, at which the offset changed.
    pub(crate) fn last_transition(&self, at: i64) -> Option<i64> {
        match &self.0.rules {
            Rules::Bundled(zone) => zone
                .preceding(timestamp(at.saturating_add(1)))
                .map(|t| (t.timestamp().as_second(), t.offset()))
                .find(|&(second, offset)| zone.to_offset(timestamp(second - 1)) != offset)
                .map(|(second, _)| second),
            Rules::Supplied(onsets) => onsets.passed(at).checked_sub(1).map(|last| onsets.list[last].at),
        }
    }

    /// The customary short name at an instant, such as `CET`.
    pub(crate) fn abbreviation_at(&self, instant: i64) -> Option<String> {
        match &self.0.rules {
            Rules::Bundled(zone) => Some(zone.to_offset_info(timestamp(instant)).abbreviation().to_owned()),
            Rules::Supplied(_) => None,
        }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        let same_rules = match (&self.0.rules, &other.0.rules) {
            (Rules::Bundled(_), Rules::Bundled(_)) => true,
            (Rules::Supplied(ours), Rules::Supplied(theirs)) => ours == theirs,
            _ => false,
        };
        Arc::ptr_eq(&self.0, &other.0) || (same_rules && self.0.name == other.0.name)
    }
}
impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.0.name)
    }
}

/// One change of a zone's offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Onset {
    /// UTC seconds.
    pub(crate) at: i64,
    /// Seconds east of UTC from then on.
    pub(crate) offset: i32,
}

/// All changes of offset of a zone in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Onsets {
    /// The offset before the first change.
    before: i32,
    list: Vec<Onset>,
}

impl Onsets {
    /// Sorts the changes and leaves out those that change nothing. Of several at one instant the last given counts.
    pub(crate) fn new(before: i32, mut list: Vec<Onset>) -> Onsets {
        list.sort_by_key(|onset| onset.at);
        list.reverse();
        list.dedup_by_key(|onset| onset.at);
        list.reverse();
        let mut offset = before;
        list.retain(|onset| std::mem::replace(&mut offset, onset.offset) != onset.offset);
        Onsets { before, list }
    }

    /// How many changes have happened at an instant.
    fn passed(&self, instant: i64) -> usize {
        self.list.partition_point(|onset| onset.at <= instant)
    }

    fn offset_at(&self, instant: i64) -> i32 {
        self.passed(instant).checked_sub(1).map_or(self.before, |last| self.list[last].offset)
    }

    /// `wall` is the wall-clock time read as if it were UTC.
    fn to_instant(&self, wall: i64) -> i64 {
        let mut offset = i64::from(self.offset_at(wall.saturating_sub(FURTHEST)));
        for onset in self.list.iter().skip(self.passed(wall.saturating_sub(FURTHEST))) {
            // Before the change this wall time still comes, or it is skipped by the change: either way the old offset.
            let skipped = wall - i64::from(onset.offset) < onset.at;
            if wall - offset < onset.at || skipped {
                break;
            }
            offset = i64::from(onset.offset);
        }
        wall.saturating_sub(offset)
    }
}

fn timestamp(instant: i64) -> Timestamp {
    Timestamp::from_second(instant).unwrap_or(if instant < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Reads `+hhmm` or `+hhmmss`. RFC 5545 §3.3.14.
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if !(digits.len() == 4 || digits.len() == 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize| digits.get(from..from + 2).map_or(Ok(0), str::parse::<i32>).ok();
    let (hours, minutes, seconds) = (number(0)?, number(2)?, number(4)?);
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// Writes an offset as `+hhmm`, or `+hhmmss` where it has seconds. RFC 5545 §3.3.14.
pub(crate) fn format_offset(offset: i32) -> String {
    let (sign, size) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
    let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
    match seconds {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn utc(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> i64 {
        Zone::utc().to_instant(datetime(year, month, day, hour, minute, 0, 0))
    }

    #[test]
    fn the_data_are_those_of_2026e() {
        // British Columbia stays at UTC−7 from November 2026 on.
        assert_eq!(zone("America/Vancouver").offset_at(utc(2026, 12, 1, 12, 0)), -7 * 3600);
    }

    #[test]
    fn a_name_is_found_in_any_case() {
        assert_eq!(zone("europe/LONDON").name(), "Europe/London");
        assert_eq!(zone("europe/LONDON"), zone("Europe/London"));
        assert_ne!(zone("Europe/Paris"), zone("Europe/London"));
        for wrong in ["", "Europe", "Nowhere/Land", "GMT+0100", "Etc/Unknown", "Europe/Lond\u{f6}n"] {
            assert_eq!(Zone::named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_that_happens_twice_is_the_first() {
        // London, 25 October 2026: 01:30 in summer time, then again in winter time.
        let wall = datetime(2026, 10, 25, 1, 30, 0, 0);
        assert_eq!(zone("Europe/London").to_instant(wall), utc(2026, 10, 25, 0, 30));
        let wall = datetime(2026, 11, 1, 1, 30, 0, 0);
        assert_eq!(zone("America/New_York").to_instant(wall), utc(2026, 11, 1, 5, 30));
    }

    #[test]
    fn a_skipped_time_has_the_offset_before_the_gap() {
        let wall = datetime(2026, 3, 29, 1, 30, 0, 0);
        assert_eq!(zone("Europe/London").to_instant(wall), utc(2026, 3, 29, 1, 30));
        assert_eq!(zone("Europe/London").to_wall(utc(2026, 3, 29, 1, 30)), datetime(2026, 3, 29, 2, 30, 0, 0));
        // Midnight itself is skipped in Beirut and Havana, a whole day in Samoa.
        let wall = datetime(2026, 3, 29, 0, 30, 0, 0);
        assert_eq!(zone("Asia/Beirut").to_instant(wall), utc(2026, 3, 28, 22, 30));
        let wall = datetime(2026, 3, 8, 0, 30, 0, 0);
        assert_eq!(zone("America/Havana").to_instant(wall), utc(2026, 3, 8, 5, 30));
        let wall = datetime(2011, 12, 30, 9, 0, 0, 0);
        assert_eq!(zone("Pacific/Apia").to_instant(wall), utc(2011, 12, 30, 19, 0));
    }

    #[test]
    fn transitions_are_those_that_change_the_offset() {
        let london = zone("Europe/London");
        let spring = utc(2026, 3, 29, 1, 0);
        assert_eq!(london.next_transition(utc(2026, 1, 1, 0, 0)), Some(spring));
        assert_eq!(london.next_transition(spring - 1), Some(spring));
        assert_eq!(london.next_transition(spring), Some(utc(2026, 10, 25, 1, 0)));
        assert_eq!(london.last_transition(spring), Some(spring));
        assert_eq!(london.last_transition(spring - 1), Some(utc(2025, 10, 26, 1, 0)));
        assert_eq!(zone("Asia/Tokyo").next_transition(utc(2026, 1, 1, 0, 0)), None);
        assert_eq!(Zone::utc().last_transition(0), None);
    }

    #[test]
    fn no_instant_is_too_far_away() {
        for zone in [zone("Europe/London"), Zone::utc(), Zone::supplied("x", Onsets::new(3600, Vec::new()))] {
            for instant in [i64::MIN, i64::MIN + 1, i64::MAX, 1 << 40, -(1 << 40)] {
                let _ = (zone.to_instant(zone.to_wall(instant)), zone.next_transition(instant));
                let _ = zone.last_transition(instant);
            }
            let _ = (zone.to_instant(DateTime::MIN), zone.to_instant(DateTime::MAX));
        }
    }

    #[test]
    fn offsets_are_read_and_written() {
        for (text, seconds) in [("+0100", 3600), ("-0330", -12600), ("+123456", 45296), ("+0000", 0)] {
            assert_eq!(parse_offset(text), Some(seconds));
            assert_eq!(format_offset(seconds), text);
        }
        for wrong in ["", "+", "0100", "+01", "+1e00", "+2500", "+01000", "é100", "+010é"] {
            assert_eq!(parse_offset(wrong), None, "{wrong}");
        }
    }

    /// The onsets of a bundled zone, so that both kinds of rules can be compared.
    fn copied(zone: &Zone) -> Zone {
        let (first, last) = (utc(1990, 1, 1, 0, 0), utc(2060, 1, 1, 0, 0));
        let mut list = Vec::new();
        let mut at = first;
        while let Some(next) = zone.next_transition(at).filter(|next| *next < last) {
            list.push(Onset { at: next, offset: zone.offset_at(next) });
            at = next;
        }
        Zone::supplied(zone.name(), Onsets::new(zone.offset_at(first), list))
    }

    #[test]
    fn supplied_onsets_answer_as_the_bundle_does() {
        for name in ["Europe/London", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca"] {
            let (bundled, supplied) = (zone(name), copied(&zone(name)));
            let mut at = utc(2000, 1, 1, 0, 0);
            while let Some(next) = bundled.next_transition(at).filter(|next| *next < utc(2040, 1, 1, 0, 0)) {
                assert_eq!(supplied.next_transition(at), Some(next));
                for minutes in (-26 * 60..26 * 60).step_by(15) {
                    let instant = next + minutes * 60;
                    assert_eq!(supplied.to_wall(instant), bundled.to_wall(instant));
                    let wall = wall_from_seconds(instant);
                    assert_eq!(supplied.to_instant(wall), bundled.to_instant(wall), "{name} {wall}");
                }
                at = next;
            }
        }
    }

    proptest! {
        #[test]
        fn an_instant_comes_back_from_its_wall_time(index in 0usize..5, instant in 0i64..4_000_000_000) {
            let names = ["Europe/London", "America/New_York", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu"];
            let zone = zone(names[index]);
            let back = zone.to_instant(zone.to_wall(instant));
            // In an overlap the first pass is meant; everywhere else it is the same instant.
            if back != instant {
                let between = zone.next_transition(back).unwrap();
                prop_assert!(back < between && between <= instant);
                prop_assert_eq!(zone.to_wall(back), zone.to_wall(instant));
            }
        }
    }
}
