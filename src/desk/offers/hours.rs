//! Working hours: the plain weekly offers of a host, seen and changed as one week. There is no other table of them.
//!
//! Plain is what says "Available" and nothing more, every week without an end, on one day, in one zone: whoever wrote it.
//! All other offers stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use caldav::ical::pattern::{End, Every, Pattern};
use caldav::ical::series_edit::{self, Split};
use caldav::ical::time::DateTimeValue;
use caldav::ical::zone::Zone;
use caldav::store::Edit;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

use super::add::{no_overlap, title};
use super::change::{object, rewritten, with_new_uid};
use super::entry::{Entry, Origin, own_zone, upcoming};
use super::filed::{carry_out, new};
use super::{FieldWrong, Refused, Wrong, read_clock};
use crate::calendars::Scope;
use crate::calendars::own_event::{NewOffer, Weekly};
use crate::db::{DbError, new_id};
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::Person;

/// The days of a week as forms and the API call them, Monday first.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Stretches of one day.
const MOST: usize = 6;
/// The shortest, minutes.
const SHORTEST: i64 = 5;

/// From when to when, by the clock; midnight ends a day.
pub(super) type Stretch = (Time, Time);

/// A week of working hours.
#[derive(Debug, Clone)]
pub struct Hours {
    /// Where its clock stands.
    pub zone: Zone,
    /// Whether that is the host's own zone, too.
    pub at_home: bool,
    /// The stretches of each day, Monday first, by start.
    pub days: [Vec<(Time, Time)>; 7],
    /// Offers of the host that are not part of it.
    pub others: usize,
}

/// A host's working hours. `None`: they have no calendar of offers.
///
/// # Errors
/// [`DbError`].
pub async fn hours(desk: &Desk, person: &Person) -> Result<Option<Hours>, DbError> {
    let Some(home) = own_zone(&mut desk.db.read().await?, person).await? else { return Ok(None) };
    let entries = upcoming(desk, person.id).await?;
    let week = Week::of(&entries, &home);
    let mut days: [Vec<Stretch>; 7] = Default::default();
    for part in &week.parts {
        for day in &part.days {
            let day = days.get_mut(usize::try_from(day.to_monday_zero_offset()).unwrap_or(0));
            day.into_iter().for_each(|day| day.push(part.hours));
        }
    }
    for day in &mut days {
        day.sort_unstable();
        day.dedup();
    }
    let others = entries.len() - week.parts.len();
    Ok(Some(Hours { at_home: week.zone.name() == home.name(), zone: week.zone, days, others }))
}

