//! What people set for themselves: name, zone, language, reminders, and the rules of a host.

use sqlx::FromRow;

use super::{Locked, PersonId};
use crate::args;
use crate::db::{Conn, DbError, Tx};

/// The rules of a person as host; `None` leaves the decision to the kind of session, the team and the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct OwnRules {
    /// Least time between booking and start, seconds.
    pub notice: Option<i64>,
    /// Free time before a session, seconds.
    pub buffer_before: Option<i64>,
    /// Free time after a session, seconds.
    pub buffer_after: Option<i64>,
    /// How far ahead one may book, seconds.
    pub booking_window: Option<i64>,
    /// Most sessions a day.
    pub max_per_day: Option<i64>,
    /// Most sessions a week.
    pub max_per_week: Option<i64>,
}

/// How a person is called and spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Preferences {
    /// Human name.
    pub name: String,
    /// IANA name; `None`: not known.
    pub timezone: Option<String>,
    /// Of mails and pages, such as `de`; `None`: whatever their browser asks for.
    pub language: Option<String>,
    /// Whether reminders are mailed.
    pub reminders: bool,
}

/// A person's rules.
///
/// # Errors
/// [`DbError`].
pub async fn rules(conn: &mut Conn, person: PersonId) -> Result<OwnRules, DbError> {
    let sql = "SELECT notice, buffer_before, buffer_after, booking_window, max_per_day, max_per_week
               FROM people WHERE id = $1";
    Ok(conn.optional(sql, args![person]).await?.unwrap_or_default())
}

/// Replaces a person's rules.
///
/// # Errors
/// [`DbError`].
pub async fn set_rules(tx: &mut Tx, locked: &Locked, person: PersonId, rules: &OwnRules) -> Result<(), DbError> {
    if !locked.holds(person) {
        return Ok(());
    }
    tx.execute(
        "UPDATE people SET notice = $2, buffer_before = $3, buffer_after = $4, booking_window = $5, max_per_day = $6,
             max_per_week = $7 WHERE id = $1",
        args![
            person,
            rules.notice,
            rules.buffer_before,
            rules.buffer_after,
            rules.booking_window,
            rules.max_per_day,
            rules.max_per_week
        ],
    )
    .await?;
    Ok(())
}

/// A person's preferences; those of nobody are empty.
///
/// # Errors
/// [`DbError`].
pub async fn preferences(conn: &mut Conn, person: PersonId) -> Result<Preferences, DbError> {
    let sql = "SELECT name, timezone, language, reminders FROM people WHERE id = $1";
    Ok(conn.optional(sql, args![person]).await?.unwrap_or_default())
}

/// Replaces a person's preferences.
///
/// # Errors
/// [`DbError`].
pub async fn set_preferences(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    wanted: &Preferences,
) -> Result<(), DbError> {
    if !locked.holds(person) {
        return Ok(());
    }
    tx.execute(
        "UPDATE people SET name = $2, timezone = $3, language = $4, reminders = $5 WHERE id = $1",
        args![person, &wanted.name, wanted.timezone.as_deref(), wanted.language.as_deref(), wanted.reminders],
    )
    .await?;
    Ok(())
}
