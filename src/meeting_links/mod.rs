//! Where a session's people meet. A link is made by a job before the invite goes out; when its service does not answer
//! for too long, the invite goes out with another link and is updated later.

mod google;
mod jitsi;
mod job;
mod later;
mod template;

use std::future::Future;
use std::pin::Pin;

pub use google::Google;
pub use jitsi::Jitsi;
pub use job::carry_out;
pub use later::carry_out_later;
pub use template::Template;

use crate::booking::{Room, Session};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::desk::Desk;

/// The session a link is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// UID of the session: the same session gets the same link, however often it is asked for.
    pub uid: String,
    /// An unguessable word that belongs to the session, lower-case letters and digits.
    pub room: String,
    /// What kind of session it is.
    pub type_id: crate::teams::TypeId,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
}

impl Request {
    fn of(desk: &Desk, session: &Session) -> Self {
        Self {
            room: desk.keys.derive("room", session.id, 0, 0),
            uid: session.uid.clone(),
            type_id: session.type_id,
            starts: session.starts,
            ends: session.ends,
        }
    }
}

/// Why there is no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Worth another try later.
    #[error("{reason}")]
    Later {
        /// What went wrong.
        reason: String,
        /// How long to wait, where somebody said so, seconds.
        wait: Option<i64>,
    },
    /// It will not get better by itself: a wrong setting, an account that may not. In words for an administrator.
    #[error("{0}")]
    Never(String),
}

impl LinkError {
    fn later(reason: impl Into<String>) -> Self {
        Self::Later { reason: reason.into(), wait: None }
    }
}

/// The answer of a [`MeetingLinks`], some time later.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Room, LinkError>> + Send + 'a>>;

/// A service that makes links.
pub trait MeetingLinks: Send + Sync {
    /// The room in which the session takes place. Asking twice for one session makes one room, as far as the service
    /// lets us; whatever it makes twice, only one link is ever kept.
    fn create<'a>(&'a self, request: &'a Request) -> Answer<'a>;

    /// A link for when [`MeetingLinks::create`] fails for too long; `None`: this service does not fail for long.
    fn stopgap(&self, request: &Request) -> Option<String>;
}

/// A service whose rooms exist by being opened, so that nobody needs to be asked.
trait OpenRooms: Send + Sync {
    /// The address of the session's room.
    fn link(&self, request: &Request) -> String;
}

impl<T: OpenRooms> MeetingLinks for T {
    fn create<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(async move { Ok(Room { link: self.link(request), space: None }) })
    }

    fn stopgap(&self, _: &Request) -> Option<String> {
        None
    }
}

/// The service that the settings name.
///
/// # Errors
/// Why its client cannot be made.
pub fn configured(config: &Config, clock: &Clock) -> Result<Box<dyn MeetingLinks>, String> {
    Ok(match &config.meeting_links {
        config::MeetingLinks::Jitsi(base) => Box::new(Jitsi::new(base)),
        config::MeetingLinks::Template(pattern) => Box::new(Template::new(pattern)),
        config::MeetingLinks::Google(meet) => Box::new(Google::new(meet, clock.clone())?),
    })
}
