//! What is known of a team, kept in memory by the versions it was read at: without a query while nothing is committed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Desk;
use crate::args;
use crate::db::{Conn, DbError};
use crate::people::PersonId;
use crate::teams::{self, Host, SessionType, Team, TeamId, TypeId};

/// Teams kept in memory; when there are more, all are read anew.
const MOST: usize = 2_000;
/// Hosts that are read anew one by one; when more changed, all are.
const MOST_CHANGED: usize = 500;

/// What is known of a team: itself, its active types, its hosts who can be booked.
#[derive(Debug, Clone)]
pub struct TeamFacts {
    /// The team.
    pub team: Team,
    /// In the team's order.
    pub types: Vec<SessionType>,
    /// By id.
    pub hosts: Vec<Host>,
}

impl TeamFacts {
    /// The types somebody sees and books: members all of them, others those that are not internal.
    pub fn shown(&self, member: bool) -> Vec<SessionType> {
        self.types.iter().filter(|kind| member || !kind.internal).cloned().collect()
    }

    /// Those of these people (by id) who are hosts.
    pub(super) fn among(&self, people: &[PersonId]) -> Vec<Host> {
        let host = |person: &PersonId| {
            let place = self.hosts.binary_search_by_key(person, |host| host.person).ok()?;
            self.hosts.get(place).cloned()
        };
        people.iter().filter_map(host).collect()
    }

    /// The keys of the types that everybody sees, for a question about slots; `None`: there is no such type. All of the
    /// team's are an empty list, as [`super::slots::pooled`] takes it.
    pub fn for_everybody(&self) -> Option<Vec<TypeId>> {
        let shown: Vec<TypeId> = self.types.iter().filter(|kind| !kind.internal).map(|kind| kind.id).collect();
        match shown.len() {
            0 if !self.types.is_empty() => None,
            count if count == self.types.len() => Some(Vec::new()),
            _ => Some(shown),
        }
    }
}

/// The teams in memory.
#[derive(Debug, Default)]
pub struct KnownTeams(Mutex<HashMap<TeamId, KnownTeam>>);

#[derive(Debug)]
struct KnownTeam {
    commits: u64,
    versions: Versions,
    /// The version of each host as a person, by id.
    people: Arc<[(PersonId, i64)]>,
    facts: Arc<TeamFacts>,
}

/// What was known of a team, with the version of each of its hosts as a person, by id.
type Before = (Arc<TeamFacts>, Arc<[(PersonId, i64)]>);

/// The team's version, how many hosts it has, and the sum of theirs. Versions only grow, and who belongs to the team
/// changes its version: while these three stand, so does everything else.
type Versions = (i64, i64, i64);

/// What is known of an active team by its slug; without a query while nothing was committed.
///
/// # Errors
/// [`DbError`].
pub async fn team(desk: &Desk, slug: &str) -> Result<Option<Arc<TeamFacts>>, DbError> {
    let commits = desk.db.commits();
    let is_it = |team: &Team| team.slug == slug && team.active && !team.hidden;
    if let Some(facts) = desk.known_teams.known(|known| known.commits == commits && is_it(&known.facts.team)) {
        return Ok(Some(facts));
    }
    Box::pin(async {
        let mut conn = desk.db.read().await?;
        // The team that had this address last has it still, nearly always.
        if let Some(before) = desk.known_teams.known(|known| is_it(&known.facts.team))
            && let Some(facts) = current(desk, &mut conn, before.team.id).await?
            && is_it(&facts.team)
        {
            return Ok(Some(facts));
        }
        match teams::by_slug(&mut conn, slug).await? {
            Some(team) => current(desk, &mut conn, team.id).await,
            None => Ok(None),
        }
    })
    .await
}

/// What is known of a team, at most as old as the newest commit.
///
/// # Errors
/// [`DbError`].
pub async fn facts(desk: &Desk, team: TeamId) -> Result<Option<Arc<TeamFacts>>, DbError> {
    match desk.known_teams.known_after(team, desk.db.commits()) {
        Some(facts) => Ok(Some(facts)),
        None => current(desk, &mut desk.db.read().await?, team).await,
    }
}

