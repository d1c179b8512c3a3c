//! Invitations and answers as messages between calendars: iTIP (RFC 5546) for events.
//!
//! Pure: bytes and values in, values out. Nothing here decides whether a message may be believed; whoever received
//! it compares the addresses in it with the authenticated sender first (RFC 6047 §2.2).

mod copy;
mod counter;
mod error;
mod event;
mod google;
mod merge;
mod message;
mod outgoing;
mod party;
mod reply;
mod respond;
mod revision;
mod schedule;

pub use crate::ical::series::Zones;
pub use counter::{Proposal, decline_counter};
pub use error::ItipError;
pub use event::{Attendee, Event, PartStat};
pub use google::google_base;
pub use merge::{Effect, Merged, merge};
pub use message::{ItipMessage, Method};
pub use party::{Party, mail_address};
pub use reply::Answer;
pub use respond::{Response, respond};
pub use schedule::{Outgoing, messages};

#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod scenarios;
