//! What happened in a collection since a version. RFC 6578.

use caldav::store::Changes;
use sqlx::{AssertSqlSafe, FromRow};

use super::CollectionId;
use super::objects::{self, Stored};
use crate::args;
use crate::db::{Command, Conn, Db, DbError, Tx};

/// How long deletions are remembered, seconds.
const KEPT: i64 = 90 * 86_400;
/// Deletions of one collection that are remembered in any case no longer than [`KEPT`].
const MOST: i64 = 20_000;

/// Changes after `since` (0: everything there is), oldest first, at most `limit`; `None`: too long ago.
///
/// Changes of one version stay together, so that a token never cuts them apart.
///
/// # Errors
/// [`DbError`].
pub async fn of(
    conn: &mut Conn,
    collection: CollectionId,
    since: i64,
    limit: usize,
) -> Result<Option<Changes>, DbError> {
    let state: Option<(i64, i64)> =
        conn.optional("SELECT version, oldest FROM collections WHERE id = $1", args![collection]).await?;
    let Some((version, oldest)) = state else { return Ok(None) };
    if since != 0 && (since < oldest || since > version) {
        return Ok(None);
    }
    let limit = limit.clamp(1, 50_000);
    // A version more than fits tells whether the answer is cut; a client that starts knows nothing to delete.
    let last: Option<(i64,)> = conn
        .optional(
            AssertSqlSafe(format!(
                "SELECT version FROM (
                     SELECT version FROM objects WHERE collection = $1 AND version > $2
                     UNION ALL SELECT version FROM tombstones WHERE collection = $1 AND version > $2 AND $2 > 0
                 ) AS changed ORDER BY version LIMIT 1 OFFSET {limit}"
            )),
            args![collection, since],
        )
        .await?;
    let bound = last.map_or(i64::MAX, |(version,)| version);
    let mut rows = between(conn, collection, since, bound).await?;
    if rows.is_empty() && last.is_some() {
        // More changes of one version than asked for: they come together.
        rows = between(conn, collection, since, bound.saturating_add(1)).await?;
    }
    Ok(Some(answer(rows, version, last.is_some())))
}

/// Changes of the versions in (since, bound), in order.
async fn between(conn: &mut Conn, collection: CollectionId, since: i64, bound: i64) -> Result<Vec<Change>, DbError> {
    conn.all(
        AssertSqlSafe(format!(
            "SELECT {}, version, FALSE AS gone FROM objects WHERE collection = $1 AND version > $2 AND version < $3
             UNION ALL
             SELECT name, '', '', '', 0, 0, version, TRUE FROM tombstones
             WHERE collection = $1 AND version > $2 AND version < $3 AND $2 > 0
             ORDER BY version, name",
            objects::COLUMNS
        )),
        args![collection, since, bound],
    )
    .await
}

fn answer(rows: Vec<Change>, version: i64, truncated: bool) -> Changes {
    let reached = rows.last().map_or(0, |row| row.version);
    let version = if truncated { reached } else { version.max(reached) };
    let mut changes = Changes { version, truncated, ..Changes::default() };
    for row in rows {
        match row.gone {
            true => changes.deleted.push(row.member.name),
            false => changes.changed.extend(row.member.read()),
        }
    }
    changes
}

#[derive(FromRow)]
struct Change {
    #[sqlx(flatten)]
    member: Stored,
    version: i64,
    gone: bool,
}

/// Forgets deletions older than 90 days; how many. For the clock-driven work.
///
/// Only deletions older than every member of their collection go (unless there are too many), so that a client that
/// lists a large collection for the first time, page by page, never meets a token that is too old.
///
/// # Errors
/// [`DbError`].
pub async fn prune(db: &Db, now: i64) -> Result<u64, DbError> {
    db.run(Prune { before: now - KEPT }).await
}

struct Prune {
    before: i64,
}

impl Command for Prune {
    type Output = u64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        let old: Vec<(i64, i64)> = tx
            .all(
                AssertSqlSafe(format!(
                    "SELECT t.collection, MAX(t.version) FROM tombstones t
                     WHERE t.deleted < $1
                       AND (t.version < COALESCE((SELECT MIN(o.version) FROM objects o WHERE o.collection = t.collection), t.version + 1)
                            OR {MOST} < (SELECT COUNT(*) FROM tombstones u WHERE u.collection = t.collection))
                     GROUP BY t.collection ORDER BY t.collection LIMIT 100"
                )),
                args![self.before],
            )
            .await?;
        let mut gone = 0;
        for (collection, version) in old {
            tx.execute("UPDATE collections SET oldest = $2 WHERE id = $1 AND oldest < $2", args![collection, version])
                .await?;
            gone += tx
                .execute("DELETE FROM tombstones WHERE collection = $1 AND version <= $2", args![collection, version])
                .await?;
        }
        Ok(gone)
    }
}
