//! Answers that stand until something is committed or the clock says otherwise: giving one again asks nothing at all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Answers kept, and their bytes; when there are more, all are made anew.
const MOST: usize = 2_000;
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Longest key kept, in bytes: an address somebody made up may be longer than its answer.
const LONGEST_KEY: usize = 256;

/// For how long an answer stands.
#[derive(Debug, Clone, Copy)]
pub struct Stands {
    /// The number of commits before anything was read for it.
    pub commits: u64,
    /// When it was made, UTC seconds.
    pub from: i64,
    /// The next instant at which the clock may change it; `i64::MAX`: never.
    pub until: i64,
}

/// Answers by what was asked.
#[derive(Debug)]
pub struct Standing<T>(Mutex<Answers<T>>);

#[derive(Debug)]
struct Answers<T> {
    kept: HashMap<String, (Stands, T)>,
    bytes: usize,
    /// Of the newest answer; none stands that was made before another commit.
    commits: u64,
}

impl<T> Default for Standing<T> {
    fn default() -> Self {
        Self(Mutex::new(Answers { kept: HashMap::new(), bytes: 0, commits: 0 }))
    }
}

impl<T: Clone> Standing<T> {
    /// The answer, if it stands after so many commits at this instant.
    pub fn find(&self, key: &str, commits: u64, now: i64) -> Option<T> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (stands, answer) = answers.kept.get(key)?;
        (stands.commits == commits && stands.from <= now && now < stands.until).then(|| answer.clone())
    }

    /// Keeps an answer of so many bytes.
    pub fn keep(&self, key: &str, stands: Stands, bytes: usize, answer: T) {
        if key.len() > LONGEST_KEY {
            return;
        }
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.commits != stands.commits || answers.kept.len() >= MOST || answers.bytes >= MOST_BYTES {
            *answers = Answers { kept: HashMap::new(), bytes: 0, commits: stands.commits };
        }
        answers.bytes += bytes;
        answers.kept.insert(key.to_owned(), (stands, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stands_until_a_commit_or_its_instant() {
        let standing = Standing::default();
        standing.keep("a", Stands { commits: 7, from: 100, until: 200 }, 1, 'a');
        assert_eq!(standing.find("a", 7, 100), Some('a'));
        assert_eq!(standing.find("a", 7, 199), Some('a'));
        for (commits, now) in [(8, 150), (7, 200), (7, 99)] {
            assert_eq!(standing.find("a", commits, now), None, "{commits} {now}");
        }
        assert_eq!(standing.find("b", 7, 150), None);
    }

    #[test]
    fn memory_is_bounded() {
        let standing = Standing::default();
        let stands = Stands { commits: 0, from: 0, until: i64::MAX };
        standing.keep(&"x".repeat(LONGEST_KEY + 1), stands, 1, ());
        assert!(standing.find(&"x".repeat(LONGEST_KEY + 1), 0, 0).is_none());
        let held = |bytes: usize| {
            let standing = Standing::default();
            let most = (0..3 * MOST).map(|number| {
                standing.keep(&number.to_string(), stands, bytes, ());
                standing.0.lock().unwrap().kept.len()
            });
            most.max().unwrap()
        };
        assert_eq!(held(1), MOST);
        assert_eq!(held(MOST_BYTES / 8), 8);
    }
}
