//! Adding an offer: one event in the host's calendar.

use caldav::ical::budget::Budget;
use caldav::ical::expand;
use caldav::ical::object::CalendarObject;
use caldav::ical::zone::Zone;
use jiff::civil::{Date, Weekday};

use super::entry::{Entry, own_zone, upcoming};
use super::filed::{carry_out, new};
use super::{AHEAD, DAY, FieldWrong, Refused, SHORTEST, Wrong, read_clock};
use crate::availability::serves;
use crate::calendars::own_event::{self, Weekly};
use crate::calendars::{Scope, occurrences};
use crate::db::{Conn, DbError, new_id};
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::{Person, PersonId};
use crate::teams::{self, SessionType, Team};

/// Offers begin at most so far ahead, seconds.
const FARTHEST: i64 = 2 * AHEAD;

/// An offer as its host types it, in their own zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewOffer {
    /// `2026-11-26`; of weekly ones the day from which on.
    pub date: String,
    /// `18:00`
    pub starts: String,
    /// `20:00`; on the next day, if that is earlier.
    pub ends: String,
    /// `once` (also when empty) or `weekly`.
    pub repeat: String,
    /// On these days every week; none: the day of the date.
    pub days: Vec<Weekday>,
    /// The last day of a weekly one; empty: for ever.
    pub until: String,
    /// Slug or name of a kind of session, `team/kind`; empty: every kind.
    pub kind: String,
}

/// Adds it; the offer as it is read back.
///
/// # Errors
/// [`Refused`]: `Fields` (`date`, `starts`, `ends`, `repeat`, `until`, `kind`), `Overlaps`, `NotFound` for somebody who
/// has no calendar of offers.
pub async fn add(desk: &Desk, person: &Person, offer: &NewOffer) -> Result<Entry, Refused> {
    let mut conn = desk.db.read().await?;
    let zone = own_zone(&mut conn, person).await?.ok_or(Refused::NotFound)?;
    let kinds = kinds(&mut conn, person.id).await?;
    drop(conn);
    let id = encode_id(new_id());
    let event = read(desk, offer, &zone, &kinds, &id)?;
    let object = event.write().map_err(|_| Refused::field("date", Wrong::Date))?;
    no_overlap(desk, person, &object, &zone, &scope(&offer.kind), &[]).await?;
    let name = format!("offer-{id}.ics");
    carry_out(desk, person, vec![new(person, name.clone(), object)]).await?;
    upcoming(desk, person.id).await?.into_iter().find(|entry| entry.name == name).ok_or(Refused::Changed)
}

/// The kinds of session a host may name, each with its team and the word that names it alone.
///
/// # Errors
/// [`DbError`].
pub async fn kinds(conn: &mut Conn, person: PersonId) -> Result<Vec<(Team, SessionType, String)>, DbError> {
    let teams = teams::of_person(conn, person).await?;
    let types = teams::types_of_person(conn, person).await?;
    let word = |team: &Team, kind: &SessionType| {
        let alone = types.iter().filter(|other| other.slug == kind.slug || other.name == kind.slug).count() == 1;
        if alone { kind.slug.clone() } else { format!("{}/{}", team.slug, kind.slug) }
    };
    let of_team = |team: Team| {
        let own: Vec<_> = types.iter().filter(|kind| kind.team == team.id).collect();
        own.into_iter().map(|kind| (team.clone(), kind.clone(), word(&team, kind))).collect::<Vec<_>>()
    };
    Ok(teams.into_iter().flat_map(of_team).collect())
}

/// The title of an event that offers time for a kind of session; for every kind, if it is empty.
pub(super) fn title(desk: &Desk, kind: &str) -> String {
    let words = desk.offer_words();
    let mut letters = words.all().first().map_or("available", String::as_str).chars();
    let word: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if kind.is_empty() { word } else { format!("{word}: {kind}") }
}

fn scope(kind: &str) -> Scope {
    if kind.is_empty() { Scope::Everything } else { Scope::Named(kind.to_lowercase()) }
}

