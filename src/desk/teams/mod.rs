//! Teams, their members and their session types: what pages, API and command line change, each in one transaction that
//! is in the audit log with what changed. A change raises the team's version, so that slots and pages follow at once.

mod checks;
mod fate;
mod members;
mod team;
mod types;

pub use fate::{Fate, hosted_ahead};
pub(super) use members::welcome;
pub use members::{AddMember, Membership, SetMember, set_member};
pub use team::{EditTeam, RemoveTeam, SaveTeam};
pub use types::{EditType, RemoveType, SaveSessionType};

use crate::booking::FieldError;
use crate::db::{AsDbError, DbError};
use crate::people::{Person, PersonId};

/// Who changes something; that they may touch the team at all is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// `None`: the command line.
    pub person: Option<PersonId>,
    /// May do what leads may not: make and remove teams, switch them on and off, change their addresses.
    pub admin: bool,
}

impl Actor {
    /// Whoever has the server's command line.
    pub const COMMAND_LINE: Self = Self { person: None, admin: true };
}

impl From<&Person> for Actor {
    fn from(person: &Person) -> Self {
        Self { person: Some(person.id), admin: person.admin }
    }
}

/// Why a team, a session type or a membership stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum TeamRefused {
    /// No such team.
    #[error("there is no team `{0}`; make it first with `openhour team add`")]
    NoTeam(String),
    /// No such session type in the team.
    #[error("the team has no session type `{0}`")]
    NoType(String),
    /// No such member of the team.
    #[error("they are not in this team")]
    NoMember,
    /// Fields that cannot be used.
    #[error("{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// Sessions are kept that belong to it; it can be switched off.
    #[error("sessions belong to it; switch it off instead of removing it")]
    InUse,
    /// Somebody would leave whose sessions ahead are so many; what becomes of them must be said.
    #[error("they have {0} bookings ahead as host; say whether these are cancelled or kept")]
    BookingsAhead(usize),
    /// Sessions were being booked all the while.
    #[error("sessions with them were being booked meanwhile; please try again")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

fn told(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

impl TeamRefused {
    fn field(field: &'static str, message: &str) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }
}

impl AsDbError for TeamRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}
