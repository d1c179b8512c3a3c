//! Events that look as if they were meant to offer time and do not, so that their host can be told.

use sqlx::FromRow;

use super::offer::folded;
use super::offer_rules::Slip;
use super::slips::{slips_in, title};
use super::{OfferWords, in_the_background, listing};
use crate::args;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

/// Events looked at: those changed last.
const MOST: i64 = 300;
/// Titles told.
const MOST_TOLD: usize = 10;
/// Letters of a word, and how many of them may be wrong. Shorter words are too close to others.
const FORGIVEN: [(usize, usize); 2] = [(8, 2), (6, 1)];

/// The word a title was meant to be, when it is nearly one; `None`: it is one, or something else.
///
/// Nearly: a letter or two wrong, missing, too many or swapped ("Avialable"), or a word with more behind it where a colon
/// is missing ("Available code review"). "Unavailable" is another word, not a slip.
pub fn near_miss<'w>(title: &str, words: &'w OfferWords) -> Option<&'w str> {
    let title = folded(title);
    let (first, _) = title.split_once([':', '：']).unwrap_or((&title, ""));
    let first = first.trim();
    if words.all().iter().any(|word| word == first) {
        return None;
    }
    words.all().iter().map(String::as_str).find(|word| {
        let length = word.chars().count();
        let Some((_, forgiven)) = FORGIVEN.into_iter().find(|(least, _)| length >= *least) else { return false };
        // What negates a word is put before it, and is longer than a slip.
        let close = first.chars().count().abs_diff(length) < 2 && distance(first, word) <= forgiven;
        close || first.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))
    })
}

/// Letters to change, insert, leave out or swap with their neighbour, until both are the same.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

/// What a person may have meant to offer, or to say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misses {
    /// Titles that are nearly offers, each once.
    pub titles: Vec<String>,
    /// Words in offers that look like rules and are none, each with its event's title.
    pub slips: Vec<(String, Slip)>,
}

/// What a person may have meant in their events in [from, to), those changed last first. Looks at the 300 events changed
/// last; at those read from an address after all others, for they all change when they are first read.
///
/// # Errors
/// [`DbError`].
pub async fn near_misses(
    conn: &mut Conn,
    words: &OfferWords,
    person: PersonId,
    from: i64,
    to: i64,
) -> Result<Misses, DbError> {
    #[derive(FromRow)]
    struct Found {
        bytes: Vec<u8>,
        email: String,
    }
    let found: Vec<Found> = conn
        .all(
            "SELECT ob.bytes, p.email || p.former_emails AS email FROM objects ob JOIN collections c ON c.id = ob.collection
             JOIN people p ON p.id = c.owner
             WHERE c.owner = $1 AND c.kind <> 'sessions' AND ob.kind = 'VEVENT'
               AND ob.starts < $3 AND (ob.ends IS NULL OR ob.ends > $2)
             ORDER BY CASE WHEN c.kind = 'address' THEN 1 ELSE 0 END, ob.modified DESC, ob.id LIMIT $4",
            args![person, from, to, MOST],
        )
        .await?;
    let words = words.clone();
    let work = move || {
        let mut misses = Misses::default();
        for Found { bytes, email } in found {
            let Some(object) = listing::parse(bytes) else { continue };
            let title = title(&object);
            misses.slips.extend(slips_in(&object, &words, &email).into_iter().map(|slip| (title.clone(), slip)));
            if near_miss(&title, &words).is_some() && !misses.titles.contains(&title) {
                misses.titles.push(title);
            }
        }
        misses.titles.truncate(MOST_TOLD);
        misses.slips.truncate(MOST_TOLD);
        misses
    };
    in_the_background(work).await.ok_or_else(|| DbError::Damaged("a calendar could not be read".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(title: &str) -> Option<String> {
        let words = OfferWords::new(&["Available", "verfügbar", "ledig", "müsait", "available for booking"]);
        near_miss(title, &words).map(str::to_owned)
    }

    #[test]
    fn slips_of_the_pen_are_near() {
        for title in ["Avialable", "AVAILABEL", "Availble", "Avalable", " Available! ", "available."] {
            assert_eq!(near(title).as_deref(), Some("available"), "{title}");
        }
        assert_eq!(near("Verfuegbar").as_deref(), Some("verfügbar"));
        assert_eq!(near("Avialable: code review").as_deref(), Some("available"));
        assert_eq!(near("Available code review").as_deref(), Some("available"));
    }

    #[test]
    fn offers_and_other_words_are_not() {
        for title in ["Available", "available: anything", "Verfügbar：x", "Available for booking"] {
            assert_eq!(near(title), None, "{title} is an offer");
        }
        for title in ["Unavailable", "Not available", "Variable", "Availability check", "Lunch", "", "Ledige", "Müesli"]
        {
            assert_eq!(near(title), None, "{title} is something else");
        }
    }

    #[test]
    fn a_swap_is_one_slip() {
        assert_eq!(distance("avialable", "available"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("unavailable", "available"), 2);
    }
}
