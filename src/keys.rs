//! Secrets: tokens derived from the installation's key, random ones, and their digests.
//!
//! Derived tokens (booking, feed, reply, form) can be printed again in every mail; raising a generation revokes them.
//! Random ones (app passwords, sign-in links, sessions) are shown once and stored as SHA-256.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use data_encoding::{Encoding, Specification};
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use subtle::ConstantTimeEq;

/// Characters of a derived token's proof: 130 bits.
const PROOF: usize = 26;
/// Characters of an id in a token.
const ID: usize = 13;

#[expect(clippy::expect_used, reason = "a constant alphabet of 32 distinct ASCII letters is always valid")]
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().expect("a constant alphabet")
});

/// The installation's key.
#[derive(Clone)]
pub struct Keys([u8; 32]);

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}

impl Keys {
    /// A key from its 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Reads the key file, or makes it (readable by its owner only) when it is not there.
    ///
    /// # Errors
    /// The file cannot be read or made, or does not hold 32 bytes.
    pub fn open(file: &Path) -> io::Result<Self> {
        match fs::read(file) {
            Ok(bytes) => Self::from_bytes(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(file),
            Err(error) => Err(error),
        }
    }

    fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        bytes.try_into().map(Self).map_err(|_| io::Error::other("a secret key file holds exactly 32 bytes"))
    }

    fn create(file: &Path) -> io::Result<Self> {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(file) {
            Ok(mut file) => {
                file.write_all(&key)?;
                file.sync_all()?;
                Ok(Self(key))
            }
            // Another process made it in the meantime.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::from_bytes(&fs::read(file)?),
            Err(error) => Err(error),
        }
    }

    /// A token for `purpose`: 26 lower-case base32 characters (130 bits) of an HMAC. Another purpose, id, person or
    /// generation gives another token.
    pub fn derive(&self, purpose: &str, id: i64, person: i64, generation: i64) -> String {
        let mut text = self.hash(&format!("{purpose}\0{id}\0{person}\0{generation}"));
        text.truncate(PROOF);
        text
    }

    /// Whether `given` is the token [`Keys::derive`] makes; takes the same time for every wrong one.
    pub fn verify(&self, given: &str, purpose: &str, id: i64, person: i64, generation: i64) -> bool {
        self.derive(purpose, id, person, generation).as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// A token that also names its row: the id in 13 characters, then the proof in 26.
    pub fn token(&self, purpose: &str, id: i64, person: i64, generation: i64) -> String {
        format!("{}{}", encode_id(id), self.derive(purpose, id, person, generation))
    }

    /// Takes a token apart into the row's id and the proof, which still wants [`Keys::verify`].
    pub fn split(token: &str) -> Option<(i64, &str)> {
        if token.len() != ID + PROOF || !token.is_ascii() {
            return None;
        }
        let (id, proof) = token.split_at(ID);
        Some((decode_id(id)?, proof))
    }

    /// Encrypts a secret that has to be used again, such as the address of somebody's calendar. Only [`Keys::open_sealed`]
    /// for the same purpose, row and person gives it back.
    ///
    /// # Errors
    /// The system generator fails.
    pub fn seal(&self, secret: &str, purpose: &str, id: i64, person: i64) -> io::Result<Vec<u8>> {
        let mut nonce = [0u8; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| io::Error::other(error.to_string()))?;
        let mut sealed = secret.as_bytes().to_vec();
        let bound = Aad::from(format!("{purpose}\0{id}\0{person}"));
        let key = self.sealing(purpose).map_err(io::Error::other)?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .map_err(|_| io::Error::other("a secret could not be encrypted"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// What was sealed; `None` for another row, person, purpose or key, and for anything that was changed.
    pub fn open_sealed(&self, sealed: &[u8], purpose: &str, id: i64, person: i64) -> Option<String> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let bound = Aad::from(format!("{purpose}\0{id}\0{person}"));
        let mut rest = rest.to_vec();
        let secret = self.sealing(purpose).ok()?.open_in_place(nonce, bound, &mut rest).ok()?;
        std::str::from_utf8(secret).ok().map(str::to_owned)
    }

    /// The key for sealing: another for each purpose, and none of them that of the tokens.
    fn sealing(&self, purpose: &str) -> Result<LessSafeKey, &'static str> {
        let key = self.mac(&format!("seal\0{purpose}"));
        UnboundKey::new(&CHACHA20_POLY1305, &key).map(LessSafeKey::new).map_err(|_| "no key for sealing")
    }

    /// A keyed hash of anything, in 52 lower-case base32 characters: for buckets that must not tell whom they count.
    pub fn hash(&self, text: &str) -> String {
        lower_base32(&self.mac(text))
    }

    fn mac(&self, text: &str) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

/// An id as 13 lower-case base32 characters.
pub fn encode_id(id: i64) -> String {
    lower_base32(&id.to_be_bytes())
}

/// The id that [`encode_id`] wrote.
pub fn decode_id(text: &str) -> Option<i64> {
    let bytes = BASE32.decode(text.as_bytes()).ok()?;
    Some(i64::from_be_bytes(bytes.try_into().ok()?))
}

fn lower_base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// A random secret: 26 lower-case base32 characters (128 bits), or the reason the system has no randomness.
///
/// # Errors
/// The system generator fails.
pub fn random_secret() -> io::Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(lower_base32(&bytes))
}

/// A random secret of 256 bits for programs: `openhour_` and 52 lower-case base32 characters. The beginning tells
/// people, and programs that look for secrets in the wrong places, what it is.
///
/// # Errors
/// The system generator fails.
pub fn random_token() -> io::Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("openhour_{}", lower_base32(&bytes)))
}

