//! `principal-search-property-set`: the properties one may search by. RFC 3744 §9.5.

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::element::multistatus::xml;
use crate::xml::{CALDAV, CALENDARSERVER, DAV, Writer};

const SEARCHABLE: [(&str, &str, &str); 3] = [
    (DAV, "displayname", "Name"),
    (CALENDARSERVER, "email-address-set", "Email address"),
    (CALDAV, "calendar-user-address-set", "Calendar address"),
];

/// Answers with the list.
pub fn respond() -> Response<Bytes> {
    let mut writer = Writer::document(DAV, "principal-search-property-set");
    for (namespace, local, description) in SEARCHABLE {
        writer.element(DAV, "principal-search-property", |writer| {
            writer.element(DAV, "prop", |writer| writer.empty(namespace, local));
            writer.element_with(DAV, "description", &[("xml:lang", "en")], |writer| writer.text(description));
        });
    }
    xml(StatusCode::OK, writer.end_document(DAV, "principal-search-property-set"))
}
