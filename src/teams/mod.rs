//! Teams, who belongs to them, and what kinds of session they offer.

mod change;
mod choices;
mod embedding;
mod hidden;
mod host;
mod members;
mod overseers;
mod questions;
mod save;
mod session_type;
mod team;

pub use change::{TeamChange, TypeChange};
pub use choices::{BookingMode, PhoneWish, PlaceKind, Policy, QuestionKind, Role};
pub use embedding::{MOST_SITES, is_site, read_sites, tidy_sites};
pub use hidden::{NewHidden, delete_hidden, save_hidden};
pub use host::Host;
pub use members::{Member, count_leads, members, membership, roles_ever, set_membership};
pub use overseers::overseers;
pub use questions::{MOST_OPTIONS, MOST_QUESTIONS, Needed, Question};
pub use save::{
    NewSessionType, NewTeam, add_member, claim_team, claim_type, delete_team, delete_type, leave_all, lock,
    save_session_type, save_team, touch, update_team, update_type,
};
pub use session_type::SessionType;
pub use team::{RuleSet, Team};

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use crate::args;
use crate::db::{Conn, DbError, id_list};
use crate::people::PersonId;
use host::{HOST_COLUMNS, HostRow};
use session_type::{TYPE_COLUMNS, TypeRow};
use team::{TEAM_COLUMNS, TeamRow};

/// Key of a team.
pub type TeamId = i64;
/// Key of a session type.
pub type TypeId = i64;

/// Whether this may stand in an address: 1 to 64 lower-case letters, digits and hyphens, none at either end.
pub fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The team with this slug, if it is active and not hidden.
///
/// # Errors
/// [`DbError`].
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Team>, DbError> {
    let sql = format!("SELECT {TEAM_COLUMNS} FROM teams WHERE slug = $1 AND active AND NOT hidden");
    conn.optional::<TeamRow>(AssertSqlSafe(sql), args![slug]).await?.map(TeamRow::read).transpose()
}

/// The team with this slug, switched off or not, if it is not hidden.
///
/// # Errors
/// [`DbError`].
pub async fn any_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Team>, DbError> {
    let sql = format!("SELECT {TEAM_COLUMNS} FROM teams WHERE slug = $1 AND NOT hidden");
    conn.optional::<TeamRow>(AssertSqlSafe(sql), args![slug]).await?.map(TeamRow::read).transpose()
}

/// Whether some team has this slug, hidden ones too.
///
/// # Errors
/// [`DbError`].
pub async fn slug_is_taken(conn: &mut Conn, slug: &str) -> Result<bool, DbError> {
    let found: Option<(TeamId,)> = conn.optional("SELECT id FROM teams WHERE slug = $1", args![slug]).await?;
    Ok(found.is_some())
}

/// All teams but hidden ones, also those that are switched off, by name.
///
/// # Errors
/// [`DbError`].
pub async fn all(conn: &mut Conn) -> Result<Vec<Team>, DbError> {
    let sql = format!("SELECT {TEAM_COLUMNS} FROM teams WHERE NOT hidden ORDER BY name, id LIMIT 500");
    conn.all::<TeamRow>(AssertSqlSafe(sql), vec![]).await?.into_iter().map(TeamRow::read).collect()
}

/// The team with this key.
///
/// # Errors
/// [`DbError`].
pub async fn by_id(conn: &mut Conn, id: TeamId) -> Result<Option<Team>, DbError> {
    let sql = format!("SELECT {TEAM_COLUMNS} FROM teams WHERE id = $1");
    conn.optional::<TeamRow>(AssertSqlSafe(sql), args![id]).await?.map(TeamRow::read).transpose()
}

/// The teams anyone may see, by name.
///
/// # Errors
/// [`DbError`].
pub async fn public(conn: &mut Conn) -> Result<Vec<Team>, DbError> {
    let sql =
        format!("SELECT {TEAM_COLUMNS} FROM teams WHERE public AND active AND NOT hidden ORDER BY name, id LIMIT 500");
    conn.all::<TeamRow>(AssertSqlSafe(sql), vec![]).await?.into_iter().map(TeamRow::read).collect()
}

/// The teams that somebody may join as a host by inviting the robot, by name.
///
/// # Errors
/// [`DbError`].
pub async fn open_to_hosts(conn: &mut Conn) -> Result<Vec<Team>, DbError> {
    let sql = format!(
        "SELECT {TEAM_COLUMNS} FROM teams WHERE hosts_join AND active AND NOT hidden ORDER BY name, id LIMIT 20"
    );
    conn.all::<TeamRow>(AssertSqlSafe(sql), vec![]).await?.into_iter().map(TeamRow::read).collect()
}

