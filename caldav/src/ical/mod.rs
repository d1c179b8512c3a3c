//! iCalendar objects (RFC 5545).
pub mod object;
pub mod tree;
