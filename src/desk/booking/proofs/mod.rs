//! What bookings promise, on both databases.

mod calendar_app;
mod changes;
mod conduct;
mod grace;
mod race;
mod refusals;
pub(super) mod scene;
mod wander;
