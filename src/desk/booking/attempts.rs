//! Limits on attempts, counted in the booking's own transaction.

use std::net::IpAddr;

use super::{Caller, Refusal};
use crate::args;
use crate::db::Tx;
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
        Some(person) => step(tx, keys.hash(&format!("book/person/{}", person.id)), HOUR, PER_HOUR, now).await?,
        None if caller.address.is_empty() => {}
        None => step(tx, keys.hash(&format!("book/from/{}", network(&caller.address))), HOUR, PER_HOUR, now).await?,
    }
    if caller.person.as_ref().is_none_or(|person| person.email != guest_email) {
        step(tx, keys.hash(&format!("book/mail/{guest_email}")), DAY, MAILS_PER_DAY, now).await?;
    }
    Ok(())
}

async fn step(tx: &mut Tx, bucket: String, length: i64, most: i64, now: i64) -> Result<(), Refusal> {
    let period = now.div_euclid(length) * length;
    let (count,): (i64,) = tx
        .one(
            "INSERT INTO attempts (bucket, period, count) VALUES ($1, $2, 1)
             ON CONFLICT (bucket, period) DO UPDATE SET count = attempts.count + 1 RETURNING count",
            args![bucket, period],
        )
        .await?;
    if count > most { Err(Refusal::RateLimited { retry_after: period + length - now }) } else { Ok(()) }
}

/// One household's addresses: the first 64 bits in IPv6.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        use super::network;
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
