//! Memberships: who belongs to a team, as what, and how.

use sqlx::FromRow;

use super::{Role, TeamId, touch};
use crate::args;
use crate::db::{Conn, DbError, Tx};
use crate::people::PersonId;

/// Members one list has at most.
const MOST: i64 = 2_000;

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Key.
    pub person: PersonId,
    /// Human name.
    pub name: String,
    /// The name of their picture, if they have one.
    pub picture: Option<String>,
    /// Lower case.
    pub email: String,
    /// What they are, in order; each once.
    pub roles: Vec<Role>,
    /// Whether they take part at present.
    pub active: bool,
    /// Weight or rank among the hosts.
    pub priority: i64,
    /// May do nothing anywhere.
    pub banned: bool,
}

#[derive(FromRow)]
struct Row {
    person: i64,
    name: String,
    picture: Option<String>,
    email: String,
    role: String,
    active: bool,
    priority: i64,
    banned: bool,
}

/// Everybody in a team, active or not, by priority (the highest first), then by name.
///
/// # Errors
/// [`DbError`].
pub async fn members(conn: &mut Conn, team: TeamId) -> Result<Vec<Member>, DbError> {
    let rows = conn
        .all::<Row>(
            "SELECT m.person, p.name, p.picture, p.email, m.role, m.active, m.priority, p.banned
             FROM memberships m JOIN people p ON p.id = m.person
             WHERE m.team = $1 ORDER BY p.name, p.id, m.role LIMIT $2",
            args![team, MOST],
        )
        .await?;
    let mut all = gathered(rows);
    // The same whatever the database thinks of letters.
    all.sort_by(|one, other| {
        let by_name = (&one.name, one.person).cmp(&(&other.name, other.person));
        other.priority.cmp(&one.priority).then(by_name)
    });
    Ok(all)
}

/// One member of a team.
///
/// # Errors
/// [`DbError`].
pub async fn membership(conn: &mut Conn, team: TeamId, person: PersonId) -> Result<Option<Member>, DbError> {
    let rows = conn
        .all::<Row>(
            "SELECT m.person, p.name, p.picture, p.email, m.role, m.active, m.priority, p.banned
             FROM memberships m JOIN people p ON p.id = m.person
             WHERE m.team = $1 AND m.person = $2 ORDER BY m.role",
            args![team, person],
        )
        .await?;
    Ok(gathered(rows).pop())
}

/// Rows of one person, which follow one another, as one member.
fn gathered(rows: Vec<Row>) -> Vec<Member> {
    let mut all: Vec<Member> = Vec::new();
    for row in rows {
        let Ok(role) = row.role.parse() else { continue };
        match all.last_mut().filter(|member| member.person == row.person) {
            Some(member) => {
                member.roles.push(role);
                member.active |= row.active;
                member.priority = member.priority.max(row.priority);
            }
            None => all.push(Member {
                person: row.person,
                name: row.name,
                picture: row.picture,
                email: row.email,
                roles: vec![role],
                active: row.active,
                priority: row.priority,
                banned: row.banned,
            }),
        }
    }
    for member in &mut all {
        member.roles.sort_unstable();
    }
    all
}

/// What somebody is in a team, whether active or not.
///
/// # Errors
/// [`DbError`].
pub async fn roles_ever(conn: &mut Conn, team: TeamId, person: PersonId) -> Result<Vec<Role>, DbError> {
    Ok(membership(conn, team, person).await?.map(|member| member.roles).unwrap_or_default())
}

/// Makes somebody exactly this in a team, which is locked; without roles they leave.
///
/// # Errors
/// [`DbError`].
pub async fn set_membership(
    tx: &mut Tx,
    team: TeamId,
    person: PersonId,
    roles: &[Role],
    active: bool,
    priority: i64,
    now: i64,
) -> Result<(), DbError> {
    for role in Role::ALL {
        if roles.contains(role) {
            tx.execute(
                "INSERT INTO memberships (team, person, role, active, priority, created) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (team, person, role) DO UPDATE SET active = excluded.active, priority = excluded.priority",
                args![team, person, role.word(), active, priority, now],
            )
            .await?;
        } else {
            tx.execute(
                "DELETE FROM memberships WHERE team = $1 AND person = $2 AND role = $3",
                args![team, person, role.word()],
            )
            .await?;
        }
    }
    touch(tx, team, now).await
}

/// How many active leads a team has who may sign in.
///
/// # Errors
/// [`DbError`].
pub async fn count_leads(conn: &mut Conn, team: TeamId) -> Result<i64, DbError> {
    let (count,): (i64,) = conn
        .one(
            "SELECT COUNT(*) FROM memberships m JOIN people p ON p.id = m.person
             WHERE m.team = $1 AND m.role = 'lead' AND m.active AND NOT p.banned",
            args![team],
        )
        .await?;
    Ok(count)
}
