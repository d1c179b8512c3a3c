//! How a rule repeats, for those rules that people say in one sentence. RFC 5545 §3.3.10.

use jiff::civil::{DateTime, Weekday};
use rrule::Frequency;

use super::rule::Rule;
use super::time::DateTimeValue;

/// A rule as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// On which days.
    pub every: Every,
    /// Every so many days, weeks, months or years.
    pub interval: u16,
    /// How it ends.
    pub end: End,
}

/// On which days something repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// Each day.
    Day,
    /// These days of the week, Monday first.
    Week(Vec<Weekday>),
    /// This day of the month; negative ones count from its end.
    MonthDay(i16),
    /// The nth such day of the week in the month; negative ones count from its end.
    MonthWeek(i16, Weekday),
    /// The same day of the year.
    Year,
}

/// How a series ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Never.
    Never,
    /// After so many instances, counted from the first.
    Count(u32),
    /// Nothing begins later than this.
    Until(DateTimeValue),
}

impl Pattern {
    /// The pattern of an RRULE value whose event begins at `start`; `None`: it takes more than a sentence to say.
    pub fn of(rule: &str, start: DateTime) -> Option<Pattern> {
        let rule = Rule::parse(rule).ok()?;
        let odd =
            [&rule.by_second, &rule.by_minute, &rule.by_hour, &rule.by_year_day, &rule.by_week_no, &rule.by_set_pos];
        if odd.iter().any(|list| !list.is_empty()) {
            return None;
        }
        let end = match (rule.count, &rule.until) {
            (Some(count), _) => End::Count(count),
            (None, Some(until)) => End::Until(until.clone()),
            (None, None) => End::Never,
        };
        Some(Pattern { every: every(&rule, start)?, interval: rule.interval, end })
    }
}

fn every(rule: &Rule, start: DateTime) -> Option<Every> {
    let days = || rule.by_day.iter().map(|(_, day)| weekday(*day)).collect::<Option<Vec<Weekday>>>();
    let no_months = rule.by_month.is_empty() && rule.by_month_day.is_empty();
    match rule.frequency {
        Frequency::Daily if no_months && rule.by_day.is_empty() => Some(Every::Day),
        Frequency::Daily if no_months && rule.interval == 1 => Some(Every::Week(days()?)),
        Frequency::Weekly if no_months && rule.by_day.is_empty() => Some(Every::Week(vec![start.weekday()])),
        Frequency::Weekly if no_months => Some(Every::Week(days()?)),
        Frequency::Monthly if rule.by_month.is_empty() => {
            match (rule.by_day.as_slice(), rule.by_month_day.as_slice()) {
                ([], []) => Some(Every::MonthDay(start.day().into())),
                ([], [day]) => Some(Every::MonthDay(*day)),
                ([(nth, day)], []) if *nth != 0 => Some(Every::MonthWeek(*nth, weekday(*day)?)),
                _ => None,
            }
        }
        Frequency::Yearly if rule.by_day.is_empty() => {
            let same = |list: &[i16], of: i8| list.is_empty() || list == [i16::from(of)];
            let same_day = same(&rule.by_month, start.month()) && same(&rule.by_month_day, start.day());
            // A day of the month without a month means every month.
            let whole = rule.by_month_day.is_empty() || !rule.by_month.is_empty();
            (same_day && whole).then_some(Every::Year)
        }
        _ => None,
    }
}

fn weekday(day: chrono::Weekday) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(day.num_days_from_monday()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(rule: &str) -> Option<(Every, u16)> {
        // A Thursday.
        Pattern::of(rule, date(2026, 11, 26).at(18, 0, 0, 0)).map(|pattern| (pattern.every, pattern.interval))
    }

    #[test]
    fn common_rules_are_told() {
        use Weekday::{Friday, Monday, Thursday};
        assert_eq!(of("FREQ=WEEKLY"), Some((Every::Week(vec![Thursday]), 1)));
        assert_eq!(of("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO"), Some((Every::Week(vec![Monday, Friday]), 2)));
        assert_eq!(of("FREQ=DAILY;INTERVAL=3"), Some((Every::Day, 3)));
        assert_eq!(of("FREQ=DAILY;BYDAY=MO,FR"), Some((Every::Week(vec![Monday, Friday]), 1)));
        assert_eq!(of("FREQ=MONTHLY"), Some((Every::MonthDay(26), 1)));
        assert_eq!(of("FREQ=MONTHLY;BYMONTHDAY=-1"), Some((Every::MonthDay(-1), 1)));
        assert_eq!(of("FREQ=MONTHLY;BYDAY=2MO"), Some((Every::MonthWeek(2, Monday), 1)));
        assert_eq!(of("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=26"), Some((Every::Year, 1)));
        for long in
            ["FREQ=DAILY;BYHOUR=9,14", "FREQ=MONTHLY;BYDAY=MO", "FREQ=YEARLY;BYMONTHDAY=26", "FREQ=YEARLY;BYWEEKNO=3"]
        {
            assert_eq!(of(long), None, "{long}");
        }
    }

    #[test]
    fn the_end_is_told() {
        let end = |rule: &str| Pattern::of(rule, date(2026, 11, 26).at(18, 0, 0, 0)).unwrap().end;
        assert_eq!(end("FREQ=DAILY"), End::Never);
        assert_eq!(end("FREQ=DAILY;COUNT=3"), End::Count(3));
        assert_eq!(end("FREQ=DAILY;UNTIL=20261201"), End::Until(DateTimeValue::Date(date(2026, 12, 1))));
    }
}
