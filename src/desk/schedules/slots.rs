//! Putting slots into a schedule and taking them out again: events in its host's calendar.

use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::tree::{Component, Line};
use caldav::ical::zone::Zone;
use caldav::store::{Change, Conditions, Edit, StoreError};

use super::list::{Listed, list};
use super::{Plan, is_line};
use crate::args;
use crate::booking::{FieldError, Refusal};
use crate::calendars;
use crate::db::{AsDbError, Command, DbError, Tx, new_id};
use crate::desk::Desk;
use crate::desk::filing::{self, File};
use crate::keys::encode_id;
use crate::people::{self, Person};
use crate::schedules::Schedule;

/// Slots ahead that one schedule may have.
pub const MOST: usize = 500;
/// Longest note, in characters.
pub const LONGEST_NOTE: usize = 500;
/// What the names of events made here begin with.
const OURS: &str = "slot-";

/// Whether an event was made on the dashboard, by its name; else a calendar app made it.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with(OURS)
}

/// Adds the planned slots, each as an event of its own; how many. Either all of them fit, or nothing is added.
///
/// # Errors
/// [`Refusal::Invalid`] for the fields of [`Plan`] and `note`; [`Refusal::Db`].
pub async fn add(desk: &Desk, schedule: &Schedule, plan: &Plan, note: &str) -> Result<usize, Refusal> {
    let host = host(desk, schedule).await?;
    let listed = list(desk, schedule).await?;
    let zone = zone_of(&listed);
    let planned = plan.slots(&zone, desk.clock.now());
    let note = note.trim();
    let mut wrong = planned.as_ref().err().cloned().unwrap_or_default();
    if !is_line(note, LONGEST_NOTE) {
        let message = "Please use at most 500 ordinary characters.".into();
        wrong.push(FieldError { field: "note".into(), message });
    }
    let planned = planned.unwrap_or_default();
    wrong.extend(misfit(&listed, &planned, &zone));
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    let title = title(desk);
    for (starts, ends) in &planned {
        let id = encode_id(new_id());
        let object = event(&id, &title, note, (*starts, *ends), desk)?;
        let edit = edit(&host, format!("{OURS}{id}.ics"), Change::Put(object));
        filing::file(desk, &host, edit).await.map_err(|error| not_filed(&error))?;
    }
    Ok(planned.len())
}

/// What stands against all of them together.
fn misfit(listed: &Listed, planned: &[(i64, i64)], zone: &Zone) -> Option<FieldError> {
    if listed.slots.len() + planned.len() > MOST {
        let left = MOST.saturating_sub(listed.slots.len());
        let message =
            format!("A schedule holds {MOST} slots; there is room for {left} more. These are {}.", planned.len());
        return Some(FieldError { field: "weeks".into(), message });
    }
    let (starts, _) = planned
        .iter()
        .find(|(starts, ends)| listed.slots.iter().any(|slot| slot.starts < *ends && *starts < slot.ends))?;
    let wall = zone.to_wall(*starts);
    let message = format!("You have a slot at that time already: {}.", wall.strftime("%-d %B, %H:%M"));
    Some(FieldError { field: "starts".into(), message })
}

/// The zone in which a schedule's owner types times.
fn zone_of(listed: &Listed) -> Zone {
    Zone::named(&listed.facts.team.timezone).unwrap_or_else(Zone::utc)
}

