//! `[[oidc]]` in `openhour.toml`: providers whose word on a mail address is taken (OpenID Connect).

use std::io::Read;
use std::path::Path;

use super::google::Secret;
use crate::http_client;

/// The most providers there may be: each is a button on the sign-in page.
const MOST: usize = 8;
/// The largest file with a secret, in bytes.
const LARGEST: u64 = 4 * 1024;

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcProvider {
    /// What the button says.
    pub name: String,
    /// The name in addresses: `name` in lower-case letters, digits and hyphens.
    pub slug: String,
    /// Exactly as the provider writes it.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// The secret that proves it; `None`: a public client, which PKCE alone protects.
    pub client_secret: Option<Secret>,
    /// Whether somebody whom nobody here knows becomes a person.
    pub create_people: bool,
}

/// Reads the tables.
///
/// # Errors
/// What is wrong with which of them.
pub(super) fn read(value: &toml::Value) -> Result<Vec<OidcProvider>, String> {
    let tables = value.as_array().ok_or("must be tables: [[oidc]] with name, issuer and client_id")?;
    if tables.len() > MOST {
        return Err(format!("must be at most {MOST} providers"));
    }
    let mut providers: Vec<OidcProvider> = Vec::new();
    for table in tables {
        let provider = one(table.as_table().ok_or("must be tables: [[oidc]] with name, issuer and client_id")?)?;
        if providers.iter().any(|other| other.slug == provider.slug) {
            return Err(format!("two providers are called `{}`", provider.name));
        }
        providers.push(provider);
    }
    Ok(providers)
}

fn one(table: &toml::Table) -> Result<OidcProvider, String> {
    const KEYS: [&str; 7] =
        ["name", "issuer", "client_id", "client_secret", "client_secret_file", "create_people", "allow_http"];
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("unknown key `{key}`; keys are: {}", KEYS.join(", ")));
    }
    let text = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let needed = |key: &str| text(key).map(str::to_owned).ok_or(format!("`{key}` is missing, or is no text"));
    let switch = |key: &str| match table.get(key) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or(format!("`{key}` must be true or false")),
    };
    let name = needed("name")?;
    let slug: String = name
        .to_lowercase()
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '-' })
        .collect();
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err("`name` must be what the button says, with letters or digits in it, at most 60 characters".into());
    }
    let issuer = needed("issuer")?;
    let uri = http_client::address(&issuer).map_err(|wrong| format!("`issuer` {wrong}"))?;
    if uri.scheme_str() != Some("https") && !switch("allow_http")? {
        return Err("`issuer` must be https://... (allow_http = true is for tests on this machine)".into());
    }
    let client_secret = match (text("client_secret"), text("client_secret_file")) {
        (Some(_), Some(_)) => return Err("either `client_secret` or `client_secret_file`, not both".into()),
        (Some(secret), None) => Some(Secret::new(secret)),
        (None, Some(file)) => Some(Secret::new(from_file(Path::new(file))?.trim())),
        (None, None) => None,
    };
    let create_people = switch("create_people")?;
    Ok(OidcProvider { name, slug, issuer, client_id: needed("client_id")?, client_secret, create_people })
}

fn from_file(file: &Path) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("`client_secret_file` {}: {error}", file.display());
    let mut text = String::new();
    std::fs::File::open(file).map_err(wrong)?.take(LARGEST).read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Result<Vec<OidcProvider>, String> {
        read(text.parse::<toml::Table>().unwrap().get("oidc").unwrap())
    }

    #[test]
    fn a_provider_is_read_whole() {
        let read = tables(
            "[[oidc]]\nname = 'School account'\nissuer = 'https://id.example.org'\nclient_id = 'a'\nclient_secret = 'b'\n",
        );
        let provider = read.unwrap().remove(0);
        assert_eq!((provider.slug.as_str(), provider.create_people), ("school-account", false));
        assert_eq!(provider.client_secret.as_ref().map(Secret::reveal), Some("b"));
        assert!(!format!("{provider:?}").contains("\"b\""));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (text, said) in [
            ("oidc = 'x'", "[[oidc]]"),
            ("[[oidc]]\nname = 'A'", "`issuer`"),
            ("[[oidc]]\nname = '!'\nissuer = 'https://x.example'\nclient_id = 'a'", "`name`"),
            ("[[oidc]]\nname = 'A'\nissuer = 'http://x.example'\nclient_id = 'a'", "`issuer` must be https"),
            ("[[oidc]]\nname = 'A'\nissuer = 'http://127.0.0.1:1'\nclient_id = 'a'", "allow_http"),
            ("[[oidc]]\nname = 'A'\nissuer = 'https://x.example'\nclient_id = 'a'\ncolour = 1", "`colour`"),
        ] {
            let error = tables(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
