//! A recurrence rule as it is written. RFC 5545 §3.3.10.

use chrono::Weekday;
use jiff::civil::DateTime;
use rrule::Frequency;

use super::time::{DateTimeValue, wall_from_seconds};
use super::tree::Line;

/// How often a day a rule may happen: every five minutes.
const TIMES_A_DAY: usize = 288;
/// How long a rule's text and each of its lists may be.
const LONGEST_TEXT: usize = 4096;
const LONGEST_LIST: usize = 384;
const LARGEST_INTERVAL: u16 = 10_000;

/// Why a rule is refused; each reads as a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// FREQ is missing.
    #[error("A repeating event says how often it repeats, such as FREQ=WEEKLY.")]
    NoFrequency,
    /// A part that RFC 5545 does not allow as it stands.
    #[error("This part of the repeat rule cannot be read: {0}.")]
    Unreadable(String),
    /// Text, list or interval beyond all use.
    #[error("This repeat rule is too long.")]
    TooLong,
    /// More often than every five minutes.
    #[error("An event can repeat every five minutes, but not more often.")]
    TooOften,
    /// Before 1900 or after 2200.
    #[error("A repeating event begins between the years 1900 and 2200.")]
    TooFar,
    /// RSCALE or SKIP of RFC 7529.
    #[error("Repeating by another calendar than the Gregorian is not possible yet: {0}.")]
    OtherCalendar(String),
    /// Parts that exclude each other, or that cannot be worked out together.
    #[error("These parts of the repeat rule do not go together: {0}.")]
    Combination(String),
}

/// A recurrence rule: the RRULE or EXRULE value, within bounds that keep expansion cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: u16,
    pub(super) count: Option<u32>,
    pub(super) until: Option<DateTimeValue>,
    pub(super) week_start: Weekday,
    pub(super) by_second: Vec<i16>,
    pub(super) by_minute: Vec<i16>,
    pub(super) by_hour: Vec<i16>,
    /// Which of them in the month or year, 0 for every; and the day.
    pub(super) by_day: Vec<(i16, Weekday)>,
    pub(super) by_month_day: Vec<i16>,
    pub(super) by_year_day: Vec<i16>,
    pub(super) by_week_no: Vec<i16>,
    pub(super) by_month: Vec<i16>,
    pub(super) by_set_pos: Vec<i16>,
}

impl Rule {
    /// Reads a rule. Parts that no standard knows are left out; numbers before the days of a WEEKLY or DAILY rule too.
    ///
    /// # Errors
    /// When it cannot be read or exceeds the bounds; see [`RuleError`].
    pub fn parse(text: &str) -> Result<Rule, RuleError> {
        if text.len() > LONGEST_TEXT {
            return Err(RuleError::TooLong);
        }
        if !text.is_ascii() {
            return Err(RuleError::Unreadable("it has letters outside A to Z".into()));
        }
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<(&str, &str)> = text
            .split(';')
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .collect();
        let frequency = parts.iter().find(|(name, _)| *name == "FREQ").ok_or(RuleError::NoFrequency)?;
        let mut rule = Rule::every(parse_frequency(frequency.1)?);
        let mut seen = Vec::new();
        for (name, value) in parts {
            if seen.contains(&name) {
                return Err(RuleError::Unreadable(format!("{name} stands there twice")));
            }
            seen.push(name);
            rule.read_part(name, value)?;
        }
        rule.keep_in_bounds()?;
        Ok(rule)
    }

    fn every(frequency: Frequency) -> Rule {
        Rule {
            frequency,
            interval: 1,
            count: None,
            until: None,
            week_start: Weekday::Mon,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
        }
    }

