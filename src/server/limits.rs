//! How much and how long: the bounds of everything that arrives.

use std::time::Duration;

/// Connections at the same time; more wait in the kernel's queue.
pub(super) const CONNECTIONS: usize = 4096;
/// Request line and header fields together.
pub(super) const HEADERS: usize = 16 * 1024;
/// A new connection must say something in this time, a request's header be complete, an idle connection ask again.
pub(super) const HEADER_TIME: Duration = Duration::from_secs(10);
/// A body must have arrived in this time.
pub(super) const BODY_TIME: Duration = Duration::from_secs(30);
/// A client that takes nothing of its answer for this long is gone.
pub(super) const WRITE_STALL: Duration = Duration::from_secs(30);
/// Requests in progress have this long to finish at shutdown.
pub(super) const SHUTDOWN: Duration = Duration::from_secs(10);
/// Pause after a failed accept (no file handles left, mostly).
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// A refused body is read on for this much and this long, so that the client gets to see the answer.
pub(super) const DRAIN: usize = 4 * 1024 * 1024;
/// See [`DRAIN`].
pub(super) const DRAIN_TIME: Duration = Duration::from_secs(2);

/// No body is wanted.
pub(super) const NONE: usize = 0;
/// Forms and JSON.
pub(super) const FORM: usize = 64 * 1024;
/// A picture, and the form around it.
pub(super) const PICTURE: usize = 1024 * 1024 + 16 * 1024;
/// CalDAV's XML.
pub(super) const XML: usize = 256 * 1024;
/// A calendar object.
pub(super) const OBJECT: usize = 1024 * 1024;
