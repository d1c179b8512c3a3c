//! A team's pooled slots, kept in memory by the exact versions they were made from.
//!
//! While nothing is committed anywhere and the clock closes no slot, an answer costs no query at all.

use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::Desk;
use super::team_facts::{TeamFacts, current, moved};
use crate::args;
use crate::availability::{PooledSlot, Question, ServerRules, pool, pool_again, reach, slots};
use crate::db::{Conn, DbError};
use crate::people::PersonId;
use crate::teams::{Host, Team, TeamId, TypeId};

const DAY: i64 = 86_400;
/// Slots kept in memory over all lists: about 100 bytes each.
const MOST_SLOTS: usize = 400_000;
/// Lists kept in memory.
const MOST_LISTS: usize = 2_000;
/// Longest time that one question covers.
const LONGEST: i64 = 400 * DAY;

/// Slots of an answer, by start and type; a part of a list that several answers share.
#[derive(Debug, Clone)]
pub struct SlotSlice {
    all: Arc<[PooledSlot]>,
    range: Range<usize>,
}

impl Deref for SlotSlice {
    type Target = [PooledSlot];
    fn deref(&self) -> &[PooledSlot] {
        self.all.get(self.range.clone()).unwrap_or(&[])
    }
}

impl SlotSlice {
    /// A list of its own.
    pub fn of(slots: impl Iterator<Item = PooledSlot>) -> Self {
        let all: Arc<[PooledSlot]> = slots.collect();
        Self { range: 0..all.len(), all }
    }
}

/// A team's open slots, and for how long that is the answer.
#[derive(Debug, Clone)]
pub struct Pooled {
    /// By start, then type.
    pub slots: SlotSlice,
    /// Opaque; another one whenever the answer is another.
    pub version: String,
    /// Opaque; another one whenever the team or a host's time has another version in the database. The clock may close
    /// slots while it stays the same. Equal in all server processes.
    pub state: Arc<str>,
    /// The next instant at which the clock changes the answer; `i64::MAX`: never.
    pub valid_until: i64,
    /// When the answer last changed, UTC seconds.
    pub changed_at: i64,
    /// A slot that starts after all of these starts then at the earliest, UTC seconds.
    pub next_at: i64,
}

/// The lists the desk keeps in memory.
#[derive(Debug, Default)]
pub struct Kept {
    lists: Mutex<Lists>,
    /// For each team one computes, the others wait and find the answer.
    gates: Mutex<HashMap<TeamId, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug, Default)]
struct Lists {
    kept: HashMap<Key, List>,
    slots: usize,
    turn: u64,
}

/// Whose slots over which whole days.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    team: TeamId,
    types: Vec<TypeId>,
    from: i64,
    to: i64,
}

/// What an answer was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    team: i64,
    hosts: Vec<(PersonId, i64)>,
    team_starts: Vec<i64>,
}

#[derive(Debug, Clone)]
struct List {
    commits: u64,
    source: Arc<Source>,
    made: i64,
    slots: Arc<[PooledSlot]>,
    version: Arc<str>,
    state: Arc<str>,
    valid_until: i64,
    changed_at: i64,
    used: u64,
}

/// The open slots of a team that start in `[from, to)`, over all its hosts; of these types only, or of all of them
/// when none is named.
///
/// # Errors
/// [`DbError`].
pub async fn pooled(desk: &Desk, team: &Team, types: &[TypeId], from: i64, to: i64) -> Result<Pooled, DbError> {
    let now = desk.clock.now();
    // What starts before now is never open, so a question from now on has the same answer all day.
    let (from, to) = (from.max(now), to.min(from.max(now).saturating_add(LONGEST)));
    let mut types = types.to_vec();
    types.sort_unstable();
    types.dedup();
    let key = Key {
        team: team.id,
        types,
        from: from.div_euclid(DAY) * DAY,
        to: to.max(from).saturating_add(DAY - 1).div_euclid(DAY) * DAY,
    };
    match desk.slots.fresh(&key, desk.db.commits(), now) {
        Some(list) => Ok(list.cut(&key, from, to)),
        // On the heap: most questions are answered above.
        None => Box::pin(pooled_anew(desk, team, key, from, to, now)).await,
    }
}

