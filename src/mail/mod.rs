//! Mail: composed once per recipient, kept, sent by SMTP or captured.
//!
//! What was composed is stored before the first attempt and every retry sends the same bytes, so a mail that arrives
//! twice (only possible after a lost last reply) is recognisable by its Message-ID.

mod about;
mod address;
mod calendar;
pub mod captured;
mod compose;
mod deciding;
#[cfg(test)]
mod delivery;
mod dkim;
#[cfg(test)]
mod golden;
mod next_server;
mod outgoing;
mod parked;
mod parts;
mod password;
mod reminder;
#[cfg(test)]
mod reminding;
mod robot;
mod samples;
#[cfg(test)]
pub(crate) mod scripted_server;
mod sender;
mod sign_in;
mod slips;
mod slots;
mod store;
mod undelivered;
mod welcome;

pub use about::about;
pub use compose::{Envelope, Refused, compose};
pub use outgoing::carry_out;
pub use parts::{Parts, parts};
pub use samples::{Sample, sample, samples};
pub use sender::{Mailer, SendError};
pub use undelivered::{Told, undelivered};
