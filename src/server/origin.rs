//! Refuses form submissions that another site sends.

use http::{HeaderMap, header};

/// Whether a POST comes from one of our own pages, or from no browser at all.
///
/// `Sec-Fetch-Site` decides where there is one. Otherwise `Origin` must be ours (the configured one, or that of the
/// address the request was sent to). `Origin: null` passes: browsers send it from our own pages that ask for
/// `no-referrer`; their forms carry tokens of their own.
pub(super) fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let field = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    if let Some(site) = field(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = field(header::ORIGIN) else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == "null" || origin.eq_ignore_ascii_case(public_url) || (host.is_some() && host == field(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(fields: &[(&'static str, &'static str)]) -> bool {
        let headers = fields
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect();
        is_ours(&headers, "https://book.example")
    }

    #[test]
    fn other_sites_are_refused() {
        assert!(!verdict(&[("sec-fetch-site", "cross-site"), ("origin", "https://book.example")]));
        assert!(!verdict(&[("sec-fetch-site", "same-site")]));
        assert!(!verdict(&[("origin", "https://evil.example"), ("host", "book.example")]));
    }

    #[test]
    fn our_pages_and_programs_pass() {
        assert!(verdict(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(verdict(&[("origin", "https://book.example")]));
        assert!(verdict(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")]));
        assert!(verdict(&[]));
    }
}
