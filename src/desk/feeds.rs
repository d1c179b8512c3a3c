//! Feeds as they were last written, so that a poll that finds nothing new costs no work, and one that meets a failure
//! gets the last good copy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Feeds kept; when there are more, all are written anew.
const MOST: usize = 2_000;

/// A feed's bytes with what validates them.
#[derive(Debug)]
pub struct FeedCopy {
    /// What it was made from.
    pub made_from: String,
    /// The calendar.
    pub content: bytes::Bytes,
    /// Strong, made from the bytes.
    pub etag: String,
    /// When these bytes first came about, UTC seconds.
    pub modified: i64,
}

/// The feeds kept in memory, by the slug of their team, or by kind and person.
#[derive(Debug, Default)]
pub struct KeptFeeds(Mutex<HashMap<String, Arc<FeedCopy>>>);

impl KeptFeeds {
    /// The last copy.
    pub fn last(&self, slug: &str) -> Option<Arc<FeedCopy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(slug).cloned()
    }

    /// Keeps a new copy. Bytes that did not change keep their date.
    pub fn keep(&self, slug: &str, made_from: String, content: String, now: i64) -> Arc<FeedCopy> {
        let etag = format!("\"{}\"", &HEXLOWER.encode(&Sha256::digest(&content))[..32]);
        let mut feeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = feeds.get(slug).filter(|old| old.etag == etag).map_or(now, |old| old.modified);
        let copy = Arc::new(FeedCopy { made_from, content: content.into(), etag, modified });
        if feeds.len() >= MOST && !feeds.contains_key(slug) {
            feeds.clear();
        }
        feeds.insert(slug.to_owned(), copy.clone());
        copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_moves_with_the_bytes_only() {
        let kept = KeptFeeds::default();
        let first = kept.keep("a", "1".into(), "x".into(), 100);
        let same = kept.keep("a", "2".into(), "x".into(), 200);
        assert_eq!((first.modified, same.modified, &first.etag), (100, 100, &same.etag));
        assert_eq!(kept.keep("a", "3".into(), "y".into(), 300).modified, 300);
        assert_eq!(kept.last("a").unwrap().made_from, "3");
    }
}
