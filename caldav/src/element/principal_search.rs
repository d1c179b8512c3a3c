//! `DAV:principal-property-search`. RFC 3744 §9.4.

use super::Unexpected;
use super::propfind::Propfind;
use crate::xml::{DAV, Element, QName};

/// Which principals are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalPropertySearch {
    /// Tests of properties and the text that must occur in each, without regard to case.
    pub tests: Vec<(Vec<QName>, String)>,
    /// One test is enough (Apple's `test="anyof"`); otherwise all must hold.
    pub any: bool,
    /// What is wanted of each.
    pub properties: Propfind,
}

impl PrincipalPropertySearch {
    /// Reads the root, whose name is known.
    ///
    /// # Errors
    /// [`Unexpected`] without a test.
    pub fn read(root: &Element) -> Result<Self, Unexpected> {
        let mut tests = Vec::new();
        for search in root.children().filter(|element| element.is(DAV, "property-search")) {
            let prop = search.child(DAV, "prop").ok_or(Unexpected("DAV:prop"))?;
            let wanted = search.child(DAV, "match").ok_or(Unexpected("DAV:match"))?.text();
            tests.push((prop.children().map(|element| element.name.clone()).collect(), wanted.trim().to_lowercase()));
        }
        if tests.is_empty() {
            return Err(Unexpected("DAV:property-search"));
        }
        let properties = Propfind::inside(root)?.unwrap_or(Propfind::These(Vec::new()));
        Ok(Self { tests, any: root.attribute("test") == Some("anyof"), properties })
    }
}
