//! Where the calendars live under the host: from request paths to resources and back.

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

/// Longest path segment, decoded, in bytes.
pub const MAX_SEGMENT: usize = 255;

/// Where this crate's resources are mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    base: String,
}

/// What a request path names. Owners are lower-case addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// The base: where clients look for `current-user-principal`.
    Root,
    /// The collection of principals.
    Principals,
    /// One person.
    Principal(String),
    /// The collection of calendar homes.
    Homes,
    /// The calendar home of a person. RFC 4791 §6.2.1.
    Home(String),
    /// A calendar collection: owner and name.
    Collection(String, String),
    /// A calendar object: owner, collection, name.
    Member(String, String, String),
}

impl Path {
    /// The person the path belongs to; `None` for what everybody shares.
    pub fn owner(&self) -> Option<&str> {
        match self {
            Path::Root | Path::Principals | Path::Homes => None,
            Path::Principal(owner) | Path::Home(owner) | Path::Collection(owner, _) | Path::Member(owner, _, _) => {
                Some(owner)
            }
        }
    }
}

impl Site {
    /// A site at `base`, such as `/dav/` (missing slashes are added).
    pub fn new(base: &str) -> Self {
        let inner = base.trim_matches('/');
        Self { base: if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") } }
    }

    /// The base path, beginning and ending with a slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Reads a request path (percent-encoded, without query); a trailing slash makes no difference.
    ///
    /// `None`: nothing of this site can be there.
    pub fn parse(&self, path: &str) -> Option<Path> {
        let inner = match path.strip_prefix(&self.base) {
            Some(inner) => inner,
            None if Some(path) == self.base.strip_suffix('/') => "",
            None => return None,
        };
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if inner.is_empty() {
            return Some(Path::Root);
        }
        let segments = inner.split('/').map(decode).collect::<Option<Vec<_>>>()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["principals"] => Some(Path::Principals),
            ["principals", owner] => Some(Path::Principal(owner.to_lowercase())),
            ["calendars"] => Some(Path::Homes),
            ["calendars", owner] => Some(Path::Home(owner.to_lowercase())),
            ["calendars", owner, name] => Some(Path::Collection(owner.to_lowercase(), (*name).to_owned())),
            ["calendars", owner, collection, name] => {
                Some(Path::Member(owner.to_lowercase(), (*collection).to_owned(), (*name).to_owned()))
            }
            _ => None,
        }
    }

    /// Reads the content of a `DAV:href` or a `Destination`: a path, or a URI of any authority. RFC 4918 §8.3.
    pub fn parse_href(&self, href: &str) -> Option<Path> {
        let href = href.trim();
        let path = match href.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').and_then(|at| rest.get(at..))?,
            _ => href,
        };
        self.parse(path.split(['?', '#']).next().unwrap_or(path))
    }

    /// The percent-encoded path of a resource; collections end with a slash.
    pub fn href(&self, path: &Path) -> String {
        let mut href = self.base.clone();
        let segments: &[&str] = match path {
            Path::Root => &[],
            Path::Principals => &["principals"],
            Path::Principal(owner) => &["principals", owner],
            Path::Homes => &["calendars"],
            Path::Home(owner) => &["calendars", owner],
            Path::Collection(owner, name) => &["calendars", owner, name],
            Path::Member(owner, collection, name) => {
                self.push(&mut href, &["calendars", owner, collection]);
                encode(name, &mut href);
                return href;
            }
        };
        self.push(&mut href, segments);
        href
    }

    /// The path of a principal.
    pub fn principal(&self, owner: &str) -> String {
        self.href(&Path::Principal(owner.to_owned()))
    }

    /// The path of a calendar home.
    pub fn home(&self, owner: &str) -> String {
        self.href(&Path::Home(owner.to_owned()))
    }

    /// The path of a calendar collection.
    pub fn collection(&self, owner: &str, name: &str) -> String {
        self.href(&Path::Collection(owner.to_owned(), name.to_owned()))
    }

    /// The path of a calendar object.
    pub fn member(&self, owner: &str, collection: &str, name: &str) -> String {
        self.href(&Path::Member(owner.to_owned(), collection.to_owned(), name.to_owned()))
    }

    fn push(&self, href: &mut String, segments: &[&str]) {
        for segment in segments {
            encode(segment, href);
            href.push('/');
        }
    }
}

/// Decodes one segment; empty, dots, slashes, control characters, invalid UTF-8 and overlong ones name nothing.
fn decode(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    let bad = |character: char| character == '/' || character.is_control();
    let named = !decoded.is_empty() && decoded != "." && decoded != ".." && decoded.len() <= MAX_SEGMENT;
    (named && !decoded.contains(bad)).then(|| decoded.into_owned())
}

/// RFC 3986 §2.3 unreserved characters stay, and `@`, which §3.3 allows in a segment; the rest is encoded.
fn encode(segment: &str, href: &mut String) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            href.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(href, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_trailing_slashes_do_not_matter() {
        let site = Site::new("/dav/");
        assert_eq!(site.parse("/dav"), Some(Path::Root));
        assert_eq!(site.parse("/dav/principals/Ada%40example.org"), Some(Path::Principal("ada@example.org".into())));
        let home = Some(Path::Home("ada@example.org".into()));
        assert_eq!(site.parse("/dav/calendars/ada@example.org/"), home);
        assert_eq!(site.parse("/dav/calendars/ada%40example.org"), home);
        assert_eq!(
            site.parse("/dav/calendars/a@b.c/Work%20%C3%A9/x.ics"),
            Some(Path::Member("a@b.c".into(), "Work é".into(), "x.ics".into()))
        );
    }

    #[test]
    fn odd_paths_name_nothing() {
        let site = Site::new("dav");
        for path in [
            "/",
            "/davx",
            "/dav/other",
            "/dav/calendars/a/b/c/d",
            "/dav/calendars//x",
            "/dav/calendars/a/%2F",
            "/dav/calendars/a/%00",
            "/dav/calendars/a/%FF",
            "/dav/calendars/a/../b",
            "/dav/calendars/a/%2e%2e",
        ] {
            assert_eq!(site.parse(path), None, "{path}");
        }
        assert_eq!(site.parse(&format!("/dav/calendars/{}", "a".repeat(256))), None);
    }

    #[test]
    fn hrefs_read_back_as_the_path_they_were_made_of() {
        let site = Site::new("/dav/");
        let path = Path::Member("ada@example.org".into(), "Ça va?".into(), "100%&<a>.ics".into());
        let href = site.href(&path);
        assert_eq!(href, "/dav/calendars/ada@example.org/%C3%87a%20va%3F/100%25%26%3Ca%3E.ics");
        assert_eq!(site.parse_href(&href), Some(path.clone()));
        assert_eq!(site.parse_href(&format!("https://calendar.example.org{href}")), Some(path));
        assert_eq!(site.parse_href("https://calendar.example.org"), None);
    }
}
