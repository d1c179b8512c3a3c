//! Whether the database itself is sound: its pages, its references, its guards.

use super::{Conn, Db, DbError};
use crate::args;

/// What keeps a person's holds apart (invariant I1), by the name under which each database lists it.
const GUARDS_SQLITE: &[&str] = &["holds_insert", "holds_update"];
const GUARDS_POSTGRES: &[&str] = &["holds_overlap"];

impl Db {
    /// Everything that is wrong with the database as such, a sentence each.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn check(&self) -> Result<Vec<String>, DbError> {
        let mut conn = self.read().await?;
        let (list, guards) = if self.is_sqlite() {
            ("SELECT name FROM sqlite_master WHERE type = 'trigger'", GUARDS_SQLITE)
        } else {
            ("SELECT conname::text FROM pg_constraint WHERE convalidated", GUARDS_POSTGRES)
        };
        let there: Vec<(String,)> = conn.all(list, args![]).await?;
        let mut wrong: Vec<String> = guards
            .iter()
            .filter(|guard| !there.iter().any(|(name,)| name == *guard))
            .map(|guard| format!("the database's guard {guard} is missing"))
            .collect();
        if self.is_sqlite() {
            wrong.extend(pages(&mut conn).await?);
        }
        Ok(wrong)
    }
}

async fn pages(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let damaged: Vec<(String,)> = conn.all("PRAGMA integrity_check(20)", args![]).await?;
    let mut wrong: Vec<String> = damaged
        .into_iter()
        .filter(|(line,)| line != "ok")
        .map(|(line,)| format!("the file is damaged: {line}"))
        .collect();
    let dangling: Vec<(String, String)> =
        conn.all("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 20", args![]).await?;
    wrong.extend(dangling.into_iter().map(|(table, parent)| format!("a row of {table} points to no row of {parent}")));
    Ok(wrong)
}
