//! Adding and changing teams, types and memberships. What is not given stays as it is.

use super::{
    BookingMode, Role, RuleSet, SessionType, Team, TeamChange, TeamId, TypeChange, TypeId, by_id, questions, type_by_id,
};
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
pub async fn save_team(tx: &mut Tx, new: &NewTeam, now: i64) -> Result<TeamId, DbError> {
    let id = claim_team(tx, &new.slug, &new.name, now).await?;
    let mut team = by_id(tx, id).await?.ok_or_else(|| DbError::Damaged("a team vanished".into()))?;
    TeamChange::from(new).apply(&mut team);
    update_team(tx, &team, now).await?;
    Ok(id)
}

impl From<&NewTeam> for TeamChange {
    fn from(new: &NewTeam) -> Self {
        Self {
            name: Some(new.name.clone()),
            timezone: new.timezone.clone(),
            public: new.public,
            booking: new.booking,
            show_hosts: new.show_hosts,
            hosts_join: new.hosts_join,
            ..Self::default()
        }
    }
}

/// The team with this slug, locked: a new one that nobody sees yet but its members, unless there is one.
///
/// # Errors
/// [`DbError`].
pub async fn claim_team(tx: &mut Tx, slug: &str, name: &str, now: i64) -> Result<TeamId, DbError> {
    let (id,): (TeamId,) = tx
        .one(
            "INSERT INTO teams (id, slug, name, timezone, public, booking, changed, created)
             VALUES ($1, $2, $3, 'UTC', FALSE, 'anyone', $4, $4)
             ON CONFLICT (slug) DO UPDATE SET version = teams.version RETURNING id",
            args![new_id(), slug, name, now],
        )
        .await?;
    Ok(id)
}

/// Writes everything that people set of a team, which is locked. Its version grows.
///
/// # Errors
/// [`DbError`]; a unique violation: another team has the slug.
pub async fn update_team(tx: &mut Tx, team: &Team, now: i64) -> Result<(), DbError> {
    tx.execute(
        "UPDATE teams SET slug = $2, name = $3, description = $4, timezone = $5, public = $6, active = $7, booking = $8,
             show_hosts = $9, day_starts = $10, day_ends = $11, notice = $12, buffer_before = $13, buffer_after = $14,
             booking_window = $15, daily_cap = $16, policy = $17, notify_leads = $18, notify_admins = $19,
             hosts_join = $20, embed_on = $21, version = version + 1, changed = $22
         WHERE id = $1",
        args![
            team.id,
            &team.slug,
            &team.name,
            &team.description,
            &team.timezone,
            team.public,
            team.active,
            team.booking.word(),
            team.show_hosts,
            team.day_starts,
            team.day_ends,
            team.rules.notice,
            team.rules.buffer_before,
            team.rules.buffer_after,
            team.rules.booking_window,
            team.daily_cap,
            team.policy.word(),
            team.notify_leads,
            team.notify_admins,
            team.hosts_join,
            team.embed_on.join(" "),
            now
        ],
    )
    .await?;
    Ok(())
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

/// Adds a session type or changes the one with this slug, which can be booked then.
///
/// # Errors
/// [`DbError`].
pub async fn save_session_type(tx: &mut Tx, team: TeamId, new: &NewSessionType, now: i64) -> Result<TypeId, DbError> {
    touch(tx, team, now).await?;
    let id = claim_type(tx, team, &new.slug, &new.name, new.minutes, now).await?;
    let mut kind = type_by_id(tx, id).await?.ok_or_else(|| DbError::Damaged("a session type vanished".into()))?;
    TypeChange::from(new).apply(&mut kind);
    update_type(tx, &kind).await?;
    Ok(id)
}

impl From<&NewSessionType> for TypeChange {
    fn from(new: &NewSessionType) -> Self {
        Self {
            name: Some(new.name.clone()),
            minutes: Some(new.minutes),
            capacity: new.capacity,
            active: Some(true),
            notice: new.rules.notice.map(Some),
            buffer_before: new.rules.buffer_before.map(Some),
            buffer_after: new.rules.buffer_after.map(Some),
            booking_window: new.rules.booking_window.map(Some),
            ..Self::default()
        }
    }
}

/// The session type with this slug of a team, which is locked: a new one, unless there is one.
///
/// # Errors
/// [`DbError`].
pub async fn claim_type(
    tx: &mut Tx,
    team: TeamId,
    slug: &str,
    name: &str,
    minutes: i64,
    now: i64,
) -> Result<TypeId, DbError> {
    let (id,): (TypeId,) = tx
        .one(
            "INSERT INTO session_types (id, team, slug, name, minutes, created) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (team, slug) DO UPDATE SET slug = excluded.slug RETURNING id",
            args![new_id(), team, slug, name, minutes, now],
        )
        .await?;
    Ok(id)
}

/// Writes everything that people set of a session type. Whoever calls has touched the team.
///
/// # Errors
/// [`DbError`]; a unique violation: another type of the team has the slug.
pub async fn update_type(tx: &mut Tx, kind: &SessionType) -> Result<(), DbError> {
    tx.execute(
        "UPDATE session_types SET slug = $2, name = $3, description = $4, minutes = $5, step = $6, notice = $7,
             buffer_before = $8, buffer_after = $9, booking_window = $10, capacity = $11, active = $12, internal = $13,
             approval = $14, place = $15, place_detail = $16, color = $17, phone = $18, questions = $19,
             reminders = $20, position = $21
         WHERE id = $1",
        args![
            kind.id,
            &kind.slug,
            &kind.name,
            &kind.description,
            kind.minutes,
            kind.step,
            kind.rules.notice,
            kind.rules.buffer_before,
            kind.rules.buffer_after,
            kind.rules.booking_window,
            kind.capacity,
            kind.active,
            kind.internal,
            kind.approval,
            kind.place.word(),
            &kind.place_detail,
            &kind.color,
            kind.phone.word(),
            questions::write(&kind.questions),
            serde_json::json!(kind.reminders).to_string(),
            kind.position
        ],
    )
    .await?;
    Ok(())
}

/// Deletes a team in which nothing was ever booked, with its types and memberships.
///
/// # Errors
/// [`DbError`].
pub async fn delete_team(tx: &mut Tx, team: TeamId) -> Result<(), DbError> {
    tx.execute("DELETE FROM teams WHERE id = $1", args![team]).await?;
    Ok(())
}

/// Deletes a session type that was never booked. Whoever calls touches the team.
///
/// # Errors
/// [`DbError`].
pub async fn delete_type(tx: &mut Tx, kind: TypeId) -> Result<(), DbError> {
    tx.execute("DELETE FROM session_types WHERE id = $1", args![kind]).await?;
    Ok(())
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
