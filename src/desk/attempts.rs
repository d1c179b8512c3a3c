//! Limits on attempts, counted in the transaction of what is attempted.

use std::net::IpAddr;

use crate::args;
use crate::db::{DbError, Tx};

/// Counts one attempt in a bucket of this period (seconds). `Some`: it is one too many, and so many seconds remain.
///
/// # Errors
/// [`DbError`].
pub(super) async fn step(tx: &mut Tx, bucket: &str, length: i64, most: i64, now: i64) -> Result<Option<i64>, DbError> {
    let period = now.div_euclid(length) * length;
    let (count,): (i64,) = tx
        .one(
            "INSERT INTO attempts (bucket, period, count) VALUES ($1, $2, 1)
             ON CONFLICT (bucket, period) DO UPDATE SET count = attempts.count + 1 RETURNING count",
            args![bucket, period],
        )
        .await?;
    Ok((count > most).then_some(period + length - now))
}

/// One household's addresses: the first 64 bits in IPv6.
pub(super) fn network(address: &str) -> String {
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
