//! Writes XML into memory. Elements nest by closures, so that every tag is closed; forbidden characters are dropped.
//!
//! No default namespace is ever declared: kept XML ([`super::Element::inner_xml`]) keeps its meaning wherever it is put.

use super::name::{APPLE, CALDAV, CALENDARSERVER, DAV, QName, XML};
use super::tree::{Content, Element};

/// The prefixes that the root of a document declares.
const PREFIXES: [(&str, &str); 4] = [("D", DAV), ("C", CALDAV), ("CS", CALENDARSERVER), ("A", APPLE)];

/// A growing XML document or fragment.
#[derive(Debug)]
pub struct Writer {
    out: String,
    prefixes: bool,
}

impl Writer {
    /// A document: XML declaration and an open root, which [`Writer::end_document`] closes.
    pub fn document(namespace: &str, local: &str) -> Self {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<");
        let name = known(namespace).map_or_else(|| local.to_owned(), |prefix| format!("{prefix}:{local}"));
        out.push_str(&name);
        for (prefix, uri) in PREFIXES {
            out.push_str(&format!(" xmlns:{prefix}=\"{uri}\""));
        }
        out.push('>');
        Self { out, prefixes: true }
    }

    /// XML that declares each namespace where it is used.
    pub fn fragment() -> Self {
        Self { out: String::new(), prefixes: false }
    }

    /// Closes the root that [`Writer::document`] opened and returns the document.
    pub fn end_document(mut self, namespace: &str, local: &str) -> String {
        self.close(namespace, local);
        self.out
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.out
    }

    /// Bytes written so far; also a mark for [`Writer::rewind`].
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Nothing written yet.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Takes back everything after `mark`, a former [`Writer::len`] taken between elements.
    pub fn rewind(&mut self, mark: usize) {
        if self.out.is_char_boundary(mark) {
            self.out.truncate(mark);
        }
    }

    /// An element with what `inside` writes.
    pub fn element<R>(&mut self, namespace: &str, local: &str, inside: impl FnOnce(&mut Self) -> R) -> R {
        self.element_with(namespace, local, &[], inside)
    }

    /// An element with attributes (without namespace) and what `inside` writes.
    pub fn element_with<R>(
        &mut self,
        namespace: &str,
        local: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.open(namespace, local, attributes);
        self.out.push('>');
        let result = inside(self);
        self.close(namespace, local);
        result
    }

    /// An element without content.
    pub fn empty(&mut self, namespace: &str, local: &str) {
        self.empty_with(namespace, local, &[]);
    }

    /// An element with attributes and without content.
    pub fn empty_with(&mut self, namespace: &str, local: &str, attributes: &[(&str, &str)]) {
        self.open(namespace, local, attributes);
        self.out.push_str("/>");
    }

    /// An element that holds text only.
    pub fn leaf(&mut self, namespace: &str, local: &str, text: &str) {
        self.element(namespace, local, |writer| writer.text(text));
    }

    /// Character data, escaped. A carriage return becomes a reference, so that readers do not normalise it away.
    pub fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#13;"),
                other if allowed(other) => self.out.push(other),
                _ => {}
            }
        }
    }

    /// XML that stands by itself, as [`Element::inner_xml`] makes it.
    pub fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    /// One piece of content.
    pub fn content(&mut self, content: &Content) {
        match content {
            Content::Text(text) => self.text(text),
            Content::Element(element) => self.tree(element),
        }
    }

    fn tree(&mut self, element: &Element) {
        self.open(&element.name.namespace, &element.name.local, &[]);
        for (index, (name, value)) in element.attributes.iter().enumerate() {
            self.qualified_attribute(index, name, value);
        }
        if element.content.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for content in &element.content {
            self.content(content);
        }
        self.close(&element.name.namespace, &element.name.local);
    }

    fn qualified_attribute(&mut self, index: usize, name: &QName, value: &str) {
        match name.namespace.as_str() {
            "" => self.attribute(&name.local, value),
            XML => self.attribute(&format!("xml:{}", name.local), value),
            uri => {
                self.attribute(&format!("xmlns:a{index}"), uri);
                self.attribute(&format!("a{index}:{}", name.local), value);
            }
        }
    }

    fn open(&mut self, namespace: &str, local: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.push_name(namespace, local);
        if !namespace.is_empty() && self.prefix(namespace).is_none() {
            self.attribute("xmlns:x", namespace);
        }
        for (name, value) in attributes {
            self.attribute(name, value);
        }
    }

    fn close(&mut self, namespace: &str, local: &str) {
        self.out.push_str("</");
        self.push_name(namespace, local);
        self.out.push('>');
    }

    fn push_name(&mut self, namespace: &str, local: &str) {
        if !namespace.is_empty() {
            self.out.push_str(self.prefix(namespace).unwrap_or("x"));
            self.out.push(':');
        }
        self.out.push_str(local);
    }

    fn prefix(&self, namespace: &str) -> Option<&'static str> {
        if self.prefixes { known(namespace) } else { None }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for character in value.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' | '\n' | '\r' => self.out.push_str(&format!("&#{};", u32::from(character))),
                other if allowed(other) => self.out.push(other),
                _ => {}
            }
        }
        self.out.push('"');
    }
}

/// Whether XML 1.0 §2.2 allows the character.
pub fn allowed(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn known(namespace: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(_, uri)| *uri == namespace).map(|(prefix, _)| *prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let source = "<a xmlns='urn:one' xmlns:t='urn:two' t:k='1 &quot;2&quot;' xml:lang='en'>x &lt; y\
                      <b xmlns=''>in none</b><t:c/>&#13;</a>";
        let tree = parse(source.as_bytes()).unwrap();
        let mut writer = Writer::document(DAV, "root");
        writer.content(&Content::Element(tree.clone()));
        let again = parse(writer.end_document(DAV, "root").as_bytes()).unwrap();
        assert_eq!(again.children().next(), Some(&tree));
    }

    #[test]
    fn kept_inner_xml_means_the_same_inside_another_document() {
        let tree = parse(b"<p xmlns='urn:p'><q a='1'>t</q><r xmlns=''/></p>").unwrap();
        let mut writer = Writer::document(DAV, "root");
        writer.element("urn:p", "p", |writer| writer.raw(&tree.inner_xml()));
        let again = parse(writer.end_document(DAV, "root").as_bytes()).unwrap();
        assert_eq!(again.children().next(), Some(&tree));
    }

    #[test]
    fn forbidden_characters_are_not_written() {
        let mut writer = Writer::fragment();
        writer.leaf("", "a", "b\u{0}\u{8}\u{ffff}c\t");
        assert_eq!(writer.into_string(), "<a>bc\t</a>");
    }

    #[test]
    fn rewinding_takes_back_an_element() {
        let mut writer = Writer::fragment();
        writer.empty("", "a");
        let mark = writer.len();
        writer.leaf("", "b", "c");
        writer.rewind(mark);
        assert_eq!(writer.into_string(), "<a/>");
    }
}
