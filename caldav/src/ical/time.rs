//! Dates, times, durations and periods as they stand in a content line. RFC 5545 §3.3.4 to §3.3.9.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::tree::Line;
use super::zone::Zone;

/// Why a value is no date, time, duration or period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Neither a date nor a date with a time.
    #[error("{0} needs a date like 20261120 or a time like 20261120T090000Z")]
    DateTime(String),
    /// Not a duration.
    #[error("{0} needs a duration like PT1H30M or P1D")]
    Duration(String),
    /// Not a period.
    #[error("{0} needs a period like 20261120T090000Z/PT1H")]
    Period(String),
}

/// A DATE or one of the three forms of DATE-TIME.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DateTimeValue {
    /// A day: all-day, wherever one is. RFC 5545 §3.3.4.
    Date(Date),
    /// FORM #1: this wall-clock time, wherever one is.
    Floating(DateTime),
    /// FORM #2: an instant, in UTC seconds.
    Utc(i64),
    /// FORM #3: a wall-clock time in a zone.
    Zoned {
        /// The wall-clock time.
        wall: DateTime,
        /// The zone's identifier, as given; see [`Zone::resolve`].
        tzid: String,
    },
}

impl DateTimeValue {
    /// Reads the one value of a line such as DTSTART, DTEND, DUE or RECURRENCE-ID.
    ///
    /// Eight digits without any VALUE parameter are taken for a date, because feeds often forget it.
    ///
    /// # Errors
    /// When the value is not of the type that VALUE names, or does not exist in the calendar.
    pub fn from_line(line: &Line) -> Result<DateTimeValue, TimeError> {
        DateTimeValue::parse(&line.value, line).ok_or_else(|| TimeError::DateTime(line.name.clone()))
    }

    /// Reads the values of a line such as EXDATE, or RDATE without periods.
    ///
    /// # Errors
    /// As for [`DateTimeValue::from_line`], when one of them is wrong.
    pub fn list_from_line(line: &Line) -> Result<Vec<DateTimeValue>, TimeError> {
        let read = line.value.split(',').map(|text| DateTimeValue::parse(text, line));
        read.collect::<Option<_>>().ok_or_else(|| TimeError::DateTime(line.name.clone()))
    }

    fn parse(text: &str, line: &Line) -> Option<DateTimeValue> {
        let value = line.param("VALUE");
        let is = |name: &str| value.is_none_or(|value| value.eq_ignore_ascii_case(name));
        match text.trim() {
            date if date.len() == 8 => parse_date(date).filter(|_| is("DATE")).map(DateTimeValue::Date),
            time if is("DATE-TIME") || is("PERIOD") => DateTimeValue::parse_time(time, line.param("TZID")),
            _ => None,
        }
    }

    fn parse_time(text: &str, tzid: Option<&str>) -> Option<DateTimeValue> {
        if let Some(wall) = text.strip_suffix('Z') {
            return Some(DateTimeValue::Utc(wall_seconds(parse_wall(wall)?)));
        }
        let wall = parse_wall(text)?;
        Some(match tzid.filter(|tzid| !tzid.is_empty()) {
            Some(tzid) => DateTimeValue::Zoned { wall, tzid: tzid.to_owned() },
            None => DateTimeValue::Floating(wall),
        })
    }

    /// Whether this is a day without a time.
    pub fn is_date(&self) -> bool {
        matches!(self, DateTimeValue::Date(_))
    }

    /// The wall-clock time in a zone that the caller found for this value: the resolved TZID, UTC, or the reader's
    /// own zone for floating times and dates. A date is its midnight.
    pub fn wall_in(&self, zone: &Zone) -> DateTime {
        match self {
            DateTimeValue::Date(date) => date.to_datetime(Time::midnight()),
            DateTimeValue::Floating(wall) | DateTimeValue::Zoned { wall, .. } => *wall,
            DateTimeValue::Utc(instant) => zone.to_wall(*instant),
        }
    }

    /// The instant in UTC seconds; `zone` as for [`DateTimeValue::wall_in`].
    pub fn instant_in(&self, zone: &Zone) -> i64 {
        match self {
            DateTimeValue::Utc(instant) => *instant,
            other => zone.to_instant(other.wall_in(zone)),
        }
    }

