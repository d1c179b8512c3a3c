//! Sign-in by a one-use link, and what every way of signing in ends with ([`Enter`]).
//!
//! A person has one link at a time. The page asks for it ([`ask`]), the job that mails it makes the secret
//! ([`IssueLink`]), a button uses it up ([`UseLink`]).

use sqlx::FromRow;

use super::PersonId;
use super::web_sessions::{NewSession, open};
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{AsDbError, Command, Conn, DbError, Tx, new_id};
use crate::keys;
use crate::language::Language;

/// How long a mailed link works, seconds.
pub const LINK_LIFETIME: i64 = 600;

/// Makes a sign-in link without a mail; it voids an older one.
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
        tx.execute(
            "INSERT INTO sign_in_links (person, request, digest, expires) VALUES ($1, $2, $3, $4)
             ON CONFLICT (person) DO UPDATE SET request = excluded.request, digest = excluded.digest, browser = NULL,
                 expires = excluded.expires, used = NULL",
            args![self.person, new_id(), self.digest.clone(), self.expires],
        )
        .await?;
        Ok(())
    }
}

/// Asks for a link to be mailed, named `request`; it voids an older one. For an address nobody has, and for somebody
/// banned, the same statement writes nothing.
///
/// `browser`: [`keys::digest`] of the asking browser's cookie. `expires`: UTC seconds.
///
/// # Errors
/// [`DbError`].
pub async fn ask(tx: &mut Tx, email: &str, request: i64, browser: &[u8], expires: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO sign_in_links (person, request, browser, expires)
         SELECT id, $2, $3, $4 FROM people WHERE email = $1 AND NOT banned
         ON CONFLICT (person) DO UPDATE SET request = excluded.request, digest = NULL, browser = excluded.browser,
             expires = excluded.expires, used = NULL",
        args![email, request, browser, expires],
    )
    .await?;
    Ok(())
}

/// To whom a link that was asked for goes.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Asked {
    /// Address.
    pub email: String,
    /// UTC seconds.
    pub expires: i64,
    /// Code of the language they read; `None`: nobody has said.
    pub language: Option<String>,
}

/// The request with this name, while it is the person's newest one and can still be answered.
///
/// # Errors
/// [`DbError`].
pub async fn asked(conn: &mut Conn, request: i64, now: i64) -> Result<Option<Asked>, DbError> {
    conn.optional(
        "SELECT p.email, l.expires, p.language FROM sign_in_links l JOIN people p ON p.id = l.person
         WHERE l.request = $1 AND l.used IS NULL AND l.expires > $2 AND NOT p.banned",
        args![request, now],
    )
    .await
}

/// Keeps the digest of the secret about to be mailed. Answers `false` when a newer request has taken its place.
#[derive(Debug)]
pub struct IssueLink {
    /// The request.
    pub request: i64,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
}

impl Command for IssueLink {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let changed = tx
            .execute(
                "UPDATE sign_in_links SET digest = $2 WHERE request = $1 AND used IS NULL",
                args![self.request, self.digest.clone()],
            )
            .await?;
        Ok(changed > 0)
    }
}

/// A link that would still sign somebody in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Link {
    /// Whom: their address.
    pub email: String,
    /// [`keys::digest`] of the cookie of the browser that asked; `None`: no browser did.
    pub browser: Option<Vec<u8>>,
}

/// The link with this secret, if it still works. Looking does not use it up.
///
/// # Errors
/// [`DbError`].
pub async fn link(conn: &mut Conn, secret: &str, now: i64) -> Result<Option<Link>, DbError> {
    conn.optional(
        "SELECT p.email, l.browser FROM sign_in_links l JOIN people p ON p.id = l.person
         WHERE l.digest = $1 AND l.used IS NULL AND l.expires > $2 AND NOT p.banned",
        args![keys::digest(secret), now],
    )
    .await
}

/// Uses a link once and opens a session.
#[derive(Debug)]
pub struct UseLink {
    /// [`keys::digest`] of the link's secret.
    pub link: Vec<u8>,
    /// The session it opens.
    pub session: NewSession,
    /// [`keys::digest`] of the secret of the session the browser had before, which ends.
    pub before: Option<Vec<u8>>,
    /// The language of the page; kept when the person has never said which they read.
    pub language: Language,
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
        begin(tx, person, &self.session, self.before.as_deref(), "by link", self.language, self.now).await?;
        Ok(person)
    }
}

/// Signs somebody in who has shown otherwise who they are.
#[derive(Debug)]
pub struct Enter {
    /// Who.
    pub person: PersonId,
    /// The session it opens.
    pub session: NewSession,
    /// [`keys::digest`] of the secret of the session the browser had before, which ends.
    pub before: Option<Vec<u8>>,
    /// The password's hash that was right; changed meanwhile, it is refused.
    pub password: Option<String>,
    /// How, for the log of changes: `by password`.
    pub how: &'static str,
    /// Of the page; theirs from now on, if they have said none before.
    pub language: Language,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Enter {
    type Output = PersonId;
    type Refusal = LinkRefused;

    async fn run(&self, tx: &mut Tx) -> Result<PersonId, LinkRefused> {
        let sql = "SELECT id FROM people WHERE id = $1 AND NOT banned AND ($2 IS NULL OR password = $2)";
        let row: Option<(PersonId,)> = tx.optional(sql, args![self.person, self.password.clone()]).await?;
        row.ok_or(LinkRefused::Spent)?;
        begin(tx, self.person, &self.session, self.before.as_deref(), self.how, self.language, self.now).await?;
        Ok(self.person)
    }
}

async fn begin(
    tx: &mut Tx,
    person: PersonId,
    session: &NewSession,
    before: Option<&[u8]>,
    how: &str,
    language: Language,
    now: i64,
) -> Result<(), DbError> {
    if let Some(before) = before {
        tx.execute("DELETE FROM web_sessions WHERE digest = $1", args![before]).await?;
    }
    open(tx, person, session, now).await?;
    let sql = "UPDATE people SET language = $2 WHERE id = $1 AND language IS NULL";
    tx.execute(sql, args![person, language.code()]).await?;
    let entry = Entry { actor: Some(person), action: "signed in", object: Some(person), detail: how };
    audit::write(tx, &entry, now).await
}
