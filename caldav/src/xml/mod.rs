//! XML as WebDAV uses it: a bounded, namespace-aware reader and a writer that cannot emit forbidden characters.

pub mod name;
pub mod reader;
pub mod tree;
pub mod writer;

pub use name::{APPLE, CALDAV, CALENDARSERVER, DAV, QName};
pub use reader::{XmlError, parse};
pub use tree::{Content, Element};
pub use writer::Writer;
