//! The kinds of value a setting takes.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::google::{self, GoogleMeet};
use crate::db::Target;

/// How the robot's and the bookings' addresses are written: `{tag}` stands for the tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddresses(Option<String>);

impl Default for MailAddresses {
    /// `{tag}@<domain of mail_from>`
    fn default() -> Self {
        Self(None)
    }
}

impl MailAddresses {
    /// The address for a tag, such as `r-<token>`.
    pub fn of(&self, tag: &str, mail_domain: &str) -> String {
        match &self.0 {
            Some(pattern) => pattern.replace("{tag}", tag),
            None => format!("{tag}@{mail_domain}"),
        }
    }

    /// The tag in an address, lower case; `None`: the address is not written so.
    pub fn tag_of(&self, address: &str, mail_domain: &str) -> Option<String> {
        let own = format!("{{tag}}@{mail_domain}").to_lowercase();
        let (before, after) = self.0.as_deref().unwrap_or(&own).split_once("{tag}")?;
        let address = address.to_lowercase();
        let tag = address.strip_prefix(before)?.strip_suffix(after)?;
        (!tag.is_empty()).then(|| tag.to_owned())
    }
}

impl FromStr for MailAddresses {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let right = text.matches("{tag}").count() == 1 && is_address(&text.replace("{tag}", "r-tag"));
        if right { Ok(Self(Some(text.to_lowercase()))) } else { Err("must look like {tag}@example.org".into()) }
    }
}

/// What is written to standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed for good.
    Error,
    /// And what went wrong but was mended.
    Warn,
    /// And what an administrator may want to know.
    #[default]
    Info,
    /// And every answer, by the pattern of its route.
    Debug,
}

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "info" => Ok(Self::Info),
            "debug" => Ok(Self::Debug),
            _ => Err("must be error, warn, info or debug".into()),
        }
    }
}

/// Where meeting links come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetingLinks {
    /// `jitsi:https://meet.example.org`: an unguessable room there; no account needed.
    Jitsi(String),
    /// `template:https://example.org/room/{id}`: this address, `{id}` replaced by an unguessable word where it stands.
    Template(String),
    /// `google:FILE`: a Google Meet space for each session, with the account in this file.
    Google(Box<GoogleMeet>),
}

impl Default for MeetingLinks {
    fn default() -> Self {
        Self::Jitsi("https://meet.jit.si".into())
    }
}

impl FromStr for MeetingLinks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "must be jitsi:https://..., template:https://... or google:FILE";
        let (kind, url) = text.split_once(':').ok_or(expected)?;
        if kind == "google" {
            return google::read(Path::new(url)).map(|meet| Self::Google(Box::new(meet)));
        }
        let url = web_address(url).map_err(|_| expected)?;
        match kind {
            "jitsi" => Ok(Self::Jitsi(url)),
            "template" => Ok(Self::Template(url)),
            _ => Err(expected.into()),
        }
    }
}

/// An address or a network, `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_prefix(own.to_bits().into(), other.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same_prefix(own.to_bits(), other.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

fn same_prefix(one: u128, other: u128, width: u8, bits: u8) -> bool {
    bits == 0 || (one ^ other) >> (width - bits.min(width)) == 0
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "must be addresses or networks such as 10.0.0.0/8, separated by commas";
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| expected)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().ok().filter(|bits| *bits <= width).ok_or(expected)?,
            None => width,
        };
        Ok(Self { address, bits })
    }
}

/// `sqlite:FILE` or `postgres://...`.
///
/// # Errors
/// What it should look like.
pub fn database(text: &str) -> Result<Target, String> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(Target::Postgres(text.into()));
    }
    let file = text.strip_prefix("sqlite:").ok_or("must be sqlite:FILE or postgres://...")?;
    let file = file.strip_prefix("//").unwrap_or(file);
    if file.is_empty() {
        return Err("must be sqlite:FILE or postgres://...".into());
    }
    Ok(Target::Sqlite(PathBuf::from(file)))
}

/// An `http://` or `https://` address without spaces, and without a slash at the end.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let good = rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`|".contains(c))
    });
    if good { Ok(text.trim_end_matches('/').to_owned()) } else { Err("must be an http:// or https:// address".into()) }
}

/// `15m`, `24h`, `2d`, `90s`, or plain `0`.
///
/// # Errors
/// What it should look like.
pub fn duration(text: &str) -> Result<i64, String> {
    let expected = || "must be a duration such as 15m, 24h or 2d".to_owned();
    if text == "0" {
        return Ok(0);
    }
    let unit = text.chars().last().ok_or_else(expected)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(expected()),
    };
    let number = text.get(..text.len() - 1).ok_or_else(expected)?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(expected());
    }
    let number: i64 = number.parse().map_err(|_| expected())?;
    number.checked_mul(seconds).filter(|total| *total <= 3_660 * 86_400).ok_or_else(expected)
}

/// A name such as `mx.example.org`, in lower case.
pub(super) fn host_name(text: &str) -> Result<String, String> {
    let good =
        (1..=253).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    if good { Ok(text.to_lowercase()) } else { Err("must be the name of a mail server such as mx.example.org".into()) }
}

/// A plain address: one `@`, no spaces or control characters, a domain with letters, at most 254 characters.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let allowed_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let allowed_domain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(allowed_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !domain.is_empty()
        && domain.chars().all(allowed_domain)
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

/// "Available" in the languages of the calendars we know of; lower case.
pub(super) fn default_offer_words() -> Vec<String> {
    [
        "available",
        "verfügbar",
        "disponible",
        "disponibile",
        "disponível",
        "beschikbaar",
        "tillgänglig",
        "ledig",
        "dostępny",
        "müsait",
        "متاح",
        "available for booking",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(duration("15m"), Ok(900));
        assert_eq!(duration("24h"), Ok(86_400));
        assert_eq!(duration("2d"), Ok(172_800));
        assert_eq!(duration("0"), Ok(0));
        for wrong in ["", "m", "5", "-5m", "1w", "1.5h", "é", "99999999999999999d", "4000d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_are_told_from_nonsense() {
        for right in ["ana@example.org", "a.b+c@sub.example.org", "x@localhost"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "a b@example.org",
            "a@b@example.org",
            "a@exa mple.org",
            "a\r\n@example.org",
            "a@-x.org",
            "a..b@example.org",
            "<a@example.org>",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_network_holds_its_addresses_only() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        assert!(network.contains("10.9.8.7".parse().unwrap()));
        assert!(network.contains("::ffff:10.9.8.7".parse().unwrap()));
        assert!(!network.contains("11.0.0.1".parse().unwrap()));
        assert!("::1".parse::<Network>().unwrap().contains("::1".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }

    #[test]
    fn databases_and_links_are_read() {
        assert_eq!(database("sqlite:/x/y.db"), Ok(Target::Sqlite("/x/y.db".into())));
        assert!(database("mysql://x").is_err());
        assert_eq!(
            "jitsi:https://meet.example.org/".parse(),
            Ok(MeetingLinks::Jitsi("https://meet.example.org".into()))
        );
        assert!("zoom:https://x.example".parse::<MeetingLinks>().is_err());
        assert!("template:javascript:x".parse::<MeetingLinks>().is_err());
    }
}
