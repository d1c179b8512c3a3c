//! The durable queue of everything that leaves the server (invariant I3).
//!
//! A job is a row written in the transaction that caused it. Workers of any process lease rows, carry them out and
//! record the outcome; a crash anywhere leaves a row whose lease runs out, so somebody else takes it. Jobs of one lane
//! run one after the other; a job may also wait for the end of one other job. Carrying a job out twice must be
//! harmless: the queue promises at least once.

mod attempt;
mod backoff;
pub mod check;
mod enqueue;
mod finish;
mod lease;
mod purge;
mod withdraw;

pub use attempt::Attempt;
pub use backoff::pause;
pub use enqueue::{NewJob, enqueue, enqueue_all};
pub use finish::{Finish, Outcome, Postpone, PostponeBy, Settled, finish, postpone, postpone_by};
pub use lease::{Job, LEASE, Lease, next_due, runnable};
pub use purge::{KEEP_FAILED, KEEP_FINISHED, Purge};
pub use withdraw::withdraw;

/// Identifies a job.
pub type JobId = i64;

#[cfg(test)]
mod contract;
