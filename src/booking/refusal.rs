//! Why a booking cannot be made or changed.

use std::borrow::Cow;

use crate::availability::PooledSlot;
use crate::db::{AsDbError, DbError};

/// One field of a request that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path in the API's words: `guest.email`, `answers.Which language?`.
    pub field: Cow<'static, str>,
    /// What to do about it, for people.
    pub message: String,
}

/// A reason, with the nearest other slots where they help.
#[derive(Debug)]
pub enum Refusal {
    /// Somebody else has it, or its host is busy then.
    SlotTaken {
        /// The three nearest open slots.
        alternatives: Vec<PooledSlot>,
    },
    /// Nearer than the notice allows, or over.
    TooLate {
        /// The three nearest open slots.
        alternatives: Vec<PooledSlot>,
    },
    /// It has not begun yet.
    TooEarly,
    /// Nobody offers that start.
    NotOffered {
        /// The three nearest open slots.
        alternatives: Vec<PooledSlot>,
    },
    /// A cap of the host's or the team's day or week is reached.
    LimitReached {
        /// The three nearest open slots.
        alternatives: Vec<PooledSlot>,
    },
    /// The guest has something else with us then, or is the host.
    AlreadyBooked {
        /// The three nearest open slots.
        alternatives: Vec<PooledSlot>,
    },
    /// This person may not do that.
    NotAllowed,
    /// Fields that cannot be used.
    Invalid(Vec<FieldError>),
    /// Too many from there.
    RateLimited {
        /// Seconds until the next try may succeed.
        retry_after: i64,
    },
    /// The Idempotency-Key came before with another request.
    KeyReused,
    /// No such booking, or not this person's.
    NotFound,
    /// The database failed.
    Db(DbError),
}

impl Refusal {
    /// The API's problem code; `internal` for the database's failures.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::SlotTaken { .. } => "slot-taken",
            Refusal::TooLate { .. } => "too-late",
            Refusal::TooEarly => "too-early",
            Refusal::NotOffered { .. } => "not-offered",
            Refusal::LimitReached { .. } => "limit-reached",
            Refusal::AlreadyBooked { .. } => "already-booked",
            Refusal::NotAllowed => "not-allowed",
            Refusal::Invalid(_) => "invalid",
            Refusal::RateLimited { .. } => "rate-limited",
            Refusal::KeyReused => "key-reused",
            Refusal::NotFound => "not-found",
            Refusal::Db(_) => "internal",
        }
    }

    /// One sentence for people.
    pub fn message(&self) -> &'static str {
        match self {
            Refusal::SlotTaken { .. } => "Somebody just took this time. These are close by:",
            Refusal::TooLate { .. } => "This time is too near to be booked or changed now.",
            Refusal::TooEarly => "The session has not begun yet.",
            Refusal::NotOffered { .. } => "This time is not open any more.",
            Refusal::LimitReached { .. } => "No more sessions fit on that day.",
            Refusal::AlreadyBooked { .. } => "You already have a session at that time.",
            Refusal::NotAllowed => "This team's sessions are not open to you.",
            Refusal::Invalid(_) => "A few fields need another look.",
            Refusal::RateLimited { .. } => "That was a lot at once. Please try again a little later.",
            Refusal::KeyReused => "This Idempotency-Key was used for another request.",
            Refusal::NotFound => "There is no such booking.",
            Refusal::Db(_) => "Something went wrong on our side. Please try again.",
        }
    }

    /// The nearest other slots, where the reason carries some.
    pub fn alternatives(&self) -> &[PooledSlot] {
        match self {
            Refusal::SlotTaken { alternatives }
            | Refusal::TooLate { alternatives }
            | Refusal::NotOffered { alternatives }
            | Refusal::LimitReached { alternatives }
            | Refusal::AlreadyBooked { alternatives } => alternatives,
            _ => &[],
        }
    }

    /// Where to put the nearest other slots, if this reason carries some.
    pub fn alternatives_mut(&mut self) -> Option<&mut Vec<PooledSlot>> {
        match self {
            Refusal::SlotTaken { alternatives }
            | Refusal::TooLate { alternatives }
            | Refusal::NotOffered { alternatives }
            | Refusal::LimitReached { alternatives }
            | Refusal::AlreadyBooked { alternatives } => Some(alternatives),
            _ => None,
        }
    }

    pub(crate) fn slot_taken() -> Self {
        Refusal::SlotTaken { alternatives: Vec::new() }
    }

    pub(crate) fn too_late() -> Self {
        Refusal::TooLate { alternatives: Vec::new() }
    }

    pub(crate) fn already_booked() -> Self {
        Refusal::AlreadyBooked { alternatives: Vec::new() }
    }

    pub(crate) fn not_offered() -> Self {
        Refusal::NotOffered { alternatives: Vec::new() }
    }

    pub(crate) fn limit_reached() -> Self {
        Refusal::LimitReached { alternatives: Vec::new() }
    }
}

impl From<DbError> for Refusal {
    /// The database's guard against overlaps is the last word on a slot.
    fn from(error: DbError) -> Self {
        if error.is_overlap() { Refusal::slot_taken() } else { Refusal::Db(error) }
    }
}

impl AsDbError for Refusal {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Refusal::Db(error) => Some(error),
            _ => None,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Db(error) => write!(formatter, "{error}"),
            _ => formatter.write_str(self.code()),
        }
    }
}

impl std::error::Error for Refusal {}
