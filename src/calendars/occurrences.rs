//! Reading the occurrence index: what people offer and when they are busy.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, FromRow};

use super::listing::{self, SPAN};
use super::{CollectionId, ObjectId, OfferWords, Row, Setting, setting};
use crate::args;
use crate::db::{Conn, DbError, id_list};
use crate::people::PersonId;

/// Objects expanded in one go when a query reaches past what is listed.
const CHUNK: i64 = 50;
/// Rows one query answers. Whoever has more is answered an error, never a free time that is none.
const MOST: usize = 200_000;

/// An object read from an address steps back behind one of the same UID in another calendar of its owner: one they
/// write themselves, else the address that was added first.
const FIRST: &str = "NOT EXISTS (
    SELECT 1 FROM collections own JOIN collections other ON other.owner = own.owner AND other.id <> own.id
        JOIN objects twin ON twin.collection = other.id AND twin.uid = ob.uid
    WHERE own.id = ob.collection AND own.kind = 'address' AND other.kind <> 'sessions'
      AND (other.kind <> 'address' OR other.id < own.id))";

/// One offer or busy time of somebody.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OccurrenceRow {
    /// Whose.
    pub person: PersonId,
    /// An offer; else a busy time.
    pub offer: bool,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// Whole days in the person's zone.
    pub all_day: bool,
    /// See [`super::Scope::read`].
    pub scope: Option<String>,
    /// See [`super::OfferRules::read`].
    pub rules: Option<String>,
    /// The object it comes from.
    pub object: ObjectId,
    /// That object's UID.
    pub uid: String,
}

/// Offers and busy times of these people that overlap [from, to), by person, start and object. UTC seconds.
///
/// One UID in two calendars of a person counts once where one of them is read from an address: what we hold ourselves is
/// the newer.
///
/// Two queries; objects that are not listed for the whole of that time are expanded from their bytes. Events that
/// we issued ourselves are among them: whoever knows bookings leaves them out, by UID.
///
/// # Errors
/// [`DbError`]; more rows than anybody could mean are one too.
pub async fn of(
    conn: &mut Conn,
    words: &Arc<OfferWords>,
    people: &[PersonId],
    from: i64,
    to: i64,
) -> Result<Vec<OccurrenceRow>, DbError> {
    if people.is_empty() || from >= to {
        return Ok(Vec::new());
    }
    let people = id_list(people);
    let sql = format!(
        "SELECT o.person, o.offer, o.starts, o.ends, o.all_day, o.scope, o.rules, o.object, ob.uid
         FROM occurrences o JOIN objects ob ON ob.id = o.object
         WHERE o.person IN ({people}) AND o.ends > $1 AND o.starts < $2
           AND (ob.indexed_to IS NULL OR (ob.indexed_to >= $2 AND ob.indexed_to <= $3)) AND {FIRST}
         ORDER BY o.person, o.starts, o.object, o.position LIMIT {limit}",
        limit = MOST + 1
    );
    let listed_before = from.saturating_add(SPAN);
    let mut rows: Vec<OccurrenceRow> = conn.all(AssertSqlSafe(sql), args![from, to, listed_before]).await?;
    let listed = rows.len();
    let mut after = i64::MIN;
    loop {
        let sql = format!(
            "SELECT ob.id, ob.uid, ob.collection, ob.bytes, ob.starts, ob.ends
             FROM objects ob JOIN collections c ON c.id = ob.collection
             WHERE c.owner IN ({people}) AND (ob.indexed_to < $2 OR ob.indexed_to > $3)
               AND ob.starts < $2 AND (ob.ends IS NULL OR ob.ends > $1) AND ob.id > $4 AND {FIRST}
             ORDER BY ob.id LIMIT {CHUNK}"
        );
        let unlisted: Vec<Unlisted> = conn.all(AssertSqlSafe(sql), args![from, to, listed_before, after]).await?;
        let Some(last) = unlisted.last() else { break };
        after = last.id;
        rows.extend(expand(conn, words, unlisted, from, to).await?);
        if rows.len() > MOST {
            break;
        }
    }
    if rows.len() > MOST {
        return Err(DbError::Damaged(format!("more than {MOST} occurrences between {from} and {to}")));
    }
    if rows.len() > listed {
        rows.sort_by_key(|row| (row.person, row.starts, row.object, row.ends));
    }
    Ok(rows)
}

#[derive(FromRow)]
struct Unlisted {
    id: ObjectId,
    uid: String,
    collection: CollectionId,
    bytes: Vec<u8>,
    starts: i64,
    ends: Option<i64>,
}

async fn expand(
    conn: &mut Conn,
    words: &Arc<OfferWords>,
    objects: Vec<Unlisted>,
    from: i64,
    to: i64,
) -> Result<Vec<OccurrenceRow>, DbError> {
    let collections: Vec<CollectionId> = objects.iter().map(|object| object.collection).collect();
    let settings: BTreeMap<CollectionId, Setting> = setting::of(conn, &collections).await?.into_iter().collect();
    let words = words.clone();
    let work = move || {
        let expanded = objects.into_iter().filter_map(|object| {
            let setting = settings.get(&object.collection)?;
            let rows = match listing::parse(object.bytes) {
                Some(parsed) => listing::between(&parsed, setting, &words, from, to),
                None => listing::unreadable(object.starts, object.ends, setting, to).rows,
            };
            let rows = rows.into_iter().map(|row| {
                let Row { starts, ends, offer, all_day, scope, rules } = row;
                let (person, object_id, uid) = (setting.person, object.id, object.uid.clone());
                OccurrenceRow { person, offer, starts, ends, all_day, scope, rules, object: object_id, uid }
            });
            Some(rows.filter(|row| row.starts < to && row.ends > from).collect::<Vec<_>>())
        });
        expanded.flatten().collect()
    };
    let failed = || DbError::Damaged("calendar objects could not be expanded".into());
    listing::in_the_background(work).await.ok_or_else(failed)
}
