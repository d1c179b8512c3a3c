//! Booking a slot: one transaction per host that is tried, checked with the function the pages use.

use std::sync::Arc;

use super::asked::{By, answered};
use super::assign::{Wanted, order};
use super::invite::Accepted;
use super::{
    BookRequest, Booked, Booking, Caller, ROUNDS, Refusal, Tried, actor, attempts, checked, copies, known_team, replay,
    token, with_alternatives,
};
use crate::args;
use crate::availability::{Hold, Question, ServerRules, Slot, Timeline, timeline, verdict};
use crate::booking::{self, NewAnswer, NewBooking, OnBehalf, Status};
use crate::calendars::OfferWords;
use crate::calendars::collections;
use crate::db::{Command, Conn, DbError, Tx};
use crate::desk::Desk;
use crate::desk::slots::{server_rules, team_starts};
use crate::desk::team_facts::TeamFacts;
use crate::invitations::Surroundings;
use crate::keys::Keys;
use crate::language::Language;
use crate::people::retention::ban_hash;
use crate::people::{self, PersonId};
use crate::teams::{self, BookingMode, Needed, SessionType, Team};

/// The version of a person who was just made.
const NEW: i64 = 1;
/// How far around a start offers and busy times are read: the longest session and its buffers.
const AROUND: i64 = 2 * 86_400;

/// Books a slot with the host who is next, or with the one asked for.
///
/// # Errors
/// [`Refusal`], with the three nearest other slots where they help.
pub async fn book(desk: &Desk, request: BookRequest) -> Result<Booked, Refusal> {
    book_as(desk, request, None, None).await
}

/// The same for somebody who proved their address by accepting an invitation to the slot: the booking takes over its UID.
/// Books once.
///
/// # Errors
/// As [`book`].
pub(super) async fn book_invited(desk: &Desk, request: BookRequest, invite: Accepted) -> Result<Booked, Refusal> {
    book_as(desk, request, Some(Arc::new(invite)), None).await
}

/// The same by somebody of the team for the guest, which was checked: they need not know what is asked of guests.
pub(super) async fn book_with(desk: &Desk, request: BookRequest, how: OnBehalf) -> Result<Booked, Refusal> {
    book_as(desk, request, None, Some(how)).await
}

async fn book_as(
    desk: &Desk,
    request: BookRequest,
    invite: Option<Arc<Accepted>>,
    how: Option<OnBehalf>,
) -> Result<Booked, Refusal> {
    let facts = known_team(desk, request.team.id).await?;
    let kind = facts.types.iter().find(|kind| kind.id == request.type_id);
    // Whoever accepts an invitation was asked nothing: their mail asks (`Needed`).
    let by = if how.is_some() { By::Team } else { By::Guest };
    let asks = kind.filter(|_| invite.is_none()).map(|kind| (kind, by));
    let request = Arc::new(read(request, asks).map_err(Refusal::Invalid)?);
    if let Some(key) = &request.idempotency {
        if !replay::usable(key) {
            let message = "A key has 1 to 255 printable characters.".into();
            return Err(Refusal::Invalid(vec![super::FieldError { field: "Idempotency-Key".into(), message }]));
        }
        if let Some(first) = replay::first_answer(&mut desk.db.read().await?, &desk.keys, key).await? {
            return Ok(first);
        }
    }
    let internal = kind.is_some_and(|kind| kind.internal);
    if how.is_none() {
        may_book(desk, (&request.team, internal), &request.by, &request.guest.email).await?;
    }
    match assign(desk, &request, invite.as_ref(), how).await {
        Ok(booked) => Ok(booked),
        Err(refusal) => {
            // What stands in the way may be this very request, which ran beside itself.
            if let Some(key) = &request.idempotency
                && let Some(first) = replay::first_answer(&mut desk.db.read().await?, &desk.keys, key).await?
            {
                return Ok(first);
            }
            Err(with_alternatives(desk, &request.team, request.type_id, request.start, refusal).await)
        }
    }
}

/// The request with its fields as they are stored, or everything that is wrong with them at once.
fn read(request: BookRequest, asks: Option<(&SessionType, By)>) -> Result<BookRequest, Vec<super::FieldError>> {
    let guest = checked(&request.guest, &request.agenda, &request.answers);
    let answers = match asks {
        Some((kind, by)) => answered(kind, request.guest.phone.as_deref(), &request.answers, by),
        None => Ok((None, request.answers.clone())),
    };
    match (guest, answers) {
        (Ok(guest), Ok((phone, answers))) => {
            Ok(BookRequest { guest: super::Guest { phone, ..guest }, answers, ..request })
        }
        (guest, answers) => Err(guest.err().into_iter().chain(answers.err()).flatten().collect()),
    }
}