fn read(
    desk: &Desk,
    offer: &NewOffer,
    zone: &Zone,
    kinds: &[(Team, SessionType, String)],
    id: &str,
) -> Result<own_event::NewOffer, Refused> {
    let now = desk.clock.now();
    let mut wrong = Vec::new();
    let mut refuse = |field, what| wrong.push(FieldWrong { field, wrong: what });
    let day = |text: &str| text.trim().parse::<Date>().ok().filter(|date| (1970..=2200).contains(&date.year()));
    let (date, starts, ends) = (day(&offer.date), read_clock(&offer.starts), read_clock(&offer.ends));
    for (field, missing, what) in [
        ("date", date.is_none(), Wrong::Date),
        ("starts", starts.is_none(), Wrong::Clock),
        ("ends", ends.is_none(), Wrong::Clock),
    ] {
        if missing {
            refuse(field, what);
        }
    }
    let weekly = match offer.repeat.trim() {
        "" | "once" => None,
        "weekly" => {
            let until = day(&offer.until);
            if until.is_none() && !offer.until.trim().is_empty() {
                refuse("until", Wrong::Date);
            }
            if until.zip(date).is_some_and(|(until, date)| until < date) {
                refuse("until", Wrong::Order);
            }
            Some(Weekly { days: offer.days.clone(), until, skipped: Vec::new() })
        }
        _ => {
            refuse("repeat", Wrong::Repeat);
            None
        }
    };
    let kind = offer.kind.trim();
    let named = Scope::Named(kind.to_lowercase());
    if !kind.is_empty() && !kinds.iter().any(|(team, kind, _)| serves(&named, team, std::slice::from_ref(kind), kind)) {
        refuse("kind", Wrong::Kind);
    }
    let (Some(date), Some(starts), Some(ends)) = (date, starts, ends) else { return Err(Refused::Fields(wrong)) };
    let event = own_event::NewOffer {
        uid: format!("offer-{id}@{}", desk.config.mail_domain()),
        title: title(desk, kind),
        date,
        starts,
        ends,
        zone: zone.clone(),
        weekly,
        now,
    };
    let first = event.first_day().unwrap_or(date);
    if event.weekly.as_ref().and_then(|weekly| weekly.until).is_some_and(|until| until < first) {
        refuse("until", Wrong::Order);
    }
    let begin = zone.to_instant(first.to_datetime(starts));
    let end = zone.to_instant(first.to_datetime(ends)) + if ends <= starts { DAY } else { 0 };
    // On the night the clock changes a stretch may vanish.
    if end - begin < SHORTEST {
        refuse("ends", Wrong::Short);
    } else if event.weekly.is_none() && end <= now || date < zone.to_wall(now).date() {
        refuse("date", Wrong::Past);
    } else if begin > now + FARTHEST {
        refuse("date", Wrong::Far);
    }
    if wrong.is_empty() { Ok(event) } else { Err(Refused::Fields(wrong)) }
}

/// Refuses what would offer the same time once more. `besides`: entries that go.
pub(super) async fn no_overlap(
    desk: &Desk,
    person: &Person,
    object: &CalendarObject,
    zone: &Zone,
    scope: &Scope,
    besides: &[&Entry],
) -> Result<(), Refused> {
    let now = desk.clock.now();
    let span = now..now + 2 * AHEAD;
    let times = expand::occurrences(object, span.clone(), zone, &Budget::default()).list;
    let Some(last) = times.last() else { return Ok(()) };
    let to = last.end.min(now + AHEAD).max(times.first().map_or(0, |first| first.end));
    let rows = occurrences::of(&mut desk.db.read().await?, &desk.offer_words(), &[person.id], now, to).await?;
    let clashes =
        |other: &Scope| matches!((scope, other), (Scope::Everything, _) | (_, Scope::Everything)) || scope == other;
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| row.offer && !row.all_day && !besides.iter().any(|entry| entry.id == row.object))
        .filter(|row| clashes(&Scope::read(row.scope.as_deref())))
        .collect();
    // Both are in order of their starts.
    let mut from = 0;
    for time in &times {
        while rows.get(from).is_some_and(|row| row.ends <= time.start && row.starts < time.start) {
            from += 1;
        }
        let near = rows.iter().skip(from).take_while(|row| row.starts < time.end);
        if let Some(row) = near.into_iter().find(|row| row.ends > time.start) {
            return Err(Refused::Overlaps(row.starts, row.ends));
        }
    }
    Ok(())
}
