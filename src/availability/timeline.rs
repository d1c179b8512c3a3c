//! Hosts' timelines: read from the database in two queries for any number of people, and kept in memory by version.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::AssertSqlSafe;

use super::{Busy, Hold, Hosted, Offer, Timeline};
use crate::args;
use crate::calendars::{OccurrenceRow, OfferRules, OfferWords, Scope, occurrences};
use crate::db::{Conn, DbError, Value, id_list, placeholders};
use crate::people::PersonId;
use crate::teams::Host;

/// Sessions are read this much further than offers, so that weekly caps count whole weeks in every zone.
const WEEK_AND_ZONE: i64 = 9 * 86_400;
/// What is read at least, so that the next, slightly later question finds it in memory.
const AHEAD: i64 = 62 * 86_400;
const DAY: i64 = 86_400;
/// How the UIDs of sessions and bookings begin.
const UID: &str = "openhour-";
/// UIDs looked up at once.
const UIDS: usize = 500;
/// Occurrences, holds and offers kept in memory over all hosts: some 100 bytes each.
const MOST_ROWS: usize = 500_000;

/// The timelines that were asked for lately. A host's entry counts while their `slots` version stands still.
#[derive(Debug)]
pub struct Timelines {
    words: Arc<OfferWords>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<PersonId, Entry>,
    rows: usize,
    turn: u64,
}

#[derive(Debug)]
struct Entry {
    version: i64,
    from: i64,
    to: i64,
    timeline: Arc<Timeline>,
    used: u64,
}

impl Timelines {
    /// Nothing in memory yet. `words` are the titles that make an event an offer.
    pub fn new(words: Arc<OfferWords>) -> Self {
        Self { words, kept: Mutex::default() }
    }

    /// The hosts' timelines over `[from, to)` at least. Those that changed are read together: one query for their
    /// occurrences, one for their holds.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn of(
        &self,
        conn: &mut Conn,
        hosts: &[Host],
        from: i64,
        to: i64,
    ) -> Result<HashMap<PersonId, Arc<Timeline>>, DbError> {
        let (mut found, missing) = self.kept(hosts, from, to);
        if missing.is_empty() {
            return Ok(found);
        }
        let from = from.div_euclid(DAY) * DAY;
        let to = to.max(from.saturating_add(AHEAD));
        let people: Vec<PersonId> = missing.iter().map(|host| host.person).collect();
        let mut read = read(conn, &self.words, &people, &[], from, to).await?;
        for host in missing {
            let timeline = Arc::new(read.remove(&host.person).unwrap_or_default());
            found.insert(host.person, timeline.clone());
            self.keep(host, from, to, timeline);
        }
        Ok(found)
    }

    fn kept<'a>(&self, hosts: &'a [Host], from: i64, to: i64) -> (HashMap<PersonId, Arc<Timeline>>, Vec<&'a Host>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        let turn = kept.turn;
        let mut found = HashMap::with_capacity(hosts.len());
        let mut missing = Vec::new();
        for host in hosts {
            match kept.entries.get_mut(&host.person) {
                Some(entry) if entry.version == host.slots && entry.from <= from && to <= entry.to => {
                    entry.used = turn;
                    found.insert(host.person, entry.timeline.clone());
                }
                _ => missing.push(host),
            }
        }
        (found, missing)
    }

    fn keep(&self, host: &Host, from: i64, to: i64, timeline: Arc<Timeline>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept.turn;
        kept.rows += timeline.rows();
        let entry = Entry { version: host.slots, from, to, timeline, used };
        if let Some(old) = kept.entries.insert(host.person, entry) {
            kept.rows -= old.timeline.rows();
        }
        while kept.rows > MOST_ROWS {
            let Some(oldest) = kept.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(person, _)| *person)
            else {
                break;
            };
            if let Some(old) = kept.entries.remove(&oldest) {
                kept.rows -= old.timeline.rows();
            }
        }
    }
}

impl Offer {
    /// One occurrence of the index, which is an offer.
    pub fn of(row: &OccurrenceRow) -> Self {
        let own = row.rules.as_deref().map(|stored| OfferRules::read(Some(stored)).into()).unwrap_or_default();
        let scope = Scope::read(row.scope.as_deref());
        Self { starts: row.starts, ends: row.ends, all_day: row.all_day, scope, own }
    }
}

impl Timeline {
    fn rows(&self) -> usize {
        self.offers.len() + self.busy.len() + self.holds.len() + 1
    }
}

