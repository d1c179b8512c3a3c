//! RFC preconditions: which element and status a refusal answers with.

/// A named precondition or postcondition of the DAV RFCs, or one of the host program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// RFC 4791 §5.3.2.1: another member has this UID; its name.
    NoUidConflict(String),
    /// RFC 4791 §5.3.2.1.
    SupportedCalendarComponent,
    /// RFC 3744 §7.1.1.
    NeedPrivileges,
    /// One in the host program's namespace (403).
    Host {
        /// Namespace URI.
        namespace: String,
        /// Local name of the element.
        local: String,
        /// A sentence for people, shown in `DAV:responsedescription`.
        text: String,
    },
}
