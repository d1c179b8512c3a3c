//! Words in offers that look like rules and are none, so that their host can be told.

use caldav::ical::object::CalendarObject;
use caldav::ical::tree::Line;

use super::offer_rules::Slip;
use super::{OfferWords, in_the_background, listing};
use crate::args;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

/// Slips told of one object.
const MOST: usize = 5;

/// The slips in one object's offers, each once. `host`: its owner's lower-case address.
pub fn slips_in(object: &CalendarObject, words: &OfferWords, host: &str) -> Vec<Slip> {
    let mut found: Vec<Slip> = Vec::new();
    let mut last = String::new();
    for event in object.components() {
        let text = event.get("DESCRIPTION").map(Line::text).unwrap_or_default();
        // Exceptions of a series mostly say what it says.
        if text.is_empty() || text == last.as_str() {
            continue;
        }
        last = text.into_owned();
        for slip in words.offer(event, host).map(|offer| offer.slips).unwrap_or_default() {
            if !found.contains(&slip) {
                found.push(slip);
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.truncate(MOST);
    found
}

/// The slips in a person's event of this UID as it stands in their calendars now, with its title.
///
/// # Errors
/// [`DbError`].
pub async fn slips_of(
    conn: &mut Conn,
    words: &OfferWords,
    person: PersonId,
    uid: &str,
) -> Result<(String, Vec<Slip>), DbError> {
    let rows: Vec<(Vec<u8>, String)> = conn
        .all(
            "SELECT o.bytes, p.email || p.former_emails FROM objects o JOIN collections c ON c.id = o.collection
             JOIN people p ON p.id = c.owner
             WHERE c.owner = $1 AND o.uid = $2 AND c.kind <> 'sessions' ORDER BY o.id LIMIT 3",
            args![person, uid],
        )
        .await?;
    let words = words.clone();
    let work = move || {
        let objects = rows.into_iter().filter_map(|(bytes, host)| Some((listing::parse(bytes)?, host)));
        let found = objects.map(|(object, host)| (title(&object), slips_in(&object, &words, &host)));
        found.into_iter().find(|(_, slips)| !slips.is_empty()).unwrap_or_default()
    };
    in_the_background(work).await.ok_or_else(|| DbError::Damaged("a calendar could not be read".into()))
}

/// An object's title, at most 100 characters.
pub(super) fn title(object: &CalendarObject) -> String {
    let summary = object.components().find_map(|event| event.get("SUMMARY"));
    summary.map(Line::text).unwrap_or_default().trim().chars().take(100).collect()
}
