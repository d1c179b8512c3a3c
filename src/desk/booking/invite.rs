//! A slot as an invitation (CN-7, CN-8): asking for one, and booking by accepting it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use super::book::book_invited;
use super::request::Guest;
use super::{BookRequest, Booking, Caller, Refusal, attempts, checked, known_team, may_book, with_alternatives};
use crate::booking::{self, SlotInvite};
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::slots::pooled;
use crate::desk::team_facts::TeamFacts;
use crate::invitations::slot::{self, SlotKey};
use crate::jobs::{Attempt, Job, NewJob, enqueue};
use crate::language::Language;
use crate::people::retention::{ban_hash, is_banned};
use crate::people::{self, Person, PersonId};
use crate::teams::{self, SessionType};

/// Somebody wants a slot as an invitation.
#[derive(Debug, Clone)]
pub struct AskInvite {
    /// Whose slot.
    pub facts: Arc<TeamFacts>,
    /// What kind.
    pub kind: SessionType,
    /// UTC seconds.
    pub start: i64,
    /// With this host only.
    pub host: Option<PersonId>,
    /// Where it is to go.
    pub email: String,
    /// In which times are told, IANA name.
    pub timezone: String,
    /// In which they are written to.
    pub language: Language,
    /// Who asks.
    pub by: Caller,
    /// Whose it is for certain, though nobody is signed in: their own feed led here, and it goes to them.
    pub member: Option<Person>,
    /// Random, one a form: sending the same form twice mails once.
    pub once: String,
}

/// An invitation that is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The address in its stored form.
    pub email: String,
    /// The token made for it.
    pub token: String,
    /// SEQUENCE of its event.
    pub sequence: i64,
    /// UTC seconds.
    pub end: i64,
}

/// What an invitation to this slot would be, for who may have one; nothing is written, nothing is sent.
///
/// # Errors
/// [`Refusal`]: the address or zone, the slot is not open, it is not for them.
pub async fn prepare_invite(desk: &Desk, ask: &AskInvite) -> Result<(Prepared, SlotInvite), Refusal> {
    let guest = Guest {
        name: ask.email.split('@').next().unwrap_or_default().to_owned(),
        email: ask.email.clone(),
        phone: None,
        timezone: ask.timezone.clone(),
        language: ask.language,
    };
    let guest = checked(&guest, "", &Map::new()).map_err(Refusal::Invalid)?;
    let person = ask.member.clone().or_else(|| ask.by.person.clone());
    let by = Caller { person, address: String::new() };
    may_book(desk, (&ask.facts.team, ask.kind.internal), &by, &guest.email).await?;
    let Some(end) = open_until(desk, &ask.facts, ask.kind.id, ask.start, ask.host).await? else {
        let refusal = Refusal::not_offered();
        return Err(with_alternatives(desk, &ask.facts.team, ask.kind.id, ask.start, refusal).await);
    };
    let mut conn = desk.db.read().await?;
    let banned = match people::by_email(&mut conn, &guest.email).await? {
        Some(person) => person.banned,
        None => is_banned(&mut conn, &ban_hash(&desk.keys, &guest.email)).await?,
    };
    if banned {
        return Err(Refusal::NotAllowed);
    }
    let same = |invite: &&SlotInvite| (invite.type_id, invite.starts) == (ask.kind.id, ask.start);
    let known = booking::slot_invites_of(&mut conn, &guest.email, ask.start).await?;
    // What was answered with no is another event when it is asked for again: programs keep the old answer.
    let answered = known.iter().filter(same).filter(|invite| invite.is_over() || invite.status == "declined");
    let generation = answered.map(|invite| invite.generation + 1).max().unwrap_or(0);
    let key = SlotKey { type_id: ask.kind.id, start: ask.start, generation, host: ask.host };
    let token = key.token(&desk.keys, &guest.email).ok_or_else(Refusal::not_offered)?;
    let uid = slot::uid(&token, desk.config.mail_domain());
    let now = desk.clock.now();
    let sequence = known.iter().find(|invite| invite.uid == uid).map_or(0, |invite| invite.sequence);
    let row = row(&uid, &key, &guest, sequence, "sent", now);
    Ok((Prepared { email: guest.email, token, sequence, end }, row))
}

/// Mails a slot as an invitation. Counts like a booking among the attempts.
///
/// # Errors
/// As [`prepare_invite`]; [`Refusal::RateLimited`].
pub async fn send_invite(desk: &Desk, ask: &AskInvite) -> Result<Prepared, Refusal> {
    let (prepared, row) = prepare_invite(desk, ask).await?;
    let command = SendInvite {
        key: desk.keys.hash(&format!("slot-invite\0{}\0{}", row.uid, ask.once)),
        row,
        by: ask.by.clone(),
        keys: desk.keys.clone(),
        limited: desk.config.rate_limits,
        now: desk.clock.now(),
    };
    desk.db.run(command).await?;
    Ok(prepared)
}

struct SendInvite {
    row: SlotInvite,
    key: String,
    by: Caller,
    keys: crate::keys::Keys,
    limited: bool,
    now: i64,
}

