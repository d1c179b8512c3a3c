//! From a date and two clock times to slots: as they are, or cut into equal parts, on one day or week after week.

use std::borrow::Cow;

use caldav::ical::zone::Zone;
use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::booking::FieldError;

/// Weeks one plan covers at most.
pub const MOST_WEEKS: i64 = 52;
/// Slots may start so far ahead, seconds.
const FARTHEST: i64 = 366 * 86_400;
/// Shortest slot, seconds.
const SHORTEST: i64 = 5 * 60;

/// What an owner types, in clock times of their zone. Unreadable fields are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The first day.
    pub date: Option<Date>,
    /// When it begins.
    pub starts: Option<Time>,
    /// When it ends, on the same day.
    pub ends: Option<Time>,
    /// Cut into slots of so many minutes; `None`: one slot.
    pub minutes: Option<i64>,
    /// On so many weeks in a row.
    pub weeks: i64,
}

impl Plan {
    /// The slots (UTC seconds), by start. A remainder too short for a slot is dropped. Each week has the same clock
    /// times, whatever the clocks do in between.
    ///
    /// # Errors
    /// Every field that cannot be used: `date`, `starts`, `ends`, `minutes`, `weeks`.
    pub fn slots(&self, zone: &Zone, now: i64) -> Result<Vec<(i64, i64)>, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut refuse =
            |field, message: &str| wrong.push(FieldError { field: Cow::Borrowed(field), message: message.into() });
        if self.date.is_none() {
            refuse("date", "Please choose a day, such as 2026-11-26.");
        }
        if self.starts.is_none() {
            refuse("starts", "Please give a time, such as 14:00.");
        }
        match (self.starts, self.ends) {
            (_, None) => refuse("ends", "Please give a time, such as 15:00."),
            (Some(starts), Some(ends)) if ends <= starts => refuse("ends", "The end comes after the start."),
            _ => {}
        }
        if !(1..=MOST_WEEKS).contains(&self.weeks) {
            refuse("weeks", "Please choose 1 to 52 weeks.");
        }
        if self.minutes.is_some_and(|minutes| !(5..=1_440).contains(&minutes)) {
            refuse("minutes", "Please choose 5 minutes or more.");
        }
        let (Some(date), Some(starts), Some(ends), true) = (self.date, self.starts, self.ends, wrong.is_empty()) else {
            return Err(wrong);
        };
        let mut slots = Vec::new();
        for week in 0..self.weeks {
            let Ok(day) = date.checked_add(week.weeks()) else { break };
            let (begin, end) = (zone.to_instant(day.to_datetime(starts)), zone.to_instant(day.to_datetime(ends)));
            let length = self.minutes.map_or(end - begin, |minutes| minutes * 60);
            let mut start = begin;
            while length >= SHORTEST && start + length <= end {
                slots.push((start, start + length));
                start += length;
            }
        }
        let one = |field, message: &str| Err(vec![FieldError { field: Cow::Borrowed(field), message: message.into() }]);
        match (slots.first(), slots.last()) {
            (Some((first, _)), _) if *first <= now => {
                one("date", "This time is over already. Please choose a later one.")
            }
            (_, Some((last, _))) if *last > now + FARTHEST => one("date", "Please stay within a year from now."),
            (Some(_), Some(_)) => Ok(slots),
            _ if self.minutes.is_some() => one("ends", "No slot of that length fits in between."),
            _ => one("ends", "A slot takes five minutes at least."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_176_000; // 2026-11-20T12:00:00Z

    fn plan(date: &str, starts: &str, ends: &str, minutes: Option<i64>, weeks: i64) -> Plan {
        Plan { date: date.parse().ok(), starts: starts.parse().ok(), ends: ends.parse().ok(), minutes, weeks }
    }

    fn slots(plan: Plan) -> Result<Vec<String>, Vec<Cow<'static, str>>> {
        let text = |at: i64| jiff::Timestamp::from_second(at).unwrap().strftime("%d.%m. %H:%M").to_string();
        let zone = Zone::named("America/New_York").unwrap();
        plan.slots(&zone, NOW)
            .map(|slots| slots.into_iter().map(|(starts, ends)| format!("{}-{}", text(starts), text(ends))).collect())
            .map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn one_slot_is_what_was_typed_in_the_owners_zone() {
        assert_eq!(slots(plan("2026-11-26", "14:00", "15:00", None, 1)).unwrap(), ["26.11. 19:00-26.11. 20:00"]);
    }

    #[test]
    fn a_stretch_is_cut_and_the_rest_dropped() {
        let found = slots(plan("2026-11-26", "09:00", "10:10", Some(30), 1)).unwrap();
        assert_eq!(found, ["26.11. 14:00-26.11. 14:30", "26.11. 14:30-26.11. 15:00"]);
    }

    #[test]
    fn weeks_keep_their_clock_time_when_clocks_change() {
        // Clocks go forward on 14 March 2027.
        let found = slots(plan("2027-03-10", "09:00", "10:00", None, 2)).unwrap();
        assert_eq!(found, ["10.03. 14:00-10.03. 15:00", "17.03. 13:00-17.03. 14:00"]);
    }

    #[test]
    fn wrong_fields_are_named() {
        assert_eq!(
            slots(plan("x", "", "", None, 0)),
            Err(["date", "starts", "ends", "weeks"].map(Cow::Borrowed).to_vec())
        );
        assert_eq!(slots(plan("2026-11-26", "15:00", "14:00", None, 1)), Err(vec!["ends".into()]));
        assert_eq!(slots(plan("2026-11-26", "15:00", "15:02", None, 1)), Err(vec!["ends".into()]));
        assert_eq!(slots(plan("2026-11-26", "15:00", "15:20", Some(30), 1)), Err(vec!["ends".into()]));
        assert_eq!(slots(plan("2026-11-20", "06:00", "07:00", None, 1)), Err(vec!["date".into()]), "11:00 UTC is over");
        assert_eq!(slots(plan("2026-11-26", "06:00", "07:00", Some(0), 1)), Err(vec!["minutes".into()]));
        assert_eq!(slots(plan("2027-11-01", "06:00", "07:00", None, 52)), Err(vec!["date".into()]));
    }
}
