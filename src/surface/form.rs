//! `application/x-www-form-urlencoded`, read within limits and written.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// More fields than any of our forms has; the rest is not read.
const MOST_FIELDS: usize = 96;
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Decoded names and values in their order.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form; parts that are not UTF-8 are read with replacement characters.
    pub fn parse(text: &[u8]) -> Self {
        let fields = text.split(|&byte| byte == b'&').filter(|part| !part.is_empty()).take(MOST_FIELDS);
        Self(
            fields
                .map(|part| {
                    let split = part.iter().position(|&byte| byte == b'=');
                    let (name, value) = split.map_or((part, &[][..]), |at| (&part[..at], &part[at + 1..]));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(found, value)| (found == name).then_some(value.as_str()))
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field without white space around it; empty when the field is missing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }
}

/// Escapes a value for a query string or a path segment.
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, ESCAPED).to_string()
}

fn decode(part: &[u8]) -> String {
    let spaced: Vec<u8> = part.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_and_the_first_of_a_name_counts() {
        let form = Form::parse(b"name=Mia+K%C3%BChn&name=other&empty&tz=Europe%2FVienna&x=%FF");
        assert_eq!(form.get("name"), Some("Mia Kühn"));
        assert_eq!(form.get("empty"), Some(""));
        assert_eq!(form.get("tz"), Some("Europe/Vienna"));
        assert_eq!(form.get("x"), Some("\u{fffd}"));
        assert_eq!(form.get("missing"), None);
    }

    #[test]
    fn no_more_fields_than_the_limit_are_read() {
        let many = (0..1000).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&");
        let form = Form::parse(many.as_bytes());
        assert_eq!(form.get("f95"), Some("1"));
        assert_eq!(form.get("f96"), None);
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        let value = "a b&c=d/ü+%";
        let text = format!("v={}", encode(value));
        assert_eq!(Form::parse(text.as_bytes()).get("v"), Some(value));
    }
}
