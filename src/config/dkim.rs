//! The key with which mail is signed. RFC 6376, RFC 8463.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{self, Ed25519KeyPair, KeyPair, RsaKeyPair};

/// A key that signs mail, under its name in the DNS.
#[derive(Clone)]
pub struct DkimKey {
    /// The domain for which it speaks: that of `mail_from` or one above it.
    pub domain: String,
    /// Its name there: the record is at `<selector>._domainkey.<domain>`.
    pub selector: String,
    key: Arc<Key>,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl DkimKey {
    /// The value of `a=`.
    pub fn algorithm(&self) -> &'static str {
        match &*self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The signature of what is signed, before hashing; the same for the same bytes. `None`: the key fails.
    pub fn sign(&self, signed: &[u8]) -> Option<Vec<u8>> {
        match &*self.key {
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), signed, &mut signature).ok()?;
                Some(signature)
            }
            // RFC 8463 §3: the hash is what is signed.
            Key::Ed25519(pair) => {
                let digest = ring::digest::digest(&ring::digest::SHA256, signed);
                Some(pair.sign(digest.as_ref()).as_ref().to_vec())
            }
        }
    }

    /// Where the public key stands in the DNS.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What stands there, as one TXT value. RFC 6376 §3.6.1.
    pub fn record(&self) -> String {
        match &*self.key {
            // Verifiers expect the key with its algorithm around it, ring has it bare.
            Key::Rsa(pair) => format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&spki(pair.public_key().as_ref()))),
            Key::Ed25519(pair) => format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(pair.public_key().as_ref())),
        }
    }
}

impl fmt::Debug for DkimKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DkimKey({})", self.record_name())
    }
}

/// What the settings say of it, before all of them are known.
#[derive(Default)]
pub(super) struct DkimDraft {
    pub(super) key: Option<DkimSecret>,
    pub(super) selector: Option<String>,
    pub(super) domain: Option<String>,
}

/// A key that was read from its file.
pub(super) struct DkimSecret(Key);

impl DkimDraft {
    /// The key with its names. The domain is that of `mail_domain` unless another is given.
    ///
    /// # Errors
    /// The key of the setting that is missing or does not fit, and why.
    pub(super) fn finish(self, mail_domain: &str) -> Result<Option<DkimKey>, (&'static str, String)> {
        let Some(DkimSecret(key)) = self.key else {
            return match (self.selector, self.domain) {
                (None, None) => Ok(None),
                (Some(_), _) => Err(("dkim_selector", "needs dkim_key_file: without a key nothing is signed".into())),
                (None, Some(_)) => Err(("dkim_domain", "needs dkim_key_file: without a key nothing is signed".into())),
            };
        };
        let domain = self.domain.unwrap_or_else(|| mail_domain.to_lowercase());
        let above = mail_domain.to_lowercase();
        let speaks = above == domain || above.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
        if !speaks {
            let reason = format!("must be the domain of mail_from ({above}) or one above it, or no server believes it");
            return Err(("dkim_domain", reason));
        }
        let selector = self.selector.unwrap_or_else(|| "openhour".into());
        Ok(Some(DkimKey { domain, selector, key: Arc::new(key) }))
    }
}

/// Reads a private key: PEM, as `openssl genpkey` writes it.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn key(file: &str) -> Result<DkimSecret, String> {
    let text = std::fs::read_to_string(Path::new(file)).map_err(|error| format!("{file} cannot be read: {error}"))?;
    let wrong = || {
        format!(
            "{file} must hold one private key in PEM: RSA of 2048 bits or more, or Ed25519, for example from \
             `openssl genpkey -algorithm ed25519`"
        )
    };
    let (kind, der) = pem(&text).ok_or_else(wrong)?;
    let key = match kind {
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).ok().map(Key::Rsa),
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der)
            .ok()
            .map(Key::Rsa)
            .or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok().map(Key::Ed25519)),
        _ => None,
    };
    key.map(DkimSecret).ok_or_else(wrong)
}

/// A DNS label or several, lower case.
pub(super) fn selector(text: &str) -> Result<String, String> {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    match text.len() <= 100 && text.split('.').all(label) {
        true => Ok(text.to_lowercase()),
        false => Err("must be a name for the DNS such as openhour or 2026-11".into()),
    }
}

/// The one block of a PEM file: what it is, and its bytes. RFC 7468.
fn pem(text: &str) -> Option<(&str, Vec<u8>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (kind, rest) = rest.split_once("-----")?;
    let (body, rest) = rest.split_once(&format!("-----END {kind}-----"))?;
    let compact: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    (!rest.contains("-----BEGIN ")).then_some(())?;
    Some((kind, BASE64.decode(compact.as_bytes()).ok()?))
}

/// An RSA public key (PKCS #1) as SubjectPublicKeyInfo. RFC 3279 §2.3.1.
fn spki(key: &[u8]) -> Vec<u8> {
    // SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
    const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let bits = der(3, &[&[0][..], key].concat());
    der(0x30, &[&ALGORITHM[..], &bits].concat())
}

/// A DER value with its tag and length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match significant.as_slice() {
        [] => out.push(0),
        [one] if *one < 128 => out.push(*one),
        many => {
            out.push(0x80 | u8::try_from(many.len()).unwrap_or(0));
            out.extend_from_slice(many);
        }
    }
    out.extend_from_slice(content);
    out
}
