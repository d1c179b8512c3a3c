//! Request and response headers of HTTP and WebDAV, one a file.

pub mod conditional;
pub mod date;
pub mod depth;
pub mod destination;
pub mod media_type;
pub mod overwrite;
pub mod prefer;

pub use conditional::conditions;
pub use depth::Depth;
pub use prefer::Prefer;

/// A header that was given and cannot be understood (400).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The {0} header cannot be read.")]
pub struct BadHeader(pub &'static str);
