//! The parts of a message, walked under limits before anything is decoded. RFC 2045, RFC 2046 §5.1.
//!
//! Only the skeleton is read here; a part is decoded when somebody wants it. So a message costs its own size and little
//! more, whatever it claims to contain.

use std::borrow::Cow;

use mail_parser::{Header, HeaderName, Message, MessageParser, MimeHeaders, PartType};

use super::received::Unreadable;

/// Multiparts within multiparts.
const DEPTH: usize = 8;
/// Parts that are not multiparts.
const PARTS: usize = 200;
/// The header of the message, bytes.
const HEADER: usize = 256 * 1024;
/// The header of a part, bytes.
const PART_HEADER: usize = 64 * 1024;

/// A part that is not a multipart; a message within the message is one such part.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Header and body.
    whole: &'a [u8],
    /// What follows the header, as it was transferred.
    pub(super) body: &'a [u8],
    /// `text/calendar`, lower case.
    pub(super) kind: String,
    /// The parameter `method` of the content type, upper case.
    pub(super) method: Option<String>,
}

impl Part<'_> {
    /// The content, with its transfer encoding and its character set undone. At most three times the part's size.
    pub(super) fn text(&self) -> String {
        let parsed = MessageParser::new().parse(self.whole);
        let Some(part) = parsed.as_ref().and_then(|message| message.parts.first()) else { return String::new() };
        match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.clone().into_owned(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            PartType::Message(_) | PartType::Multipart(_) => String::new(),
        }
    }
}

/// The header of a message, read; the body is left alone.
pub(super) fn header(message: &[u8]) -> Result<Message<'_>, Unreadable> {
    let (header, _) = split(message);
    if header.len() > HEADER {
        return Err(Unreadable::LongHeader);
    }
    MessageParser::new().parse_headers(header).ok_or(Unreadable::NoHeader)
}

/// The content type of a header that was read, `text/plain` when there is none, and the named parameter.
pub(super) fn kind(header: &Message<'_>) -> String {
    let kind = header.root_part().content_type();
    let text = kind.map_or(Cow::Borrowed("text/plain"), |kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()).into(),
        None => kind.ctype().to_owned().into(),
    });
    text.to_ascii_lowercase()
}

/// A parameter of the content type.
pub(super) fn parameter<'a>(header: &'a Message<'_>, name: &str) -> Option<&'a str> {
    header.root_part().content_type()?.attribute(name)
}

/// All headers of one name, in their order, as [`header`] read them.
pub(super) fn all<'a, 'x>(header: &'a Message<'x>, name: &HeaderName<'_>) -> Vec<&'a Header<'x>> {
    header.headers().iter().filter(|header| header.name == *name).collect()
}

/// The parts of a message in their order.
///
/// # Errors
/// It is deeper or has more parts than any mail a person's program writes.
pub(super) fn parts(message: &[u8]) -> Result<Vec<Part<'_>>, Unreadable> {
    let mut found = Vec::new();
    walk(message, HEADER, 0, &mut found)?;
    Ok(found)
}

fn walk<'a>(whole: &'a [u8], longest: usize, depth: usize, found: &mut Vec<Part<'a>>) -> Result<(), Unreadable> {
    let (head, body) = split(whole);
    if head.len() > longest {
        return Err(Unreadable::LongHeader);
    }
    // A part without a header is text; so is a message that consists of nothing.
    let header = MessageParser::new().parse_headers(head).unwrap_or_default();
    let (kind, method) = if header.parts.is_empty() {
        ("text/plain".to_owned(), None)
    } else {
        (kind(&header), parameter(&header, "method").map(str::to_ascii_uppercase))
    };
    let boundary = match kind.strip_prefix("multipart/") {
        Some(_) if !header.parts.is_empty() => parameter(&header, "boundary").map(str::to_owned),
        _ => None,
    };
    let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
        if found.len() >= PARTS {
            return Err(Unreadable::ManyParts);
        }
        found.push(Part { whole, body, kind, method });
        return Ok(());
    };
    if depth >= DEPTH {
        return Err(Unreadable::Deep);
    }
    Sections::of(body, &boundary).try_for_each(|section| walk(section, PART_HEADER, depth + 1, found))
}

