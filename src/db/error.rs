//! What a database can answer instead of rows.

/// A failure of the database or of a constraint in it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The driver's error.
    #[error("database: {0}")]
    Sqlx(#[from] sqlx::Error),
    /// The writer has stopped: the server is shutting down.
    #[error("the database is closed")]
    Closed,
    /// Stored data makes no sense; `openhour check` tells more.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The database is newer than this program, or not ours.
    #[error("{0}")]
    Schema(String),
}

impl DbError {
    /// A UNIQUE constraint refused the row.
    pub fn is_unique_violation(&self) -> bool {
        self.database().is_some_and(|error| error.is_unique_violation())
    }

    /// The guard of `holds` refused an overlap (invariant I1).
    pub fn is_overlap(&self) -> bool {
        self.database().is_some_and(|error| {
            error.code().is_some_and(|code| code == "23P01") || error.message().contains("holds overlap")
        })
    }

    /// Serialisation failure, deadlock or a busy database: the same command may succeed when run again.
    pub fn is_retryable(&self) -> bool {
        self.database()
            .and_then(|error| error.code().map(|code| code.into_owned()))
            .is_some_and(|code| matches!(code.as_str(), "40001" | "40P01" | "5" | "517" | "261"))
    }

    fn database(&self) -> Option<&dyn sqlx::error::DatabaseError> {
        match self {
            DbError::Sqlx(sqlx::Error::Database(error)) => Some(error.as_ref()),
            _ => None,
        }
    }
}
