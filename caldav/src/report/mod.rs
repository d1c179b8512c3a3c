//! REPORTs, one a file, and the table that says which resource answers which. RFC 3253 §3.6.

pub mod calendar_multiget;
pub mod calendar_query;
pub mod expand_property;
pub mod principal_property_search;
pub mod principal_search_property_set;
pub mod sync_collection;

use bytes::Bytes;
use http::Response;

use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::precondition::Precondition;
use crate::site::Path;
use crate::store::Store;
use crate::xml::{CALDAV, DAV, Element, QName};

/// A REPORT: its element, and the resources that answer it.
struct Row {
    namespace: &'static str,
    local: &'static str,
    on: fn(&Path) -> bool,
}

const fn row(namespace: &'static str, local: &'static str, on: fn(&Path) -> bool) -> Row {
    Row { namespace, local, on }
}

const REPORTS: &[Row] = &[
    row(CALDAV, "calendar-query", holds_objects),
    row(CALDAV, "calendar-multiget", holds_objects),
    row(DAV, "sync-collection", |path| matches!(path, Path::Collection(..))),
    row(DAV, "expand-property", |_| true),
    row(DAV, "principal-property-search", holds_people),
    row(DAV, "principal-search-property-set", holds_people),
];

fn holds_objects(path: &Path) -> bool {
    matches!(path, Path::Home(_) | Path::Collection(..) | Path::Member(..))
}

fn holds_people(path: &Path) -> bool {
    matches!(path, Path::Root | Path::Principals | Path::Principal(_))
}

/// Namespace and name of each REPORT that the resource answers.
pub fn supported(path: &Path) -> impl Iterator<Item = (&'static str, &'static str)> {
    REPORTS.iter().filter(|row| (row.on)(path)).map(|row| (row.namespace, row.local))
}

/// Answers the REPORT that the body asks for.
///
/// # Errors
/// `supported-report` when this resource has no such REPORT; what the REPORT itself refuses.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    if !known(&body.name, &exchange.path) {
        return Err(Precondition::SupportedReport.into());
    }
    match body.name.parts() {
        (CALDAV, "calendar-query") => calendar_query::respond(exchange, body).await,
        (CALDAV, "calendar-multiget") => calendar_multiget::respond(exchange, body).await,
        (DAV, "sync-collection") => sync_collection::respond(exchange, body).await,
        (DAV, "expand-property") => expand_property::respond(exchange, body).await,
        (DAV, "principal-property-search") => principal_property_search::respond(exchange, body).await,
        (DAV, "principal-search-property-set") => Ok(principal_search_property_set::respond()),
        _ => Err(Precondition::SupportedReport.into()),
    }
}

fn known(name: &QName, path: &Path) -> bool {
    supported(path).any(|(namespace, local)| name.is(namespace, local))
}
