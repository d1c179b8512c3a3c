//! Reads a request body into a tree, within bounds. Namespaces in XML 1.0; no DTD, no entities but the predefined.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::name::QName;
use super::tree::{Content, Element};
use super::writer::allowed;

/// Largest body that is read.
pub const MAX_BYTES: usize = 256 * 1024;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 32;
/// Most attributes of one element, namespace declarations included.
pub const MAX_ATTRIBUTES: usize = 64;
/// Most different namespaces of a document.
pub const MAX_NAMESPACES: usize = 32;
/// Longest namespace name: every element carries its own copy.
pub const MAX_NAMESPACE_BYTES: usize = 512;
/// Most elements of a document.
pub const MAX_ELEMENTS: usize = 20_000;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Larger than [`MAX_BYTES`] (413).
    #[error("The request body is too large.")]
    TooLarge,
    /// Not well-formed, not UTF-8, or an undeclared prefix (400).
    #[error("The request body is not well-formed XML.")]
    Malformed,
    /// A document type declaration, or an entity that only one could declare (400).
    #[error("Please send the XML without a document type declaration.")]
    Doctype,
    /// More depth, attributes, namespaces or elements than any client needs (400).
    #[error("The request body is nested too deeply or has too many parts.")]
    TooComplex,
}

/// Reads one document.
///
/// # Errors
/// [`XmlError`], before anything larger than the bounds of this module was built.
pub fn parse(body: &[u8]) -> Result<Element, XmlError> {
    if body.len() > MAX_BYTES {
        return Err(XmlError::TooLarge);
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| XmlError::Malformed)?;
    if !text.chars().all(allowed) {
        return Err(XmlError::Malformed);
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut builder = Builder::default();
    loop {
        let event = reader.read_event().map_err(|_| XmlError::Malformed)?;
        match event {
            Event::Start(start) => builder.start(&reader, &start)?,
            Event::End(_) => builder.end()?,
            Event::Text(text) => builder.text(&text.xml10_content())?,
            Event::CData(text) => builder.character_data(&text.xml10_content())?,
            Event::GeneralRef(reference) => builder.character_data(resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::Decl(declaration) => {
                if let Some(encoding) = declaration.encoding() {
                    let encoding = encoding.map_err(|_| XmlError::Malformed)?;
                    if !["utf-8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
                        return Err(XmlError::Malformed);
                    }
                }
            }
            Event::DocType(_) => return Err(XmlError::Doctype),
            Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => return builder.finish(),
        }
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    namespaces: Vec<String>,
}

impl Builder {
    fn start(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<(), XmlError> {
        self.elements += 1;
        if self.open.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooComplex);
        }
        if self.root.is_some() {
            return Err(XmlError::Malformed);
        }
        let (namespace, local) = reader.resolver().resolve_element(start.name());
        let mut element = Element::new(self.name(namespace, local.into_inner(), start.name().prefix().is_some())?);
        for (count, attribute) in start.attributes().enumerate() {
            if count >= MAX_ATTRIBUTES {
                return Err(XmlError::TooComplex);
            }
            let attribute = attribute.map_err(|_| XmlError::Malformed)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            let name = self.name(namespace, local.into_inner(), attribute.key.prefix().is_some())?;
            let value =
                attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| XmlError::Malformed)?;
            if !value.chars().all(allowed) || element.attributes.iter().any(|(other, _)| *other == name) {
                return Err(XmlError::Malformed);
            }
            element.attributes.push((name, value.into_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or(XmlError::Malformed)?;
        match self.open.last_mut() {
            Some(parent) => parent.content.push(Content::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        let blank = text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        if self.open.is_empty() && blank { Ok(()) } else { self.character_data(text) }
    }

    fn character_data(&mut self, text: &str) -> Result<(), XmlError> {
        let element = self.open.last_mut().ok_or(XmlError::Malformed)?;
        match element.content.last_mut() {
            Some(Content::Text(before)) => before.push_str(text),
            _ => element.content.push(Content::Text(text.to_owned())),
        }
        Ok(())
    }

    fn name(&mut self, namespace: ResolveResult<'_>, local: &str, prefixed: bool) -> Result<QName, XmlError> {
        let namespace = match namespace {
            ResolveResult::Unbound => "",
            ResolveResult::Bound(namespace) => namespace.into_inner(),
            ResolveResult::Unknown(_) => return Err(XmlError::Malformed),
        };
        if (prefixed && namespace.is_empty()) || !is_name(local) {
            return Err(XmlError::Malformed);
        }
        if namespace.len() > MAX_NAMESPACE_BYTES || local.len() > MAX_NAMESPACE_BYTES {
            return Err(XmlError::TooComplex);
        }
        // References in a namespace name are legal and nobody writes them; kept raw they would be escaped twice.
        if namespace.contains('&') {
            return Err(XmlError::Malformed);
        }
        if !self.namespaces.iter().any(|known| known == namespace) {
            if self.namespaces.len() >= MAX_NAMESPACES {
                return Err(XmlError::TooComplex);
            }
            self.namespaces.push(namespace.to_owned());
        }
        Ok(QName::new(namespace, local))
    }

    fn finish(self) -> Result<Element, XmlError> {
        if self.open.is_empty() { self.root.ok_or(XmlError::Malformed) } else { Err(XmlError::Malformed) }
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, XmlError> {
    let character = match reference.resolve_char_ref().map_err(|_| XmlError::Malformed)? {
        Some(character) => character,
        None => match &**reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => return Err(XmlError::Doctype),
        },
    };
    if allowed(character) { Ok(character) } else { Err(XmlError::Malformed) }
}

/// A name without colon; XML 1.0 §2.3, with all characters beyond ASCII taken as letters.
fn is_name(local: &str) -> bool {
    let letter = |character: char| character.is_ascii_alphabetic() || character == '_' || !character.is_ascii();
    let rest = |character: char| letter(character) || character.is_ascii_digit() || matches!(character, '-' | '.');
    local.starts_with(letter) && local.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_namespace_and_not_by_prefix() {
        let one = parse(b"<D:prop xmlns:D='DAV:'><D:getetag/></D:prop>").unwrap();
        let two =
            parse(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<prop xmlns=\"DAV:\"><getetag></getetag></prop>\n")
                .unwrap();
        assert_eq!(one, two);
        assert!(one.child("DAV:", "getetag").is_some());
    }

    #[test]
    fn text_joins_references_and_cdata() {
        assert_eq!(parse(b"<a>x&amp;y<![CDATA[<z>]]>&#x41;</a>").unwrap().text(), "x&y<z>A");
    }

    #[test]
    fn malformed_documents_are_refused() {
        for body in [
            "",
            " ",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a b='1' b='2'/>",
            "<a><p:b xmlns:p=''/></a>",
            "<a>\u{0}</a>",
            "<a>&#0;</a>",
            "<a b='&#1;'/>",
            "<a>&nbsp;</a>",
            "<a>&</a>",
            "<?xml version='1.0' encoding='utf-16'?><a/>",
            "<a$/>",
            "<1/>",
            "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body:?}");
        }
        assert_eq!(parse(b"<a>\xff</a>"), Err(XmlError::Malformed));
    }

    #[test]
    fn document_types_are_refused() {
        let bomb = b"<!DOCTYPE a [<!ENTITY b \"cccc\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert_eq!(parse(bomb), Err(XmlError::Doctype));
        assert_eq!(parse(b"<a>&c;</a>"), Err(XmlError::Doctype));
    }

    #[test]
    fn depth_attributes_namespaces_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse(nested(MAX_DEPTH + 1).as_bytes()), Err(XmlError::TooComplex));
        let attributes = |count: usize| {
            let list: String = (0..count).map(|index| format!(" a{index}='1'")).collect();
            format!("<a{list}/>")
        };
        assert!(parse(attributes(MAX_ATTRIBUTES).as_bytes()).is_ok());
        assert_eq!(parse(attributes(MAX_ATTRIBUTES + 1).as_bytes()), Err(XmlError::TooComplex));
        let namespaces = |count: usize| {
            let list: String = (0..count).map(|index| format!("<a xmlns='urn:{index}'/>")).collect();
            format!("<r>{list}</r>")
        };
        assert!(parse(namespaces(MAX_NAMESPACES - 1).as_bytes()).is_ok());
        assert_eq!(parse(namespaces(MAX_NAMESPACES).as_bytes()), Err(XmlError::TooComplex));
        let long = format!("<a xmlns='{}'/>", "n".repeat(MAX_NAMESPACE_BYTES + 1));
        assert_eq!(parse(long.as_bytes()), Err(XmlError::TooComplex));
        assert_eq!(parse(&vec![b' '; MAX_BYTES + 1]), Err(XmlError::TooLarge));
        let many = format!("<r>{}</r>", "<a/>".repeat(MAX_ELEMENTS));
        assert_eq!(parse(many.as_bytes()), Err(XmlError::TooComplex));
    }

    #[test]
    fn redeclaring_the_same_namespace_often_is_fine() {
        let body = format!("<r>{}</r>", "<x:a xmlns:x='urn:a'/>".repeat(500));
        assert_eq!(parse(body.as_bytes()).unwrap().children().count(), 500);
    }
}
