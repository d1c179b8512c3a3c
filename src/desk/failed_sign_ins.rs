//! Sign-ins that fail, counted and limited: app passwords of calendar apps, API tokens, links of browsers.

use std::net::IpAddr;

use super::Desk;
use crate::db::DbError;
use crate::people::api_tokens::{self, TokenOwner};
use crate::people::app_passwords::{Owner, owner_of};
use crate::people::failures::{self, Buckets, CountFailure};

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// The secret is wrong.
    #[error("the address or the secret is wrong")]
    Wrong,
    /// Too many wrong ones; this one was not looked at.
    #[error("too many sign-ins have failed")]
    TooMany {
        /// Seconds until the next try.
        retry_after: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The owner of this app password, who has this address or had it before. A right one costs one statement and writes nothing.
///
/// # Errors
/// [`SignInRefused`].
pub async fn by_app_password(desk: &Desk, email: &str, secret: &str, client: IpAddr) -> Result<Owner, SignInRefused> {
    let buckets = Buckets::of(&desk.keys, Some(email), client);
    let unless = desk.config.rate_limits.then_some(&buckets);
    let mut conn = desk.db.read().await?;
    let found = owner_of(&mut conn, email, secret, unless, desk.clock.now()).await?;
    drop(conn);
    match found.filter(|owner| owner.answers_to(&email.trim().to_lowercase())) {
        Some(owner) => Ok(owner),
        None => Err(failed(desk, buckets).await),
    }
}

/// The owner of this API token. A right one costs one statement and writes nothing.
///
/// # Errors
/// [`SignInRefused`].
pub async fn by_api_token(desk: &Desk, secret: &str, client: IpAddr) -> Result<TokenOwner, SignInRefused> {
    match api_tokens::owner_of(&mut desk.db.read().await?, secret).await? {
        Some(owner) => Ok(owner),
        None => Err(failed(desk, Buckets::of(&desk.keys, None, client)).await),
    }
}

/// Counts a sign-in link that is none.
pub async fn link_failed(desk: &Desk, client: IpAddr) -> SignInRefused {
    failed(desk, Buckets::of(&desk.keys, None, client)).await
}

/// Counts a failure, unless so many were counted that it is only refused.
async fn failed(desk: &Desk, buckets: Buckets) -> SignInRefused {
    match count(desk, buckets).await {
        Ok(None) => SignInRefused::Wrong,
        Ok(Some(retry_after)) => SignInRefused::TooMany { retry_after },
        Err(error) => error.into(),
    }
}

async fn count(desk: &Desk, buckets: Buckets) -> Result<Option<i64>, DbError> {
    if !desk.config.rate_limits {
        return Ok(None);
    }
    let now = desk.clock.now();
    let wait = failures::wait(&mut desk.db.read().await?, &buckets, now).await?;
    if wait.is_none() {
        desk.db.run(CountFailure { buckets, now }).await?;
    }
    Ok(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::db::Db;
    use crate::desk::people::SavePerson;
    use crate::keys::{self, Keys};
    use crate::people::Profile;
    use crate::people::app_passwords::CreateAppPassword;

    const NOW: i64 = 1_795_176_000;
    const HOME: &str = "192.0.2.1";
    const AWAY: &str = "2001:db8:1:2::1";

    async fn house(fresh: &crate::db::fresh::Fresh, config: Config) -> (Desk, Clock) {
        let clock = Clock::fixed(NOW);
        let db = Db::open(&fresh.target).await.unwrap();
        for email in ["mary@example.org", "tariq@example.org"] {
            let (email, profile) = (email.to_owned(), Profile::default());
            let person = db.run(SavePerson { email, profile, memberships: vec![], now: NOW }).await.unwrap();
            let digest = keys::digest(person.email.split('@').next().unwrap());
            db.run(CreateAppPassword {
                person: person.id,
                label: String::new(),
                digest,
                by: None,
                with: None,
                now: NOW,
            })
            .await
            .unwrap();
        }
        (Desk::new(db, clock.clone(), config, Keys::new([7; 32])), clock)
    }

    /// `+` for somebody signed in, `-` for a wrong secret, else the seconds to wait.
    async fn tried(desk: &Desk, name: &str, secret: &str, from: &str) -> String {
        match by_app_password(desk, &format!("{name}@example.org"), secret, from.parse().unwrap()).await {
            Ok(_) => "+".into(),
            Err(SignInRefused::Wrong) => "-".into(),
            Err(SignInRefused::TooMany { retry_after }) => retry_after.to_string(),
            Err(SignInRefused::Db(error)) => panic!("{error}"),
        }
    }

    async fn written(desk: &Desk) -> i64 {
        let mut conn = desk.db.read().await.unwrap();
        let (sum,): (i64,) =
            conn.one("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM attempts", vec![]).await.unwrap();
        sum
    }

    on_both_databases! {
        async fn after_twenty_failures_nothing_is_answered_until_the_next_period(fresh) {
            let (desk, clock) = house(fresh, Config::local("unused")).await;
            clock.set(NOW + 60);
            for _ in 0..20 {
                assert_eq!(tried(&desk, "mary", "guess", HOME).await, "-");
            }
            assert_eq!(tried(&desk, "mary", "guess", HOME).await, "540");
            assert_eq!(tried(&desk, "Mary", "mary", HOME).await, "540", "also a right guess, in any case");
            assert_eq!(written(&desk).await, 60, "and nothing more is written");
            clock.set(NOW + 600);
            assert_eq!(tried(&desk, "mary", "mary", HOME).await, "+");
        }

        async fn failures_of_strangers_lock_nobody_out(fresh) {
            let (desk, _) = house(fresh, Config::local("unused")).await;
            for number in 0..20 {
                assert_eq!(tried(&desk, "mary", "guess", &format!("2001:db8:1:2::{number:x}")).await, "-");
            }
            assert_eq!(tried(&desk, "mary", "mary", HOME).await, "+", "the owner, from elsewhere");
            assert_eq!(tried(&desk, "tariq", "tariq", AWAY).await, "+", "somebody else in that network");
            assert_eq!(tried(&desk, "mary", "guess", HOME).await, "600", "no guessing from many networks");
            assert_eq!(tried(&desk, "tariq", "guess", AWAY).await, "600", "no guessing at many accounts");
            assert_eq!(tried(&desk, "tariq", "guess", HOME).await, "-");
        }

        async fn success_writes_nothing_and_limits_can_be_off(fresh) {
            let (desk, _) = house(fresh, Config { rate_limits: false, ..Config::local("unused") }).await;
            for _ in 0..30 {
                assert_eq!(tried(&desk, "mary", "guess", HOME).await, "-");
                assert_eq!(tried(&desk, "mary", "mary", HOME).await, "+");
            }
            assert_eq!(written(&desk).await, 0);
        }
    }
}
