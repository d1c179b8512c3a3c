//! What calendars were last seen to be set to, so that a write need not ask for it first. A guess: the write compares
//! inside its transaction, and asks when it was wrong.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::calendars::Setting;
use crate::people::PersonId;

/// Calendars remembered at most; then all are forgotten.
const MOST: usize = 4_000;
/// Longest `calendar-timezone` remembered, in bytes.
const LONGEST_ZONE: usize = 4_096;

/// The settings, by owner and name of the calendar.
#[derive(Debug, Default)]
pub(super) struct KnownSettings(Mutex<HashMap<(PersonId, String), Setting>>);

impl KnownSettings {
    /// What it was.
    pub(super) fn of(&self, owner: PersonId, calendar: &str) -> Option<Setting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(owner, calendar.to_owned())).cloned()
    }

    /// It is this now.
    pub(super) fn remember(&self, owner: PersonId, calendar: &str, setting: &Setting) {
        if setting.calendar_zone.as_ref().is_some_and(|zone| zone.len() > LONGEST_ZONE) {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((owner, calendar.to_owned()), setting.clone());
    }

    /// It is not that any more.
    pub(super) fn forget(&self, owner: PersonId, calendar: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(owner, calendar.to_owned()));
    }
}
