//! Another mail address for somebody: asked for, proved by a link that is mailed there, and then theirs.

use sqlx::FromRow;

use super::{Locked, PersonId};
use crate::args;
use crate::db::{Command, Conn, DbError, Tx};
use crate::keys;

/// How long the link works, seconds.
pub const LINK_LIFETIME: i64 = 3_600;
/// How long what was asked for is kept, for the mails about it, seconds.
pub(super) const KEPT: i64 = 4 * 86_400;
/// Former addresses that are remembered.
const MOST_FORMER: usize = 5;

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Wish {
    /// Who.
    pub person: PersonId,
    /// Their address when they asked.
    pub was: String,
    /// The new one.
    pub email: String,
    /// UTC seconds.
    pub expires: i64,
}

const COLUMNS: &str = "person, was, email, expires";

/// Notes what somebody wants; an older wish is void.
///
/// # Errors
/// [`DbError`].
pub async fn ask(tx: &mut Tx, request: i64, wish: &Wish) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO address_changes (person, was, email, request, expires) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person) DO UPDATE SET was = excluded.was, email = excluded.email, request = excluded.request,
             digest = NULL, expires = excluded.expires",
        args![wish.person, &wish.was, &wish.email, request, wish.expires],
    )
    .await?;
    Ok(())
}

/// The wish with this name, while it is the person's newest.
///
/// # Errors
/// [`DbError`].
pub async fn asked(conn: &mut Conn, request: i64) -> Result<Option<Wish>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM address_changes WHERE request = $1");
    conn.optional(sqlx::AssertSqlSafe(sql), args![request]).await
}

/// Keeps the digest of the secret about to be mailed. Answers `false` when a newer wish has taken its place.
#[derive(Debug)]
pub struct Issue {
    /// The wish.
    pub request: i64,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
}

impl Command for Issue {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let sql = "UPDATE address_changes SET digest = $2 WHERE request = $1";
        Ok(tx.execute(sql, args![self.request, self.digest.clone()]).await? > 0)
    }
}

/// The wish of this person whose link has this secret, while it works.
///
/// # Errors
/// [`DbError`].
pub async fn linked(conn: &mut Conn, person: PersonId, secret: &str, now: i64) -> Result<Option<Wish>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM address_changes WHERE digest = $1 AND person = $2 AND expires > $3");
    conn.optional(sqlx::AssertSqlSafe(sql), args![keys::digest(secret), person, now]).await
}

/// Gives somebody their new address, which nobody has. Links on their way to the old one end; calendar apps that know
/// the old one go on.
///
/// # Errors
/// [`DbError`].
pub async fn replace(tx: &mut Tx, locked: &Locked, wish: &Wish) -> Result<(), DbError> {
    if !locked.holds(wish.person) {
        return Ok(());
    }
    let (email, former): (String, String) =
        tx.one("SELECT email, former_emails FROM people WHERE id = $1", args![wish.person]).await?;
    let all = former.split_whitespace().chain([email.as_str()]).filter(|one| *one != wish.email);
    let all: Vec<&str> = all.collect();
    let kept: String = all[all.len().saturating_sub(MOST_FORMER)..].iter().map(|one| format!(" {one}")).collect();
    tx.execute("UPDATE people SET email = $2, former_emails = $3 WHERE id = $1", args![wish.person, &wish.email, kept])
        .await?;
    tx.execute("DELETE FROM sign_in_links WHERE person = $1", args![wish.person]).await?;
    // The link has been used; what was asked for stays a while, for the notice to the old address.
    tx.execute("UPDATE address_changes SET digest = NULL WHERE person = $1", args![wish.person]).await?;
    Ok(())
}
