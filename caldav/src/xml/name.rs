//! Qualified names: namespace and local name, never a prefix.

/// RFC 4918 §14.
pub const DAV: &str = "DAV:";
/// RFC 4791 §4.
pub const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// The namespace of calendarserver.org: `getctag` and friends.
pub const CALENDARSERVER: &str = "http://calendarserver.org/ns/";
/// Apple's namespace for `calendar-color` and `calendar-order`.
pub const APPLE: &str = "http://apple.com/ns/ical/";
/// The namespace that the prefix `xml` is always bound to.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A namespace and a local name. Two names are equal when both parts are, whatever prefix a document used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QName {
    /// Namespace URI, empty for none.
    pub namespace: String,
    /// Local name.
    pub local: String,
}

impl QName {
    /// A name from its two parts.
    pub fn new(namespace: impl Into<String>, local: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), local: local.into() }
    }

    /// Whether this is that name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }

    /// Both parts, for a `match`.
    pub fn parts(&self) -> (&str, &str) {
        (&self.namespace, &self.local)
    }
}
