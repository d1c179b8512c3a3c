//! `DAV:propfind`. RFC 4918 §14.20.

use super::{Unexpected, properties};
use crate::xml::{DAV, Element};

/// Which properties are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Propfind {
    /// `allprop`: what RFC 4918 defines and dead properties, and those of `include`. RFC 4918 §14.2, §14.8.
    All {
        /// Names that are wanted as well.
        include: Vec<Element>,
    },
    /// `propname`: names without values. RFC 4918 §14.21.
    Names,
    /// `prop`: exactly these, with whatever stands inside the elements.
    These(Vec<Element>),
}

impl Propfind {
    /// Reads the root of a request body.
    ///
    /// # Errors
    /// [`Unexpected`] for another root, or without exactly one of the three forms.
    pub fn read(root: &Element) -> Result<Self, Unexpected> {
        if !root.is(DAV, "propfind") {
            return Err(Unexpected("a DAV:propfind"));
        }
        Self::inside(root)?.ok_or(Unexpected("DAV:prop, DAV:allprop or DAV:propname"))
    }

    /// Reads the three forms where a REPORT body holds them; `None` when there is none of them.
    ///
    /// # Errors
    /// [`Unexpected`] for more than one.
    pub fn inside(parent: &Element) -> Result<Option<Self>, Unexpected> {
        let mut found = None;
        for element in parent.children() {
            let form = match element.name.parts() {
                (DAV, "allprop") => Self::All { include: include(parent)? },
                (DAV, "propname") => Self::Names,
                (DAV, "prop") => Self::These(properties(element)?),
                _ => continue,
            };
            if found.replace(form).is_some() {
                return Err(Unexpected("only one of DAV:prop, DAV:allprop, DAV:propname"));
            }
        }
        Ok(found)
    }
}

fn include(parent: &Element) -> Result<Vec<Element>, Unexpected> {
    parent.child(DAV, "include").map_or(Ok(Vec::new()), properties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn read(inner: &str) -> Result<Propfind, Unexpected> {
        Propfind::read(&parse(format!("<propfind xmlns='DAV:'>{inner}</propfind>").as_bytes()).unwrap())
    }

    #[test]
    fn each_form_is_read_and_unknown_elements_are_ignored() {
        assert_eq!(read("<propname/><x xmlns='urn:x'/>"), Ok(Propfind::Names));
        let Ok(Propfind::All { include }) = read("<allprop/><include><owner/></include>") else { panic!() };
        assert!(include[0].is(DAV, "owner"));
        let Ok(Propfind::These(list)) = read("<prop><getetag/><getetag/><x xmlns='urn:x'/></prop>") else { panic!() };
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn none_or_two_forms_are_refused() {
        assert!(read("").is_err());
        assert!(read("<allprop/><propname/>").is_err());
    }
}
