//! The rules of an offer as they are kept in memory: most offers have none, and there may be very many of them.

use std::ops::Deref;

use crate::calendars::OfferRules;
use crate::teams::RuleSet;

/// An offer's own rules, read like [`OfferRules`]. Takes a pointer's room when there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnRules(Option<Box<OfferRules>>);

static NONE: OfferRules = OfferRules {
    rules: RuleSet { notice: None, buffer_before: None, buffer_after: None, booking_window: None },
    capacity: None,
    caps: crate::calendars::OfferCaps { most: None, per_day: None, per_week: None },
};

impl From<OfferRules> for OwnRules {
    fn from(rules: OfferRules) -> Self {
        Self((rules != NONE).then(|| Box::new(rules)))
    }
}

impl Deref for OwnRules {
    type Target = OfferRules;

    fn deref(&self) -> &OfferRules {
        self.0.as_deref().unwrap_or(&NONE)
    }
}
