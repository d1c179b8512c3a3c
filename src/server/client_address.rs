//! Who asks: the first address from the right that is not one of our proxies.

use std::net::IpAddr;

use http::HeaderMap;

/// How many hops of a forwarding chain are read.
const MOST_HOPS: usize = 16;

/// The client's address. `X-Forwarded-For` counts only when the connection itself comes from a trusted proxy, and only
/// as far as the chain of trusted proxies reaches.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(MOST_HOPS);
    for hop in hops {
        if !trusted(client) {
            break;
        }
        let Some(next) = address(hop.trim()) else { break };
        client = next;
    }
    client
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address(hop: &str) -> Option<IpAddr> {
    let plain = hop.parse::<IpAddr>().ok().or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|both| both.ip()));
    plain.or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).map(|found| found.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, |address| proxies.contains(&address)).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(asked("203.0.113.9", &["198.51.100.1"], &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(asked("10.0.0.1", &["1.2.3.4, 198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
    }

    #[test]
    fn trusted_hops_are_skipped_over_several_lines() {
        let seen = asked("10.0.0.1", &["1.2.3.4, 198.51.100.1", "10.0.0.2"], &["10.0.0.1", "10.0.0.2"]);
        assert_eq!(seen, "198.51.100.1");
        assert_eq!(asked("::ffff:10.0.0.1", &["[2001:db8::1]:80"], &["10.0.0.1"]), "2001:db8::1");
        assert_eq!(asked("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(asked("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }
}
