//! Several hosts' slots as one list.

use std::collections::HashMap;
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

/// Adds up the seats of slots that coincide. By start, then type, then end.
pub fn pool(slots: impl IntoIterator<Item = Slot>) -> Vec<PooledSlot> {
    let mut found: HashMap<(i64, TypeId, i64), (i64, Vec<PersonId>)> = HashMap::new();
    for slot in slots {
        let (open, hosts) = found.entry((slot.start, slot.type_id, slot.end)).or_default();
        *open += slot.open;
        hosts.push(slot.host);
    }
    let pooled = |((start, type_id, end), (open, mut hosts)): (_, (i64, Vec<PersonId>))| {
        hosts.sort_unstable();
        PooledSlot { type_id, start, end, open, hosts: hosts.into() }
    };
    let mut pooled: Vec<PooledSlot> = found.into_iter().map(pooled).collect();
    pooled.sort_unstable_by_key(|slot| (slot.start, slot.type_id, slot.end));
    pooled
}
