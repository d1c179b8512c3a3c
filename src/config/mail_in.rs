//! Where mail comes in.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

/// Where to listen: an address and port, or a socket file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// `127.0.0.1:24`
    Tcp(SocketAddr),
    /// `unix:/run/openhour/lmtp`
    Unix(PathBuf),
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(_) => Err("must be unix: and a path that begins with /".into()),
            None => text.parse().map(Self::Tcp).map_err(|_| {
                "must be an address and port such as 127.0.0.1:24, or a socket file such as unix:/run/openhour/lmtp"
                    .into()
            }),
        }
    }
}

/// How the way to the mailbox is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte, port 993.
    Tls,
    /// TLS after STARTTLS, port 143.
    StartTls,
    /// None: this machine only.
    None,
}

/// A mailbox: `imaps://user:password@host:993/INBOX`.
#[derive(Clone, PartialEq, Eq)]
pub struct ImapAccount {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is secured.
    pub security: Security,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub password: String,
    /// The mailbox; `INBOX` unless named.
    pub mailbox: String,
    /// A file with certificates (PEM) that are believed instead of the public ones: `?ca=/etc/ssl/own.pem`.
    pub authorities: Option<PathBuf>,
}

impl std::fmt::Debug for ImapAccount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.name())
    }
}

impl ImapAccount {
    /// The mailbox without its secret, for logs and for remembering what was read in it.
    pub fn name(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.mailbox)
    }
}

const EXPECTED: &str = "must be imaps://user:password@host/INBOX; imap:// only to this machine or with ?tls=starttls";

impl FromStr for ImapAccount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || EXPECTED.to_owned();
        let (scheme, rest) = text.split_once("://").ok_or_else(expected)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, mailbox) = place.split_once('/').unwrap_or((place, ""));
        let (who, place) = authority.rsplit_once('@').ok_or_else(expected)?;
        let (user, password) = who.split_once(':').ok_or_else(expected)?;
        let (mut tls, mut authorities) = (None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tls", "starttls")) => tls = Some(Security::StartTls),
                Some(("ca", file)) if !file.is_empty() => authorities = Some(PathBuf::from(decoded(file)?)),
                _ => return Err(format!("{EXPECTED}; `{pair}` is not known")),
            }
        }
        let (host, port) = host_and_port(place).ok_or_else(expected)?;
        let security = match (scheme, tls) {
            ("imaps", None) => Security::Tls,
            ("imap", Some(security)) => security,
            ("imap", None) if is_loopback(&host) => Security::None,
            _ => return Err(expected()),
        };
        let port = port.unwrap_or(if security == Security::Tls { 993 } else { 143 });
        let mailbox = if mailbox.is_empty() { "INBOX".to_owned() } else { decoded(mailbox)? };
        let account =
            Self { host, port, security, user: decoded(user)?, password: decoded(password)?, mailbox, authorities };
        let is_clean = |text: &str| !text.is_empty() && text.len() <= 512 && !text.chars().any(char::is_control);
        let clean = [&account.user, &account.password, &account.mailbox].into_iter().all(|text| is_clean(text));
        if clean { Ok(account) } else { Err(expected()) }
    }
}

fn host_and_port(place: &str) -> Option<(String, Option<u16>)> {
    let (host, rest) = match place.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?,
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let port = match rest.strip_prefix(':') {
        Some(port) => Some(port.parse().ok()?),
        None if rest.is_empty() => None,
        None => return None,
    };
    let good = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    good.then(|| (host.to_owned(), port))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn decoded(text: &str) -> Result<String, String> {
    percent_decode_str(text).decode_utf8().map(|text| text.into_owned()).map_err(|_| EXPECTED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_read_and_its_secret_never_shown() {
        let account: ImapAccount = "imaps://robot%40example.org:p%3Aw@mail.example.org/Open%20hours".parse().unwrap();
        assert_eq!((account.host.as_str(), account.port, account.security), ("mail.example.org", 993, Security::Tls));
        assert_eq!((account.user.as_str(), account.password.as_str()), ("robot@example.org", "p:w"));
        assert_eq!(account.mailbox, "Open hours");
        assert!(!format!("{account:?}").contains("p:w"));
        let account: ImapAccount = "imap://u:p@mail.example.org:1143?tls=starttls&ca=/x.pem".parse().unwrap();
        assert_eq!((account.port, account.security), (1143, Security::StartTls));
        assert_eq!(account.authorities, Some("/x.pem".into()));
        let account: ImapAccount = "imap://u:p@[::1]/".parse().unwrap();
        assert_eq!((account.host.as_str(), account.port, account.mailbox.as_str()), ("::1", 143, "INBOX"));
    }

    #[test]
    fn a_mailbox_far_away_is_not_read_in_the_clear() {
        for wrong in [
            "imap://u:p@mail.example.org/INBOX",
            "imaps://mail.example.org/INBOX",
            "imaps://u@mail.example.org",
            "imaps://u:p@mail.example.org?tls=none",
            "imaps://u:p%0D%0AX@mail.example.org",
            "pop3://u:p@mail.example.org",
            "imaps://u:p@:993",
            "mail.example.org",
        ] {
            assert!(wrong.parse::<ImapAccount>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_to_listen_is_a_port_or_a_file() {
        assert_eq!("127.0.0.1:24".parse(), Ok(Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 24)))));
        assert_eq!("unix:/run/lmtp".parse(), Ok(Listen::Unix("/run/lmtp".into())));
        assert!("unix:run/lmtp".parse::<Listen>().is_err());
        assert!("24".parse::<Listen>().is_err());
    }
}
