//! App passwords: random, shown once, for CalDAV only, looked up by digest.

use sqlx::FromRow;

use super::api_tokens::{TokenId, still_there};
use super::failures::{self, Buckets};
use super::{Person, PersonId};
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{AsDbError, Command, Conn, DbError, Tx, new_id};
use crate::keys;

/// Passwords one person may have.
pub const MOST: i64 = 50;
/// How exactly it is known when a password was last used, seconds.
const USED_EVERY: i64 = 3_600;

/// Makes an app password; its digest is stored, the caller keeps the secret to show it once.
#[derive(Debug)]
pub struct CreateAppPassword {
    /// Whose.
    pub person: PersonId,
    /// What it is for, in the person's words.
    pub label: String,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
    /// Who makes it; `None`: the command line, or somebody without an account.
    pub by: Option<PersonId>,
    /// The API token with which it is made: it ends with that one.
    pub with: Option<TokenId>,
    /// UTC seconds.
    pub now: i64,
}

/// Why no app password was made.
#[derive(Debug, thiserror::Error)]
pub enum AppPasswordRefused {
    /// The person has [`MOST`].
    #[error("there are {MOST} app passwords already; remove one first")]
    TooMany,
    /// The token has been taken back.
    #[error("the token has been taken back")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for AppPasswordRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::TooMany | Self::NotAllowed => None,
        }
    }
}

impl Command for CreateAppPassword {
    type Output = ();
    type Refusal = AppPasswordRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AppPasswordRefused> {
        super::lock(tx, &[self.person]).await?;
        let (count,): (i64,) =
            tx.one("SELECT COUNT(*) FROM app_passwords WHERE person = $1", args![self.person]).await?;
        if count >= MOST {
            return Err(AppPasswordRefused::TooMany);
        }
        if !still_there(tx, self.with).await? {
            return Err(AppPasswordRefused::NotAllowed);
        }
        tx.execute(
            "INSERT INTO app_passwords (id, person, label, digest, made_with, created) VALUES ($1, $2, $3, $4, $5, $6)",
            args![new_id(), self.person, &self.label, self.digest.clone(), self.with, self.now],
        )
        .await?;
        let detail = if self.with.is_some() { "with a token" } else { "" };
        let entry = Entry { actor: self.by, action: "app password made", object: Some(self.person), detail };
        audit::write(tx, &entry, self.now).await?;
        Ok(())
    }
}

/// Takes an app password back; the app that has it is asked for another one at its next request. Answers whether there
/// was one.
#[derive(Debug)]
pub struct RevokeAppPassword {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: i64,
    /// UTC seconds.
    pub now: i64,
}

impl Command for RevokeAppPassword {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let sql = "DELETE FROM app_passwords WHERE person = $1 AND id = $2";
        let gone = tx.execute(sql, args![self.person, self.id]).await? > 0;
        if gone {
            let person = Some(self.person);
            let entry = Entry { actor: person, action: "app password removed", object: person, detail: "" };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(gone)
    }
}

/// An app password as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AppPassword {
    /// Names it.
    pub id: i64,
    /// The API token with which it was made, if any.
    pub made_with: Option<TokenId>,
    /// What it is for.
    pub label: String,
    /// UTC seconds.
    pub created: i64,
    /// To the hour, UTC seconds; `None`: never.
    pub last_used: Option<i64>,
}

/// A person's app passwords, the newest first.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Vec<AppPassword>, DbError> {
    conn.all(
        "SELECT id, made_with, label, created, last_used FROM app_passwords WHERE person = $1 ORDER BY created DESC, id DESC",
        args![person],
    )
    .await
}

/// Whose app password was given.
#[derive(Debug, Clone, FromRow)]
pub struct Owner {
    /// Names the password.
    pub app_password: i64,
    /// When it was last used, to the hour.
    pub last_used: Option<i64>,
    /// Addresses they had before, white space between.
    pub former_emails: String,
    /// Who.
    #[sqlx(flatten)]
    pub person: Person,
}

impl Owner {
    /// Whether this lower-case address is theirs or was.
    pub fn answers_to(&self, email: &str) -> bool {
        self.person.email == email || self.former_emails.split_whitespace().any(|former| former == email)
    }

    /// Whether [`Used`] should be recorded.
    pub fn is_due(&self, now: i64) -> bool {
        self.last_used.is_none_or(|used| now - used >= USED_EVERY)
    }
}

/// The person who may use CalDAV with this address and app password: one indexed look-up, no password hashing.
///
/// Case, spaces and hyphens in the secret do not matter: people type it on phones. `unless`: nobody, when the account
/// has failed too often from there.
///
/// # Errors
/// [`DbError`].
pub async fn owner_of(
    conn: &mut Conn,
    email: &str,
    secret: &str,
    unless: Option<&Buckets>,
    now: i64,
) -> Result<Option<Owner>, DbError> {
    let secret: String = secret
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .map(|character| character.to_ascii_lowercase())
        .take(64)
        .collect();
    if secret.is_empty() {
        return Ok(None);
    }
    conn.optional(
        "SELECT a.id AS app_password, a.last_used, p.former_emails,
                p.id, p.email, p.name, p.timezone, p.language, p.admin, p.banned, p.version, p.slots, p.auth_epoch,
                p.picture
         FROM app_passwords a JOIN people p ON p.id = a.person
         WHERE a.digest = $1 AND (p.email = $2 OR p.former_emails <> '') AND NOT p.banned
             AND NOT EXISTS (SELECT 1 FROM attempts WHERE bucket = $3 AND period = $4 AND count >= $5)",
        args![
            keys::digest(&secret),
            email.trim().to_lowercase(),
            unless.map_or("", |buckets| &buckets.own),
            failures::LIMIT.period(now),
            failures::LIMIT.most
        ],
    )
    .await
}

/// Records that an app password was used.
#[derive(Debug)]
pub struct Used {
    /// Which.
    pub app_password: i64,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Used {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("UPDATE app_passwords SET last_used = $2 WHERE id = $1", args![self.app_password, self.now]).await?;
        Ok(())
    }
}
