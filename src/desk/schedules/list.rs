//! All slots of a schedule ahead: open, taken, or in the way of each other.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use sqlx::AssertSqlSafe;

use super::slots::{LONGEST_NOTE, is_ours};
use crate::args;
use crate::booking::{self, Booking};
use crate::calendars::{self, ObjectId, OccurrenceRow, occurrences};
use crate::db::{Conn, DbError, id_list};
use crate::desk::Desk;
use crate::desk::slots::pooled;
use crate::desk::team_facts::{TeamFacts, facts};
use crate::invitations::clean;
use crate::schedules::Schedule;

/// How far ahead slots are listed, seconds.
const AHEAD: i64 = 366 * 86_400;
/// Slots listed at most; a calendar app may bring more.
const MOST_LISTED: usize = 600;

/// One slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// What its owner says about it.
    pub note: String,
    /// Names its event, when it was made on the dashboard.
    pub name: Option<String>,
    /// Whether it can be taken.
    pub state: State,
}

/// Whether a slot can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It can.
    Open,
    /// Somebody has it.
    Taken(Box<Booking>),
    /// Something else is at that time.
    Blocked,
}

/// A schedule with its slots.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its team, type and host.
    pub facts: Arc<TeamFacts>,
    /// By start.
    pub slots: Vec<Slot>,
    /// Opaque; another one whenever what is open is another.
    pub version: String,
}

/// The slots of a schedule that have not begun, and sessions that have not ended.
///
/// # Errors
/// [`DbError`].
pub async fn list(desk: &Desk, schedule: &Schedule) -> Result<Listed, DbError> {
    let now = desk.clock.now();
    let to = now.saturating_add(AHEAD);
    let missing = || DbError::Damaged(format!("schedule {} lacks its team", schedule.id));
    let facts = facts(desk, schedule.team).await?.ok_or_else(missing)?;
    let open = pooled(desk, &facts.team, &[schedule.kind], now, to).await?;
    let mut conn = desk.db.read().await?;
    let booked = booking::of_host(&mut conn, schedule.host, now).await?;
    let rows = occurrences::of(&mut conn, &desk.offer_words(), &[schedule.host], now, to).await?;
    let rows: Vec<OccurrenceRow> = rows.into_iter().filter(|row| row.offer).take(MOST_LISTED).collect();
    let events = events(&mut conn, &rows).await?;
    drop(conn);
    let covering = |starts: i64, ends: i64| rows.iter().find(|row| row.starts <= starts && ends <= row.ends);
    let slot = |starts, ends, row: Option<&OccurrenceRow>, state| {
        let event = row.and_then(|row| events.get(&row.object)).cloned().unwrap_or_default();
        ((starts, ends), Slot { starts, ends, note: event.note, name: event.name, state })
    };
    let ahead = rows.iter().filter(|row| row.starts > now && !row.all_day);
    let mut slots: BTreeMap<(i64, i64), Slot> =
        ahead.map(|row| slot(row.starts, row.ends, Some(row), State::Blocked)).collect();
    let is_open = open.slots.iter().map(|open| slot(open.start, open.end, covering(open.start, open.end), State::Open));
    slots.extend(is_open);
    for taken in booked {
        let (starts, ends) = (taken.session.starts, taken.session.ends);
        let (key, mut one) = slot(starts, ends, covering(starts, ends), State::Blocked);
        // What was said when it was taken counts, not what its event says today.
        one.note = taken.agenda.clone();
        slots.insert(key, Slot { state: State::Taken(Box::new(taken)), ..one });
    }
    let slots = slots.into_values().take(MOST_LISTED).collect();
    Ok(Listed { facts, slots, version: open.version })
}

/// What a slot's event says.
#[derive(Debug, Clone, Default)]
struct Event {
    note: String,
    name: Option<String>,
}

async fn events(conn: &mut Conn, rows: &[OccurrenceRow]) -> Result<HashMap<ObjectId, Event>, DbError> {
    let mut ids: Vec<ObjectId> = rows.iter().map(|row| row.object).collect();
    ids.sort_unstable();
    ids.dedup();
    let sql = format!(
        "SELECT ob.id, c.name, ob.name, ob.bytes FROM objects ob JOIN collections c ON c.id = ob.collection
         WHERE ob.id IN ({})",
        id_list(&ids)
    );
    let found: Vec<(ObjectId, String, String, Vec<u8>)> = conn.all(AssertSqlSafe(sql), args![]).await?;
    let read = move || {
        let event = |(id, collection, name, bytes): (ObjectId, String, String, Vec<u8>)| {
            let name = (collection == "offers" && is_ours(&name)).then_some(name);
            (id, Event { note: note(bytes), name })
        };
        found.into_iter().map(event).collect()
    };
    calendars::in_the_background(read).await.ok_or_else(|| DbError::Damaged("slots could not be read".into()))
}

/// The description of an event, as much of it as an owner could have typed.
fn note(bytes: Vec<u8>) -> String {
    let Ok(object) = CalendarObject::parse(bytes, &Limits::default()) else { return String::new() };
    let line = object.master().and_then(|event| event.get("DESCRIPTION"));
    let text = line.map(|line| clean::text(&line.text())).unwrap_or_default();
    text.chars().take(LONGEST_NOTE).collect::<String>().trim().to_owned()
}
