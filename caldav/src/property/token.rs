//! Names for the state of a calendar: sync token, ctag; and for resources that move: `DAV:resource-id`.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::store::Collection;

/// The sync token of a version: a URI, as RFC 6578 §4 asks, bound to the collection that it was made for.
pub fn sync_token(collection: &Collection, version: i64) -> String {
    format!("data:,{}-{version}", collection.id)
}

/// The version in a token of this collection; `None` for any other text.
pub fn read_sync_token(collection: &Collection, token: &str) -> Option<i64> {
    let (id, version) = token.strip_prefix("data:,")?.rsplit_once('-')?;
    let version: i64 = version.parse().ok().filter(|version| *version >= 0)?;
    (id.parse() == Ok(collection.id) && version <= collection.version).then_some(version)
}

/// A URN that stays the same for the same parts. RFC 5842 §3.1, RFC 9562 §5.8.
pub fn resource_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut urn = String::from("urn:uuid:");
    for (index, byte) in hash.finalize().iter().take(16).enumerate() {
        let byte = match index {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            urn.push('-');
        }
        // Writing to a String cannot fail.
        let _ = write!(urn, "{byte:02x}");
    }
    urn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_known_only_by_their_own_collection() {
        let collection = Collection { id: -3, version: 20, ..crate::memory::calendar("work") };
        let token = sync_token(&collection, 17);
        assert_eq!(read_sync_token(&collection, &token), Some(17));
        assert_eq!(read_sync_token(&Collection { id: 4, ..collection.clone() }, &token), None);
        for other in ["", "17", "data:,-3-", "data:,-3--1", "data:,-3-21", "urn:x:-3-17"] {
            assert_eq!(read_sync_token(&collection, other), None, "{other}");
        }
    }

    #[test]
    fn resource_ids_are_uuids_and_differ() {
        let one = resource_id(&["ab", "c"]);
        assert_eq!(one.len(), "urn:uuid:01234567-89ab-8def-8123-456789abcdef".len());
        assert_ne!(one, resource_id(&["a", "bc"]));
    }
}
