//! One reading of one calendar: fetched, read, compared with what is here, written.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use caldav::ical::object::CalendarObject;

use super::contents::{self, Contents};
use super::event::Eye;
use super::lease::{Lease, Leased};
use super::problem::Problem;
use super::record::{Finish, Outcome, Part};
use super::verdict::{Validators, Verdict, verdict};
use super::{SEALED, SourceId, provider};
use crate::calendars::fill::{self, Put, State};
use crate::calendars::{in_the_background, is_listed, list, listing_end, objects};
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::http_client::public::{Address, PublicClient};
use crate::people::{self, Person};

/// Bytes of a calendar, unpacked.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Objects listed, and written, in one go.
const CHUNK: usize = 100;
/// Rows of the occurrence index that one calendar may need; those of changed objects count before and after.
const MOST_ROWS: usize = 50_000;
/// Expanding everything that changed may take so long.
const EXPANDING: Duration = Duration::from_secs(20);
/// Events are kept for so long after they are over, seconds: as far back as listings reach.
const KEPT: i64 = 35 * 86_400;
/// Whoever asked for a reading waits so long for it.
const WAIT: Duration = Duration::from_secs(6);
/// Times a reading is compared anew when the calendar's setting changes meanwhile.
const TRIES: usize = 3;

/// Reads a calendar at once if it is due and nobody reads it. Whatever comes of it is recorded with it.
///
/// # Errors
/// [`DbError`], or the TLS library refuses its own defaults.
pub async fn read_now(desk: &Desk, id: SourceId) -> Result<(), DbError> {
    let client = PublicClient::new(desk.config.fetch_private_hosts.clone()).map_err(DbError::Damaged)?;
    let lease = Lease { only: Some(id), limit: 1, now: desk.clock.now() };
    for leased in desk.db.run(lease).await? {
        read(desk, &client, leased).await?;
    }
    Ok(())
}

/// The same for somebody who waits for an answer: after some seconds they go on, and the reading ends by itself.
///
/// # Errors
/// As [`read_now`].
pub async fn read_in_time(desk: &Arc<Desk>, id: SourceId) -> Result<(), DbError> {
    let reader = desk.clone();
    let reading = tokio::spawn(async move { read_now(&reader, id).await });
    match tokio::time::timeout(WAIT, reading).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => Err(DbError::Damaged(error.to_string())),
        Err(_) => Ok(()),
    }
}

/// Reads a leased calendar and records what came of it.
pub(super) async fn read(desk: &Desk, client: &PublicClient, leased: Leased) -> Result<(), DbError> {
    let opened = desk.keys.open_sealed(&leased.address, SEALED, leased.id, leased.person);
    let address = opened.and_then(|text| Address::parse(&text, &desk.config.fetch_private_hosts).ok());
    let Some(address) = address else {
        return record(desk, leased, Outcome::Failed { problem: Problem::Sealed, wait: None }).await;
    };
    let asked = leased.validators();
    let answer = client.get(&address, &asked.conditions(), MOST_BYTES).await;
    let outcome = match verdict(answer, &asked, desk.clock.now()) {
        Verdict::Unchanged => Outcome::Unchanged,
        Verdict::Failed { problem, wait } => Outcome::Failed { problem, wait },
        Verdict::Text { bytes, validators } => match take(desk, &leased, &address, bytes, validators).await? {
            Ok(()) => return Ok(()),
            Err(problem) => Outcome::Failed { problem, wait: None },
        },
    };
    if let Outcome::Failed { problem, .. } = &outcome {
        tracing::info!(source = leased.id, problem = problem.word(), "a calendar by address could not be read");
    }
    record(desk, leased, outcome).await
}

async fn record(desk: &Desk, leased: Leased, outcome: Outcome) -> Result<(), DbError> {
    let now = desk.clock.now();
    desk.db.run(Finish { leased, setting: None, put: Vec::new(), gone: Vec::new(), outcome, now }).await?;
    Ok(())
}

