//! A month as a table: days with open times are links, the others are grey.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::subject::Subject;
use crate::availability::PooledSlot;

/// A month of the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(Date);

impl Month {
    /// The month of a day.
    pub(super) fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Reads `2026-12`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().map(Self)
    }

    /// `2026-12`
    pub(super) fn in_url(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// Its first day.
    pub(super) fn first(self) -> Date {
        self.0
    }

    /// The month before or after.
    pub(super) fn plus(self, months: i32) -> Self {
        self.0.checked_add(months.months()).map_or(self, Self)
    }

    /// Six weeks at most, from Monday on; `None` are days of other months.
    fn weeks(self) -> Vec<[Option<Date>; 7]> {
        let before = usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0);
        let days = usize::try_from(self.0.days_in_month()).unwrap_or(0);
        let day = |cell: usize| {
            let number = (cell + 1).checked_sub(before).filter(|number| (1..=days).contains(number))?;
            Date::new(self.0.year(), self.0.month(), i8::try_from(number).ok()?).ok()
        };
        let weeks = (before + days).div_ceil(7);
        (0..weeks).map(|week| std::array::from_fn(|column| day(week * 7 + column))).collect()
    }
}

/// The month with its neighbours, as far as something can be open there. `slots`: at least those of the month;
/// `current`: the day whose page this is.
pub(super) fn grid(subject: &Subject, month: Month, slots: &[PooledSlot], current: Option<Date>) -> Markup {
    let reader = &subject.reader;
    let words = reader.words;
    let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
    for slot in slots {
        *counts.entry(reader.zone.day(slot.start)).or_default() += 1;
    }
    let next = counts.keys().next().copied();
    html! {
        section.month aria-labelledby="month" {
            div.month-head {
                h2 #month { (reader.month(month.first())) }
                (neighbours(subject, month))
            }
            table {
                thead { tr { @for (short, long) in words.weekdays_short.iter().zip(words.weekdays) {
                    th scope="col" { abbr title=(long) { (short) } }
                } } }
                tbody { @for week in month.weeks() { tr { @for day in week {
                    td { @if let Some(day) = day { (cell(subject, day, counts.get(&day).copied(), next, current)) } }
                } } } }
            }
        }
    }
}

fn cell(subject: &Subject, day: Date, count: Option<usize>, next: Option<Date>, current: Option<Date>) -> Markup {
    let words = subject.reader.words;
    let is_current = current == Some(day);
    html! {
        @match count {
            Some(count) => {
                @let is_next = next == Some(day);
                @let mark = if is_next { format!(", {}", words.next_free) } else { String::new() };
                a.next[is_next] href=(subject.day_link(day)) aria-current=[is_current.then_some("date")]
                    aria-label={ (subject.reader.spoken_date(day)) ", " ((words.times)(count)) (mark) }
                    title=[is_next.then_some(words.next_free)] { (day.day()) }
            }
            None => span aria-current=[is_current.then_some("date")] { (day.day()) },
        }
    }
}

fn neighbours(subject: &Subject, month: Month) -> Markup {
    let reader = &subject.reader;
    let words = reader.words;
    let first = Month::of(reader.zone.day(reader.now));
    let last = Month::of(reader.zone.day(subject.window_end()));
    let link = |month: Month| reader.link_with(&subject.path(), &[("month", &month.in_url())]);
    let name = |month: Month| reader.month(month.first());
    let (before, after) = (month.plus(-1), month.plus(1));
    html! {
        nav aria-label=(words.other_months) {
            @if month > first && before <= last {
                a rel="prev nofollow" href=(link(before)) aria-label=((words.month_before)(&name(before))) { "‹" }
            }
            @if month < last && after >= first {
                a rel="next nofollow" href=(link(after)) aria-label=((words.month_after)(&name(after))) { "›" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_hold_every_day_once() {
        let november = Month::read("2026-11").unwrap();
        let weeks = november.weeks();
        assert_eq!(weeks.len(), 6, "the 1st is a Sunday");
        assert_eq!(weeks[0].iter().flatten().count(), 1);
        let days: Vec<i8> = weeks.iter().flatten().flatten().map(|day| day.day()).collect();
        assert_eq!(days, (1..=30).collect::<Vec<_>>());
        assert_eq!(Month::read("2027-02").unwrap().weeks().len(), 4);
    }

    #[test]
    fn months_are_read_as_they_are_written() {
        assert_eq!(Month::read("2026-12").unwrap().plus(1).in_url(), "2027-01");
        for wrong in ["", "2026-13", "2026-1", "12-2026", "+026-12", "2026-+1x"] {
            assert_eq!(Month::read(wrong), None, "{wrong}");
        }
    }
}
