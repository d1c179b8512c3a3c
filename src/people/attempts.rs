//! Limits on attempts, counted in the database so that all server processes count together. A bucket is the keyed hash
//! of what it counts ([`Keys::hash`](crate::keys::Keys::hash)): the table tells nobody's address.

use std::net::IpAddr;

use crate::args;
use crate::db::{DbError, Tx};

/// So many attempts in a period; periods begin at whole multiples of their length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Attempts that pass.
    pub most: i64,
    /// Length of a period, seconds.
    pub length: i64,
}

impl Limit {
    /// The beginning of the period at `now`, UTC seconds.
    pub fn period(self, now: i64) -> i64 {
        now.div_euclid(self.length) * self.length
    }

    /// Seconds from `now` to the next period.
    pub fn wait(self, now: i64) -> i64 {
        self.period(now) + self.length - now
    }

    /// Counts an attempt; how many there were in this period, this one included.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn count(self, tx: &mut Tx, bucket: &str, now: i64) -> Result<i64, DbError> {
        let (count,): (i64,) = tx
            .one(
                "INSERT INTO attempts (bucket, period, count) VALUES ($1, $2, 1)
                 ON CONFLICT (bucket, period) DO UPDATE SET count = attempts.count + 1 RETURNING count",
                args![bucket, self.period(now)],
            )
            .await?;
        Ok(count)
    }
}

/// One household's addresses: the first 64 bits in IPv6. What is no address stands for itself.
pub fn network(address: &str) -> String {
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
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn a_period_ends_where_the_next_begins() {
        let limit = Limit { most: 1, length: 600 };
        assert_eq!((limit.period(1_799), limit.wait(1_799)), (1_200, 1));
        assert_eq!((limit.period(1_800), limit.wait(1_800)), (1_800, 600));
    }
}
