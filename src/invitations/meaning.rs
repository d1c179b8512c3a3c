//! What an event means here and why an hour in it is not offered (CN-2, CN-17), in the words of mails.

use std::collections::BTreeMap;

use caldav::ical::zone::Zone;
use jiff::civil::Date;

use super::words::{self, Times};
use crate::availability::Obstacle;
use crate::language::Language;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// The sentences of one language.
pub(crate) struct Words {
    pub(crate) no_time: &'static str,
    pub(crate) busy: fn(&str) -> String,
    pub(crate) nobody: &'static str,
    pub(crate) slots: fn(usize) -> String,
    pub(crate) on: fn(&str, &str, &str) -> String,
    pub(crate) weekly: fn(&str, &str, &str, &str) -> String,
    pub(crate) daily: fn(&str, &str, &str) -> String,
    pub(crate) mixed: fn(&str, &str, &str) -> String,
    pub(crate) hidden: fn(&str, usize, &str) -> String,
    pub(crate) others: &'static str,
    pub(crate) no_types: &'static str,
    pub(crate) unknown_type: fn(&str, &str) -> String,
    pub(crate) over: &'static str,
    pub(crate) short: fn(i64) -> String,
    pub(crate) long: &'static str,
    pub(crate) you_are_busy: &'static str,
    pub(crate) busy_near: &'static str,
    pub(crate) booked: &'static str,
    pub(crate) guest_then: &'static str,
    pub(crate) session_near: &'static str,
    pub(crate) per_day: fn(i64) -> String,
    pub(crate) per_week: fn(i64) -> String,
    pub(crate) per_team: fn(i64) -> String,
    pub(crate) per_event: fn(i64) -> String,
    pub(crate) too_soon: fn(&str) -> String,
    pub(crate) too_far: fn(&str) -> String,
    pub(crate) days: fn(i64) -> String,
}

/// The same with the names of days and months.
#[derive(Clone, Copy)]
pub(crate) struct Meaning {
    pub(crate) words: &'static Words,
    times: &'static Times,
}

impl Meaning {
    pub(crate) fn of(language: Language) -> Self {
        let words = words::of(language);
        Self { words: &words.meaning, times: &words.times }
    }

    /// Why a start is hidden, as the end of a sentence.
    pub(crate) fn reason(&self, obstacle: Obstacle) -> String {
        let words = self.words;
        match obstacle {
            Obstacle::Busy { near: false } => words.you_are_busy.into(),
            Obstacle::Busy { near: true } => words.busy_near.into(),
            Obstacle::Held { near: false, hosted: true } | Obstacle::Full => words.booked.into(),
            Obstacle::Held { near: false, hosted: false } => words.guest_then.into(),
            Obstacle::Held { near: true, .. } => words.session_near.into(),
            Obstacle::PerDay(most) => (words.per_day)(most),
            Obstacle::PerWeek(most) => (words.per_week)(most),
            Obstacle::TeamDay(most) => (words.per_team)(most),
            Obstacle::PerOffer(most) => (words.per_event)(most),
            Obstacle::TooSoon(notice) => (words.too_soon)(&self.length(notice)),
            Obstacle::TooFar(window) => (words.too_far)(&self.length(window)),
        }
    }

    /// `24 h`, `90 min`, `14 days`
    fn length(&self, seconds: i64) -> String {
        match seconds {
            days if days % DAY == 0 && days > 2 * DAY => (self.words.days)(days / DAY),
            hours if hours % HOUR == 0 => format!("{} h", hours / HOUR),
            _ => format!("{} min", seconds / 60),
        }
    }

    /// `Monday, 30 November`
    fn day(&self, date: Date) -> String {
        (self.times.day)(self.weekday(date), date.day(), self.month(date))
    }

