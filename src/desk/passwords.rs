//! Signing in with a password that somebody chose. The hash is argon2id with OWASP's parameters, worked off the async
//! threads and only a few at once, so that guessing neither stops the server nor fills its memory.
//!
//! Whether anybody has the address, and whether they have a password, shows neither in words nor in time: the work is
//! the same. After 20 failures in ten minutes of an account, a network or both nothing is looked at; unlike a random
//! secret, a right guess must not pass then either. A mailed link still signs in.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Desk;
use super::failed_sign_ins::SignInRefused;
use super::poor_passwords::is_poor;
use super::sign_in::Asking;
use crate::db::DbError;
use crate::people::failures::{self, Buckets, CountFailure};
use crate::people::passwords::{self, SetPassword};
use crate::people::sign_in::{Enter, LinkRefused};
use crate::people::web_sessions::SignedIn;
use crate::people::{Person, PersonId};

/// Characters of a password at least.
pub const SHORTEST: usize = 8;
/// Characters of a password at most.
pub const LONGEST: usize = 256;
/// KiB of memory, rounds, lanes (OWASP, Password Storage Cheat Sheet).
const COSTS: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes worked at once by this process.
const AT_ONCE: usize = 2;
/// How long somebody waits for their turn.
const TURN: Duration = Duration::from_secs(8);
/// What is compared where there is no password: no password gives this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Seconds after a sign-in in which a password may be set: a browser left open is not enough.
const FRESH: i64 = 600;

/// Places for hashes under way.
pub struct Hashing(Arc<Semaphore>);

impl Default for Hashing {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hashing {
    /// A place; `None`: too many are waiting.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(TURN, self.0.clone().acquire_owned()).await.ok()?.ok()
    }
}

/// Opens a session for whoever has this lower-case address and this password.
///
/// # Errors
/// [`SignInRefused`].
pub async fn sign_in(
    desk: &Desk,
    (email, password): (&str, &str),
    asking: Asking,
    client: IpAddr,
) -> Result<PersonId, SignInRefused> {
    let Asking { session, before, language } = asking;
    proven(desk, (email, password), client, async |person, hash| {
        let now = desk.clock.now();
        let enter = Enter { person, session, before, password: Some(hash), how: "by password", language, now };
        match desk.db.run(enter).await {
            Ok(person) => Ok(Some(person)),
            Err(LinkRefused::Spent) => Ok(None),
            Err(LinkRefused::Db(error)) => Err(error),
        }
    })
    .await
}

/// Lets somebody do something who knows the password of this lower-case address: `then` gets who has it and the hash it
/// was compared with; `None` from it counts as a wrong password.
async fn proven<T>(
    desk: &Desk,
    (email, password): (&str, &str),
    client: IpAddr,
    then: impl AsyncFnOnce(PersonId, String) -> Result<Option<T>, DbError>,
) -> Result<T, SignInRefused> {
    let buckets = Buckets::of(&desk.keys, Some(email), client);
    let Some(place) = desk.hashing.place().await else { return Err(SignInRefused::TooMany { retry_after: 10 }) };
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    if desk.config.rate_limits
        && let Some(retry_after) = failures::wait(&mut conn, &buckets, now).await?
    {
        return Err(SignInRefused::TooMany { retry_after });
    }
    let stored = passwords::stored(&mut conn, email).await?;
    drop(conn);
    let (person, hash) = stored.map_or((None, None), |(person, hash)| (Some(person), hash));
    let right = verified(hash.clone().unwrap_or_else(|| NOBODY.into()), password.to_owned()).await?;
    let done = match (person.filter(|_| right), hash) {
        (Some(person), Some(hash)) => then(person, hash).await?,
        _ => None,
    };
    if done.is_none() && desk.config.rate_limits {
        desk.db.run(CountFailure { buckets, now }).await?;
    }
    // Only now may the next one be looked at, so that no more than these few slip in above the limit.
    drop(place);
    done.ok_or(SignInRefused::Wrong)
}

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordRefused {
    /// The sign-in is older than ten minutes.
    #[error("sign in again first")]
    Stale,
    /// The present password is another one.
    #[error("this is not the present password")]
    Wrong,
    /// There were too many wrong ones.
    #[error("there were many wrong passwords; wait a little")]
    TooMany {
        /// Seconds.
        retry_after: i64,
    },
    /// Too short or too long.
    #[error("a password has {SHORTEST} to {LONGEST} characters")]
    Length,
    /// One that everybody tries first.
    #[error("this password is among those that are tried first")]
    Common,
    /// Too many are being set at this moment.
    #[error("the server is busy")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Sets the password of somebody who has just signed in; `None` removes it.
///
/// # Errors
/// [`PasswordRefused`].
pub async fn set(desk: &Desk, visitor: &SignedIn, password: Option<&str>) -> Result<(), PasswordRefused> {
    if !is_fresh(visitor, desk.clock.now()) {
        return Err(PasswordRefused::Stale);
    }
    let hash = new_hash(desk, &visitor.person, password).await?;
    let (person, session, now) = (visitor.person.id, Some(visitor.session), desk.clock.now());
    desk.db.run(SetPassword { person, session, hash, instead_of: None, now }).await?;
    Ok(())
}

/// Sets the password of somebody who gives the present one, where no browser shows when they signed in; `None` removes
/// it. Wrong ones are counted as in the sign-in form. Every browser is signed out.
///
/// # Errors
/// [`PasswordRefused`]; `Stale` when there is no present one.
pub async fn replace(
    desk: &Desk,
    person: &Person,
    (current, password): (&str, Option<&str>),
    client: IpAddr,
) -> Result<(), PasswordRefused> {
    if !passwords::has(&mut desk.db.read().await?, person.id).await? {
        return Err(PasswordRefused::Stale);
    }
    let hash = new_hash(desk, person, password).await?;
    let replaced = proven(desk, (&person.email, current), client, async |owner, old| {
        if owner != person.id {
            return Ok(None);
        }
        let (session, instead_of, now) = (None, Some(old), desk.clock.now());
        let set = desk.db.run(SetPassword { person: owner, session, hash, instead_of, now }).await?;
        Ok(set.then_some(()))
    });
    match replaced.await {
        Ok(()) => Ok(()),
        Err(SignInRefused::Wrong) => Err(PasswordRefused::Wrong),
        Err(SignInRefused::TooMany { retry_after }) => Err(PasswordRefused::TooMany { retry_after }),
        Err(SignInRefused::Db(error)) => Err(error.into()),
    }
}

async fn new_hash(desk: &Desk, person: &Person, password: Option<&str>) -> Result<Option<String>, PasswordRefused> {
    let Some(password) = password else { return Ok(None) };
    check(password, &person.email, &person.name)?;
    let _place = desk.hashing.place().await.ok_or(PasswordRefused::Busy)?;
    Ok(Some(hashed(password.to_owned()).await?))
}

/// Whether somebody has just signed in.
pub fn is_fresh(visitor: &SignedIn, now: i64) -> bool {
    now - visitor.since < FRESH
}

fn check(password: &str, email: &str, name: &str) -> Result<(), PasswordRefused> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(PasswordRefused::Length);
    }
    if is_poor(password, email, name) { Err(PasswordRefused::Common) } else { Ok(()) }
}