impl Command for SendInvite {
    type Output = ();
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<(), Refusal> {
        if self.limited {
            attempts::count(tx, &self.keys, &self.by, &self.row.email, self.now).await?;
        }
        booking::keep_slot_invite(tx, &self.row).await?;
        let job = mail(&self.row.uid, "slot-invite", &self.key, json!({}), self.now);
        enqueue(tx, &job, self.now).await?;
        Ok(())
    }
}

/// A mail about a slot. `key` tells it from others of its kind; `more`: what else its writer needs.
pub fn mail(uid: &str, kind: &'static str, key: &str, more: serde_json::Value, now: i64) -> NewJob {
    let mut payload = more;
    payload["uid"] = uid.into();
    NewJob { key: format!("{kind}/{key}"), kind, payload, lane: format!("slot/{uid}"), after: None, due: now }
}

/// Until when a slot lasts, open or not.
///
/// # Errors
/// [`DbError`].
pub async fn slot_end(desk: &Desk, facts: &TeamFacts, kind: &SessionType, start: i64) -> Result<i64, DbError> {
    let usual = start.saturating_add(kind.minutes * 60);
    Ok(open_until(desk, facts, kind.id, start, None).await?.unwrap_or(usual))
}

/// Until when an open slot lasts; `None`: it is not open.
async fn open_until(
    desk: &Desk,
    facts: &TeamFacts,
    kind: i64,
    start: i64,
    host: Option<PersonId>,
) -> Result<Option<i64>, DbError> {
    let found = pooled(desk, &facts.team, &[kind], start, start.saturating_add(1)).await?;
    let fits = |hosts: &[PersonId]| host.is_none_or(|host| hosts.contains(&host));
    Ok(found.slots.iter().find(|slot| slot.start == start && fits(&slot.hosts)).map(|slot| slot.end))
}

/// Somebody accepts an invitation to a slot, or a slot that their calendar shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptSlot {
    /// The token of the slot, made for `email`.
    pub token: String,
    /// Who accepts, proven; lower case.
    pub email: String,
    /// What their program calls them.
    pub name: Option<String>,
    /// When they did, UTC seconds.
    pub stamp: i64,
}

/// An invitation to a slot that is accepted.
pub(super) struct Accepted {
    /// As it stands once it is booked.
    pub(super) row: SlotInvite,
    /// When it was accepted, says the answer, UTC seconds.
    pub(super) stamp: i64,
}

/// Books the slot that somebody accepts, once: a second time gives the same booking. UID and organiser of the invitation
/// stay the booking's.
///
/// # Errors
/// [`Refusal::NotFound`]: no token of theirs; otherwise as [`super::book`].
pub async fn accept_slot(desk: &Desk, accept: &AcceptSlot) -> Result<Booking, Refusal> {
    if !SlotKey::is_for(&desk.keys, &accept.token, &accept.email) {
        return Err(Refusal::NotFound);
    }
    let key = SlotKey::read(&accept.token).ok_or(Refusal::NotFound)?;
    let uid = slot::uid(&accept.token, desk.config.mail_domain());
    let mut conn = desk.db.read().await?;
    if let Some(found) = booking::by_uid(&mut conn, &uid).await? {
        return if found.stands() { Ok(found) } else { Err(Refusal::not_offered()) };
    }
    let sent = booking::slot_invite(&mut conn, &uid).await?;
    let person = people::by_email(&mut conn, &accept.email).await?;
    let kind = teams::type_by_id(&mut conn, key.type_id).await?.ok_or_else(Refusal::not_offered)?;
    drop(conn);
    let facts = known_team(desk, kind.team).await?;
    if !knows(desk, &facts, person.as_ref()).await? {
        return Err(Refusal::not_offered());
    }
    let timezone = person.as_ref().and_then(|person| person.timezone.clone());
    let timezone = timezone.or(sent.as_ref().map(|sent| sent.timezone.clone()));
    let language = Language::of(sent.as_ref().map(|sent| sent.language.as_str()));
    let language = person.as_ref().filter(|_| sent.is_none()).map_or(language, Person::language);
    let guest = Guest {
        name: name(accept, person.as_ref()),
        email: accept.email.clone(),
        phone: None,
        timezone: timezone.unwrap_or_else(|| facts.team.timezone.clone()),
        language,
    };
    let now = desk.clock.now();
    let began = sent.as_ref().map_or(0, |sent| sent.sequence) + 1;
    let row = row(&uid, &key, &guest, began, "booked", now);
    let request = BookRequest {
        team: facts.team.clone(),
        type_id: key.type_id,
        start: key.start,
        guest,
        agenda: String::new(),
        answers: Map::new(),
        host: key.host,
        by: Caller { person, address: String::new() },
        idempotency: None,
    };
    let booked = book_invited(desk, request, Accepted { row, stamp: accept.stamp }).await?;
    booking::by_id(&mut desk.db.read().await?, booked.id).await?.ok_or(Refusal::NotFound)
}