    fn read_part(&mut self, name: &str, value: &str) -> Result<(), RuleError> {
        let wrong = || RuleError::Unreadable(format!("{name}={}", value.chars().take(40).collect::<String>()));
        let list = |low, high| numbers(value, low, high).ok_or_else(wrong);
        match name {
            "INTERVAL" => {
                let interval = value.parse::<u64>().ok().filter(|interval| *interval > 0).ok_or_else(wrong)?;
                self.interval = u16::try_from(interval).map_err(|_| RuleError::TooLong)?;
            }
            // More than fits is more than anybody lists.
            "COUNT" => self.count = Some(u32::try_from(digits(value).ok_or_else(wrong)?).unwrap_or(u32::MAX)),
            "UNTIL" => self.until = Some(DateTimeValue::from_line(&Line::new(name, value)).map_err(|_| wrong())?),
            "WKST" => self.week_start = parse_weekday(value).ok_or_else(wrong)?,
            // A leap second is the second before it.
            "BYSECOND" => self.by_second = list(0, 60)?.into_iter().map(|second| second.min(59)).collect(),
            "BYMINUTE" => self.by_minute = list(0, 59)?,
            "BYHOUR" => self.by_hour = list(0, 23)?,
            "BYDAY" => self.by_day = value.split(',').map(parse_day).collect::<Option<_>>().ok_or_else(wrong)?,
            "BYMONTHDAY" => self.by_month_day = nonzero(list(-31, 31)?).ok_or_else(wrong)?,
            "BYYEARDAY" => self.by_year_day = nonzero(list(-366, 366)?).ok_or_else(wrong)?,
            "BYWEEKNO" => self.by_week_no = nonzero(list(-53, 53)?).ok_or_else(wrong)?,
            "BYMONTH" => self.by_month = list(1, 12)?,
            "BYSETPOS" => self.by_set_pos = nonzero(list(-366, 366)?).ok_or_else(wrong)?,
            "RSCALE" if value != "GREGORIAN" => return Err(RuleError::OtherCalendar(value.to_owned())),
            "SKIP" if value != "OMIT" => return Err(RuleError::OtherCalendar(format!("SKIP={value}"))),
            // It would narrow the rule in a way nobody here knows.
            unknown if unknown.starts_with("BY") => return Err(wrong()),
            _ => {}
        }
        Ok(())
    }

    fn keep_in_bounds(&mut self) -> Result<(), RuleError> {
        for list in self.lists_mut() {
            list.sort_unstable();
            list.dedup();
        }
        if !matches!(self.frequency, Frequency::Yearly | Frequency::Monthly) || !self.by_week_no.is_empty() {
            self.by_day.iter_mut().for_each(|day| day.0 = 0);
        }
        self.by_day.sort_unstable_by_key(|(nth, day)| (*nth, day.num_days_from_monday()));
        self.by_day.dedup();
        if self.interval > LARGEST_INTERVAL || self.lists_mut().iter().any(|list| list.len() > LONGEST_LIST) {
            return Err(RuleError::TooLong);
        }
        let (hours, minutes, seconds) =
            (self.by_hour.len().max(1), self.by_minute.len().max(1), self.by_second.len().max(1));
        let interval = usize::from(self.interval);
        let times_a_day = match self.frequency {
            Frequency::Secondly => usize::MAX,
            Frequency::Minutely => 1440_usize.div_ceil(interval) * seconds,
            Frequency::Hourly if self.by_hour.is_empty() => 24_usize.div_ceil(interval) * minutes * seconds,
            _ => hours * minutes * seconds,
        };
        if times_a_day > TIMES_A_DAY { Err(RuleError::TooOften) } else { Ok(()) }
    }

    fn lists_mut(&mut self) -> [&mut Vec<i16>; 8] {
        [
            &mut self.by_second,
            &mut self.by_minute,
            &mut self.by_hour,
            &mut self.by_month_day,
            &mut self.by_year_day,
            &mut self.by_week_no,
            &mut self.by_month,
            &mut self.by_set_pos,
        ]
    }

    /// The rule for an event of whole days: an end in UTC means its day.
    pub(super) fn of_days(mut self) -> Rule {
        if let Some(DateTimeValue::Utc(until)) = self.until {
            self.until = Some(DateTimeValue::Date(wall_from_seconds(until).date()));
        }
        self
    }

    /// Whether UNTIL still allows this instance. An end in UTC is compared as an instant, others as the clock shows.
    pub(super) fn lasts_until(&self, wall: DateTime, instant: i64) -> bool {
        match &self.until {
            None => true,
            Some(DateTimeValue::Utc(until)) => instant <= *until,
            Some(DateTimeValue::Date(until)) => wall.date() <= *until,
            Some(DateTimeValue::Floating(until) | DateTimeValue::Zoned { wall: until, .. }) => wall <= *until,
        }
    }
}

