//! Who did what to a booking, and when; only ever added to.

use serde_json::Value as Json;
use sqlx::FromRow;

use super::{BookingId, take};
use crate::args;
use crate::db::{Batch, Conn, DbError, Tx, new_id};
use crate::people::PersonId;

/// Adds a line. `actor` is `None` for the server itself and for anonymous visitors.
pub(super) async fn write(
    tx: &mut Tx,
    booking: BookingId,
    actor: Option<PersonId>,
    action: &str,
    detail: Json,
    now: i64,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    push(&mut batch, booking, actor, action, detail, now);
    tx.batch(batch).await?;
    Ok(())
}

/// Adds a line that the server itself has to say, such as that an invite did not arrive.
///
/// # Errors
/// The database's.
pub async fn note(tx: &mut Tx, booking: BookingId, action: &str, detail: Json, now: i64) -> Result<(), DbError> {
    write(tx, booking, None, action, detail, now).await
}

/// One line of a booking's history.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Happened {
    /// UTC seconds.
    pub at: i64,
    /// Name of who did it; `None`: the server itself, or somebody who was not signed in.
    pub actor: Option<String>,
    /// One word: booked, rescheduled, cancelled, ...
    pub action: String,
    /// More about it: a JSON object.
    pub detail: String,
}

/// What happened to a booking, oldest first.
///
/// # Errors
/// The database's.
pub async fn history(conn: &mut Conn, booking: BookingId) -> Result<Vec<Happened>, DbError> {
    conn.all(
        "SELECT l.at, p.name AS actor, l.action, l.detail FROM booking_log l LEFT JOIN people p ON p.id = l.actor
         WHERE l.booking = $1 ORDER BY l.id LIMIT 500",
        args![booking],
    )
    .await
}

/// The name of whoever of the team booked this for its guest; `None`: the guest booked it.
///
/// # Errors
/// The database's.
pub async fn on_behalf_of(conn: &mut Conn, booking: BookingId) -> Result<Option<(PersonId, String)>, DbError> {
    let row: Option<(PersonId, String, String)> = conn
        .optional(
            "SELECT p.id, p.name, l.detail FROM booking_log l JOIN people p ON p.id = l.actor
             WHERE l.booking = $1 AND l.action = 'booked' ORDER BY l.id LIMIT 1",
            args![booking],
        )
        .await?;
    let is_for_guest = |detail: &str| {
        serde_json::from_str::<Json>(detail).is_ok_and(|detail| detail.get("on_behalf") == Some(&Json::Bool(true)))
    };
    Ok(row.filter(|(.., detail)| is_for_guest(detail)).map(|(person, name, _)| (person, name)))
}

/// The same, together with other statements.
pub(super) fn push(
    batch: &mut Batch,
    booking: BookingId,
    actor: Option<PersonId>,
    action: &str,
    detail: Json,
    now: i64,
) {
    let detail = if detail.is_null() { "{}".to_owned() } else { detail.to_string() };
    let values = args![new_id(), booking, now, actor, action, detail];
    take::push(batch, "booking_log (id, booking, at, actor, action, detail)", values);
}
