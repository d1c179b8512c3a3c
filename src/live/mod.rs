//! Live updates: tells open pages over WebSocket which slots closed and which opened.
//!
//! One watcher per team with listeners waits for commits and for the clock, works out once what changed, and the same
//! text goes to all. Messages say how things are, not what happened, so hearing one twice does no harm: whoever comes
//! back names the version they know and gets everything since, from a bounded memory, or is told to reload.

mod allowed_origin;
mod difference;
mod door;
mod hub;
mod limits;
mod places;
mod recent;
mod socket;
mod watcher;

pub use door::{Topic, enter};
pub use hub::Hub;
