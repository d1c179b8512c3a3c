//! Giving a session to another host, at the same time (MM-10).

use std::sync::Arc;

use super::change::lock;
use super::{Booking, ROUNDS, Refusal, Tried, copies, known_team};
use crate::availability::{Question, ServerRules, Timeline, is_below_caps, timeline, verdict};
use crate::booking::{self, BookingId, Session};
use crate::calendars::OfferWords;
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::slots::server_rules;
use crate::desk::team_facts::TeamFacts;
use crate::people::PersonId;
use crate::teams::{Host, Team};

/// A host who could take over a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeHost {
    /// Who.
    pub person: PersonId,
    /// Human name.
    pub name: String,
    /// They offer that time; else they are only free then.
    pub offers: bool,
}

/// The hosts who are free for a booking's session, those first who offer that time, then by name.
///
/// # Errors
/// [`Refusal::Db`]; [`Refusal::NotOffered`]: the team is gone.
pub async fn free_hosts(desk: &Desk, known: &Booking) -> Result<Vec<FreeHost>, Refusal> {
    let facts = known_team(desk, known.session.team).await?;
    let mut conn = desk.db.read().await?;
    let guests = booking::of_session(&mut conn, known.session.id).await?;
    let others: Vec<Host> = facts
        .hosts
        .iter()
        .filter(|host| host.person != known.session.host && guests.iter().all(|guest| guest.guest != host.person))
        .cloned()
        .collect();
    let (from, to) = padded(&known.session);
    let timelines = desk.timelines.of(&mut conn, &others, from, to).await?;
    drop(conn);
    let mut free = Vec::new();
    for host in &others {
        let Some(timeline) = timelines.get(&host.person) else { continue };
        let look = Look::new(&facts, host, &known.session, server_rules(desk));
        if look.refuses(timeline).is_none() {
            free.push(FreeHost { person: host.person, name: host.name.clone(), offers: look.offers(timeline) });
        }
    }
    free.sort_by(|one, other| (!one.offers, &one.name, one.person).cmp(&(!other.offers, &other.name, other.person)));
    Ok(free)
}

/// Gives the session of a booking, with everybody in it, to another host of the team who is free then and whose caps
/// leave room; they need not offer that time. The old host is told that it is off, the new one is invited, each guest's
/// invite changes. Whoever calls knows that `actor` looks after the team.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooLate`]: it has begun or is off; [`Refusal::SlotTaken`]: the new host is not free;
/// [`Refusal::NotOffered`]: they are no host of the team; [`Refusal::LimitReached`]; [`Refusal::AlreadyBooked`]: they are
/// a guest of the session; [`Refusal::Db`].
pub async fn reassign(desk: &Desk, id: BookingId, to: PersonId, actor: PersonId) -> Result<Booking, Refusal> {
    for _ in 0..ROUNDS {
        let mut conn = desk.db.read().await?;
        let found = booking::by_id(&mut conn, id).await?.ok_or(Refusal::NotFound)?;
        let guests = booking::of_session(&mut conn, found.session.id).await?;
        drop(conn);
        let facts = known_team(desk, found.session.team).await?;
        // Nobody is locked who is not of the team.
        if facts.hosts.iter().all(|host| host.person != to) {
            return Err(Refusal::not_offered());
        }
        let mut people: Vec<PersonId> = guests.iter().map(|booking| booking.guest).collect();
        people.extend([found.session.host, found.guest, to]);
        let command = Reassign {
            id,
            people,
            to,
            actor,
            facts,
            server: server_rules(desk),
            words: desk.offer_words(),
            domain: desk.config.mail_domain().to_owned(),
            now: desk.clock.now(),
        };
        match desk.db.run(command).await {
            Ok(changed) => return Ok(changed),
            Err(Tried::Stale) => {}
            Err(Tried::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::slot_taken())
}

struct Reassign {
    id: BookingId,
    people: Vec<PersonId>,
    to: PersonId,
    actor: PersonId,
    facts: Arc<TeamFacts>,
    server: ServerRules,
    words: Arc<OfferWords>,
    domain: String,
    now: i64,
}

impl Command for Reassign {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let (locked, found) = lock(tx, self.id, &self.people).await?;
        booking::must_be_ahead(&found, self.now)?;
        let session = &found.session;
        if session.host == self.to {
            return Ok(found);
        }
        let guests = booking::of_session(tx, session.id).await?;
        if guests.iter().any(|booking| !locked.holds(booking.guest)) {
            return Err(Tried::Stale);
        }
        if guests.iter().any(|booking| booking.guest == self.to) {
            return Err(Refusal::already_booked().into());
        }
        let host = crate::teams::host(tx, session.team, self.to).await?.ok_or_else(Refusal::not_offered)?;
        let (from, to) = padded(session);
        let mut timelines = timeline::read(tx, &self.words, &[self.to], &[], from, to).await?;
        let timeline = timelines.remove(&self.to).unwrap_or_default();
        if let Some(refusal) = Look::new(&self.facts, &host, session, self.server).refuses(&timeline) {
            return Err(refusal.into());
        }
        let new = booking::reassign(tx, &locked, &guests, self.to, self.actor, &self.domain, self.now).await?;
        copies::refresh(tx, &locked, session.id, &[], self.now).await?;
        copies::refresh(tx, &locked, new, &guests, self.now).await?;
        Ok(booking::by_id(tx, self.id).await?.ok_or_else(|| DbError::Damaged("a booking vanished".into()))?)
    }
}

/// The host's time that a session takes, with the buffers frozen at booking.
fn padded(session: &Session) -> (i64, i64) {
    (session.starts - session.before, session.ends + session.after)
}

/// One host looked at as the next of a session.
struct Look<'a> {
    facts: &'a TeamFacts,
    /// The session is one of the team's already: its cap counts nothing new.
    team: Team,
    host: &'a Host,
    session: &'a Session,
    server: ServerRules,
}

impl<'a> Look<'a> {
    fn new(facts: &'a TeamFacts, host: &'a Host, session: &'a Session, server: ServerRules) -> Self {
        let team = Team { daily_cap: None, ..facts.team.clone() };
        Self { facts, team, host, session, server }
    }

    /// Why they cannot take it over, if there is a reason.
    fn refuses(&self, timeline: &Timeline) -> Option<Refusal> {
        let (from, to) = padded(self.session);
        let held = timeline.holds.iter().any(|hold| hold.starts < to && from < hold.ends);
        let busy = timeline.busy.iter().any(|busy| busy.starts < to && from < busy.ends);
        if held || busy {
            return Some(Refusal::slot_taken());
        }
        (!is_below_caps(&self.question(timeline), self.session.starts)).then(Refusal::limit_reached)
    }

    /// Whether anybody could book that start with them, the notice aside.
    fn offers(&self, timeline: &Timeline) -> bool {
        let mut timeline = timeline.clone();
        super::book::without_notice(&mut timeline);
        verdict(&self.question(&timeline), self.session.type_id, self.session.starts).is_ok()
    }

    fn question<'b>(&'b self, timeline: &'b Timeline) -> Question<'b> {
        Question {
            team: &self.team,
            types: &self.facts.types,
            only: &[],
            host: self.host,
            timeline,
            team_starts: &[],
            server: self.server,
            // What is assigned now is not too early or too late for being so.
            now: self.session.starts,
        }
    }
}