fn parse_frequency(value: &str) -> Result<Frequency, RuleError> {
    Ok(match value {
        "YEARLY" => Frequency::Yearly,
        "MONTHLY" => Frequency::Monthly,
        "WEEKLY" => Frequency::Weekly,
        "DAILY" => Frequency::Daily,
        "HOURLY" => Frequency::Hourly,
        "MINUTELY" => Frequency::Minutely,
        "SECONDLY" => return Err(RuleError::TooOften),
        other => return Err(RuleError::Unreadable(format!("FREQ={}", other.chars().take(40).collect::<String>()))),
    })
}

fn parse_weekday(value: &str) -> Option<Weekday> {
    Some(match value {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

/// `MO`, `2TU`, `-1FR`.
fn parse_day(value: &str) -> Option<(i16, Weekday)> {
    let (nth, day) = value.trim().split_at_checked(value.trim().len().checked_sub(2)?)?;
    let nth = match nth {
        "" => 0,
        nth => number(nth).filter(|nth| (1..=53).contains(&nth.abs()))?,
    };
    Some((nth, parse_weekday(day)?))
}

fn numbers(value: &str, low: i16, high: i16) -> Option<Vec<i16>> {
    value.split(',').map(|text| number(text.trim()).filter(|number| (low..=high).contains(number))).collect()
}

fn number(text: &str) -> Option<i16> {
    let size = text.strip_prefix(['+', '-']).unwrap_or(text);
    let size = i16::try_from(digits(size).filter(|_| size.len() <= 3)?).ok()?;
    Some(if text.starts_with('-') { -size } else { size })
}

fn digits(text: &str) -> Option<u64> {
    let plain = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn nonzero(list: Vec<i16>) -> Option<Vec<i16>> {
    (!list.contains(&0)).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_unknown_parts_and_a_stray_semicolon_do_no_harm() {
        let plain = Rule::parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU").unwrap();
        for spelling in [
            "freq=weekly;interval=2;byday=mo,we;wkst=su",
            "BYDAY=WE,MO,WE;FREQ=WEEKLY;X-COLOUR=RED;INTERVAL=02;WKST=SU;",
            "RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT;INTERVAL=2;BYDAY=MO,+1WE;WKST=SU",
        ] {
            assert_eq!(Rule::parse(spelling).as_ref(), Ok(&plain), "{spelling}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for wrong in [
            "",
            "COUNT=3",
            "FREQ=",
            "FREQ=FORTNIGHTLY",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=-1",
            "FREQ=DAILY;INTERVAL=99999999999999999999",
            "FREQ=DAILY;INTERVAL=20000",
            "FREQ=DAILY;COUNT=-1",
            "FREQ=DAILY;UNTIL=tomorrow",
            "FREQ=MONTHLY;BYDAY=0MO",
            "FREQ=MONTHLY;BYDAY=54MO",
            "FREQ=WEEKLY;BYDAY=",
            "FREQ=WEEKLY;BYDAY=F\u{e9}R",
            "FREQ=WEEKLY;BYDAY=M",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTH=5L",
            "FREQ=YEARLY;BYEASTER=1",
            "FREQ=DAILY;BYHOUR=24",
            "RSCALE=HEBREW;FREQ=YEARLY",
            "FREQ=MONTHLY;SKIP=FORWARD",
        ] {
            assert!(Rule::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Rule::parse(&format!("FREQ=DAILY;X={}", "1".repeat(5000))), Err(RuleError::TooLong));
    }

    #[test]
    fn every_five_minutes_is_the_most_often() {
        let often = |text: &str| Rule::parse(text) == Err(RuleError::TooOften);
        for text in [
            "FREQ=SECONDLY",
            "FREQ=MINUTELY",
            "FREQ=MINUTELY;INTERVAL=4",
            "FREQ=MINUTELY;INTERVAL=5;BYSECOND=0,30",
            "FREQ=HOURLY;BYMINUTE=0,4,8,12,16,20,24,28,32,36,40,44,48",
            "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,15,30,45;BYSECOND=0,10,20,30,40,50",
        ] {
            assert!(often(text), "{text}");
        }
        for text in ["FREQ=MINUTELY;INTERVAL=5", "FREQ=HOURLY;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55"] {
            assert!(!often(text), "{text}");
        }
    }

    #[test]
    fn refusals_are_sentences() {
        assert_eq!(
            Rule::parse("FREQ=DAILY;BYHOUR=30").map_err(|error| error.to_string()),
            Err("This part of the repeat rule cannot be read: BYHOUR=30.".to_owned())
        );
    }
}
