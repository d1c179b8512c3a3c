//! The calendars that somebody lends by address, for the copy of their data. The address is a credential: it is not in it.

use serde_json::{Value, json};

use super::of_person;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

/// Each with its server and how reading it goes.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let write = |source: &super::Source| {
        json!({
            "server": source.host,
            "offers_time": source.offers,
            "added": rfc3339(source.created),
            "read": source.succeeded.map(rfc3339),
            "tried": source.tried.map(rfc3339),
            "failing_since": source.failing_since.map(rfc3339),
            "offers_read": source.offers_read,
            "busy_read": source.busy_read,
        })
    };
    Ok(of_person(conn, person).await?.iter().map(write).collect())
}
