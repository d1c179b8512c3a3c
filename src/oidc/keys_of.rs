//! A provider's public keys (RFC 7517), and signatures by them (RFC 7515): RS256 and ES256, nothing else.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// Keys looked at.
const MOST: usize = 50;

/// The keys of a provider.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Debug, Clone, Deserialize)]
struct Jwk {
    #[serde(default)]
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Whether a key has this name. A statement that names none may be signed by any.
    pub(super) fn knows(&self, kid: Option<&str>) -> bool {
        kid.is_none() || self.keys.iter().any(|key| key.kid.as_deref() == kid)
    }

    /// Whether one of the keys, of this name if one is given, made the signature.
    pub(super) fn verify(&self, alg: &str, kid: Option<&str>, message: &[u8], signature: &[u8]) -> bool {
        let fits = |key: &&Jwk| {
            (kid.is_none() || key.kid.as_deref() == kid)
                && key.alg.as_deref().is_none_or(|own| own == alg)
                && key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
        };
        self.keys.iter().filter(fits).take(MOST).any(|key| key.verify(alg, message, signature).is_some())
    }
}

impl Jwk {
    fn verify(&self, alg: &str, message: &[u8], signature: &[u8]) -> Option<()> {
        match (alg, self.kty.as_str()) {
            ("RS256", "RSA") => {
                let key = RsaPublicKeyComponents { n: bytes(self.n.as_ref())?, e: bytes(self.e.as_ref())? };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
            }
            ("ES256", "EC") if self.crv.as_deref() == Some("P-256") => {
                let (x, y) = (bytes(self.x.as_ref())?, bytes(self.y.as_ref())?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                let point = [&[4][..], &x, &y].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).ok()
            }
            _ => None,
        }
    }
}

fn bytes(text: Option<&String>) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text?.trim_end_matches('=').as_bytes()).ok()
}