/// The teams a person belongs to, by name.
///
/// # Errors
/// [`DbError`].
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Team>, DbError> {
    let sql = format!(
        "SELECT {TEAM_COLUMNS} FROM teams WHERE active AND id IN
         (SELECT team FROM memberships WHERE person = $1 AND active) ORDER BY name, id"
    );
    conn.all::<TeamRow>(AssertSqlSafe(sql), args![person]).await?.into_iter().map(TeamRow::read).collect()
}

/// The teams in which a person is a host, by name.
///
/// # Errors
/// [`DbError`].
pub async fn hosted_by(conn: &mut Conn, person: PersonId) -> Result<Vec<Team>, DbError> {
    let sql = format!(
        "SELECT {TEAM_COLUMNS} FROM teams WHERE active AND NOT hidden AND id IN
         (SELECT team FROM memberships WHERE person = $1 AND role = 'host' AND active) ORDER BY name, id"
    );
    conn.all::<TeamRow>(AssertSqlSafe(sql), args![person]).await?.into_iter().map(TeamRow::read).collect()
}

/// The teams that a person leads, by name.
///
/// # Errors
/// [`DbError`].
pub async fn led_by(conn: &mut Conn, person: PersonId) -> Result<Vec<Team>, DbError> {
    let sql = format!(
        "SELECT {TEAM_COLUMNS} FROM teams WHERE active AND NOT hidden AND id IN
         (SELECT team FROM memberships WHERE person = $1 AND role = 'lead' AND active) ORDER BY name, id"
    );
    conn.all::<TeamRow>(AssertSqlSafe(sql), args![person]).await?.into_iter().map(TeamRow::read).collect()
}

/// The active session types of a team, in the team's order.
///
/// # Errors
/// [`DbError`].
pub async fn types(conn: &mut Conn, team: TeamId) -> Result<Vec<SessionType>, DbError> {
    let sql =
        format!("SELECT {TYPE_COLUMNS} FROM session_types WHERE team = $1 AND active ORDER BY position, created, id");
    conn.all::<TypeRow>(AssertSqlSafe(sql), args![team]).await?.into_iter().map(TypeRow::read).collect()
}

/// All session types of a team, also those that are switched off, in the team's order.
///
/// # Errors
/// [`DbError`].
pub async fn all_types(conn: &mut Conn, team: TeamId) -> Result<Vec<SessionType>, DbError> {
    let sql = format!("SELECT {TYPE_COLUMNS} FROM session_types WHERE team = $1 ORDER BY position, created, id");
    conn.all::<TypeRow>(AssertSqlSafe(sql), args![team]).await?.into_iter().map(TypeRow::read).collect()
}

/// The active session types of all teams of a person, by team, in the team's order.
///
/// # Errors
/// [`DbError`].
pub async fn types_of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<SessionType>, DbError> {
    let sql = format!(
        "SELECT {TYPE_COLUMNS} FROM session_types WHERE active AND team IN
         (SELECT team FROM memberships WHERE person = $1 AND active) ORDER BY team, position, created, id"
    );
    conn.all::<TypeRow>(AssertSqlSafe(sql), args![person]).await?.into_iter().map(TypeRow::read).collect()
}

/// One active session type of a team.
///
/// # Errors
/// [`DbError`].
pub async fn type_by_slug(conn: &mut Conn, team: TeamId, slug: &str) -> Result<Option<SessionType>, DbError> {
    let sql = format!("SELECT {TYPE_COLUMNS} FROM session_types WHERE team = $1 AND slug = $2 AND active");
    conn.optional::<TypeRow>(AssertSqlSafe(sql), args![team, slug]).await?.map(TypeRow::read).transpose()
}

/// The session type with this key.
///
/// # Errors
/// [`DbError`].
pub async fn type_by_id(conn: &mut Conn, id: TypeId) -> Result<Option<SessionType>, DbError> {
    let sql = format!("SELECT {TYPE_COLUMNS} FROM session_types WHERE id = $1");
    conn.optional::<TypeRow>(AssertSqlSafe(sql), args![id]).await?.map(TypeRow::read).transpose()
}

