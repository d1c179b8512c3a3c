//! `Content-Type` of what clients send. RFC 9110 §8.3.

use http::{HeaderMap, header};

/// Whether a PUT's body may be read as iCalendar: `text/calendar`, in UTF-8 if it says.
///
/// Quirk: some command-line clients send no type, or the generic `application/octet-stream`; both are taken.
pub fn is_calendar(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset")
            || ["utf-8", "us-ascii"].iter().any(|charset| value.eq_ignore_ascii_case(charset))
    });
    matches!(kind.as_str(), "" | "text/calendar" | "application/octet-stream") && utf8
}

/// Whether a request body that has a type says it is XML. RFC 4918 §8.2.
pub fn is_xml(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let Ok(value) = value.to_str() else { return false };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "text/xml" | "application/xml") || kind.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
        headers
    }

    #[test]
    fn calendars_come_as_text_calendar_in_utf8() {
        assert!(is_calendar(&HeaderMap::new()));
        assert!(is_calendar(&with("Text/Calendar; charset=\"UTF-8\"; component=VEVENT")));
        assert!(!is_calendar(&with("text/calendar; charset=iso-8859-1")));
        assert!(!is_calendar(&with("text/plain")));
    }

    #[test]
    fn xml_has_two_names() {
        assert!(is_xml(&with("text/xml; charset=utf-8")) && is_xml(&with("application/xml")));
        assert!(!is_xml(&with("application/json")));
    }
}