/// The title that makes an event an offer here.
fn title(desk: &Desk) -> String {
    let words = desk.offer_words();
    let word = words.all().first().map_or("available", String::as_str);
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The slot as an event, in UTC: an owner's calendar app shows it in their own time.
fn event(id: &str, title: &str, note: &str, slot: (i64, i64), desk: &Desk) -> Result<CalendarObject, DbError> {
    let utc = |at: i64| Zone::utc().to_wall(at).strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut event = Component::new("VEVENT")
        .with(Line::new("UID", format!("{OURS}{id}@{}", desk.config.mail_domain())))
        .with(Line::new("DTSTAMP", utc(desk.clock.now())))
        .with(Line::new("DTSTART", utc(slot.0)))
        .with(Line::new("DTEND", utc(slot.1)))
        .with(Line::text_value("SUMMARY", title))
        .with(Line::new("TRANSP", "TRANSPARENT"));
    if !note.is_empty() {
        event.push(Line::text_value("DESCRIPTION", note));
    }
    let calendar = Component::new("VCALENDAR")
        .with(Line::new("VERSION", "2.0"))
        .with(Line::new("PRODID", "-//Openhour//Openhour//EN"))
        .with_child(event);
    let invalid = |error| DbError::Damaged(format!("a slot is no calendar object: {error}"));
    CalendarObject::parse(calendar.write(), &Limits::default()).map_err(invalid)
}

async fn host(desk: &Desk, schedule: &Schedule) -> Result<Person, Refusal> {
    people::by_id(&mut desk.db.read().await?, schedule.host).await?.ok_or(Refusal::NotFound)
}

fn edit(host: &Person, name: String, change: Change) -> Edit {
    Edit {
        owner: host.email.clone(),
        collection: "offers".into(),
        name,
        by: host.email.clone(),
        conditions: Conditions::default(),
        change,
    }
}

fn not_filed(error: &StoreError) -> Refusal {
    DbError::Damaged(format!("a slot was not filed: {error:?}")).into()
}

/// Why a slot stays.
#[derive(Debug)]
pub enum Withdrawn {
    /// Somebody has taken it.
    Taken,
    /// It is gone already, or it comes from a calendar app and is changed there.
    Unknown,
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for Withdrawn {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for Withdrawn {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::Taken | Self::Unknown => None,
        }
    }
}

/// Takes an open slot out, by the name of its event. Whether somebody has it is looked up under the lock that taking it
/// needs as well.
///
/// # Errors
/// [`Withdrawn`].
pub async fn withdraw(desk: &Desk, schedule: &Schedule, name: &str) -> Result<(), Withdrawn> {
    if !is_ours(name) {
        return Err(Withdrawn::Unknown);
    }
    let host = people::by_id(&mut desk.db.read().await?, schedule.host).await?.ok_or(Withdrawn::Unknown)?;
    let edit = Arc::new(edit(&host, name.to_owned(), Change::Delete));
    let file = filing::prepare(desk, &host, edit).await.map_err(stays)?;
    desk.db.run(Withdraw { host: host.id, name: name.to_owned(), file }).await
}

fn stays(error: StoreError) -> Withdrawn {
    match error {
        StoreError::NotFound => Withdrawn::Unknown,
        other => Withdrawn::Db(DbError::Damaged(format!("a slot was not withdrawn: {other:?}"))),
    }
}

struct Withdraw {
    host: i64,
    name: String,
    file: File,
}

impl Command for Withdraw {
    type Output = ();
    type Refusal = Withdrawn;

    async fn run(&self, tx: &mut Tx) -> Result<(), Withdrawn> {
        people::lock(tx, &[self.host]).await?;
        let taken: Option<(i64,)> = tx
            .optional(
                "SELECT s.id FROM objects ob JOIN collections c ON c.id = ob.collection
                     JOIN occurrences o ON o.object = ob.id
                     JOIN sessions s ON s.host = c.owner AND s.status = 'open' AND s.starts < o.ends AND s.ends > o.starts
                 WHERE c.owner = $1 AND c.name = 'offers' AND ob.name = $2 LIMIT 1",
                args![self.host, &self.name],
            )
            .await?;
        if taken.is_some() {
            return Err(Withdrawn::Taken);
        }
        match self.file.run(tx).await {
            Ok(_) => Ok(()),
            Err(calendars::Refusal::Db(error)) => Err(error.into()),
            Err(refusal) => Err(stays(refusal.into())),
        }
    }
}
