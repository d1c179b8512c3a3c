//! Caps on new sessions: of a host by day and week, of the team by day, counted in the host's zone.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Question;
use super::calendar_days::{day, week};

/// How many sessions there are on the days and weeks that have any.
pub(super) struct Caps<'a> {
    question: &'a Question<'a>,
    zone: TimeZone,
    days: HashMap<Date, i64>,
    weeks: HashMap<Date, i64>,
    team_days: HashMap<Date, i64>,
}

impl<'a> Caps<'a> {
    pub(super) fn new(question: &'a Question<'a>, zone: TimeZone) -> Self {
        let (mut days, mut weeks, mut team_days) = (HashMap::new(), HashMap::new(), HashMap::new());
        if question.host.max_per_day.is_some() || question.host.max_per_week.is_some() {
            for hosted in question.timeline.holds.iter().filter_map(|hold| hold.hosted.as_ref()) {
                *days.entry(day(hosted.starts, &zone)).or_insert(0) += 1;
                *weeks.entry(week(hosted.starts, &zone)).or_insert(0) += 1;
            }
        }
        if question.team.daily_cap.is_some() {
            for start in question.team_starts {
                *team_days.entry(day(*start, &zone)).or_insert(0) += 1;
            }
        }
        Self { question, zone, days, weeks, team_days }
    }

    /// Whether another session may start then.
    pub(super) fn allow(&self, start: i64) -> bool {
        let host = self.question.host;
        let below = |cap: Option<i64>, counts: &HashMap<Date, i64>, of: fn(i64, &TimeZone) -> Date| {
            cap.is_none_or(|cap| counts.get(&of(start, &self.zone)).copied().unwrap_or(0) < cap)
        };
        below(host.max_per_day, &self.days, day)
            && below(host.max_per_week, &self.weeks, week)
            && below(self.question.team.daily_cap, &self.team_days, day)
    }
}