    fn weekday(&self, date: Date) -> &'static str {
        let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.times.weekdays.get(index).copied().unwrap_or_default()
    }

    fn month(&self, date: Date) -> &'static str {
        let index = usize::try_from(date.month() - 1).unwrap_or(0);
        self.times.months.get(index).copied().unwrap_or_default()
    }

    /// One sentence about starts that are hidden for the same reason, the first of them and how many more.
    pub(crate) fn hidden(&self, first: i64, more: usize, why: &str, zone: &Zone) -> String {
        let first = zone.to_wall(first);
        let first = format!("{} {}", self.day(first.date()), first.strftime("%H:%M"));
        (self.words.hidden)(&first, more, why)
    }

    /// Starts of slots, in order and each once: `2 slots every Monday, first on 30 November 18:00`.
    pub(crate) fn slots(&self, starts: &[i64], zone: &Zone) -> String {
        let Some(first) = starts.first() else { return String::new() };
        let (first, words) = (zone.to_wall(*first), self.words);
        let mut days: BTreeMap<Date, usize> = BTreeMap::new();
        for start in starts {
            *days.entry(zone.to_wall(*start).date()).or_default() += 1;
        }
        let counts: Vec<usize> = days.values().copied().collect();
        let dates: Vec<Date> = days.into_keys().collect();
        let apart = |pair: &[Date]| match pair {
            [one, next] => (*next - *one).get_days(),
            _ => 0,
        };
        let every = |days: i32| dates.len() > 1 && dates.windows(2).all(|pair| apart(pair) == days);
        let alike = counts.windows(2).all(|pair| pair.first() == pair.last());
        let (date, time) = (first.date(), first.strftime("%H:%M").to_string());
        let short = (self.times.day)("", date.day(), self.month(date));
        let short = short.trim_start_matches([',', ' ']);
        let number = if alike { counts.first().copied().unwrap_or_default() } else { starts.len() };
        let slots = (words.slots)(number);
        match () {
            () if dates.len() == 1 => (words.on)(&slots, &self.day(date), &time),
            () if alike && every(7) => (words.weekly)(&slots, self.weekday(date), short, &time),
            () if alike && every(1) => (words.daily)(&slots, short, &time),
            () => (words.mixed)(&(words.slots)(starts.len()), &self.day(date), &time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_told_as_people_say_it() {
        let zone = Zone::named("Europe/London").unwrap();
        let monday = 1_796_061_600; // 2026-11-30T18:00:00Z
        let weekly: Vec<i64> = (0..3).flat_map(|week| [0, 3600].map(|hour| monday + week * 7 * DAY + hour)).collect();
        let words = |starts: &[i64]| Meaning::of(Language::English).slots(starts, &zone);
        assert_eq!(words(&weekly), "2 slots every Monday, first on 30 November 18:00");
        assert_eq!(words(&weekly[..2]), "2 slots on Monday, 30 November, from 18:00");
        assert_eq!(words(&weekly[..1]), "1 slot on Monday, 30 November, from 18:00");
        assert_eq!(words(&[monday, monday + DAY, monday + 2 * DAY]), "1 slot every day, first on 30 November 18:00");
        assert_eq!(words(&weekly[1..]), "5 slots in the next weeks, first on Monday, 30 November 19:00");
        let german = |starts: &[i64]| Meaning::of(Language::German).slots(starts, &zone);
        assert_eq!(german(&weekly), "2 Zeiten jeden Montag, zuerst am 30. November, 18:00");
        assert_eq!(german(&weekly[..1]), "1 Zeit am Montag, 30. November, ab 18:00");
    }

    #[test]
    fn what_is_hidden_is_told_with_its_reason() {
        let zone = Zone::named("Europe/London").unwrap();
        let english = Meaning::of(Language::English);
        let why = english.reason(Obstacle::TooSoon(DAY));
        let told = english.hidden(1_796_061_600, 2, &why, &zone);
        assert_eq!(
            told,
            "Monday, 30 November 18:00 and 2 more are hidden: it is too late to book, the notice is 24 h."
        );
    }
}