/// Header with its empty line, and body.
pub(super) fn split(entity: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in entity.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line == b"\n" || line == b"\r\n" {
            break;
        }
    }
    entity.split_at_checked(at).unwrap_or((entity, &[]))
}

/// What stands between the delimiter lines of a multipart.
struct Sections<'a> {
    rest: Option<&'a [u8]>,
    delimiter: Vec<u8>,
}

impl<'a> Sections<'a> {
    fn of(body: &'a [u8], boundary: &str) -> Self {
        let mut sections = Self { rest: Some(body), delimiter: format!("--{boundary}").into_bytes() };
        // What comes before the first delimiter is for nobody.
        sections.next();
        sections
    }

    /// Whether a line is the delimiter, and if so whether it is the last.
    fn delimits(&self, line: &[u8]) -> Option<bool> {
        let rest = line.strip_prefix(self.delimiter.as_slice())?.trim_ascii_end();
        match rest {
            b"" => Some(false),
            b"--" => Some(true),
            _ => None,
        }
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let all = self.rest.take()?;
        let (mut at, mut next, mut last) = (0, all.len(), true);
        for line in all.split_inclusive(|byte| *byte == b'\n') {
            if let Some(end) = self.delimits(line) {
                (next, last) = (at + line.len(), end);
                break;
            }
            at += line.len();
        }
        if !last {
            self.rest = all.get(next..);
        }
        // The line break before a delimiter belongs to the delimiter.
        let section = all.get(..at)?;
        Some(match (at < all.len(), section) {
            (true, [rest @ .., b'\r', b'\n'] | [rest @ .., b'\n']) => rest,
            _ => section,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLE: &str = "Content-Type: multipart/mixed; boundary=\"b 1\"\r\n\r\nhello\r\n--b 1\r\n\r\nfirst\r\n--b 1 \r\n\
                          Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/calendar; \
                          METHOD=Reply; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nJ=F6rg=\r\n \
                          here\r\n--b--\r\n--b 1--\r\nepilogue\r\n";

    #[test]
    fn parts_are_found_and_decoded() {
        let parts = parts(SIMPLE.as_bytes()).unwrap();
        let kinds: Vec<&str> = parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/calendar"]);
        assert_eq!((parts[0].text().as_str(), parts[1].text().as_str()), ("first", "Jörg here"));
        assert_eq!(parts[1].method.as_deref(), Some("REPLY"));
    }

    #[test]
    fn a_longer_boundary_is_another_boundary() {
        let text = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bc\ntwo\n--b--\n";
        let parts = parts(text.as_bytes()).unwrap();
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].text(), "one\n--bc\ntwo");
    }

    #[test]
    fn depth_parts_and_headers_are_bounded() {
        let nested = |depth: usize| {
            let mut text = String::new();
            for level in 0..depth {
                text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
            }
            text + "\nx\n"
        };
        assert_eq!(parts(nested(DEPTH).as_bytes()).unwrap().len(), 1);
        assert!(matches!(parts(nested(DEPTH + 1).as_bytes()), Err(Unreadable::Deep)));
        let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(PARTS + 1));
        assert!(matches!(parts(many.as_bytes()), Err(Unreadable::ManyParts)));
        let long = format!("To: {}\n\nx", "a@example.org, ".repeat(HEADER / 10));
        assert!(matches!(parts(long.as_bytes()), Err(Unreadable::LongHeader)));
    }

    #[test]
    fn a_message_within_the_message_is_not_looked_into() {
        let text = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nFrom: a@example.org\n\
                    Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n";
        let parts = parts(text.as_bytes()).unwrap();
        assert_eq!(parts.iter().map(|part| part.kind.as_str()).collect::<Vec<_>>(), ["message/rfc822"]);
    }
}
