//! What a client may do in "Open slots": accept, or move into "Sessions". Both book, once, by the same function as the
//! page. Declining and saying perhaps change nothing; everything else is refused, so that the client shows what is.

use caldav::ical::object::CalendarObject;
use caldav::ical::zone::Zone;
use caldav::itip::{Event, PartStat, Zones};
use caldav::store::{Change, Edit, Move, Outcome, StoreError, check_conditions};

use super::super::Desk;
use super::super::booking::{AcceptSlot, Booking, accept_slot};
use super::super::filing::failed;
use super::super::session_calendar::{self, precondition, refused};
use super::{NAME, of};
use crate::booking;
use crate::calendars::{objects, sessions};
use crate::db::{Command, DbError, Tx};
use crate::invitations::slot::{SlotKey, token_in_uid};
use crate::people::{self, Person, PersonId};

/// Carries out one write to the "Open slots" of `owner`.
///
/// # Errors
/// [`StoreError`]: what the protocol answers; `slot-taken`, `too-late` or `not-offered` of our own namespace where the
/// slot cannot be booked any more, `only-answers` for anything that is no answer to a slot.
pub async fn edit(desk: &Desk, owner: &Person, edit: Edit) -> Result<Outcome, StoreError> {
    let calendar = of(desk, owner).await.map_err(failed)?;
    let shown = calendar.named(&edit.name);
    // Of one that is gone the reason is told, which says more than that it has no tag.
    if let Some(slot) = shown {
        check_conditions(Some(&slot.member.etag), &edit.conditions)?;
    }
    match edit.change {
        Change::Delete => match (shown, token_in_name(desk, owner, &edit.name)) {
            (Some(_), _) => Err(only_answers()),
            // The second half of a move: it is a session by now.
            (None, Some(token)) if is_booked(desk, owner, &token).await? => Ok(Outcome::Deleted),
            (None, _) => Err(StoreError::NotFound),
        },
        Change::Put(sent) => {
            let token = token_of(desk, owner, sent.uid()).ok_or_else(only_answers)?;
            if sessions::name_of(sent.uid()) != edit.name {
                return Err(only_answers());
            }
            match answer(owner, &sent, &token)? {
                PartStat::Accepted => accepted(desk, owner, &token).await.map(|_| Outcome::Rewritten),
                _ if shown.is_none() => Err(StoreError::NotFound),
                _ => Ok(Outcome::Rewritten),
            }
        }
    }
}

/// Moves a slot into "Sessions" by booking it; no other move begins or ends here.
///
/// # Errors
/// As [`edit`].
pub async fn relocate(desk: &Desk, owner: &Person, wanted: Move) -> Result<Outcome, StoreError> {
    if wanted.collection != NAME || wanted.to_collection != session_calendar::NAME {
        return Err(only_answers());
    }
    let calendar = of(desk, owner).await.map_err(failed)?;
    if let Some(slot) = calendar.named(&wanted.name) {
        check_conditions(Some(&slot.member.etag), &wanted.conditions)?;
    }
    let token = token_in_name(desk, owner, &wanted.name).ok_or(StoreError::NotFound)?;
    if is_name_taken(desk, owner, &wanted.to_name, &token).await? {
        return Err(StoreError::ConditionFailed);
    }
    let booking = accepted(desk, owner, &token).await?;
    let tag = named(desk, owner, &booking.uid, &wanted.to_name).await?;
    Ok(tag.map_or(Outcome::Rewritten, Outcome::Created))
}

/// A slot that a client puts into "Sessions": it moves it there its own way. `None`: the object is no slot of theirs.
///
/// # Errors
/// As [`edit`].
pub async fn moved_into_sessions(
    desk: &Desk,
    owner: &Person,
    name: &str,
    sent: &CalendarObject,
) -> Result<Option<Outcome>, StoreError> {
    let Some(token) = token_of(desk, owner, sent.uid()) else { return Ok(None) };
    let booking = accepted(desk, owner, &token).await?;
    named(desk, owner, &booking.uid, name).await?;
    // Another text is stored than was sent, so the client is to fetch it.
    Ok(Some(Outcome::Rewritten))
}

