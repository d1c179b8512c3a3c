//! Who reads a page: in which language, in which zone, and how long the links of the page remember both.

use jiff::civil::Date;

use super::times::Zone;
use super::words::language::{LANGUAGES, Words, language, spoken};
use crate::surface::{Call, encode};

/// A reader of the booking pages.
pub(super) struct Reader {
    /// What the page says.
    pub(super) words: &'static Words,
    /// `?tz=`, else the page's own.
    pub(super) zone: Zone,
    /// Whether the zone was asked for.
    pub(super) zone_asked: bool,
    /// UTC seconds.
    pub(super) now: i64,
    /// Parameters that the links of the page keep.
    kept: Vec<(&'static str, String)>,
}

impl Reader {
    /// The one who sent a request; in this zone (an IANA name) unless they ask for another.
    pub(super) fn of(call: &Call, zone: &str) -> Self {
        let query = call.query();
        let asked = query.get("tz").and_then(Zone::find);
        let words = language(query.get("lang"), call.header(http::header::ACCEPT_LANGUAGE));
        let mut kept = Vec::new();
        if let Some(zone) = &asked {
            kept.push(("tz", zone.name.clone()));
        }
        if query.get("lang").is_some() {
            kept.push(("lang", words.code.to_owned()));
        }
        let zone_asked = asked.is_some();
        let zone = asked.unwrap_or_else(|| Zone::choose(None, zone));
        Self { words, zone, zone_asked, now: call.desk.clock.now(), kept }
    }

    /// The code of the language, when the address asks for it.
    pub(super) fn language_asked(&self) -> Option<&'static str> {
        self.kept.iter().any(|(name, _)| *name == "lang").then_some(self.words.code)
    }

    /// The same reader of somebody's own page, in their zone (an IANA name) if they have one.
    pub(super) fn own(call: &Call, zone: Option<&str>, fallback: &str) -> Self {
        Self::of(call, Zone::choose(zone, fallback).name.as_str())
    }

    /// The same, in the language (a code) that somebody chose for themselves, unless the address asks for another.
    pub(super) fn speaking(self, language: Option<&str>) -> Self {
        let words = language.filter(|_| self.language_asked().is_none()).and_then(spoken).unwrap_or(self.words);
        Self { words, ..self }
    }

    /// Lets the links of the page keep one parameter more.
    pub(super) fn keep(&mut self, name: &'static str, value: String) {
        self.kept.push((name, value));
    }

    /// What the links keep.
    pub(super) fn kept(&self) -> &[(&'static str, String)] {
        &self.kept
    }

    /// The path with what the links keep.
    pub(super) fn link(&self, path: &str) -> String {
        self.link_with(path, &[])
    }

    /// The path with what the links keep, and some parameters more or other.
    pub(super) fn link_with(&self, path: &str, more: &[(&str, &str)]) -> String {
        let kept = self.kept.iter().map(|(name, value)| (*name, value.as_str()));
        let kept = kept.filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let query: Vec<String> =
            kept.chain(more.iter().copied()).map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    /// The path with what the links keep, but for one parameter.
    pub(super) fn link_without(&self, path: &str, name: &str) -> String {
        let kept: Vec<_> = self.kept.iter().filter(|(kept, _)| *kept != name).cloned().collect();
        Self { kept, zone: self.zone.clone(), ..*self }.link(path)
    }

    /// The page in the other languages: their words and its address.
    pub(super) fn other_languages(&self, path: &str, more: &[(&str, &str)]) -> Vec<(&'static Words, String)> {
        let others = LANGUAGES.into_iter().filter(|other| other.code != self.words.code);
        others
            .map(|other| {
                let all: Vec<(&str, &str)> = more.iter().copied().chain([("lang", other.code)]).collect();
                (other, self.link_with(path, &all))
            })
            .collect()
    }

    /// `Thursday, 26 November`, with the year when it is not the current one.
    pub(super) fn day(&self, instant: i64) -> String {
        self.date(self.zone.day(instant))
    }

    /// The same of a date.
    pub(super) fn date(&self, date: Date) -> String {
        self.with_year(date, (self.words.day)(self.weekday(date), date.day(), self.month_name(date)))
    }

    /// `Thursday 26 November`, as screen readers say it best.
    pub(super) fn spoken_date(&self, date: Date) -> String {
        self.with_year(date, (self.words.spoken_day)(self.weekday(date), date.day(), self.month_name(date)))
    }

    /// `November 2026`
    pub(super) fn month(&self, date: Date) -> String {
        format!("{} {}", self.month_name(date), date.year())
    }

    /// `18:00`
    pub(super) fn clock(&self, instant: i64) -> String {
        self.zone.clock(instant)
    }

    /// `18:00 to 19:00`, with how many days later it ends when that is not the same day.
    pub(super) fn span(&self, starts: i64, ends: i64) -> String {
        self.span_in(&self.zone, starts, ends)
    }

    /// The same in another zone.
    pub(super) fn span_in(&self, zone: &Zone, starts: i64, ends: i64) -> String {
        let later = self.later_in(zone, starts, ends).map(|later| format!(" ({later})")).unwrap_or_default();
        format!("{} {} {}{later}", zone.clock(starts), self.words.to, zone.clock(ends))
    }

    /// `+1 day`, when a session ends on a later day than it begins.
    pub(super) fn later(&self, starts: i64, ends: i64) -> Option<String> {
        self.later_in(&self.zone, starts, ends)
    }

    fn later_in(&self, zone: &Zone, starts: i64, ends: i64) -> Option<String> {
        let days = (zone.day(ends) - zone.day(starts)).get_days();
        (days > 0).then(|| (self.words.days_later)(days))
    }

    /// `London time`
    pub(super) fn zone_spoken(&self) -> String {
        (self.words.time_in)(&self.zone.city())
    }

    /// Day and time in another zone, when its clocks show something else then: `Friday, 27 November, 02:00 to 03:00`.
    pub(super) fn elsewhere(&self, other: &Zone, starts: i64, ends: i64) -> Option<String> {
        if self.zone.offset(starts) == other.offset(starts) {
            return None;
        }
        let span = self.span_in(other, starts, ends);
        let date = other.day(starts);
        Some(if date == self.zone.day(starts) { span } else { format!("{}, {span}", self.date(date)) })
    }

    fn weekday(&self, date: Date) -> &'static str {
        let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.words.weekdays.get(index).copied().unwrap_or_default()
    }

    fn month_name(&self, date: Date) -> &'static str {
        let index = usize::try_from(date.month() - 1).unwrap_or(0);
        self.words.months.get(index).copied().unwrap_or_default()
    }

