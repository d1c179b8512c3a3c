//! OPTIONS. RFC 4918 §9, §10.1; RFC 4791 §5.1.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::{allowed, failure};
use crate::site::Path;

/// What this crate implements: RFC 4918 classes 1 and 3, RFC 4791, RFC 5689.
const DAV: &str = "1, 3, calendar-access, extended-mkcol";

/// `DAV` and `Allow` for an OPTIONS request that is answered without knowing who asks.
pub fn options_headers() -> HeaderMap {
    let every = "OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT, MKCALENDAR, MKCOL";
    HeaderMap::from_iter([
        (HeaderName::from_static("dav"), HeaderValue::from_static(DAV)),
        (header::ALLOW, HeaderValue::from_static(every)),
    ])
}

/// Answers for any path, whether something is there or not: clients probe before they create.
pub fn respond(path: &Path) -> Response<Bytes> {
    let mut response = failure::empty(StatusCode::OK);
    response.headers_mut().insert(HeaderName::from_static("dav"), HeaderValue::from_static(DAV));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed(path)));
    response
}
