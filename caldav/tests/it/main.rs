//! The protocol from outside: request bytes in, response bytes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bounds;
mod golden;
mod message;
mod seed;
