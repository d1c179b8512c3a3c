//! Who is being booked at this moment, so that guests who come together spread over the hosts.
//!
//! The database decides who gets a slot. But if forty guests ask at once, all would be sent to the same next host, and
//! all but one would come back and queue for the one after. Counting the tries under way sends each to another host.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::people::PersonId;

/// The tries under way in this process.
#[derive(Debug, Default)]
pub struct Trying(Mutex<HashMap<(PersonId, i64), i64>>);

/// One try; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Try<'a> {
    all: &'a Trying,
    key: (PersonId, i64),
}

/// A host that seems open for a start, and for how many guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) host: PersonId,
    pub(super) open: i64,
}

impl Trying {
    /// Takes the first candidate out of the list who has a place left beside the tries under way; if there is none, the
    /// first: a try may fail.
    pub(super) fn next(&self, candidates: &mut Vec<Candidate>, start: i64) -> Option<Try<'_>> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = |host: PersonId| under_way.get(&(host, start)).copied().unwrap_or(0);
        let position = candidates.iter().position(|candidate| tries(candidate.host) < candidate.open).unwrap_or(0);
        if position >= candidates.len() {
            return None;
        }
        let key = (candidates.remove(position).host, start);
        *under_way.entry(key).or_insert(0) += 1;
        Some(Try { all: self, key })
    }
}

impl Try<'_> {
    pub(super) fn host(&self) -> PersonId {
        self.key.0
    }
}

impl Drop for Try<'_> {
    fn drop(&mut self) {
        let mut under_way = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.key) {
            *count -= 1;
            if *count <= 0 {
                under_way.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_who_come_together_are_sent_to_different_hosts_while_there_are_some() {
        let trying = Trying::default();
        let list = || vec![Candidate { host: 1, open: 2 }, Candidate { host: 2, open: 1 }];
        let tries: Vec<_> = (0..4).filter_map(|_| trying.next(&mut list(), 7)).collect();
        assert_eq!(tries.iter().map(Try::host).collect::<Vec<_>>(), [1, 1, 2, 1]);
        assert_eq!(trying.next(&mut list(), 8).map(|other| other.host()), Some(1), "another start is another matter");
        drop(tries);
        assert!(trying.0.lock().unwrap().is_empty());
    }

    #[test]
    fn a_host_who_was_tried_is_not_tried_again() {
        let trying = Trying::default();
        let mut list = vec![Candidate { host: 1, open: 1 }, Candidate { host: 2, open: 1 }];
        for host in [Some(1), Some(2), None] {
            assert_eq!(trying.next(&mut list, 7).map(|tried| tried.host()), host);
        }
    }
}
