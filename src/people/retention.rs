//! Forgetting people of whom nothing is left: guests whose last session has been forgotten, and what remained of
//! removed people. And what outlives an erasure: that an address is banned, as a keyed hash.

use super::PRIVATE;
use crate::args;
use crate::db::{Command, Conn, DbError, Tx};
use crate::keys::Keys;

/// Rows of one command at most.
const BATCH: i64 = 200;

/// Forgets people nobody and nothing refers to; how many.
#[derive(Debug)]
pub struct ForgetLeftovers {
    /// Only those who came before, UTC seconds.
    pub before: i64,
}

impl Command for ForgetLeftovers {
    type Output = u64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        // Somebody banned stays: the row is the ban. Somebody who can sign in without a mail has use for their account.
        tx.execute(
            "DELETE FROM people WHERE id IN (
                 SELECT p.id FROM people p
                 WHERE NOT p.admin AND p.password IS NULL AND p.email NOT LIKE $2
                     AND ((p.removed IS NULL AND NOT p.banned AND p.created < $1)
                         OR (p.removed IS NOT NULL AND p.farewell IS NULL))
                     AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.guest = p.id OR b.cancelling_by = p.id)
                     AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.host = p.id)
                     AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.person = p.id)
                     AND NOT EXISTS (SELECT 1 FROM schedules s WHERE s.host = p.id)
                     AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person = p.id)
                     AND NOT EXISTS (SELECT 1 FROM app_passwords a WHERE a.person = p.id)
                     AND NOT EXISTS (SELECT 1 FROM api_tokens a WHERE a.person = p.id)
                     AND NOT EXISTS (SELECT 1 FROM web_sessions w WHERE w.person = p.id)
                     AND NOT EXISTS (SELECT 1 FROM collections c JOIN objects o ON o.collection = c.id
                                     WHERE c.owner = p.id)
                 LIMIT $3)",
            args![self.before, format!("%{PRIVATE}"), BATCH],
        )
        .await
    }
}

/// What is kept of a banned address whose owner was removed. `mary+x@example.org` is `mary@example.org`.
pub fn ban_hash(keys: &Keys, email: &str) -> String {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@').unwrap_or((&email, ""));
    let local = local.split('+').next().unwrap_or(local);
    keys.hash(&format!("banned/{local}@{domain}"))
}

/// Keeps a ban beyond the person.
pub(super) async fn keep_ban(tx: &mut Tx, hash: &str, now: i64) -> Result<(), DbError> {
    let sql = "INSERT INTO banned_addresses (hash, since) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    tx.execute(sql, args![hash, now]).await.map(drop)
}

/// Whether this [`ban_hash`] is of a banned address.
///
/// # Errors
/// [`DbError`].
pub async fn is_banned(conn: &mut Conn, hash: &str) -> Result<bool, DbError> {
    let row: Option<(i64,)> = conn.optional("SELECT since FROM banned_addresses WHERE hash = $1", args![hash]).await?;
    Ok(row.is_some())
}

/// Lifts the ban of an address whose owner is gone; whether there was one.
#[derive(Debug)]
pub struct LiftBan {
    /// [`ban_hash`] of the address.
    pub hash: String,
    /// Who does; `None`: the command line.
    pub actor: Option<super::PersonId>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for LiftBan {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let lifted = tx.execute("DELETE FROM banned_addresses WHERE hash = $1", args![&self.hash]).await? > 0;
        if lifted {
            let entry =
                crate::audit::Entry { actor: self.actor, action: "ban lifted", object: None, detail: "by address" };
            crate::audit::write(tx, &entry, self.now).await?;
        }
        Ok(lifted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_are_banned_together() {
        let keys = Keys::new([7; 32]);
        assert_eq!(ban_hash(&keys, "Mary+lists@Example.org"), ban_hash(&keys, "mary@example.org"));
        assert_ne!(ban_hash(&keys, "mary@example.com"), ban_hash(&keys, "mary@example.org"));
        assert_ne!(ban_hash(&Keys::new([8; 32]), "mary@example.org"), ban_hash(&keys, "mary@example.org"));
    }
}
