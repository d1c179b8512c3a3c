//! Idempotency keys: a repeated request gets the first answer.

use serde_json::{Value as Json, json};

use super::{Booked, Booking, Idempotency, Refusal, token};
use crate::args;
use crate::booking::Status;
use crate::db::{Conn, DbError, Tx};
use crate::keys::Keys;

/// Longest key (threats: headers are outside input).
const LONGEST: usize = 255;

/// The first answer to this key, if there was one.
///
/// # Errors
/// [`Refusal::KeyReused`]: it came with another request; [`Refusal::Db`].
pub(super) async fn first_answer(conn: &mut Conn, keys: &Keys, key: &Idempotency) -> Result<Option<Booked>, Refusal> {
    let row: Option<(Vec<u8>, String)> = conn
        .optional(
            "SELECT body, answer FROM idempotency WHERE route = $1 AND caller = $2 AND key = $3",
            args![&key.route, &key.caller, &key.key],
        )
        .await?;
    match row {
        None => Ok(None),
        Some((body, _)) if body != key.body_hash => Err(Refusal::KeyReused),
        Some((_, answer)) => Ok(Some(read(keys, &answer)?)),
    }
}

/// Records the answer, so that a repeat gets it. A second transaction with the same key fails at the primary key.
///
/// # Errors
/// [`DbError`].
pub(super) async fn record(tx: &mut Tx, key: &Idempotency, booking: &Booking, now: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO idempotency (route, caller, key, body, answer, created) VALUES ($1, $2, $3, $4, $5, $6)",
        args![&key.route, &key.caller, &key.key, key.body_hash.clone(), write(booking), now],
    )
    .await?;
    Ok(())
}

/// Whether a key is short enough to be kept.
pub(super) fn usable(key: &Idempotency) -> bool {
    (1..=LONGEST).contains(&key.key.len()) && !key.key.chars().any(char::is_control)
}

/// The answer without the token, which is a secret and can be made again.
fn write(booking: &Booking) -> String {
    let session = &booking.session;
    json!({
        "id": booking.id, "uid": booking.uid, "session": session.id, "host": session.host, "guest": booking.guest,
        "generation": booking.generation, "start": session.starts, "end": session.ends,
        "status": booking.status.word(), "link": session.link,
    })
    .to_string()
}

fn read(keys: &Keys, answer: &str) -> Result<Booked, DbError> {
    let damaged = || DbError::Damaged("a kept answer to an idempotency key cannot be read".into());
    let answer: Json = serde_json::from_str(answer).map_err(|_| damaged())?;
    let number = |name: &str| answer.get(name).and_then(Json::as_i64).ok_or_else(damaged);
    let text = |name: &str| answer.get(name).and_then(Json::as_str).map(str::to_owned);
    let status = answer.get("status").and_then(Json::as_str).and_then(Status::of);
    Ok(Booked {
        id: number("id")?,
        uid: text("uid").ok_or_else(damaged)?,
        session: number("session")?,
        host: number("host")?,
        start: number("start")?,
        end: number("end")?,
        status: status.ok_or_else(damaged)?,
        token: token(keys, number("id")?, number("guest")?, number("generation")?),
        link: text("link"),
    })
}
