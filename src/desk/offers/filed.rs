//! Writing events of one host together, all or nothing, and only when no booked session loses its offer by it.

use std::collections::HashMap;
use std::sync::Arc;

use caldav::ical::object::CalendarObject;
use caldav::store::{Change, Conditions, Edit, TagList};

use super::entry::Entry;
use super::{COLLECTION, DAY, Refused};
use crate::availability::{offered, timeline};
use crate::booking::{self, Booking};
use crate::calendars::{self, OfferWords};
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::desk::filing::{self, File};
use crate::people::{self, Person, PersonId};
use crate::teams::{self, TeamId};

/// Times the events are prepared anew when the calendar's settings change in between.
const TRIES: usize = 4;

/// The change of an event that is there.
pub(super) fn edit(person: &Person, entry: &Entry, change: Change) -> Edit {
    let conditions = Conditions { if_match: Some(TagList::Tags(vec![entry.etag.clone()])), ..Conditions::default() };
    named(person, &entry.collection, entry.name.clone(), conditions, change)
}

/// A new event in the host's calendar of offers.
pub(super) fn new(person: &Person, name: String, object: CalendarObject) -> Edit {
    let conditions = Conditions { if_none_match: Some(TagList::Any), ..Conditions::default() };
    named(person, COLLECTION, name, conditions, Change::Put(object))
}

fn named(person: &Person, collection: &str, name: String, conditions: Conditions, change: Change) -> Edit {
    let (owner, by) = (person.email.clone(), person.email.clone());
    Edit { owner, collection: collection.to_owned(), name, by, conditions, change }
}

/// Carries all of it out.
///
/// # Errors
/// [`Refused`].
pub(super) async fn carry_out(desk: &Desk, person: &Person, edits: Vec<Edit>) -> Result<(), Refused> {
    if edits.is_empty() {
        return Ok(());
    }
    let edits: Vec<Arc<Edit>> = edits.into_iter().map(Arc::new).collect();
    for _ in 0..TRIES {
        let mut files = Vec::with_capacity(edits.len());
        for edit in &edits {
            files.push(filing::prepare(desk, person, edit.clone()).await?);
        }
        let together = Together { host: person.id, files, words: desk.offer_words(), now: desk.clock.now() };
        match desk.db.run(together).await {
            Err(NotTogether::Outdated) => {}
            Err(NotTogether::Because(refused)) => return Err(refused),
            Ok(()) => return Ok(()),
        }
    }
    Err(Refused::Changed)
}

struct Together {
    host: PersonId,
    files: Vec<File>,
    words: Arc<OfferWords>,
    now: i64,
}

enum NotTogether {
    /// What it was prepared from has changed: prepare it again.
    Outdated,
    Because(Refused),
}

impl From<DbError> for NotTogether {
    fn from(error: DbError) -> Self {
        Self::Because(error.into())
    }
}

impl crate::db::AsDbError for NotTogether {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Because(refused) => refused.as_db_error(),
            Self::Outdated => None,
        }
    }
}

impl Command for Together {
    type Output = ();
    type Refusal = NotTogether;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotTogether> {
        people::lock(tx, &[self.host]).await?;
        let ahead = booking::of_host(tx, self.host, self.now).await?;
        let inside = self.inside(tx, &ahead).await?;
        for file in &self.files {
            match file.run(tx).await {
                Ok(_) => {}
                Err(calendars::Refusal::Outdated) => return Err(NotTogether::Outdated),
                Err(calendars::Refusal::Db(error)) => return Err(error.into()),
                Err(calendars::Refusal::Store(error)) => return Err(NotTogether::Because(error.into())),
            }
        }
        let still = self.inside(tx, &ahead).await?;
        let lost = ahead.into_iter().zip(inside.iter().zip(still)).filter(|(_, (was, is))| **was && !is);
        let lost: Vec<Booking> = lost.map(|(booking, _)| booking).collect();
        if lost.is_empty() { Ok(()) } else { Err(NotTogether::Because(Refused::Sessions(lost))) }
    }
}

impl Together {
    /// Which of the bookings' sessions lie inside an offer.
    async fn inside(&self, tx: &mut Tx, bookings: &[Booking]) -> Result<Vec<bool>, DbError> {
        let from = bookings.iter().map(|booking| booking.session.starts).min();
        let to = bookings.iter().map(|booking| booking.session.ends).max();
        let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
        let mut known = timeline::read(tx, &self.words, &[self.host], &[], from - DAY, to + DAY).await?;
        let offers = known.remove(&self.host).unwrap_or_default().offers;
        let mut of: Vec<TeamId> = bookings.iter().map(|booking| booking.session.team).collect();
        of.sort_unstable();
        of.dedup();
        let mut places = HashMap::new();
        for id in of {
            let (team, host) = (teams::by_id(tx, id).await?, teams::host(tx, id, self.host).await?);
            if let Some(both) = team.zip(host) {
                places.insert(id, (both, teams::types(tx, id).await?));
            }
        }
        let is_inside = |booking: &Booking| {
            let session = &booking.session;
            let Some(((team, host), types)) = places.get(&session.team) else { return false };
            let Some(kind) = types.iter().find(|kind| kind.id == session.type_id) else { return false };
            offered(&offers, (team, types), host, kind, (session.starts, session.ends))
        };
        Ok(bookings.iter().map(is_inside).collect())
    }
}