/// Reads the timelines of hosts, and the holds alone of others: offers and busy times over `[from, to)`, holds a week
/// further on both sides.
///
/// # Errors
/// [`DbError`].
pub async fn read(
    conn: &mut Conn,
    words: &Arc<OfferWords>,
    hosts: &[PersonId],
    others: &[PersonId],
    from: i64,
    to: i64,
) -> Result<HashMap<PersonId, Timeline>, DbError> {
    let mut timelines: HashMap<PersonId, Timeline> = HashMap::with_capacity(hosts.len());
    let rows = occurrences::of(conn, words, hosts, from.saturating_sub(DAY), to.saturating_add(DAY)).await?;
    let issued = issued(conn, &rows).await?;
    for row in rows {
        if !row.offer && issued.contains(&row.uid) {
            continue;
        }
        let timeline = timelines.entry(row.person).or_default();
        if row.offer {
            timeline.offers.push(Offer::of(&row));
        } else if row.starts < row.ends {
            timeline.busy.push(Busy { starts: row.starts, ends: row.ends });
        }
    }
    // A cap on the sessions of a whole offer counts those outside the question, too.
    let capped = timelines.values().flat_map(|timeline| &timeline.offers).filter(|offer| offer.own.caps.most.is_some());
    let (from, to) = capped.fold((from, to), |(from, to), offer| (from.min(offer.starts), to.max(offer.ends)));
    let from = from.saturating_sub(WEEK_AND_ZONE);
    let people: Vec<PersonId> = hosts.iter().chain(others).copied().collect();
    for (person, hold) in holds(conn, &people, from, to.saturating_add(WEEK_AND_ZONE)).await? {
        timelines.entry(person).or_default().holds.push(hold);
    }
    for timeline in timelines.values_mut() {
        timeline.offers.sort_by_key(|offer| (offer.starts, offer.ends));
        timeline.busy = merged(std::mem::take(&mut timeline.busy));
    }
    Ok(timelines)
}

/// The UIDs among busy times that we gave to sessions and bookings: a booked session that comes back from somebody's
/// calendar never blocks, its hold does. No query where no UID looks like ours.
async fn issued(conn: &mut Conn, rows: &[OccurrenceRow]) -> Result<HashSet<String>, DbError> {
    let ours = |row: &&OccurrenceRow| !row.offer && row.uid.starts_with(UID);
    let mut wanted: Vec<&str> = rows.iter().filter(ours).map(|row| row.uid.as_str()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut issued = HashSet::new();
    for some in wanted.chunks(UIDS) {
        let list = placeholders(1, some.len());
        let sql = format!(
            "SELECT uid FROM sessions WHERE uid IN ({list}) UNION SELECT uid FROM bookings WHERE uid IN ({list})"
        );
        let found: Vec<(String,)> =
            conn.all(AssertSqlSafe(sql), some.iter().map(|uid| Value::from(*uid)).collect()).await?;
        issued.extend(found.into_iter().map(|(uid,)| uid));
    }
    Ok(issued)
}

/// Joins what overlaps or touches, in order.
pub(super) fn merged(mut busy: Vec<Busy>) -> Vec<Busy> {
    busy.sort_unstable();
    let mut joined: Vec<Busy> = Vec::with_capacity(busy.len());
    for next in busy {
        match joined.last_mut() {
            Some(last) if next.starts <= last.ends => last.ends = last.ends.max(next.ends),
            _ => joined.push(next),
        }
    }
    joined
}

type HoldRow = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

/// People's holds that reach into `[from, to)`, each person's by start: one query.
///
/// # Errors
/// [`DbError`].
pub async fn holds(conn: &mut Conn, people: &[PersonId], from: i64, to: i64) -> Result<Vec<(PersonId, Hold)>, DbError> {
    let sql = format!(
        "SELECT h.person, h.starts, h.ends, s.id, s.host, s.team, s.type, s.starts, s.ends, s.capacity,
             (SELECT COUNT(*) FROM bookings b WHERE b.session = s.id AND b.seat IS NOT NULL)
         FROM holds h JOIN sessions s ON s.id = h.session
         WHERE h.person IN ({}) AND h.ends > $1 AND h.starts < $2 ORDER BY h.starts",
        id_list(people)
    );
    let rows: Vec<HoldRow> = conn.all(AssertSqlSafe(sql), args![from, to]).await?;
    let hold = |row: HoldRow| {
        let (person, starts, ends, session, host, team, type_id, session_starts, session_ends, capacity, taken) = row;
        let hosted = (host == person).then_some(Hosted {
            type_id,
            team,
            starts: session_starts,
            ends: session_ends,
            capacity,
            taken,
        });
        (person, Hold { starts, ends, session, hosted })
    };
    Ok(rows.into_iter().map(hold).collect())
}
