//! HTTP dates. RFC 9110 §5.6.7.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// Writes UTC seconds as `Sun, 06 Nov 1994 08:49:37 GMT`; seconds outside years 1 to 9999 have no date.
pub fn format(seconds: i64) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC);
    Some(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// Reads an HTTP date as UTC seconds. The two obsolete forms of RFC 9110 are ignored, as no client writes them.
pub fn parse(date: &str) -> Option<i64> {
    DateTimeParser::new().parse_timestamp(date.trim()).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_reads_and_writes() {
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(format(784_111_777).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(format(i64::MAX), None);
    }
}