async fn hashed(password: String) -> Result<String, DbError> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| DbError::Damaged(error.to_string()))?;
    let hash = off_thread(move || work(&password, &salt, COSTS)).await?;
    let (memory, rounds, lanes) = COSTS;
    let (salt, hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash));
    Ok(format!("$argon2id$v=19$m={memory},t={rounds},p={lanes}${salt}${hash}"))
}

async fn verified(stored: String, password: String) -> Result<bool, DbError> {
    let (costs, salt, hash) =
        read(&stored).ok_or_else(|| DbError::Damaged("a stored password cannot be read".into()))?;
    let made = off_thread(move || work(&password, &salt, costs)).await?;
    Ok(made.ct_eq(hash.as_slice()).into())
}

async fn off_thread(
    work: impl FnOnce() -> Result<[u8; 32], argon2::Error> + Send + 'static,
) -> Result<[u8; 32], DbError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| DbError::Damaged(error.to_string()))?;
    done.map_err(|error| DbError::Damaged(error.to_string()))
}

fn work(password: &str, salt: &[u8], (memory, rounds, lanes): (u32, u32, u32)) -> Result<[u8; 32], argon2::Error> {
    let params = Params::new(memory, rounds, lanes, None)?;
    let mut hash = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        password.as_bytes(),
        salt,
        &mut hash,
    )?;
    Ok(hash)
}

type Stored = ((u32, u32, u32), Vec<u8>, Vec<u8>);

/// Takes PHC's text form apart.
fn read(stored: &str) -> Option<Stored> {
    let rest = stored.strip_prefix("$argon2id$v=19$")?;
    let mut parts = rest.split('$');
    let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let cost = |name: &str| {
        costs
            .split(',')
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
            .and_then(|number| number.parse().ok())
    };
    let bytes = |text: &str| BASE64_NOPAD.decode(text.as_bytes()).ok();
    Some(((cost("m")?, cost("t")?, cost("p")?), bytes(salt)?, bytes(hash)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone_and_nobody_none() {
        let one = hashed("correct horse".into()).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, hashed("correct horse".into()).await.unwrap(), "salted");
        assert!(verified(one.clone(), "correct horse".into()).await.unwrap());
        assert!(!verified(one, "Correct horse".into()).await.unwrap());
        assert!(!verified(NOBODY.into(), String::new()).await.unwrap());
        assert_eq!(read(NOBODY).map(|(costs, salt, hash)| (costs, salt.len(), hash.len())), Some((COSTS, 16, 32)));
        assert!(verified("$2y$nonsense".into(), "x".into()).await.is_err());
    }

    #[test]
    fn costs_are_read_from_what_is_stored() {
        let stored = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$AAAA";
        assert_eq!(read(stored).unwrap().0, (65536, 3, 4));
        assert_eq!(read(stored).unwrap().1, b"somesalt");
    }

    #[test]
    fn the_poorest_passwords_are_refused() {
        let verdict = |password: &str| check(password, "ana.silva@example.org", "Ana Silva");
        for poor in ["Password1", "ANA.SILVA", "ana silva", "aaaaaaaaa", "ana.silva@example.org"] {
            assert!(matches!(verdict(poor), Err(PasswordRefused::Common)), "{poor}");
        }
        for wrong in ["short", &"x".repeat(257)] {
            assert!(matches!(verdict(wrong), Err(PasswordRefused::Length)), "{wrong}");
        }
        for good in ["drei Äpfel im Korb", &"ab".repeat(128), "8 Zeich."] {
            assert!(verdict(good).is_ok(), "{good}");
        }
    }
}