    /// A content line of this name with the value and the VALUE or TZID parameter it needs.
    pub fn to_line(&self, name: &str) -> Line {
        match self {
            DateTimeValue::Date(date) => Line::new(name, format_date(*date)).with_param("VALUE", "DATE"),
            DateTimeValue::Floating(wall) => Line::new(name, format_wall(*wall)),
            DateTimeValue::Utc(instant) => Line::new(name, format_utc(*instant)),
            DateTimeValue::Zoned { wall, tzid } => Line::new(name, format_wall(*wall)).with_param("TZID", tzid),
        }
    }
}

/// A DURATION: days, which follow the calendar, and then seconds, which are exact. RFC 5545 §3.3.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    /// Calendar days, weeks counted as seven; negative for the past.
    pub days: i64,
    /// Seconds of elapsed time; negative for the past.
    pub seconds: i64,
}

impl Duration {
    /// Reads a value such as `PT1H30M`, `-P1D`, `P2W`.
    ///
    /// # Errors
    /// When the text is no duration.
    pub fn parse(text: &str) -> Result<Duration, TimeError> {
        parse_duration(text.trim()).ok_or_else(|| TimeError::Duration("DURATION".into()))
    }

    /// The instant at which something ends that begins at a wall-clock time in a zone: first the days by the
    /// calendar, then the seconds by the stopwatch.
    pub fn end_of(&self, start: DateTime, zone: &Zone) -> i64 {
        let wall = if self.days == 0 { start } else { add_days(start, self.days) };
        zone.to_instant(wall).saturating_add(self.seconds)
    }

    /// The length in seconds when every day has 24 hours.
    pub fn nominal_seconds(&self) -> i64 {
        self.days.saturating_mul(86_400).saturating_add(self.seconds)
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.days < 0 || self.seconds < 0 { "-" } else { "" };
        let (days, rest) = (self.days.unsigned_abs(), self.seconds.unsigned_abs());
        write!(f, "{sign}P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest == 0 {
            return f.write_str(if days > 0 { "" } else { "T0S" });
        }
        f.write_str("T")?;
        let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
        // An hour and a second has its minutes too: the grammar of RFC 5545 knows no gap.
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 || (hours > 0 && seconds > 0) {
            write!(f, "{minutes}M")?;
        }
        if seconds > 0 {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

/// A PERIOD: from a time to a time, or for a duration. RFC 5545 §3.3.9.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Period {
    /// Where it begins; never a date.
    pub start: DateTimeValue,
    /// Where it ends.
    pub end: PeriodEnd,
}

/// The two ways to say where a period ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PeriodEnd {
    /// At this time.
    At(DateTimeValue),
    /// After this long.
    After(Duration),
}

impl Period {
    /// Reads the values of a line such as FREEBUSY, or RDATE with VALUE=PERIOD.
    ///
    /// # Errors
    /// When one of them is no period.
    pub fn list_from_line(line: &Line) -> Result<Vec<Period>, TimeError> {
        let read = line.value.split(',').map(|text| Period::parse(text, line.param("TZID")));
        read.collect::<Option<_>>().ok_or_else(|| TimeError::Period(line.name.clone()))
    }

    fn parse(text: &str, tzid: Option<&str>) -> Option<Period> {
        let (start, end) = text.trim().split_once('/')?;
        let start = DateTimeValue::parse_time(start, tzid)?;
        let end = match parse_duration(end) {
            Some(duration) => PeriodEnd::After(duration),
            None => PeriodEnd::At(DateTimeValue::parse_time(end, tzid)?),
        };
        Some(Period { start, end })
    }

    /// Start and end in UTC seconds; `zone` as for [`DateTimeValue::wall_in`].
    pub fn instants_in(&self, zone: &Zone) -> (i64, i64) {
        let start = self.start.instant_in(zone);
        let end = match &self.end {
            PeriodEnd::At(end) => end.instant_in(zone),
            PeriodEnd::After(duration) => duration.end_of(self.start.wall_in(zone), zone),
        };
        (start, end)
    }
}

/// `20261120`
pub fn format_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `20261120T090000`
pub fn format_wall(wall: DateTime) -> String {
    format!("{}T{:02}{:02}{:02}", format_date(wall.date()), wall.hour(), wall.minute(), wall.second())
}

/// `20261120T090000Z` from UTC seconds.
pub fn format_utc(instant: i64) -> String {
    format_wall(wall_from_seconds(instant)) + "Z"
}

/// Reads `20261120`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let year = i16::try_from(number(text.get(0..4)?)?).ok()?;
    (text.len() == 8).then_some(())?;
    Date::new(year, two_digits(text, 4)?, two_digits(text, 6)?).ok()
}

