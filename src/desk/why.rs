//! Why an hour that a host offers is open, or is not (CN-17): for the answer to their invitation and for their own page.
//!
//! Judged by the function that makes the slots. It tells what stands in the host's calendar, so nobody else may read it.

use std::collections::BTreeMap;

use super::Desk;
use super::slots::{server_rules, team_starts};
use super::team_facts::{TeamFacts, facts};
use crate::availability::{Obstacle, Offer, Question, Timeline, serves, starts};
use crate::calendars::{OccurrenceRow, Scope, occurrences};
use crate::db::{Conn, DbError};
use crate::people::PersonId;
use crate::teams::{self, Host, TeamId, TypeId};

/// Occurrences of offers explained at once.
const MOST: usize = 300;

/// One occurrence of an offer, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// When, and in which event.
    pub offer: OccurrenceRow,
    /// Starts that can be booked now, in order.
    pub open: Vec<i64>,
    /// Starts that cannot be booked, in order, none of them in `open`.
    pub hidden: Vec<Hidden>,
    /// Why it has no start at all, when it has none.
    pub nothing: Option<Nothing>,
}

/// A start that cannot be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds; of the kind of session that came nearest to being open.
    pub end: i64,
    /// In which team it came nearest.
    pub team: TeamId,
    /// And with which kind of session.
    pub type_id: TypeId,
    /// What stands against it.
    pub obstacle: Obstacle,
}

/// Why an offer has no start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// Its host is in no team with a kind of session.
    NoTypes,
    /// It names a kind of session that none of the host's teams has; lower case.
    UnknownType(String),
    /// It is over, or every start in it is past.
    Past,
    /// It is shorter than every kind of session it serves; the shortest one, minutes.
    TooShort(i64),
    /// A session would be as long as the offer, and the offer is longer than a day.
    TooLong,
}

/// What a host sees at one glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Every start can be booked.
    Live,
    /// Some can.
    Partly,
    /// There are starts, and none can be booked now.
    Hidden,
    /// There is no start in it.
    Ignored,
}

impl Explained {
    /// At one glance.
    pub fn state(&self) -> State {
        match (self.open.is_empty(), self.hidden.is_empty()) {
            (false, true) => State::Live,
            (false, false) => State::Partly,
            (true, false) => State::Hidden,
            (true, true) => State::Ignored,
        }
    }
}

/// What is to be said of one very start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is past.
    Over,
    /// It can be booked now.
    Open,
    /// Something stands against it.
    Against(Obstacle),
    /// The offer around it has no start at all.
    Nothing(Nothing),
    /// No offer covers it, but others are there that day.
    Outside,
    /// No offer is there at all.
    NoOffer,
    /// What is left of the offer then is too short for a session.
    Remainder,
    /// Sessions start at other times.
    OffGrid,
}

/// Judges one start by the offers around it.
pub fn verdict(start: i64, explained: &[Explained], now: i64) -> Verdict {
    let around: Vec<&Explained> =
        explained.iter().filter(|one| one.offer.starts <= start && start < one.offer.ends).collect();
    if start < now {
        return Verdict::Over;
    }
    if around.iter().any(|one| one.open.contains(&start)) {
        return Verdict::Open;
    }
    let hidden = around.iter().flat_map(|one| &one.hidden).find(|hidden| hidden.start == start);
    if let Some(hidden) = hidden {
        return Verdict::Against(hidden.obstacle);
    }
    if let Some(nothing) = around.iter().find_map(|one| one.nothing.as_ref()) {
        return Verdict::Nothing(nothing.clone());
    }
    let starts = around.iter().flat_map(|one| one.open.iter().copied().chain(one.hidden.iter().map(|h| h.start)));
    match starts.max() {
        None if explained.is_empty() => Verdict::NoOffer,
        None => Verdict::Outside,
        Some(last) if start > last => Verdict::Remainder,
        Some(_) => Verdict::OffGrid,
    }
}

