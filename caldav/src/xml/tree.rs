//! An XML document in memory: what the bounded reader returns.

use super::name::QName;
use super::writer::Writer;

/// One element with everything inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: QName,
    /// Its attributes, without namespace declarations, in document order.
    pub attributes: Vec<(QName, String)>,
    /// Text and elements in document order; neighbouring text is one piece.
    pub content: Vec<Content>,
}

/// A piece of an element's content. Comments and processing instructions are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A nested element.
    Element(Element),
    /// Character data with references and CDATA resolved.
    Text(String),
}

impl Element {
    /// An element without attributes and content.
    pub fn new(name: QName) -> Self {
        Self { name, attributes: Vec::new(), content: Vec::new() }
    }

    /// Whether it has that name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.name.is(namespace, local)
    }

    /// The nested elements in order.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// The first nested element of that name.
    pub fn child(&self, namespace: &str, local: &str) -> Option<&Element> {
        self.children().find(|element| element.is(namespace, local))
    }

    /// The value of the attribute without namespace.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name.is("", local)).map(|(_, value)| value.as_str())
    }

    /// Its own character data (not that of nested elements), as it stands.
    pub fn text(&self) -> String {
        self.content
            .iter()
            .filter_map(|content| match content {
                Content::Text(text) => Some(text.as_str()),
                Content::Element(_) => None,
            })
            .collect()
    }

    /// Its content as XML that stands by itself: it needs no namespace declaration from outside, as long as no
    /// default namespace is in scope where it is put.
    pub fn inner_xml(&self) -> String {
        let mut writer = Writer::fragment();
        for content in &self.content {
            writer.content(content);
        }
        writer.into_string()
    }
}
