//! `CALDAV:calendar-query`. RFC 4791 §9.5.

use super::propfind::Propfind;
use super::{Unexpected, filter, timezone};
use crate::ical::filter::Filter;
use crate::ical::zone::Zone;
use crate::method::failure::Failure;
use crate::xml::{CALDAV, DAV, Element};

/// Which objects are looked for and what is wanted of each.
#[derive(Debug, Clone)]
pub struct CalendarQuery {
    /// The wanted properties.
    pub properties: Propfind,
    /// What they must match.
    pub filter: Filter,
    /// The zone for floating times.
    pub zone: Option<Zone>,
    /// `DAV:limit`: the most answers the client wants. RFC 5323 §5.17.
    pub limit: Option<usize>,
}

impl CalendarQuery {
    /// Reads the root, whose name is known.
    ///
    /// # Errors
    /// 400 without a filter; the preconditions of [`filter::read`] and [`timezone::of_request`].
    pub fn read(root: &Element) -> Result<Self, Failure> {
        let element = root.child(CALDAV, "filter").ok_or(Unexpected("a CALDAV:filter"))?;
        let nresults = root.child(DAV, "limit").and_then(|limit| limit.child(DAV, "nresults"));
        let limit =
            nresults.map(|count| count.text().trim().parse().map_err(|_| Unexpected("a number in DAV:nresults")));
        Ok(Self {
            properties: Propfind::inside(root)?.unwrap_or(Propfind::These(Vec::new())),
            filter: filter::read(element)?,
            zone: timezone::of_request(root)?,
            limit: limit.transpose()?,
        })
    }
}
