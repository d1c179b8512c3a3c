//! Sign-ins that failed: wrong app passwords, and sign-in links that are none.
//!
//! They are counted per account, per network and per account from that network. A wrong secret is no longer looked at
//! when any of the three is full. A right one is refused only when its account is full from that very network: so
//! strangers lock nobody out, and neither does a forgotten phone its whole classroom. Success writes nothing.

use std::net::IpAddr;

use super::attempts::{Limit, network};
use crate::args;
use crate::db::{Command, Conn, DbError, Tx, placeholders};
use crate::keys::Keys;

/// Failures that are answered.
pub const LIMIT: Limit = Limit { most: 20, length: 600 };

/// Where the failures of one visitor count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets {
    /// The account from that network; empty where no account is named.
    pub(super) own: String,
    all: Vec<String>,
}

impl Buckets {
    /// Of a visitor from this address who says to have this account (a sign-in link names none).
    pub fn of(keys: &Keys, account: Option<&str>, client: IpAddr) -> Self {
        let network = network(&client.to_string());
        let mut all = vec![keys.hash(&format!("failed/from/{network}"))];
        let mut own = String::new();
        if let Some(account) = account.map(|account| account.trim().to_lowercase()) {
            own = keys.hash(&format!("failed/both/{network}/{account}"));
            all.extend([keys.hash(&format!("failed/account/{account}")), own.clone()]);
        }
        // Always in the same order, so that two who fail at once do not wait for each other.
        all.sort_unstable();
        Self { own, all }
    }
}

/// Seconds to wait when one of the buckets is full.
///
/// # Errors
/// [`DbError`].
pub async fn wait(conn: &mut Conn, buckets: &Buckets, now: i64) -> Result<Option<i64>, DbError> {
    let sql = format!(
        "SELECT bucket FROM attempts WHERE period = $1 AND count >= $2 AND bucket IN ({}) LIMIT 1",
        placeholders(3, buckets.all.len())
    );
    let mut values = args![LIMIT.period(now), LIMIT.most];
    values.extend(buckets.all.iter().map(Into::into));
    let full: Option<(String,)> = conn.optional(sqlx::AssertSqlSafe(sql), values).await?;
    Ok(full.map(|_| LIMIT.wait(now)))
}

/// Counts a failure in all its buckets.
#[derive(Debug)]
pub struct CountFailure {
    /// Whose.
    pub buckets: Buckets,
    /// UTC seconds.
    pub now: i64,
}

impl Command for CountFailure {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for bucket in &self.buckets.all {
            LIMIT.count(tx, bucket, self.now).await?;
        }
        Ok(())
    }
}
