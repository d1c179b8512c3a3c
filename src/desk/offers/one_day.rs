//! The hours of a single day that are other than the week's: instances of the plain weekly offers are taken out of it, and
//! plain offers of that one day stand in their place. There is no other table of them.

use std::collections::BTreeSet;

use caldav::ical::budget::Budget;
use caldav::ical::expand;
use caldav::ical::series_edit;
use caldav::ical::time::DateTimeValue;
use caldav::ical::zone::Zone;
use jiff::ToSpan;
use jiff::civil::Date;

use super::add::{no_overlap, title};
use super::change::rewritten;
use super::entry::{Entry, own_zone, upcoming};
use super::filed::{carry_out, new};
use super::hours::{Stretch, Week, is_plain, read_day};
use super::{AHEAD, DAY, Refused, SHORTEST, Wrong};
use crate::calendars::Scope;
use crate::calendars::own_event::NewOffer;
use crate::db::{DbError, new_id};
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::Person;

/// Days listed at most.
const MOST: usize = 100;

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// Which.
    pub date: Date,
    /// Its stretches, by start; none: nothing is offered.
    pub hours: Vec<Stretch>,
    /// What the week would have had.
    pub usual: Vec<Stretch>,
}

/// What is wanted of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayWish {
    /// These hours, as typed; empty: none.
    Hours(String),
    /// As in every other week.
    Usual,
}

/// The days within a year whose hours are other than the week's. `None`: the host has no calendar of offers.
///
/// # Errors
/// [`DbError`].
pub async fn special_days(desk: &Desk, person: &Person) -> Result<Option<Vec<SpecialDay>>, DbError> {
    let Some(home) = own_zone(&mut desk.db.read().await?, person).await? else { return Ok(None) };
    let entries = upcoming(desk, person.id).await?;
    let days = Days::of(&entries, &home);
    let today = days.week.zone.to_wall(desk.clock.now()).date();
    let last = days.week.zone.to_wall(desk.clock.now() + AHEAD).date();
    let dates = days.touched().into_iter().filter(|date| (today..=last).contains(date));
    let special = dates.map(|date| SpecialDay { date, hours: days.hours(date), usual: days.usual(date) });
    Ok(Some(special.filter(|day| day.hours != day.usual).take(MOST).collect()))
}

/// Gives a day (`2026-12-24`) hours of its own, or the usual ones again. What has begun stays.
///
/// # Errors
/// [`Refused`]: `Fields` (`date`, `hours`), `Sessions`, `Overlaps` with other offers, `NotFound` without a calendar of
/// offers.
pub async fn set_day(desk: &Desk, person: &Person, date: &str, wish: &DayWish) -> Result<(), Refused> {
    let home = own_zone(&mut desk.db.read().await?, person).await?.ok_or(Refused::NotFound)?;
    let entries = upcoming(desk, person.id).await?;
    let days = Days::of(&entries, &home);
    let (zone, now) = (&days.week.zone, desk.clock.now());
    let date = date.trim().parse::<Date>().map_err(|_| Refused::field("date", Wrong::Date))?;
    if date < zone.to_wall(now).date() {
        return Err(Refused::field("date", Wrong::Past));
    }
    if date > zone.to_wall(now + AHEAD).date() {
        return Err(Refused::field("date", Wrong::NextYear));
    }
    let wanted = match wish {
        DayWish::Hours(typed) => read_day(typed).map_err(|wrong| Refused::field("hours", wrong))?,
        DayWish::Usual => days.usual(date),
    };
    let mut wanted: BTreeSet<Stretch> = wanted.into_iter().collect();
    let (mut edits, mut gone) = (Vec::new(), Vec::new());
    for piece in days.pieces(date) {
        if wanted.remove(&piece.hours) || piece.starts <= now {
            continue;
        }
        let entry = piece.entry;
        let left = if entry.when.repeats {
            series_edit::without(&entry.object, piece.instance, &entry.floating)?
        } else {
            None
        };
        edits.push(rewritten(desk, person, entry, left)?);
        gone.push(entry);
    }
    for (starts, ends) in wanted {
        let begin = zone.to_instant(date.to_datetime(starts));
        let end = zone.to_instant(date.to_datetime(ends)) + if ends <= starts { DAY } else { 0 };
        if begin <= now {
            // What the week has for a time that is over is nobody's wish.
            if *wish == DayWish::Usual {
                continue;
            }
            return Err(Refused::field("hours", Wrong::Past));
        }
        // On the night the clock changes a stretch may vanish.
        if end - begin < SHORTEST {
            return Err(Refused::field("hours", Wrong::Hours));
        }
        let id = encode_id(new_id());
        let event = NewOffer {
            uid: format!("offer-{id}@{}", desk.config.mail_domain()),
            title: title(desk, ""),
            date,
            starts,
            ends,
            zone: zone.clone(),
            weekly: None,
            now,
        };
        let event = event.write().map_err(|_| Refused::Special)?;
        no_overlap(desk, person, &event, zone, &Scope::Everything, &gone).await?;
        edits.push(new(person, format!("offer-{id}.ics"), event));
    }
    carry_out(desk, person, edits).await
}

