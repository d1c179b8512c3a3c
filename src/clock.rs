//! The clock as a parameter: a test can place "now" on a DST switch.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time in UTC seconds. Cheap to clone; clones of a set clock move together.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::set`].
    pub fn fixed(now: i64) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(now))))
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn set(&self, now: i64) {
        if let Source::Set(cell) = &self.0 {
            cell.store(now, Ordering::Release);
        }
    }

    /// UTC seconds since 1970.
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::System => system(),
            Source::Set(cell) => cell.load(Ordering::Acquire),
        }
    }
}

/// A time as people and programs read it, in UTC: `2026-11-26T18:00:00Z` (RFC 3339).
pub fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| at.to_string(), |time| time.to_string())
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
fn system() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
