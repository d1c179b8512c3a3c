//! gzip for those who take it (RFC 9110 §8.4, §12.5.3).

use http::{HeaderMap, StatusCode, header};

use super::{Answer, bytes, set};
use crate::desk::squeezed::Squeezable;

/// Content as the reader takes it. The caller says by `Vary` that it depends on `Accept-Encoding`.
pub fn squeezed(headers: &HeaderMap, media_type: &'static str, content: &Squeezable) -> Answer {
    if !takes_gzip(headers) {
        return bytes(StatusCode::OK, media_type, content.plain());
    }
    let mut answer = bytes(StatusCode::OK, media_type, content.squeezed());
    set(&mut answer, header::CONTENT_ENCODING, "gzip");
    answer
}

/// Whether the reader takes gzip.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut any = None;
    for item in lists.flat_map(|list| list.split(',')).take(20) {
        let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().to_ascii_lowercase();
        let wanted = weight.strip_prefix("q=").is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => return wanted,
            "*" => any = Some(wanted),
            _ => {}
        }
    }
    any.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_goes_to_those_who_ask_for_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, http::HeaderValue::from_static(value));
            takes_gzip(&headers)
        };
        for value in ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, GZIP;q=0.8", "*", "deflate, *;q=0.5"] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "gzip;q=x"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
