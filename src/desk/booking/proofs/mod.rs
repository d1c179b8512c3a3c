//! What bookings promise, on both databases.

mod calendar_app;
mod changes;
mod conduct;
mod deciding;
mod grace;
mod race;
mod refusals;
mod reminders;
pub(super) mod scene;
mod wander;
