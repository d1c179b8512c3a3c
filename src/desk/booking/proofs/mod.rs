//! What bookings promise, on both databases.

mod changes;
mod race;
mod refusals;
pub(super) mod scene;
mod wander;
