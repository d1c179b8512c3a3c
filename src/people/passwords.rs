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
/// person.
#[derive(Debug)]
pub struct SetPassword {
    /// Whose.
    pub person: PersonId,
    /// The session that stays.
    pub session: i64,
    /// The hash; `None`: no password any more.
    pub hash: Option<String>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SetPassword {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let version = super::lock(tx, &[self.person]).await?.version(self.person);
        let sql = "UPDATE people SET password = $2 WHERE id = $1 AND NOT banned";
        if tx.execute(sql, args![self.person, self.hash.clone()]).await? == 0 {
            return Ok(());
        }
        let sql = "DELETE FROM web_sessions WHERE person = $1 AND id <> $2";
        tx.execute(sql, args![self.person, self.session]).await?;
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
        Ok(())
    }
}