/// Takes over what a text says; the inner error is what is wrong with it.
async fn take(
    desk: &Desk,
    leased: &Leased,
    address: &Address,
    text: Bytes,
    validators: Validators,
) -> Result<Result<(), Problem>, DbError> {
    let mut conn = desk.db.read().await?;
    let (host, state) =
        (people::by_id(&mut conn, leased.person).await?, fill::state(&mut conn, leased.collection).await?);
    drop(conn);
    let (Some(host), Some(state)) = (host, state) else { return Ok(Ok(())) };
    let contents = match understood(desk, leased, &host, address, text, &state).await? {
        Ok(contents) => contents,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(zone) = contents.zone.as_ref().filter(|zone| !fill::has_zone(&state.setting, zone)) {
        desk.db.run(SetZone { leased: leased.clone(), zone: zone.clone(), now: desk.clock.now() }).await?;
    }
    for _ in 0..TRIES {
        let Some(state) = fill::state(&mut desk.db.read().await?, leased.collection).await? else { return Ok(Ok(())) };
        let put = match changed(desk, &contents, &state).await? {
            Ok(put) => put,
            Err(problem) => return Ok(Err(problem)),
        };
        if write(desk, leased, &contents, &state, put, &validators).await? {
            break;
        }
    }
    Ok(Ok(()))
}

async fn understood(
    desk: &Desk,
    leased: &Leased,
    host: &Person,
    address: &Address,
    text: Bytes,
    state: &State,
) -> Result<Result<Contents, Problem>, DbError> {
    let (words, email, elsewhere) = (desk.offer_words(), host.email.clone(), provider::owner(address));
    let (offers, zone, since) = (leased.offers, state.setting.zone(), desk.clock.now() - KEPT);
    let work = move || {
        let eye = Eye { words: &words, email: &email, elsewhere, offers };
        contents::read(&text, &eye, &zone, since)
    };
    in_the_background(work).await.ok_or_else(|| DbError::Damaged("a calendar by address could not be read".into()))
}

/// What is new or other than what stands here, expanded.
async fn changed(desk: &Desk, contents: &Contents, state: &State) -> Result<Result<Vec<Put>, Problem>, DbError> {
    let now = desk.clock.now();
    let mut wanted: Vec<(String, CalendarObject, String, i64)> = Vec::new();
    for (name, object) in &contents.objects {
        let etag = objects::etag(object.bytes());
        let before = state.members.get(name);
        if before.is_none_or(|(old, to)| *old != etag || !is_listed(*to)) {
            let to = listing_end(before.and_then(|(_, to)| *to), now);
            wanted.push((name.clone(), object.clone(), etag, to));
        }
    }
    let (begun, mut rows, mut put) = (Instant::now(), state.rows, Vec::with_capacity(wanted.len()));
    let mut wanted = wanted.into_iter().peekable();
    while wanted.peek().is_some() {
        let some: Vec<_> = wanted.by_ref().take(CHUNK).collect();
        let (setting, words) = (state.setting.clone(), desk.offer_words());
        let work = move || {
            let mut done = Vec::with_capacity(some.len());
            for (name, object, etag, to) in some {
                if begun.elapsed() > EXPANDING {
                    return None;
                }
                let listing = list(&object, &setting, &words, to);
                done.push(Put { name, object, etag, listing });
            }
            Some(done)
        };
        let done = in_the_background(work).await;
        let done = done.ok_or_else(|| DbError::Damaged("a calendar by address could not be expanded".into()))?;
        let Some(done) = done else { return Ok(Err(Problem::TooMany)) };
        rows += done.iter().map(|put| put.listing.rows.len()).sum::<usize>();
        if rows > MOST_ROWS {
            return Ok(Err(Problem::TooMany));
        }
        put.extend(done);
    }
    Ok(Ok(put))
}

/// Writes it, the last part together with what is gone and the health. `false`: compare anew.
async fn write(
    desk: &Desk,
    leased: &Leased,
    contents: &Contents,
    state: &State,
    mut put: Vec<Put>,
    validators: &Validators,
) -> Result<bool, DbError> {
    let now = desk.clock.now();
    while put.len() > CHUNK {
        let rest = put.split_off(CHUNK);
        let part = Part { leased: leased.clone(), setting: state.setting.clone(), put, now };
        if !desk.db.run(part).await? {
            return Ok(false);
        }
        put = rest;
    }
    let there = |name: &String| contents.objects.contains_key(name) || contents.kept.contains(name);
    let gone = state.members.keys().filter(|name| !there(name)).cloned().collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let outcome = Outcome::Read {
        validators: validators.clone(),
        offers: count(contents.offers),
        busy: count(contents.objects.len().saturating_sub(contents.offers)),
        unreadable: count(contents.unreadable),
        why: contents.why.clone(),
    };
    let setting = Some(state.setting.clone());
    desk.db.run(Finish { leased: leased.clone(), setting, put, gone, outcome, now }).await
}

/// Sets the calendar's zone to the feed's.
struct SetZone {
    leased: Leased,
    zone: caldav::ical::zone::Zone,
    now: i64,
}

impl Command for SetZone {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.leased.person]).await?;
        fill::set_zone(tx, &locked, self.leased.person, self.leased.collection, &self.zone, self.now).await?;
        Ok(())
    }
}
