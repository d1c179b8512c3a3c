//! Times as the API writes and reads them: RFC 3339.

use jiff::Timestamp;

/// `2026-11-26T18:00:00Z`
pub(super) fn write(instant: i64) -> String {
    Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Reads a time with its offset; fractions of a second are dropped.
pub(super) fn read(text: &str) -> Option<i64> {
    if text.len() > 64 {
        return None;
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset_and_written_in_utc() {
        let instant = read("2026-11-26T19:00:00+01:00").unwrap();
        assert_eq!(write(instant), "2026-11-26T18:00:00Z");
        assert_eq!(read("2026-11-26T19:00:00"), None);
        assert_eq!(read("tomorrow"), None);
    }
}
