//! Which handler takes which message: one table.
//!
//! A handler is a file in `handlers/` and a row of [`HANDLERS`]. It has two halves: *preparing* reads what it needs and
//! does all parsing and thinking, outside any transaction; the [`Consequence`] it gives back writes, in the transaction
//! that also records that the message was taken, and may be run again.

use std::future::Future;
use std::pin::Pin;

use super::addresses::{Address, Kind};
use super::authentication::Verdict;
use super::handlers;
use super::received::Received;
use crate::db::{AsDbError, DbError, Tx};
use crate::desk::Desk;
use crate::people;

/// What a handler gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The message.
    pub received: Received,
    /// The one of our addresses this is about; a message to two of them comes twice.
    pub to: Address,
    /// That address as it was written, lower case.
    pub recipient: String,
    /// Who sent it.
    pub verdict: Verdict,
    /// When it came, UTC seconds.
    pub now: i64,
}

impl Incoming {
    /// Whether an answer may be mailed at all: to no null sender, no program's answer, no list, never to ourselves
    /// (RFC 3834 §2), and never to a REPLY. Google marks requests as automatic; those are answered.
    pub fn may_be_answered(&self) -> bool {
        let method = self.received.calendar.as_ref().and_then(|calendar| calendar.method.as_deref());
        let is_request = matches!(method, Some("REQUEST" | "CANCEL" | "COUNTER" | "REFRESH"));
        let null = self.received.envelope_from.as_deref() == Some("");
        self.received.from.is_some()
            && self.received.bounce.is_none()
            && method != Some("REPLY")
            && (is_request || !(self.received.automatic || null))
    }
}

/// What a message brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A report of a failed delivery.
    Bounce,
    /// A calendar part with this METHOD.
    Method(&'static str),
    /// A calendar part without METHOD, or with one that no row names.
    Calendar,
    /// Text only.
    Text,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// One word for the log: `done`, `refused`, `ignored`, `unknown`.
    pub word: &'static str,
    /// Why, for the administrator; no tokens, no text of the message.
    pub reason: String,
}

impl Outcome {
    /// It had its effect.
    pub fn done(reason: impl Into<String>) -> Self {
        Self { word: "done", reason: reason.into() }
    }

    /// It was understood, and answered with a no.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self { word: "refused", reason: reason.into() }
    }

    /// It was understood, and deserves neither effect nor answer.
    pub fn ignored(reason: impl Into<String>) -> Self {
        Self { word: "ignored", reason: reason.into() }
    }
}

/// Why a consequence is taken back: nothing that it wrote stays.
pub enum Stop {
    /// The database's failure.
    Db(DbError),
    /// Another consequence takes its place: what a refusal causes.
    Instead(Box<dyn Consequence>),
    /// The message is to come again later.
    Later(&'static str),
    /// What the consequence was prepared from has changed meanwhile: prepare it again.
    Again,
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for Stop {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::Instead(_) | Self::Later(_) | Self::Again => None,
        }
    }
}

/// What running a consequence gives.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Outcome, Stop>> + Send + 'a>>;

/// What a message causes, ready to be written. Runs in the transaction that records the message; may run again, so it
/// only reads itself. A prepared [`crate::db::Command`] can be run inside: `command.run(tx)`.
pub trait Consequence: Send + Sync + 'static {
    /// Writes.
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a>;
}

/// Nothing but this outcome.
impl Consequence for Outcome {
    fn run<'a>(&'a self, _: &'a mut Tx) -> Running<'a> {
        Box::pin(async { Ok(self.clone()) })
    }
}

/// What preparing gives.
pub type Preparing<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Consequence>, DbError>> + Send + 'a>>;

/// The first half of a handler.
pub type Handler = for<'a> fn(&'a Desk, &'a Incoming) -> Preparing<'a>;

/// Where a row applies.
enum To {
    /// At any of our addresses.
    Any,
    /// At addresses of this kind.
    Only(Kind),
}

