//! The audit log: who changed what about people, teams and the server. Lines are only ever added, in the transaction of
//! the change itself; there is no function that alters or removes one.
//!
//! Keys, not names: what is erased elsewhere is not kept here.

use serde_json::{Value, json};
use sqlx::FromRow;

use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError, Tx, new_id};

/// Characters of a detail.
const LONGEST: usize = 500;

/// One change to be recorded.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Key of the person who acts; `None`: the command line or the server itself.
    pub actor: Option<i64>,
    /// Two words: `person banned`.
    pub action: &'static str,
    /// Key of whom or what it is about.
    pub object: Option<i64>,
    /// More about it, without secrets and personal data.
    pub detail: &'a str,
}

/// Adds a line.
///
/// # Errors
/// [`DbError`].
pub async fn write(tx: &mut Tx, entry: &Entry<'_>, now: i64) -> Result<(), DbError> {
    let detail: String = entry.detail.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    tx.execute(
        "INSERT INTO audit_log (id, at, actor, action, object, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        args![new_id(), now, entry.actor, entry.action, entry.object, detail],
    )
    .await?;
    Ok(())
}

/// A line as an administrator reads it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Names it.
    pub id: i64,
    /// UTC seconds.
    pub at: i64,
    /// Key of who acted.
    pub actor_id: Option<i64>,
    /// Key of the person, team or whatever it is about.
    pub object_id: Option<i64>,
    /// Name of who acted; `None`: the command line or the server itself.
    pub actor: Option<String>,
    /// What was done.
    pub action: String,
    /// Name of the person or team it is about, else its key.
    pub object: Option<String>,
    /// More about it.
    pub detail: String,
}

/// The newest lines, newest first; of those older than the line `before`.
///
/// # Errors
/// [`DbError`].
pub async fn newest(conn: &mut Conn, before: Option<i64>, limit: i64) -> Result<Vec<Line>, DbError> {
    conn.all(
        "SELECT a.id, a.at, a.actor AS actor_id, a.object AS object_id, who.name AS actor, a.action,
                COALESCE(p.name, t.name, CAST(a.object AS TEXT)) AS object, a.detail
         FROM (SELECT * FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2) a
         LEFT JOIN people who ON who.id = a.actor
         LEFT JOIN people p ON p.id = a.object
         LEFT JOIN teams t ON t.id = a.object
         ORDER BY a.id DESC",
        args![before.unwrap_or(i64::MAX), limit],
    )
    .await
}

/// What a person did, and what was done to them, for the copy of their data. Others are not named.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, person: i64) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(i64, bool, String, String)> = conn
        .all(
            "SELECT at, COALESCE(actor = $1, FALSE), action, detail FROM audit_log WHERE actor = $1 OR object = $1
             ORDER BY id",
            args![person],
        )
        .await?;
    let write = |(at, own, action, detail): (i64, bool, String, String)| json!({"at": rfc3339(at), "by_yourself": own, "action": action, "detail": detail});
    Ok(rows.into_iter().map(write).collect())
}
