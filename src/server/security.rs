//! Header fields that every answer carries. A handler that set one of them itself knows better.

use http::header::{self, HeaderName};
use http::{HeaderValue, StatusCode};

use crate::surface::Answer;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Adds what protects the reader's browser. What it has already keeps the fields it came with (RFC 9110 §15.4.5).
pub(super) fn protect(answer: &mut Answer, https: bool) {
    if answer.status() == StatusCode::NOT_MODIFIED {
        return;
    }
    let is_page =
        answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let mut add = |name: HeaderName, value: &'static str| {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::CONTENT_SECURITY_POLICY, POLICY);
    add(header::REFERRER_POLICY, "same-origin");
    add(OPENER_POLICY, "same-origin");
    if is_page {
        add(header::CACHE_CONTROL, "no-store");
    }
    if https {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// Marks an answer to HEAD: the fields of GET, no content.
pub(super) fn without_content(mut answer: Answer) -> Answer {
    let length = answer.body().len();
    if answer.status() != StatusCode::NOT_MODIFIED && answer.status() != StatusCode::NO_CONTENT {
        answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    answer.body_mut().clear();
    answer
}
