//! What bookings promise, on both databases.

mod changes;
mod race;
mod refusals;
mod scene;
