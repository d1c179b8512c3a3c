//! Several hosts' slots as one list.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::sync::Arc;

use super::Slot;
use crate::people::PersonId;
use crate::teams::TypeId;

/// A start that can be booked with at least one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PooledSlot {
    /// What kind of session.
    pub type_id: TypeId,
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds.
    pub end: i64,
    /// Seats left over all hosts.
    pub open: i64,
    /// The hosts who have seats, by id.
    pub hosts: Arc<[PersonId]>,
    /// How many each of them has.
    pub seats: Arc<[i64]>,
}

/// Start, type, end, host, seats left.
type Seats = (i64, TypeId, i64, PersonId, i64);

/// Adds up the seats of slots that coincide. By start, then type, then end.
pub fn pool(slots: impl IntoIterator<Item = Slot>) -> Vec<PooledSlot> {
    // Each host's slots come in order, so sorting is merging.
    let mut all: Vec<Seats> =
        slots.into_iter().map(|slot| (slot.start, slot.type_id, slot.end, slot.host, slot.open)).collect();
    all.sort();
    let same = |one: &Seats, other: &Seats| (one.0, one.1, one.2) == (other.0, other.1, other.2);
    let pooled = all.chunk_by(same).filter_map(|together| {
        let (start, type_id, end, ..) = *together.first()?;
        let seats = together.iter().map(|(.., host, open)| (*host, *open));
        Some(PooledSlot::of((start, type_id, end), seats))
    });
    pooled.collect()
}

/// The list after some hosts' time changed: without what it had of them (`changed`, by id), with what they have now.
pub fn pool_again(
    before: &[PooledSlot],
    changed: &[PersonId],
    slots: impl IntoIterator<Item = Slot>,
) -> Vec<PooledSlot> {
    let kept = before.iter().filter_map(|slot| slot.without(changed));
    Merged { kept: kept.peekable(), fresh: pool(slots).into_iter().peekable() }.collect()
}

impl PooledSlot {
    fn of((start, type_id, end): (i64, TypeId, i64), seats: impl Iterator<Item = (PersonId, i64)>) -> Self {
        let (hosts, seats): (Vec<PersonId>, Vec<i64>) = seats.unzip();
        Self { type_id, start, end, open: seats.iter().sum(), hosts: hosts.into(), seats: seats.into() }
    }

    fn time(&self) -> (i64, TypeId, i64) {
        (self.start, self.type_id, self.end)
    }

    fn each(&self) -> impl Iterator<Item = (PersonId, i64)> {
        self.hosts.iter().copied().zip(self.seats.iter().copied())
    }

    fn without(&self, hosts: &[PersonId]) -> Option<Self> {
        if !hosts.iter().any(|host| self.hosts.binary_search(host).is_ok()) {
            return Some(self.clone());
        }
        let left = self.each().filter(|(host, _)| hosts.binary_search(host).is_err());
        Some(Self::of(self.time(), left)).filter(|slot| !slot.hosts.is_empty())
    }

    fn and(&self, other: &Self) -> Self {
        let mut both: Vec<(PersonId, i64)> = self.each().chain(other.each()).collect();
        both.sort_unstable();
        Self::of(self.time(), both.into_iter())
    }
}

/// Two lists in order as one; what coincides is added up.
struct Merged<A: Iterator<Item = PooledSlot>, B: Iterator<Item = PooledSlot>> {
    kept: Peekable<A>,
    fresh: Peekable<B>,
}

impl<A: Iterator<Item = PooledSlot>, B: Iterator<Item = PooledSlot>> Iterator for Merged<A, B> {
    type Item = PooledSlot;

    fn next(&mut self) -> Option<PooledSlot> {
        let order = match (self.kept.peek(), self.fresh.peek()) {
            (Some(kept), Some(fresh)) => kept.time().cmp(&fresh.time()),
            (_, None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match order {
            Ordering::Less => self.kept.next(),
            Ordering::Greater => self.fresh.next(),
            Ordering::Equal => Some(self.kept.next()?.and(&self.fresh.next()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slot(host: PersonId, start: i64, type_id: TypeId, open: i64) -> Slot {
        let end = start + 10;
        Slot { start, end, type_id, host, open, capacity: open, before: 0, after: 0, session: None }
    }

    /// What each of eight hosts has: at most one slot of a type at a start, as `slots` gives them.
    fn anything() -> impl Strategy<Value = Vec<Slot>> {
        let seats = proptest::collection::btree_map((0..8_i64, 0..6_i64, 1..3_i64), 1..4_i64, 0..60);
        seats.prop_map(|all| all.into_iter().map(|((host, start, kind), open)| slot(host, start, kind, open)).collect())
    }

    proptest! {
        #[test]
        fn a_list_made_again_is_the_list_made_anew(old in anything(), new in anything(), changed in 0_u8..=255) {
            let changed: Vec<PersonId> = (0..8).filter(|host| changed & (1 << host) != 0).collect();
            let stays = |slot: &&Slot| !changed.contains(&slot.host);
            let theirs: Vec<Slot> = new.iter().filter(|slot| !stays(slot)).cloned().collect();
            let now = old.iter().filter(stays).chain(&theirs).cloned();
            prop_assert_eq!(pool_again(&pool(old.clone()), &changed, theirs.clone()), pool(now));
        }
    }
}
