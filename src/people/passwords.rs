//! The passwords that people choose, for the sign-in form alone: kept as argon2id in PHC's text form, which `desk` makes.

use serde_json::json;

use super::PersonId;
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{Command, Conn, DbError, Tx};
use crate::jobs::{NewJob, enqueue};

/// Who has this lower-case address, and their password's hash if they have one. Nobody banned.
///
/// # Errors
/// [`DbError`].
pub async fn stored(conn: &mut Conn, email: &str) -> Result<Option<(PersonId, Option<String>)>, DbError> {
    conn.optional("SELECT id, password FROM people WHERE email = $1 AND NOT banned", args![email]).await
}

/// Whether this person has a password.
///
/// # Errors
/// [`DbError`].
pub async fn has(conn: &mut Conn, person: PersonId) -> Result<bool, DbError> {
    let row: Option<(i64,)> =
        conn.optional("SELECT id FROM people WHERE id = $1 AND password IS NOT NULL", args![person]).await?;
    Ok(row.is_some())
}

/// Sets, changes or removes a password. Every other browser is signed out, links on their way end, and a mail tells the
/// person. Answers whether it was done.
#[derive(Debug)]
pub struct SetPassword {
    /// Whose.
    pub person: PersonId,
    /// The session that stays; `None`: none, as it was done by API.
    pub session: Option<i64>,
    /// The hash; `None`: no password any more.
    pub hash: Option<String>,
    /// The hash that must be there still, where the present password was the proof.
    pub instead_of: Option<String>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SetPassword {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let version = super::lock(tx, &[self.person]).await?.version(self.person);
        let sql = match self.instead_of {
            Some(_) => "UPDATE people SET password = $2 WHERE id = $1 AND NOT banned AND password = $3",
            None => "UPDATE people SET password = $2 WHERE id = $1 AND NOT banned",
        };
        let mut values = args![self.person, self.hash.clone()];
        values.extend(self.instead_of.iter().map(Into::into));
        if tx.execute(sql, values).await? == 0 {
            return Ok(false);
        }
        let sql = "DELETE FROM web_sessions WHERE person = $1 AND id <> $2";
        tx.execute(sql, args![self.person, self.session.unwrap_or(0)]).await?;
        tx.execute("DELETE FROM sign_in_links WHERE person = $1", args![self.person]).await?;
        let action = if self.hash.is_some() { "password set" } else { "password removed" };
        let entry = Entry { actor: Some(self.person), action, object: Some(self.person), detail: "" };
        audit::write(tx, &entry, self.now).await?;
        let job = NewJob {
            key: format!("password-mail/{}/{version}", self.person),
            kind: "password-mail",
            payload: json!({"person": self.person, "set": self.hash.is_some(), "at": self.now}),
            lane: format!("password/{}", self.person),
            after: None,
            due: self.now,
        };
        enqueue(tx, &job, self.now).await?;
        Ok(true)
    }
}
