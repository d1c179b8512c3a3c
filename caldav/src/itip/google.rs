//! How Google names the second half of a series that was split by "this and following events".

use crate::ical::time::{DateTimeValue, parse_date, parse_wall};

/// The base of such a UID, `<base>_R<start>@google.com`, and the time with which the half begins: by the clock, a
/// date for whole days. The first half has the UID `<base>@google.com`.
pub fn google_base(uid: &str) -> Option<(&str, DateTimeValue)> {
    let (local, domain) = uid.trim().rsplit_once('@')?;
    let (base, start) = local.rsplit_once("_R")?;
    if base.is_empty() || !domain.eq_ignore_ascii_case("google.com") {
        return None;
    }
    let start = match start.len() {
        8 => DateTimeValue::Date(parse_date(start)?),
        _ => DateTimeValue::Floating(parse_wall(start.strip_suffix('Z').unwrap_or(start))?),
    };
    Some((base, start))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    #[test]
    fn halves_of_a_series_name_their_base() {
        let at = DateTimeValue::Floating(datetime(2026, 11, 30, 18, 0, 0, 0));
        assert_eq!(google_base("7kq2_R20261130T180000@google.com"), Some(("7kq2", at.clone())));
        assert_eq!(google_base("7k_Rq2_R20261130T180000@Google.com"), Some(("7k_Rq2", at)));
        let day = DateTimeValue::Date(date(2026, 11, 30));
        assert_eq!(google_base("7kq2_R20261130@google.com"), Some(("7kq2", day)));
        for other in [
            "7kq2@google.com",
            "7kq2_R20261130T180000@host.example",
            "7kq2_Rabc@google.com",
            "_R20261130@google.com",
            "",
        ] {
            assert_eq!(google_base(other), None, "{other}");
        }
    }
}
