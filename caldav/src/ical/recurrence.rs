//! From a recurrence rule to the times it lists. RFC 5545 §3.8.5.3.
//!
//! The crate `rrule` lists wall-clock times as if they were UTC, so that no time zone can make it drop or refuse one;
//! the caller says which instant each of them is. Rules without COUNT are not listed from their beginning but from
//! the period in which the wanted span begins.

use std::ops::RangeInclusive;

use chrono::{Month, Weekday};
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Validated};

use super::budget::Budget;
pub use super::rule::{Rule, RuleError};
use super::time::{DateTimeValue, add_days, wall_from_seconds, wall_seconds};
use super::tree::Line;

/// The years in which events may begin to repeat, and in which they are listed.
const YEARS: RangeInclusive<i16> = 1900..=2200;
/// 19 × 400 years, after which the calendar is the same again, in seconds. `rrule` looks for a rule's next time up to the
/// year 10000; so much later that is two centuries ahead instead of eighty, for rules that never happen.
const CALENDAR_CYCLES: i64 = 19 * 146_097 * 86_400;
/// Further than any zone is from UTC, in seconds.
const A_DAY_AND_MORE: i64 = 26 * 3600;

/// What a rule lists within a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeats {
    /// Wall-clock time and instant of each, in order of wall-clock time.
    pub(crate) list: Vec<(DateTime, i64)>,
    /// The instant of the first that the budget left out, if it did.
    pub(crate) cut_off: Option<i64>,
}

/// Whether an RRULE or EXRULE line can be expanded for an event that begins at `start` (a wall-clock time).
///
/// # Errors
/// The reason, as a sentence for a person.
pub fn validate(line: &Line, start: DateTime) -> Result<(), RuleError> {
    if !YEARS.contains(&start.year()) {
        return Err(RuleError::TooFar);
    }
    Rule::parse(&line.value)?.compile(start).map(|_| ())
}

impl Rule {
    /// Lists the rule's times from `start`, its DTSTART, within `span`. `instant_of` turns a time into an instant.
    ///
    /// DTSTART counts for COUNT even where the rule itself does not list it. Nothing is listed after the year 2200.
    ///
    /// # Errors
    /// When the rule's parts do not go together.
    pub(crate) fn repeats(
        &self,
        start: DateTime,
        span: RangeInclusive<DateTime>,
        instant_of: impl Fn(DateTime) -> i64,
        budget: &Budget,
    ) -> Result<Repeats, RuleError> {
        let (rule, normal) = self.compile(start)?;
        let first = if self.count.is_some() { start } else { normal.jump(start, *span.start()) };
        let mut left = self.count;
        let mut found = Repeats { list: Vec::new(), cut_off: None };
        for (index, time) in RRuleSet::new(to_chrono(first)).rrule(rule).limit().into_iter().enumerate() {
            let wall = wall_from_seconds(time.timestamp() - CALENDAR_CYCLES);
            if wall > *span.end() || wall.year() > *YEARS.end() || self.is_over(wall) {
                break;
            }
            // DTSTART takes one of COUNT although the rule passes it by.
            let taken = if index == 0 && wall != start { 2 } else { 1 };
            match left.map(|left| left.checked_sub(taken)) {
                Some(None) => break,
                Some(rest) => left = rest,
                None => {}
            }
            let instant = instant_of(wall);
            if !budget.spend() {
                found.cut_off = Some(instant);
                break;
            }
            if wall >= *span.start() && self.lasts_until(wall, instant) {
                found.list.push((wall, instant));
            }
        }
        Ok(found)
    }

    /// Whether UNTIL has certainly passed.
    fn is_over(&self, wall: DateTime) -> bool {
        match self.until {
            Some(DateTimeValue::Utc(until)) => wall_seconds(wall) > until.saturating_add(A_DAY_AND_MORE),
            _ => !self.lasts_until(wall, 0),
        }
    }

    /// The rule for `rrule`, filled up from DTSTART, without COUNT and UNTIL, which are ours; and the rule it stands for.
    fn compile(&self, start: DateTime) -> Result<(RRule<Validated>, Rule), RuleError> {
        let rule = self.with_days_as_rrule_reads_them(start).without_minutes(start)?;
        let small = |list: &[i16]| -> Vec<u8> { list.iter().filter_map(|n| u8::try_from(*n).ok()).collect() };
        let signed = |list: &[i16]| -> Vec<i8> { list.iter().filter_map(|n| i8::try_from(*n).ok()).collect() };
        let months: Vec<Month> =
            small(&rule.by_month).into_iter().filter_map(|month| Month::try_from(month).ok()).collect();
        let days = rule.by_day.iter().map(|(nth, day)| NWeekday::new(Some(*nth).filter(|nth| *nth != 0), *day));
        let compiled = RRule::new(rule.frequency)
            .interval(rule.interval)
            .week_start(rule.week_start)
            .by_second(small(&rule.by_second))
            .by_minute(small(&rule.by_minute))
            .by_hour(small(&rule.by_hour))
            .by_weekday(days.collect())
            .by_month_day(signed(&rule.by_month_day))
            .by_year_day(rule.by_year_day.clone())
            .by_week_no(signed(&rule.by_week_no))
            .by_month(&months)
            .by_set_pos(rule.by_set_pos.iter().map(|position| i32::from(*position)).collect())
            .validate(to_chrono(start))
            .map_err(|error| RuleError::Combination(error.to_string()))?;
        Ok((compiled, rule))
    }

