//! Counts commits, and wakes whoever waits for the next one.

use std::sync::Arc;

use tokio::sync::watch;

/// The count of one open database; clones count together.
#[derive(Clone)]
pub(super) struct Commits(Arc<watch::Sender<u64>>);

impl Commits {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(1)))
    }

    /// Something was committed, here or elsewhere.
    pub(super) fn count(&self) {
        self.0.send_modify(|number| *number += 1);
    }

    /// How many so far.
    pub(super) fn number(&self) -> u64 {
        *self.0.borrow()
    }

    /// Tells of each change of the number.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
