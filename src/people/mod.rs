//! Persons and how they identify themselves.

mod about;
pub mod address;
pub mod api_tokens;
pub mod app_passwords;
pub mod attempts;
pub mod failures;
pub mod feeds;
pub mod labels;
mod lock;
pub mod passwords;
pub mod pictures;
mod private;
pub mod reminders;
mod removal;
pub mod retention;
pub mod settings;
pub mod sign_in;
pub mod web_sessions;

pub use about::about;
pub use lock::{Locked, lock, lock_and_read};
pub use private::{PRIVATE, is_private, private_address};
pub use removal::{ban, farewell, find, forget_farewells, remove, unban};

use std::collections::HashMap;

use sqlx::FromRow;

use crate::args;
use crate::db::{Conn, DbError, Tx, id_list, new_id};
use crate::language::Language;

/// Key of a person.
pub type PersonId = i64;

/// Somebody who offers or takes time, or keeps the place running.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Person {
    /// Key.
    pub id: PersonId,
    /// Lower case.
    pub email: String,
    /// Human name.
    pub name: String,
    /// IANA name; `None`: not known.
    pub timezone: Option<String>,
    /// Code of the language they read; `None`: nobody has said.
    pub language: Option<String>,
    /// May do everything.
    pub admin: bool,
    /// May do nothing.
    pub banned: bool,
    /// Lock and logical clock of all the person owns.
    pub version: i64,
    /// Version at which what their slots are made of last changed.
    pub slots: i64,
    /// Raised to end every sign-in.
    pub auth_epoch: i64,
    /// The name of their picture, if they have one; see [`pictures`].
    pub picture: Option<String>,
}

impl Person {
    /// The language in which they are written to.
    pub fn language(&self) -> Language {
        Language::of(self.language.as_deref())
    }
}

const COLUMNS: &str = "id, email, name, timezone, language, admin, banned, version, slots, auth_epoch, picture";

/// The person with this address, in any case.
///
/// # Errors
/// [`DbError`].
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Person>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE email = $1");
    conn.optional(sqlx::AssertSqlSafe(sql), args![email.trim().to_lowercase()]).await
}

/// The person with this key.
///
/// # Errors
/// [`DbError`].
pub async fn by_id(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE id = $1");
    conn.optional(sqlx::AssertSqlSafe(sql), args![id]).await
}

/// The names of some people.
///
/// # Errors
/// [`DbError`].
pub async fn names(conn: &mut Conn, people: &[PersonId]) -> Result<HashMap<PersonId, String>, DbError> {
    let sql = format!("SELECT id, name FROM people WHERE id IN ({})", id_list(people));
    Ok(conn.all::<(i64, String)>(sqlx::AssertSqlSafe(sql), vec![]).await?.into_iter().collect())
}

/// What is given of a person; `None` leaves what is there (or the default) as it is.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Human name.
    pub name: Option<String>,
    /// IANA name.
    pub timezone: Option<String>,
    /// May do everything.
    pub admin: Option<bool>,
}

/// Adds a person or changes one. The address must be valid and lower case already.
///
/// # Errors
/// [`DbError`].
pub async fn save(tx: &mut Tx, email: &str, profile: &Profile, now: i64) -> Result<Person, DbError> {
    let fallback = profile.name.clone().unwrap_or_else(|| email.split('@').next().unwrap_or(email).to_owned());
    let sql = format!(
        "INSERT INTO people (id, email, name, timezone, admin, slots_changed, created)
         VALUES ($1, $2, $3, $4, COALESCE($5, FALSE), $6, $6)
         ON CONFLICT (email) DO UPDATE SET
             name = COALESCE($7, people.name),
             timezone = COALESCE($4, people.timezone),
             admin = COALESCE($5, people.admin),
             version = people.version + 1
         RETURNING {COLUMNS}"
    );
    tx.one(
        sqlx::AssertSqlSafe(sql),
        args![new_id(), email, fallback, profile.timezone.clone(), profile.admin, now, profile.name.clone()],
    )
    .await
}

/// The guest with this address, made on their first booking. A known person keeps name and zone. `None`: somebody who
/// was removed was banned under this address; `ban` is its [`ban_hash`](retention::ban_hash).
///
/// # Errors
/// [`DbError`].
pub async fn ensure_guest(
    tx: &mut Tx,
    (email, ban): (&str, &str),
    name: &str,
    timezone: &str,
    now: i64,
) -> Result<Option<Person>, DbError> {
    if let Some(person) = by_email(tx, email).await? {
        return Ok(Some(person));
    }
    if retention::is_banned(tx, ban).await? {
        return Ok(None);
    }
    let profile = Profile { name: Some(name.into()), timezone: Some(timezone.into()), admin: None };
    save(tx, email, &profile, now).await.map(Some)
}
