//! HTTP methods, one a file, and the one table that leads to them. RFC 4918 §9, RFC 4791 §5.3, RFC 5689.

pub mod delete;
pub mod exchange;
pub mod failure;
pub mod found;
pub mod get;
pub mod mkcalendar;
pub mod options;
pub mod propfind;
pub mod proppatch;
pub mod put;
pub mod report;
pub mod transfer;

pub use failure::Cause;
pub use options::options_headers;

use bytes::Bytes;
use http::{Request, Response};

use crate::site::{Path, Site};
use crate::store::Store;
use exchange::Exchange;
use failure::Failure;

/// Answers one request of `caller`, who is signed in (lower-case address).
///
/// Never fails: whatever goes wrong is a response. Where the store itself failed, the response is a 500 that carries
/// the cause as a [`Cause`] among its extensions, for the host program's log.
pub async fn handle<S: Store>(store: &S, site: &Site, caller: &str, request: Request<Bytes>) -> Response<Bytes> {
    let Some(path) = site.parse(request.uri().path()) else { return failure::not_found() };
    // What belongs to somebody else is as if it did not exist.
    if path.owner().is_some_and(|owner| owner != caller) {
        return failure::not_found();
    }
    let (head, body) = request.into_parts();
    let exchange = Exchange::new(store, site, caller, path, head, body);
    match dispatch(&exchange).await {
        Ok(response) => response,
        Err(failure) => failure.response(site, &exchange.path),
    }
}

async fn dispatch<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    match exchange.method() {
        "OPTIONS" => Ok(options::respond(&exchange.path)),
        "GET" | "HEAD" => get::respond(exchange).await,
        "PUT" => put::respond(exchange).await,
        "DELETE" => delete::respond(exchange).await,
        "COPY" => transfer::copy(exchange).await,
        "MOVE" => transfer::move_away(exchange).await,
        "PROPFIND" => propfind::respond(exchange).await,
        "PROPPATCH" => proppatch::respond(exchange).await,
        "MKCALENDAR" => mkcalendar::respond(exchange).await,
        "MKCOL" => mkcalendar::respond_mkcol(exchange).await,
        "REPORT" => report::respond(exchange).await,
        _ => Err(Failure::MethodNotAllowed),
    }
}

/// The methods that a resource answers, for `Allow`.
pub fn allowed(path: &Path) -> &'static str {
    match path {
        Path::Member(..) => "OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT",
        Path::Collection(..) => "OPTIONS, GET, HEAD, DELETE, PROPFIND, PROPPATCH, REPORT, MKCALENDAR, MKCOL",
        _ => "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryStore;

    #[test]
    fn answers_may_be_awaited_on_any_thread() {
        fn sendable<T: Send>(value: T) -> T {
            value
        }
        let (store, site) = (MemoryStore::new(), Site::new("/dav/"));
        drop(sendable(handle(&store, &site, "ada@example.org", Request::new(Bytes::new()))));
    }
}
