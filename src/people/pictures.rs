//! People's pictures, under names that nobody guesses: where a team does not say who hosts, no address does either.

use super::{Locked, PersonId};
use crate::args;
use crate::db::{Conn, DbError, Tx};

/// The picture with this name: JPEG.
///
/// # Errors
/// [`DbError`].
pub async fn named(conn: &mut Conn, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> = conn.optional("SELECT bytes FROM pictures WHERE name = $1", args![name]).await?;
    Ok(row.map(|(bytes,)| bytes))
}

/// A person's picture: JPEG.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> = conn.optional("SELECT bytes FROM pictures WHERE person = $1", args![person]).await?;
    Ok(row.map(|(bytes,)| bytes))
}

/// Gives a person another picture, or none: its name, and JPEG bytes.
///
/// # Errors
/// [`DbError`].
pub async fn set(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    picture: Option<(&str, &[u8])>,
    now: i64,
) -> Result<(), DbError> {
    if !locked.holds(person) {
        return Ok(());
    }
    delete(tx, person).await?;
    if let Some((name, bytes)) = picture {
        tx.execute(
            "INSERT INTO pictures (name, person, bytes, made) VALUES ($1, $2, $3, $4)",
            args![name, person, bytes, now],
        )
        .await?;
        tx.execute("UPDATE people SET picture = $2 WHERE id = $1", args![person, name]).await?;
    }
    Ok(())
}

/// Takes a person's picture away.
pub(super) async fn delete(tx: &mut Tx, person: PersonId) -> Result<(), DbError> {
    tx.execute("DELETE FROM pictures WHERE person = $1", args![person]).await?;
    tx.execute("UPDATE people SET picture = NULL WHERE id = $1", args![person]).await?;
    Ok(())
}
