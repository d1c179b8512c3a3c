//! `/api/v1/me/...`: what people do with their own account.
//!
//! A token does what its owner may, with this care: what is made with a token ends with it, and where the page wants a
//! fresh sign-in, the API wants the present password.

pub mod account;
pub mod bookings;
pub mod browsers;
pub mod feeds;
pub mod password;
pub mod secrets;
pub mod why;
