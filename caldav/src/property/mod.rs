//! Properties of resources: which there are, how each is written, and which may be set. RFC 4918 §4.
//!
//! A property is one row of a table ([`Live`]) in the file of its namespace. Adding one means adding a row.

pub mod apple;
pub mod caldav;
pub mod calendarserver;
pub mod dav;
pub mod resource;
pub mod selection;
pub mod settable;
pub mod token;

pub use resource::{Resource, View};
pub use selection::Selection;

use crate::xml::{QName, Writer};

/// A property that the server computes.
pub struct Live {
    /// Its namespace.
    pub namespace: &'static str,
    /// Its local name.
    pub local: &'static str,
    /// Whether `allprop` includes it: those of RFC 4918 only, as RFC 4791 §5.2 and RFC 6578 §4 ask.
    pub in_allprop: bool,
    /// Writes what stands inside the element; `None` where the resource has no such property.
    pub write: fn(&View<'_>, &Resource<'_>, &mut Writer) -> Option<()>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Live({}{})", self.namespace, self.local)
    }
}

/// Every live property.
pub fn all() -> impl Iterator<Item = &'static Live> {
    [dav::PROPERTIES, caldav::PROPERTIES, calendarserver::PROPERTIES, apple::PROPERTIES].into_iter().flatten()
}

/// The live property of that name.
pub fn live(name: &QName) -> Option<&'static Live> {
    all().find(|property| name.is(property.namespace, property.local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_property_is_listed_twice() {
        let mut names: Vec<_> = all().map(|property| (property.namespace, property.local)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
