//! CalDAV for people's calendar apps: authentication, and [`caldav`]'s protocol over the calendars kept here.

mod authenticate;
mod store;

pub use authenticate::{CHALLENGE, authenticate};
pub use store::DeskStore;

use std::sync::Arc;

use bytes::Bytes;
use caldav::method::Cause;
use caldav::site::Site;
use http::{Request, Response};

use crate::desk::Desk;
use crate::people::Person;

/// Where the calendars live under the public address.
pub const BASE: &str = "/dav/";

/// Answers one CalDAV request of somebody signed in, whose calendars stand below the address they are `called` by. Never fails; what went wrong inside is logged here.
pub async fn handle(desk: &Arc<Desk>, request: Request<Bytes>, caller: &Person, called: &str) -> Response<Bytes> {
    let store = DeskStore::new(desk.clone(), caller.clone()).called(called);
    let mut response = caldav::method::handle(&store, &Site::new(BASE), called, request).await;
    if let Some(cause) = response.extensions_mut().remove::<Cause>() {
        tracing::error!(error = %cause.0, "a CalDAV request failed");
    }
    response
}
