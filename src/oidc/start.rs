//! Going to the provider (OpenID Connect Core 1.0 §3.1.2.1), and recognising who comes back.

use data_encoding::BASE64URL_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Provider, Refused};
use crate::keys;

/// How long somebody may take at the provider, seconds.
pub const LIFETIME: i64 = 600;

/// Somebody on the way to the provider and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    random: String,
    begun: i64,
}

impl Going {
    /// Somebody who leaves now.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn now(now: i64) -> std::io::Result<Self> {
        Ok(Self { random: keys::random_secret()?, begun: now })
    }

    /// What the browser keeps meanwhile.
    pub fn cookie(&self) -> String {
        format!("{}.{}", self.random, self.begun)
    }

    /// From what the browser kept.
    pub fn from_cookie(cookie: &str) -> Option<Self> {
        let (random, begun) = cookie.split_once('.')?;
        (random.len() == 26).then_some(Self { random: random.to_owned(), begun: begun.parse().ok()? })
    }

    /// When they left, UTC seconds.
    pub fn begun(&self) -> i64 {
        self.begun
    }
}

impl Provider {
    /// Derives one of the values of a sign-in; another provider, time or purpose gives another.
    fn derived(&self, purpose: &str, going: &Going) -> String {
        self.keys.hash(&format!("oidc {purpose}\0{}\0{}\0{}", self.settings.slug, going.random, going.begun))
    }

    pub(super) fn state(&self, going: &Going) -> String {
        self.derived("state", going)
    }

    pub(super) fn nonce(&self, going: &Going) -> String {
        self.derived("nonce", going)
    }

    pub(super) fn verifier(&self, going: &Going) -> String {
        self.derived("verifier", going)
    }

    pub(super) fn back(&self) -> &str {
        &self.back
    }

    /// The address at which the provider asks the person.
    ///
    /// # Errors
    /// [`Refused::Unusable`].
    pub async fn way(&self, going: &Going) -> Result<String, Refused> {
        let document = self.document(going.begun).await?;
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(self.verifier(going).as_bytes()));
        let query = form(&[
            ("response_type", "code"),
            ("scope", "openid email profile"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.back),
            ("state", &self.state(going)),
            ("nonce", &self.nonce(going)),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if document.authorization_endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{}{joint}{query}", document.authorization_endpoint))
    }

    /// Whether this is the state of somebody who left a moment ago.
    ///
    /// # Errors
    /// [`Refused::Stale`].
    pub fn recognise(&self, going: Option<&Going>, state: &str, now: i64) -> Result<(), Refused> {
        let going = going.ok_or(Refused::Stale)?;
        let same: bool = self.state(going).as_bytes().ct_eq(state.as_bytes()).into();
        if same && (going.begun..going.begun + LIFETIME).contains(&now) { Ok(()) } else { Err(Refused::Stale) }
    }
}

/// `application/x-www-form-urlencoded`
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_keeps_is_read_back() {
        let going = Going::now(1_795_176_000).unwrap();
        assert_eq!(Going::from_cookie(&going.cookie()), Some(going));
        for wrong in ["", "x.1", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaa.soon"] {
            assert_eq!(Going::from_cookie(wrong), None, "{wrong}");
        }
    }
}