/// The stretches of a day as they are typed: `09:00-12:00, 13:00-17:00`.
pub fn hours_in_words(day: &[(Time, Time)]) -> String {
    let end = |time: &Time| match *time == Time::midnight() {
        true => "24:00".to_owned(),
        false => time.strftime("%H:%M").to_string(),
    };
    let one = |(starts, ends): &Stretch| format!("{}\u{2013}{}", starts.strftime("%H:%M"), end(ends));
    day.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Makes these the working hours, as typed for each day, Monday first. What stays the same is not touched; times that
/// have begun stay.
///
/// # Errors
/// [`Refused`]: `Fields` named as in [`DAYS`], `Sessions`, `Overlaps` with other offers, `NotFound` without a calendar of
/// offers.
pub async fn set_hours(desk: &Desk, person: &Person, typed: &[String; 7]) -> Result<(), Refused> {
    let home = own_zone(&mut desk.db.read().await?, person).await?.ok_or(Refused::NotFound)?;
    let mut wanted: BTreeSet<(i8, Stretch)> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (index, (text, field)) in typed.iter().zip(DAYS).enumerate() {
        match read_day(text) {
            Ok(day) => wanted.extend(day.into_iter().map(|stretch| (i8::try_from(index).unwrap_or(0), stretch))),
            Err(what) => wrong.push(FieldWrong { field, wrong: what }),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::Fields(wrong));
    }
    let entries = upcoming(desk, person.id).await?;
    let week = Week::of(&entries, &home);
    let mut edits = Vec::new();
    let mut skipped: BTreeSet<Date> = BTreeSet::new();
    for part in &week.parts {
        let keep: Vec<Weekday> = part.days.iter().copied().filter(|day| wanted.remove(&part.on(*day))).collect();
        if keep.len() < part.days.len() {
            skipped.extend(part.skipped(&keep));
            edits.extend(fewer(desk, person, part, &keep)?);
        }
    }
    let gone: Vec<&Entry> = week.parts.iter().map(|part| part.entry).collect();
    let mut fresh: BTreeMap<Stretch, Vec<Weekday>> = BTreeMap::new();
    for (day, hours) in wanted {
        fresh.entry(hours).or_default().extend(Weekday::from_monday_zero_offset(day));
    }
    for ((starts, ends), days) in fresh {
        let wall = week.zone.to_wall(desk.clock.now());
        // What has begun today stays as it was today.
        let date =
            if starts > wall.time() { wall.date() } else { wall.date().checked_add(1.day()).unwrap_or(wall.date()) };
        let id = encode_id(new_id());
        let off = skipped.iter().copied().filter(|date| days.contains(&date.weekday())).collect();
        let event = NewOffer {
            uid: format!("offer-{id}@{}", desk.config.mail_domain()),
            title: title(desk, ""),
            date,
            starts,
            ends,
            zone: week.zone.clone(),
            weekly: Some(Weekly { days, until: None, skipped: off }),
            now: desk.clock.now(),
        };
        let event = event.write().map_err(|_| Refused::Special)?;
        no_overlap(desk, person, &event, &week.zone, &Scope::Everything, &gone).await?;
        edits.push(new(person, format!("offer-{id}.ics"), event));
    }
    carry_out(desk, person, edits).await
}

/// The part on fewer days from now on.
fn fewer(desk: &Desk, person: &Person, part: &Part<'_>, keep: &[Weekday]) -> Result<Vec<Edit>, Refused> {
    let (entry, now) = (part.entry, desk.clock.now());
    let Some(next) = entry.next.iter().find(|next| next.instance > now && next.starts > now) else {
        return Err(Refused::Special);
    };
    let Split { before, after } = series_edit::split(&entry.object, next.instance, &entry.floating)?;
    let after = match keep {
        [] => None,
        days => Some(series_edit::on_days(&object(after)?, days, &entry.floating)?),
    };
    match (before, after) {
        (None, after) => Ok(vec![rewritten(desk, person, entry, after)?]),
        (Some(before), None) => Ok(vec![rewritten(desk, person, entry, Some(before))?]),
        (Some(before), Some(after)) => {
            let (name, root) = with_new_uid(desk, after);
            Ok(vec![rewritten(desk, person, entry, Some(before))?, new(person, name, object(root)?)])
        }
    }
}

pub(super) fn read_day(text: &str) -> Result<Vec<Stretch>, Wrong> {
    let text = text.replace(['\u{2013}', '\u{2014}', '\u{2212}'], "-").replace(" -", "-").replace("- ", "-");
    let mut day = Vec::new();
    for part in text.split([',', ';', ' ', '\u{a0}']).filter(|part| !part.is_empty()) {
        let (starts, ends) = part.split_once('-').ok_or(Wrong::Hours)?;
        let (starts, ends) = (read_clock(starts).ok_or(Wrong::Hours)?, read_clock(ends).ok_or(Wrong::Hours)?);
        let minutes = minute(ends).checked_sub(minute(starts)).filter(|_| ends != Time::midnight());
        if minutes.unwrap_or(24 * 60 - minute(starts)) < SHORTEST {
            return Err(Wrong::Hours);
        }
        day.push((starts, ends));
    }
    day.sort_unstable();
    let overlap =
        |pair: &[Stretch]| matches!(pair, [(_, end), (start, _)] if *end > *start || *end == Time::midnight());
    if day.windows(2).any(overlap) {
        return Err(Wrong::Overlap);
    }
    if day.len() > MOST { Err(Wrong::Hours) } else { Ok(day) }
}

fn minute(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// The working hours as they stand in the calendars.
pub(super) struct Week<'e> {
    pub(super) zone: Zone,
    pub(super) parts: Vec<Part<'e>>,
}

/// One event of them.
pub(super) struct Part<'e> {
    pub(super) entry: &'e Entry,
    pub(super) days: Vec<Weekday>,
    pub(super) hours: Stretch,
}