/// Reads `20261120T090000`. A leap second is the second before it.
pub(crate) fn parse_wall(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once('T')?;
    (time.len() == 6).then_some(())?;
    let second = two_digits(time, 4)?;
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(two_digits(time, 0)?, two_digits(time, 2)?, second, 0).ok()?;
    Some(parse_date(date)?.to_datetime(time))
}

/// A wall-clock time in seconds since 1970 as if it were UTC.
pub(crate) fn wall_seconds(wall: DateTime) -> i64 {
    match Offset::UTC.to_timestamp(wall) {
        Ok(timestamp) => timestamp.as_second(),
        Err(_) if wall.year() < 0 => Timestamp::MIN.as_second(),
        Err(_) => Timestamp::MAX.as_second(),
    }
}

/// The inverse of [`wall_seconds`]; what is too far away is as far as the calendar goes.
pub(crate) fn wall_from_seconds(seconds: i64) -> DateTime {
    let bound = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Offset::UTC.to_datetime(Timestamp::from_second(seconds).unwrap_or(bound))
}

/// The same time of day some days later, as far as the calendar goes.
pub(crate) fn add_days(wall: DateTime, days: i64) -> DateTime {
    let bound = if days < 0 { DateTime::MIN } else { DateTime::MAX };
    Span::new().try_days(days).ok().and_then(|span| wall.checked_add(span).ok()).unwrap_or(bound)
}

fn parse_duration(text: &str) -> Option<Duration> {
    let (sign, text) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => (1, text),
    };
    let text = text.strip_prefix('P')?;
    let (dates, times) = match text.split_once('T') {
        Some((dates, times)) => (dates, Some(times)),
        None => (text, None),
    };
    let days = units(dates, &[('W', 7), ('D', 1)])?;
    let seconds = times.map_or(Some(0), |times| units(times, &[('H', 3600), ('M', 60), ('S', 1)]))?;
    let nothing = times.map_or(dates.is_empty(), str::is_empty);
    (!nothing).then_some(Duration { days: sign * days, seconds: sign * seconds })
}

/// The sum of numbers with units, each unit at most once and in this order.
fn units(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0;
    for (unit, size) in units {
        if let Some((digits, rest)) = text.split_once(*unit) {
            sum += number(digits)? * size;
            text = rest;
        }
    }
    text.is_empty().then_some(sum)
}

