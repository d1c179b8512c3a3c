//! Feeds that calendar apps subscribe to.

mod answer;
mod open_slots;
mod writer;

pub use answer::open;
