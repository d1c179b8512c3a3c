//! RFC preconditions: which element and status a refusal answers with. RFC 4791 §1.3, RFC 4918 §16.

use http::StatusCode;

use crate::site::{Path, Site};
use crate::xml::{CALDAV, DAV, Writer};

/// A named precondition or postcondition of the DAV RFCs, or one of the host program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// RFC 4791 §5.3.2.1: another member has this UID; its name.
    NoUidConflict(String),
    /// RFC 4791 §5.3.2.1.
    SupportedCalendarComponent,
    /// RFC 4791 §5.3.2.1: the body is not iCalendar.
    ValidCalendarData,
    /// RFC 4791 §5.3.2.1: iCalendar, but not one calendar object (two UIDs, a METHOD, no UID ...).
    ValidCalendarObjectResource,
    /// RFC 4791 §5.3.2.1: the body has a media type other than `text/calendar`.
    SupportedCalendarData,
    /// RFC 4791 §5.3.2.1: more bytes than `CALDAV:max-resource-size`.
    MaxResourceSize,
    /// RFC 4791 §5.3.2.1: more recurrence instances than the server expands.
    MaxInstances,
    /// RFC 4791 §5.3.2.1: more attendees than the server accepts.
    MaxAttendeesPerInstance,
    /// RFC 4791 §5.3.2.1: a time before the first that is supported.
    MinDateTime,
    /// RFC 4791 §5.3.2.1: a time after the last that is supported.
    MaxDateTime,
    /// RFC 4791 §5.3.1.1: no calendar may be made at this place.
    CalendarCollectionLocationOk,
    /// RFC 4791 §5.3.2.1, §7.8: the filter is not one of §9.7.
    ValidFilter,
    /// RFC 4791 §7.8: the filter asks for something this server cannot test.
    SupportedFilter,
    /// RFC 4791 §7.5.1: an unknown text collation.
    SupportedCollation,
    /// RFC 3744 §7.1.1.
    NeedPrivileges,
    /// RFC 4918 §16: PROPPATCH of a property that the server computes.
    CannotModifyProtectedProperty,
    /// RFC 4918 §16: PROPFIND with `Depth: infinity`.
    PropfindFiniteDepth,
    /// RFC 4918 §16, RFC 4791 §5.3.1.1: something is there already (405).
    ResourceMustBeNull,
    /// RFC 5689 §3.1: MKCOL asked for a kind of collection that cannot be made.
    ValidResourcetype,
    /// RFC 3253 §3.6: no such REPORT here.
    SupportedReport,
    /// RFC 6578 §3.2: the token is unknown or too old; list again.
    ValidSyncToken,
    /// RFC 6578 §3.2: only `sync-level` 1.
    SyncTraversalSupported,
    /// RFC 6578 §3.6, RFC 4791 §7.8: the answer was cut (507).
    NumberOfMatchesWithinLimits,
    /// RFC 4918 §16: the body refers to entities outside of it.
    NoExternalEntities,
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

impl Precondition {
    /// The status of the answer: 403 where repeating the request will never help, 409 where the user may resolve it.
    pub fn status(&self) -> StatusCode {
        self.answer().0
    }

    /// Namespace and local name of the element inside `DAV:error`.
    pub fn name(&self) -> (&str, &str) {
        let (_, namespace, local) = self.answer();
        (namespace, local)
    }

