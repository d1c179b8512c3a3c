//! Caps on new sessions: of a host by day and week, of the team by day, of an offer by day, week and in itself. Days are
//! counted in the host's zone.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar_days::{day, week};
use super::{Obstacle, Offer, Question};

/// How many sessions there are on the days and weeks that have any.
pub(super) struct Caps<'a> {
    question: &'a Question<'a>,
    zone: TimeZone,
    days: HashMap<Date, i64>,
    weeks: HashMap<Date, i64>,
    team_days: HashMap<Date, i64>,
    /// Starts of the host's sessions, in order; only where an offer has a cap for itself.
    starts: Vec<i64>,
}

impl<'a> Caps<'a> {
    pub(super) fn new(question: &'a Question<'a>, offers: &[Offer], zone: TimeZone) -> Self {
        let (mut days, mut weeks, mut team_days) = (HashMap::new(), HashMap::new(), HashMap::new());
        let hosted = || question.timeline.holds.iter().filter_map(|hold| hold.hosted.as_ref());
        let by_date = |offer: &Offer| offer.own.caps.per_day.is_some() || offer.own.caps.per_week.is_some();
        let host = question.host;
        if host.max_per_day.is_some() || host.max_per_week.is_some() || offers.iter().any(by_date) {
            for hosted in hosted() {
                *days.entry(day(hosted.starts, &zone)).or_insert(0) += 1;
                *weeks.entry(week(hosted.starts, &zone)).or_insert(0) += 1;
            }
        }
        if question.team.daily_cap.is_some() {
            for start in question.team_starts {
                *team_days.entry(day(*start, &zone)).or_insert(0) += 1;
            }
        }
        let mut starts: Vec<i64> = match offers.iter().any(|offer| offer.own.caps.most.is_some()) {
            true => hosted().map(|hosted| hosted.starts).collect(),
            false => Vec::new(),
        };
        starts.sort_unstable();
        Self { question, zone, days, weeks, team_days, starts }
    }

    /// What stands against another session of this offer that starts then.
    pub(super) fn against(&self, offer: &Offer, start: i64) -> Option<Obstacle> {
        let (host, team) = (self.question.host, self.question.team);
        let smaller = |one: Option<i64>, other: Option<i64>| one.into_iter().chain(other).min();
        let per_day = smaller(host.max_per_day, offer.own.caps.per_day);
        let per_week = smaller(host.max_per_week, offer.own.caps.per_week);
        let per_day = self.reached(per_day, &self.days, start, day).map(Obstacle::PerDay);
        let per_week = || self.reached(per_week, &self.weeks, start, week).map(Obstacle::PerWeek);
        let per_team = || self.reached(team.daily_cap, &self.team_days, start, day).map(Obstacle::TeamDay);
        let per_offer = || offer.own.caps.most.filter(|most| self.within(offer) >= *most).map(Obstacle::PerOffer);
        per_day.or_else(per_week).or_else(per_team).or_else(per_offer)
    }

    /// What stands against another session that starts then, whatever offers there are.
    pub(super) fn of_host_and_team(&self, start: i64) -> Option<Obstacle> {
        let (host, team) = (self.question.host, self.question.team);
        let per_day = self.reached(host.max_per_day, &self.days, start, day).map(Obstacle::PerDay);
        let per_week = || self.reached(host.max_per_week, &self.weeks, start, week).map(Obstacle::PerWeek);
        let per_team = || self.reached(team.daily_cap, &self.team_days, start, day).map(Obstacle::TeamDay);
        per_day.or_else(per_week).or_else(per_team)
    }

    /// A cap that is reached by those on the day or in the week of this start.
    fn reached(
        &self,
        cap: Option<i64>,
        counts: &HashMap<Date, i64>,
        start: i64,
        of: fn(i64, &TimeZone) -> Date,
    ) -> Option<i64> {
        cap.filter(|cap| counts.get(&of(start, &self.zone)).copied().unwrap_or(0) >= *cap)
    }

    /// The host's sessions that start in an offer.
    fn within(&self, offer: &Offer) -> i64 {
        let before = |end: i64| self.starts.partition_point(|start| *start < end);
        i64::try_from(before(offer.ends).saturating_sub(before(offer.starts))).unwrap_or(i64::MAX)
    }
}
