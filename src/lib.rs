//! Openhour: turns the calendar people already use into a booking system.
//!
//! `docs/ARCHITECTURE.md` tells how a request flows through these folders. Lower ones know nothing of those above.

pub mod clock;
pub mod db;
pub mod jobs;
