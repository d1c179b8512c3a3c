//! `Prefer: return=minimal` and Microsoft's older `Brief: t`. RFC 7240 §4.2, RFC 8144.

use http::HeaderMap;

/// What the client prefers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prefer {
    /// Leave out what is only repeated or missing. RFC 8144 §2.
    pub minimal: bool,
    /// Send the new representation along. RFC 8144 §3.
    pub representation: bool,
}

impl Prefer {
    /// Reads the headers; what is not understood is ignored, as RFC 7240 §2 wants.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        for value in headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()) {
            for preference in value.split([',', ';']) {
                match preference.replace(['"', ' ', '\t'], "").to_ascii_lowercase().as_str() {
                    "return=minimal" | "return-minimal" => prefer.minimal = true,
                    "return=representation" => prefer.representation = true,
                    _ => {}
                }
            }
        }
        if headers.get("brief").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"t")) {
            prefer.minimal = true;
        }
        prefer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_headers_ask_for_little() {
        let of = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            Prefer::of(&headers).minimal
        };
        assert!(of("prefer", "return=minimal"));
        assert!(of("prefer", "respond-async, return=\"minimal\""));
        assert!(of("brief", "t"));
        assert!(!of("prefer", "return=representation"));
        assert!(!of("brief", "f"));
    }
}
