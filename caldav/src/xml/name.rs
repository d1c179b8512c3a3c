//! Qualified names: namespace and local name, never a prefix.

/// A namespace and a local name. Two names are equal when both parts are, whatever prefix a document used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QName {
    /// Namespace URI, empty for none.
    pub namespace: String,
    /// Local name.
    pub local: String,
}
