//! Who did what to a booking, and when; only ever added to.

use serde_json::Value as Json;

use super::BookingId;
use crate::args;
use crate::db::{DbError, Tx, new_id};
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
    let detail = if detail.is_null() { "{}".to_owned() } else { detail.to_string() };
    tx.execute(
        "INSERT INTO booking_log (id, booking, at, actor, action, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        args![new_id(), booking, now, actor, action, detail],
    )
    .await?;
    Ok(())
}
