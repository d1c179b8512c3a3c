//! The lock of a person: whoever writes what belongs to somebody takes it first (invariant I2).

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::PersonId;
use crate::args;
use crate::db::{DbError, Row, Tx, Value, id_list};

/// Proof that these persons are locked in this transaction, with their new versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked(BTreeMap<PersonId, i64>);

/// Locks persons in ascending order of their ids and raises their versions. Read what you decide on only afterwards.
///
/// Persons that do not exist are left out.
///
/// # Errors
/// [`DbError`].
pub async fn lock(tx: &mut Tx, people: &[PersonId]) -> Result<Locked, DbError> {
    let mut wanted = people.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut versions = BTreeMap::new();
    // One statement each: an UPDATE over several rows takes its locks in no promised order.
    for id in wanted {
        let row: Option<(i64,)> =
            tx.optional("UPDATE people SET version = version + 1 WHERE id = $1 RETURNING version", args![id]).await?;
        if let Some((version,)) = row {
            versions.insert(id, version);
        }
    }
    Ok(Locked(versions))
}

/// Locks one person and reads in the same round trip: `sql` sees what is there after the lock, has the person as `$1`
/// and `rest` behind it. The new version is one of the things to read, as proof of the lock: [`Locked::by`].
///
/// # Errors
/// [`DbError`].
pub async fn lock_and_read<T: Row>(
    tx: &mut Tx,
    person: PersonId,
    sql: &str,
    rest: Vec<Value>,
) -> Result<Option<T>, DbError> {
    let args = std::iter::once(Value::from(person)).chain(rest).collect();
    tx.update_then("UPDATE people SET version = version + 1 WHERE id = $1", sql, args).await
}

impl Locked {
    /// What [`lock_and_read`] locked: the person and the version that was read after it.
    pub fn by(person: PersonId, version: i64) -> Self {
        Self(BTreeMap::from([(person, version)]))
    }

    /// The person's new version: the logical time of this transaction for all they own. 0: not locked here.
    pub fn version(&self, person: PersonId) -> i64 {
        self.0.get(&person).copied().unwrap_or(0)
    }

    /// Whether this person is locked.
    pub fn holds(&self, person: PersonId) -> bool {
        self.0.contains_key(&person)
    }

    /// Records that what these persons' slots are made of has changed.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn touch_slots(&self, tx: &mut Tx, people: &[PersonId], now: i64) -> Result<(), DbError> {
        let locked: Vec<PersonId> = people.iter().copied().filter(|person| self.holds(*person)).collect();
        let sql = format!("UPDATE people SET slots = version, slots_changed = $1 WHERE id IN ({})", id_list(&locked));
        tx.execute(AssertSqlSafe(sql), args![now]).await?;
        Ok(())
    }
}
