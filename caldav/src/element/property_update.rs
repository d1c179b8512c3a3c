//! `DAV:propertyupdate`. RFC 4918 §14.19.

use super::{MAX_PROPERTIES, Unexpected};
use crate::xml::{DAV, Element};

/// One instruction, in document order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    /// Give the property this value. RFC 4918 §14.26.
    Set(Element),
    /// Take the property away. RFC 4918 §14.23.
    Remove(Element),
}

impl Instruction {
    /// The property.
    pub fn property(&self) -> &Element {
        match self {
            Self::Set(element) | Self::Remove(element) => element,
        }
    }
}

/// Reads the root of a PROPPATCH body.
///
/// # Errors
/// [`Unexpected`] for another root, no instruction, or more than [`MAX_PROPERTIES`].
pub fn read(root: &Element) -> Result<Vec<Instruction>, Unexpected> {
    if !root.is(DAV, "propertyupdate") {
        return Err(Unexpected("a DAV:propertyupdate"));
    }
    let instructions = instructions(root)?;
    if instructions.is_empty() { Err(Unexpected("a DAV:set or DAV:remove with a property")) } else { Ok(instructions) }
}

/// The `DAV:set` and `DAV:remove` elements inside.
///
/// # Errors
/// [`Unexpected`] beyond [`MAX_PROPERTIES`].
pub(super) fn instructions(parent: &Element) -> Result<Vec<Instruction>, Unexpected> {
    let mut found = Vec::new();
    for group in parent.children() {
        let make = match group.name.parts() {
            (DAV, "set") => Instruction::Set,
            (DAV, "remove") => Instruction::Remove,
            _ => continue,
        };
        let props = group.children().filter(|element| element.is(DAV, "prop"));
        found.extend(props.flat_map(Element::children).map(|property| make(property.clone())));
    }
    if found.len() > MAX_PROPERTIES { Err(Unexpected("fewer properties")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[test]
    fn instructions_keep_their_order() {
        let body = b"<propertyupdate xmlns='DAV:'><set><prop><a/><b/></prop></set><remove><prop><a/></prop></remove>\
                     <set><prop><c/></prop></set></propertyupdate>";
        let read = read(&parse(body).unwrap()).unwrap();
        let names: Vec<_> =
            read.iter().map(|one| (one.property().name.local.as_str(), matches!(one, Instruction::Set(_)))).collect();
        assert_eq!(names, [("a", true), ("b", true), ("a", false), ("c", true)]);
    }
}
