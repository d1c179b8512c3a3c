//! What messages cause: a file for each kind, a row for each in [`super::dispatch`].

mod asking;
pub(super) mod replies;
pub(super) mod robot;
pub(super) mod undelivered;