fn row(uid: &str, key: &SlotKey, guest: &Guest, sequence: i64, status: &str, now: i64) -> SlotInvite {
    SlotInvite {
        uid: uid.to_owned(),
        email: guest.email.clone(),
        type_id: key.type_id,
        starts: key.start,
        generation: key.generation,
        sequence,
        timezone: guest.timezone.clone(),
        language: guest.language.code().into(),
        status: status.to_owned(),
        changed: now,
        created: now,
    }
}

/// The guest's name: as we know them, else as their program says, else what their address begins with.
fn name(accept: &AcceptSlot, person: Option<&Person>) -> String {
    let known = person.map(|person| person.name.as_str());
    let told = accept.name.as_deref().filter(|name| !name.contains('@')).map(crate::invitations::clean::name);
    let local = accept.email.split('@').next().unwrap_or_default();
    known.map(str::to_owned).or(told).filter(|name| !name.is_empty()).unwrap_or_else(|| local.to_owned())
}

/// Whether somebody may know of a team at all, as on its pages.
async fn knows(desk: &Desk, facts: &TeamFacts, person: Option<&Person>) -> Result<bool, DbError> {
    let team = &facts.team;
    if team.hidden || team.public {
        return Ok(!team.hidden);
    }
    let Some(person) = person else { return Ok(false) };
    Ok(person.admin || !teams::roles(&mut desk.db.read().await?, team.id, person.id).await?.is_empty())
}

/// Carries out an acceptance that came by mail (job `slot-answer`): booked, or refused with the nearest open slots by
/// mail.
pub async fn answer_slot(desk: &Desk, job: &Job) -> Attempt {
    let Ok(accept) = serde_json::from_value::<AcceptSlot>(job.payload.clone()) else {
        return Attempt::Failed("the payload makes no sense".into());
    };
    let refusal = match accept_slot(desk, &accept).await {
        Ok(_) => return Attempt::Done,
        Err(refusal) => refusal,
    };
    if let Some(error) = refusal.as_db_error() {
        return Attempt::Again(error.to_string());
    }
    let command =
        Refuse { accept, code: refusal.code(), domain: desk.config.mail_domain().into(), now: desk.clock.now() };
    match desk.db.run(command).await {
        Ok(()) => Attempt::Done,
        Err(error) => Attempt::Again(error.to_string()),
    }
}

/// The invitation is off, and its reader is told why, once.
struct Refuse {
    accept: AcceptSlot,
    code: &'static str,
    domain: String,
    now: i64,
}

impl Command for Refuse {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let uid = slot::uid(&self.accept.token, &self.domain);
        let Some(key) = SlotKey::read(&self.accept.token) else { return Ok(()) };
        // Whatever became of a booking, its people were told by the booking's own mails.
        if booking::by_uid(tx, &uid).await?.is_some() {
            return Ok(());
        }
        let before = booking::slot_invite(tx, &uid).await?;
        let (sequence, told) = before.as_ref().map_or((0, false), |sent| (sent.sequence, sent.status == "gone"));
        if told || teams::type_by_id(tx, key.type_id).await?.is_none() {
            return Ok(());
        }
        let person = people::by_email(tx, &self.accept.email).await?;
        let known = person.map(|person| (person.timezone.clone().unwrap_or_default(), person.language()));
        let sent = before.map(|sent| (sent.timezone, Language::of(Some(&sent.language))));
        let (timezone, language) = sent.or(known).unwrap_or_default();
        let guest = Guest { email: self.accept.email.clone(), timezone, language, ..Guest::default() };
        let gone = row(&uid, &key, &guest, sequence + 1, "gone", self.now);
        booking::keep_slot_invite(tx, &gone).await?;
        let more = json!({"code": self.code});
        let job = mail(&uid, "slot-refused", &format!("{uid}/{}", gone.sequence), more, self.now);
        enqueue(tx, &job, self.now).await?;
        Ok(())
    }
}

/// Somebody declines an invitation to a slot: that is noted, and nothing else follows.
#[derive(Debug)]
pub struct DeclineSlot {
    /// The token of the slot, made for `email`.
    pub token: String,
    /// Who declines, proven; lower case.
    pub email: String,
    /// The domain of UIDs.
    pub domain: String,
    /// UTC seconds.
    pub now: i64,
}

impl Command for DeclineSlot {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let uid = slot::uid(&self.token, &self.domain);
        if let Some(sent) = booking::slot_invite(tx, &uid).await?.filter(|sent| sent.status == "sent") {
            let declined = SlotInvite { status: "declined".into(), changed: self.now, ..sent };
            booking::keep_slot_invite(tx, &declined).await?;
        }
        Ok(())
    }
}

/// Open slots of the same kind near a start, three at most.
///
/// # Errors
/// [`DbError`].
pub async fn nearby(desk: &Desk, facts: &TeamFacts, type_id: i64, start: i64) -> Result<Vec<i64>, DbError> {
    let found = super::nearest(desk, &facts.team, type_id, start).await?;
    Ok(found.into_iter().map(|slot| slot.start).collect())
}
