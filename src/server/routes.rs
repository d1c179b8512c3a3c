//! Every address the server answers, in one table.

use super::health;
use super::router::{Route, at};
use crate::web;

/// The routes, tried from top to bottom.
pub(super) fn table() -> Vec<Route> {
    vec![
        at("/healthz").get(health::alive),
        at("/readyz").get(health::ready),
        at("/assets/{name}").get(web::asset),
        at("/problems/{code}").get(web::explain),
    ]
}
