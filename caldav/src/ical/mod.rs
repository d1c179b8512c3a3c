//! iCalendar objects (RFC 5545).
pub mod budget;
pub mod expand;
pub mod limits;
pub mod object;
mod parse;
pub mod recurrence;
mod rule;
mod series;
pub mod text;
pub mod time;
pub mod tree;
mod unfold;
mod validate;
mod validate_times;
pub mod vtimezone;
mod write;
pub mod zone;
mod zone_names;
