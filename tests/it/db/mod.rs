//! Fresh databases, the same file that the unit tests use.

pub(crate) use openhour::db::{Db, Target};

#[macro_use]
#[path = "../../../src/db/fresh.rs"]
pub(crate) mod fresh;
