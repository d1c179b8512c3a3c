//! HTTP messages as text: read from fixtures, compared by meaning, written for people to read.

use bytes::Bytes;
use caldav::xml::{Content, Element, QName, parse};
use http::{Request, Response};

/// Headers that a response fixture shows.
const SHOWN: [&str; 11] = [
    "allow",
    "cache-control",
    "content-length",
    "content-type",
    "dav",
    "etag",
    "last-modified",
    "location",
    "preference-applied",
    "retry-after",
    "www-authenticate",
];
/// Stands for any text in an expected response.
const ANY: &str = "**ANY**";

/// Reads `METHOD path`, headers, an empty line and the body. Calendar bodies get their CRLFs.
pub(crate) fn request(text: &str) -> Request<Bytes> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, path) =
        lines.next().and_then(|line| line.trim_end_matches(" HTTP/1.1").split_once(' ')).expect("a request line");
    let mut request = Request::builder().method(method).uri(path);
    let mut calendar = false;
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header");
        calendar |= value.contains("text/calendar");
        request = request.header(name.trim(), value.trim());
    }
    let body = if calendar { body.replace('\n', "\r\n") } else { body.to_owned() };
    request.body(Bytes::from(body)).unwrap()
}

/// Writes a response: status, shown headers, and the body (XML indented).
pub(crate) fn write(response: &Response<Bytes>) -> String {
    let mut text = format!("HTTP/1.1 {}\n", response.status());
    for name in SHOWN {
        for value in response.headers().get_all(name) {
            text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
        }
    }
    text.push('\n');
    match parse(response.body()) {
        Ok(tree) => indent(&tree, 0, &mut text),
        Err(_) => text.push_str(&String::from_utf8_lossy(response.body()).replace("\r\n", "\n")),
    }
    text
}

/// Compares a response with the text of a fixture.
pub(crate) fn check(expected: &str, response: &Response<Bytes>) -> Result<(), String> {
    let actual = write(response);
    let (expected_head, expected_body) = expected.split_once("\n\n").unwrap_or((expected.trim_end(), ""));
    let (actual_head, actual_body) = actual.split_once("\n\n").unwrap_or((actual.trim_end(), ""));
    let head = |head: &str| head.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let fits = |(one, two): (&String, &String)| {
        one == two || one.split_once(": ").is_some_and(|(name, value)| value == ANY && two.starts_with(name))
    };
    let (one, two) = (head(expected_head), head(actual_head));
    if one.len() != two.len() || !one.iter().zip(&two).all(fits) {
        return Err(format!("head\n--- expected\n{expected_head}\n--- actual\n{actual}"));
    }
    let same = match (parse(expected_body.as_bytes()), parse(actual_body.as_bytes())) {
        (Ok(expected), Ok(actual)) => same(&expected, &actual),
        _ => expected_body.trim_end() == actual_body.trim_end(),
    };
    if same { Ok(()) } else { Err(format!("body\n--- expected\n{expected_body}\n--- actual\n{actual_body}")) }
}

/// Same names, attributes, text; children in any order.
fn same(expected: &Element, actual: &Element) -> bool {
    if expected.name != actual.name || expected.attributes != actual.attributes {
        return false;
    }
    let text = |element: &Element| element.text().replace("\r\n", "\n").trim().to_owned();
    if text(expected) == ANY {
        return true;
    }
    let mut left: Vec<&Element> = actual.children().collect();
    text(expected) == text(actual)
        && expected.children().all(|child| {
            let found = left.iter().position(|other| same(child, other));
            found.map(|index| left.remove(index)).is_some()
        })
        && left.is_empty()
}

fn indent(element: &Element, depth: usize, text: &mut String) {
    let space = "  ".repeat(depth);
    let name = name(element);
    let mut attributes: String =
        element.attributes.iter().map(|(name, value)| format!(" {}=\"{value}\"", attribute(name))).collect();
    if depth == 0 {
        attributes.push_str(" xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"");
        attributes.push_str(" xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\"");
    } else if name.starts_with("x:") {
        attributes.push_str(&format!(" xmlns:x=\"{}\"", element.name.namespace));
    }
    if element.content.is_empty() {
        text.push_str(&format!("{space}<{name}{attributes}/>\n"));
    } else if element.children().next().is_none() {
        let value = element.text().replace("\r\n", "\n").replace('&', "&amp;").replace('<', "&lt;");
        text.push_str(&format!("{space}<{name}{attributes}>{value}</{name}>\n"));
    } else {
        text.push_str(&format!("{space}<{name}{attributes}>\n"));
        for content in &element.content {
            match content {
                Content::Element(child) => indent(child, depth + 1, text),
                Content::Text(other) => text.push_str(&format!("{space}  {other}\n")),
            }
        }
        text.push_str(&format!("{space}</{name}>\n"));
    }
}

fn attribute(name: &QName) -> String {
    if name.namespace.is_empty() { name.local.clone() } else { format!("xml:{}", name.local) }
}

fn name(element: &Element) -> String {
    let prefix = match element.name.namespace.as_str() {
        "DAV:" => "D:",
        "urn:ietf:params:xml:ns:caldav" => "C:",
        "http://calendarserver.org/ns/" => "CS:",
        "http://apple.com/ns/ical/" => "A:",
        "" => "",
        _ => "x:",
    };
    format!("{prefix}{}", element.name.local)
}

#[test]
fn a_different_text_or_a_missing_child_is_noticed() {
    let tree = |text: &str| parse(text.as_bytes()).unwrap();
    assert!(same(&tree("<a><b/><c>1</c></a>"), &tree("<a> <c>1</c><b/> </a>")));
    assert!(same(&tree("<a>**ANY**</a>"), &tree("<a>x</a>")));
    for other in ["<a><b/></a>", "<a><b/><c>2</c></a>", "<a><b/><c>1</c><c>1</c></a>", "<a><b/><c x='1'>1</c></a>"] {
        assert!(!same(&tree("<a><b/><c>1</c></a>"), &tree(other)), "{other}");
    }
}
