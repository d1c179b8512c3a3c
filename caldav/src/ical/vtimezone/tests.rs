use jiff::civil::datetime;

use super::*;
use crate::ical::limits::Limits;

fn utc(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> i64 {
    wall_seconds(datetime(year, month, day, hour, minute, 0, 0))
}

fn vtimezone(inner: &str) -> Component {
    let text = format!("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\n{inner}END:VTIMEZONE\nEND:VCALENDAR\n");
    let calendar = Component::parse(text.as_bytes(), &Limits { lines: 100_000, ..Limits::default() }).unwrap();
    calendar.children.into_iter().next().unwrap()
}

fn part(kind: &str, start: &str, from: &str, to: &str, more: &str) -> String {
    format!("BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\n{more}END:{kind}\n")
}

/// What Outlook sends for central Europe under a name of its own.
fn outlook() -> Component {
    vtimezone(
        &(part("STANDARD", "16010101T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n")
            + &part("DAYLIGHT", "16010101T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n")),
    )
}

#[test]
fn names_nobody_knows_get_the_rules_that_came_along() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    for tzid in [
        "Customized Time Zone",
        "tzone://Microsoft/Custom",
        "GMT+0100",
        "\"GMT +0100 (Standard) / GMT +0200 (Daylight)\"",
        "(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna",
    ] {
        let zone = Zone::resolve(tzid, Some(&outlook())).unwrap();
        assert_eq!((zone.name(), zone.is_iana()), (tzid, false));
        for day in 0..730 {
            let instant = utc(2026, 1, 1, 12, 0) + day * 86_400;
            assert_eq!(zone.offset_at(instant), berlin.offset_at(instant), "{tzid} day {day}");
        }
        assert_eq!(zone.next_transition(utc(2026, 1, 1, 0, 0)), Some(utc(2026, 3, 29, 1, 0)));
    }
    assert_eq!(Zone::resolve("GMT+0100", None), None);
}

#[test]
fn an_iana_name_wins_over_the_rules_that_came_along() {
    let zone = Zone::resolve("Europe/London", Some(&outlook())).unwrap();
    assert_eq!((zone.name(), zone.offset_at(utc(2026, 1, 1, 0, 0))), ("Europe/London", 0));
    let hinted = outlook().with(Line::new("X-LIC-LOCATION", "Asia/Tokyo"));
    assert_eq!(Zone::resolve("Own", Some(&hinted)).unwrap().name(), "Asia/Tokyo");
}

#[test]
fn until_is_an_instant_and_rdates_are_onsets() {
    let zone = vtimezone(
        &(part(
            "STANDARD",
            "20061029T020000",
            "-0400",
            "-0500",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20081026T060000Z\n",
        ) + &part(
            "DAYLIGHT",
            "20070401T020000",
            "-0500",
            "-0400",
            "RDATE:20080406T020000\nRDATE:20090405T020000,20100404T020000\n",
        ) + &part("STANDARD", "20091101T020000", "-0400", "-0530", "")),
    );
    let zone = Zone::resolve("Own", Some(&zone)).unwrap();
    let mut changes = Vec::new();
    let mut at = utc(2000, 1, 1, 0, 0);
    while let Some(next) = zone.next_transition(at) {
        changes.push((next, zone.offset_at(next)));
        at = next;
    }
    let (standard, daylight) = (-5 * 3600, -4 * 3600);
    assert_eq!(zone.offset_at(utc(2000, 1, 1, 0, 0)), daylight, "before the first onset: its TZOFFSETFROM");
    assert_eq!(
        changes,
        [
            (utc(2006, 10, 29, 6, 0), standard),
            (utc(2007, 4, 1, 7, 0), daylight),
            (utc(2007, 10, 28, 6, 0), standard),
            (utc(2008, 4, 6, 7, 0), daylight),
            (utc(2008, 10, 26, 6, 0), standard),
            (utc(2009, 4, 5, 7, 0), daylight),
            (utc(2009, 11, 1, 6, 0), -19_800),
            (utc(2010, 4, 4, 7, 0), daylight),
        ]
    );
}

#[test]
fn rules_that_are_wrong_or_too_many_are_no_zone() {
    let wrong = [
        String::new(),
        part("STANDARD", "someday", "+0100", "+0200", ""),
        part("STANDARD", "20060101T000000", "+0100", "soon", ""),
        part("STANDARD", "20060101T000000", "+0100", "+0200", "RRULE:FREQ=SECONDLY\n"),
        part("STANDARD", "20060101T000000", "+0100", "+0200", "RRULE:FREQ=DAILY\n"),
        part("STANDARD", "20060101T000000", "+0100", "+0200", "RRULE:FREQ=HOURLY;COUNT=1000000000\n"),
        part("STANDARD", "20060101T000000", "+0100", "+0200", &"RRULE:FREQ=YEARLY\n".repeat(MOST_RULES + 1)),
        part("STANDARD", "20060101T000000", "+0100", "+0200", "RDATE:tomorrow\n"),
        part("STANDARD", "20060101T000000", "+0100", "+0200", "").repeat(MOST_OBSERVANCES + 1),
    ];
    for (index, inner) in wrong.iter().enumerate() {
        assert_eq!(Zone::resolve("Own", Some(&vtimezone(inner))), None, "case {index}");
    }
}