/// Something was committed, or the clock moved on, or nobody asked before.
async fn pooled_anew(desk: &Desk, team: &Team, key: Key, from: i64, to: i64, now: i64) -> Result<Pooled, DbError> {
    let gate = desk.slots.gate(team.id);
    let _alone = gate.lock().await;
    let commits = desk.db.commits();
    if let Some(list) = desk.slots.fresh(&key, commits, now) {
        return Ok(list.cut(&key, from, to));
    }
    let mut conn = desk.db.read().await?;
    let facts = match current(desk, &mut conn, team.id).await? {
        Some(facts) => facts,
        None => Arc::new(TeamFacts { team: team.clone(), types: Vec::new(), hosts: Vec::new() }),
    };
    let source = Arc::new(source(&mut conn, &facts, &key).await?);
    if let Some(list) = desk.slots.confirmed(&key, &source, commits, now) {
        return Ok(list.cut(&key, from, to));
    }
    let before = desk.slots.near(&key, &source, now);
    let list = compute(desk, &mut conn, &facts, &key, Basis { source, before, commits, now }).await?;
    let answer = list.cut(&key, from, to);
    desk.slots.keep(key, list);
    Ok(answer)
}

/// The last level of rules.
pub(super) fn server_rules(desk: &Desk) -> ServerRules {
    ServerRules { notice: desk.config.notice, booking_window: desk.config.booking_window }
}

/// The versions an answer depends on; with a daily cap of the team also when its sessions start.
async fn source(conn: &mut Conn, facts: &TeamFacts, key: &Key) -> Result<Source, DbError> {
    let team_starts = if facts.team.daily_cap.is_some() {
        team_starts(conn, facts.team.id, key.from, key.to).await?
    } else {
        Vec::new()
    };
    let hosts = facts.hosts.iter().map(|host| (host.person, host.slots)).collect();
    Ok(Source { team: facts.team.version, hosts, team_starts })
}

/// When the team's sessions start, on the days around `[from, to)` in any zone.
pub(super) async fn team_starts(conn: &mut Conn, team: TeamId, from: i64, to: i64) -> Result<Vec<i64>, DbError> {
    let rows: Vec<(i64,)> = conn
        .all(
            "SELECT starts FROM sessions WHERE team = $1 AND status = 'open' AND starts >= $2 AND starts < $3
             ORDER BY starts",
            args![team, from.saturating_sub(2 * DAY), to.saturating_add(2 * DAY)],
        )
        .await?;
    Ok(rows.into_iter().map(|(start,)| start).collect())
}

/// What a list is made from.
struct Basis {
    source: Arc<Source>,
    /// A list that holds but for these hosts: only they are asked again.
    before: Option<(List, Vec<PersonId>)>,
    commits: u64,
    now: i64,
}

async fn compute(
    desk: &Desk,
    conn: &mut Conn,
    facts: &TeamFacts,
    key: &Key,
    Basis { source, before, commits, now }: Basis,
) -> Result<List, DbError> {
    // Beyond the booking window nothing is open, so far questions read nothing. A day at a time, not each second.
    let reach = reach(&facts.team, &facts.types, &facts.hosts, server_rules(desk));
    let horizon = now.saturating_add(reach).div_euclid(DAY) * DAY + 2 * DAY;
    let to = key.to.min(horizon);
    let some: Option<Vec<Host>> = before.as_ref().map(|(_, changed)| facts.among(changed));
    let hosts = some.as_deref().unwrap_or(&facts.hosts);
    let timelines = if key.from < to { desk.timelines.of(conn, hosts, key.from, to).await? } else { HashMap::new() };
    let mut changed_at = hosts.iter().map(|host| host.slots_changed).max().unwrap_or(0).max(facts.team.changed);
    let mut valid_until = if to < key.to { horizon - reach } else { i64::MAX };
    let open = hosts.iter().filter_map(|host| Some((host, timelines.get(&host.person)?)));
    let open = open.flat_map(|(host, timeline)| {
        let question = Question {
            team: &facts.team,
            types: &facts.types,
            only: &key.types,
            host,
            timeline,
            team_starts: &source.team_starts,
            server: server_rules(desk),
            now,
        };
        let list = slots(&question, key.from, to);
        changed_at = changed_at.max(list.since);
        valid_until = valid_until.min(list.valid_until);
        list.slots
    });
    let slots: Arc<[PooledSlot]> = match &before {
        Some((list, changed)) => pool_again(&list.slots, changed, open).into(),
        None => pool(open).into(),
    };
    if let Some((list, _)) = before {
        changed_at = changed_at.max(list.changed_at);
        valid_until = valid_until.min(list.valid_until);
    }
    let version = fingerprint(facts.team.version, &slots).into();
    let state = source.state().into();
    Ok(List { commits, source, made: now, slots, version, state, valid_until, changed_at, used: 0 })
}

