//! The lines in DNS by which calendar apps find the server from a mail address alone (RFC 6764 §3, §4).

/// Lines of a zone file for the domain of people's addresses; `None`: the server has no name that DNS could give.
pub(super) fn lines(public_url: &str, mail_domain: &str) -> Option<String> {
    let (scheme, rest) = public_url.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or(rest);
    let (service, usual) = if scheme == "https" { ("_caldavs", 443) } else { ("_caldav", 80) };
    let (host, port) = match authority.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        Some((host, port)) => (host, port),
        None => (authority, usual),
    };
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') || !host.contains('.') {
        return None;
    }
    let domain = if mail_domain.starts_with("localhost") { host } else { mail_domain };
    Some(format!("{service}._tcp.{domain}. SRV 0 1 {port} {host}.\n{service}._tcp.{domain}. TXT \"path=/dav/\""))
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn the_lines_name_service_host_and_port() {
        assert_eq!(
            lines("https://book.example.org", "example.org").unwrap(),
            "_caldavs._tcp.example.org. SRV 0 1 443 book.example.org.\n_caldavs._tcp.example.org. TXT \"path=/dav/\""
        );
        assert!(
            lines("http://book.example.org:8080", "localhost.localdomain")
                .unwrap()
                .contains("_caldav._tcp.book.example.org. SRV 0 1 8080 book.example.org.")
        );
        for none in ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080"] {
            assert_eq!(lines(none, "example.org"), None, "{none}");
        }
    }
}
