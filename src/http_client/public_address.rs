//! Addresses that somebody else chose, as far as their text tells: https on its own ports, without users.

use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;

/// Characters of an address.
const LONGEST: usize = 2_000;

/// Hosts that may be fetched from although they are not on the public internet, as they stand in an address: names or
/// IP addresses. For them any port and `http://` will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateHosts(Vec<String>);

impl FromStr for PrivateHosts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hosts: Vec<String> =
            text.split(',').map(|host| host.trim().to_lowercase()).filter(|host| !host.is_empty()).collect();
        let good = |host: &String| {
            let address = host.parse::<IpAddr>().is_ok();
            address || host.len() <= 253 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        };
        let expected = || "must be names or IP addresses of hosts, separated by commas, without ports".into();
        if hosts.iter().all(good) { Ok(Self(hosts)) } else { Err(expected()) }
    }
}

impl PrivateHosts {
    pub(super) fn has(&self, host: &str) -> bool {
        self.0.iter().any(|listed| listed.eq_ignore_ascii_case(host))
    }
}

/// An address that may be asked for, as far as its text tells. Its path may be a secret: it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) secure: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) path: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Address({})", self.host)
    }
}

/// Why a text is no address that we fetch from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAddress {
    /// It is no web address at all.
    Nonsense,
    /// It is `http://`, or another protocol.
    NotHttps,
    /// It has a user name in it.
    UserInfo,
    /// It names another port than 443 or 80.
    Port,
}

impl Address {
    /// Reads `https://...` or `webcal://...`; for hosts that the administrator listed also `http://` and any port.
    ///
    /// # Errors
    /// [`NoAddress`].
    pub fn parse(text: &str, private: &PrivateHosts) -> Result<Self, NoAddress> {
        let text = text.trim().split('#').next().unwrap_or_default();
        if text.len() > LONGEST {
            return Err(NoAddress::Nonsense);
        }
        let (scheme, rest) = text.split_once("://").ok_or(NoAddress::Nonsense)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" | "webcal" | "webcals" => "https",
            "http" => "http",
            _ => return Err(NoAddress::NotHttps),
        };
        let uri: Uri = format!("{scheme}://{rest}").parse().map_err(|_| NoAddress::Nonsense)?;
        let authority = uri.authority().ok_or(NoAddress::Nonsense)?;
        if authority.as_str().contains('@') {
            return Err(NoAddress::UserInfo);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_lowercase();
        if host.is_empty() {
            return Err(NoAddress::Nonsense);
        }
        let secure = scheme == "https";
        let after_host = authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, rest)| rest);
        let port = match authority.port_u16() {
            Some(port) => port,
            None if after_host.contains(':') => return Err(NoAddress::Nonsense),
            None if secure => 443,
            None => 80,
        };
        if !private.has(&host) {
            if !secure {
                return Err(NoAddress::NotHttps);
            }
            if port != 443 && port != 80 {
                return Err(NoAddress::Port);
            }
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self { secure, host, port, path: if path.is_empty() { "/".into() } else { path.into() } })
    }

    /// The host, lower case; no secret.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Path and query. A secret.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole address in one spelling. A secret.
    pub fn reveal(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority(), self.path)
    }

    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// Where a redirect from here leads. RFC 9110 §10.2.2.
    pub(super) fn redirected(&self, to: &str, private: &PrivateHosts) -> Option<Self> {
        let origin = format!("{}://{}", if self.secure { "https" } else { "http" }, self.authority());
        let folder =
            self.path.split('?').next().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let scheme = to.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
        let whole = match to {
            to if scheme => to.to_owned(),
            to if to.starts_with("//") => format!("{}:{to}", if self.secure { "https" } else { "http" }),
            to if to.starts_with('/') => format!("{origin}{to}"),
            to if to.starts_with('?') => format!("{origin}{}{to}", self.path.split('?').next().unwrap_or("/")),
            to => format!("{origin}{folder}/{to}"),
        };
        Self::parse(&whole, private).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, NoAddress> {
        Address::parse(text, &PrivateHosts::default()).map(|address| address.reveal())
    }

    #[test]
    fn addresses_are_https_on_its_ports_without_users() {
        for (text, means) in [
            ("https://calendar.example.org/a/basic.ics?x=1", "https://calendar.example.org/a/basic.ics?x=1"),
            (" WEBCAL://Calendar.example.org./a#top ", "https://calendar.example.org/a"),
            ("https://x.example", "https://x.example/"),
            ("https://x.example:443/a", "https://x.example/a"),
            ("https://x.example:80/a", "https://x.example:80/a"),
            ("https://[2a00::1]/a", "https://[2a00::1]/a"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(means), "{text}");
        }
        for (text, why) in [
            ("http://x.example/a", NoAddress::NotHttps),
            ("ftp://x.example/a", NoAddress::NotHttps),
            ("file:///etc/passwd", NoAddress::NotHttps),
            ("https://ana:secret@x.example/a", NoAddress::UserInfo),
            ("https://ana@x.example/a", NoAddress::UserInfo),
            ("https://x.example:8443/a", NoAddress::Port),
            ("https://x.example:22/", NoAddress::Port),
            ("https://x.example:99999/", NoAddress::Nonsense),
            ("https:///a", NoAddress::Nonsense),
            ("calendar.example.org/a.ics", NoAddress::Nonsense),
            ("ana@example.org", NoAddress::Nonsense),
            ("", NoAddress::Nonsense),
            ("https://x.example/a b", NoAddress::Nonsense),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_listed_host_may_be_asked_in_any_way() {
        let private = PrivateHosts::from_str("127.0.0.1, Cal.lan").unwrap();
        let read = |text: &str| Address::parse(text, &private).map(|address| address.reveal());
        assert_eq!(read("http://cal.lan:8080/a").as_deref(), Ok("http://cal.lan:8080/a"));
        assert_eq!(read("http://127.0.0.1:1/a").as_deref(), Ok("http://127.0.0.1:1/a"));
        assert_eq!(read("http://127.0.0.2:1/a"), Err(NoAddress::NotHttps));
        assert_eq!(read("http://ana@127.0.0.1/a"), Err(NoAddress::UserInfo));
        assert!(PrivateHosts::from_str("http://cal.lan").is_err());
    }

    #[test]
    fn redirects_are_read_as_browsers_do_and_checked_as_the_first_address() {
        let from = Address::parse("https://x.example/a/b.ics?c=d", &PrivateHosts::default()).unwrap();
        let to = |location: &str| from.redirected(location, &PrivateHosts::default()).map(|address| address.reveal());
        assert_eq!(to("/e").as_deref(), Some("https://x.example/e"));
        assert_eq!(to("e.ics?f=http://g").as_deref(), Some("https://x.example/a/e.ics?f=http://g"));
        assert_eq!(to("?e").as_deref(), Some("https://x.example/a/b.ics?e"));
        assert_eq!(to("//y.example/e").as_deref(), Some("https://y.example/e"));
        assert_eq!(to("webcal://y.example/e").as_deref(), Some("https://y.example/e"));
        for location in
            ["http://x.example/a", "https://u@x.example/", "https://x.example:8080/", "file:///etc", "javascript:1"]
        {
            assert_eq!(to(location), None, "{location}");
        }
    }
}
