//! Where a session's people meet. A link is made by a job before the invite goes out.

mod jitsi;
mod job;
mod template;

use std::future::Future;
use std::pin::Pin;

pub use jitsi::Jitsi;
pub use job::carry_out;
pub use template::Template;

use crate::config::{self, Config};

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

/// Why there is no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Worth another try later.
    #[error("{0}")]
    Later(String),
    /// It will not get better by itself: a wrong setting, an account that may not.
    #[error("{0}")]
    Never(String),
}

/// The answer of a [`MeetingLinks`], some time later.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<String, LinkError>> + Send + 'a>>;

/// A service that makes links.
pub trait MeetingLinks: Send + Sync {
    /// The address at which the session takes place. Asking twice for one session makes one room.
    fn create<'a>(&'a self, request: &'a Request) -> Answer<'a>;
}

/// The service that the settings name.
pub fn configured(config: &Config) -> Box<dyn MeetingLinks> {
    match &config.meeting_links {
        config::MeetingLinks::Jitsi(base) => Box::new(Jitsi::new(base)),
        config::MeetingLinks::Template(pattern) => Box::new(Template::new(pattern)),
    }
}
