//! What one attempt at a job came to.

/// What a handler says of its attempt; the worker records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Already recorded, in the transaction that carried the job out (or nobody may record it: the lease was lost).
    Recorded,
    /// Carried out.
    Done,
    /// No longer needed.
    Obsolete,
    /// It failed; worth another try.
    Again(String),
    /// Worth another try after so many seconds: whoever was asked said when, or it has a pace of its own.
    AgainIn {
        /// From now, at least 1.
        seconds: i64,
        /// What went wrong.
        reason: String,
    },
    /// It failed and always will.
    Failed(String),
}
