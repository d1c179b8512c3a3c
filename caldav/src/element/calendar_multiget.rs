//! `CALDAV:calendar-multiget`. RFC 4791 §9.10.

use super::Unexpected;
use super::propfind::Propfind;
use crate::xml::{DAV, Element};

/// Most resources that one request may name.
pub const MAX_HREFS: usize = 5_000;

/// The named resources and what is wanted of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarMultiget {
    /// The wanted properties; without any, the names alone.
    pub properties: Propfind,
    /// The resources as the client wrote them.
    pub hrefs: Vec<String>,
}

impl CalendarMultiget {
    /// Reads the root, whose name is known.
    ///
    /// # Errors
    /// [`Unexpected`] without any href or beyond [`MAX_HREFS`].
    pub fn read(root: &Element) -> Result<Self, Unexpected> {
        let properties = Propfind::inside(root)?.unwrap_or(Propfind::These(Vec::new()));
        let hrefs: Vec<String> = root
            .children()
            .filter(|element| element.is(DAV, "href"))
            .map(|element| element.text().trim().to_owned())
            .collect();
        match hrefs.len() {
            0 => Err(Unexpected("at least one DAV:href")),
            count if count > MAX_HREFS => Err(Unexpected("fewer DAV:href elements")),
            _ => Ok(Self { properties, hrefs }),
        }
    }
}
