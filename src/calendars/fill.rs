//! Filling a calendar whose contents come from elsewhere: what was read there in, what is not there any more out. What
//! stays the same is not written.

use std::collections::HashMap;

use caldav::ical::object::CalendarObject;
use caldav::ical::zone::Zone;
use sqlx::{AssertSqlSafe, FromRow};

use super::relist::{push_rows, rows_of};
use super::{CollectionId, Listing, ObjectId, Setting, horizon, listing, setting};
use crate::args;
use crate::db::{Batch, Conn, DbError, Tx, Value, new_id, placeholders};
use crate::people::{Locked, PersonId};

/// Names in one IN list.
const NAMES: usize = 500;

/// An object that is to stand in the calendar, listed already.
pub struct Put {
    /// Path segment.
    pub name: String,
    /// What is to stand there.
    pub object: CalendarObject,
    /// Its entity tag.
    pub etag: String,
    /// Its rows of the occurrence index, made from the [`Setting`] of the calendar.
    pub listing: Listing,
}

/// The calendar as it is.
pub struct State {
    /// What listings depend on.
    pub setting: Setting,
    /// Tag and end of the listing, by name.
    pub members: HashMap<String, (String, Option<i64>)>,
    /// Rows of the occurrence index that they have.
    pub rows: usize,
}

/// Reads the calendar; `None`: it is gone.
///
/// # Errors
/// [`DbError`].
pub async fn state(conn: &mut Conn, collection: CollectionId) -> Result<Option<State>, DbError> {
    let Some((_, setting)) = setting::of(conn, &[collection]).await?.pop() else { return Ok(None) };
    let rows: Vec<(String, String, Option<i64>)> =
        conn.all("SELECT name, etag, indexed_to FROM objects WHERE collection = $1", args![collection]).await?;
    let (listed,): (i64,) = conn
        .one(
            "SELECT COUNT(*) FROM occurrences WHERE object IN (SELECT id FROM objects WHERE collection = $1)",
            args![collection],
        )
        .await?;
    let members = rows.into_iter().map(|(name, etag, to)| (name, (etag, to))).collect();
    Ok(Some(State { setting, members, rows: usize::try_from(listed).unwrap_or(usize::MAX) }))
}

/// Adds a calendar that is read from an address elsewhere.
///
/// # Errors
/// [`DbError`].
pub async fn create(
    tx: &mut Tx,
    locked: &Locked,
    owner: PersonId,
    title: &str,
    now: i64,
) -> Result<CollectionId, DbError> {
    let id = new_id();
    tx.execute(
        "INSERT INTO collections (id, owner, name, kind, display_name, version, oldest, created)
         VALUES ($1, $2, $3, 'address', $4, $5, $5, $6)",
        args![id, owner, format!("address-{id}"), title, locked.version(owner), now],
    )
    .await?;
    Ok(id)
}

/// Deletes one of a person's calendars that are read from elsewhere, or all of them (`None`), with all that is in them.
///
/// # Errors
/// [`DbError`].
pub async fn delete(
    tx: &mut Tx,
    locked: &Locked,
    owner: PersonId,
    only: Option<CollectionId>,
    now: i64,
) -> Result<u64, DbError> {
    let gone = tx
        .execute(
            "DELETE FROM collections WHERE owner = $1 AND kind = 'address' AND ($2 IS NULL OR id = $2)",
            args![owner, only],
        )
        .await?;
    if gone > 0 {
        locked.touch_slots(tx, &[owner], now).await?;
    }
    Ok(gone)
}

/// Whether the calendar's own zone is this one.
pub fn has_zone(setting: &Setting, zone: &Zone) -> bool {
    setting.calendar_zone.as_deref() == Some(zone_text(zone).as_str())
}

fn zone_text(zone: &Zone) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Openhour//EN\r\nBEGIN:VTIMEZONE\r\nTZID:{}\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n",
        zone.name()
    )
}

/// Sets the zone in which whole days are read where the owner has none of their own; `true`: it was another.
///
/// # Errors
/// [`DbError`].
pub async fn set_zone(
    tx: &mut Tx,
    locked: &Locked,
    owner: PersonId,
    collection: CollectionId,
    zone: &Zone,
    now: i64,
) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE collections SET timezone = $2, version = $3 WHERE id = $1 AND (timezone IS NULL OR timezone <> $2)",
            args![collection, zone_text(zone), locked.version(owner)],
        )
        .await?;
    if changed > 0 {
        horizon::unlist_collection(tx, locked, owner, collection, now).await?;
    }
    Ok(changed > 0)
}

#[derive(FromRow)]
struct Before {
    id: ObjectId,
    name: String,
    indexed_to: Option<i64>,
}

