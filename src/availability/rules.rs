//! Which level's rule counts: the first that is set of offer, host, type, team, server.

use crate::teams::{Host, RuleSet, SessionType, Team};

/// The last level: what counts where nobody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServerRules {
    /// Least time between booking and start, seconds.
    pub notice: i64,
    /// How far ahead one may book, seconds.
    pub booking_window: i64,
}

impl Default for ServerRules {
    fn default() -> Self {
        Self { notice: 86_400, booking_window: 366 * 86_400 }
    }
}

/// Rules that count, in seconds, none negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Least time between booking and start.
    pub notice: i64,
    /// Free time before a session.
    pub before: i64,
    /// Free time after a session.
    pub after: i64,
    /// How far ahead one may book.
    pub window: i64,
}

/// Ten years: no rule is larger, so that sums stay far from overflow.
const LARGEST: i64 = 10 * 366 * 86_400;

impl Rules {
    /// Takes each rule from the first level that sets it.
    pub fn resolve(levels: [&RuleSet; 4], server: ServerRules) -> Self {
        let first = |rule: fn(&RuleSet) -> Option<i64>, fallback: i64| {
            levels.iter().find_map(|level| rule(level)).unwrap_or(fallback).clamp(0, LARGEST)
        };
        Self {
            notice: first(|level| level.notice, server.notice),
            before: first(|level| level.buffer_before, 0),
            after: first(|level| level.buffer_after, 0),
            window: first(|level| level.booking_window, server.booking_window),
        }
    }
}

/// How far ahead anybody may book with any of these hosts, seconds: what starts later need not be looked at. Offers
/// have no booking window of their own.
pub fn reach(team: &Team, types: &[SessionType], hosts: &[Host], server: ServerRules) -> i64 {
    let levels = types.iter().map(|kind| &kind.rules).chain(hosts.iter().map(|host| &host.rules)).chain([&team.rules]);
    let windows = levels.filter_map(|level| level.booking_window);
    windows.fold(server.booking_window, i64::max).clamp(0, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_comes_from_the_first_level_that_sets_it() {
        let offer = RuleSet { notice: Some(1), ..RuleSet::default() };
        let host = RuleSet { notice: Some(2), buffer_before: Some(3), ..RuleSet::default() };
        let kind = RuleSet { buffer_before: Some(4), buffer_after: Some(5), ..RuleSet::default() };
        let team = RuleSet { buffer_after: Some(6), booking_window: Some(7), ..RuleSet::default() };
        let rules = Rules::resolve([&offer, &host, &kind, &team], ServerRules::default());
        assert_eq!(rules, Rules { notice: 1, before: 3, after: 5, window: 7 });
    }

    #[test]
    fn where_nobody_decides_it_is_a_day_no_buffers_and_a_year() {
        let none = RuleSet::default();
        let rules = Rules::resolve([&none; 4], ServerRules::default());
        assert_eq!(rules, Rules { notice: 86_400, before: 0, after: 0, window: 366 * 86_400 });
    }
}
