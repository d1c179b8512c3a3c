//! Limits on attempts, counted in the booking's own transaction.

use super::{Caller, Refusal};
use crate::db::Tx;
use crate::keys::Keys;
use crate::people::attempts::{Limit, network};

/// Bookings from one network, or by one signed-in person.
const BOOKINGS: Limit = Limit { most: 10, length: 3_600 };
/// Mails that anonymous bookings send to one address.
const MAILS: Limit = Limit { most: 3, length: 86_400 };

/// Bookings that somebody of a team makes for others: each mails a stranger.
const FOR_OTHERS: Limit = Limit { most: 100, length: 86_400 };

/// Counts a booking for somebody else.
///
/// # Errors
/// [`Refusal::RateLimited`]: too many; [`Refusal::Db`].
pub(super) async fn count_for_others(tx: &mut Tx, keys: &Keys, caller: &Caller, now: i64) -> Result<(), Refusal> {
    match &caller.person {
        Some(person) => step(tx, keys.hash(&format!("book/for-others/{}", person.id)), FOR_OTHERS, now).await,
        None => Err(Refusal::NotAllowed),
    }
}

/// Counts a booking; buckets are keyed hashes, so that the table tells nobody's address.
///
/// # Errors
/// [`Refusal::RateLimited`]: too many; [`Refusal::Db`].
pub(super) async fn count(
    tx: &mut Tx,
    keys: &Keys,
    caller: &Caller,
    guest_email: &str,
    now: i64,
) -> Result<(), Refusal> {
    match &caller.person {
        Some(person) => step(tx, keys.hash(&format!("book/person/{}", person.id)), BOOKINGS, now).await?,
        None if caller.address.is_empty() => {}
        None => step(tx, keys.hash(&format!("book/from/{}", network(&caller.address))), BOOKINGS, now).await?,
    }
    if caller.person.as_ref().is_none_or(|person| person.email != guest_email) {
        step(tx, keys.hash(&format!("book/mail/{guest_email}")), MAILS, now).await?;
    }
    Ok(())
}

async fn step(tx: &mut Tx, bucket: String, limit: Limit, now: i64) -> Result<(), Refusal> {
    if limit.count(tx, &bucket, now).await? > limit.most {
        return Err(Refusal::RateLimited { retry_after: limit.wait(now) });
    }
    Ok(())
}