/// The handlers; the first row that fits takes the message.
const HANDLERS: &[(To, What, Handler)] = &[
    (To::Any, What::Bounce, handlers::undelivered::prepare),
    (To::Only(Kind::Reply), What::Method("REPLY"), handlers::replies::prepare),
    (To::Only(Kind::Reply), What::Method("COUNTER"), handlers::replies::prepare),
    (To::Only(Kind::Slot), What::Method("REPLY"), handlers::replies::prepare),
    (To::Only(Kind::Slot), What::Method("COUNTER"), handlers::replies::prepare),
    (To::Only(Kind::Robot), What::Method("REQUEST"), handlers::robot::prepare),
    (To::Only(Kind::Robot), What::Method("CANCEL"), handlers::robot::prepare),
    (To::Only(Kind::Robot), What::Method("ADD"), handlers::robot::prepare),
    (To::Only(Kind::Robot), What::Method("PUBLISH"), handlers::robot::prepare),
    (To::Only(Kind::Robot), What::Calendar, handlers::robot::prepare),
    (To::Only(Kind::Robot), What::Text, handlers::robot::prepare),
];

/// What a message brings.
pub fn what(received: &Received) -> What {
    if received.bounce.is_some() {
        return What::Bounce;
    }
    let Some(calendar) = &received.calendar else { return What::Text };
    let method = calendar.method.as_deref();
    // RFC 5546 §1.4.
    let known = ["REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "PUBLISH", "ADD"];
    known.into_iter().find(|known| method == Some(known)).map_or(What::Calendar, What::Method)
}

/// What a message causes.
///
/// # Errors
/// The database's.
pub async fn dispatch(desk: &Desk, incoming: &Incoming) -> Result<Box<dyn Consequence>, DbError> {
    let what = what(&incoming.received);
    if let Some(from) = &incoming.received.from
        && people::by_email(&mut desk.db.read().await?, from).await?.is_some_and(|person| person.banned)
        && what != What::Bounce
    {
        return Ok(Box::new(Outcome::ignored("its sender is banned")));
    }
    if incoming.received.automatic && what == What::Text {
        return Ok(Box::new(Outcome::ignored("an automatic answer without a calendar part")));
    }
    let kind = incoming.to.kind();
    let fits = |to: &To| match to {
        To::Any => true,
        To::Only(only) => *only == kind,
    };
    match HANDLERS.iter().find(|(to, brings, _)| fits(to) && *brings == what) {
        Some((_, _, handler)) => handler(desk, incoming).await,
        None => Ok(Box::new(Outcome { word: "unknown", reason: "not understood yet".into() })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail_in::received::{Envelope, read};

    fn incoming(text: &str) -> Incoming {
        Incoming {
            received: read(text.as_bytes(), &Envelope::default()).unwrap(),
            to: Address::Robot,
            recipient: "available@book.example.org".into(),
            verdict: Verdict::Unauthenticated,
            now: 0,
        }
    }

    #[test]
    fn a_message_is_known_by_what_it_brings() {
        let calendar = |method: &str| {
            let text =
                format!("From: a@example.org\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:{method}\n");
            what(&incoming(&text).received)
        };
        assert_eq!(calendar("reply"), What::Method("REPLY"));
        assert_eq!(calendar("DECLINECOUNTER"), What::Method("DECLINECOUNTER"));
        assert_eq!(calendar("SOMETHING"), What::Calendar);
        assert_eq!(what(&incoming("From: a@example.org\n\nhello").received), What::Text);
    }

    #[test]
    fn no_loop_is_answered() {
        let may = |text: &str| incoming(text).may_be_answered();
        let request = "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n";
        let reply = "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n";
        assert!(may("From: a@example.org\n\nhello"));
        assert!(may(&format!("From: a@example.org\nAuto-Submitted: auto-generated\n{request}")));
        assert!(!may(&format!("From: a@example.org\n{reply}")));
        assert!(!may("From: a@example.org\nAuto-Submitted: auto-replied\n\nI am away"));
        assert!(!may("From: a@example.org\nList-Id: <x.example.org>\n\nhello"));
        assert!(!may("Return-Path: <>\nFrom: a@example.org\n\nhello"));
        assert!(!may("From: a@example.org, b@example.org\n\nhello"));
    }
}
