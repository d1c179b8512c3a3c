//! Which slot an invitation is for, and the token that says so. `semantics`: derived, never stored.
//!
//! The token is the local part of the invitation's organiser (`s-<token>@`) and stands in its UID, so both stay the
//! booking's. It names the slot and proves the address it was made for: whoever else has it can do nothing with it.

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::keys::{Keys, decode_id, encode_id};
use crate::people::PersonId;
use crate::teams::TypeId;

/// What our UIDs of slots begin with.
const UID: &str = "openhour-s-";
/// Characters of an id, of a start (35 bits of seconds), of a generation, of a proof (130 bits).
const ID: usize = 13;
const START: usize = 7;
const GENERATION: usize = 2;
const PROOF: usize = 26;
/// The last generation that has room.
pub const LAST_GENERATION: i64 = 1_023;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz234567";

/// A slot as an invitation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotKey {
    /// What kind of session.
    pub type_id: TypeId,
    /// UTC seconds.
    pub start: i64,
    /// Raised when the same slot is another event: the one before was booked, or is off.
    pub generation: i64,
    /// With this host only; `None`: whoever is next.
    pub host: Option<PersonId>,
}

impl SlotKey {
    /// The token of this slot for an address, at most 61 lower-case base32 characters. `None`: a start before 1970 or
    /// beyond 3058, or too many generations.
    pub fn token(&self, keys: &Keys, email: &str) -> Option<String> {
        let start = number(self.start, START)?;
        let generation = number(self.generation, GENERATION)?;
        let host = self.host.map(encode_id).unwrap_or_default();
        Some(format!("{}{start}{generation}{host}{}", encode_id(self.type_id), self.proof(keys, email)))
    }

    /// The slot that a token names; whose it is, is not known yet.
    pub fn read(token: &str) -> Option<Self> {
        let body = token.len().checked_sub(PROOF)?;
        let (body, _) = token.split_at_checked(body)?;
        let (type_id, rest) = body.split_at_checked(ID)?;
        let (start, rest) = rest.split_at_checked(START)?;
        let (generation, host) = rest.split_at_checked(GENERATION)?;
        let host = if host.is_empty() { None } else { Some(decode_id(host)?) };
        Some(Self { type_id: decode_id(type_id)?, start: value(start)?, generation: value(generation)?, host })
    }

    /// Whether a token was made for this address; takes the same time for every wrong one.
    pub fn is_for(keys: &Keys, token: &str, email: &str) -> bool {
        let Some(key) = Self::read(token) else { return false };
        let wanted = key.token(keys, email).unwrap_or_default();
        wanted.as_bytes().ct_eq(token.as_bytes()).into()
    }

    fn proof(&self, keys: &Keys, email: &str) -> String {
        let Self { type_id, start, generation, host } = self;
        let host = host.map_or_else(String::new, |host| host.to_string());
        let email = email.to_lowercase();
        let mut text = keys.hash(&format!("slot\0{type_id}\0{start}\0{generation}\0{host}\0{email}"));
        text.truncate(PROOF);
        text
    }
}

/// The UID of the invitation with this token.
pub fn uid(token: &str, domain: &str) -> String {
    format!("{UID}{token}@{domain}")
}

/// The token in the UID of an invitation, or of the booking that it became.
pub fn token_in_uid(uid: &str) -> Option<&str> {
    let (local, _) = uid.split_once('@')?;
    local.get(..UID.len()).filter(|begin| begin.eq_ignore_ascii_case(UID))?;
    local.get(UID.len()..)
}

/// The page that books a slot; its date is that of the team's zone.
pub fn page(public_url: &str, team: &str, zone: &str, kind: &str, start: i64) -> String {
    let at = Timestamp::from_second(start).unwrap_or(Timestamp::UNIX_EPOCH);
    let date = at.in_tz(zone).map_or_else(|_| at.strftime("%Y-%m-%d").to_string(), |at| at.date().to_string());
    let time = at.strftime("%Y%m%dT%H%M%SZ");
    format!("{public_url}/book/{team}/{kind}/{date}/{time}")
}

/// A number in so many characters, five bits each; `None`: it does not fit.
fn number(value: i64, characters: usize) -> Option<String> {
    let mut left = u64::try_from(value).ok()?;
    let mut text = vec![0u8; characters];
    for place in text.iter_mut().rev() {
        *place = *ALPHABET.as_bytes().get(usize::try_from(left % 32).ok()?)?;
        left /= 32;
    }
    if left == 0 { String::from_utf8(text).ok() } else { None }
}

fn value(text: &str) -> Option<i64> {
    text.bytes().try_fold(0i64, |sum, byte| {
        let digit = ALPHABET.bytes().position(|known| known == byte)?;
        sum.checked_mul(32)?.checked_add(i64::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SlotKey = SlotKey { type_id: i64::MAX, start: 1_795_716_000, generation: 3, host: None };

    #[test]
    fn a_token_names_its_slot_and_fits_only_its_address() {
        let keys = Keys::new([7; 32]);
        for key in [KEY, SlotKey { host: Some(42), ..KEY }, SlotKey { start: 0, generation: LAST_GENERATION, ..KEY }] {
            let token = key.token(&keys, "tariq@example.org").unwrap();
            assert!(token.len() + 2 <= 64, "a local part has at most 64 characters");
            assert!(token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            assert_eq!(SlotKey::read(&token), Some(key));
            assert!(SlotKey::is_for(&keys, &token, "Tariq@example.org"));
            assert!(!SlotKey::is_for(&keys, &token, "mina@example.org"));
            assert!(!SlotKey::is_for(&Keys::new([8; 32]), &token, "tariq@example.org"));
            let uid = uid(&token, "book.example.org");
            assert_eq!(token_in_uid(&uid), Some(token.as_str()));
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let keys = Keys::new([7; 32]);
        let token = KEY.token(&keys, "a@example.org").unwrap();
        let another = SlotKey { start: KEY.start + 3600, ..KEY }.token(&keys, "a@example.org").unwrap();
        let forged = format!("{}{}", &another[..22], &token[22..]);
        assert!(!SlotKey::is_for(&keys, &forged, "a@example.org"));
        for text in ["", "a", "ä", &"1".repeat(48), &"ä".repeat(40), &token[1..], &format!("{token}a")] {
            assert!(!SlotKey::is_for(&keys, text, "a@example.org"), "{text}");
        }
        assert_eq!(SlotKey { start: -1, ..KEY }.token(&keys, "a@example.org"), None);
        assert_eq!(SlotKey { generation: LAST_GENERATION + 1, ..KEY }.token(&keys, "a@example.org"), None);
        assert_eq!(token_in_uid("openhour-abc@book.example.org"), None);
    }
}
