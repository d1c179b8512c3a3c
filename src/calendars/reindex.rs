//! Rebuilding the occurrence index from the objects, and telling where it differed.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, FromRow};

use super::listing::{self, FAR, UNLISTED};
use super::relist::{Entry, Relist};
use super::{CollectionId, Listing, ObjectId, OfferWords, Row, Setting, setting};
use crate::args;
use crate::db::{Command, Conn, Db, DbError, Tx, id_list};
use crate::people::PersonId;

/// Objects read at once.
const CHUNK: i64 = 50;

/// Objects named in a report.
const MOST_NAMED: usize = 1_000;

/// What a rebuild met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects looked at.
    pub objects: usize,
    /// Objects whose rows were wrong.
    pub changed: usize,
    /// The first thousand of them, as `email/collection/name`.
    pub differed: Vec<String>,
}

/// Rebuilds every listing, beside a running server. Rows that are right stay as they are.
///
/// # Errors
/// [`DbError`].
pub async fn run(db: &Db, words: &Arc<OfferWords>, now: i64) -> Result<Report, DbError> {
    let mut report = Report::default();
    let mut after = i64::MIN;
    loop {
        let mut conn = db.read().await?;
        let chunk = rebuilt(&mut conn, words, after, now).await?;
        drop(conn);
        let Some(last) = chunk.last() else { return Ok(report) };
        after = last.object;
        report.objects += chunk.len();
        let mut wrong: BTreeMap<PersonId, Vec<Entry>> = BTreeMap::new();
        for Rebuilt { object, version, setting, stored, fresh, place } in chunk {
            if stored != fresh {
                report.changed += 1;
                if report.differed.len() < MOST_NAMED {
                    report.differed.push(place);
                }
                let entry = Entry { object, version, setting: setting.clone(), listing: fresh };
                wrong.entry(setting.person).or_default().push(entry);
            }
        }
        for (person, entries) in wrong {
            db.run(Relist { person, entries, repair: true, now }).await?;
        }
    }
}

/// Rebuilds the index when it was made by another version of this program (newer time zone data) or with other offer
/// words; `None`: it was not. For the start of a server, beside its work.
///
/// # Errors
/// [`DbError`].
pub async fn if_outdated(db: &Db, words: &Arc<OfferWords>, now: i64) -> Result<Option<Report>, DbError> {
    let made_by = format!("{} {}", env!("CARGO_PKG_VERSION"), words.all().join(","));
    let mut conn = db.read().await?;
    let before: Option<(String,)> =
        conn.optional("SELECT made_by FROM derived WHERE name = 'occurrences'", args![]).await?;
    drop(conn);
    if before.is_some_and(|(before,)| before == made_by) {
        return Ok(None);
    }
    let report = run(db, words, now).await?;
    db.run(MadeBy(made_by)).await?;
    Ok(Some(report))
}

struct MadeBy(String);

impl Command for MadeBy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(
            "INSERT INTO derived (name, made_by) VALUES ('occurrences', $1)
             ON CONFLICT (name) DO UPDATE SET made_by = excluded.made_by",
            args![&self.0],
        )
        .await?;
        Ok(())
    }
}

/// An object with its listing as it is and as it should be.
pub(super) struct Rebuilt {
    pub(super) object: ObjectId,
    pub(super) version: i64,
    pub(super) place: String,
    pub(super) setting: Setting,
    pub(super) stored: Listing,
    pub(super) fresh: Listing,
}

/// The next objects after a key, rebuilt up to where each is listed now.
pub(super) async fn rebuilt(
    conn: &mut Conn,
    words: &Arc<OfferWords>,
    after: ObjectId,
    now: i64,
) -> Result<Vec<Rebuilt>, DbError> {
    let sql = format!(
        "SELECT id, collection, name, version, bytes, starts, ends, recurring, indexed_to FROM objects
         WHERE id > $1 ORDER BY id LIMIT {CHUNK}"
    );
    let objects: Vec<Stored> = conn.all(AssertSqlSafe(sql), args![after]).await?;
    let ids: Vec<ObjectId> = objects.iter().map(|object| object.id).collect();
    let sql = format!(
        "SELECT object, starts, ends, offer, all_day, scope, rules FROM occurrences WHERE object IN ({})
         ORDER BY object, position",
        id_list(&ids)
    );
    let mut rows: BTreeMap<ObjectId, Vec<Row>> = BTreeMap::new();
    for OfObject { object, row } in conn.all::<OfObject>(AssertSqlSafe(sql), args![]).await? {
        rows.entry(object).or_default().push(row);
    }
    let collections: Vec<CollectionId> = objects.iter().map(|object| object.collection).collect();
    let settings = setting::of(conn, &collections).await?;
    let names = collection_names(conn, &collections).await?;
    let words = words.clone();
    let work = move || compare(objects, rows, settings, &names, &words, now);
    let failed = || DbError::Damaged("calendar objects could not be expanded".into());
    listing::in_the_background(work).await.ok_or_else(failed)
}

#[derive(FromRow)]
struct Stored {
    id: ObjectId,
    collection: CollectionId,
    name: String,
    version: i64,
    bytes: Vec<u8>,
    starts: i64,
    ends: Option<i64>,
    recurring: bool,
    indexed_to: Option<i64>,
}

#[derive(FromRow)]
struct OfObject {
    object: ObjectId,
    #[sqlx(flatten)]
    row: Row,
}

async fn collection_names(conn: &mut Conn, ids: &[CollectionId]) -> Result<BTreeMap<CollectionId, String>, DbError> {
    let sql = format!("SELECT id, name FROM collections WHERE id IN ({})", id_list(ids));
    let rows: Vec<(i64, String)> = conn.all(AssertSqlSafe(sql), args![]).await?;
    Ok(rows.into_iter().collect())
}

fn compare(
    objects: Vec<Stored>,
    mut rows: BTreeMap<ObjectId, Vec<Row>>,
    settings: Vec<(CollectionId, Setting)>,
    names: &BTreeMap<CollectionId, String>,
    words: &OfferWords,
    now: i64,
) -> Vec<Rebuilt> {
    let settings: BTreeMap<CollectionId, Setting> = settings.into_iter().collect();
    let compared = objects.into_iter().filter_map(|object| {
        let setting = settings.get(&object.collection)?.clone();
        let stored = Listing {
            starts: object.starts,
            ends: object.ends,
            recurring: object.recurring,
            indexed_to: object.indexed_to,
            rows: rows.remove(&object.id).unwrap_or_default(),
        };
        let fresh = fresh(object.bytes, &stored, &setting, words, now);
        let collection = names.get(&object.collection).map_or("?", String::as_str);
        let place = format!("{}/{collection}/{}", setting.addresses, object.name);
        Some(Rebuilt { object: object.id, version: object.version, place, setting, stored, fresh })
    });
    compared.collect()
}

/// The listing as it should be. One that waits to be made anew is right when it is empty.
fn fresh(bytes: Vec<u8>, stored: &Listing, setting: &Setting, words: &OfferWords, now: i64) -> Listing {
    let Some(object) = listing::parse(bytes) else {
        let horizon = stored.indexed_to.unwrap_or_else(|| listing::horizon(now));
        return listing::unreadable(stored.starts, stored.ends, setting, horizon);
    };
    if stored.indexed_to == Some(UNLISTED) {
        return Listing { rows: Vec::new(), ..stored.clone() };
    }
    let fresh = listing::list(&object, setting, words, stored.indexed_to.unwrap_or(FAR));
    match fresh.indexed_to {
        Some(FAR) => listing::list(&object, setting, words, listing::horizon(now)),
        _ => fresh,
    }
}
