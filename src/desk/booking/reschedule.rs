//! Moving a booking, in one transaction: a guest into an open slot, a host anywhere that is free.

use std::sync::Arc;

use super::assign::{Wanted, order};
use super::book::{Check, is_about_host, lock_team, still_known};
use super::change::lock;
use super::{Booking, Holder, HolderRole, ROUNDS, Refusal, Tried, copies, known_team, with_alternatives};
use crate::availability::{ServerRules, Slot, timeline};
use crate::booking::{self, BookingId};
use crate::calendars::OfferWords;
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::slots::server_rules;
use crate::desk::team_facts::TeamFacts;
use crate::people::PersonId;
use crate::teams::SessionType;

/// Moves a booking to another start. A guest moves their own seat into an open slot, with the same host if possible; a
/// host moves the whole session with everybody in it, outside offers, grid and notice if they like.
///
/// # Errors
/// [`Refusal`], with the three nearest other slots where they help.
pub async fn reschedule(desk: &Desk, holder: &Holder, new_start: i64) -> Result<Booking, Refusal> {
    let result = match holder.role {
        HolderRole::Guest => guest_moves(desk, holder, new_start).await,
        HolderRole::Host => host_moves(desk, &holder.booking, holder.person, new_start).await,
    };
    told(desk, &holder.booking, new_start, result).await
}

/// Moves a session for somebody who looks after its team, as its host could.
///
/// # Errors
/// As [`reschedule`].
pub async fn reschedule_as(desk: &Desk, id: BookingId, actor: PersonId, new_start: i64) -> Result<Booking, Refusal> {
    let known = booking::by_id(&mut desk.db.read().await?, id).await?.ok_or(Refusal::NotFound)?;
    let result = host_moves(desk, &known, actor, new_start).await;
    told(desk, &known, new_start, result).await
}

async fn told(
    desk: &Desk,
    known: &Booking,
    new_start: i64,
    result: Result<Booking, Refusal>,
) -> Result<Booking, Refusal> {
    match result {
        Ok(moved) => Ok(moved),
        Err(refusal) => {
            let facts = known_team(desk, known.session.team).await?;
            Err(with_alternatives(desk, &facts.team, known.session.type_id, new_start, refusal).await)
        }
    }
}

async fn guest_moves(desk: &Desk, holder: &Holder, new_start: i64) -> Result<Booking, Refusal> {
    let known = &holder.booking;
    let mut last = Refusal::slot_taken();
    for _ in 0..ROUNDS {
        let facts = known_team(desk, known.session.team).await?;
        let kind = facts.types.iter().find(|kind| kind.id == known.session.type_id).ok_or_else(Refusal::not_offered)?;
        // The booking's own time may hide the slot from the list, so its host is asked first whatever the list says.
        let mut hosts = vec![known.session.host];
        let wanted = Wanted { start: new_start, only: None, guest_email: &known.email, waive_notice: false };
        match order(desk, &facts, kind, &wanted).await {
            Ok(others) => {
                hosts.extend(others.into_iter().map(|other| other.host).filter(|host| *host != known.session.host));
            }
            Err(Refusal::Db(error)) => return Err(error.into()),
            Err(_) => {}
        }
        let mut again = false;
        for host in hosts {
            let command = GuestMove {
                booking: known.id,
                old_host: known.session.host,
                guest: known.guest,
                host,
                start: new_start,
                facts: facts.clone(),
                kind: kind.clone(),
                server: server_rules(desk),
                words: desk.offer_words(),
                domain: desk.config.mail_domain().to_owned(),
                now: desk.clock.now(),
            };
            match desk.db.run(command).await {
                Ok(moved) => return Ok(moved),
                Err(Tried::Stale) => {
                    again = true;
                    break;
                }
                Err(Tried::Refused(refusal)) if is_about_host(&refusal) => last = refusal,
                Err(Tried::Refused(refusal)) => return Err(refusal),
            }
        }
        if !again {
            break;
        }
    }
    Err(last)
}

struct GuestMove {
    booking: i64,
    old_host: PersonId,
    guest: PersonId,
    host: PersonId,
    start: i64,
    facts: Arc<TeamFacts>,
    kind: SessionType,
    server: ServerRules,
    words: Arc<OfferWords>,
    domain: String,
    now: i64,
}

