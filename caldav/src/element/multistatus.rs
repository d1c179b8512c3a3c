//! `DAV:multistatus`. RFC 4918 §14.16.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use crate::precondition::Precondition;
use crate::site::{Path, Site};
use crate::xml::{DAV, Writer};

/// Largest answer that is built.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// A growing list of `DAV:response` elements.
#[derive(Debug)]
pub struct Multistatus {
    writer: Writer,
}

impl Multistatus {
    /// An empty list.
    pub fn new() -> Self {
        Self { writer: Writer::document(DAV, "multistatus") }
    }

    /// Whether the answer is larger than [`MAX_BYTES`].
    pub fn is_full(&self) -> bool {
        self.writer.len() > MAX_BYTES
    }

    /// A mark for [`Multistatus::rewind`].
    pub fn mark(&self) -> usize {
        self.writer.len()
    }

    /// Takes back all responses after the mark.
    pub fn rewind(&mut self, mark: usize) {
        self.writer.rewind(mark);
    }

    /// A response whose content after the href is written by `inside`. RFC 4918 §14.24.
    pub fn response(&mut self, href: &str, inside: impl FnOnce(&mut Writer)) {
        self.writer.element(DAV, "response", |writer| {
            writer.leaf(DAV, "href", href);
            inside(writer);
        });
    }

    /// A response that is a status only.
    pub fn status(&mut self, href: &str, status: StatusCode) {
        self.response(href, |writer| status_line(status, writer));
    }

    /// A response that is the status and element of a precondition.
    pub fn refusal(&mut self, href: &str, precondition: &Precondition, site: &Site, at: &Path) {
        self.response(href, |writer| {
            status_line(precondition.status(), writer);
            writer.element(DAV, "error", |writer| precondition.write(site, at, writer));
        });
    }

    /// The 207, with the next token where the request was for one. RFC 6578 §6.4.
    pub fn finish(mut self, sync_token: Option<&str>) -> Response<Bytes> {
        if let Some(token) = sync_token {
            self.writer.leaf(DAV, "sync-token", token);
        }
        xml(StatusCode::MULTI_STATUS, self.writer.end_document(DAV, "multistatus"))
    }
}

impl Default for Multistatus {
    fn default() -> Self {
        Self::new()
    }
}

/// `DAV:status`. RFC 4918 §14.28.
pub fn status_line(status: StatusCode, writer: &mut Writer) {
    let reason = status.canonical_reason().unwrap_or("");
    writer.leaf(DAV, "status", &format!("HTTP/1.1 {} {reason}", status.as_u16()));
}

/// A response with an XML body.
pub fn xml(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/xml; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
