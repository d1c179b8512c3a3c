//! `google:FILE`: with which account Google Meet spaces are made. The file is what Google hands out, a service account's
//! key or an authorised user, with a few keys of ours beside it.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use http::Uri;
use ring::signature::{KeyPair, RsaKeyPair};
use serde_json::{Map, Value};

use super::MeetingLinks;
use crate::http_client;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 * 1024;
/// Spaces that Google lets one user make in a minute.
const PER_MINUTE: usize = 10;

/// How Google Meet spaces are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleMeet {
    /// Who asks.
    pub account: GoogleAccount,
    /// Where access tokens come from.
    pub token_uri: Uri,
    /// The Meet API, without a slash at the end.
    pub api_base: Uri,
    /// Who may enter without knocking: `OPEN`, `TRUSTED` or `RESTRICTED`.
    pub access_type: String,
    /// Spaces asked for in a minute at most.
    pub per_minute: usize,
    /// Where people meet while Google makes no space; never Google itself.
    pub fallback: MeetingLinks,
}

/// The account that owns the spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoogleAccount {
    /// A service account.
    Service {
        /// Its address.
        email: String,
        /// Its private key.
        key: SigningKey,
        /// Which of its keys this is.
        key_id: Option<String>,
        /// The Google user in whose name it asks (domain-wide delegation).
        subject: Option<String>,
    },
    /// A user who allowed it once.
    User {
        /// Which program was allowed.
        client_id: String,
        /// That program's secret.
        client_secret: Secret,
        /// What the user's consent left.
        refresh_token: Secret,
    },
}

/// A text that never shows up in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for sending it where it belongs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// An RSA key that signs.
#[derive(Clone)]
pub struct SigningKey(Arc<RsaKeyPair>);

impl SigningKey {
    /// Reads the PEM text of a private key, PKCS #8 (as Google writes it) or PKCS #1.
    ///
    /// # Errors
    /// What it must be.
    pub fn from_pem(pem: &str) -> Result<Self, String> {
        let expected = "must be a private RSA key, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----";
        let lines = || pem.lines().map(str::trim).filter(|line| !line.is_empty());
        let inner: String = lines().skip(1).take_while(|line| !line.starts_with("-----END")).collect();
        let der = BASE64.decode(inner.as_bytes()).map_err(|_| expected)?;
        let pair = match lines().next() {
            Some("-----BEGIN PRIVATE KEY-----") => RsaKeyPair::from_pkcs8(&der),
            Some("-----BEGIN RSA PRIVATE KEY-----") => RsaKeyPair::from_der(&der),
            _ => return Err(expected.into()),
        };
        pair.map(|pair| Self(Arc::new(pair))).map_err(|why| format!("{expected} ({why})"))
    }

    /// The key itself.
    pub fn pair(&self) -> &RsaKeyPair {
        &self.0
    }
}

impl PartialEq for SigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.public_key().as_ref() == other.0.public_key().as_ref()
    }
}

impl Eq for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

/// Reads the file.
///
/// # Errors
/// The file's name and what is wrong in it; never what it holds.
pub(super) fn read(file: &Path) -> Result<GoogleMeet, String> {
    let named = |reason: String| format!("{}: {reason}", file.display());
    if file.as_os_str().is_empty() {
        return Err("must name a file: google:FILE".into());
    }
    let mut text = String::new();
    let opened = std::fs::File::open(file).map_err(|error| named(error.to_string()))?;
    opened.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| named(error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(named("is too large; a key file has about 3 kB".into()));
    }
    parse(&text).map_err(named)
}

fn parse(text: &str) -> Result<GoogleMeet, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("is not JSON (line {}, column {})", error.line(), error.column()))?;
    let Value::Object(map) = value else { return Err("must hold a JSON object".into()) };
    let fields = Fields(&map);
    let account = fields.account()?;
    fields.only_known()?;
    let access_type = fields.text("access_type")?.unwrap_or("OPEN");
    if !["OPEN", "TRUSTED", "RESTRICTED"].contains(&access_type) {
        return Err("`access_type` must be OPEN, TRUSTED or RESTRICTED".into());
    }
    Ok(GoogleMeet {
        account,
        token_uri: fields.address("token_uri", "https://oauth2.googleapis.com/token")?,
        api_base: fields.address("api_base", "https://meet.googleapis.com")?,
        access_type: access_type.to_owned(),
        per_minute: fields.per_minute()?,
        fallback: fields.fallback()?,
    })
}

/// What Google writes into the two kinds of file beside what is read here, and what its tools add.
const ALSO_THERE: &[&str] = &[
    "account",
    "auth_provider_x509_cert_url",
    "auth_uri",
    "client_id",
    "client_x509_cert_url",
    "project_id",
    "quota_project_id",
    "universe_domain",
];
const READ: &[&str] = &[
    "type",
    "client_email",
    "private_key",
    "private_key_id",
    "subject",
    "client_secret",
    "refresh_token",
    "token_uri",
    "api_base",
    "access_type",
    "per_minute",
    "fallback",
];

struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn text(&self, key: &str) -> Result<Option<&'a str>, String> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() && text.len() <= 16 * 1024 => Ok(Some(text.trim())),
            Some(_) => Err(format!("`{key}` must be a text")),
        }
    }

    fn needed(&self, key: &str) -> Result<&'a str, String> {
        self.text(key)?.ok_or_else(|| format!("`{key}` is missing"))
    }

    fn account(&self) -> Result<GoogleAccount, String> {
        match self.text("type")? {
            Some("service_account") => Ok(GoogleAccount::Service {
                email: self.needed("client_email")?.to_owned(),
                key: SigningKey::from_pem(self.needed("private_key")?).map_err(|why| format!("`private_key` {why}"))?,
                key_id: self.text("private_key_id")?.map(str::to_owned),
                subject: self.text("subject")?.map(str::to_owned),
            }),
            Some("authorized_user") => Ok(GoogleAccount::User {
                client_id: self.needed("client_id")?.to_owned(),
                client_secret: Secret(self.needed("client_secret")?.to_owned()),
                refresh_token: Secret(self.needed("refresh_token")?.to_owned()),
            }),
            None if self.0.contains_key("web") || self.0.contains_key("installed") => {
                Err("names the program only; the user's refresh token is needed too (docs/meeting-links.md)".into())
            }
            _ => Err("`type` must be service_account or authorized_user".into()),
        }
    }

    /// A misspelt `access_type` should not open doors.
    fn only_known(&self) -> Result<(), String> {
        match self.0.keys().find(|key| !READ.contains(&key.as_str()) && !ALSO_THERE.contains(&key.as_str())) {
            Some(unknown) => {
                let unknown: String = unknown.chars().filter(|c| !c.is_control()).take(40).collect();
                Err(format!(
                    "unknown key `{unknown}`; beside Google's own keys it may hold subject, access_type, per_minute and fallback"
                ))
            }
            None => Ok(()),
        }
    }

    fn address(&self, key: &str, default: &str) -> Result<Uri, String> {
        let text = self.text(key)?.unwrap_or(default).trim_end_matches('/');
        http_client::address(text).map_err(|why| format!("`{key}` {why}"))
    }

    fn per_minute(&self) -> Result<usize, String> {
        let Some(value) = self.0.get("per_minute") else { return Ok(PER_MINUTE) };
        let number = value.as_u64().filter(|number| (1..=1000).contains(number));
        number
            .and_then(|number| usize::try_from(number).ok())
            .ok_or("`per_minute` must be a number from 1 to 1000".into())
    }

    fn fallback(&self) -> Result<MeetingLinks, String> {
        let expected = || "`fallback` must be jitsi:https://... or template:https://...".to_owned();
        let Some(text) = self.text("fallback")? else { return Ok(MeetingLinks::default()) };
        if text.starts_with("google:") {
            return Err(expected());
        }
        text.parse().map_err(|_| expected())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = include_str!("../../fixtures/google/test-only-private-key.pem");

    fn service() -> Value {
        json!({
            "type": "service_account", "project_id": "p", "private_key_id": "k1", "private_key": KEY,
            "client_email": "robot@p.example", "client_id": "1", "token_uri": "https://oauth2.example/token",
            "universe_domain": "googleapis.com", "subject": "rooms@example.org"
        })
    }

    fn with(key: &str, value: Value) -> Result<GoogleMeet, String> {
        let mut file = service();
        match value {
            Value::Null => drop(file.as_object_mut().unwrap().remove(key)),
            value => file[key] = value,
        }
        parse(&file.to_string())
    }

    #[test]
    fn googles_own_key_file_is_enough() {
        let meet = parse(&service().to_string()).unwrap();
        assert_eq!(meet.access_type, "OPEN");
        assert_eq!(meet.api_base, "https://meet.googleapis.com");
        assert_eq!(meet.fallback, MeetingLinks::default());
        assert_eq!(meet.per_minute, 10);
        let GoogleAccount::Service { subject, key_id, .. } = &meet.account else { panic!("{meet:?}") };
        assert_eq!((subject.as_deref(), key_id.as_deref()), (Some("rooms@example.org"), Some("k1")));
        assert!(!format!("{meet:?}").contains("PRIVATE"), "a key must not reach a log");
    }

    #[test]
    fn a_refresh_token_is_enough() {
        let file = json!({"type": "authorized_user", "client_id": "c", "client_secret": "s3cret", "refresh_token": "r3fresh",
            "fallback": "template:https://example.org/{id}"});
        let meet = parse(&file.to_string()).unwrap();
        assert_eq!(meet.token_uri, "https://oauth2.googleapis.com/token");
        assert_eq!(meet.fallback, MeetingLinks::Template("https://example.org/{id}".into()));
        let shown = format!("{meet:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("r3fresh"), "{shown}");
    }

    #[test]
    fn what_is_wrong_in_the_file_is_named() {
        let cut = KEY.replace("MII", "M!I");
        for (key, value, says) in [
            ("type", json!("external_account"), "`type` must be service_account or authorized_user"),
            ("client_email", Value::Null, "`client_email` is missing"),
            ("client_email", json!(7), "`client_email` must be a text"),
            (
                "private_key",
                json!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
                "`private_key` must be",
            ),
            ("private_key", json!(cut), "`private_key` must be"),
            ("access_type", json!("ALL"), "`access_type` must be OPEN, TRUSTED or RESTRICTED"),
            ("acces_type", json!("OPEN"), "unknown key `acces_type`"),
            ("token_uri", json!("http://oauth2.example/token"), "`token_uri` must be https://"),
            ("api_base", json!("meet"), "`api_base` must be https://"),
            ("per_minute", json!(0), "`per_minute` must be a number"),
            ("fallback", json!("google:x"), "`fallback` must be"),
            ("fallback", json!("https://example.org"), "`fallback` must be"),
        ] {
            let error = with(key, value).unwrap_err();
            assert!(error.starts_with(says), "{key}: {error}");
        }
        assert_eq!(parse("{\"type\": ").unwrap_err(), "is not JSON (line 1, column 9)");
        assert!(parse("[]").is_err());
        let client_only = parse("{\"installed\": {\"client_id\": \"c\"}}").unwrap_err();
        assert!(client_only.contains("refresh token"), "{client_only}");
    }
}
