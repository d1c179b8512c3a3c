//! The "Sessions" collection: a person's copies of booked sessions, projections that never count as busy.

use super::listing::WIDER;
use super::objects;
use super::session_rewrite::{stamped_anew, with_own_lines, without_own_lines};
use crate::args;
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

/// Writes or replaces a copy, in two round trips; the alarms and X- lines that its owner's client put in stay. Nothing
/// happens when its bytes are there already, or when the person
/// has no such collection.
///
/// # Errors
/// [`DbError`].
pub async fn write_copy(tx: &mut Tx, locked: &Locked, person: PersonId, copy: &Copy, now: i64) -> Result<(), DbError> {
    let bytes = match bytes_of(tx, person, &copy.uid).await? {
        Some(before) => with_own_lines(copy.bytes.clone(), &before),
        None => copy.bytes.clone(),
    };
    let mut batch = Batch::new();
    let (id, owner, uid) = (batch.arg(new_id()), batch.arg(person), batch.arg(&copy.uid));
    let (name, etag) = (batch.arg(name_of(&copy.uid)), batch.arg(objects::etag(&bytes)));
    let (bytes, starts, ends) = (batch.arg(bytes), batch.arg(copy.starts), batch.arg(copy.ends));
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

/// Puts the alarms and X- lines of what a client sent into the copy, in the place of those it had; no other line. The
/// copy's ETag is another one than before in any case. Nothing happens without a copy.
///
/// # Errors
/// [`DbError`].
pub async fn keep_own_lines(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    uid: &str,
    sent: &[u8],
    now: i64,
) -> Result<(), DbError> {
    let Some(before) = bytes_of(tx, person, uid).await? else { return Ok(()) };
    let bytes = with_own_lines(without_own_lines(&before), sent);
    replace(tx, locked, person, uid, stamped_anew(&bytes, now), now).await
}

/// Gives a copy a new ETag, so that a client which holds another text fetches this one. Nothing happens without a copy.
///
/// # Errors
/// [`DbError`].
pub async fn renew(tx: &mut Tx, locked: &Locked, person: PersonId, uid: &str, now: i64) -> Result<(), DbError> {
    let Some(before) = bytes_of(tx, person, uid).await? else { return Ok(()) };
    replace(tx, locked, person, uid, stamped_anew(&before, now), now).await
}

/// Gives a copy another name, as long as nothing else has it; its tag. `None`: there is no such copy.
///
/// # Errors
/// [`DbError`].
pub async fn name_copy(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    uid: &str,
    name: &str,
    now: i64,
) -> Result<Option<String>, DbError> {
    let found: Option<(i64, i64, String, String, bool)> = tx
        .optional(
            "SELECT o.collection, o.id, o.name, o.etag,
                 EXISTS (SELECT 1 FROM objects x WHERE x.collection = o.collection AND x.name = $3)
             FROM objects o JOIN collections c ON c.id = o.collection
             WHERE c.owner = $1 AND c.kind = 'sessions' AND o.uid = $2",
            args![person, uid, name],
        )
        .await?;
    let Some((collection, id, before, etag, taken)) = found else { return Ok(None) };
    if taken || before == name || name.is_empty() || name.len() > 255 {
        return Ok(Some(etag));
    }
    let mut batch = Batch::new();
    let (collection, id, before, name) = (batch.arg(collection), batch.arg(id), batch.arg(before), batch.arg(name));
    let (version, now) = (batch.arg(locked.version(person)), batch.arg(now));
    batch.push(format!(
        "INSERT INTO tombstones (collection, name, version, deleted) VALUES ({collection}, {before}, {version}, {now})
         ON CONFLICT (collection, name) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
    ));
    batch.push(format!("DELETE FROM tombstones WHERE collection = {collection} AND name = {name}"));
    batch.push(format!("UPDATE objects SET name = {name}, version = {version} WHERE id = {id}"));
    batch.push(format!("UPDATE collections SET version = {version} WHERE id = {collection}"));
    tx.batch(batch).await?;
    Ok(Some(etag))
}

async fn bytes_of(tx: &mut Tx, person: PersonId, uid: &str) -> Result<Option<Vec<u8>>, DbError> {
    let found: Option<(Vec<u8>,)> = tx
        .optional(
            "SELECT o.bytes FROM objects o JOIN collections c ON c.id = o.collection
             WHERE c.owner = $1 AND c.kind = 'sessions' AND o.uid = $2",
            args![person, uid],
        )
        .await?;
    Ok(found.map(|(bytes,)| bytes))
}

async fn replace(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    uid: &str,
    bytes: Vec<u8>,
    now: i64,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let (owner, uid) = (batch.arg(person), batch.arg(uid));
    let (etag, bytes) = (batch.arg(objects::etag(&bytes)), batch.arg(bytes));
    let (version, now) = (batch.arg(locked.version(person)), batch.arg(now));
    let own = format!("owner = {owner} AND kind = 'sessions'");
    batch.push(format!("UPDATE collections SET version = {version} WHERE {own}"));
    batch.push(format!(
        "UPDATE objects SET etag = {etag}, bytes = {bytes}, version = {version}, modified = {now}
         WHERE uid = {uid} AND collection IN (SELECT id FROM collections WHERE {own})"
    ));
    tx.batch(batch).await?;
    Ok(())
}

/// The path segment of a copy, until its owner's client gives it another.
pub fn name_of(uid: &str) -> String {
    let plain: String = uid
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || "-_.@".contains(character) { character } else { '-' })
        .take(200)
        .collect();
    format!("{plain}.ics")
}
