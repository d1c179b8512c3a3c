//! Several hosts' slots as one list.

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
        let open = together.iter().map(|(.., open)| open).sum();
        let hosts = together.iter().map(|(.., host, _)| *host).collect();
        Some(PooledSlot { type_id, start, end, open, hosts })
    });
    pooled.collect()
}