    /// Says BYDAY in the way that `rrule` understands: it reads `MO,2TU` as both at once, knows no fifth day from the
    /// end of a month, and takes a week number for all its days.
    fn with_days_as_rrule_reads_them(&self, start: DateTime) -> Rule {
        let mut rule = self.clone();
        let no_days = rule.by_day.is_empty() && rule.by_month_day.is_empty() && rule.by_year_day.is_empty();
        if !rule.by_week_no.is_empty() && no_days {
            rule.by_day = vec![(0, weekday_of(start.date()))];
        }
        if rule.by_day.iter().any(|day| day.0 != 0) {
            let of_month = rule.frequency == Frequency::Monthly || !rule.by_month.is_empty();
            let last = if of_month { 5 } else { 53 };
            let spread = |(nth, day)| if nth == 0 { 1..=last } else { nth..=nth }.map(move |nth| (nth, day));
            rule.by_day = rule.by_day.into_iter().flat_map(spread).collect();
        }
        let monthly = rule.frequency == Frequency::Monthly && rule.interval == 1 && rule.by_set_pos.is_empty();
        if monthly && rule.by_day.iter().any(|day| day.0 == -5) {
            rule.frequency = Frequency::Yearly;
            if rule.by_month.is_empty() {
                rule.by_month = (1..=12).collect();
            }
        }
        rule
    }

    /// A MINUTELY rule with filters as the DAILY or HOURLY rule it equals: `rrule` skips days in the former.
    fn without_minutes(mut self, start: DateTime) -> Result<Rule, RuleError> {
        let filters = [&self.by_minute, &self.by_hour, &self.by_month_day, &self.by_year_day, &self.by_month];
        let plain = filters.iter().all(|list| list.is_empty()) && self.by_day.is_empty() && self.by_set_pos.is_empty();
        if self.frequency != Frequency::Minutely || plain {
            return Ok(self);
        }
        let apart = || RuleError::Combination(format!("FREQ=MINUTELY, INTERVAL={} and a filter", self.interval));
        if !self.by_set_pos.is_empty() || !self.by_year_day.is_empty() {
            return Err(apart());
        }
        let (interval, minute) = (i16::try_from(self.interval).map_err(|_| apart())?, i16::from(start.minute()));
        let allowed = |minute: &i16| self.by_minute.is_empty() || self.by_minute.contains(minute);
        let minutes: Vec<i16> = if 60 % interval == 0 {
            (0..60).filter(|m| m % interval == minute % interval).filter(allowed).collect()
        } else if interval % 60 == 0 {
            [minute].into_iter().filter(allowed).collect()
        } else {
            return Err(apart());
        };
        if minutes.is_empty() {
            return Err(apart());
        }
        self.by_minute = minutes;
        if 60 % interval == 0 {
            (self.frequency, self.interval) = (Frequency::Daily, 1);
            if self.by_hour.is_empty() {
                self.by_hour = (0..24).collect();
            }
        } else {
            (self.frequency, self.interval) = (Frequency::Hourly, self.interval / 60);
        }
        Ok(self)
    }

    /// Where listing may begin: the start of the last period of the rule that is not after `from`.
    fn jump(&self, start: DateTime, from: DateTime) -> DateTime {
        let interval = i64::from(self.interval);
        let whole = |distance: i64| distance.div_euclid(interval) * interval;
        let midnight = |date: Date| date.to_datetime(Time::midnight());
        let steps = |unit: i64| {
            let first = wall_seconds(start).div_euclid(unit);
            wall_from_seconds((first + whole(wall_seconds(from).div_euclid(unit) - first)) * unit)
        };
        let period = match self.frequency {
            Frequency::Yearly => {
                let year = i64::from(start.year()) + whole(i64::from(from.year()) - i64::from(start.year()));
                i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok()).map(midnight)
            }
            Frequency::Monthly => {
                let months = |wall: DateTime| i64::from(wall.year()) * 12 + i64::from(wall.month());
                let distance = whole(months(from) - months(start));
                let span = Span::new().try_months(distance).ok();
                span.and_then(|span| start.date().first_of_month().checked_add(span).ok()).map(midnight)
            }
            Frequency::Weekly => {
                let into_week = weekday_of(start.date()).days_since(self.week_start);
                let week = add_days(midnight(start.date()), -i64::from(into_week));
                let days = (wall_seconds(from) - wall_seconds(week)).div_euclid(86_400);
                Some(add_days(week, days.div_euclid(7 * interval) * 7 * interval))
            }
            Frequency::Daily => Some(steps(86_400)),
            Frequency::Hourly => Some(steps(3600)),
            Frequency::Minutely | Frequency::Secondly => Some(steps(60)),
        };
        period.filter(|period| *period > start).unwrap_or(start)
    }
}

fn weekday_of(date: Date) -> Weekday {
    Weekday::try_from(date.weekday().to_monday_zero_offset().unsigned_abs()).unwrap_or(Weekday::Mon)
}

/// The time for `rrule`, some calendar cycles later.
fn to_chrono(wall: DateTime) -> chrono::DateTime<Tz> {
    let time = chrono::DateTime::from_timestamp(wall_seconds(wall) + CALENDAR_CYCLES, 0);
    time.unwrap_or_default().with_timezone(&Tz::UTC)
}

#[cfg(test)]
mod tests;
