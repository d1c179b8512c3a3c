//! Adding and changing teams, types and memberships. What is not given stays as it is.

use super::{BookingMode, Role, RuleSet, TeamId, TypeId};
use crate::args;
use crate::db::{DbError, Tx, new_id};
use crate::people::PersonId;

/// What is given of a team.
#[derive(Debug, Clone, Default)]
pub struct NewTeam {
    /// In addresses; valid already.
    pub slug: String,
    /// Human name.
    pub name: String,
    /// IANA name; `None`: UTC for a new team.
    pub timezone: Option<String>,
    /// Anyone may see its open slots; `None`: not, for a new team.
    pub public: Option<bool>,
    /// Who may book; `None`: anyone, for a new team.
    pub booking: Option<BookingMode>,
    /// Whether the hosts of a time are named before it is booked. By default they are not.
    pub show_hosts: Option<bool>,
    /// Whether somebody whom no team knows may become a host by inviting the robot. By default they may not.
    pub hosts_join: Option<bool>,
}

/// Adds a team or changes the one with this slug.
///
/// # Errors
/// [`DbError`].
pub async fn save_team(tx: &mut Tx, team: &NewTeam, now: i64) -> Result<TeamId, DbError> {
    let (id,): (i64,) = tx
        .one(
            "INSERT INTO teams (id, slug, name, timezone, public, booking, changed, created, show_hosts, hosts_join)
             VALUES ($1, $2, $3, COALESCE($4, 'UTC'), COALESCE($5, FALSE), COALESCE($6, 'anyone'), $7, $7,
                 COALESCE($8, FALSE), COALESCE($9, FALSE))
             ON CONFLICT (slug) DO UPDATE SET
                 name = excluded.name,
                 timezone = COALESCE($4, teams.timezone),
                 public = COALESCE($5, teams.public),
                 booking = COALESCE($6, teams.booking),
                 show_hosts = COALESCE($8, teams.show_hosts),
                 hosts_join = COALESCE($9, teams.hosts_join),
                 version = teams.version + 1, changed = $7
             RETURNING id",
            args![
                new_id(),
                &team.slug,
                &team.name,
                team.timezone.clone(),
                team.public,
                team.booking.map(BookingMode::word),
                now,
                team.show_hosts,
                team.hosts_join
            ],
        )
        .await?;
    Ok(id)
}

/// Locks a team: for whoever decides by what all its hosts have booked. Before any person is locked.
///
/// # Errors
/// [`DbError`].
pub async fn lock(tx: &mut Tx, team: TeamId) -> Result<(), DbError> {
    tx.execute("UPDATE teams SET version = version WHERE id = $1", args![team]).await?;
    Ok(())
}

/// What is given of a session type.
#[derive(Debug, Clone)]
pub struct NewSessionType {
    /// In addresses; valid already.
    pub slug: String,
    /// Human name.
    pub name: String,
    /// How long it takes.
    pub minutes: i64,
    /// Guests at one start; `None`: 1 for a new type.
    pub capacity: Option<i64>,
    /// Its rules; a rule left out stays unset, so that the team's or the server's value applies.
    pub rules: RuleSet,
}

/// Adds a session type or changes the one with this slug.
///
/// # Errors
/// [`DbError`].
pub async fn save_session_type(tx: &mut Tx, team: TeamId, kind: &NewSessionType, now: i64) -> Result<TypeId, DbError> {
    let (id,): (i64,) = tx
        .one(
            "INSERT INTO session_types
                 (id, team, slug, name, minutes, capacity, notice, buffer_before, buffer_after, booking_window, created)
             VALUES ($1, $2, $3, $4, $5, COALESCE($6, 1), $7, $8, $9, $10, $11)
             ON CONFLICT (team, slug) DO UPDATE SET
                 name = excluded.name, minutes = excluded.minutes, active = TRUE,
                 capacity = COALESCE($6, session_types.capacity),
                 notice = COALESCE($7, session_types.notice),
                 buffer_before = COALESCE($8, session_types.buffer_before),
                 buffer_after = COALESCE($9, session_types.buffer_after),
                 booking_window = COALESCE($10, session_types.booking_window)
             RETURNING id",
            args![
                new_id(),
                team,
                &kind.slug,
                &kind.name,
                kind.minutes,
                kind.capacity,
                kind.rules.notice,
                kind.rules.buffer_before,
                kind.rules.buffer_after,
                kind.rules.booking_window,
                now
            ],
        )
        .await?;
    touch(tx, team, now).await?;
    Ok(id)
}

/// Makes somebody host, lead or guest of a team; nothing happens if they are already.
///
/// # Errors
/// [`DbError`].
pub async fn add_member(tx: &mut Tx, team: TeamId, person: PersonId, role: Role, now: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO memberships (team, person, role, created) VALUES ($1, $2, $3, $4)
         ON CONFLICT (team, person, role) DO UPDATE SET active = TRUE",
        args![team, person, role.word(), now],
    )
    .await?;
    touch(tx, team, now).await
}

/// Takes somebody out of every team; whoever calls has touched the teams.
///
/// # Errors
/// [`DbError`].
pub async fn leave_all(tx: &mut Tx, person: PersonId) -> Result<(), DbError> {
    tx.execute("DELETE FROM memberships WHERE person = $1", args![person]).await?;
    Ok(())
}

/// Records that a team, its types or its memberships have changed; its open live connections then ask again.
///
/// # Errors
/// [`DbError`].
pub async fn touch(tx: &mut Tx, team: TeamId, now: i64) -> Result<(), DbError> {
    tx.execute("UPDATE teams SET version = version + 1, changed = $2 WHERE id = $1", args![team, now]).await?;
    Ok(())
}
