//! The rolling horizon: listings are moved on by the clock, and made anew when what they depend on changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::FromRow;

use super::listing::{self, FRESH, UNLISTED};
use super::relist::{Entry, Relist};
use super::{CollectionId, ObjectId, OfferWords, Setting, setting};
use crate::args;
use crate::db::{Batch, Db, DbError, Tx};
use crate::people::{Locked, PersonId};

/// Objects listed anew in one go.
const BATCH: i64 = 50;

/// Lists a batch of the objects whose listings end soonest up to today's horizon; how many were due. Call it again
/// until that is less than [`is_all`] wants. Answers stay the same: what is not listed is expanded when asked for.
///
/// # Errors
/// [`DbError`].
pub async fn extend(db: &Db, words: &Arc<OfferWords>, now: i64) -> Result<usize, DbError> {
    let mut conn = db.read().await?;
    let due: Vec<Due> = conn
        .all(
            sqlx::AssertSqlSafe(format!(
                "SELECT id, collection, version, bytes, starts, ends FROM objects WHERE indexed_to < $1
                 ORDER BY indexed_to, id LIMIT {BATCH}"
            )),
            args![now + FRESH],
        )
        .await?;
    let collections: Vec<CollectionId> = due.iter().map(|object| object.collection).collect();
    let settings: BTreeMap<CollectionId, Setting> = setting::of(&mut conn, &collections).await?.into_iter().collect();
    drop(conn);
    let count = due.len();
    let words = words.clone();
    let work = move || listed(due, &settings, &words, listing::horizon(now));
    let entries = listing::in_the_background(work).await.unwrap_or_default();
    for (person, entries) in entries {
        db.run(Relist { person, entries, repair: false, now }).await?;
    }
    Ok(count)
}

/// Whether an [`extend`] that met so many objects left none.
pub fn is_all(count: usize) -> bool {
    i64::try_from(count).is_ok_and(|count| count < BATCH)
}

/// Forgets the listings of a person's events: what they depend on (a time zone) has changed. Answers are right at
/// once, [`extend`] makes them quick again. Call it whenever a host's zone, or for hosts without one the team's, changes.
///
/// # Errors
/// [`DbError`].
pub async fn unlist_person(tx: &mut Tx, locked: &Locked, person: PersonId, now: i64) -> Result<(), DbError> {
    unlist(tx, locked, person, None, now).await
}

/// The same for one collection, whose own zone or transparency changed.
///
/// # Errors
/// [`DbError`].
pub async fn unlist_collection(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    collection: CollectionId,
    now: i64,
) -> Result<(), DbError> {
    unlist(tx, locked, person, Some(collection), now).await
}

async fn unlist(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    collection: Option<CollectionId>,
    now: i64,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let owner = batch.arg(person);
    let only = match collection {
        Some(collection) => format!("= {}", batch.arg(collection)),
        None => format!("IN (SELECT id FROM collections WHERE owner = {owner} AND kind <> 'sessions')"),
    };
    batch.push(format!(
        "DELETE FROM occurrences WHERE person = {owner}
             AND object IN (SELECT id FROM objects WHERE collection {only} AND kind = 'VEVENT')"
    ));
    batch.push(format!("UPDATE objects SET indexed_to = {UNLISTED} WHERE collection {only} AND kind = 'VEVENT'"));
    tx.batch(batch).await?;
    locked.touch_slots(tx, &[person], now).await
}

#[derive(FromRow)]
struct Due {
    id: ObjectId,
    collection: CollectionId,
    version: i64,
    bytes: Vec<u8>,
    starts: i64,
    ends: Option<i64>,
}

fn listed(
    due: Vec<Due>,
    settings: &BTreeMap<CollectionId, Setting>,
    words: &OfferWords,
    horizon: i64,
) -> BTreeMap<PersonId, Vec<Entry>> {
    let mut entries: BTreeMap<PersonId, Vec<Entry>> = BTreeMap::new();
    for object in due {
        let Some(setting) = settings.get(&object.collection) else { continue };
        let listing = match listing::parse(object.bytes) {
            Some(parsed) => listing::list(&parsed, setting, words, horizon),
            None => listing::unreadable(object.starts, object.ends, setting, horizon),
        };
        let entry = Entry { object: object.id, version: object.version, setting: setting.clone(), listing };
        entries.entry(setting.person).or_default().push(entry);
    }
    entries
}
