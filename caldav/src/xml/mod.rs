//! XML.
pub mod name;