/// Members only, where the team or the type (`internal`) wants that; they book for themselves.
pub(super) async fn may_book(
    desk: &Desk,
    (team, internal): (&Team, bool),
    by: &Caller,
    email: &str,
) -> Result<(), Refusal> {
    if by.person.as_ref().is_some_and(|person| person.banned) {
        return Err(Refusal::NotAllowed);
    }
    if team.booking != BookingMode::Members && !internal {
        return Ok(());
    }
    let Some(person) = &by.person else { return Err(Refusal::NotAllowed) };
    let roles = teams::roles(&mut desk.db.read().await?, team.id, person.id).await?;
    if roles.is_empty() || person.email != email { Err(Refusal::NotAllowed) } else { Ok(()) }
}

/// Tries one host after the other; again from the start when what was known of them has changed.
async fn assign(
    desk: &Desk,
    request: &Arc<BookRequest>,
    invite: Option<&Arc<Accepted>>,
    how: Option<OnBehalf>,
) -> Result<Booked, Refusal> {
    let mut last = Refusal::slot_taken();
    for _ in 0..ROUNDS {
        // What a booking before has changed is read once, not by everybody who is here.
        let gate = desk.slots.gate(request.team.id);
        let alone = gate.lock().await;
        let facts = known_team(desk, request.team.id).await?;
        let kind = facts.types.iter().find(|kind| kind.id == request.type_id).ok_or_else(Refusal::not_offered)?.clone();
        let wanted = Wanted {
            start: request.start,
            only: request.host,
            guest_email: &request.guest.email,
            waive_notice: how.is_some_and(|how| how.waive_notice),
        };
        let mut hosts = order(desk, &facts, &kind, &wanted).await?;
        drop(alone);
        let mut again = false;
        while let Some(next) = desk.trying.next(&mut hosts, request.start) {
            let mut command = Book::new(desk, request, how, &facts, &kind, next.host());
            command.invite = invite.cloned();
            match desk.db.run(command).await {
                Ok(booking) => return Ok(answer(&desk.keys, &booking)),
                Err(Tried::Stale) => again = true,
                // The same new guest, or the same request, was written beside this one.
                Err(Tried::Refused(Refusal::Db(error))) if error.is_unique_violation() => again = true,
                Err(Tried::Refused(refusal)) if is_about_host(&refusal) => {
                    last = refusal;
                    continue;
                }
                Err(Tried::Refused(refusal)) => return Err(refusal),
            }
            break;
        }
        if !again {
            return Err(last);
        }
    }
    Err(last)
}

/// Whether another host may do; else the refusal is about the guest.
pub(super) fn is_about_host(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::SlotTaken { .. } | Refusal::NotOffered { .. } | Refusal::TooLate { .. } | Refusal::LimitReached { .. }
    )
}

pub(super) fn answer(keys: &Keys, booking: &Booking) -> Booked {
    Booked {
        id: booking.id,
        uid: booking.uid.clone(),
        session: booking.session.id,
        host: booking.session.host,
        start: booking.session.starts,
        end: booking.session.ends,
        status: booking.status,
        token: token(keys, booking.id, booking.guest, booking.generation),
        link: booking.session.link.clone(),
    }
}

/// One try with one host.
struct Book {
    request: Arc<BookRequest>,
    how: Option<OnBehalf>,
    facts: Arc<TeamFacts>,
    kind: SessionType,
    host: PersonId,
    keys: Keys,
    server: ServerRules,
    words: Arc<OfferWords>,
    domain: String,
    limited: bool,
    /// The invitation to the slot that is accepted.
    invite: Option<Arc<Accepted>>,
    now: i64,
}

impl Command for Book {
    type Output = Booking;
    type Refusal = Tried;

