//! Banning, and removing people: what of it concerns persons alone.
//!
//! A removed person's row stays as long as sessions of the past name it, without address, name or any way in. Their
//! address is kept beside it until the last mails to it have gone, so that the address itself is free at once.

use super::{COLUMNS, Person, PersonId};
use crate::args;
use crate::db::{Conn, DbError, Tx};

/// What a removed person's row has in the place of an address (RFC 2606 §2).
const REMOVED: &str = "@removed.openhour.invalid";
/// A mail is tried for three days; seconds.
const LAST_MAILS: i64 = 4 * 86_400;

impl Person {
    /// Whether this row is all that is left of somebody.
    pub fn is_removed(&self) -> bool {
        self.email.ends_with(REMOVED)
    }
}

/// Bans a person and ends every sign-in: browsers, links, app passwords, API tokens, feeds. Their mailbox is banned with
/// them, whatever stands after a plus; `hash` is its [`ban_hash`](super::retention::ban_hash).
///
/// # Errors
/// [`DbError`].
pub async fn ban(tx: &mut Tx, person: PersonId, hash: &str, now: i64) -> Result<(), DbError> {
    tx.execute("UPDATE people SET banned = TRUE WHERE id = $1", args![person]).await?;
    super::retention::keep_ban(tx, hash, now).await?;
    end_sign_ins(tx, person).await
}

/// Lifts a ban of a person and their mailbox. What was ended stays ended.
///
/// # Errors
/// [`DbError`].
pub async fn unban(tx: &mut Tx, person: PersonId, hash: &str) -> Result<(), DbError> {
    tx.execute("UPDATE people SET banned = FALSE WHERE id = $1", args![person]).await?;
    tx.execute("DELETE FROM banned_addresses WHERE hash = $1", args![hash]).await?;
    Ok(())
}

/// Takes everything from a person that makes them one; sessions ahead, calendars and memberships are gone already. A
/// banned person's address stays banned: `ban` is its [`ban_hash`](super::retention::ban_hash).
///
/// # Errors
/// [`DbError`].
pub async fn remove(tx: &mut Tx, person: &Person, ban: &str, now: i64) -> Result<(), DbError> {
    end_sign_ins(tx, person.id).await?;
    super::pictures::delete(tx, person.id).await?;
    let address = format!("removed-{}{REMOVED}", person.id);
    tx.execute(
        "UPDATE people SET email = $2, former_emails = '', farewell = $3, removed = $4, banned = TRUE, admin = FALSE
         WHERE id = $1",
        args![person.id, address, &person.email, now],
    )
    .await?;
    if person.banned { super::retention::keep_ban(tx, ban, now).await } else { Ok(()) }
}

async fn end_sign_ins(tx: &mut Tx, person: PersonId) -> Result<(), DbError> {
    for sql in [
        "UPDATE people SET auth_epoch = auth_epoch + 1, feed_generation = feed_generation + 1, password = NULL
         WHERE id = $1",
        "DELETE FROM api_tokens WHERE person = $1",
        "DELETE FROM app_passwords WHERE person = $1",
        "DELETE FROM web_sessions WHERE person = $1",
        "DELETE FROM sign_in_links WHERE person = $1",
        "DELETE FROM address_changes WHERE person = $1",
    ] {
        tx.execute(sql, args![person]).await?;
    }
    Ok(())
}

/// Where the last mails to a removed person go.
///
/// # Errors
/// [`DbError`].
pub async fn farewell(conn: &mut Conn, person: PersonId) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> =
        conn.optional("SELECT farewell FROM people WHERE id = $1", args![person]).await?;
    Ok(row.and_then(|(address,)| address))
}

/// Forgets name and address of people removed so long ago that no mail to them is under way any more, and answers who
/// they were.
///
/// # Errors
/// [`DbError`].
pub async fn forget_farewells(tx: &mut Tx, now: i64) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(PersonId,)> = tx
        .all(
            "UPDATE people SET farewell = NULL, name = 'Somebody', timezone = NULL
             WHERE farewell IS NOT NULL AND removed < $1 RETURNING id",
            args![now - LAST_MAILS],
        )
        .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// Everybody not removed whose name or address has this in it, by name; hidden hosts of schedules are left out. The
/// list begins behind the person `after`.
///
/// # Errors
/// [`DbError`].
pub async fn find(conn: &mut Conn, text: &str, after: Option<PersonId>, limit: i64) -> Result<Vec<Person>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM people WHERE removed IS NULL AND email NOT LIKE $1
         AND (LOWER(name) LIKE $2 ESCAPE '!' OR email LIKE $2 ESCAPE '!')
         AND ($3 = 0 OR (LOWER(name), id) > (SELECT LOWER(name), id FROM people WHERE id = $3))
         ORDER BY LOWER(name), id LIMIT $4"
    );
    let quoted: String = text.to_lowercase().chars().flat_map(escaped).collect();
    let values = args![format!("%{}", super::PRIVATE), format!("%{quoted}%"), after.unwrap_or(0), limit];
    conn.all(sqlx::AssertSqlSafe(sql), values).await
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])
}