/// What is stored of a random secret.
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_row_and_fits_only_its_purpose_person_and_generation() {
        let keys = Keys::new([7; 32]);
        let token = keys.token("booking", 42, 7, 0);
        assert_eq!(token.len(), 39);
        let (id, proof) = Keys::split(&token).unwrap();
        assert_eq!(id, 42);
        assert!(keys.verify(proof, "booking", 42, 7, 0));
        assert!(!keys.verify(proof, "feed", 42, 7, 0));
        assert!(!keys.verify(proof, "booking", 43, 7, 0));
        assert!(!keys.verify(proof, "booking", 42, 8, 0));
        assert!(!keys.verify(proof, "booking", 42, 7, 1));
        assert!(!Keys::new([8; 32]).verify(proof, "booking", 42, 7, 0));
    }

    #[test]
    fn nonsense_is_no_token() {
        for text in ["", "x", "ä", &"1".repeat(39), &"a".repeat(40)] {
            assert!(Keys::split(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_sealed_opens_only_for_its_row_person_purpose_and_key() {
        let keys = Keys::new([7; 32]);
        let secret = "https://calendar.example.org/private-abc/basic.ics";
        let sealed = keys.seal(secret, "calendar address", 42, 7).unwrap();
        assert_eq!(keys.open_sealed(&sealed, "calendar address", 42, 7).as_deref(), Some(secret));
        assert_ne!(keys.seal(secret, "calendar address", 42, 7).unwrap(), sealed, "no two look alike");
        assert!(!sealed.windows(8).any(|part| part == b"calendar"));
        for (keys, purpose, id, person) in [
            (Keys::new([8; 32]), "calendar address", 42, 7),
            (keys.clone(), "other", 42, 7),
            (keys.clone(), "calendar address", 43, 7),
            (keys.clone(), "calendar address", 42, 8),
        ] {
            assert_eq!(keys.open_sealed(&sealed, purpose, id, person), None);
        }
        for at in [0, 12, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(keys.open_sealed(&changed, "calendar address", 42, 7), None);
        }
        assert_eq!(keys.open_sealed(&sealed[..10], "calendar address", 42, 7), None);
    }

    #[test]
    fn a_key_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        let first = Keys::open(&file).unwrap().derive("x", 1, 2, 3);
        assert_eq!(Keys::open(&file).unwrap().derive("x", 1, 2, 3), first);
        std::fs::write(&file, b"short").unwrap();
        assert!(Keys::open(&file).is_err());
    }
}