fn fingerprint(team: i64, slots: &[PooledSlot]) -> String {
    let mut hash = Sha256::new();
    hash.update(team.to_be_bytes());
    for slot in slots {
        for number in [slot.start, slot.end, slot.type_id, slot.open, -1].iter().chain(slot.hosts.iter()) {
            hash.update(number.to_be_bytes());
        }
    }
    data_encoding::BASE32_NOPAD.encode(hash.finalize().get(..15).unwrap_or_default()).to_lowercase()
}

impl Source {
    /// A short name of the versions.
    fn state(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.team.to_be_bytes());
        for (person, version) in &self.hosts {
            hash.update(person.to_be_bytes());
            hash.update(version.to_be_bytes());
        }
        data_encoding::BASE32_NOPAD.encode(hash.finalize().get(..10).unwrap_or_default()).to_lowercase()
    }
}

impl Pooled {
    /// What a client gives back to hear what happened since: the state, then the answer's own version.
    pub fn point(&self) -> String {
        format!("{}.{}", self.state, self.version)
    }
}

impl List {
    fn holds(&self, now: i64) -> bool {
        self.made <= now && now < self.valid_until
    }

    fn cut(&self, key: &Key, from: i64, to: i64) -> Pooled {
        let start = self.slots.partition_point(|slot| slot.start < from);
        let end = self.slots.partition_point(|slot| slot.start < to).max(start);
        Pooled {
            slots: SlotSlice { all: self.slots.clone(), range: start..end },
            version: format!("{}-{start:x}-{end:x}", self.version),
            state: self.state.clone(),
            valid_until: self.valid_until,
            changed_at: self.changed_at,
            next_at: self.slots.get(end).map_or(key.to, |slot| slot.start),
        }
    }
}

impl Kept {
    /// Where those wait who would otherwise read and compute the same for this team at the same time.
    pub(super) fn gate(&self, team: TeamId) -> Arc<tokio::sync::Mutex<()>> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() >= MOST_LISTS {
            // Gates that nobody stands at.
            gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        }
        gates.entry(team).or_default().clone()
    }

    fn fresh(&self, key: &Key, commits: u64, now: i64) -> Option<List> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.turn += 1;
        let turn = lists.turn;
        let list = lists.kept.get_mut(key).filter(|list| list.commits == commits && list.holds(now))?;
        list.used = turn;
        Some(list.clone())
    }

    /// Something was committed, but nothing this list was made from.
    fn confirmed(&self, key: &Key, source: &Source, commits: u64, now: i64) -> Option<List> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let list = lists.kept.get_mut(key).filter(|list| *list.source == *source && list.holds(now))?;
        list.commits = commits;
        Some(list.clone())
    }

    /// The list kept for this question, if the clock has not changed it and only a few of its hosts have other versions
    /// now; with those hosts, by id.
    fn near(&self, key: &Key, source: &Source, now: i64) -> Option<(List, Vec<PersonId>)> {
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let list = lists.kept.get(key).filter(|list| list.holds(now))?;
        let before = &list.source;
        if before.team != source.team || before.team_starts != source.team_starts {
            return None;
        }
        Some((list.clone(), moved(&before.hosts, &source.hosts)?))
    }

    fn keep(&self, key: Key, list: List) {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let used = lists.turn;
        lists.slots += list.slots.len();
        if let Some(old) = lists.kept.insert(key, List { used, ..list }) {
            lists.slots -= old.slots.len();
        }
        while lists.slots > MOST_SLOTS || lists.kept.len() > MOST_LISTS {
            let oldest = lists.kept.iter().min_by_key(|(_, list)| list.used).map(|(key, _)| key.clone());
            let Some(old) = oldest.and_then(|key| lists.kept.remove(&key)) else { break };
            lists.slots -= old.slots.len();
        }
    }
}
