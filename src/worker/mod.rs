//! The worker: carries out queued jobs, and what only the clock causes.
//!
//! Any number of processes may run one each; leases keep them from doing the same job.

mod chores;
#[cfg(test)]
mod proofs;
mod redact;
mod run;

pub use run::run;
