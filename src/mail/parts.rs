//! Reading back what [`super::compose`] wrote, for the page of captured mail. Reads our own mails only.

use data_encoding::BASE64;

/// What a mail holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// Header lines as they stand in the mail, unfolded.
    pub headers: Vec<(String, String)>,
    /// The plain text.
    pub plain: Option<String>,
    /// The HTML.
    pub html: Option<String>,
    /// The calendar part.
    pub calendar: Option<String>,
}

/// Takes one of our mails apart. What it does not understand is left out.
pub fn parts(mail: &[u8]) -> Parts {
    let text = String::from_utf8_lossy(mail);
    let mut found = Parts { headers: entity(&text).0, ..Parts::default() };
    collect(&text, 0, &mut found);
    found
}

type Headers = Vec<(String, String)>;

fn collect(text: &str, depth: u8, found: &mut Parts) {
    let (headers, body) = entity(text);
    let kind = header(&headers, "Content-Type");
    let encoding = header(&headers, "Content-Transfer-Encoding");
    match kind.split(';').next().unwrap_or_default().trim() {
        "multipart/mixed" | "multipart/alternative" if depth < 3 => {
            let Some(boundary) = kind.split("boundary=").nth(1).map(|rest| rest.trim_matches('"')) else { return };
            let delimiter = format!("--{boundary}");
            for part in body.split(delimiter.as_str()).skip(1).take_while(|part| !part.starts_with("--")) {
                collect(part.trim_start_matches("\r\n"), depth + 1, found);
            }
        }
        "text/plain" => found.plain = Some(decoded(body, encoding)),
        "text/html" => found.html = Some(decoded(body, encoding)),
        "text/calendar" => found.calendar = Some(decoded(body, encoding)),
        _ => {}
    }
}

/// The unfolded header and the body.
fn entity(text: &str) -> (Headers, &str) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.lines().filter_map(|line| line.split_once(':'));
    (lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect(), body)
}

fn header<'a>(headers: &'a Headers, name: &str) -> &'a str {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
}

fn decoded(body: &str, encoding: &str) -> String {
    match encoding {
        "base64" => {
            let compact: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            String::from_utf8_lossy(&BASE64.decode(compact.as_bytes()).unwrap_or_default()).into_owned()
        }
        "quoted-printable" => String::from_utf8_lossy(&unquoted(body)).into_owned(),
        _ => body.strip_suffix("\r\n").unwrap_or(body).to_owned(),
    }
}

/// RFC 2045 §6.7.
fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let joined = joined.strip_suffix("\r\n").unwrap_or(&joined);
    let mut out = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'=')
            .then(|| after.get(..2).and_then(|code| data_encoding::HEXUPPER_PERMISSIVE.decode(code).ok()))
            .flatten();
        match code {
            Some(byte) => {
                out.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}
