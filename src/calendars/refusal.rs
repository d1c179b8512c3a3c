//! Why a write to calendars is not carried out.

use caldav::precondition::Precondition;
use caldav::store::StoreError;

use crate::db::{AsDbError, DbError};

/// Namespace of our own preconditions in `DAV:error`. It names them and leads nowhere; clients may rely on it.
pub const NAMESPACE: &str = "urn:openhour:ns";

/// Why a command on calendars changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// What the protocol answers.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the command was prepared from has changed since: prepare it again.
    #[error("the calendar's settings changed meanwhile")]
    Outdated,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for Refusal {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Refusal::Db(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error,
            Refusal::Outdated => StoreError::Busy,
            Refusal::Db(error) => StoreError::Failed(Box::new(error)),
        }
    }
}

/// A refusal of our own, with a sentence for people.
pub(super) fn refused(local: &str, text: &str) -> Refusal {
    StoreError::Refused(Precondition::Host { namespace: NAMESPACE.into(), local: local.into(), text: text.into() })
        .into()
}

/// The calendar is full.
pub fn too_many_objects(most: i64) -> Refusal {
    refused("calendar-full", &format!("This calendar holds {most} entries already; please take another."))
}
