//! What an event of a host means here, in words: "2 slots every Monday, first on 30 November 18:00" (CN-2).

use std::collections::BTreeMap;

use caldav::ical::zone::Zone;
use jiff::civil::Date;

use super::Desk;
use super::slots::pooled;
use crate::calendars::occurrences;
use crate::db::DbError;
use crate::people::Person;
use crate::teams;

const DAY: i64 = 86_400;
/// How far ahead slots are counted, seconds.
const AHEAD: i64 = 60 * DAY;

/// What the event with this UID offers, in one sentence for its host.
///
/// # Errors
/// [`DbError`].
pub async fn of_event(desk: &Desk, host: &Person, uid: &str) -> Result<String, DbError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let mut rows = occurrences::of(&mut conn, &desk.offer_words(), &[host.id], now, now + AHEAD).await?;
    rows.retain(|row| row.uid == uid);
    let teams = teams::of_person(&mut conn, host.id).await?;
    drop(conn);
    let offers: Vec<(i64, i64)> = rows.iter().filter(|row| row.offer).map(|row| (row.starts, row.ends)).collect();
    if offers.is_empty() {
        let word = desk.config.offer_words.first().map_or("Available", String::as_str);
        return Ok(match rows.is_empty() {
            true => "It takes no time in the next 60 days, so nothing can be booked in it now.".into(),
            false => format!("It counts as time when you are busy. To offer it, call it \u{201c}{word}\u{201d}."),
        });
    }
    let mut starts = Vec::new();
    for team in &teams {
        let slots = pooled(desk, team, &[], now, now + AHEAD).await?;
        let own = slots.slots.iter().filter(|slot| slot.hosts.contains(&host.id));
        starts.extend(own.map(|slot| slot.start).filter(|start| offers.iter().any(|(a, b)| (*a..*b).contains(start))));
    }
    let zone = host.timezone.as_deref().or(teams.first().map(|team| team.timezone.as_str()));
    let zone = zone.and_then(Zone::named).unwrap_or_else(Zone::utc);
    starts.sort_unstable();
    starts.dedup();
    Ok(in_words(&starts, &zone))
}

/// Starts of slots, in order and each once, in words.
fn in_words(starts: &[i64], zone: &Zone) -> String {
    let Some(first) = starts.first() else {
        return "Nobody can book in it now: it is shorter than a session, you are busy then, or it is too soon.".into();
    };
    let first = zone.to_wall(*first);
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for start in starts {
        *days.entry(zone.to_wall(*start).date()).or_default() += 1;
    }
    let counts: Vec<usize> = days.values().copied().collect();
    let dates: Vec<Date> = days.into_keys().collect();
    let apart = |pair: &[Date]| match pair {
        [one, next] => (*next - *one).get_days(),
        _ => 0,
    };
    let every = |days: i32| dates.len() > 1 && dates.windows(2).all(|pair| apart(pair) == days);
    let alike = counts.windows(2).all(|pair| pair.first() == pair.last());
    let begin = first.strftime("%-d %B %H:%M");
    let number = if alike { counts.first().copied().unwrap_or_default() } else { starts.len() };
    let slots = if number == 1 { "1 slot".to_owned() } else { format!("{number} slots") };
    match () {
        () if dates.len() == 1 => format!("{slots} on {}", first.strftime("%A, %-d %B, from %H:%M")),
        () if alike && every(7) => format!("{slots} every {}, first on {begin}", first.strftime("%A")),
        () if alike && every(1) => format!("{slots} every day, first on {begin}"),
        () => {
            let slots = format!("{} slots", starts.len());
            format!("{slots} in the next weeks, first on {}", first.strftime("%A, %-d %B %H:%M"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_told_as_people_say_it() {
        let zone = Zone::named("Europe/London").unwrap();
        let monday = 1_796_061_600; // 2026-11-30T18:00:00Z
        let weekly: Vec<i64> = (0..3).flat_map(|week| [0, 3600].map(|hour| monday + week * 7 * DAY + hour)).collect();
        let words = |starts: &[i64]| in_words(starts, &zone);
        assert_eq!(words(&weekly), "2 slots every Monday, first on 30 November 18:00");
        assert_eq!(words(&weekly[..2]), "2 slots on Monday, 30 November, from 18:00");
        assert_eq!(words(&weekly[..1]), "1 slot on Monday, 30 November, from 18:00");
        assert_eq!(words(&[monday, monday + DAY, monday + 2 * DAY]), "1 slot every day, first on 30 November 18:00");
        assert_eq!(words(&weekly[1..]), "5 slots in the next weeks, first on Monday, 30 November 19:00");
        assert!(words(&[]).starts_with("Nobody can book"));
    }
}