    fn answer(&self) -> (StatusCode, &str, &str) {
        const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
        match self {
            Self::NoUidConflict(_) => (StatusCode::CONFLICT, CALDAV, "no-uid-conflict"),
            Self::SupportedCalendarComponent => (FORBIDDEN, CALDAV, "supported-calendar-component"),
            Self::ValidCalendarData => (FORBIDDEN, CALDAV, "valid-calendar-data"),
            Self::ValidCalendarObjectResource => (FORBIDDEN, CALDAV, "valid-calendar-object-resource"),
            Self::SupportedCalendarData => (FORBIDDEN, CALDAV, "supported-calendar-data"),
            Self::MaxResourceSize => (FORBIDDEN, CALDAV, "max-resource-size"),
            Self::MaxInstances => (FORBIDDEN, CALDAV, "max-instances"),
            Self::MaxAttendeesPerInstance => (FORBIDDEN, CALDAV, "max-attendees-per-instance"),
            Self::MinDateTime => (FORBIDDEN, CALDAV, "min-date-time"),
            Self::MaxDateTime => (FORBIDDEN, CALDAV, "max-date-time"),
            Self::CalendarCollectionLocationOk => (FORBIDDEN, CALDAV, "calendar-collection-location-ok"),
            Self::ValidFilter => (FORBIDDEN, CALDAV, "valid-filter"),
            Self::SupportedFilter => (FORBIDDEN, CALDAV, "supported-filter"),
            Self::SupportedCollation => (FORBIDDEN, CALDAV, "supported-collation"),
            Self::NeedPrivileges => (FORBIDDEN, DAV, "need-privileges"),
            Self::CannotModifyProtectedProperty => (FORBIDDEN, DAV, "cannot-modify-protected-property"),
            Self::PropfindFiniteDepth => (FORBIDDEN, DAV, "propfind-finite-depth"),
            Self::ResourceMustBeNull => (StatusCode::METHOD_NOT_ALLOWED, DAV, "resource-must-be-null"),
            Self::ValidResourcetype => (FORBIDDEN, DAV, "valid-resourcetype"),
            Self::SupportedReport => (FORBIDDEN, DAV, "supported-report"),
            Self::ValidSyncToken => (FORBIDDEN, DAV, "valid-sync-token"),
            Self::SyncTraversalSupported => (FORBIDDEN, DAV, "sync-traversal-supported"),
            Self::NumberOfMatchesWithinLimits => {
                (StatusCode::INSUFFICIENT_STORAGE, DAV, "number-of-matches-within-limits")
            }
            Self::NoExternalEntities => (FORBIDDEN, DAV, "no-external-entities"),
            Self::Host { namespace, local, .. } => (FORBIDDEN, namespace, local),
        }
    }

    /// Writes the element that stands inside `DAV:error`. `at` is the resource the request named.
    pub fn write(&self, site: &Site, at: &Path, writer: &mut Writer) {
        let (namespace, local) = self.name();
        match self {
            Self::NoUidConflict(name) => writer.element(namespace, local, |writer| {
                if let Path::Member(owner, collection, _) = at {
                    writer.leaf(DAV, "href", &site.member(owner, collection, name));
                }
            }),
            Self::NeedPrivileges => writer.element(namespace, local, |writer| {
                writer.element(DAV, "resource", |writer| {
                    writer.leaf(DAV, "href", &site.href(at));
                    writer.element(DAV, "privilege", |writer| writer.empty(DAV, "write"));
                });
            }),
            _ => writer.empty(namespace, local),
        }
    }

    /// A sentence for people, if there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Host { text, .. } if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(precondition: &Precondition) -> String {
        let mut writer = Writer::document(DAV, "error");
        let at = Path::Member("ada@example.org".into(), "work".into(), "new.ics".into());
        precondition.write(&Site::new("/dav/"), &at, &mut writer);
        writer.end_document(DAV, "error")
    }

    #[test]
    fn a_uid_conflict_names_the_other_resource() {
        let conflict = Precondition::NoUidConflict("old one.ics".into());
        assert_eq!(conflict.status(), StatusCode::CONFLICT);
        assert!(written(&conflict).contains("<D:href>/dav/calendars/ada@example.org/work/old%20one.ics</D:href>"));
    }

    #[test]
    fn a_host_precondition_stands_in_its_own_namespace() {
        let taken = Precondition::Host { namespace: "urn:x".into(), local: "slot-taken".into(), text: "Taken.".into() };
        assert!(written(&taken).contains("<x:slot-taken xmlns:x=\"urn:x\"/>"));
        assert_eq!((taken.status(), taken.text()), (StatusCode::FORBIDDEN, Some("Taken.")));
    }
}
