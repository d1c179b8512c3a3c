//! Collections, calendar objects, their changes, and the occurrence index that is derived from them.
//!
//! Objects are kept byte for byte. What counts for slots (offers and busy times) is listed in `occurrences`, a function
//! of an object's bytes, its [`Setting`] and the time it is listed up to: it can be rebuilt at any time.

pub mod about;
pub mod changes;
pub mod check;
pub mod collections;
pub mod fill;
pub mod horizon;
mod listing;
mod near_miss;
pub mod objects;
pub mod occurrences;
mod offer;
mod offer_rules;
pub mod own_event;
mod refusal;
pub mod reindex;
mod relist;
mod rule_words;
pub mod session_rewrite;
pub mod sessions;
pub mod setting;
mod slips;

pub use listing::{Listing, Row, in_the_background, is_listed, list, listing_end};
pub use near_miss::{Misses, near_miss, near_misses};
pub use occurrences::OccurrenceRow;
pub use offer::{OfferWords, Offered, Scope};
pub use offer_rules::{Described, OfferCaps, OfferRules, Slip, Wrong};
pub use refusal::{NAMESPACE, Refusal, too_many_objects};
pub(crate) use relist::{push_rows, rows_of};
pub use setting::{Kind, Setting};
pub use slips::{slips_in, slips_of};

/// Key of a collection.
pub type CollectionId = i64;
/// Key of a calendar object.
pub type ObjectId = i64;
