//! Calendars by secret address (CN-3): Google's secret iCal address, Outlook's published calendar, any other.
//!
//! A host gives the address; it is read every quarter of an hour, and what stands there becomes objects of a calendar of
//! theirs that nobody else writes to. From there on the way is that of every calendar. Of events that offer nothing only
//! the times are kept.

mod about;
mod add;
mod contents;
mod event;
mod lease;
mod poll;
mod problem;
#[cfg(test)]
mod proofs;
mod provider;
mod record;
mod rows;
mod run;
mod verdict;

pub use about::about;
pub use add::{Add, AddRefused, CheckNow, Checked, MOST, Remove, SetUse, add, check_now};
pub use poll::{read_in_time, read_now};
pub use problem::Problem;
pub use provider::Provider;
pub use record::is_told_for_nothing;
pub use rows::{Source, check, of_person, one};
pub use run::run;

/// Key of a calendar by address.
pub type SourceId = i64;

/// What addresses are sealed for.
const SEALED: &str = "calendar address";
