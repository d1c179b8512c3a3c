//! What is remembered between passes and connections: which messages to come back to, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

/// A message that cannot even be fetched is given up after so many attempts.
const FETCHES: u32 = 3;
/// A message that is to come again is given up after so long.
const GIVE_UP: Duration = Duration::from_secs(3 * 86_400);
const FIRST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(3_600);

/// What a process knows of its mailbox beyond its tables.
#[derive(Default)]
pub(super) struct Memory {
    validity: i64,
    passes: u64,
    /// Fetches begun and not ended.
    fetches: BTreeMap<u32, u32>,
    later: BTreeMap<u32, Again>,
    done: BTreeSet<u32>,
}

struct Again {
    since: Instant,
    due: Instant,
    pause: Duration,
}

impl Memory {
    /// Passes that went through: the connection works.
    pub(super) fn passes(&self) -> u64 {
        self.passes
    }

    pub(super) fn passed(&mut self) {
        self.passes += 1;
    }

    /// UIDs mean something else under another UIDVALIDITY.
    pub(super) fn enter(&mut self, validity: i64) {
        if self.validity != validity {
            *self = Self { validity, passes: self.passes, ..Self::default() };
        }
    }

    /// Whether it is this message's turn.
    pub(super) fn wants(&self, uid: u32, now: Instant) -> bool {
        !self.done.contains(&uid) && self.later.get(&uid).is_none_or(|again| again.due <= now)
    }

    /// Begins a fetch; `false`: it failed too often, as the connection did each time.
    pub(super) fn begin(&mut self, uid: u32) -> bool {
        let begun = self.fetches.entry(uid).or_default();
        *begun += 1;
        *begun <= FETCHES
    }

    /// The fetch came to its end.
    pub(super) fn fetched(&mut self, uid: u32) {
        self.fetches.remove(&uid);
    }

    /// The message is to come again; `false`: it was put off for days.
    pub(super) fn put_off(&mut self, uid: u32, now: Instant) -> bool {
        let again = self.later.entry(uid).or_insert(Again { since: now, due: now, pause: FIRST });
        again.due = now + again.pause;
        again.pause = (again.pause * 2).min(LONGEST);
        now.duration_since(again.since) < GIVE_UP
    }

    pub(super) fn finish(&mut self, uid: u32) {
        self.fetches.remove(&uid);
        self.later.remove(&uid);
        self.done.insert(uid);
    }

    /// Everything up to here is done, if `newest` is the newest message looked at. Forgets what lies below.
    pub(super) fn done_to(&mut self, newest: u32) -> u32 {
        let open = self.later.keys().chain(self.fetches.keys()).min().copied();
        let to = open.map_or(newest, |open| newest.min(open.saturating_sub(1)));
        self.done = self.done.split_off(&to.saturating_add(1));
        to
    }

    /// How long until a message is to come again.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        self.later.values().map(|again| again.due.saturating_duration_since(now)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_message_holds_up_no_other_and_is_given_up() {
        let (mut memory, now) = (Memory::default(), Instant::now());
        memory.enter(7);
        assert!(memory.put_off(5, now));
        memory.finish(6);
        assert_eq!(memory.done_to(6), 4);
        assert!(!memory.wants(6, now) && !memory.wants(5, now) && memory.wants(5, now + FIRST) && memory.wants(7, now));
        assert_eq!(memory.wait(now), Some(FIRST));
        assert!(memory.put_off(5, now + FIRST));
        assert_eq!(memory.wait(now + FIRST), Some(FIRST * 2));
        assert!(!memory.put_off(5, now + GIVE_UP));
        memory.finish(5);
        assert_eq!(memory.done_to(6), 6);
        assert!((0..FETCHES).all(|_| memory.begin(8)) && !memory.begin(8));
        memory.enter(8);
        assert!(memory.begin(8) && memory.wants(6, now));
    }
}
