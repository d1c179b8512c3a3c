//! Pages and API answers as they were last written, so that giving one again costs no work while nothing it shows has
//! changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::squeezed::Squeezable;
use super::team_facts::TeamFacts;

/// Bytes kept over all pages.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Pages kept.
const MOST: usize = 2_000;

/// A page's bytes with what validates them.
#[derive(Debug, Clone)]
pub struct PageCopy {
    /// The page.
    pub content: Squeezable,
    /// Strong, made from the bytes.
    pub etag: String,
}

impl PageCopy {
    /// What validates the page as gzip: other bytes, another tag.
    pub fn squeezed_etag(&self) -> String {
        format!("{}-gzip\"", self.etag.trim_end_matches('"'))
    }
}

/// The pages kept in memory. A key names everything a page was made from, but for the team's facts.
#[derive(Debug, Default)]
pub struct KeptPages(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    kept: HashMap<String, Kept>,
    bytes: usize,
    turn: u64,
}

#[derive(Debug)]
struct Kept {
    facts: Arc<TeamFacts>,
    copy: PageCopy,
    used: u64,
}

impl KeptPages {
    /// The page of this key, made from these very facts.
    pub fn find(&self, key: &str, facts: &Arc<TeamFacts>) -> Option<PageCopy> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.turn += 1;
        let turn = pages.turn;
        let kept = pages.kept.get_mut(key).filter(|kept| Arc::ptr_eq(&kept.facts, facts))?;
        kept.used = turn;
        Some(kept.copy.clone())
    }

    /// Keeps a page; those not asked for longest go when there are too many.
    pub fn keep(&self, key: String, facts: &Arc<TeamFacts>, content: Bytes) -> PageCopy {
        let etag = format!("\"{}\"", HEXLOWER.encode(Sha256::digest(&content).get(..16).unwrap_or_default()));
        let copy = PageCopy { content: Squeezable::new(content), etag };
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.bytes += copy.content.most_bytes();
        let kept = Kept { facts: facts.clone(), copy: copy.clone(), used: pages.turn };
        if let Some(old) = pages.kept.insert(key, kept) {
            pages.bytes -= old.copy.content.most_bytes();
        }
        if pages.bytes > MOST_BYTES || pages.kept.len() > MOST {
            pages.forget_half();
        }
        copy
    }
}

impl Pages {
    /// Half at a time, so that this costs little for each page kept.
    fn forget_half(&mut self) {
        let mut turns: Vec<u64> = self.kept.values().map(|kept| kept.used).collect();
        turns.sort_unstable();
        let middle = turns.get(turns.len() / 2).copied().unwrap_or(0);
        self.kept.retain(|_, kept| kept.used > middle);
        self.bytes = self.kept.values().map(|kept| kept.copy.content.most_bytes()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::teams::{BookingMode, RuleSet, Team};

    fn facts() -> Arc<TeamFacts> {
        let team = Team {
            id: 1,
            slug: "coaches".into(),
            name: "Coaches".into(),
            description: String::new(),
            timezone: "UTC".into(),
            public: true,
            hidden: false,
            booking: BookingMode::Anyone,
            show_hosts: false,
            hosts_join: false,
            day_starts: 0,
            day_ends: 0,
            rules: RuleSet::default(),
            daily_cap: None,
            policy: Default::default(),
            notify_leads: false,
            notify_admins: false,
            version: 1,
            active: true,
            ..Team::default()
        };
        Arc::new(TeamFacts { team, types: Vec::new(), hosts: Vec::new() })
    }

    #[test]
    fn a_page_is_found_again_until_its_team_changes() {
        let (kept, facts, changed) = (KeptPages::default(), facts(), facts());
        let copy = kept.keep("a".into(), &facts, "page".into());
        assert_eq!(kept.find("a", &facts).map(|found| found.etag), Some(copy.etag));
        assert!(kept.find("a", &changed).is_none() && kept.find("b", &facts).is_none());
    }

    #[test]
    fn what_is_asked_for_stays_and_memory_is_bounded() {
        let (kept, facts) = (KeptPages::default(), facts());
        kept.keep("often".into(), &facts, vec![0; 1000].into());
        for number in 0..20_000 {
            assert!(kept.find("often", &facts).is_some(), "{number}");
            kept.keep(number.to_string(), &facts, vec![0; 10_000].into());
        }
        let pages = kept.0.lock().unwrap();
        assert!(pages.kept.len() <= MOST && pages.bytes <= MOST_BYTES + 20_000);
    }
}