    async fn run(&self, tx: &mut Tx) -> Result<Booking, Tried> {
        let request = &*self.request;
        let wanted = &request.guest;
        lock_team(tx, &self.facts).await?;
        let ban = ban_hash(&self.keys, &wanted.email);
        let address = (wanted.email.as_str(), ban.as_str());
        let guest = people::ensure_guest(tx, address, &wanted.name, &wanted.timezone, self.now).await?;
        let guest = guest.ok_or(Refusal::NotAllowed)?;
        if guest.id == self.host {
            return Err(Refusal::already_booked().into());
        }
        let locked = people::lock(tx, &[self.host, guest.id]).await?;
        still_known(tx, &self.facts, guest.id).await?;
        if let Some(invite) = &self.invite
            && let Some(found) = booking::by_uid(tx, &invite.row.uid).await?
        {
            // Accepted before, perhaps beside this one.
            return if found.stands() { Ok(found) } else { Err(Refusal::not_offered().into()) };
        }
        match self.how {
            _ if !self.limited => {}
            Some(_) => attempts::count_for_others(tx, &self.keys, &request.by, self.now).await?,
            None => attempts::count(tx, &self.keys, &request.by, &wanted.email, self.now).await?,
        }
        let check = Check {
            facts: &self.facts,
            kind: &self.kind,
            host: self.host,
            guest: guest.id,
            start: request.start,
            server: self.server,
            words: &self.words,
            moved: None,
            waive_notice: self.how.is_some_and(|how| how.waive_notice),
            now: self.now,
        };
        let slot = check.slot(tx).await?;
        let proven = self.invite.is_some() || request.by.person.as_ref().is_some_and(|person| person.id == guest.id);
        let new = NewBooking {
            team: self.facts.team.id,
            slot: &slot,
            guest: guest.id,
            name: &wanted.name,
            phone: wanted.phone.as_deref(),
            timezone: &wanted.timezone,
            language: wanted.language,
            agenda: &request.agenda,
            answers: &request.answers,
            held: self.facts.team.booking == BookingMode::Confirm && !proven && self.how.is_none(),
            approval: self.kind.approval && self.how.is_none(),
            on_behalf: self.how,
            actor: actor(&request.by),
            domain: &self.domain,
            invited: self.invite.as_ref().map(|invite| (invite.row.uid.as_str(), invite.row.sequence)),
            now: self.now,
        };
        let id = booking::take(tx, &locked, &new).await?;
        let made = booking::by_id(tx, id).await?.ok_or_else(|| DbError::Damaged("a booking vanished".into()))?;
        if guest.version == NEW {
            collections::create_built_in(tx, &locked, guest.id, false, self.now).await?;
        }
        if made.status == Status::Confirmed {
            let guests = std::slice::from_ref(&made);
            copies::write(tx, &locked, &made.session, guests, &self.around(), self.now).await?;
        }
        if let Some(invite) = &self.invite {
            self.accepted(tx, invite, &made).await?;
        }
        if let Some(key) = &request.idempotency {
            replay::record(tx, key, &made, self.now).await?;
        }
        Ok(made)
    }
}

impl Book {
    fn new(
        desk: &Desk,
        request: &Arc<BookRequest>,
        how: Option<OnBehalf>,
        facts: &Arc<TeamFacts>,
        kind: &SessionType,
        host: PersonId,
    ) -> Self {
        Self {
            request: request.clone(),
            how,
            facts: facts.clone(),
            kind: kind.clone(),
            host,
            keys: desk.keys.clone(),
            server: server_rules(desk),
            domain: desk.config.mail_domain().to_owned(),
            limited: desk.config.rate_limits,
            invite: None,
            words: desk.offer_words(),
            now: desk.clock.now(),
        }
    }

    /// The invitation is a booking's now, and its guest has said that they come.
    async fn accepted(&self, tx: &mut Tx, invite: &Accepted, made: &Booking) -> Result<(), DbError> {
        booking::keep_slot_invite(tx, &invite.row).await?;
        let answer = NewAnswer {
            person: made.guest,
            answer: "accepted",
            comment: None,
            // They answered the invitation; the booking's first invite is the next version.
            sequence: invite.row.sequence - 1,
            stamp: invite.stamp,
        };
        booking::record_answer(tx, made.id, &answer, self.now).await?;
        Ok(())
    }

    /// What the copies say beside the session itself.
    fn around(&self) -> Surroundings {
        let team = &self.facts.team;
        let host = self.facts.hosts.iter().find(|host| host.person == self.host);
        Surroundings {
            host_name: host.map(|host| host.name.clone()).unwrap_or_default(),
            host_email: host.map(|host| host.email.clone()).unwrap_or_default(),
            host_zone: host.and_then(|host| host.timezone.clone()).unwrap_or_else(|| team.timezone.clone()),
            host_language: Language::of(host.and_then(|host| host.language.as_deref())),
            team_name: team.name.clone(),
            team_slug: team.slug.clone(),
            type_name: self.kind.name.clone(),
            type_slug: self.kind.slug.clone(),
            place: self.kind.place,
            place_detail: self.kind.place_detail.clone(),
            needed: Needed::of(&self.kind),
            booked_by: None,
        }
    }
}

/// Lets offers be booked until they start. An offer's own rules come before all others.
pub(super) fn without_notice(timeline: &mut Timeline) {
    for offer in &mut timeline.offers {
        let mut own = *offer.own;
        own.rules.notice = Some(0);
        offer.own = own.into();
    }
}

