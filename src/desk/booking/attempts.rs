//! How many bookings somebody may attempt.

use super::{Caller, Refusal};
use crate::db::Tx;
use crate::desk::attempts::{network, step};
use crate::keys::Keys;

/// Bookings an hour from one network, or by one signed-in person.
const PER_HOUR: i64 = 10;
/// Mails a day that anonymous bookings send to one address.
const MAILS_PER_DAY: i64 = 3;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

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
        Some(person) => once_more(tx, keys.hash(&format!("book/person/{}", person.id)), HOUR, PER_HOUR, now).await?,
        None if caller.address.is_empty() => {}
        None => {
            once_more(tx, keys.hash(&format!("book/from/{}", network(&caller.address))), HOUR, PER_HOUR, now).await?;
        }
    }
    if caller.person.as_ref().is_none_or(|person| person.email != guest_email) {
        once_more(tx, keys.hash(&format!("book/mail/{guest_email}")), DAY, MAILS_PER_DAY, now).await?;
    }
    Ok(())
}

async fn once_more(tx: &mut Tx, bucket: String, length: i64, most: i64, now: i64) -> Result<(), Refusal> {
    match step(tx, &bucket, length, most, now).await? {
        Some(retry_after) => Err(Refusal::RateLimited { retry_after }),
        None => Ok(()),
    }
}
