//! A person's calendar objects, all of them, for the copy of their data.

use sqlx::FromRow;

use crate::args;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

/// One object of one calendar.
#[derive(Debug, Clone, FromRow)]
pub struct Copied {
    /// The calendar's name in addresses.
    pub calendar: String,
    /// The object's name.
    pub name: String,
    /// As it is stored.
    pub bytes: Vec<u8>,
}

/// All objects of a person; `None`: more than so many bytes.
///
/// # Errors
/// [`DbError`].
pub async fn objects(conn: &mut Conn, person: PersonId, largest: i64) -> Result<Option<Vec<Copied>>, DbError> {
    let (size,): (i64,) = conn
        .one(
            "SELECT CAST(COALESCE(SUM(LENGTH(o.bytes)), 0) AS BIGINT) FROM objects o
             JOIN collections c ON c.id = o.collection WHERE c.owner = $1",
            args![person],
        )
        .await?;
    if size > largest {
        return Ok(None);
    }
    let sql = "SELECT c.name AS calendar, o.name, o.bytes FROM objects o JOIN collections c ON c.id = o.collection
               WHERE c.owner = $1 ORDER BY c.name, o.name";
    conn.all(sql, args![person]).await.map(Some)
}
