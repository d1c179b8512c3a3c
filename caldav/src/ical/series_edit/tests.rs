use proptest::prelude::*;

use super::*;
use crate::ical::expand::occurrences;
use crate::ical::limits::Limits;

const FROM: i64 = 1_761_955_200; // 2025-11-01
const TO: i64 = 1_830_297_600; // 2028-01-01

fn object(lines: &str) -> CalendarObject {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nX-KEEP:me\n{lines}\n\
         END:VEVENT\nEND:VCALENDAR\n"
    );
    CalendarObject::parse(text, &Limits::default()).unwrap()
}

fn read_back(root: &Component) -> CalendarObject {
    CalendarObject::parse(root.write(), &Limits::default()).unwrap()
}

/// Which instance, start and end of each, in order of the instance.
fn list(object: &CalendarObject, zone: &Zone) -> Vec<(i64, i64, i64)> {
    let found = occurrences(object, FROM..TO, zone, &Budget::default());
    assert_eq!(found.cut_off, None);
    let mut list: Vec<_> =
        found.list.iter().map(|one| (one.recurrence_id.unwrap_or(one.start), one.start, one.end)).collect();
    list.sort_unstable();
    list
}

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

const MOVED: &str = "DTSTART;TZID=Europe/Berlin:20261005T180000\nDTEND;TZID=Europe/Berlin:20261005T200000\nRRULE:FREQ=WEEKLY;COUNT=8\n\
    EXDATE;TZID=Europe/Berlin:20261012T180000,20261109T180000\nSUMMARY:Available\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n\
    DTSTAMP:20260101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20261102T180000\nDTSTART;TZID=Europe/Berlin:20261103T170000\n\
    DTEND;TZID=Europe/Berlin:20261103T190000\nSUMMARY:Available";

#[test]
fn one_instance_goes_and_the_others_and_their_lines_stay() {
    let berlin = zone("Europe/Berlin");
    let series = object(MOVED);
    let all = list(&series, &berlin);
    assert_eq!(all.len(), 6);
    for (id, ..) in &all {
        let left = read_back(&without(&series, *id, &berlin).unwrap().unwrap());
        let expected: Vec<_> = all.iter().copied().filter(|(other, ..)| other != id).collect();
        assert_eq!(list(&left, &berlin), expected);
        assert_eq!(left.master().unwrap().get("X-KEEP").unwrap().value, "me");
    }
    assert_eq!(without(&series, all[0].0 + 60, &berlin), Err(SeriesError::NoInstance));
}

#[test]
fn nothing_is_left_of_a_series_without_its_last_instance() {
    let utc = Zone::utc();
    let two = object("DTSTART:20261005T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20261006T180000Z");
    assert_eq!(without(&two, 1_791_223_200, &utc), Ok(None));
    let one = object("DTSTART:20261005T180000Z\nDURATION:PT1H");
    assert_eq!(without(&one, 1_791_223_200, &utc), Ok(None));
    assert_eq!(without(&one, 1, &utc), Err(SeriesError::NoInstance));
}

#[test]
fn a_count_is_shared_between_both_parts() {
    let berlin = zone("Europe/Berlin");
    let series = object(MOVED);
    let cut = list(&series, &berlin)[2].0;
    let Split { before, after } = split(&series, cut, &berlin).unwrap();
    let rule = |root: &Component| root.children[0].get("RRULE").unwrap().value.clone();
    assert_eq!(rule(&before.clone().unwrap()), "FREQ=WEEKLY;UNTIL=20261026T165959Z");
    assert_eq!(rule(&after), "FREQ=WEEKLY;COUNT=5");
    assert_eq!(after.children[0].all("EXDATE").next().unwrap().value, "20261109T180000");
}

#[test]
fn other_hours_keep_what_was_taken_out_and_what_was_moved() {
    let berlin = zone("Europe/Berlin");
    let series = object(MOVED);
    let at = |hour| Time::constant(hour, 30, 0, 0);
    let changed = read_back(&retimed(&series, at(9), at(11), &berlin, &berlin).unwrap());
    let times: Vec<String> = list(&changed, &berlin)
        .iter()
        .map(|(_, start, end)| {
            let end = berlin.to_wall(*end);
            format!("{}-{}", berlin.to_wall(*start).strftime("%m%d %H:%M"), end.strftime("%H:%M"))
        })
        .collect();
    let expected = [
        "1005 09:30-11:30",
        "1019 09:30-11:30",
        "1026 09:30-11:30",
        "1103 17:00-19:00",
        "1116 09:30-11:30",
        "1123 09:30-11:30",
    ];
    assert_eq!(times, expected);
    let until =
        object("DTSTART;TZID=Europe/Berlin:20261005T180000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20261102T170000Z");
    let late = read_back(&retimed(&until, at(20), at(21), &berlin, &berlin).unwrap());
    assert_eq!(list(&late, &berlin).len(), 5, "the last one stays, though it is later than the old end");
}

