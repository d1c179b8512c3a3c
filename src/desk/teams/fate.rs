//! What becomes of a host's sessions ahead when they no longer host for a team.

use crate::booking::{self, Booking};
use crate::db::{Conn, DbError};
use crate::people::PersonId;
use crate::teams::TeamId;

/// What somebody decides about bookings ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// They take place as booked, or somebody reassigns them.
    Keep,
    /// They are cancelled; the reason is mailed to everybody concerned.
    Cancel {
        /// In words; checked already.
        reason: Option<String>,
    },
}

/// The bookings a person has ahead as host in a team, by start.
///
/// # Errors
/// [`DbError`].
pub async fn hosted_ahead(conn: &mut Conn, team: TeamId, person: PersonId, now: i64) -> Result<Vec<Booking>, DbError> {
    let mut found = booking::of_host(conn, person, now).await?;
    found.retain(|booking| booking.session.team == team && booking.session.starts > now);
    Ok(found)
}