/// Up to nine decimal digits and nothing else.
fn number(digits: &str) -> Option<i64> {
    let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn two_digits(text: &str, at: usize) -> Option<i8> {
    number(text.get(at..at + 2)?).and_then(|number| i8::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    fn line(name: &str, params: &[(&str, &str)], value: &str) -> Line {
        params.iter().fold(Line::new(name, value), |line, (name, value)| line.with_param(name, *value))
    }

    #[test]
    fn every_form_is_read_and_written_back() {
        let forms = [
            (line("DTSTART", &[("VALUE", "DATE")], "20261120"), DateTimeValue::Date(date(2026, 11, 20))),
            (line("DTSTART", &[], "20261120T090000"), DateTimeValue::Floating(datetime(2026, 11, 20, 9, 0, 0, 0))),
            (line("DTSTART", &[], "20261120T090000Z"), DateTimeValue::Utc(1_795_165_200)),
            (
                line("DTSTART", &[("TZID", "Europe/London")], "20261120T090000"),
                DateTimeValue::Zoned { wall: datetime(2026, 11, 20, 9, 0, 0, 0), tzid: "Europe/London".into() },
            ),
        ];
        for (line, value) in forms {
            assert_eq!(DateTimeValue::from_line(&line), Ok(value.clone()));
            assert_eq!(value.to_line("DTSTART"), line);
        }
    }

    #[test]
    fn eight_digits_without_value_are_a_date_and_a_leap_second_is_the_one_before() {
        let value = DateTimeValue::from_line(&line("DTSTART", &[], "20261120"));
        assert_eq!(value, Ok(DateTimeValue::Date(date(2026, 11, 20))));
        let value = DateTimeValue::from_line(&line("DTSTART", &[], "20261231T235960"));
        assert_eq!(value, Ok(DateTimeValue::Floating(datetime(2026, 12, 31, 23, 59, 59, 0))));
    }

    #[test]
    fn what_is_no_date_is_refused_by_name() {
        let wrong = [
            (None, "2026112"),
            (None, "20261320"),
            (None, "20260230"),
            (None, "20261120T0900"),
            (None, "20261120T250000"),
            (None, "20261120T090000ZZ"),
            (None, "20261120t090000"),
            (None, "2026é120"),
            (None, "+026112"),
            (None, ""),
            (Some("DATE"), "20261120T090000"),
            (Some("DATE-TIME"), "20261120"),
            (Some("TEXT"), "20261120T090000"),
        ];
        for (value, text) in wrong {
            let params: Vec<_> = value.iter().map(|value| ("VALUE", *value)).collect();
            let read = DateTimeValue::from_line(&line("DUE", &params, text));
            assert_eq!(read, Err(TimeError::DateTime("DUE".into())), "{text}");
        }
    }

    #[test]
    fn lists_are_read_whole_or_not_at_all() {
        let good = line("EXDATE", &[("VALUE", "DATE")], "20261120,20261127");
        assert_eq!(DateTimeValue::list_from_line(&good).unwrap().len(), 2);
        assert!(DateTimeValue::list_from_line(&line("EXDATE", &[], "20261120T090000Z,soon")).is_err());
    }

    #[test]
    fn durations_are_read_and_written() {
        let good = [
            ("PT1H30M", 0, 5400, "PT1H30M"),
            ("P1D", 1, 0, "P1D"),
            ("P2W", 14, 0, "P14D"),
            ("+P15DT5H0M20S", 15, 18020, "P15DT5H0M20S"),
            ("-PT15M", 0, -900, "-PT15M"),
            ("-P1DT1S", -1, -1, "-P1DT1S"),
            ("PT0S", 0, 0, "PT0S"),
            ("PT1H0M1S", 0, 3601, "PT1H0M1S"),
        ];
        for (text, days, seconds, written) in good {
            let duration = Duration::parse(text).unwrap();
            assert_eq!((duration.days, duration.seconds), (days, seconds), "{text}");
            assert_eq!(duration.to_string(), written);
        }
        for wrong in ["", "P", "PT", "P1DT", "1H", "PT1D", "P1H", "PT1M1H", "PTH", "PT9999999999S", "PT1.5H", "Pé"] {
            assert!(Duration::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_follow_the_calendar_and_hours_the_stopwatch() {
        let london = Zone::named("Europe/London").unwrap();
        // The night of 28 to 29 March 2026 has 23 hours.
        let start = datetime(2026, 3, 28, 12, 0, 0, 0);
        let length = |text: &str| Duration::parse(text).unwrap().end_of(start, &london) - london.to_instant(start);
        assert_eq!(length("P1D"), 23 * 3600);
        assert_eq!(length("PT24H"), 24 * 3600);
        assert_eq!(length("P1DT1H"), 24 * 3600);
        assert!(length("P999999999W") > 0, "too long is as far as the calendar goes");
    }

    #[test]
    fn periods_have_an_end_or_a_length() {
        let read = Period::list_from_line(&line(
            "RDATE",
            &[("VALUE", "PERIOD"), ("TZID", "Europe/London")],
            "20261120T090000/PT1H,20261121T090000/20261121T093000",
        ));
        let london = Zone::named("Europe/London").unwrap();
        let lengths: Vec<i64> =
            read.unwrap().iter().map(|period| period.instants_in(&london)).map(|(start, end)| end - start).collect();
        assert_eq!(lengths, [3600, 1800]);
        for wrong in ["20261120T090000", "20261120/PT1H", "20261120T090000/"] {
            assert!(Period::list_from_line(&line("FREEBUSY", &[], wrong)).is_err(), "{wrong}");
        }
    }
}