/// Writes objects, new or changed. `false`: the calendar is gone or its setting is another than the one they were listed
/// with; nothing was written.
///
/// # Errors
/// [`DbError`].
pub async fn put(
    tx: &mut Tx,
    locked: &Locked,
    collection: CollectionId,
    setting: &Setting,
    puts: &[Put],
    now: i64,
) -> Result<bool, DbError> {
    if setting::of(tx, &[collection]).await?.first().map(|(_, setting)| setting) != Some(setting) {
        return Ok(false);
    }
    let owner = setting.person;
    let mut touched = false;
    for some in puts.chunks(NAMES) {
        let sql = format!(
            "SELECT id, name, indexed_to FROM objects WHERE collection = $1 AND name IN ({})",
            placeholders(2, some.len())
        );
        let mut values = args![collection];
        values.extend(some.iter().map(|put| Value::from(&put.name)));
        let before: Vec<Before> = tx.all(AssertSqlSafe(sql), values).await?;
        let before: HashMap<&str, &Before> = before.iter().map(|one| (one.name.as_str(), one)).collect();
        for put in some {
            let before = before.get(put.name.as_str()).copied();
            let rows = match before {
                Some(before) => rows_of(tx, before.id).await?,
                None => Vec::new(),
            };
            let relist = rows != put.listing.rows || before.is_some_and(|one| !listing::is_listed(one.indexed_to));
            touched |= relist;
            let id = before.map_or_else(new_id, |before| before.id);
            tx.batch(statements(put, id, collection, owner, locked.version(owner), relist, now)).await?;
        }
    }
    if !puts.is_empty() {
        raise(tx, locked, owner, collection).await?;
    }
    if touched {
        locked.touch_slots(tx, &[owner], now).await?;
    }
    Ok(true)
}

fn statements(
    put: &Put,
    id: ObjectId,
    collection: CollectionId,
    owner: PersonId,
    version: i64,
    relist: bool,
    now: i64,
) -> Batch {
    let Put { name, object, etag, listing } = put;
    let mut batch = Batch::new();
    let (id, collection, owner) = (batch.arg(id), batch.arg(collection), batch.arg(owner));
    let (name, uid, kind) = (batch.arg(name), batch.arg(object.uid()), batch.arg(object.kind().name()));
    let (etag, bytes) = (batch.arg(etag), batch.arg(object.bytes().to_vec()));
    let (starts, ends) = (batch.arg(listing.starts), batch.arg(listing.ends));
    let (recurring, to) = (batch.arg(listing.recurring), batch.arg(listing.indexed_to));
    let (version, now) = (batch.arg(version), batch.arg(now));
    batch.push(format!(
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, indexed_to,
             version, created, modified)
         VALUES ({id}, {collection}, {name}, {uid}, {kind}, {etag}, {bytes}, {starts}, {ends}, {recurring}, {to},
             {version}, {now}, {now})
         ON CONFLICT (id) DO UPDATE SET uid = excluded.uid, etag = excluded.etag, bytes = excluded.bytes,
             starts = excluded.starts, ends = excluded.ends, recurring = excluded.recurring,
             indexed_to = excluded.indexed_to, version = excluded.version, modified = excluded.modified"
    ));
    batch.push(format!("DELETE FROM tombstones WHERE collection = {collection} AND name = {name}"));
    if relist {
        push_rows(&mut batch, &id, &owner, &listing.rows);
    }
    batch
}

/// Takes objects out by their names.
///
/// # Errors
/// [`DbError`].
pub async fn remove(
    tx: &mut Tx,
    locked: &Locked,
    owner: PersonId,
    collection: CollectionId,
    names: &[String],
    now: i64,
) -> Result<(), DbError> {
    for some in names.chunks(NAMES) {
        let mut batch = Batch::new();
        let (collection, version, now) = (batch.arg(collection), batch.arg(locked.version(owner)), batch.arg(now));
        let list = some.iter().map(|name| batch.arg(name)).collect::<Vec<_>>().join(", ");
        batch.push(format!(
            "INSERT INTO tombstones (collection, name, version, deleted)
             SELECT collection, name, {version}, {now} FROM objects WHERE collection = {collection} AND name IN ({list})
             ON CONFLICT (collection, name) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
        ));
        batch.push(format!("DELETE FROM objects WHERE collection = {collection} AND name IN ({list})"));
        tx.batch(batch).await?;
    }
    if !names.is_empty() {
        raise(tx, locked, owner, collection).await?;
        locked.touch_slots(tx, &[owner], now).await?;
    }
    Ok(())
}

async fn raise(tx: &mut Tx, locked: &Locked, owner: PersonId, collection: CollectionId) -> Result<(), DbError> {
    tx.execute("UPDATE collections SET version = $2 WHERE id = $1", args![collection, locked.version(owner)]).await?;
    Ok(())
}
