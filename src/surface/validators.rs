//! ETag, If-None-Match and If-Modified-Since (RFC 9110 §8.8, §13).

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, header};

/// A strong entity tag: the quoted value. Characters that a tag may not hold are left out.
pub fn strong(value: &str) -> String {
    let value: String = value.chars().filter(|c| c.is_ascii_graphic() && *c != '"').collect();
    format!("\"{value}\"")
}

/// Whether the client's copy is still good, so that 304 is the answer.
///
/// `If-None-Match` decides alone when it is there (RFC 9110 §13.2.2), compared weakly; else `If-Modified-Since` against
/// `modified` (UTC seconds).
pub fn fresh(headers: &HeaderMap, etag: &str, modified: Option<i64>) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
            value.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
        });
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    match (modified, since.and_then(|value| httpdate::parse_http_date(value).ok())) {
        (Some(modified), Some(since)) => {
            let modified = UNIX_EPOCH + Duration::from_secs(u64::try_from(modified).unwrap_or(0));
            modified <= since
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (name.clone(), http::HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        assert!(fresh(&headers(&[(header::IF_NONE_MATCH, "\"a\", W/\"b\"")]), "\"b\"", None));
        assert!(fresh(&headers(&[(header::IF_NONE_MATCH, "*")]), "\"b\"", None));
        assert!(!fresh(&headers(&[(header::IF_NONE_MATCH, "\"a\"")]), "\"b\"", None));
    }

    #[test]
    fn a_date_counts_only_without_a_tag() {
        let date = (header::IF_MODIFIED_SINCE, "Fri, 20 Nov 2026 10:00:00 GMT");
        let modified = 1_795_168_800;
        assert!(fresh(&headers(std::slice::from_ref(&date)), "\"b\"", Some(modified)));
        assert!(!fresh(&headers(std::slice::from_ref(&date)), "\"b\"", Some(modified + 1)));
        assert!(!fresh(&headers(&[date, (header::IF_NONE_MATCH, "\"a\"")]), "\"b\"", Some(modified)));
    }

    #[test]
    fn a_tag_holds_no_quote() {
        assert_eq!(strong("a\"b c"), "\"abc\"");
    }
}
