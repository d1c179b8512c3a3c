//! Which addresses of the internet we connect to when somebody else chose the name: public ones only (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one that anybody on the internet may be asked to connect to: not this machine, not a private
/// network, not a special-purpose range, in whatever form an IPv4 address is written inside an IPv6 one.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The registry of special-purpose IPv4 addresses (RFC 6890 and later), and multicast.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

/// Only what is handed out to the world (2000::/3), without what is set apart in it; an IPv4 address inside counts as
/// itself.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // IPv4-mapped, RFC 4291 §2.5.5.2.
        [0, 0, 0, 0, 0, 0xffff, high, low] => v4(high, low),
        // NAT64: the well-known prefix, RFC 6052.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4, RFC 3056.
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo carries the client's IPv4 address inverted, RFC 4380; others of 2001::/23 are not for everybody.
        [0x2001, 0, .., high, low] => v4(!high, !low),
        [0x2001, ..=0x01ff, ..] => false,
        // Documentation, RFC 3849 and RFC 9637; segment routing, RFC 9602, lies outside 2000::/3.
        [0x2001, 0xdb8, ..] | [0x3fff, ..=0x0fff, ..] => false,
        // AS112, RFC 7534.
        [0x2620, 0x4f, 0x8000, ..] => false,
        // ISATAP puts an IPv4 address last, RFC 5214.
        [first, _, _, _, 0 | 0x200, 0x5efe, high, low] if first & 0xe000 == 0x2000 => v4(high, low),
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn addresses_of_the_world_are_public() {
        for text in ["142.250.1.1", "1.1.1.1", "192.0.1.1", "2607:f8b0:4005::1", "2a00:1450::1", "2001:4860::8888"] {
            assert!(public(text), "{text}");
        }
        for text in ["::ffff:142.250.1.1", "64:ff9b::142.250.1.1", "2002:8efa:101::1", "2001:0:1:2:3:4:7105:fefe"] {
            assert!(public(text), "{text}");
        }
    }

    #[test]
    fn this_machine_and_private_networks_are_not_in_any_form() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!public(text), "{text}");
            assert!(!public(&format!("::ffff:{text}")), "mapped {text}");
            assert!(!public(&format!("64:ff9b::{text}")), "NAT64 {text}");
            assert!(!public(&format!("::{text}")), "compatible {text}");
            let [a, b, c, d] = text.parse::<Ipv4Addr>().unwrap().octets();
            assert!(!public(&format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1")), "6to4 {text}");
            let not = |byte: u8| !byte;
            let teredo = format!("2001:0:1:2:3:4:{:02x}{:02x}:{:02x}{:02x}", not(a), not(b), not(c), not(d));
            assert!(!public(&teredo), "Teredo {text}");
            assert!(!public(&format!("2a00:1:2:3:0:5efe:{text}")), "ISATAP {text}");
        }
        for text in [
            "::",
            "::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "64:ff9b:1::1",
            "2001:db8::1",
            "2001:10::1",
            "2001:2::1",
            "3fff::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(!public(text), "{text}");
        }
    }
}
