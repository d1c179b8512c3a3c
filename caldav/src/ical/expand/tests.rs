use proptest::prelude::*;

use super::*;
use crate::ical::limits::Limits;
use crate::ical::time::{format_utc, parse_wall};

/// An object of components, each given by its lines; the UID comes by itself.
fn object(components: &[&str]) -> CalendarObject {
    let mut text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n".to_owned();
    for component in components {
        let (kind, lines) = component.split_once('\n').unwrap();
        let uid = if kind == "VTIMEZONE" { "" } else { "UID:1\nDTSTAMP:20260101T000000Z\n" };
        text += &format!("BEGIN:{kind}\n{uid}{lines}\nEND:{kind}\n");
    }
    CalendarObject::parse(text + "END:VCALENDAR\n", &Limits::default()).unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn utc(text: &str) -> i64 {
    wall_seconds(parse_wall(text).unwrap())
}

/// Starts and ends between two dates, as `start/end` in UTC, with `floating` as the reader's zone.
fn read_in(floating: &str, object: &CalendarObject, from: &str, to: &str) -> Vec<String> {
    let found = occurrences(object, utc(from)..utc(to), &zone(floating), &Budget::default());
    assert_eq!(found.cut_off, None);
    found.list.iter().map(|one| format!("{}/{}", format_utc(one.start), format_utc(one.end))).collect()
}

/// The starts in November and December 2026 in UTC, `MMDDTHHMM`.
fn starts(object: &CalendarObject) -> Vec<String> {
    let window = utc("20261101T000000")..utc("20270101T000000");
    let found = occurrences(object, window, &Zone::utc(), &Budget::default());
    assert_eq!(found.cut_off, None);
    found.list.iter().map(|one| format_utc(one.start)[4..13].to_owned()).collect()
}

const WEEKLY: &str = "VEVENT\nDTSTART;TZID=Europe/London:20261105T180000\nDTEND;TZID=Europe/London:20261105T190000\nRRULE:FREQ=WEEKLY;COUNT=4";

#[test]
fn wall_time_stays_across_the_change_of_offset() {
    let weekly =
        object(&["VEVENT\nDTSTART;TZID=Europe/London:20260319T180000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"]);
    let expected =
        ["20260319T180000Z/20260319T190000Z", "20260326T180000Z/20260326T190000Z", "20260402T170000Z/20260402T180000Z"];
    assert_eq!(read_in("UTC", &weekly, "20260101T000000", "20270101T000000"), expected);
}

#[test]
fn skipped_and_doubled_times_happen_once() {
    let daily = |zone: &str, start: &str, to: &str| {
        let event = object(&[&format!("VEVENT\nDTSTART;TZID={zone}:{start}\nRRULE:FREQ=DAILY;COUNT=3")]);
        let list = read_in("UTC", &event, "20110101T000000", to);
        list.iter().map(|one| one[4..13].to_owned()).collect::<Vec<_>>()
    };
    // New York, 02:30 is skipped on 8 March; 01:30 happens twice on 1 November.
    assert_eq!(
        daily("America/New_York", "20260307T023000", "20270101T000000"),
        ["0307T0730", "0308T0730", "0309T0630"]
    );
    assert_eq!(
        daily("America/New_York", "20261031T013000", "20270101T000000"),
        ["1031T0530", "1101T0530", "1102T0630"]
    );
    // Midnight is skipped in Beirut on 29 March and in Havana on 8 March; Havana has it twice on 1 November.
    assert_eq!(daily("Asia/Beirut", "20260328T003000", "20270101T000000"), ["0327T2230", "0328T2230", "0329T2130"]);
    assert_eq!(daily("America/Havana", "20260307T003000", "20270101T000000"), ["0307T0530", "0308T0530", "0309T0430"]);
    assert_eq!(daily("America/Havana", "20261031T003000", "20270101T000000"), ["1031T0430", "1101T0430", "1102T0530"]);
    // Samoa had no 30 December 2011: that day's is at the same instant as the next day's.
    assert_eq!(daily("Pacific/Apia", "20111229T090000", "20120201T000000"), ["1229T1900", "1230T1900"]);
}

#[test]
fn whole_days_and_times_without_zone_are_read_in_the_readers_zone() {
    let days = object(&[
        "VEVENT\nDTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330\nRRULE:FREQ=WEEKLY;UNTIL=20260404T000000Z",
    ]);
    let (from, to) = ("20260101T000000", "20270101T000000");
    let london = ["20260328T000000Z/20260329T230000Z", "20260403T230000Z/20260405T230000Z"];
    assert_eq!(read_in("Europe/London", &days, from, to), london);
    assert_eq!(read_in("Asia/Tokyo", &days, from, to)[0], "20260327T150000Z/20260329T150000Z");
    let floating = object(&["VEVENT\nDTSTART:20260401T090000\nDTEND:20260401T100000"]);
    assert_eq!(read_in("Asia/Tokyo", &floating, from, to), ["20260401T000000Z/20260401T010000Z"]);
    let found = occurrences(&floating, utc(from)..utc(to), &Zone::utc(), &Budget::default());
    assert!(found.list[0].floating && !found.list[0].all_day && found.list[0].recurrence_id.is_none());
    let same_day = object(&["VEVENT\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260401"]);
    assert_eq!(read_in("UTC", &same_day, from, to), ["20260401T000000Z/20260402T000000Z"]);
}

#[test]
fn an_end_is_exact_and_a_duration_in_days_follows_the_calendar() {
    let lengths = |line: &str| {
        let event = format!("VEVENT\nDTSTART;TZID=Europe/London:20260327T120000\n{line}\nRRULE:FREQ=DAILY;COUNT=2");
        let event = object(&[&event]);
        let found = occurrences(&event, 0..i64::MAX, &Zone::utc(), &Budget::default());
        found.list.iter().map(|one| (one.end - one.start) / 3600).collect::<Vec<_>>()
    };
    // The second night has 23 hours.
    assert_eq!(lengths("DTEND;TZID=Europe/London:20260328T120000"), [24, 24]);
    assert_eq!(lengths("DURATION:PT24H"), [24, 24]);
    assert_eq!(lengths("DURATION:P1D"), [24, 23]);
    assert_eq!(lengths("X-NONE:"), [0, 0]);
}

#[test]
fn the_edges_of_the_window_do_not_overlap() {
    let event = object(&["VEVENT\nDTSTART:20261110T100000Z\nDTEND:20261110T110000Z"]);
    let found = |event: &CalendarObject, from, to| read_in("UTC", event, from, to).len();
    assert_eq!(found(&event, "20261110T110000", "20261110T120000"), 0);
    assert_eq!(found(&event, "20261110T090000", "20261110T100000"), 0);
    assert_eq!(found(&event, "20261110T105959", "20261110T120000"), 1);
    let moment = object(&["VEVENT\nDTSTART:20261110T100000Z"]);
    assert_eq!(found(&moment, "20261110T100000", "20261110T100001"), 1);
    assert_eq!(found(&moment, "20261110T090000", "20261110T100000"), 0);
    // One that began long before still overlaps.
    let long = object(&["VEVENT\nDTSTART:20260101T000000Z\nDTEND:20260301T000000Z\nRRULE:FREQ=YEARLY"]);
    assert_eq!(found(&long, "20400228T000000", "20400228T010000"), 1);
}

#[test]
fn dates_are_added_and_taken_away() {
    let with = |lines: &str| starts(&object(&[&format!("{WEEKLY}\n{lines}")]));
    let all = ["1105T1800", "1112T1800", "1119T1800", "1126T1800"];
    assert_eq!(with("X-NONE:"), all);
    for exdate in [
        "EXDATE;TZID=Europe/London:20261112T180000",
        "EXDATE:20261112T180000Z",
        "EXDATE:20261112T180000",
        "EXDATE;TZID=Europe/Paris:20261112T190000",
        "EXDATE;VALUE=DATE:20261112",
        "EXDATE;VALUE=DATE:20261001,20261112",
        "EXRULE:FREQ=DAILY;INTERVAL=7;COUNT=2\nRDATE:20261105T180000Z\nEXDATE;VALUE=DATE:20261112",
    ] {
        let expected: &[&str] =
            if exdate.starts_with("EXRULE") { &all[2..] } else { &["1105T1800", "1119T1800", "1126T1800"] };
        assert_eq!(with(exdate), expected, "{exdate}");
    }
    assert_eq!(with("EXDATE:20261112T180001Z"), all, "another time is another instance");
    assert_eq!(with("EXDATE;TZID=Europe/London:20261105T180000"), all[1..], "the first can go too");
    assert_eq!(with("RDATE:20261201T120000Z")[4], "1201T1200");
    assert_eq!(with("RDATE;VALUE=DATE:20261201")[4], "1201T1800");
    assert_eq!(with("RDATE;TZID=Europe/London:20261119T180000"), all, "listed twice is there once");
    assert_eq!(with("RRULE:FREQ=DAILY;COUNT=2"), ["1105T1800", "1106T1800", "1112T1800", "1119T1800", "1126T1800"]);
}

#[test]
fn a_period_brings_its_own_length() {
    let event = object(&[
        "VEVENT\nDTSTART:20261105T180000Z\nDTEND:20261105T190000Z\nRDATE;VALUE=PERIOD:20261106T080000Z/PT30M,20261107T080000Z/20261107T100000Z",
    ]);
    let list = read_in("UTC", &event, "20261101T000000", "20261201T000000");
    assert_eq!(list[1..], ["20261106T080000Z/20261106T083000Z", "20261107T080000Z/20261107T100000Z"]);
}

#[test]
fn an_override_takes_the_place_of_its_instance() {
    for id in [
        "RECURRENCE-ID;TZID=Europe/London:20261112T180000",
        "RECURRENCE-ID:20261112T180000Z",
        "RECURRENCE-ID;TZID=America/New_York:20261112T130000",
        "RECURRENCE-ID;VALUE=DATE:20261112",
        "RECURRENCE-ID:20261112T180000",
    ] {
        let moved =
            format!("VEVENT\n{id}\nDTSTART;TZID=Europe/London:20261113T100000\nDURATION:PT2H\nSTATUS:CANCELLED");
        let event = object(&[&moved, WEEKLY]);
        assert_eq!(starts(&event), ["1105T1800", "1113T1000", "1119T1800", "1126T1800"], "{id}");
        let window = utc("20261113T000000")..utc("20261114T000000");
        let found = occurrences(&event, window, &Zone::utc(), &Budget::default());
        let one = &found.list[0];
        assert_eq!((one.end - one.start, one.recurrence_id), (7200, Some(utc("20261112T180000"))));
        assert_eq!(one.component.get("STATUS").unwrap().value, "CANCELLED");
    }
}

#[test]
fn overrides_count_without_their_master_and_against_exdate() {
    let alone = "VEVENT\nRECURRENCE-ID:20261112T180000Z\nDTSTART:20261113T100000Z\nDTEND:20261113T110000Z";
    assert_eq!(starts(&object(&[alone])), ["1113T1000"]);
    let excluded = format!("{WEEKLY}\nEXDATE:20261112T180000Z");
    assert_eq!(starts(&object(&[&excluded, alone])), ["1105T1800", "1113T1000", "1119T1800", "1126T1800"]);
    // Moved into the window from far outside it, and out of it.
    let far = "VEVENT\nRECURRENCE-ID:20261112T180000Z\nDTSTART:20300101T100000Z\nDTEND:20300101T110000Z";
    let event = object(&[WEEKLY, far]);
    assert_eq!(read_in("UTC", &event, "20300101T000000", "20300102T000000").len(), 1);
    assert_eq!(read_in("UTC", &event, "20261112T000000", "20261113T000000").len(), 0);
}

#[test]
fn whole_day_overrides_match_by_their_day() {
    let master = "VEVENT\nDTSTART;VALUE=DATE:20261105\nRRULE:FREQ=WEEKLY;COUNT=3";
    for id in [
        "RECURRENCE-ID;VALUE=DATE:20261112",
        "RECURRENCE-ID:20261112T000000Z",
        "RECURRENCE-ID;TZID=Asia/Tokyo:20261112T000000",
    ] {
        let event = object(&[master, &format!("VEVENT\n{id}\nDTSTART;VALUE=DATE:20261113")]);
        assert_eq!(starts(&event), ["1105T0000", "1113T0000", "1119T0000"], "{id}");
    }
}

#[test]
fn this_and_future_moves_what_follows() {
    let change = |id: &str, start: &str, length: &str| {
        format!(
            "VEVENT\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:{id}\nDTSTART;TZID=Europe/London:{start}\nDURATION:{length}"
        )
    };
    let master = WEEKLY.replace("COUNT=4", "COUNT=6");
    let later = change("20261119T180000", "20261118T170000", "PT2H");
    let again = change("20261203T180000", "20261203T200000", "PT3H");
    let single = "VEVENT\nRECURRENCE-ID:20261126T180000Z\nDTSTART:20261126T080000Z\nDTEND:20261126T090000Z";
    let event = object(&[&again, &master, single, &later]);
    assert_eq!(starts(&event), ["1105T1800", "1112T1800", "1118T1700", "1126T0800", "1203T2000", "1210T2000"]);
    let moved = object(&[&master, &later]);
    assert_eq!(starts(&moved)[2..], ["1118T1700", "1125T1700", "1202T1700", "1209T1700"]);
    // A window that only the moved instance touches.
    assert_eq!(read_in("UTC", &moved, "20261209T180000", "20261209T190000"), ["20261209T170000Z/20261209T190000Z"]);
}

#[test]
fn zones_are_found_by_windows_names_and_by_their_own_rules() {
    let in_zone = |tzid: &str| format!("VEVENT\nDTSTART;TZID=\"{tzid}\":20261105T180000\nRRULE:FREQ=WEEKLY;COUNT=2");
    assert_eq!(starts(&object(&[&in_zone("W. Europe Standard Time")])), ["1105T1700", "1112T1700"]);
    let own = "VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0545\nEND:STANDARD";
    assert_eq!(starts(&object(&[own, &in_zone("Customized Time Zone")])), ["1105T1215", "1112T1215"]);
}

#[test]
fn tasks_end_when_they_are_due() {
    let task = object(&["VTODO\nDTSTART:20261105T180000Z\nDUE:20261105T200000Z"]);
    assert_eq!(read_in("UTC", &task, "20261101T000000", "20261201T000000"), ["20261105T180000Z/20261105T200000Z"]);
    let only_due = object(&["VTODO\nDUE:20261105T200000Z"]);
    assert_eq!(read_in("UTC", &only_due, "20261101T000000", "20261201T000000"), ["20261105T200000Z/20261105T200000Z"]);
    assert_eq!(starts(&object(&["VTODO\nSUMMARY:Some day"])), [""; 0]);
}

#[test]
fn what_cannot_be_listed_is_unknown_from_there_on() {
    let cut_off = |rule: &str, from: &str, budget: u32| {
        let event = format!("VEVENT\nDTSTART:20260101T000000Z\nDTEND:20260101T010000Z\nRRULE:{rule}");
        // Rules that validation refuses can still come from elsewhere.
        let root = object(&[&event.replace(rule, "FREQ=DAILY")]).root().clone();
        let mut component = root.children.last().unwrap().clone();
        component.set(Line::new("RRULE", rule));
        let zones = Zone::utc();
        let found =
            expand(&[&component], &Zones::new([], &zones), utc(from)..utc("22000101T000000"), &Budget::new(budget));
        (found.list.len(), found.cut_off)
    };
    let start = utc("20260101T000000");
    assert_eq!(cut_off("FREQ=SECONDLY", "20260101T000000", 100), (1, Some(start)));
    assert_eq!(cut_off("FREQ=SECONDLY", "20300101T000000", 100), (0, Some(start)));
    assert_eq!(cut_off("FREQ=WEEKLY;BYDAY=F\u{e9}R", "20300101T000000", 100), (0, Some(start)));
    assert_eq!(cut_off("FREQ=DAILY", "20260101T000000", 10), (10, Some(start + 10 * 86_400)));
    assert_eq!(cut_off("FREQ=DAILY;COUNT=1000000000", "21000101T000000", 10), (0, Some(start + 10 * 86_400)));
    assert_eq!(cut_off("FREQ=DAILY;COUNT=5", "20260101T000000", 10), (5, None));
}

#[test]
fn many_rules_are_not_read() {
    let event = object(&[&format!("{WEEKLY}{}", "\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".repeat(6))]);
    let found = occurrences(&event, utc("20261101T000000")..utc("20270101T000000"), &Zone::utc(), &Budget::default());
    assert_eq!((found.list.len(), found.cut_off), (4, Some(utc("20261105T180000"))));
    assert_eq!(extent(&event, &Zone::utc()).end, None);
}

#[test]
fn rules_of_both_kinds_share_one_allowance() {
    let never = |name: &str| format!("\n{name}:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30");
    let added = format!("{WEEKLY}{}{}\nRRULE:FREQ=DAILY;COUNT=2", never("EXRULE"), never("EXRULE"));
    let event = object(&[&added]);
    let found = occurrences(&event, utc("20261101T000000")..utc("20270101T000000"), &Zone::utc(), &Budget::default());
    assert_eq!((found.list.len(), found.cut_off), (4, Some(utc("20261105T180000"))));
    assert_eq!(extent(&event, &Zone::utc()).end, None);
    // The fourth rule would take the first instance away.
    let taken = format!("{WEEKLY}{}{}\nEXRULE:FREQ=DAILY;COUNT=1", never("RRULE"), never("RRULE"));
    assert_eq!(starts(&object(&[&taken])).len(), 4);
}

#[test]
fn extents_hold_every_instance() {
    let bounds = |components: &[&str]| extent(&object(components), &Zone::utc());
    let single = bounds(&["VEVENT\nDTSTART:20261105T180000Z\nDTEND:20261105T190000Z"]);
    assert_eq!(single, Extent { start: utc("20261105T180000"), end: Some(utc("20261105T190000")), recurring: false });
    assert_eq!(bounds(&["VEVENT\nDTSTART:20261105T180000Z\nRRULE:FREQ=DAILY"]).end, None);
    assert_eq!(bounds(&["VEVENT\nDTSTART:20261105T180000Z\nRRULE:FREQ=DAILY;COUNT=1000000"]).end, None);
    let weekly = bounds(&[WEEKLY]);
    assert!(
        weekly.recurring
            && weekly.end.unwrap() >= utc("20261126T190000")
            && weekly.end.unwrap() < utc("20261201T000000")
    );
    let far = "VEVENT\nRECURRENCE-ID:20261112T180000Z\nDTSTART:20300101T100000Z\nDTEND:20300101T110000Z";
    assert_eq!(bounds(&[WEEKLY, far]).end, Some(utc("20300101T110000")));
    let early = "VEVENT\nRECURRENCE-ID:20261112T180000Z\nDTSTART:20200101T100000Z\nDTEND:20200101T110000Z";
    assert_eq!(bounds(&[WEEKLY, early]).start, utc("20200101T100000"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn windows_cut_what_the_whole_shows(
        frequency in prop::sample::select(vec!["DAILY", "WEEKLY;BYDAY=MO,TH", "MONTHLY;BYMONTHDAY=-1", "YEARLY", "HOURLY;INTERVAL=7"]),
        end in prop::sample::select(vec![";COUNT=40", ";UNTIL=20270301T000000Z", ";UNTIL=20270301", ""]),
        hours in 0i64..100,
        shift in -50i64..50,
        from in 0i64..600,
        days in 1i64..60,
        tzid in prop::sample::select(vec!["Europe/London", "America/Havana", "Asia/Tokyo"]),
    ) {
        let wall = |text: &str, hours: i64| super::super::time::format_wall(wall_from_seconds(utc(text) + hours * 3600));
        let master = format!("VEVENT\nDTSTART;TZID={tzid}:20260301T003000\nDURATION:PT{hours}H\nRRULE:FREQ={frequency}{end}");
        let change = format!(
            "VEVENT\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID={tzid}:20260601T003000\nDTSTART;TZID={tzid}:{}\nDURATION:PT5H",
            wall("20260601T003000", shift)
        );
        let event = object(&[&master, &change]);
        let find = |window: Range<i64>| occurrences(&event, window, &Zone::utc(), &Budget::default());
        let window = utc("20260201T000000") + from * 86_400..utc("20260201T000000") + (from + days) * 86_400;
        let whole = find(utc("20250101T000000")..utc("20290101T000000"));
        let inside = |one: &&Occurrence<'_>| {
            one.start < window.end && (one.end > window.start || (one.start == one.end && one.start >= window.start))
        };
        let expected: Vec<_> = whole.list.iter().filter(inside).cloned().collect();
        prop_assert_eq!(find(window.clone()).list, expected);
        let bounds = extent(&event, &Zone::utc());
        for one in &whole.list {
            prop_assert!(bounds.start <= one.start && bounds.end.is_none_or(|end| one.end <= end), "{:?} {:?}", bounds, one);
        }
        prop_assert_eq!(bounds.end.is_none(), end.is_empty());
    }
}