/// The team's hosts who can be booked: active members, not banned, by id.
///
/// # Errors
/// [`DbError`].
pub async fn hosts(conn: &mut Conn, team: TeamId) -> Result<Vec<Host>, DbError> {
    let sql = format!(
        "SELECT {HOST_COLUMNS} FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.team = $1 AND m.role = 'host' AND m.active AND NOT p.banned ORDER BY p.id"
    );
    Ok(conn.all::<HostRow>(AssertSqlSafe(sql), args![team]).await?.into_iter().map(HostRow::read).collect())
}

/// The hosts of [`hosts`] with their versions as people: all that changes them, unless the team itself changes.
///
/// # Errors
/// [`DbError`].
pub async fn host_versions(conn: &mut Conn, team: TeamId) -> Result<Vec<(PersonId, i64)>, DbError> {
    conn.all(
        "SELECT p.id, p.version FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.team = $1 AND m.role = 'host' AND m.active AND NOT p.banned ORDER BY p.id",
        args![team],
    )
    .await
}

/// Some of the hosts of [`hosts`], by id.
///
/// # Errors
/// [`DbError`].
pub async fn hosts_among(conn: &mut Conn, team: TeamId, people: &[PersonId]) -> Result<Vec<Host>, DbError> {
    let sql = format!(
        "SELECT {HOST_COLUMNS} FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.team = $1 AND m.person IN ({}) AND m.role = 'host' AND m.active AND NOT p.banned ORDER BY p.id",
        id_list(people)
    );
    Ok(conn.all::<HostRow>(AssertSqlSafe(sql), args![team]).await?.into_iter().map(HostRow::read).collect())
}

/// One host of a team, if they can be booked.
///
/// # Errors
/// [`DbError`].
pub async fn host(conn: &mut Conn, team: TeamId, person: PersonId) -> Result<Option<Host>, DbError> {
    let sql = format!(
        "SELECT {HOST_COLUMNS} FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.team = $1 AND m.person = $2 AND m.role = 'host' AND m.active AND NOT p.banned"
    );
    Ok(conn.optional::<HostRow>(AssertSqlSafe(sql), args![team, person]).await?.map(HostRow::read))
}

/// What a person may do in a team.
///
/// # Errors
/// [`DbError`].
pub async fn roles(conn: &mut Conn, team: TeamId, person: PersonId) -> Result<Vec<Role>, DbError> {
    let rows: Vec<(String,)> = conn
        .all(
            "SELECT role FROM memberships WHERE team = $1 AND person = $2 AND active ORDER BY role",
            args![team, person],
        )
        .await?;
    Ok(rows.iter().filter_map(|(role,)| role.parse().ok()).collect())
}

/// What a person is in any active team, each once.
///
/// # Errors
/// [`DbError`].
pub async fn roles_anywhere(conn: &mut Conn, person: PersonId) -> Result<Vec<Role>, DbError> {
    let rows: Vec<(String,)> = conn
        .all(
            "SELECT DISTINCT m.role FROM memberships m JOIN teams t ON t.id = m.team
             WHERE m.person = $1 AND m.active AND t.active ORDER BY m.role",
            args![person],
        )
        .await?;
    Ok(rows.iter().filter_map(|(role,)| role.parse().ok()).collect())
}

/// The path segments of some session types, inactive ones too.
///
/// # Errors
/// [`DbError`].
pub async fn type_slugs(conn: &mut Conn, types: &[TypeId]) -> Result<HashMap<TypeId, String>, DbError> {
    let sql = format!("SELECT id, slug FROM session_types WHERE id IN ({})", id_list(types));
    Ok(conn.all::<(i64, String)>(AssertSqlSafe(sql), vec![]).await?.into_iter().collect())
}

/// The slugs of some teams, switched-off ones too.
///
/// # Errors
/// [`DbError`].
pub async fn slugs(conn: &mut Conn, teams: &[TeamId]) -> Result<HashMap<TeamId, String>, DbError> {
    let sql = format!("SELECT id, slug FROM teams WHERE id IN ({})", id_list(teams));
    Ok(conn.all::<(i64, String)>(AssertSqlSafe(sql), vec![]).await?.into_iter().collect())
}

/// The names of some session types, inactive ones too.
///
/// # Errors
/// [`DbError`].
pub async fn type_names(conn: &mut Conn, types: &[TypeId]) -> Result<HashMap<TypeId, String>, DbError> {
    let sql = format!("SELECT id, name FROM session_types WHERE id IN ({})", id_list(types));
    Ok(conn.all::<(i64, String)>(AssertSqlSafe(sql), vec![]).await?.into_iter().collect())
}
