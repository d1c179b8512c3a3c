//! What messages cause: a file for each kind, a row for each in [`super::dispatch`].

mod asking;
mod proposals;
pub(super) mod replies;
pub(super) mod robot;
mod slots;
pub(super) mod undelivered;
