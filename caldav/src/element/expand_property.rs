//! `DAV:expand-property`. RFC 3253 §3.8.

use super::{MAX_PROPERTIES, Unexpected};
use crate::xml::{DAV, Element, QName};

/// A wanted property; where it holds hrefs, `inside` is wanted of each resource that they name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expand {
    /// The property.
    pub name: QName,
    /// What to answer in place of an href.
    pub inside: Vec<Expand>,
}

/// Reads the root, whose name is known.
///
/// # Errors
/// [`Unexpected`] when a property has no name, or beyond [`MAX_PROPERTIES`] in all.
pub fn read(root: &Element) -> Result<Vec<Expand>, Unexpected> {
    let mut budget = MAX_PROPERTIES;
    read_inside(root, &mut budget)
}

fn read_inside(parent: &Element, budget: &mut usize) -> Result<Vec<Expand>, Unexpected> {
    let mut found = Vec::new();
    for element in parent.children().filter(|element| element.is(DAV, "property")) {
        *budget = budget.checked_sub(1).ok_or(Unexpected("fewer properties"))?;
        let local = element.attribute("name").ok_or(Unexpected("a property's name"))?;
        // The answer repeats this name as an element, so it must be one.
        if crate::xml::parse(format!("<{local}/>").as_bytes()).map(|element| element.name.local) != Ok(local.to_owned())
        {
            return Err(Unexpected("a property's name"));
        }
        let name = QName::new(element.attribute("namespace").unwrap_or(DAV), local);
        found.push(Expand { name, inside: read_inside(element, budget)? });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[test]
    fn properties_nest() {
        let body = b"<expand-property xmlns='DAV:'><property name='owner'><property name='email-address-set' \
                     namespace='http://calendarserver.org/ns/'/></property></expand-property>";
        let read = read(&parse(body).unwrap()).unwrap();
        assert!(read[0].name.is(DAV, "owner"));
        assert!(read[0].inside[0].name.is("http://calendarserver.org/ns/", "email-address-set"));
    }

    #[test]
    fn a_name_that_is_no_name_is_refused() {
        let body = b"<expand-property xmlns='DAV:'><property name='a b=&quot;&quot;'/></expand-property>";
        assert!(read(&parse(body).unwrap()).is_err());
    }
}
