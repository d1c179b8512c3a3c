//! Reading settings: the file first, then the environment over it, each value checked where it was set.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::dkim::{self, DkimDraft};
use super::told::{Given, without_secrets};
use super::{Config, oidc, values};
use crate::db::Target;

/// Where a setting was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In this file.
    File(PathBuf),
    /// In this environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(file) => write!(formatter, "in {}", file.display()),
            Origin::Variable(name) => write!(formatter, "in the environment ({name})"),
        }
    }
}

/// Why the settings cannot be used. Names the key, what it may be, and where it was set.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read or is not TOML.
    #[error("{file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// No such setting.
    #[error("unknown setting `{key}` {origin}; settings are: {known}")]
    Unknown {
        /// The key as it stands.
        key: String,
        /// Where.
        origin: Origin,
        /// All keys.
        known: String,
    },
    /// The value does not fit.
    #[error("setting `{key}` {origin}: {reason}")]
    Value {
        /// The key.
        key: String,
        /// Where.
        origin: Origin,
        /// What it may be.
        reason: String,
    },
}

/// The name of the settings file in the working folder; `OPENHOUR_CONFIG` names another.
const FILE: &str = "openhour.toml";
const PREFIX: &str = "OPENHOUR_";

type Apply = fn(&mut Draft, &str) -> Result<(), String>;

/// Every setting: its key and how its text changes the draft.
const SETTINGS: &[(&str, Apply)] = &[
    ("listen", |draft, text| {
        parsed(text, "must be an address and port such as 127.0.0.1:8080").map(|v| draft.config.listen = v)
    }),
    ("public_url", |draft, text| values::web_address(text).map(|v| draft.public_url = Some(v))),
    ("data_dir", |draft, text| folder(text).map(|v| draft.data_dir = Some(v))),
    ("database_url", |draft, text| values::database(text).map(|v| draft.database = Some(v))),
    ("smtp_url", |draft, text| smtp(text).map(|v| draft.config.smtp_url = Some(v))),
    ("mail_from", |draft, text| address(text).map(|v| draft.config.mail_from = v)),
    ("mail_from_name", |draft, text| name(text).map(|v| draft.config.mail_from_name = v)),
    ("dkim_key_file", |draft, text| dkim::key(text).map(|v| draft.dkim.key = Some(v))),
    ("dkim_selector", |draft, text| dkim::selector(text).map(|v| draft.dkim.selector = Some(v))),
    ("dkim_domain", |draft, text| values::host_name(text).map(|v| draft.dkim.domain = Some(v))),
    ("mail_addresses", |draft, text| text.parse().map(|v| draft.config.mail_addresses = v)),
    ("imap_url", |draft, text| text.parse().map(|v| draft.config.imap = Some(v))),
    ("lmtp_listen", |draft, text| text.parse().map(|v| draft.config.lmtp_listen = Some(v))),
    ("mail_trusted_authserv", |draft, text| {
        values::host_name(text).map(|v| draft.config.mail_trusted_authserv = Some(v))
    }),
    ("dns_server", |draft, text| {
        parsed(text, "must be an address and port such as 192.0.2.53:53").map(|v| draft.config.dns_server = Some(v))
    }),
    ("meeting_links", |draft, text| text.parse().map(|v| draft.config.meeting_links = v)),
    ("meeting_link_patience", |draft, text| values::duration(text).map(|v| draft.config.meeting_link_patience = v)),
    ("fetch_private_hosts", |draft, text| text.parse().map(|v| draft.config.fetch_private_hosts = v)),
    ("trusted_proxies", |draft, text| list(text).map(|v| draft.config.trusted_proxies = v)),
    ("secret_key_file", |draft, text| folder(text).map(|v| draft.secret_key_file = Some(v))),
    ("rate_limits", |draft, text| switch(text).map(|v| draft.config.rate_limits = v)),
    ("schedules", |draft, text| switch(text).map(|v| draft.config.schedules = v)),
    ("keep_bookings", |draft, text| values::duration(text).map(|v| draft.config.keep_bookings = v)),
    ("keep_sent_mail", |draft, text| values::duration(text).map(|v| draft.config.keep_sent_mail = v)),
    ("keep_mail_log", |draft, text| values::duration(text).map(|v| draft.config.keep_mail_log = v)),
    ("offer_words", |draft, text| words(text).map(|v| draft.config.offer_words = v)),
    ("undo_within", |draft, text| values::duration(text).map(|v| draft.config.undo_within = v)),
    ("notice", |draft, text| values::duration(text).map(|v| draft.config.notice = v)),
    ("log", |draft, text| text.parse().map(|v| draft.config.log = v)),
    ("booking_window", |draft, text| values::duration(text).map(|v| draft.config.booking_window = v)),
];

struct Draft {
    config: Config,
    public_url: Option<String>,
    data_dir: Option<PathBuf>,
    database: Option<Target>,
    secret_key_file: Option<PathBuf>,
    dkim: DkimDraft,
    /// Where each key that was set was set last.
    origins: BTreeMap<String, Origin>,
}

/// Reads file and environment.
///
/// `environment` gives the variables, so that a test needs no real ones.
///
/// # Errors
/// [`ConfigError`] with the key's name.
pub fn load(environment: impl IntoIterator<Item = (String, String)>) -> Result<Config, ConfigError> {
    let mut variables: BTreeMap<String, String> =
        environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    // A setting of the test suite, not of the server.
    variables.retain(|name, _| !name.starts_with("OPENHOUR_TEST_"));
    let named = variables.remove("OPENHOUR_CONFIG");
    let mut draft = Draft {
        config: Config::local(""),
        public_url: None,
        data_dir: None,
        database: None,
        secret_key_file: None,
        dkim: DkimDraft::default(),
        origins: BTreeMap::new(),
    };
    read_file(&mut draft, named.as_deref())?;
    for (variable, value) in variables {
        let key = variable.trim_start_matches(PREFIX).to_lowercase();
        apply(&mut draft, &key, &value, Origin::Variable(variable.clone()))?;
    }
    finish(draft)
}