/// The host's offers that overlap `[from, to)`, by start, each with its starts from now on. UTC seconds; 300 offers at most.
///
/// # Errors
/// [`DbError`].
pub async fn explain(desk: &Desk, host: PersonId, from: i64, to: i64) -> Result<Vec<Explained>, DbError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let mut offers = occurrences::of(&mut conn, &desk.offer_words(), &[host], from, to).await?;
    offers.retain(|row| row.offer);
    offers.truncate(MOST);
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = offers.iter().fold((from, to), |(a, b), row| (a.min(row.starts), b.max(row.ends)));
    let mut places = Vec::new();
    for team in teams::of_person(&mut conn, host).await? {
        places.extend(Place::of(desk, &mut conn, team.id, host, (first.max(now), last)).await?);
    }
    Ok(offers.into_iter().map(|row| explained(desk, row, &places, now)).collect())
}

/// A host in one of their teams.
struct Place {
    facts: std::sync::Arc<TeamFacts>,
    host: Host,
    timeline: std::sync::Arc<Timeline>,
    team_starts: Vec<i64>,
}

impl Place {
    async fn of(
        desk: &Desk,
        conn: &mut Conn,
        team: TeamId,
        person: PersonId,
        (from, to): (i64, i64),
    ) -> Result<Option<Self>, DbError> {
        let Some(facts) = facts(desk, team).await? else { return Ok(None) };
        let Some(host) = teams::host(conn, team, person).await? else { return Ok(None) };
        let known = desk.timelines.of(conn, std::slice::from_ref(&host), from, to.max(from + 1)).await?;
        let team_starts = match facts.team.daily_cap {
            Some(_) => team_starts(conn, team, from, to).await?,
            None => Vec::new(),
        };
        let timeline = known.get(&person).cloned().unwrap_or_default();
        Ok(Some(Self { facts, host, timeline, team_starts }))
    }

    fn question(&self, desk: &Desk, now: i64) -> Question<'_> {
        Question {
            team: &self.facts.team,
            types: &self.facts.types,
            only: &[],
            host: &self.host,
            timeline: &self.timeline,
            team_starts: &self.team_starts,
            server: server_rules(desk),
            now,
        }
    }
}

fn explained(desk: &Desk, row: OccurrenceRow, places: &[Place], now: i64) -> Explained {
    let offer = Offer::of(&row);
    let mut nearest: BTreeMap<i64, Hidden> = BTreeMap::new();
    let mut open: Vec<i64> = Vec::new();
    for place in places {
        for start in starts(&place.question(desk, now), &offer, now, i64::MAX / 4) {
            let Some(obstacle) = start.obstacle else {
                open.push(start.start);
                continue;
            };
            let team = place.facts.team.id;
            let hidden = Hidden { start: start.start, end: start.end, team, type_id: start.type_id, obstacle };
            let best = nearest.entry(start.start).or_insert(hidden);
            if obstacle.closed() > best.obstacle.closed() {
                *best = hidden;
            }
        }
    }
    open.sort_unstable();
    open.dedup();
    let hidden: Vec<Hidden> =
        nearest.into_values().filter(|hidden| open.binary_search(&hidden.start).is_err()).collect();
    let nothing = (open.is_empty() && hidden.is_empty()).then(|| nothing(&row, places, now));
    Explained { offer: row, open, hidden, nothing }
}

fn nothing(row: &OccurrenceRow, places: &[Place], now: i64) -> Nothing {
    let scope = Scope::read(row.scope.as_deref());
    let all = || places.iter().flat_map(|place| place.facts.types.iter().map(move |kind| (place, kind)));
    if all().next().is_none() {
        return Nothing::NoTypes;
    }
    let served = all().filter(|(place, kind)| serves(&scope, &place.facts.team, &place.facts.types, kind));
    let shortest = served.map(|(_, kind)| if kind.whole_offer { 0 } else { kind.minutes }).min();
    match (shortest, scope) {
        (None, Scope::Named(name)) => Nothing::UnknownType(name),
        (None, _) => Nothing::NoTypes,
        _ if row.starts < now => Nothing::Past,
        (Some(0), _) => Nothing::TooLong,
        (Some(minutes), _) => Nothing::TooShort(minutes),
    }
}
