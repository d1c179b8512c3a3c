//! `Overwrite`. RFC 4918 §10.6.

use http::HeaderMap;

use super::BadHeader;

/// Whether COPY and MOVE may replace what is at the destination; without a header they may.
///
/// # Errors
/// [`BadHeader`] for anything but `T` and `F`.
pub fn overwrite(headers: &HeaderMap) -> Result<bool, BadHeader> {
    match headers.get("overwrite").map(|value| value.as_bytes().trim_ascii()) {
        None | Some(b"T" | b"t") => Ok(true),
        Some(b"F" | b"f") => Ok(false),
        Some(_) => Err(BadHeader("Overwrite")),
    }
}
