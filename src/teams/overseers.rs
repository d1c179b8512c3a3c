//! Who, beside its hosts, hears of a team's bookings (MM-7).

use super::TeamId;
use crate::args;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

/// The team's leads and the administrators, each where the team's switch for them is on; nobody twice, nobody banned.
///
/// # Errors
/// [`DbError`].
pub async fn overseers(conn: &mut Conn, team: TeamId) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(PersonId,)> = conn
        .all(
            "SELECT p.id FROM people p JOIN teams t ON t.id = $1
             WHERE NOT p.banned AND p.removed IS NULL AND ((t.notify_admins AND p.admin) OR (t.notify_leads AND EXISTS
                 (SELECT 1 FROM memberships m
                  WHERE m.team = t.id AND m.person = p.id AND m.role = 'lead' AND m.active)))
             ORDER BY p.id",
            args![team],
        )
        .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}