#[test]
fn two_components_of_one_name_are_told_apart() {
    let own = |to: &str| Zone::resolve("Own", Some(&vtimezone(&part("STANDARD", "20000101T000000", "+0000", to, ""))));
    let (one, two) = (own("+0100").unwrap(), own("+0200").unwrap());
    assert_ne!(one, two);
    assert_eq!((one.offset_at(utc(2026, 1, 1, 0, 0)), two.offset_at(utc(2026, 1, 1, 0, 0))), (3600, 7200));
    assert_eq!(own("+0100").unwrap(), one);
}

fn text(name: &str) -> String {
    let zone = Zone::named(name).unwrap();
    let written = write(&zone, utc(2026, 1, 1, 0, 0), utc(2027, 1, 1, 0, 0)).write();
    String::from_utf8(written).unwrap().replace("\r\n", "\n")
}

#[test]
fn a_zone_with_summer_time_is_written_as_two_rules() {
    let expected = "BEGIN:VTIMEZONE\nTZID:Europe/London\n".to_owned()
        + &part(
            "STANDARD",
            "20251026T020000",
            "+0100",
            "+0000",
            "TZNAME:GMT\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n",
        )
        + &part(
            "DAYLIGHT",
            "20260329T010000",
            "+0000",
            "+0100",
            "TZNAME:BST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n",
        )
        + "END:VTIMEZONE\n";
    let mut lines: Vec<_> = text("Europe/London").lines().map(str::to_owned).collect();
    let mut expected: Vec<_> = expected.lines().map(str::to_owned).collect();
    lines.sort();
    expected.sort();
    assert_eq!(lines, expected);
}

#[test]
fn a_zone_without_summer_time_is_written_as_one_onset() {
    let tokyo = text("Asia/Tokyo");
    assert_eq!((tokyo.matches("BEGIN:STANDARD").count(), tokyo.matches("RRULE").count()), (1, 0), "{tokyo}");
    assert!(!tokyo.contains("DAYLIGHT"));
    // Jerusalem: the Friday before the last Sunday; Nuuk: the Saturday before.
    assert!(text("Asia/Jerusalem").contains("BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"));
    assert!(text("Europe/Dublin").contains("BEGIN:DAYLIGHT"), "{}", text("Europe/Dublin"));
}

/// Zones of every kind of rule, with every odd one that is known.
const SAMPLE: [&str; 70] = [
    "Africa/Abidjan",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "Africa/Juba",
    "Africa/Khartoum",
    "Africa/Lagos",
    "Africa/Tripoli",
    "Africa/Windhoek",
    "America/Anchorage",
    "America/Asuncion",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Chihuahua",
    "America/Denver",
    "America/Edmonton",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Miquelon",
    "America/New_York",
    "America/Nuuk",
    "America/Ojinaga",
    "America/Phoenix",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "America/Tijuana",
    "America/Vancouver",
    "America/Winnipeg",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Damascus",
    "Asia/Dubai",
    "Asia/Famagusta",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kabul",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Nicosia",
    "Asia/Pyongyang",
    "Asia/Qostanay",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Etc/GMT-14",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Volgograd",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Norfolk",
];

#[test]
fn what_is_written_reads_as_the_zone_itself() {
    let (from, to) = (utc(2020, 1, 1, 0, 0), utc(2033, 1, 1, 0, 0));
    for name in SAMPLE {
        let zone = Zone::named(name).unwrap();
        let written = write(&zone, from, to);
        let read = Zone::supplied(name, onsets(&written).unwrap());
        let mut at = from;
        loop {
            for near in [-86_400, -3601, -1, 0, 1, 3600, 86_400, 30 * 86_400] {
                let instant = at + near;
                if (from..to).contains(&instant) {
                    assert_eq!(read.offset_at(instant), zone.offset_at(instant), "{name} {}", zone.to_wall(instant));
                }
            }
            match zone.next_transition(at).filter(|next| *next < to) {
                Some(next) => at = next,
                None => break,
            }
        }
        assert_eq!(read.offset_at(to - 1), zone.offset_at(to - 1), "{name}");
    }
}

#[test]
fn the_rule_that_goes_on_goes_on_after_the_end() {
    for name in
        ["Europe/London", "America/New_York", "Australia/Sydney", "America/Nuuk", "Asia/Jerusalem", "America/Santiago"]
    {
        let zone = Zone::named(name).unwrap();
        let read = onsets(&write(&zone, utc(2026, 1, 1, 0, 0), utc(2027, 1, 1, 0, 0)))
            .map(|o| Zone::supplied(name, o))
            .unwrap();
        for day in 0..365 * 40 {
            let instant = utc(2026, 1, 1, 0, 0) + day * 86_400;
            assert_eq!(read.offset_at(instant), zone.offset_at(instant), "{name} {}", zone.to_wall(instant));
        }
    }
}

#[test]
fn odd_spans_are_written_without_fuss() {
    let london = Zone::named("Europe/London").unwrap();
    for (from, to) in [(i64::MIN, i64::MAX), (0, i64::MAX), (5, 4), (i64::MAX, i64::MIN), (i64::MAX - 1, i64::MAX)] {
        assert!(!write(&london, from, to).children.is_empty());
    }
    assert_eq!(write(&Zone::utc(), 0, 1).children.len(), 1);
}
