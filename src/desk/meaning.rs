//! What an event of a host means here, in words: "2 slots every Monday, first on 30 November 18:00" (CN-2), what of it is
//! hidden and why, and what in it was not understood (CN-16, CN-17). For its host alone.

use caldav::ical::zone::Zone;

use super::Desk;
use super::why::{Explained, Hidden, Nothing, explain};
use crate::calendars::{occurrences, slips_of};
use crate::db::DbError;
use crate::invitations::{Meaning, slip_in_words};
use crate::people::Person;
use crate::teams;

const DAY: i64 = 86_400;
/// How far ahead slots are counted, seconds.
const AHEAD: i64 = 60 * DAY;
/// Reasons told at most.
const MOST: usize = 4;

/// What the event with this UID offers, in a few sentences for its host.
///
/// # Errors
/// [`DbError`].
pub async fn of_event(desk: &Desk, host: &Person, uid: &str) -> Result<String, DbError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let mut rows = occurrences::of(&mut conn, &desk.offer_words(), &[host.id], now, now + AHEAD).await?;
    rows.retain(|row| row.uid == uid);
    let teams = teams::of_person(&mut conn, host.id).await?;
    let types = teams::types_of_person(&mut conn, host.id).await?;
    let (_, slips) = slips_of(&mut conn, &desk.offer_words(), host.id, uid).await?;
    drop(conn);
    let meaning = Meaning::of(host.language());
    if !rows.iter().any(|row| row.offer) {
        let word = desk.config.offer_words.first().map_or("Available", String::as_str);
        return Ok(if rows.is_empty() { meaning.words.no_time.into() } else { (meaning.words.busy)(word) });
    }
    let mut explained = explain(desk, host.id, now, now + AHEAD).await?;
    explained.retain(|explained| explained.offer.uid == uid);
    let zone = host.timezone.as_deref().or(teams.first().map(|team| team.timezone.as_str()));
    let zone = zone.and_then(Zone::named).unwrap_or_else(Zone::utc);
    let known: Vec<&str> = types.iter().map(|kind| kind.name.as_str()).take(10).collect();
    let mut sentences = told(meaning, &explained, &zone, &known);
    sentences.extend(slips.iter().map(|slip| slip_in_words(slip, host.language())));
    Ok(sentences.join(" "))
}

/// What is open, then what is not, each a sentence.
fn told(meaning: Meaning, explained: &[Explained], zone: &Zone, known: &[&str]) -> Vec<String> {
    let mut starts: Vec<i64> = explained.iter().flat_map(|one| one.open.iter().copied()).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut hidden: Vec<Hidden> = explained.iter().flat_map(|one| one.hidden.iter().copied()).collect();
    hidden.sort_by_key(|hidden| hidden.start);
    hidden.dedup_by_key(|hidden| hidden.start);
    hidden.retain(|hidden| starts.binary_search(&hidden.start).is_err());
    let mut sentences = match starts.is_empty() {
        true => vec![meaning.words.nobody.to_owned()],
        false => vec![format!("{}.", meaning.slots(&starts, zone))],
    };
    let nothing = explained.iter().filter_map(|one| one.nothing.as_ref()).find(|why| **why != Nothing::Past);
    sentences.extend(nothing.filter(|_| starts.is_empty()).map(|why| ignored(meaning, why, known)));
    sentences.extend(reasons(meaning, &hidden, zone));
    sentences
}

/// A sentence for each reason, those of the earliest starts first.
fn reasons(meaning: Meaning, hidden: &[Hidden], zone: &Zone) -> Vec<String> {
    let mut by_reason: Vec<(String, i64, usize)> = Vec::new();
    for one in hidden {
        let why = meaning.reason(one.obstacle);
        match by_reason.iter_mut().find(|(known, ..)| *known == why) {
            Some((.., more)) => *more += 1,
            None => by_reason.push((why, one.start, 0)),
        }
    }
    let others = by_reason.len() > MOST;
    by_reason.truncate(MOST);
    let sentence = |(why, first, more): (String, i64, usize)| meaning.hidden(first, more, &why, zone);
    let mut sentences: Vec<String> = by_reason.into_iter().map(sentence).collect();
    if others {
        sentences.push(meaning.words.others.into());
    }
    sentences
}

fn ignored(meaning: Meaning, why: &Nothing, known: &[&str]) -> String {
    let words = meaning.words;
    match why {
        Nothing::NoTypes => words.no_types.into(),
        Nothing::UnknownType(name) => (words.unknown_type)(name, &known.join(", ")),
        Nothing::Past => words.over.into(),
        Nothing::TooShort(minutes) => (words.short)(*minutes),
        Nothing::TooLong => words.long.into(),
    }
}
