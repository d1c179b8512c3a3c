//! App passwords: random, shown once, for CalDAV only, looked up by digest.

use super::{Person, PersonId};
use crate::args;
use crate::db::{Command, Conn, DbError, Tx, new_id};
use crate::keys;

/// Passwords one person may have.
pub const MOST: i64 = 50;

/// Makes an app password; its digest is stored, the caller keeps the secret to show it once.
#[derive(Debug)]
pub struct CreateAppPassword {
    /// Whose.
    pub person: PersonId,
    /// What it is for, in the person's words.
    pub label: String,
    /// [`keys::digest`] of the secret.
    pub digest: Vec<u8>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for CreateAppPassword {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let (count,): (i64,) =
            tx.one("SELECT COUNT(*) FROM app_passwords WHERE person = $1", args![self.person]).await?;
        if count >= MOST {
            return Err(DbError::Schema(format!("there are {MOST} app passwords already; revoke one first")));
        }
        tx.execute(
            "INSERT INTO app_passwords (id, person, label, digest, created) VALUES ($1, $2, $3, $4, $5)",
            args![new_id(), self.person, &self.label, self.digest.clone(), self.now],
        )
        .await?;
        Ok(())
    }
}

/// The person who may use CalDAV with this address and app password: one indexed look-up, no password hashing.
///
/// Case, spaces and hyphens in the secret do not matter: people type it on phones.
///
/// # Errors
/// [`DbError`].
pub async fn owner_of(conn: &mut Conn, email: &str, secret: &str) -> Result<Option<Person>, DbError> {
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
        "SELECT p.id, p.email, p.name, p.timezone, p.admin, p.banned, p.version, p.slots, p.auth_epoch
         FROM app_passwords a JOIN people p ON p.id = a.person
         WHERE a.digest = $1 AND p.email = $2 AND NOT p.banned",
        args![keys::digest(&secret), email.trim().to_lowercase()],
    )
    .await
}
