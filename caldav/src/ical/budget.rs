//! How much work an expansion may do.

use std::sync::atomic::{AtomicU32, Ordering};

/// A number of instances that expansions may look at, counted down by all who share it.
///
/// One look costs well under a microsecond; what a rule lists before the window counts too when it cannot be jumped
/// over, as with COUNT.
#[derive(Debug)]
pub struct Budget(AtomicU32);

impl Budget {
    /// A budget of this many instances.
    pub fn new(instances: u32) -> Budget {
        Budget(AtomicU32::new(instances))
    }

    /// Takes one; `false` when nothing is left.
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// How many are left.
    pub fn left(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Budget {
    /// Enough for one object: 137 years of a daily event with a COUNT.
    fn default() -> Budget {
        Budget::new(50_000)
    }
}
