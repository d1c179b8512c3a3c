//! `/api/v1/admin/...`: what administrators do. Who may is decided before (`server::rights`).

pub mod log;
pub mod outgoing;
pub mod people;
pub mod server;
