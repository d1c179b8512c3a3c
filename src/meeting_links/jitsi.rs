//! Jitsi Meet: a room exists as soon as somebody opens its address; no account is needed.

use super::{OpenRooms, Request};

/// Rooms on one Jitsi server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jitsi {
    base: String,
}

impl Jitsi {
    /// Rooms below this address, such as `https://meet.jit.si`.
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }
}

impl OpenRooms for Jitsi {
    fn link(&self, request: &Request) -> String {
        // The prefix keeps a room from being mistaken for one of the server's own pages.
        format!("{}/openhour-{}", self.base, request.room)
    }
}
