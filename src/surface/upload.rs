//! `multipart/form-data` (RFC 7578): forms that send a file.

/// More parts than any of our forms has; the rest is not read.
const MOST_PARTS: usize = 16;

/// What a form sent, by the names of its fields: bytes as they are.
#[derive(Debug, Default)]
pub struct Upload<'a>(Vec<(String, &'a [u8])>);

impl<'a> Upload<'a> {
    /// Reads a body with this `Content-Type`; what is no such form is an empty one.
    pub fn parse(media_type: &str, body: &'a [u8]) -> Self {
        let Some(boundary) = boundary(media_type) else { return Self::default() };
        let delimiter = [b"--", boundary.as_bytes()].concat();
        let mut parts = Vec::new();
        let mut rest = after(body, &delimiter);
        while let Some(part) = rest.filter(|part| !part.starts_with(b"--") && parts.len() < MOST_PARTS) {
            let inner = [b"\r\n", delimiter.as_slice()].concat();
            let Some(end) = find(part, &inner) else { break };
            if let Some(found) = part.get(..end).and_then(read) {
                parts.push(found);
            }
            rest = part.get(end + inner.len()..);
        }
        Self(parts)
    }

    /// The first field of this name.
    pub fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find_map(|(found, content)| (found == name).then_some(*content))
    }

    /// The same as text; empty when it is missing or none.
    pub fn text(&self, name: &str) -> &'a str {
        self.bytes(name).and_then(|content| std::str::from_utf8(content).ok()).unwrap_or_default()
    }
}

fn boundary(media_type: &str) -> Option<&str> {
    let (essence, parameters) = media_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let (_, value) = parameters
        .split(';')
        .filter_map(|one| one.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim().trim_matches('"');
    (1..=70).contains(&value.len()).then_some(value)
}

/// Name and content of what stands between two delimiters.
fn read(part: &[u8]) -> Option<(String, &[u8])> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(part.get(..end)?).ok()?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, after) = disposition.split_once("; name=\"")?;
    let (name, _) = after.split_once('"')?;
    Some((name.to_owned(), part.get(end + 4..)?))
}

fn after<'b>(text: &'b [u8], what: &[u8]) -> Option<&'b [u8]> {
    find(text, what).and_then(|at| text.get(at + what.len()..))
}

/// Where `what` stands.
fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=----xyz";

    #[test]
    fn fields_and_files_are_read_as_they_were_sent() {
        let body = b"------xyz\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nsecret\r\n\
                     ------xyz\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\
                     Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n--\xff\r\n------xyz--\r\n";
        let upload = Upload::parse(TYPE, body);
        assert_eq!(upload.text("form"), "secret");
        assert_eq!(upload.bytes("picture"), Some(&b"\x89PNG\r\n\r\n--\xff"[..]));
        assert_eq!(upload.bytes("other"), None);
    }

    #[test]
    fn what_is_no_such_form_is_empty() {
        for (media_type, body) in [
            ("text/plain", &b"------xyz\r\n"[..]),
            ("multipart/form-data", b"------xyz\r\n"),
            ("multipart/form-data; boundary=", b"--\r\n"),
            (TYPE, b""),
            (TYPE, b"------xyz"),
            (TYPE, b"------xyz\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nno end"),
            (TYPE, b"------xyz\r\nno head\r\n------xyz--"),
        ] {
            assert!(Upload::parse(media_type, body).0.is_empty(), "{media_type}");
        }
        let many = "------xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(1_000);
        assert!(Upload::parse(TYPE, many.as_bytes()).0.len() <= MOST_PARTS);
    }
}
