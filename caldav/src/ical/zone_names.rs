//! The many spellings of a zone's name that lead to an IANA name.

use windows_timezones::WindowsTimezone;

use super::tree::Component;
use super::zone::Zone;

/// The IANA zone that a TZID names by itself.
pub(super) fn by_tzid(tzid: &str) -> Option<Zone> {
    let name = unquoted(tzid);
    Zone::named(name).or_else(|| by_windows_name(name)).or_else(|| by_path(name))
}

/// The IANA zone that a VTIMEZONE's own properties point at, whatever its TZID.
pub(super) fn by_hints(vtimezone: &Component) -> Option<Zone> {
    let value = |name: &str| vtimezone.get(name).map(|line| line.value.trim());
    let location = value("X-LIC-LOCATION").and_then(by_tzid);
    location.or_else(|| Zone::named(by_cdo_number(value("X-MICROSOFT-CDO-TZID")?)?))
}

fn unquoted(tzid: &str) -> &str {
    tzid.trim().trim_matches('"').trim()
}

fn by_windows_name(name: &str) -> Option<Zone> {
    let retired = match name {
        "Kamchatka Standard Time" => Some("Asia/Kamchatka"),
        "Mid-Atlantic Standard Time" => Some("Etc/GMT+2"),
        "Mexico Standard Time" => Some("America/Mexico_City"),
        "Mexico Standard Time 2" => Some("America/Chihuahua"),
        "Armenian Standard Time" => Some("Asia/Yerevan"),
        _ => None,
    };
    let current = || name.parse::<WindowsTimezone>().ok().map(WindowsTimezone::tzdb_id);
    Zone::named(retired.or_else(current)?)
}

/// `/mozilla.org/20050126_1/Europe/London`, `/freeassociation.sourceforge.net/Tzfile/Europe/London`,
/// `tzone://Microsoft/Utc`: the longest end that is a name.
fn by_path(name: &str) -> Option<Zone> {
    let path = name.strip_prefix('/').or_else(|| name.strip_prefix("tzone://"))?;
    path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..)).take(8).find_map(Zone::named)
}

/// The zones that Exchange's CDO library numbered.
fn by_cdo_number(number: &str) -> Option<&'static str> {
    const NAMES: [&str; 82] = [
        "UTC",
        "Europe/London",
        "Europe/Lisbon",
        "Europe/Paris",
        "Europe/Berlin",
        "Europe/Bucharest",
        "Europe/Prague",
        "Europe/Athens",
        "America/Sao_Paulo",
        "America/Halifax",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
        "Pacific/Midway",
        "Pacific/Auckland",
        "Australia/Brisbane",
        "Australia/Adelaide",
        "Asia/Tokyo",
        "Asia/Singapore",
        "Asia/Bangkok",
        "Asia/Kolkata",
        "Asia/Dubai",
        "Asia/Tehran",
        "Asia/Baghdad",
        "Asia/Jerusalem",
        "America/St_Johns",
        "Atlantic/Azores",
        "Etc/GMT+2",
        "Africa/Monrovia",
        "America/Argentina/Buenos_Aires",
        "America/Caracas",
        "America/Indiana/Indianapolis",
        "America/Bogota",
        "America/Regina",
        "America/Mexico_City",
        "America/Phoenix",
        "Pacific/Kwajalein",
        "Pacific/Fiji",
        "Asia/Magadan",
        "Australia/Hobart",
        "Pacific/Guam",
        "Australia/Darwin",
        "Asia/Shanghai",
        "Asia/Almaty",
        "Asia/Karachi",
        "Asia/Kabul",
        "Africa/Cairo",
        "Africa/Harare",
        "Europe/Moscow",
        "",
        "Atlantic/Cape_Verde",
        "Asia/Yerevan",
        "America/Guatemala",
        "Africa/Nairobi",
        "Australia/Melbourne",
        "Asia/Yekaterinburg",
        "Europe/Helsinki",
        "America/Nuuk",
        "Asia/Yangon",
        "Asia/Kathmandu",
        "Asia/Irkutsk",
        "Asia/Krasnoyarsk",
        "America/Santiago",
        "Asia/Colombo",
        "Pacific/Tongatapu",
        "Asia/Vladivostok",
        "Africa/Lagos",
        "Asia/Yakutsk",
        "Asia/Dhaka",
        "Asia/Seoul",
        "Australia/Perth",
        "Asia/Riyadh",
        "Asia/Taipei",
        "Australia/Sydney",
        "America/Chihuahua",
        "Australia/Sydney",
        "Australia/Adelaide",
        "Australia/Hobart",
        "America/Tijuana",
    ];
    NAMES.get(number.parse::<usize>().ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::tree::Line;

    fn name(tzid: &str) -> Option<String> {
        by_tzid(tzid).map(|zone| zone.name().to_owned())
    }

    #[test]
    fn spellings_lead_to_the_zone_they_mean() {
        let spellings = [
            ("Europe/London", "Europe/London"),
            ("america/new_york", "America/New_York"),
            ("\"Europe/Berlin\"", "Europe/Berlin"),
            ("GMT Standard Time", "Europe/London"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Eastern Standard Time", "America/New_York"),
            ("Kamchatka Standard Time", "Asia/Kamchatka"),
            ("/mozilla.org/20050126_1/Europe/London", "Europe/London"),
            ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("/citadel.org/20210210_1/Asia/Tokyo", "Asia/Tokyo"),
            ("/softwarestudio.org/Olson_20011030_5/Europe/Paris", "Europe/Paris"),
            ("tzone://Microsoft/Utc", "UTC"),
        ];
        for (tzid, expected) in spellings {
            assert_eq!(name(tzid).as_deref(), Some(expected), "{tzid}");
        }
    }

    #[test]
    fn names_that_mean_nothing_by_themselves_are_left_to_their_rules() {
        let vague = [
            "GMT+0100",
            "Customized Time Zone",
            "tzone://Microsoft/Custom",
            "(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna",
            "\"GMT +0100 (Standard) / GMT +0200 (Daylight)\"",
            "My own",
            "/",
            "",
        ];
        for tzid in vague {
            assert_eq!(name(tzid), None, "{tzid}");
        }
    }

    #[test]
    fn hints_inside_the_rules_are_followed() {
        let hint = |name: &str, value: &str| {
            by_hints(&Component::new("VTIMEZONE").with(Line::new(name, value))).map(|zone| zone.name().to_owned())
        };
        assert_eq!(hint("X-LIC-LOCATION", "Europe/Rome").as_deref(), Some("Europe/Rome"));
        assert_eq!(hint("X-MICROSOFT-CDO-TZID", "4").as_deref(), Some("Europe/Berlin"));
        assert_eq!(hint("X-MICROSOFT-CDO-TZID", "52"), None);
        assert_eq!(hint("X-MICROSOFT-CDO-TZID", "-1"), None);
        assert_eq!(hint("X-LIC-LOCATION", "Mars/Base"), None);
    }

    #[test]
    fn every_numbered_zone_exists() {
        for number in (0..82).filter(|number| *number != 52) {
            let name = by_cdo_number(&number.to_string()).unwrap();
            assert!(Zone::named(name).is_some(), "{number} {name}");
        }
    }
}