async fn accepted(desk: &Desk, owner: &Person, token: &str) -> Result<Booking, StoreError> {
    let (email, name, stamp) = (owner.email.clone(), Some(owner.name.clone()), desk.clock.now());
    let accept = AcceptSlot { token: token.to_owned(), email, name, stamp };
    accept_slot(desk, &accept).await.map_err(|refusal| match refusal {
        booking::Refusal::Db(error) => failed(error),
        refusal => {
            let (code, text) = precondition(&refusal);
            refused(code, text)
        }
    })
}

/// What the owner's own line says, of a slot left where it is.
fn answer(owner: &Person, sent: &CalendarObject, token: &str) -> Result<PartStat, StoreError> {
    let event = sent.master().filter(|_| sent.components().count() == 1).ok_or_else(only_answers)?;
    let (event, utc) = (Event::new(event), Zone::utc());
    let starts = event.times(&Zones::new(sent.timezones(), &utc)).map(|(start, _)| start);
    if event.component().get("RRULE").is_some() || starts != SlotKey::read(token).map(|key| key.start) {
        return Err(refused("not-offered", "An open slot cannot be moved to another time. Accept one that suits you."));
    }
    Ok(event.attendee(&owner.email).map_or(PartStat::NeedsAction, |attendee| attendee.partstat))
}

/// The token in a UID, when it was made for this person.
fn token_of(desk: &Desk, owner: &Person, uid: &str) -> Option<String> {
    let token = token_in_uid(uid)?.to_lowercase();
    SlotKey::is_for(&desk.keys, &token, &owner.email).then_some(token)
}

/// The token in the name under which a slot is shown.
fn token_in_name(desk: &Desk, owner: &Person, name: &str) -> Option<String> {
    token_of(desk, owner, name.strip_suffix(".ics")?)
}

async fn is_booked(desk: &Desk, owner: &Person, token: &str) -> Result<bool, StoreError> {
    let uid = crate::invitations::slot::uid(token, desk.config.mail_domain());
    let mut conn = desk.db.read().await.map_err(failed)?;
    let found = booking::by_uid(&mut conn, &uid).await.map_err(failed)?;
    Ok(found.is_some_and(|booking| booking.guest == owner.id))
}

/// Whether another session has this name already.
async fn is_name_taken(desk: &Desk, owner: &Person, name: &str, token: &str) -> Result<bool, StoreError> {
    let mut conn = desk.db.read().await.map_err(failed)?;
    let calendar = crate::calendars::collections::by_name(&mut conn, owner.id, session_calendar::NAME).await;
    let Some(calendar) = calendar.map_err(failed)? else { return Err(StoreError::NotFound) };
    let there = objects::by_name(&mut conn, calendar.id, name).await.map_err(failed)?;
    Ok(there.is_some_and(|member| token_in_uid(&member.uid) != Some(token)))
}

/// Gives the copy in "Sessions" the name that the client chose; its tag.
async fn named(desk: &Desk, owner: &Person, uid: &str, name: &str) -> Result<Option<String>, StoreError> {
    let command = Name { person: owner.id, uid: uid.into(), name: name.into(), now: desk.clock.now() };
    desk.db.run(command).await.map_err(failed)
}

struct Name {
    person: PersonId,
    uid: String,
    name: String,
    now: i64,
}

impl Command for Name {
    type Output = Option<String>;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<String>, DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        sessions::name_copy(tx, &locked, self.person, &self.uid, &self.name, self.now).await
    }
}

fn only_answers() -> StoreError {
    refused(
        "only-answers",
        "Open slots are shown here, not kept. Accept one, or move it into \"Sessions\", to book it.",
    )
}
