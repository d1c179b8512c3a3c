//! The "Sessions" collection: a person's copies of booked sessions, projections that never count as busy.

use super::listing::WIDER;
use super::objects;
use crate::db::{Batch, DbError, Tx, new_id};
use crate::people::{Locked, PersonId};

/// One booked session as its host's or guest's calendar shows it: no ORGANIZER, no ATTENDEE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// UID of the event.
    pub uid: String,
    /// The calendar object.
    pub bytes: Vec<u8>,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
}

/// Writes or replaces a copy, in one round trip. Nothing happens when its bytes are there already, or when the person
/// has no such collection.
///
/// # Errors
/// [`DbError`].
pub async fn write_copy(tx: &mut Tx, locked: &Locked, person: PersonId, copy: &Copy, now: i64) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let (id, owner, uid) = (batch.arg(new_id()), batch.arg(person), batch.arg(&copy.uid));
    let (name, etag) = (batch.arg(name_of(&copy.uid)), batch.arg(objects::etag(&copy.bytes)));
    let (bytes, starts, ends) = (batch.arg(copy.bytes.clone()), batch.arg(copy.starts), batch.arg(copy.ends));
    let (version, now) = (batch.arg(locked.version(person)), batch.arg(now));
    let own = format!("owner = {owner} AND kind = 'sessions'");
    let changed = format!(
        "NOT EXISTS (SELECT 1 FROM objects o WHERE o.collection = collections.id AND o.uid = {uid} AND o.etag = {etag})"
    );
    // First, while the old copy can still be compared with.
    batch.push(format!("UPDATE collections SET version = {version} WHERE {own} AND {changed}"));
    batch.push(format!(
        "DELETE FROM tombstones WHERE name = {name} AND collection IN (SELECT id FROM collections WHERE {own})"
    ));
    batch.push(format!(
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, version, created, modified)
         SELECT {id}, id, {name}, {uid}, 'VEVENT', {etag}, {bytes}, {starts} - {WIDER}, {ends} + {WIDER}, FALSE, {version}, {now}, {now}
         FROM collections WHERE {own}
         ON CONFLICT (collection, uid) DO UPDATE SET etag = excluded.etag, bytes = excluded.bytes,
             starts = excluded.starts, ends = excluded.ends, version = excluded.version, modified = excluded.modified
         WHERE objects.etag <> excluded.etag"
    ));
    tx.batch(batch).await?;
    Ok(())
}

/// Removes a copy; clients hear of it at their next sync.
///
/// # Errors
/// [`DbError`].
pub async fn remove_copy(tx: &mut Tx, locked: &Locked, person: PersonId, uid: &str, now: i64) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let (owner, uid) = (batch.arg(person), batch.arg(uid));
    let (version, now) = (batch.arg(locked.version(person)), batch.arg(now));
    let own = format!("owner = {owner} AND kind = 'sessions'");
    batch.push(format!(
        "INSERT INTO tombstones (collection, name, version, deleted)
         SELECT collection, name, {version}, {now} FROM objects
         WHERE uid = {uid} AND collection IN (SELECT id FROM collections WHERE {own})
         ON CONFLICT (collection, name) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
    ));
    batch.push(format!(
        "UPDATE collections SET version = {version}
         WHERE {own} AND EXISTS (SELECT 1 FROM objects o WHERE o.collection = collections.id AND o.uid = {uid})"
    ));
    batch.push(format!(
        "DELETE FROM objects WHERE uid = {uid} AND collection IN (SELECT id FROM collections WHERE {own})"
    ));
    tx.batch(batch).await?;
    Ok(())
}

/// The path segment of a copy.
fn name_of(uid: &str) -> String {
    let plain: String = uid
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || "-_.@".contains(character) { character } else { '-' })
        .take(200)
        .collect();
    format!("{plain}.ics")
}
