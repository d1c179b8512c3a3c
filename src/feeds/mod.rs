//! Feeds that calendar apps subscribe to.

mod answer;
mod open_slots;
mod own_sessions;
mod personal;
mod writer;

pub use answer::open;
pub use personal::{open as own_open, sessions as own_sessions};
