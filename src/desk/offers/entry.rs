//! What a host offers, event by event, as the server reads it out of their calendars.

use std::collections::{BTreeMap, HashMap};

use caldav::ical::budget::Budget;
use caldav::ical::expand::{self, Zones};
use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::pattern::Pattern;
use caldav::ical::time::DateTimeValue;
use caldav::ical::zone::Zone;
use caldav::itip::Event;
use jiff::civil::DateTime;

use super::{AHEAD, COLLECTION};
use crate::calendars::objects::{self, Placed};
use crate::calendars::{self, Kind, ObjectId, OccurrenceRow, Scope, Setting, collections, occurrences, setting};
use crate::db::{Conn, DbError};
use crate::desk::Desk;
use crate::people::{Person, PersonId};

/// Events listed at most.
const MOST: usize = 200;
/// Next times told of each.
const NEXT: usize = 12;
/// How the names of events begin that came by mail.
const MAILED: &str = "mailed-";

/// Where an offer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A calendar kept here: it can be changed on a page, and in a calendar app.
    Own,
    /// Its host invited the robot to it, and changes it in the calendar it came from.
    Mailed,
    /// It is read from a calendar elsewhere, and changed there.
    Address,
}

/// An event that offers time.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Key.
    pub id: ObjectId,
    /// Path segment of its calendar.
    pub(super) collection: String,
    /// What its calendar is called.
    pub calendar: String,
    /// Path segment.
    pub(super) name: String,
    /// Entity tag.
    pub(super) etag: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Which sessions it serves.
    pub scope: Scope,
    /// How often it is.
    pub when: When,
    /// Its next times, the first dozen.
    pub next: Vec<Next>,
    pub(super) object: CalendarObject,
    /// Where whole days and times without zone are read.
    pub(super) floating: Zone,
}

/// How often an event is.
#[derive(Debug, Clone)]
pub struct When {
    /// In which zone `starts` and `ends` are read: the event's own, else its host's.
    pub zone: Zone,
    /// When it first begins, by the clock there.
    pub starts: DateTime,
    /// When it first ends, by the clock there.
    pub ends: DateTime,
    /// Whole days.
    pub all_day: bool,
    /// Whether it repeats.
    pub repeats: bool,
    /// How, when a sentence can say it.
    pub pattern: Option<Pattern>,
}

/// One time at which an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// The instance of the series that it is, by the start it had first.
    pub instance: i64,
}

/// All events of a host that offer time within a year, by their next time.
///
/// # Errors
/// [`DbError`].
pub async fn upcoming(desk: &Desk, person: PersonId) -> Result<Vec<Entry>, DbError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let rows = occurrences::of(&mut conn, &desk.offer_words(), &[person], now, now + AHEAD).await?;
    let mut by_object: BTreeMap<ObjectId, Vec<OccurrenceRow>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.offer) {
        by_object.entry(row.object).or_default().push(row);
    }
    let ids: Vec<ObjectId> = by_object.keys().copied().take(MOST).collect();
    let placed = objects::placed(&mut conn, person, &ids).await?;
    let kept: Vec<_> = placed.iter().map(|one| one.collection).collect();
    let settings: HashMap<_, _> = setting::of(&mut conn, &kept).await?.into_iter().collect();
    drop(conn);
    let read = move || {
        let entry = |one: Placed| entry(one, &settings, &by_object, now);
        let mut entries: Vec<Entry> = placed.into_iter().filter_map(entry).collect();
        entries.sort_by_key(|entry| (entry.next.first().map(|next| next.starts), entry.id));
        entries
    };
    calendars::in_the_background(read).await.ok_or_else(|| DbError::Damaged("offers could not be read".into()))
}

/// One of them.
///
/// # Errors
/// [`DbError`].
pub async fn one(desk: &Desk, person: PersonId, id: ObjectId) -> Result<Option<Entry>, DbError> {
    Ok(upcoming(desk, person).await?.into_iter().find(|entry| entry.id == id))
}

/// The zone in which a host types times: their own, else their calendar's, else their team's. `None`: they have no
/// calendar of offers.
///
/// # Errors
/// [`DbError`].
pub async fn own_zone(conn: &mut Conn, person: &Person) -> Result<Option<Zone>, DbError> {
    let Some(collection) = collections::by_name(conn, person.id, COLLECTION).await? else { return Ok(None) };
    Ok(setting::of(conn, &[collection.id]).await?.first().map(|(_, setting)| setting.zone()))
}

fn entry(
    placed: Placed,
    settings: &HashMap<calendars::CollectionId, Setting>,
    rows: &BTreeMap<ObjectId, Vec<OccurrenceRow>>,
    now: i64,
) -> Option<Entry> {
    let object = CalendarObject::parse(placed.bytes, &Limits::default()).ok()?;
    let rows = rows.get(&placed.id)?;
    let floating = settings.get(&placed.collection)?.zone();
    let scheduled = object.components().any(|event| event.get("ATTENDEE").is_some());
    let origin = match Kind::of(&placed.kind) {
        Kind::Offers | Kind::Calendar if placed.name.starts_with(MAILED) || scheduled => Origin::Mailed,
        Kind::Offers | Kind::Calendar => Origin::Own,
        _ => Origin::Address,
    };
    let times = expand::occurrences(&object, now..now + AHEAD, &floating, &Budget::default()).list;
    let is_offer = |starts: i64, ends: i64| rows.iter().any(|row| row.starts == starts && row.ends == ends);
    let next = times.iter().filter(|one| is_offer(one.start, one.end)).take(NEXT);
    let next =
        next.map(|one| Next { starts: one.start, ends: one.end, instance: one.recurrence_id.unwrap_or(one.start) });
    let next: Vec<Next> = next.collect();
    let when = when(&object, &floating)?;
    Some(Entry {
        id: placed.id,
        collection: placed.calendar,
        calendar: placed.title.unwrap_or_default(),
        name: placed.name,
        etag: placed.etag,
        origin,
        scope: Scope::read(rows.first().and_then(|row| row.scope.as_deref())),
        when,
        next,
        object,
        floating,
    })
}

fn when(object: &CalendarObject, floating: &Zone) -> Option<When> {
    let event = object.master().or_else(|| object.components().next())?;
    let line = event.get("DTSTART")?;
    let value = DateTimeValue::from_line(line).ok()?;
    let zones = Zones::new(object.timezones(), floating);
    let own = zones.of(&value);
    let zone = match value {
        DateTimeValue::Zoned { .. } if own.is_iana() => own.clone(),
        _ => floating.clone(),
    };
    let (starts, ends) = Event::new(event).times(&zones)?;
    let rules: Vec<&str> = event.all("RRULE").map(|line| line.value.as_str()).collect();
    let repeats = !rules.is_empty() || event.get("RDATE").is_some() || object.overrides().nth(1).is_some();
    let pattern = match rules.as_slice() {
        [rule] if event.get("RDATE").is_none() && event.get("EXRULE").is_none() => {
            Pattern::of(rule, value.wall_in(&own))
        }
        _ => None,
    };
    let all_day = value.is_date();
    Some(When { starts: zone.to_wall(starts), ends: zone.to_wall(ends), zone, all_day, repeats, pattern })
}

impl Entry {
    /// Its RRULE, as its event has it.
    pub fn rule(&self) -> Option<String> {
        self.object.master()?.get("RRULE").map(|line| line.value.clone())
    }
}
