//! Schema changes: one text for both databases, plus the guards that only one of them understands.

use super::{DbError, Tx};

/// Version, the shared text, SQLite's part, PostgreSQL's part. Never edit a released one; add the next.
pub(super) const MIGRATIONS: &[(i64, &str, &str, &str)] = &[(
    1,
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0001_start.sqlite.sql"),
    include_str!("../../migrations/0001_start.postgres.sql"),
)];

const PREPARE: &str = "CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY)";

pub(super) async fn sqlite(tx: &mut Tx) -> Result<(), DbError> {
    tx.script("BEGIN IMMEDIATE").await?;
    tx.script(PREPARE).await?;
    let done = applied(tx).await?;
    for (version, shared, own, _) in MIGRATIONS.iter().filter(|migration| migration.0 > done) {
        tx.script(*shared).await?;
        tx.script(*own).await?;
        record(tx, *version).await?;
    }
    tx.script("COMMIT").await
}

pub(super) async fn postgres(tx: &mut Tx) -> Result<(), DbError> {
    // Several processes may start at once: one migrates, the others wait here.
    tx.script("BEGIN; SELECT pg_advisory_xact_lock(7411590135)").await?;
    tx.script(PREPARE).await?;
    let done = applied(tx).await?;
    for (version, shared, _, own) in MIGRATIONS.iter().filter(|migration| migration.0 > done) {
        if *version == 1 {
            tx.script("CREATE DOMAIN blob AS bytea").await?;
        }
        tx.script(*shared).await?;
        tx.script(*own).await?;
        record(tx, *version).await?;
    }
    tx.script("COMMIT").await
}

async fn applied(tx: &mut Tx) -> Result<i64, DbError> {
    let (done,): (i64,) = tx.one("SELECT COALESCE(MAX(version), 0) FROM migrations", vec![]).await?;
    let newest = MIGRATIONS.last().map_or(0, |migration| migration.0);
    if done > newest {
        return Err(DbError::Schema(format!(
            "this database was made by a newer Openhour (schema {done}, this program knows {newest})"
        )));
    }
    Ok(done)
}

async fn record(tx: &mut Tx, version: i64) -> Result<(), DbError> {
    tx.execute("INSERT INTO migrations (version) VALUES ($1)", crate::args![version]).await?;
    Ok(())
}