    fn with_year(&self, date: Date, text: String) -> String {
        if date.year() == self.zone.day(self.now).year() { text } else { format!("{text} {}", date.year()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOV_26: i64 = 1_795_716_000; // 2026-11-26T18:00:00Z

    fn reader(zone: &str, language: &str) -> Reader {
        let zone = Zone::find(zone).unwrap();
        let words = spoken(language).unwrap();
        Reader { words, zone, zone_asked: true, now: NOV_26, kept: vec![("tz", "Asia/Kolkata".into())] }
    }

    #[test]
    fn days_and_times_are_told_in_zone_and_language() {
        let english = reader("Asia/Kolkata", "en");
        assert_eq!(english.span(NOV_26, NOV_26 + 3600), "23:30 to 00:30 (+1 day)");
        assert_eq!(english.day(NOV_26), "Thursday, 26 November");
        assert_eq!(english.day(NOV_26 + 40 * 86_400), "Tuesday, 5 January 2027");
        assert_eq!(english.zone_spoken(), "Kolkata time");
        let german = reader("Europe/Vienna", "de");
        assert_eq!(german.span(NOV_26, NOV_26 + 3600), "19:00 bis 20:00");
        assert_eq!(german.day(NOV_26), "Donnerstag, 26. November");
        assert_eq!(german.month(german.zone.day(NOV_26)), "November 2026");
    }

    #[test]
    fn another_zone_is_told_only_where_its_clocks_differ() {
        let reader = reader("Europe/Vienna", "en");
        assert_eq!(reader.elsewhere(&Zone::find("Europe/Berlin").unwrap(), NOV_26, NOV_26 + 3600), None);
        let tokyo = reader.elsewhere(&Zone::find("Asia/Tokyo").unwrap(), NOV_26, NOV_26 + 3600);
        assert_eq!(tokyo.unwrap(), "Friday, 27 November, 03:00 to 04:00");
        let london = reader.elsewhere(&Zone::find("Europe/London").unwrap(), NOV_26, NOV_26 + 3600);
        assert_eq!(london.unwrap(), "18:00 to 19:00");
    }

    #[test]
    fn links_keep_what_was_asked_for() {
        let reader = reader("Asia/Kolkata", "en");
        assert_eq!(reader.link("/a"), "/a?tz=Asia%2FKolkata");
        assert_eq!(reader.link_with("/a", &[("tz", "UTC"), ("month", "2026-12")]), "/a?tz=UTC&month=2026-12");
    }
}
