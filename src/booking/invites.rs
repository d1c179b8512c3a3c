//! Slots that were sent to somebody as an invitation (CN-8), or booked by accepting one (CN-7).

use sqlx::FromRow;

use super::Booking;
use super::rows::bookings;
use crate::args;
use crate::db::{Conn, DbError, Tx};
use crate::teams::TypeId;

/// Invitations of one person that are looked at.
const MOST: i64 = 5_000;

/// A slot as an invitation.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SlotInvite {
    /// UID of its event; the booking's, once it is booked.
    pub uid: String,
    /// Whom it is for, lower case.
    pub email: String,
    /// What kind of session.
    pub type_id: TypeId,
    /// UTC seconds.
    pub starts: i64,
    /// Tells events about the same slot apart.
    pub generation: i64,
    /// SEQUENCE of the last mail about it.
    pub sequence: i64,
    /// In which its times are told, IANA name.
    pub timezone: String,
    /// Code of the language in which they are written to.
    pub language: String,
    /// `sent`, `declined`, `gone` or `booked`.
    pub status: String,
    /// When that became so, UTC seconds.
    pub changed: i64,
    /// UTC seconds.
    pub created: i64,
}

impl SlotInvite {
    /// Whether another invitation to the same slot is another event: this one was booked, or is off.
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "booked" | "gone")
    }
}

const COLUMNS: &str =
    "uid, email, type AS type_id, starts, generation, sequence, timezone, language, status, changed, created";

/// The invitation whose event has this UID; `None`: it was never mailed nor accepted.
///
/// # Errors
/// [`DbError`].
pub async fn slot_invite(conn: &mut Conn, uid: &str) -> Result<Option<SlotInvite>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM slot_invites WHERE uid = $1");
    conn.optional(sqlx::AssertSqlSafe(sql), args![uid]).await
}

/// Somebody's invitations to slots that start at `from` or later.
///
/// # Errors
/// [`DbError`].
pub async fn slot_invites_of(conn: &mut Conn, email: &str, from: i64) -> Result<Vec<SlotInvite>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM slot_invites WHERE email = $1 AND starts >= $2 ORDER BY starts, type, generation
         LIMIT {MOST}"
    );
    conn.all(sqlx::AssertSqlSafe(sql), args![email, from]).await
}

/// The booking whose guest's event has this UID, whatever its status.
///
/// # Errors
/// [`DbError`].
pub async fn by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Booking>, DbError> {
    Ok(bookings(conn, "b.uid = $1", args![uid]).await?.pop())
}

/// Keeps an invitation, or how it stands now.
///
/// # Errors
/// [`DbError`].
pub async fn keep_slot_invite(tx: &mut Tx, invite: &SlotInvite) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO slot_invites (uid, email, type, starts, generation, sequence, timezone, language, status, changed,
             created)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (uid) DO UPDATE SET sequence = excluded.sequence, timezone = excluded.timezone,
             language = excluded.language, status = excluded.status, changed = excluded.changed",
        args![
            &invite.uid,
            &invite.email,
            invite.type_id,
            invite.starts,
            invite.generation,
            invite.sequence,
            &invite.timezone,
            &invite.language,
            &invite.status,
            invite.changed,
            invite.created
        ],
    )
    .await?;
    Ok(())
}

/// Forgets invitations to slots that started before this.
///
/// # Errors
/// [`DbError`].
pub async fn forget_slot_invites(tx: &mut Tx, before: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM slot_invites WHERE starts < $1", args![before]).await?;
    Ok(())
}

/// Forgets everything that was sent to an address.
///
/// # Errors
/// [`DbError`].
pub async fn forget_slot_invites_of(tx: &mut Tx, email: &str) -> Result<(), DbError> {
    tx.execute("DELETE FROM slot_invites WHERE email = $1", args![email]).await?;
    Ok(())
}
