//! `Destination`. RFC 4918 §10.3.

use http::HeaderMap;

use super::BadHeader;
use crate::site::{Path, Site};

/// Where COPY and MOVE go; `Ok(None)` for a place outside this site.
///
/// # Errors
/// [`BadHeader`] when the header is missing or not text.
pub fn destination(headers: &HeaderMap, site: &Site) -> Result<Option<Path>, BadHeader> {
    let value = headers.get("destination").and_then(|value| value.to_str().ok()).ok_or(BadHeader("Destination"))?;
    Ok(site.parse_href(value))
}
