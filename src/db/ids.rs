//! Ids for rows: growing with time, made without asking the database, distinct across processes.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2024-01-01T00:00:00Z in milliseconds.
const EPOCH_MS: i64 = 1_704_067_200_000;

/// A new id: 41 bits of milliseconds, 10 bits of this process, 12 bits of counter. Always growing within a process.
pub fn new_id() -> i64 {
    static PROCESS: LazyLock<i64> = LazyLock::new(|| {
        let mut bytes = [0u8; 2];
        // Without randomness two processes could draw the same bits; the primary key would then refuse one row.
        let _ = getrandom::fill(&mut bytes);
        i64::from(u16::from_le_bytes(bytes) & 0x3ff)
    });
    static LAST: AtomicI64 = AtomicI64::new(0);
    let now = ((milliseconds() - EPOCH_MS) << 12).max(0);
    let stamp = LAST
        .fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(now.max(last + 1)))
        .map_or(now, |last| now.max(last + 1));
    ((stamp >> 12) << 22) | (*PROCESS << 12) | (stamp & 0xfff)
}

#[expect(clippy::disallowed_methods, reason = "ids only need to be distinct and growing; no rule depends on them")]
fn milliseconds() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_grow() {
        let ids: Vec<i64> = (0..10_000).map(|_| super::new_id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
