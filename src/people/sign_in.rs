//! Sign-in by a one-use link, and the browser sessions that follow.

use super::{Person, PersonId};
use crate::args;
use crate::db::{AsDbError, Command, Conn, DbError, Tx};
use crate::keys;

/// How long a mailed link works, seconds.
pub const LINK_LIFETIME: i64 = 600;
/// How long a browser stays signed in, seconds.
pub const SESSION_LIFETIME: i64 = 30 * 86_400;

/// Makes a sign-in link; the newest one voids older ones.
#[derive(Debug)]
pub struct CreateLink {
    /// Whose.
    pub person: PersonId,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
    /// UTC seconds.
    pub expires: i64,
}

impl Command for CreateLink {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("DELETE FROM sign_in_links WHERE person = $1", args![self.person]).await?;
        tx.execute(
            "INSERT INTO sign_in_links (digest, person, expires) VALUES ($1, $2, $3)",
            args![self.digest.clone(), self.person, self.expires],
        )
        .await?;
        Ok(())
    }
}

/// Uses a link once and opens a session.
#[derive(Debug)]
pub struct UseLink {
    /// [`keys::digest`] of the link's secret.
    pub link: Vec<u8>,
    /// [`keys::digest`] of the new session's secret.
    pub session: Vec<u8>,
    /// UTC seconds.
    pub now: i64,
}

/// Why a link does not sign in.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefused {
    /// Unknown, used or too old.
    #[error("this link has been used or is too old")]
    Spent,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for LinkRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            LinkRefused::Db(error) => Some(error),
            LinkRefused::Spent => None,
        }
    }
}

impl Command for UseLink {
    type Output = PersonId;
    type Refusal = LinkRefused;

    async fn run(&self, tx: &mut Tx) -> Result<PersonId, LinkRefused> {
        let row: Option<(i64,)> = tx
            .optional(
                "UPDATE sign_in_links SET used = $2 WHERE digest = $1 AND used IS NULL AND expires > $2
                 AND person IN (SELECT id FROM people WHERE NOT banned) RETURNING person",
                args![self.link.clone(), self.now],
            )
            .await?;
        let (person,) = row.ok_or(LinkRefused::Spent)?;
        tx.execute(
            "INSERT INTO web_sessions (digest, person, auth_epoch, created, expires)
             SELECT $1, id, auth_epoch, $3, $4 FROM people WHERE id = $2",
            args![self.session.clone(), person, self.now, self.now + SESSION_LIFETIME],
        )
        .await?;
        Ok(person)
    }
}

/// Ends a browser session.
#[derive(Debug)]
pub struct SignOut {
    /// [`keys::digest`] of the session's secret.
    pub session: Vec<u8>,
}

impl Command for SignOut {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("DELETE FROM web_sessions WHERE digest = $1", args![self.session.clone()]).await?;
        Ok(())
    }
}

/// Whether a link would still sign somebody in (for the page that shows the button; using it is [`UseLink`]).
///
/// # Errors
/// [`DbError`].
pub async fn link_is_good(conn: &mut Conn, secret: &str, now: i64) -> Result<bool, DbError> {
    let row: Option<(i64,)> = conn
        .optional(
            "SELECT person FROM sign_in_links WHERE digest = $1 AND used IS NULL AND expires > $2",
            args![keys::digest(secret), now],
        )
        .await?;
    Ok(row.is_some())
}

/// Who is signed in with this session's secret.
///
/// # Errors
/// [`DbError`].
pub async fn person_of_session(conn: &mut Conn, secret: &str, now: i64) -> Result<Option<Person>, DbError> {
    conn.optional(
        "SELECT p.id, p.email, p.name, p.timezone, p.admin, p.banned, p.version, p.slots, p.auth_epoch
         FROM web_sessions s JOIN people p ON p.id = s.person
         WHERE s.digest = $1 AND s.expires > $2 AND s.auth_epoch = p.auth_epoch AND NOT p.banned",
        args![keys::digest(secret), now],
    )
    .await
}
