//! Time away: an opaque event of whole days in the host's calendar. What is booked in it stays booked until somebody
//! cancels it; nothing new can be booked.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::time::DateTimeValue;
use caldav::ical::zone::Zone;
use caldav::store::{Change, Conditions, Edit};
use jiff::ToSpan;
use jiff::civil::Date;

use super::entry::own_zone;
use super::filed::{carry_out, new};
use super::{COLLECTION, DAY, FieldWrong, Refused, Wrong};
use crate::booking::{self, Booking};
use crate::calendars::objects::{self, Placed};
use crate::calendars::{ObjectId, collections, own_event};
use crate::db::{DbError, new_id};
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::Person;

/// How the names of such events begin.
const NAMES: &str = "away-";
/// Longest time away, and how far ahead it may end, days.
const LONGEST: i64 = 2 * 366;

/// Days on which a host is away.
#[derive(Debug, Clone)]
pub struct Away {
    /// Key.
    pub id: ObjectId,
    /// The first of them.
    pub first: Date,
    /// The last of them.
    pub last: Date,
    /// What is booked in that time.
    pub booked: Vec<Booking>,
}

/// When a host is away, from now on. `None`: they have no calendar of offers.
///
/// # Errors
/// [`DbError`].
pub async fn away(desk: &Desk, person: &Person) -> Result<Option<Vec<Away>>, DbError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let Some(zone) = own_zone(&mut conn, person).await? else { return Ok(None) };
    let placed = objects::named(&mut conn, person.id, COLLECTION, NAMES, now).await?;
    let bookings = booking::of_host(&mut conn, person.id, now).await?;
    let today = zone.to_wall(now).date();
    let away = placed.into_iter().filter_map(|one| days(&one)).filter(|(_, _, last)| *last >= today);
    let away = away.map(|(id, first, last)| {
        let (from, to) = bounds(&zone, first, last);
        let meets = |booking: &&Booking| booking.session.starts < to && from < booking.session.ends;
        Away { id, first, last, booked: bookings.iter().filter(meets).cloned().collect() }
    });
    Ok(Some(away.collect()))
}

/// Notes that a host is away on these days (`2026-12-24`), the last one included. `title` is what their calendar shows.
///
/// # Errors
/// [`Refused`]: `Fields` (`first`, `last`), `NeverBlocks`, `NotFound` without a calendar of offers.
pub async fn add_away(desk: &Desk, person: &Person, first: &str, last: &str, title: &str) -> Result<(), Refused> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let zone = own_zone(&mut conn, person).await?.ok_or(Refused::NotFound)?;
    let calendar = collections::by_name(&mut conn, person.id, COLLECTION).await?.ok_or(Refused::NotFound)?;
    drop(conn);
    if calendar.transparent {
        return Err(Refused::NeverBlocks);
    }
    let (first, last) = read(first, last, zone.to_wall(now).date())?;
    let id = encode_id(new_id());
    let uid = format!("{NAMES}{id}@{}", desk.config.mail_domain());
    let object = own_event::away(&uid, title, first, last, now).map_err(|_| Refused::field("first", Wrong::Date))?;
    carry_out(desk, person, vec![new(person, format!("{NAMES}{id}.ics"), object)]).await
}

/// The host is there after all.
///
/// # Errors
/// [`Refused::NotFound`], [`Refused::Db`].
pub async fn remove_away(desk: &Desk, person: &Person, id: ObjectId) -> Result<(), Refused> {
    let found = objects::placed(&mut desk.db.read().await?, person.id, &[id]).await?.pop();
    let found =
        found.filter(|one| one.calendar == COLLECTION && one.name.starts_with(NAMES)).ok_or(Refused::NotFound)?;
    let edit = Edit {
        owner: person.email.clone(),
        collection: found.calendar,
        name: found.name,
        by: person.email.clone(),
        conditions: Conditions::default(),
        change: Change::Delete,
    };
    carry_out(desk, person, vec![edit]).await
}

fn read(first: &str, last: &str, today: Date) -> Result<(Date, Date), Refused> {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (first, last) = match (day(first), day(last)) {
        (Some(first), Some(last)) => (first, last),
        (first, last) => {
            let missing = [("first", first), ("last", last)].into_iter().filter(|(_, date)| date.is_none());
            return Err(Refused::Fields(missing.map(|(field, _)| FieldWrong { field, wrong: Wrong::Date }).collect()));
        }
    };
    let farthest = today.checked_add(LONGEST.days()).unwrap_or(Date::MAX);
    match () {
        () if last < first => Err(Refused::field("last", Wrong::Order)),
        () if last < today => Err(Refused::field("last", Wrong::Past)),
        () if last > farthest || first.checked_add(LONGEST.days()).is_ok_and(|most| last > most) => {
            Err(Refused::field("last", Wrong::Far))
        }
        () => Ok((first, last)),
    }
}

/// The days of an event of whole days; `None`: a calendar app made something else of it.
fn days(placed: &Placed) -> Option<(ObjectId, Date, Date)> {
    let object = CalendarObject::parse(placed.bytes.clone(), &Limits::default()).ok()?;
    let event = object.master()?;
    let day = |name: &str| match DateTimeValue::from_line(event.get(name)?) {
        Ok(DateTimeValue::Date(date)) => Some(date),
        _ => None,
    };
    let first = day("DTSTART")?;
    let last = day("DTEND").and_then(|end| end.checked_sub(1.day()).ok()).unwrap_or(first);
    Some((placed.id, first, last.max(first)))
}

fn bounds(zone: &Zone, first: Date, last: Date) -> (i64, i64) {
    let midnight = |date: Date| zone.to_instant(date.at(0, 0, 0, 0));
    (midnight(first), last.checked_add(1.day()).map_or_else(|_| midnight(last) + DAY, midnight))
}
