//! iCalendar objects (RFC 5545).
pub mod limits;
pub mod object;
mod parse;
pub mod text;
pub mod tree;
mod unfold;
mod write;
