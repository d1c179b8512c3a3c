//! The browsers a person is signed in with.

use sqlx::FromRow;

use super::{Person, PersonId};
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{Command, Conn, DbError, Tx, new_id};
use crate::keys;

/// How long a browser stays signed in, seconds.
pub const SESSION_LIFETIME: i64 = 30 * 86_400;
/// How exactly it is known when a browser was last seen, seconds.
const SEEN_EVERY: i64 = 3_600;
/// Sessions listed.
const MOST: i64 = 100;

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// [`keys::digest`] of its secret.
    pub digest: Vec<u8>,
    /// The browser in words, such as `Firefox, Linux`.
    pub browser: String,
}

/// Opens a session.
pub(super) async fn open(tx: &mut Tx, person: PersonId, session: &NewSession, now: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO web_sessions (digest, id, person, auth_epoch, browser, seen, created, expires)
         SELECT $1, $2, id, auth_epoch, $3, $4, $4, $5 FROM people WHERE id = $6",
        args![session.digest.clone(), new_id(), &session.browser, now, now + SESSION_LIFETIME, person],
    )
    .await?;
    Ok(())
}

/// Somebody signed in.
#[derive(Debug, Clone, FromRow)]
pub struct SignedIn {
    /// Names the session.
    pub session: i64,
    /// When it was last seen, to the hour; UTC seconds.
    pub seen: i64,
    /// When it began, UTC seconds.
    pub since: i64,
    /// Who.
    #[sqlx(flatten)]
    pub person: Person,
}

impl SignedIn {
    /// Whether [`Seen`] should be recorded.
    pub fn is_due(&self, now: i64) -> bool {
        now - self.seen >= SEEN_EVERY
    }
}

/// Who is signed in with this session's secret.
///
/// # Errors
/// [`DbError`].
pub async fn find(conn: &mut Conn, secret: &str, now: i64) -> Result<Option<SignedIn>, DbError> {
    conn.optional(
        "SELECT s.id AS session, s.seen, s.created AS since,
                p.id, p.email, p.name, p.timezone, p.language, p.admin, p.banned, p.version, p.slots, p.auth_epoch,
                p.picture
         FROM web_sessions s JOIN people p ON p.id = s.person
         WHERE s.digest = $1 AND s.expires > $2 AND s.auth_epoch = p.auth_epoch AND NOT p.banned",
        args![keys::digest(secret), now],
    )
    .await
}

/// One browser as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Browser {
    /// Names the session.
    pub id: i64,
    /// In words; may be empty.
    pub browser: String,
    /// To the hour; UTC seconds.
    pub seen: i64,
    /// UTC seconds.
    pub created: i64,
}

/// The browsers a person is signed in with, the one last seen first.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, person: PersonId, now: i64) -> Result<Vec<Browser>, DbError> {
    conn.all(
        "SELECT s.id, s.browser, s.seen, s.created FROM web_sessions s JOIN people p ON p.id = s.person
         WHERE s.person = $1 AND s.expires > $2 AND s.auth_epoch = p.auth_epoch ORDER BY s.seen DESC, s.id LIMIT $3",
        args![person, now, MOST],
    )
    .await
}

/// Records that a browser was seen.
#[derive(Debug)]
pub struct Seen {
    /// The session.
    pub session: i64,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Seen {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("UPDATE web_sessions SET seen = $2 WHERE id = $1", args![self.session, self.now]).await?;
        Ok(())
    }
}

/// Signs a person's browsers out; answers how many.
#[derive(Debug)]
pub struct SignOut {
    /// Whose.
    pub person: PersonId,
    /// One session; `None`: all of them.
    pub session: Option<i64>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SignOut {
    type Output = u64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        let gone = match self.session {
            Some(session) => {
                tx.execute("DELETE FROM web_sessions WHERE person = $1 AND id = $2", args![self.person, session])
                    .await?
            }
            None => tx.execute("DELETE FROM web_sessions WHERE person = $1", args![self.person]).await?,
        };
        if gone > 0 {
            let (person, detail) = (Some(self.person), format!("browsers: {gone}"));
            let entry = Entry { actor: person, action: "signed out", object: person, detail: &detail };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(gone)
    }
}

/// Forgets sessions and sign-in links that have run out.
#[derive(Debug)]
pub struct Purge {
    /// UTC seconds.
    pub now: i64,
}

impl Command for Purge {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("DELETE FROM web_sessions WHERE expires <= $1", args![self.now]).await?;
        tx.execute("DELETE FROM sign_in_links WHERE expires <= $1", args![self.now]).await?;
        let kept = self.now - super::address::KEPT;
        tx.execute("DELETE FROM address_changes WHERE expires <= $1", args![kept]).await?;
        Ok(())
    }
}
