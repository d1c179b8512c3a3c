//! On which other sites a team's open times may be shown in a frame: their origins, as a browser compares them
//! (RFC 6454 §6.2).

/// Sites a team may name.
pub const MOST_SITES: usize = 20;

/// The sites in a text, white space or commas between them, tidy.
pub fn read_sites(text: &str) -> Vec<String> {
    let parts: Vec<String> = text.split([' ', '\t', '\n', '\r', ',']).map(str::to_owned).collect();
    tidy_sites(&parts)
}

/// As they are kept: in lower case, without a slash at the end, each once.
pub fn tidy_sites(sites: &[String]) -> Vec<String> {
    let mut tidy: Vec<String> = Vec::new();
    for site in sites {
        let site = site.trim().to_lowercase();
        let site = site.strip_suffix('/').unwrap_or(&site);
        if !site.is_empty() && !tidy.iter().any(|known| known == site) {
            tidy.push(site.to_owned());
        }
    }
    tidy
}

/// Whether this is the origin of a site: `https://`, a host's name in ASCII, a port if it has one, and nothing else. This
/// machine may do without encryption, so that a page can be tried at home. Holds no character that means anything in a
/// header field.
pub fn is_site(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else { return false };
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let secure = scheme == "https" || (scheme == "http" && matches!(host, "localhost" | "127.0.0.1"));
    secure && is_host(host) && port.is_none_or(is_port)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let ordinary = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (1..=63).contains(&label.len()) && ordinary && !label.starts_with('-') && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

fn is_port(port: &str) -> bool {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    digits && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_read_in_any_order_and_kept_tidy() {
        let read = read_sites("https://Www.Example.org/, https://www.example.org\n https://blog.example:8443 ");
        assert_eq!(read, ["https://www.example.org", "https://blog.example:8443"]);
        assert_eq!(read_sites(&read.join(" ")), read);
        assert!(read_sites(" \n").is_empty());
    }

    #[test]
    fn only_origins_are_sites() {
        for good in ["https://www.example.org", "https://xn--bcher-kva.example:8443", "http://127.0.0.1:8000"] {
            assert!(is_site(good), "{good}");
        }
        for wrong in [
            "www.example.org",
            "http://www.example.org",
            "https://",
            "https://*.example.org",
            "https://www.example.org/page",
            "https://ana@www.example.org",
            "https://www.example.org;script-src",
            "https://www.example.org 'self'",
            "https://bücher.example",
            "https://www.example.org:",
            "https://www.example.org:0",
            "https://www.example.org:99999",
            "https://-a.example",
            "https://[::1]",
            "*",
            "'none'",
        ] {
            assert!(!is_site(wrong), "{wrong}");
        }
    }
}
