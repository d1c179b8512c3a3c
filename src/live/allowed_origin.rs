//! Which pages may open a connection: browsers name the page's origin, and let any page try.

use http::Uri;

/// Whether a connection asked for by a page of this origin is welcome. Programs that are no browsers name none; cookies
/// of a visitor never reach them. A server on a loopback address answers to all names of this machine.
pub(super) fn is_allowed(origin: Option<&str>, public_url: &str) -> bool {
    let Some(origin) = origin else { return true };
    let (Some(theirs), Some(ours)) = (Site::of(origin), Site::of(public_url)) else { return false };
    let same_host = theirs.host == ours.host || (is_this_machine(&theirs.host) && is_this_machine(&ours.host));
    same_host && theirs.scheme == ours.scheme && theirs.port == ours.port
}

#[derive(Debug)]
struct Site {
    scheme: String,
    host: String,
    port: u16,
}

impl Site {
    fn of(address: &str) -> Option<Self> {
        let address: Uri = address.parse().ok()?;
        let scheme = address.scheme_str()?.to_ascii_lowercase();
        let port = address.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        Some(Self { scheme, host: address.host()?.to_ascii_lowercase(), port })
    }
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_are_welcome() {
        let ours = "https://book.example";
        assert!(is_allowed(None, ours));
        for origin in ["https://book.example", "https://BOOK.example", "https://book.example:443"] {
            assert!(is_allowed(Some(origin), ours), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://book.example",
            "https://book.example:8443",
            "https://book.example.evil.example",
            "https://evil.example",
            "http://localhost:443",
        ] {
            assert!(!is_allowed(Some(origin), ours), "{origin}");
        }
    }

    #[test]
    fn a_server_on_this_machine_answers_to_all_its_names() {
        let ours = "http://127.0.0.1:8080";
        assert!(is_allowed(Some("http://localhost:8080"), ours));
        assert!(is_allowed(Some("http://[::1]:8080"), ours));
        assert!(!is_allowed(Some("http://localhost:9000"), ours));
        assert!(!is_allowed(Some("http://localhost.evil.example:8080"), ours));
    }
}
