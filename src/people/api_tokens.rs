//! API tokens: random, shown once, for `/api/v1` only, looked up by digest (RFC 6750). A token may do what its owner
//! may, until it is taken back, or its owner banned or removed.

use sqlx::FromRow;

use super::{Person, PersonId};
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{AsDbError, Command, Conn, DbError, Tx, new_id};
use crate::keys;

/// Key of a token.
pub type TokenId = i64;

/// Tokens one person may have.
pub const MOST: i64 = 50;
/// How exactly it is known when a token was last used, seconds.
const USED_EVERY: i64 = 3_600;

/// Makes a token; its digest is stored, the caller keeps the secret to show it once.
#[derive(Debug)]
pub struct CreateApiToken {
    /// Whose.
    pub person: PersonId,
    /// What it is for, in the person's words.
    pub label: String,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
    /// Who makes it; `None`: the command line.
    pub by: Option<PersonId>,
    /// The token with which it is made by API: it ends with that one, so that a stolen token leaves nothing behind.
    pub with: Option<TokenId>,
    /// UTC seconds.
    pub now: i64,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum ApiTokenRefused {
    /// The person has [`MOST`].
    #[error("there are {MOST} API tokens already; remove one first")]
    TooMany,
    /// Whoever may do nothing gets no token, and a token that was taken back makes none.
    #[error("this person is banned or has been removed, or the token has been taken back")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for ApiTokenRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::TooMany | Self::NotAllowed => None,
        }
    }
}

impl Command for CreateApiToken {
    type Output = ();
    type Refusal = ApiTokenRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), ApiTokenRefused> {
        super::lock(tx, &[self.person]).await?;
        let (count,): (i64,) = tx.one("SELECT COUNT(*) FROM api_tokens WHERE person = $1", args![self.person]).await?;
        if count >= MOST {
            return Err(ApiTokenRefused::TooMany);
        }
        if !still_there(tx, self.with).await? {
            return Err(ApiTokenRefused::NotAllowed);
        }
        let sql = "INSERT INTO api_tokens (id, person, auth_epoch, label, digest, made_with, created)
                   SELECT $1, id, auth_epoch, $3, $4, $5, $6 FROM people WHERE id = $2 AND NOT banned";
        let values = args![new_id(), self.person, &self.label, self.digest.clone(), self.with, self.now];
        if tx.execute(sql, values).await? == 0 {
            return Err(ApiTokenRefused::NotAllowed);
        }
        let detail = if self.with.is_some() { "with another token" } else { "" };
        let entry = Entry { actor: self.by, action: "token made", object: Some(self.person), detail };
        audit::write(tx, &entry, self.now).await?;
        Ok(())
    }
}

/// Whether the token with which something is to be made has not been taken back meanwhile. Its owner must be locked.
pub(super) async fn still_there(tx: &mut Tx, with: Option<TokenId>) -> Result<bool, DbError> {
    let Some(token) = with else { return Ok(true) };
    let row: Option<(i64,)> = tx.optional("SELECT id FROM api_tokens WHERE id = $1", args![token]).await?;
    Ok(row.is_some())
}

/// Takes a token back with everything that was made with it, and with those again; the programs that have them are
/// refused at their next request. Answers whether there was one.
#[derive(Debug)]
pub struct RevokeApiToken {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: TokenId,
    /// UTC seconds.
    pub now: i64,
}

/// A token and everything made with it, in any number of steps.
macro_rules! with_successors {
    ($what:literal) => {
        concat!(
            "WITH RECURSIVE line (id) AS (SELECT id FROM api_tokens WHERE person = $1 AND id = $2
                 UNION SELECT t.id FROM api_tokens t JOIN line ON t.made_with = line.id) ",
            $what
        )
    };
}

impl Command for RevokeApiToken {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        super::lock(tx, &[self.person]).await?;
        let sql = with_successors!("DELETE FROM app_passwords WHERE made_with IN (SELECT id FROM line)");
        let passwords = tx.execute(sql, args![self.person, self.id]).await?;
        let sql = with_successors!("DELETE FROM api_tokens WHERE id IN (SELECT id FROM line)");
        let tokens = tx.execute(sql, args![self.person, self.id]).await?;
        if tokens > 0 {
            let person = Some(self.person);
            let detail = match (tokens - 1, passwords) {
                (0, 0) => String::new(),
                (tokens, passwords) => format!("and made with it: tokens {tokens}, app passwords {passwords}"),
            };
            let entry = Entry { actor: person, action: "token removed", object: person, detail: &detail };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(tokens > 0)
    }
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiToken {
    /// Names it.
    pub id: TokenId,
    /// The token with which it was made, if any.
    pub made_with: Option<TokenId>,
    /// What it is for.
    pub label: String,
    /// UTC seconds.
    pub created: i64,
    /// To the hour, UTC seconds; `None`: never.
    pub last_used: Option<i64>,
}

/// A person's tokens, the newest first.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Vec<ApiToken>, DbError> {
    conn.all(
        "SELECT id, made_with, label, created, last_used FROM api_tokens WHERE person = $1 ORDER BY created DESC, id DESC",
        args![person],
    )
    .await
}

/// Whose token was given.
#[derive(Debug, Clone, FromRow)]
pub struct TokenOwner {
    /// Names the token.
    pub token: TokenId,
    /// When it was last used, to the hour.
    pub last_used: Option<i64>,
    /// Who.
    #[sqlx(flatten)]
    pub person: Person,
}

impl TokenOwner {
    /// Whether [`TokenUsed`] should be recorded.
    pub fn is_due(&self, now: i64) -> bool {
        self.last_used.is_none_or(|used| now - used >= USED_EVERY)
    }
}

/// The person who may use the API with this token: one indexed look-up.
///
/// # Errors
/// [`DbError`].
pub async fn owner_of(conn: &mut Conn, secret: &str) -> Result<Option<TokenOwner>, DbError> {
    conn.optional(
        "SELECT t.id AS token, t.last_used,
                p.id, p.email, p.name, p.timezone, p.language, p.admin, p.banned, p.version, p.slots, p.auth_epoch,
                p.picture
         FROM api_tokens t JOIN people p ON p.id = t.person
         WHERE t.digest = $1 AND t.auth_epoch = p.auth_epoch AND NOT p.banned",
        args![keys::digest(secret)],
    )
    .await
}

/// Records that a token was used.
#[derive(Debug)]
pub struct TokenUsed {
    /// Which.
    pub token: i64,
    /// UTC seconds.
    pub now: i64,
}

impl Command for TokenUsed {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("UPDATE api_tokens SET last_used = $2 WHERE id = $1", args![self.token, self.now]).await?;
        Ok(())
    }
}
