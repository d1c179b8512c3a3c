//! What a provider tells about itself, and its keys (OpenID Connect Discovery 1.0 §4), kept for an hour.

use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::keys_of::KeySet;
use super::{Provider, Refused};
use crate::http_client;

/// How long it is believed, seconds.
const KEEP: i64 = 3_600;
/// How long a provider that could not be reached is left alone, seconds: whoever clicks does not wait for it again.
const AWAY: i64 = 10;
/// Keys are fetched anew for an unknown name at most this often, seconds.
const PAUSE: i64 = 60;

/// The parts of a provider's configuration that are used here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Document {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    jwks_uri: String,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
}

/// What is known of a provider.
#[derive(Default)]
pub(super) struct Known {
    document: Mutex<Option<(Result<Document, Refused>, i64)>>,
    keys: Mutex<Option<(KeySet, i64)>>,
}

impl Provider {
    /// The provider's configuration.
    pub(super) async fn document(&self, now: i64) -> Result<Document, Refused> {
        let mut kept = self.known.document.lock().await;
        if let Some((document, at)) = kept.as_ref()
            && now - at < if document.is_ok() { KEEP } else { AWAY }
        {
            return document.clone();
        }
        let document = self.discover().await;
        *kept = Some((document.clone(), now));
        document
    }

    async fn discover(&self) -> Result<Document, Refused> {
        let issuer = &self.settings.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document: Document = self.fetch(&address).await?;
        // §4.3: exactly the same, or somebody else answers.
        if document.issuer != *issuer {
            return Err(Refused::Unusable("it says to be another issuer".into()));
        }
        let addresses = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        for address in addresses.into_iter().chain(&document.userinfo_endpoint) {
            let uri =
                http_client::address(address).map_err(|wrong| Refused::Unusable(format!("an address {wrong}")))?;
            if issuer.starts_with("https:") && uri.scheme_str() != Some("https") {
                return Err(Refused::Unusable("an address is not https://".into()));
            }
        }
        Ok(document)
    }

    /// The provider's keys; fetched anew when they are old, or when none of them has this name.
    pub(super) async fn key_set(&self, kid: Option<&str>, now: i64) -> Result<KeySet, Refused> {
        let address = self.document(now).await?.jwks_uri;
        let mut kept = self.known.keys.lock().await;
        if let Some((keys, at)) = kept.as_ref() {
            let age = now - at;
            if age < KEEP && (keys.knows(kid) || age < PAUSE) {
                return Ok(keys.clone());
            }
        }
        let keys: KeySet = self.fetch(&address).await?;
        *kept = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn fetch<T: DeserializeOwned>(&self, address: &str) -> Result<T, Refused> {
        let request = Request::get(address)
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|error| Refused::Unusable(error.to_string()))?;
        let answer = self.http()?.send(request).await.map_err(|error| Refused::Unusable(error.to_string()))?;
        if answer.status() != 200 {
            return Err(Refused::Unusable(format!("it answers {}", answer.status().as_u16())));
        }
        serde_json::from_slice(answer.body()).map_err(|_| Refused::Unusable("its answer makes no sense".into()))
    }
}
