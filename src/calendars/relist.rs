//! Writing an object's rows of the occurrence index.

use super::{Listing, ObjectId, Row};
use crate::args;
use crate::db::{Batch, Command, Conn, DbError, Tx, id_list};
use crate::people::{self, PersonId};

/// Up to so many rows the statement's text depends on their number only, and is kept prepared. More are written as
/// numbers in the text: thousands of placeholders would take SQLite seconds to read.
const PLACEHOLDERS: usize = 500;

/// Adds the statements that make `rows` the rows of an object. Rows keep their place, so that no row is both deleted
/// and inserted.
pub(crate) fn push_rows(batch: &mut Batch, object: &str, person: &str, rows: &[Row]) {
    batch.push(format!("DELETE FROM occurrences WHERE object = {object} AND position >= {}", rows.len()));
    if rows.is_empty() {
        return;
    }
    let literal = rows.len() > PLACEHOLDERS;
    if literal {
        batch.once();
    }
    let mut texts: Vec<(Option<String>, String)> = Vec::new();
    let mut values = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let mut number = |value: i64| if literal { value.to_string() } else { batch.arg(value) };
        let (starts, ends) = (number(row.starts), number(row.ends));
        let (offer, all_day) = (if row.offer { "TRUE" } else { "FALSE" }, if row.all_day { "TRUE" } else { "FALSE" });
        let mut text = |text: &Option<String>| {
            let known = texts.iter().find(|(known, _)| known == text).map(|(_, placeholder)| placeholder.clone());
            known.unwrap_or_else(|| {
                let placeholder = batch.arg(text.clone());
                texts.push((text.clone(), placeholder.clone()));
                placeholder
            })
        };
        let (scope, rules) = (text(&row.scope), text(&row.rules));
        values
            .push(format!("({object}, {person}, {position}, {offer}, {starts}, {ends}, {all_day}, {scope}, {rules})"));
    }
    batch.push(format!(
        "INSERT INTO occurrences (object, person, position, offer, starts, ends, all_day, scope, rules) VALUES {}
         ON CONFLICT (object, position) DO UPDATE SET offer = excluded.offer, starts = excluded.starts,
             ends = excluded.ends, all_day = excluded.all_day, scope = excluded.scope,
             rules = excluded.rules",
        values.join(", ")
    ));
}

/// Rows as stored.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn rows_of(conn: &mut Conn, object: ObjectId) -> Result<Vec<Row>, DbError> {
    conn.all(
        "SELECT starts, ends, offer, all_day, scope, rules FROM occurrences WHERE object = $1 ORDER BY position",
        args![object],
    )
    .await
}

/// Replaces the listings of some of one person's objects. Objects that changed since are left alone.
pub(super) struct Relist {
    pub(super) person: PersonId,
    pub(super) entries: Vec<Entry>,
    /// What the index answered before was wrong: slots have to be made anew.
    pub(super) repair: bool,
    pub(super) now: i64,
}

pub(super) struct Entry {
    pub(super) object: ObjectId,
    /// The object's version and setting that the listing was made from.
    pub(super) version: i64,
    pub(super) setting: super::Setting,
    pub(super) listing: Listing,
}

impl Command for Relist {
    type Output = usize;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<usize, DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        let ids: Vec<ObjectId> = self.entries.iter().map(|entry| entry.object).collect();
        let sql = format!("SELECT id, version, collection FROM objects WHERE id IN ({})", id_list(&ids));
        let current: Vec<(i64, i64, i64)> = tx.all(sqlx::AssertSqlSafe(sql), args![]).await?;
        let collections: Vec<i64> = current.iter().map(|row| row.2).collect();
        let settings = super::setting::of(tx, &collections).await?;
        let mut written = 0;
        for entry in &self.entries {
            let same = current.iter().any(|(id, version, collection)| {
                *id == entry.object
                    && *version == entry.version
                    && settings.iter().any(|(id, setting)| id == collection && *setting == entry.setting)
            });
            if same {
                tx.batch(entry.statements(self.person)).await?;
                written += 1;
            }
        }
        if self.repair && written > 0 {
            locked.touch_slots(tx, &[self.person], self.now).await?;
        }
        Ok(written)
    }
}

impl Entry {
    fn statements(&self, person: PersonId) -> Batch {
        let mut batch = Batch::new();
        let (object, person) = (batch.arg(self.object), batch.arg(person));
        let (starts, ends) = (batch.arg(self.listing.starts), batch.arg(self.listing.ends));
        let (recurring, to) = (batch.arg(self.listing.recurring), batch.arg(self.listing.indexed_to));
        batch.push(format!(
            "UPDATE objects SET starts = {starts}, ends = {ends}, recurring = {recurring}, indexed_to = {to}
             WHERE id = {object}"
        ));
        push_rows(&mut batch, &object, &person, &self.listing.rows);
        batch
    }
}