/// Whether an instance says what its series says: one that was moved may be cancelled, or something else.
fn is_offered(entry: &Entry, one: &expand::Occurrence<'_>) -> bool {
    let said = |name: &str| one.component.get(name).map(|line| line.text().trim().to_lowercase());
    let title = entry.object.master().and_then(|event| event.get("SUMMARY"));
    said("SUMMARY") == title.map(|line| line.text().trim().to_lowercase())
        && said("STATUS").is_none_or(|status| status == "confirmed")
}

/// The plain offers of a host, day by day.
struct Days<'e> {
    week: Week<'e>,
    /// Those of one day.
    single: Vec<&'e Entry>,
}

/// One stretch of a day as it stands in the calendars.
struct Piece<'e> {
    entry: &'e Entry,
    /// The instance of the series, by the start it had first.
    instance: i64,
    /// UTC seconds.
    starts: i64,
    hours: Stretch,
}

impl<'e> Days<'e> {
    fn of(entries: &'e [Entry], home: &Zone) -> Self {
        let week = Week::of(entries, home);
        let single = entries.iter().filter(|entry| !entry.when.repeats && is_plain(entry));
        let single = single.filter(|entry| entry.when.zone.name() == week.zone.name()).collect();
        Self { week, single }
    }

    /// What the week has on such a day.
    fn usual(&self, date: Date) -> Vec<Stretch> {
        let parts = self.week.parts.iter();
        let parts = parts.filter(|part| part.entry.when.starts.date() <= date && part.days.contains(&date.weekday()));
        let mut hours: Vec<Stretch> = parts.map(|part| part.hours).collect();
        hours.sort_unstable();
        hours.dedup();
        hours
    }

    fn hours(&self, date: Date) -> Vec<Stretch> {
        let mut hours: Vec<Stretch> = self.pieces(date).into_iter().map(|piece| piece.hours).collect();
        hours.sort_unstable();
        hours.dedup();
        hours
    }

    /// The stretches that begin on a day and end with it.
    fn pieces(&self, date: Date) -> Vec<Piece<'e>> {
        let zone = &self.week.zone;
        let midnight = |date: Date| zone.to_instant(date.at(0, 0, 0, 0));
        let next = date.checked_add(1.day()).unwrap_or(date);
        let entries = self.week.parts.iter().map(|part| part.entry).chain(self.single.iter().copied());
        let on = |entry: &'e Entry| {
            let span = midnight(date)..midnight(next);
            expand::occurrences(&entry.object, span, &entry.floating, &Budget::default())
                .list
                .into_iter()
                .filter(move |one| is_offered(entry, one))
                .map(move |one| (entry, one))
        };
        let piece = |(entry, one): (&'e Entry, expand::Occurrence<'e>)| {
            let (from, to) = (zone.to_wall(one.start), zone.to_wall(one.end));
            let to_midnight = to == next.at(0, 0, 0, 0);
            (from.date() == date && (to.date() == date || to_midnight)).then(|| Piece {
                entry,
                instance: one.recurrence_id.unwrap_or(one.start),
                starts: one.start,
                hours: (from.time(), to.time()),
            })
        };
        entries.flat_map(on).filter_map(piece).collect()
    }

    /// The days on which an instance of the week was taken out, or moved, and those of single offers.
    fn touched(&self) -> BTreeSet<Date> {
        let zone = &self.week.zone;
        let mut dates: BTreeSet<Date> = self.single.iter().map(|entry| entry.when.starts.date()).collect();
        for part in &self.week.parts {
            let excluded = part.entry.object.master().into_iter().flat_map(|event| event.all("EXDATE"));
            let moved = part.entry.object.overrides();
            let moved = moved.flat_map(|event| [event.get("RECURRENCE-ID"), event.get("DTSTART")]).flatten();
            let values = excluded.chain(moved).flat_map(|line| DateTimeValue::list_from_line(line).unwrap_or_default());
            dates.extend(values.map(|value| zone.to_wall(value.instant_in(zone)).date()));
        }
        dates
    }
}
