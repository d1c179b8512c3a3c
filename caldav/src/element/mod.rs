//! Typed request and response elements, one a file; the RFC section stands in its first line.

pub mod calendar_data;
pub mod calendar_multiget;
pub mod calendar_query;
pub mod collection_request;
pub mod error;
pub mod expand_property;
pub mod filter;
pub mod multistatus;
pub mod principal_search;
pub mod property_update;
pub mod propfind;
pub mod sync_collection;
pub mod time_range;
pub mod timezone;

use crate::xml::Element;

/// Most properties that one request may name.
pub const MAX_PROPERTIES: usize = 256;

/// A body that is well-formed but not what the method expects (400).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The request body should hold {0}.")]
pub struct Unexpected(pub &'static str);

/// The content of a `DAV:prop` without repetitions. RFC 4918 §14.18.
///
/// # Errors
/// [`Unexpected`] beyond [`MAX_PROPERTIES`].
fn properties(prop: &Element) -> Result<Vec<Element>, Unexpected> {
    let mut found: Vec<Element> = Vec::new();
    for element in prop.children() {
        if found.iter().any(|known| known.name == element.name) {
            continue;
        }
        if found.len() >= MAX_PROPERTIES {
            return Err(Unexpected("fewer properties"));
        }
        found.push(element.clone());
    }
    Ok(found)
}
