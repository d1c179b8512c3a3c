//! Signing in by somebody else's word: OpenID Connect 1.0, Authorization Code Flow with PKCE (RFC 7636).
//!
//! What has to be remembered between going there and coming back is one random text in a cookie; state, nonce and
//! verifier are derived from it with the installation's key. Only the verified mail address is taken; tokens of the
//! provider are used once and kept nowhere.

mod discovery;
mod exchange;
mod id_token;
mod keys_of;
mod start;

use std::sync::Arc;

pub use exchange::word;
pub use start::{Going, LIFETIME};

use crate::config::{Config, OidcProvider};
use crate::http_client::HttpClient;
use crate::keys::Keys;
use discovery::Known;

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The provider cannot be reached, or what it says cannot be used.
    #[error("the provider cannot be used: {0}")]
    Unusable(String),
    /// This browser did not go there, or came back too late or twice.
    #[error("this sign-in was not begun here, or is over")]
    Stale,
    /// The provider, or the person there, said no.
    #[error("the provider said no: {0}")]
    Denied(String),
    /// Its statement is not what it must be.
    #[error("the provider's statement is wrong: {0}")]
    Wrong(&'static str),
    /// It does not vouch for the mail address.
    #[error("the provider has not verified the mail address")]
    Unverified,
}

/// Who it is, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Verified; lower case.
    pub email: String,
    /// Human name, when it says one.
    pub name: Option<String>,
}

/// The configured providers.
pub struct Providers {
    all: Vec<Arc<Provider>>,
}

impl Providers {
    /// Nothing is asked before somebody wants to sign in.
    pub fn new(config: &Config, keys: &Keys) -> Self {
        let one = |provider: &OidcProvider| {
            Arc::new(Provider {
                back: format!("{}/sign-in/from/{}", config.public_url, provider.slug),
                settings: provider.clone(),
                keys: keys.clone(),
                http: HttpClient::new().map_err(Refused::Unusable),
                known: Known::default(),
            })
        };
        Self { all: config.oidc.iter().map(one).collect() }
    }

    /// The provider with this name in addresses.
    pub fn named(&self, slug: &str) -> Option<Arc<Provider>> {
        self.all.iter().find(|provider| provider.settings.slug == slug).cloned()
    }
}

/// One provider.
pub struct Provider {
    /// As configured.
    pub settings: OidcProvider,
    /// Where the provider sends people back to.
    back: String,
    keys: Keys,
    http: Result<HttpClient, Refused>,
    known: Known,
}

impl Provider {
    fn http(&self) -> Result<&HttpClient, Refused> {
        self.http.as_ref().map_err(Clone::clone)
    }
}