/// No query while nothing was committed; one for the versions; only when one of them is another, the rows themselves.
pub(super) async fn current(desk: &Desk, conn: &mut Conn, team: TeamId) -> Result<Option<Arc<TeamFacts>>, DbError> {
    let commits = desk.db.commits();
    if let Some(facts) = desk.known_teams.known_after(team, commits) {
        return Ok(Some(facts));
    }
    let versions: Option<Versions> = conn
        .optional(
            "SELECT t.version, COUNT(p.id), CAST(COALESCE(SUM(p.version), 0) AS BIGINT) FROM teams t
             LEFT JOIN memberships m ON m.team = t.id AND m.role = 'host' AND m.active
             LEFT JOIN people p ON p.id = m.person AND NOT p.banned
             WHERE t.id = $1 GROUP BY t.version",
            args![team],
        )
        .await?;
    let Some(versions) = versions else { return Ok(None) };
    if let Some(facts) = desk.known_teams.still_known(team, &versions, commits) {
        return Ok(Some(facts));
    }
    let people = teams::host_versions(conn, team).await?;
    let facts = match desk.known_teams.before(team, versions.0) {
        Some(before) => read_changed(conn, &before, &people).await?,
        None => None,
    };
    let facts = match facts {
        Some(facts) => facts,
        None => {
            let Some(found) = teams::by_id(conn, team).await? else { return Ok(None) };
            let types = teams::types(conn, team).await?;
            TeamFacts { team: found, types, hosts: teams::hosts(conn, team).await? }
        }
    };
    let facts = Arc::new(facts);
    desk.known_teams.learn(team, KnownTeam { commits, versions, people: people.into(), facts: facts.clone() });
    Ok(Some(facts))
}

/// The facts with the few hosts read anew whose versions moved; `None`: there are other hosts, or many changed.
async fn read_changed(
    conn: &mut Conn,
    (before, known): &Before,
    people: &[(PersonId, i64)],
) -> Result<Option<TeamFacts>, DbError> {
    let Some(moved) = moved(known, people) else { return Ok(None) };
    let mut facts = TeamFacts::clone(before);
    for host in teams::hosts_among(conn, before.team.id, &moved).await? {
        let Ok(place) = facts.hosts.binary_search_by_key(&host.person, |host| host.person) else { return Ok(None) };
        if let Some(old) = facts.hosts.get_mut(place) {
            *old = host;
        }
    }
    Ok(Some(facts))
}

/// The few who have other versions now, by id; `None`: there are other people, or many changed.
pub(super) fn moved(before: &[(PersonId, i64)], now: &[(PersonId, i64)]) -> Option<Vec<PersonId>> {
    let is_same = |(old, new): (&(PersonId, i64), &(PersonId, i64))| old.0 == new.0;
    if before.len() != now.len() || !before.iter().zip(now).all(is_same) {
        return None;
    }
    let moved = before.iter().zip(now).filter(|(old, new)| old.1 != new.1).map(|(_, new)| new.0);
    let moved: Vec<PersonId> = moved.take(MOST_CHANGED + 1).collect();
    (moved.len() <= MOST_CHANGED).then_some(moved)
}

impl KnownTeams {
    fn known(&self, wanted: impl Fn(&KnownTeam) -> bool) -> Option<Arc<TeamFacts>> {
        let facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        facts.values().find(|team| wanted(team)).map(|team| team.facts.clone())
    }

    /// What is known of the team when nothing was committed since.
    fn known_after(&self, team: TeamId, commits: u64) -> Option<Arc<TeamFacts>> {
        let facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        facts.get(&team).filter(|known| known.commits == commits).map(|known| known.facts.clone())
    }

    fn still_known(&self, team: TeamId, versions: &Versions, commits: u64) -> Option<Arc<TeamFacts>> {
        let mut facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = facts.get_mut(&team).filter(|known| known.versions == *versions)?;
        known.commits = commits;
        Some(known.facts.clone())
    }

    /// What was known of the team when it had this version, and of its hosts.
    fn before(&self, team: TeamId, version: i64) -> Option<Before> {
        let facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = facts.get(&team).filter(|known| known.versions.0 == version)?;
        Some((known.facts.clone(), known.people.clone()))
    }

    fn learn(&self, team: TeamId, known: KnownTeam) {
        let mut facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if facts.len() >= MOST && !facts.contains_key(&team) {
            facts.clear();
        }
        facts.insert(team, known);
    }
}
