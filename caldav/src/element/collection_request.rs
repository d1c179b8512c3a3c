//! `CALDAV:mkcalendar` (RFC 4791 §9.2) and `DAV:mkcol` (RFC 5689 §5.1): the first properties of a new collection.

use super::Unexpected;
use super::property_update::{Instruction, instructions};
use crate::xml::{CALDAV, DAV, Element};

/// Reads the root of a MKCALENDAR body: the properties to set.
///
/// # Errors
/// [`Unexpected`] for another root or a `DAV:remove`.
pub fn mkcalendar(root: &Element) -> Result<Vec<Element>, Unexpected> {
    if !root.is(CALDAV, "mkcalendar") {
        return Err(Unexpected("a CALDAV:mkcalendar"));
    }
    sets(root)
}

/// Reads the root of an extended MKCOL body: the properties to set, with `DAV:resourcetype` among them.
///
/// # Errors
/// [`Unexpected`] for another root or a `DAV:remove`.
pub fn mkcol(root: &Element) -> Result<Vec<Element>, Unexpected> {
    if !root.is(DAV, "mkcol") {
        return Err(Unexpected("a DAV:mkcol"));
    }
    sets(root)
}

fn sets(root: &Element) -> Result<Vec<Element>, Unexpected> {
    let property = |instruction| match instruction {
        Instruction::Set(property) => Ok(property),
        Instruction::Remove(_) => Err(Unexpected("only DAV:set in a new collection")),
    };
    instructions(root)?.into_iter().map(property).collect()
}