fn read_file(draft: &mut Draft, named: Option<&str>) -> Result<(), ConfigError> {
    let file = PathBuf::from(named.unwrap_or(FILE));
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ConfigError::File { file: file.display().to_string(), reason: error.to_string() }),
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError::File {
        file: file.display().to_string(),
        reason: error.to_string(),
    })?;
    for (key, value) in table {
        // The one setting that is no single value; it has no variable.
        if key == "oidc" {
            let origin = Origin::File(file.clone());
            draft.config.oidc = oidc::read(&value).map_err(|reason| ConfigError::Value { key, origin, reason })?;
            continue;
        }
        apply(draft, &key, &plain(value), Origin::File(file.clone()))?;
    }
    Ok(())
}

/// A TOML value as the text the environment would hold; lists are joined by commas.
fn plain(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        toml::Value::Array(values) => values.into_iter().map(plain).collect::<Vec<_>>().join(","),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        // No setting is a float, date or table; the setting's own check then says what it may be.
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => String::new(),
    }
}

fn apply(draft: &mut Draft, key: &str, value: &str, origin: Origin) -> Result<(), ConfigError> {
    let Some((name, apply)) = SETTINGS.iter().find(|(name, _)| *name == key) else {
        let known = SETTINGS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(ConfigError::Unknown { key: key.into(), origin, known });
    };
    draft.origins.insert(key.into(), origin.clone());
    let value = value.trim();
    if let Err(reason) = apply(draft, value) {
        return Err(ConfigError::Value { key: key.into(), origin, reason });
    }
    draft.config.given.push(Given { name, text: without_secrets(value), origin });
    Ok(())
}

/// The keys of all settings.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|(name, _)| *name)
}

fn finish(mut draft: Draft) -> Result<Config, ConfigError> {
    let data_dir = draft.data_dir.unwrap_or_else(|| PathBuf::from("openhour-data"));
    let mut config = draft.config;
    config.public_url = draft.public_url.unwrap_or_else(|| format!("http://{}", config.listen));
    config.database = draft.database.unwrap_or_else(|| Target::Sqlite(data_dir.join("openhour.db")));
    config.secret_key_file = draft.secret_key_file.unwrap_or_else(|| data_dir.join("secret.key"));
    config.data_dir = data_dir;
    config.dkim = draft.dkim.finish(config.mail_domain()).map_err(|(key, reason)| {
        let origin = draft.origins.remove(key).unwrap_or_else(|| Origin::File(PathBuf::from(FILE)));
        ConfigError::Value { key: key.into(), origin, reason }
    })?;
    Ok(config)
}

fn parsed<T: FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.parse().map_err(|_| expected.to_owned())
}

fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("must be a path".into()) } else { Ok(Path::new(text).to_owned()) }
}

fn address(text: &str) -> Result<String, String> {
    if values::is_address(text) { Ok(text.to_lowercase()) } else { Err("must be a mail address".into()) }
}

fn name(text: &str) -> Result<String, String> {
    let good = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.into()) } else { Err("must be a name of at most 100 characters".into()) }
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("must be on or off".into()),
    }
}

fn smtp(text: &str) -> Result<String, String> {
    let good = text.strip_prefix("smtp://").or_else(|| text.strip_prefix("smtps://"));
    match good {
        Some(rest) if !rest.is_empty() => Ok(text.into()),
        _ => Err("must be smtp://user:password@host:port or smtps://...".into()),
    }
}

fn list<T: FromStr<Err = String>>(text: &str) -> Result<Vec<T>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect()
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let words: Vec<String> =
        text.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.iter().any(|word| word.contains(':')) {
        return Err("must be words separated by commas, without colons".into());
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn nothing_set_is_a_local_server() {
        let config = variables(&[("HOME", "/x")]).unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.database, Target::Sqlite("openhour-data/openhour.db".into()));
        assert!(config.smtp_url.is_none() && config.rate_limits && !config.demo);
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place_and_what_it_may_be() {
        let error = variables(&[("OPENHOUR_LISTEN", "here")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "setting `listen` in the environment (OPENHOUR_LISTEN): must be an address and port such as 127.0.0.1:8080"
        );
    }

    #[test]
    fn an_unknown_key_stops_the_start() {
        let error = variables(&[("OPENHOUR_LISTN", "127.0.0.1:1")]).unwrap_err().to_string();
        assert!(error.starts_with("unknown setting `listn` in the environment (OPENHOUR_LISTN)"), "{error}");
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nnotice = \"2h\"\noffer_words = [\"Free\", \"Frei\"]\n")
            .unwrap();
        let file = file.to_str().unwrap().to_owned();
        let config = variables(&[("OPENHOUR_CONFIG", &file), ("OPENHOUR_LISTEN", "127.0.0.1:2")]).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.notice, 7_200);
        assert_eq!(config.offer_words, ["free", "frei"]);
    }

    #[test]
    fn a_wrong_value_in_the_file_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("b.toml");
        std::fs::write(&file, "rate_limits = \"maybe\"\n").unwrap();
        let file = file.to_str().unwrap().to_owned();
        let error = variables(&[("OPENHOUR_CONFIG", &file)]).unwrap_err().to_string();
        assert_eq!(error, format!("setting `rate_limits` in {file}: must be on or off"));
    }
}
