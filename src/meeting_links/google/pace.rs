//! Google's quota as a queue: whoever comes too early is told when their turn is, and has it then.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);
/// Turns that are kept for those who wait.
const WAITING: usize = 10_000;
/// A turn that nobody took is forgotten after so long.
const FORGET: Duration = Duration::from_secs(600);

/// In any minute there are at most so many turns.
pub(super) struct Pace {
    per_minute: usize,
    /// The last turns given, those to come included; at most `per_minute`.
    turns: VecDeque<Instant>,
    waiting: HashMap<String, Instant>,
    rest: Option<Instant>,
}

impl Pace {
    pub(super) fn new(per_minute: usize) -> Self {
        Self { per_minute: per_minute.max(1), turns: VecDeque::new(), waiting: HashMap::new(), rest: None }
    }

    /// `Ok`: go ahead. `Err`: come back after so long; the turn is yours then.
    pub(super) fn turn(&mut self, who: &str, now: Instant) -> Result<(), Duration> {
        match self.waiting.get(who) {
            Some(at) if *at > now => return Err(*at - now),
            Some(_) => {
                self.waiting.remove(who);
                return Ok(());
            }
            None => {}
        }
        self.waiting.retain(|_, at| *at + FORGET > now);
        if self.waiting.len() >= WAITING {
            return Err(MINUTE);
        }
        let free = self.next().map_or(now, |next| next.max(now));
        if self.turns.len() >= self.per_minute {
            self.turns.pop_front();
        }
        self.turns.push_back(free);
        if free <= now {
            return Ok(());
        }
        self.waiting.insert(who.to_owned(), free);
        Err(free - now)
    }

    /// Nobody's turn comes before this time; those who waited queue again.
    pub(super) fn rest(&mut self, until: Instant) {
        self.rest = self.rest.max(Some(until));
        self.turns.clear();
        self.waiting.clear();
    }

    /// The earliest next turn.
    fn next(&self) -> Option<Instant> {
        let oldest = if self.turns.len() >= self.per_minute { self.turns.front() } else { None };
        oldest.map(|turn| *turn + MINUTE).max(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_queues_in_order_and_no_minute_has_more_turns_than_allowed() {
        let begun = Instant::now();
        let mut pace = Pace::new(10);
        let mut gone: Vec<(usize, Duration)> = Vec::new();
        let mut waiting: Vec<(usize, Duration)> = (0..35).map(|who| (who, Duration::ZERO)).collect();
        while let Some(at) = waiting.iter().map(|(_, at)| *at).min() {
            let now: Vec<usize> = waiting.iter().filter(|(_, when)| *when == at).map(|(who, _)| *who).collect();
            waiting.retain(|(_, when)| *when != at);
            for who in now {
                match pace.turn(&who.to_string(), begun + at) {
                    Ok(()) => gone.push((who, at)),
                    Err(wait) => waiting.push((who, at + wait)),
                }
            }
        }
        let wanted: Vec<(usize, Duration)> =
            (0..35).map(|who| (who, MINUTE * u32::try_from(who / 10).unwrap())).collect();
        assert_eq!(gone, wanted);
    }

    #[test]
    fn after_a_refusal_nobody_asks_before_the_rest_is_over() {
        let now = Instant::now();
        let mut pace = Pace::new(2);
        assert_eq!(pace.turn("a", now), Ok(()));
        pace.rest(now + MINUTE / 2);
        assert_eq!(pace.turn("b", now), Err(MINUTE / 2));
        assert_eq!(pace.turn("c", now), Err(MINUTE / 2));
        assert_eq!(pace.turn("d", now), Err(MINUTE / 2 + MINUTE));
        assert_eq!(pace.turn("b", now + MINUTE / 2), Ok(()));
        assert_eq!(pace.turn("e", now + MINUTE / 2), Err(MINUTE));
    }

    #[test]
    fn turns_that_nobody_takes_are_forgotten() {
        let now = Instant::now();
        let mut pace = Pace::new(1);
        for who in 0..100 {
            let _ = pace.turn(&who.to_string(), now);
        }
        assert_eq!(pace.waiting.len(), 99);
        assert_eq!(pace.turn("late", now + MINUTE * 120), Ok(()));
        assert!(pace.waiting.is_empty());
    }
}
