//! Calendar objects as they are kept: reading them by name, by page, by what an index can say.

use bytes::Bytes;
use caldav::ical::object::ComponentKind;
use caldav::store::{Candidates, Member, Page};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, FromRow};

use super::{CollectionId, ObjectId};
use crate::args;
use crate::db::{Conn, DbError, Value, id_list, placeholders};
use crate::people::PersonId;

/// Objects one collection may hold.
pub const MOST: i64 = 20_000;
/// Names in one IN list.
const NAMES: usize = 500;
/// Members of one page at most.
const PAGE: usize = 1_000;

pub(super) const COLUMNS: &str = "name, etag, uid, kind, CAST(LENGTH(bytes) AS BIGINT) AS size, modified";

/// The strong entity tag of these bytes, without quotes.
pub fn etag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    HEXLOWER.encode(digest.get(..16).unwrap_or(&digest))
}

/// One object with its bytes.
///
/// # Errors
/// [`DbError`].
pub async fn by_name(conn: &mut Conn, collection: CollectionId, name: &str) -> Result<Option<Member>, DbError> {
    let sql = format!("SELECT {COLUMNS}, bytes FROM objects WHERE collection = $1 AND name = $2");
    let row: Option<Stored> = conn.optional(AssertSqlSafe(sql), args![collection, name]).await?;
    Ok(row.and_then(Stored::read))
}

/// The objects of these names that exist, with their bytes.
///
/// # Errors
/// [`DbError`].
pub async fn by_names(conn: &mut Conn, collection: CollectionId, names: &[String]) -> Result<Vec<Member>, DbError> {
    let mut members = Vec::new();
    for names in names.chunks(NAMES) {
        let sql = format!(
            "SELECT {COLUMNS}, bytes FROM objects WHERE collection = $1 AND name IN ({})",
            placeholders(2, names.len())
        );
        let mut values = args![collection];
        values.extend(names.iter().map(Value::from));
        let rows: Vec<Stored> = conn.all(AssertSqlSafe(sql), values).await?;
        members.extend(rows.into_iter().filter_map(Stored::read));
    }
    Ok(members)
}

/// A page of the objects that could match, in the order of their names.
///
/// # Errors
/// [`DbError`].
pub async fn page(
    conn: &mut Conn,
    collection: CollectionId,
    wanted: &Candidates,
    after: Option<&str>,
    limit: usize,
    with_bytes: bool,
) -> Result<Page, DbError> {
    let limit = limit.clamp(1, PAGE);
    let mut sql =
        format!("SELECT {COLUMNS}{} FROM objects WHERE collection = $1", if with_bytes { ", bytes" } else { "" });
    let mut values = args![collection];
    let mut also = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(after) = after {
        also(" AND name > ?", after.into());
    }
    if let Some(kind) = wanted.kind {
        also(" AND kind = ?", kind.name().into());
    }
    if let Some(uid) = &wanted.uid {
        also(" AND uid = ?", uid.into());
    }
    if let Some((from, to)) = wanted.range {
        also(" AND starts < ?", to.into());
        also(" AND (ends IS NULL OR ends > ?)", from.into());
    }
    sql.push_str(&format!(" ORDER BY name LIMIT {}", limit + 1));
    let mut rows: Vec<Stored> = conn.all(AssertSqlSafe(sql), values).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.name.clone());
    Ok(Page { members: rows.into_iter().filter_map(Stored::read).collect(), next })
}

/// An object with the calendar it stands in.
#[derive(Debug, Clone, FromRow)]
pub struct Placed {
    /// Key.
    pub id: ObjectId,
    /// Key of the calendar.
    pub collection: CollectionId,
    /// Its path segment.
    pub calendar: String,
    /// See [`super::Kind::word`].
    pub kind: String,
    /// What its owner calls it.
    pub title: Option<String>,
    /// Path segment of the object.
    pub name: String,
    /// Entity tag.
    pub etag: String,
    /// As stored.
    pub bytes: Vec<u8>,
}

const PLACED: &str =
    "SELECT ob.id, c.id AS collection, c.name AS calendar, c.kind, c.display_name AS title, ob.name, ob.etag, ob.bytes
    FROM objects ob JOIN collections c ON c.id = ob.collection";

/// Objects of a person by their keys, in the order of these.
///
/// # Errors
/// [`DbError`].
pub async fn placed(conn: &mut Conn, owner: PersonId, ids: &[ObjectId]) -> Result<Vec<Placed>, DbError> {
    let sql = format!("{PLACED} WHERE c.owner = $1 AND ob.id IN ({}) ORDER BY ob.id", id_list(ids));
    conn.all(AssertSqlSafe(sql), args![owner]).await
}

/// Objects of one of a person's calendars whose names begin so and that end after an instant (UTC seconds), by start; 200
/// at most.
///
/// # Errors
/// [`DbError`].
pub async fn named(
    conn: &mut Conn,
    owner: PersonId,
    calendar: &str,
    begins: &str,
    after: i64,
) -> Result<Vec<Placed>, DbError> {
    let sql = format!(
        "{PLACED} WHERE c.owner = $1 AND c.name = $2 AND ob.name LIKE $3 AND (ob.ends IS NULL OR ob.ends > $4)
         ORDER BY ob.starts, ob.id LIMIT 200"
    );
    conn.all(AssertSqlSafe(sql), args![owner, calendar, format!("{begins}%"), after]).await
}

/// A row of [`COLUMNS`], perhaps with bytes.
#[derive(Debug, FromRow)]
pub(super) struct Stored {
    pub(super) name: String,
    etag: String,
    uid: String,
    kind: String,
    size: i64,
    modified: i64,
    #[sqlx(default)]
    bytes: Option<Vec<u8>>,
}

impl Stored {
    /// `None`: of a kind that this program does not know.
    pub(super) fn read(self) -> Option<Member> {
        Some(Member {
            kind: ComponentKind::from_name(&self.kind)?,
            name: self.name,
            etag: self.etag,
            uid: self.uid,
            size: self.size,
            modified: self.modified,
            bytes: self.bytes.map(Bytes::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_have_equal_tags_and_others_do_not() {
        assert_eq!(etag(b"a"), etag(b"a"));
        assert_ne!(etag(b"a"), etag(b"b"));
        assert_eq!(etag(b"").len(), 32);
    }
}
