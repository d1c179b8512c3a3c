//! Events that look as if they were meant to offer time and do not, so that their host can be told.

use sqlx::FromRow;

use super::offer::folded;
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
fn distance(one: &str, other: &str) -> usize {
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

/// The titles of a person's events in [from, to) that are nearly offers, each once, the ones changed last first. Looks at
/// the 300 events changed last.
///
/// # Errors
/// [`DbError`].
pub async fn near_misses(
    conn: &mut Conn,
    words: &OfferWords,
    person: PersonId,
    from: i64,
    to: i64,
) -> Result<Vec<String>, DbError> {
    #[derive(FromRow)]
    struct Found {
        bytes: Vec<u8>,
    }
    let found: Vec<Found> = conn
        .all(
            "SELECT ob.bytes FROM objects ob JOIN collections c ON c.id = ob.collection
             WHERE c.owner = $1 AND c.kind <> 'sessions' AND ob.kind = 'VEVENT'
               AND ob.starts < $3 AND (ob.ends IS NULL OR ob.ends > $2)
             ORDER BY ob.modified DESC, ob.id LIMIT $4",
            args![person, from, to, MOST],
        )
        .await?;
    let words = words.clone();
    let work = move || {
        let mut titles: Vec<String> = Vec::new();
        for object in found.into_iter().filter_map(|found| listing::parse(found.bytes)) {
            let title = object.master().and_then(|event| Some(event.get("SUMMARY")?.text().trim().to_owned()));
            let near = title.filter(|title| near_miss(title, &words).is_some() && !titles.contains(title));
            titles.extend(near.map(|title| title.chars().take(100).collect::<String>()));
        }
        titles.truncate(MOST_TOLD);
        titles
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