#[test]
fn other_days_begin_on_the_first_of_them() {
    let berlin = zone("Europe/Berlin");
    let series = object(
        "DTSTART;TZID=Europe/Berlin:20261005T090000\nDTEND;TZID=Europe/Berlin:20261005T120000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,FR;WKST=MO",
    );
    let fewer = on_days(&series, &[Weekday::Friday, Weekday::Tuesday], &berlin).unwrap();
    let event = &fewer.children[0];
    assert_eq!(event.get("RRULE").unwrap().value, "FREQ=WEEKLY;WKST=MO;BYDAY=TU,FR");
    assert_eq!(event.get("DTSTART").unwrap().value, "20261006T090000");
    assert_eq!(event.get("DTEND").unwrap().value, "20261006T120000");
    assert_eq!(
        on_days(&object("DTSTART:20261005T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"), &[Weekday::Friday], &berlin),
        Err(SeriesError::TooSpecial)
    );
}

fn rules() -> impl Strategy<Value = String> {
    let rule = prop::sample::select(vec![
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=MO,WE,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH;WKST=SU",
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYDAY=MO,SU",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=MONTHLY;BYMONTHDAY=25,-1",
        "FREQ=MONTHLY;BYDAY=SU,MO;BYSETPOS=2",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    ]);
    let end = prop_oneof![
        (2u32..60).prop_map(|count| format!(";COUNT={count}")),
        Just(";UNTIL=20271031T020000Z".to_owned()),
        Just(String::new()),
    ];
    (rule, end).prop_map(|(rule, end)| format!("{rule}{end}"))
}

/// A series that begins in some zone, in the night too, with dates taken out and one moved.
fn series() -> impl Strategy<Value = (CalendarObject, Zone)> {
    let zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
    let shape = prop::sample::select(vec!["zone", "utc", "floating", "day"]);
    (
        rules(),
        prop::sample::select(zones.to_vec()),
        shape,
        0u32..24,
        1u32..29,
        prop::collection::vec(0usize..40, 0..4),
        0usize..40,
    )
        .prop_map(|(rule, name, shape, hour, day, out, moved)| {
            let zone = zone(name);
            let rule = if shape == "floating" || shape == "day" {
                rule.replace("T020000Z", if shape == "day" { "" } else { "T020000" })
            } else {
                rule
            };
            let (start, length) = match shape {
                "zone" => (format!("DTSTART;TZID={name}:202610{day:02}T{hour:02}3000"), "DURATION:PT2H"),
                "utc" => (format!("DTSTART:202610{day:02}T{hour:02}3000Z"), "DURATION:PT2H"),
                "floating" => (format!("DTSTART:202610{day:02}T{hour:02}3000"), "DURATION:PT2H"),
                _ => (format!("DTSTART;VALUE=DATE:202610{day:02}"), "DURATION:P1D"),
            };
            let plain = object(&format!("{start}\n{length}\nRRULE:{rule}"));
            let all = list(&plain, &zone);
            let mut root = plain.root().clone();
            for (id, ..) in out.iter().filter_map(|index| all.get(*index)) {
                // Dates taken out by the product itself.
                let object = read_back(&root);
                if let Ok(Some(changed)) = without(&object, *id, &zone) {
                    root = changed;
                }
            }
            let object = read_back(&root);
            let left = list(&object, &zone);
            if let (Some((id, ..)), false) = (left.get(moved), shape == "day") {
                let mut change =
                    Component::new("VEVENT").with(Line::new("UID", "1")).with(Line::new("DTSTAMP", "20260101T000000Z"));
                change.push(Line::new("RECURRENCE-ID", format_utc(*id)));
                change.push(Line::new("DTSTART", format_utc(id + 7_200)));
                change.push(Line::new("DURATION", "PT1H"));
                root.children.push(change);
            }
            (read_back(&root), zone)
        })
}

proptest! {
    #[test]
    fn a_split_keeps_all_earlier_instances_and_all_later_ones((object, zone) in series(), pick: prop::sample::Index) {
        let all = list(&object, &zone);
        prop_assume!(!all.is_empty());
        let at = all[pick.index(all.len())].0;
        let parts = split(&object, at, &zone).unwrap();
        let earlier: Vec<_> = all.iter().copied().filter(|(id, ..)| *id < at).collect();
        let later: Vec<_> = all.iter().copied().filter(|(id, ..)| *id >= at).collect();
        let before = parts.before.map(|root| list(&read_back(&root), &zone)).unwrap_or_default();
        prop_assert_eq!(&before, &earlier, "before, of {}", String::from_utf8_lossy(object.bytes()));
        let after = read_back(&parts.after);
        prop_assert_eq!(list(&after, &zone).into_iter().map(|(_, start, end)| (start, end)).collect::<Vec<_>>(),
            later.into_iter().map(|(_, start, end)| (start, end)).collect::<Vec<_>>(), "after, of {}", String::from_utf8_lossy(object.bytes()));
    }

    #[test]
    fn taking_one_out_takes_that_one_only((object, zone) in series(), pick: prop::sample::Index) {
        let all = list(&object, &zone);
        prop_assume!(!all.is_empty());
        let id = all[pick.index(all.len())].0;
        let left = without(&object, id, &zone).unwrap().map(|root| list(&read_back(&root), &zone)).unwrap_or_default();
        prop_assert_eq!(left, all.into_iter().filter(|(other, ..)| *other != id).collect::<Vec<_>>());
    }
}
