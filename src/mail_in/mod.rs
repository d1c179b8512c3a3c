//! Mail in: from a message's bytes to what it causes, once.
//!
//! A message comes by LMTP, IMAP or `openhour deliver` ([`lmtp`], [`imap`]), is read ([`received`]), is asked for whom it
//! is ([`addresses`]) and who really sent it ([`authentication`]), and is handed to the one handler that
//! [`dispatch`] has for it. What the handler causes commits in one transaction with the note that this message was
//! taken ([`once`]), so a mailbox may deliver as often as it likes.

mod about;
pub mod addresses;
pub mod asked;
pub mod authentication;
pub mod bounce;
pub mod dispatch;
pub mod floods;
mod handlers;
pub mod imap;
mod inbox;
pub mod lmtp;
mod mime;
pub mod once;
#[cfg(test)]
mod proofs;
pub mod received;
mod serve;

pub use about::about;
pub use inbox::{Inbox, Later, Opened};
pub use serve::{Ways, run};
