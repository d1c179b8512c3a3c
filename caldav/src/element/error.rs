//! `DAV:error`. RFC 4918 §14.5, §16.

use crate::precondition::Precondition;
use crate::site::{Path, Site};
use crate::xml::{DAV, Writer};

/// The body of a refused request. `at` is the resource the request named.
pub fn document(precondition: &Precondition, site: &Site, at: &Path) -> String {
    let mut writer = Writer::document(DAV, "error");
    precondition.write(site, at, &mut writer);
    if let Some(text) = precondition.text() {
        writer.leaf(DAV, "responsedescription", text);
    }
    writer.end_document(DAV, "error")
}
