//! How many messages one sender may have taken, counted in the transaction that takes them.

use super::authentication::Verdict;
use crate::args;
use crate::db::{DbError, Tx};
use crate::keys::Keys;

/// Messages an hour of one confirmed address; the rest comes again later.
pub const PER_SENDER: i64 = 200;
/// Messages an hour of all unconfirmed senders together; the rest is noted and has no effect.
pub const UNKNOWN: i64 = 600;
const HOUR: i64 = 3_600;

/// Whose messages are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    /// A keyed hash, so that the table tells nobody's address. `None`: nothing is counted.
    bucket: Option<String>,
    confirmed: bool,
}

impl Sender {
    pub(super) fn of(verdict: &Verdict, keys: &Keys, limits: bool) -> Self {
        let name = verdict.address().map_or("mail-in/unknown".to_owned(), |address| format!("mail-in/{address}"));
        Self { bucket: limits.then(|| keys.hash(&name)), confirmed: verdict.address().is_some() }
    }
}

/// Whether there is room for one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Yes.
    Yes,
    /// In the next hour.
    Later,
    /// No, and it need not come again.
    No,
}

pub(super) async fn count(tx: &mut Tx, sender: &Sender, now: i64) -> Result<Room, DbError> {
    let Some(bucket) = &sender.bucket else { return Ok(Room::Yes) };
    let count = step(tx, bucket, HOUR, now).await?;
    Ok(match sender.confirmed {
        true if count > PER_SENDER => Room::Later,
        false if count > UNKNOWN => Room::No,
        _ => Room::Yes,
    })
}

/// Counts one more in a bucket (a keyed hash, [`Keys::hash`]) and says how many that makes in this period of `length`
/// seconds; for handlers that answer a stranger once in so many days. The row carries the period's end, so that it is
/// forgotten only when that is past.
///
/// # Errors
/// The database's.
pub async fn step(tx: &mut Tx, bucket: &str, length: i64, now: i64) -> Result<i64, DbError> {
    let period = (now.div_euclid(length) + 1) * length;
    let (count,): (i64,) = tx
        .one(
            "INSERT INTO attempts (bucket, period, count) VALUES ($1, $2, 1)
             ON CONFLICT (bucket, period) DO UPDATE SET count = attempts.count + 1 RETURNING count",
            args![bucket, period],
        )
        .await?;
    Ok(count)
}
