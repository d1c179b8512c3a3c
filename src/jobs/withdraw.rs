//! Taking back what has not been tried yet.

use sqlx::AssertSqlSafe;

use crate::db::{DbError, Tx, Value, placeholders};

/// Takes back the jobs of one kind that wait in these lanes and were never tried; their keys are free again. Jobs that a
/// worker has had in hand stay, and find out for themselves.
///
/// # Errors
/// The database's.
pub async fn withdraw(tx: &mut Tx, kind: &str, lanes: &[String]) -> Result<(), DbError> {
    if lanes.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "DELETE FROM jobs WHERE lane IN ({}) AND kind = $1 AND finished IS NULL AND attempts = 0",
        placeholders(2, lanes.len())
    );
    let values: Vec<Value> = std::iter::once(kind.into()).chain(lanes.iter().map(|lane| lane.into())).collect();
    tx.execute(AssertSqlSafe(sql), values).await?;
    Ok(())
}