/// With a daily cap, hosts that are booked at once must count each other: the first lock of all.
pub(super) async fn lock_team(tx: &mut Tx, facts: &TeamFacts) -> Result<(), DbError> {
    if facts.team.daily_cap.is_some() { teams::lock(tx, facts.team.id).await } else { Ok(()) }
}

/// The team and its types are still what the command was prepared with, and the guest is not banned: one statement.
pub(super) async fn still_known(conn: &mut Conn, facts: &TeamFacts, guest: PersonId) -> Result<(), Tried> {
    let row: Option<(i64, bool, bool)> = conn
        .optional(
            "SELECT t.version, t.active, p.banned FROM teams t, people p WHERE t.id = $1 AND p.id = $2",
            args![facts.team.id, guest],
        )
        .await?;
    match row {
        Some((_, _, true)) => Err(Refusal::NotAllowed.into()),
        Some((version, true, _)) if version == facts.team.version => Ok(()),
        Some((_, true, _)) => Err(Tried::Stale),
        _ => Err(Refusal::not_offered().into()),
    }
}

/// The check of one start with one host, from the database and after the lock.
pub(super) struct Check<'a> {
    pub(super) facts: &'a TeamFacts,
    pub(super) kind: &'a SessionType,
    pub(super) host: PersonId,
    pub(super) guest: PersonId,
    pub(super) start: i64,
    pub(super) server: ServerRules,
    pub(super) words: &'a Arc<OfferWords>,
    /// The booking that is being moved away, and whether its session goes with it.
    pub(super) moved: Option<(&'a Booking, bool)>,
    /// The notice does not count.
    pub(super) waive_notice: bool,
    pub(super) now: i64,
}

impl Check<'_> {
    /// The slot, or why it is closed for this guest.
    pub(super) async fn slot(&self, conn: &mut Conn) -> Result<Slot, Refusal> {
        let Some(host) = teams::host(conn, self.facts.team.id, self.host).await? else {
            return Err(Refusal::not_offered());
        };
        let (from, to) = (self.start.saturating_sub(AROUND), self.start.saturating_add(AROUND));
        let mut timelines = timeline::read(conn, self.words, &[self.host], &[self.guest], from, to).await?;
        let ignored = |hold: &Hold| self.moved.is_some_and(|(booking, _)| hold.session == booking.session.id);
        let guest = timelines.remove(&self.guest).unwrap_or_default();
        let mut timeline = timelines.remove(&self.host).unwrap_or_default();
        if self.waive_notice {
            without_notice(&mut timeline);
        }
        let mut team_starts = match self.facts.team.daily_cap {
            Some(_) => team_starts(conn, self.facts.team.id, self.start, self.start).await?,
            None => Vec::new(),
        };
        if let Some((booking, true)) = self.moved {
            timeline.holds.retain(|hold| !ignored(hold));
            if let Some(position) = team_starts.iter().position(|start| *start == booking.session.starts) {
                team_starts.remove(position);
            }
        }
        let question = Question {
            team: &self.facts.team,
            types: &self.facts.types,
            only: &[],
            host: &host,
            timeline: &timeline,
            team_starts: &team_starts,
            server: self.server,
            now: self.now,
        };
        let slot = verdict(&question, self.kind.id, self.start);
        // A session as long as its offer tells its end only here.
        let end = slot.as_ref().map_or(self.start + self.kind.minutes * 60, |slot| slot.end);
        if guest.holds.iter().any(|hold| !ignored(hold) && hold.starts < end && self.start < hold.ends) {
            return Err(Refusal::already_booked());
        }
        slot.map_err(Refusal::from)
    }
}

#[cfg(test)]
mod tests {
    use super::super::proofs::scene::{START, Scene, Setting};
    use super::*;

    struct Counted(Book);

    impl Command for Counted {
        type Output = u64;
        type Refusal = Tried;

        async fn run(&self, tx: &mut Tx) -> Result<u64, Tried> {
            self.0.run(tx).await?;
            Ok(tx.statements())
        }
    }

    on_both_databases! {
        async fn a_booking_takes_few_round_trips(fresh) {
            let scene = Scene::new(fresh, Setting { limits: true, ..Setting::default() }).await;
            let facts = known_team(&scene.desk, scene.team.id).await.unwrap();
            let request = Arc::new(scene.wish("tariq@example.org", START));
            let book = Book::new(&scene.desk, &request, None, &facts, &facts.types[0], scene.hosts[0]);
            let statements = scene.desk.db.run(Counted(book)).await.unwrap();
            assert!(statements <= 24, "{statements}");
        }
    }
}
