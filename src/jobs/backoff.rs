//! When a failed attempt is tried again, and when it is given up.

/// The first pause, in seconds.
const FIRST: i64 = 10;
/// The longest pause, in seconds.
const LONGEST: i64 = 3600;
/// A job is given up this long after it was queued, in seconds: three days, as mail servers do.
pub(super) const GIVE_UP: i64 = 3 * 86_400;

/// Seconds until the next attempt: doubling, at most an hour, spread by a fifth so that jobs which failed together do
/// not all come back together. The spread follows from the job's id.
pub fn pause(id: i64, attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    let pause = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let mixed = (id ^ attempts.rotate_left(40)).wrapping_mul(0x2545_f491_4f6c_dd1d);
    let thousandths = (mixed >> 20).rem_euclid(401) - 200;
    (pause + pause * thousandths / 1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_bounded_and_spread() {
        for id in [1, 77, i64::MAX, i64::MIN] {
            assert!((8..=12).contains(&pause(id, 1)));
            assert!((64..=96).contains(&pause(id, 4)));
            for attempts in [20, 1000, i64::MAX] {
                assert!((2880..=4320).contains(&pause(id, attempts)));
            }
        }
        let distinct: std::collections::HashSet<i64> = (0..100).map(|id| pause(id, 9)).collect();
        assert!(distinct.len() > 50, "only {} different pauses", distinct.len());
    }
}