/// Whether an event says "Available" and nothing more, by whole minutes of one day in one zone, and may be changed here.
pub(super) fn is_plain(entry: &Entry) -> bool {
    let when = &entry.when;
    let Some(event) = entry.object.master() else { return false };
    let Some(start) = event.get("DTSTART").and_then(|line| DateTimeValue::from_line(line).ok()) else { return false };
    let in_zone = match start {
        DateTimeValue::Zoned { .. } => true,
        DateTimeValue::Utc(_) => when.zone.name() == Zone::utc().name(),
        _ => false,
    };
    let ends_on = when.ends.date();
    let same_day = ends_on == when.starts.date();
    let at_midnight = when.ends.time() == Time::midnight()
        && when.starts.date().checked_add(1.day()).is_ok_and(|next| next == ends_on);
    entry.origin == Origin::Own
        && entry.scope == Scope::Everything
        && !when.all_day
        && in_zone
        && event.get("DESCRIPTION").is_none_or(|line| line.text().trim().is_empty())
        && when.starts.second() == 0
        && when.ends.second() == 0
        && (same_day || at_midnight)
}

impl<'e> Week<'e> {
    /// In the zone that most of them have, else at home.
    pub(super) fn of(entries: &'e [Entry], home: &Zone) -> Self {
        let parts: Vec<Part<'e>> = entries.iter().filter_map(Part::of).collect();
        let mut zones: BTreeMap<&str, (usize, &Zone)> = BTreeMap::new();
        for part in &parts {
            zones.entry(part.zone().name()).or_insert((0, part.zone())).0 += 1;
        }
        let most = zones.values().max_by_key(|(count, zone)| (*count, zone.name() == home.name()));
        let zone = most.map_or_else(|| home.clone(), |(_, zone)| (*zone).clone());
        let parts = parts.into_iter().filter(|part| part.zone().name() == zone.name()).collect();
        Self { zone, parts }
    }
}

impl<'e> Part<'e> {
    fn of(entry: &'e Entry) -> Option<Self> {
        let when = &entry.when;
        let Some(Pattern { every: Every::Week(days), interval: 1, end: End::Never }) = &when.pattern else {
            return None;
        };
        let hours = (when.starts.time(), when.ends.time());
        (days.contains(&when.starts.weekday()) && is_plain(entry)).then(|| Self { entry, days: days.clone(), hours })
    }

    fn zone(&self) -> &'e Zone {
        &self.entry.when.zone
    }

    fn on(&self, day: Weekday) -> (i8, Stretch) {
        (day.to_monday_zero_offset(), self.hours)
    }

    /// The dates taken out of the days that are not kept, so that they stay free when these days get other hours.
    fn skipped(&self, keep: &[Weekday]) -> Vec<Date> {
        let Some(event) = self.entry.object.master() else { return Vec::new() };
        let values = event.all("EXDATE").flat_map(|line| DateTimeValue::list_from_line(line).unwrap_or_default());
        let dates = values.map(|value| value.wall_in(self.zone()).date());
        dates.filter(|date| self.days.contains(&date.weekday()) && !keep.contains(&date.weekday())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Wrong> {
        read_day(text).map(|day| hours_in_words(&day))
    }

    #[test]
    fn a_day_is_read_as_people_type_it_and_told_the_same_way() {
        let day = "09:00\u{2013}12:00, 13:00\u{2013}17:00";
        for typed in [day, "9-12, 13-17", "13:00 - 17:00; 9.00-12.00", "9-12 13\u{2013}17", "09:00-12:00,13:00-17:00"] {
            assert_eq!(read(typed).as_deref(), Ok(day), "{typed}");
        }
        assert_eq!(read("").as_deref(), Ok(""));
        assert_eq!(read("18-24").as_deref(), Ok("18:00\u{2013}24:00"));
        assert_eq!(read("9-12, 12-13").as_deref(), Ok("09:00\u{2013}12:00, 12:00\u{2013}13:00"));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for typed in
            ["9", "nine to five", "12-9", "9-9", "25-26", "9-12-13", "9:00-9:04", "1-2 3-4 5-6 7-8 9-10 11-12 13-14"]
        {
            assert_eq!(read(typed), Err(Wrong::Hours), "{typed}");
        }
        assert_eq!(read("9-12, 11-13"), Err(Wrong::Overlap));
        assert_eq!(read("9-24, 10-11"), Err(Wrong::Overlap));
    }
}
