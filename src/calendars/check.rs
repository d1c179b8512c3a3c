//! What must always be true of calendars, looked up in the live database.

use std::sync::Arc;

use sqlx::AssertSqlSafe;

use super::objects::etag;
use super::{OfferWords, listing, reindex};
use crate::args;
use crate::db::{Conn, DbError};

/// Objects read at once.
const CHUNK: i64 = 50;
/// Sentences of one kind at most, so that a ruined database costs no more memory than a sound one.
const MOST: usize = 1_000;

/// Everything that is wrong with the calendars, a sentence each: bytes against tag and UID, versions, and the
/// occurrence index against a rebuilt one.
///
/// # Errors
/// [`DbError`].
pub async fn check(conn: &mut Conn, words: &Arc<OfferWords>, now: i64) -> Result<Vec<String>, DbError> {
    let mut wrong = versions(conn).await?;
    wrong.extend(bytes(conn).await?);
    wrong.extend(listings(conn, words, now).await?);
    Ok(wrong)
}

/// The occurrence index against a rebuilt one.
async fn listings(conn: &mut Conn, words: &Arc<OfferWords>, now: i64) -> Result<Vec<String>, DbError> {
    let mut wrong = Vec::new();
    let mut after = i64::MIN;
    loop {
        let chunk = reindex::rebuilt(conn, words, after, now).await?;
        let Some(last) = chunk.last().filter(|_| wrong.len() < MOST) else { return Ok(wrong) };
        after = last.object;
        wrong.extend(chunk.iter().filter(|object| object.stored != object.fresh).map(|object| {
            format!("{}: its occurrences differ from rebuilt ones; run `openhour reindex`", object.place)
        }));
    }
}

/// Versions only grow upwards: object or tombstone, collection, person.
async fn versions(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String, String, String)> = conn
        .all(
            "SELECT p.email, c.name, 'the calendar is newer than its owner' FROM collections c
                 JOIN people p ON p.id = c.owner WHERE c.version > p.version
             UNION ALL SELECT p.email, c.name, 'the person''s slots are newer than the person' FROM collections c
                 JOIN people p ON p.id = c.owner WHERE p.slots > p.version
             UNION ALL SELECT p.email, c.name || '/' || o.name, 'the entry is newer than its calendar' FROM objects o
                 JOIN collections c ON c.id = o.collection JOIN people p ON p.id = c.owner WHERE o.version > c.version
             UNION ALL SELECT p.email, c.name || '/' || t.name, 'the deletion is newer than its calendar' FROM tombstones t
                 JOIN collections c ON c.id = t.collection JOIN people p ON p.id = c.owner WHERE t.version > c.version
             UNION ALL SELECT p.email, c.name || '/' || t.name, 'the entry is both there and deleted' FROM tombstones t
                 JOIN objects o ON o.collection = t.collection AND o.name = t.name
                 JOIN collections c ON c.id = t.collection JOIN people p ON p.id = c.owner
             UNION ALL SELECT p.email, c.name, 'occurrences of somebody else''s entry' FROM occurrences x
                 JOIN objects o ON o.id = x.object JOIN collections c ON c.id = o.collection
                 JOIN people p ON p.id = c.owner WHERE x.person <> c.owner
             LIMIT 1000",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(email, place, what)| format!("{email}/{place}: {what}")).collect())
}

/// Bytes against what is stored beside them.
async fn bytes(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let mut wrong = Vec::new();
    let mut after = i64::MIN;
    loop {
        let sql = format!("SELECT id, uid, kind, etag, bytes FROM objects WHERE id > $1 ORDER BY id LIMIT {CHUNK}");
        let rows: Vec<(i64, String, String, String, Vec<u8>)> = conn.all(AssertSqlSafe(sql), args![after]).await?;
        let Some((last, ..)) = rows.last() else { return Ok(wrong) };
        after = *last;
        let work = move || rows.into_iter().flat_map(faults).collect::<Vec<_>>();
        let failed = || DbError::Damaged("calendar objects could not be read".into());
        wrong.extend(listing::in_the_background(work).await.ok_or_else(failed)?);
        if wrong.len() >= MOST {
            return Ok(wrong);
        }
    }
}

fn faults((id, uid, kind, tag, bytes): (i64, String, String, String, Vec<u8>)) -> Vec<String> {
    let mut faults = Vec::new();
    if etag(&bytes) != tag {
        faults.push(format!("object {id}: its entity tag is not that of its bytes"));
    }
    match listing::parse(bytes) {
        None => faults.push(format!("object {id}: its bytes are no calendar object")),
        Some(object) if object.uid() != uid => faults.push(format!("object {id}: its UID is not that of its bytes")),
        Some(object) if object.kind().name() != kind => faults.push(format!("object {id}: it is not a {kind}")),
        Some(_) => {}
    }
    faults
}