impl Command for GuestMove {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        lock_team(tx, &self.facts).await?;
        let (locked, found) = lock(tx, self.booking, &[self.old_host, self.host, self.guest]).await?;
        still_known(tx, &self.facts, self.guest).await?;
        booking::must_be_ahead(&found, self.now)?;
        if found.session.starts == self.start {
            return Ok(found);
        }
        let alone = booking::of_session(tx, found.session.id).await?.len() == 1;
        let check = Check {
            facts: &self.facts,
            kind: &self.kind,
            host: self.host,
            guest: self.guest,
            start: self.start,
            server: self.server,
            words: &self.words,
            moved: Some((&found, alone)),
            waive_notice: false,
            now: self.now,
        };
        let slot = check.slot(tx).await?;
        let actor = Some(self.guest);
        if alone && slot.session.is_none() && slot.host == found.session.host && slot.capacity == found.session.capacity
        {
            let guests = std::slice::from_ref(&found);
            booking::move_session(tx, &locked, &found.session, guests, &slot, actor, self.now).await?;
        } else {
            booking::move_booking(tx, &locked, &found, &slot, actor, &self.domain, self.now).await?;
            copies::refresh(tx, &locked, found.session.id, &[], self.now).await?;
        }
        let moved = booking::by_id(tx, self.booking).await?.ok_or(Refusal::NotFound)?;
        copies::refresh(tx, &locked, moved.session.id, std::slice::from_ref(&moved), self.now).await?;
        Ok(moved)
    }
}

/// Moves the session of a booking; `actor` is its host, or looks after its team.
async fn host_moves(desk: &Desk, known: &Booking, actor: PersonId, new_start: i64) -> Result<Booking, Refusal> {
    let now = desk.clock.now();
    if new_start <= now {
        return Err(Refusal::too_late());
    }
    for _ in 0..ROUNDS {
        let mut conn = desk.db.read().await?;
        let found = booking::by_id(&mut conn, known.id).await?.ok_or(Refusal::NotFound)?;
        let mut people: Vec<PersonId> =
            booking::of_session(&mut conn, found.session.id).await?.iter().map(|booking| booking.guest).collect();
        drop(conn);
        people.extend([found.session.host, found.guest]);
        let command = HostMove {
            booking: found.id,
            // Whoever held it as its host has no say in it with another.
            host: known.session.host,
            actor,
            people,
            start: new_start,
            words: desk.offer_words(),
            now,
        };
        match desk.db.run(command).await {
            Ok(moved) => return Ok(moved),
            Err(Tried::Stale) => {}
            Err(Tried::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::slot_taken())
}

struct HostMove {
    booking: i64,
    host: PersonId,
    actor: PersonId,
    people: Vec<PersonId>,
    start: i64,
    words: Arc<OfferWords>,
    now: i64,
}

impl Command for HostMove {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let (locked, found) = lock(tx, self.booking, &self.people).await?;
        booking::must_be_ahead(&found, self.now)?;
        let session = &found.session;
        if session.host != self.host {
            return Err(Refusal::NotAllowed.into());
        }
        if session.starts == self.start {
            return Ok(found);
        }
        let guests = booking::of_session(tx, session.id).await?;
        if guests.iter().any(|booking| !locked.holds(booking.guest)) {
            return Err(Tried::Stale);
        }
        let slot = Slot {
            start: self.start,
            end: self.start + (session.ends - session.starts),
            type_id: session.type_id,
            host: session.host,
            open: 0,
            capacity: session.capacity,
            before: session.before,
            after: session.after,
            session: None,
        };
        self.must_be_free(tx, &found, &guests, &slot).await?;
        booking::move_session(tx, &locked, session, &guests, &slot, Some(self.actor), self.now).await?;
        copies::refresh(tx, &locked, session.id, &guests, self.now).await?;
        Ok(booking::by_id(tx, self.booking).await?.ok_or_else(|| DbError::Damaged("a booking vanished".into()))?)
    }
}

impl HostMove {
    /// Neither the host nor any guest has something else then.
    async fn must_be_free(&self, tx: &mut Tx, found: &Booking, guests: &[Booking], slot: &Slot) -> Result<(), Refusal> {
        let (starts, ends) = (slot.start - slot.before, slot.end + slot.after);
        let others: Vec<PersonId> = guests.iter().map(|booking| booking.guest).collect();
        let timelines = timeline::read(tx, &self.words, &[self.host], &others, starts, ends).await?;
        for (person, timeline) in &timelines {
            let (starts, ends) = if *person == self.host { (starts, ends) } else { (slot.start, slot.end) };
            let mut holds = timeline.holds.iter().filter(|hold| hold.session != found.session.id);
            let held = holds.any(|hold| hold.starts < ends && starts < hold.ends);
            let busy = timeline.busy.iter().any(|busy| busy.starts < ends && starts < busy.ends);
            match *person == self.host {
                true if held || busy => return Err(Refusal::slot_taken()),
                false if held => return Err(Refusal::already_booked()),
                _ => {}
            }
        }
        Ok(())
    }
}
