use jiff::civil::datetime;
use proptest::prelude::*;

use super::*;
use crate::ical::time::{format_wall, parse_wall};

fn from_to(rule: &str, start: &str, from: &str, to: &str, budget: &Budget) -> Repeats {
    let wall = |text: &str| parse_wall(text).unwrap();
    Rule::parse(rule).unwrap().repeats(wall(start), wall(from)..=wall(to), wall_seconds, budget).unwrap()
}

/// What a rule lists up to the end of a year, as text.
fn listed(rule: &str, start: &str, last_year: i16) -> Vec<String> {
    let repeats = from_to(rule, start, start, &format!("{last_year}1231T235959"), &Budget::default());
    assert_eq!(repeats.cut_off, None);
    repeats.list.iter().map(|(wall, _)| format_wall(*wall)).collect()
}

/// All days named `YYYYMMDD`, at nine o'clock.
fn at_nine(days: &str) -> Vec<String> {
    days.split_whitespace().map(|day| format!("{day}T090000")).collect()
}

#[test]
fn the_daily_and_weekly_examples_of_rfc_5545() {
    let start = "19970902T090000";
    let daily = listed("FREQ=DAILY;COUNT=10", start, 1999);
    assert_eq!((daily.len(), daily[9].as_str()), (10, "19970911T090000"));
    let until = listed("FREQ=DAILY;UNTIL=19971224T000000Z", start, 1999);
    assert_eq!((until.len(), until[112].as_str()), (113, "19971223T090000"));
    let cases = [
        ("FREQ=DAILY;INTERVAL=10;COUNT=5", "19970902 19970912 19970922 19971002 19971012"),
        ("FREQ=WEEKLY;COUNT=4", "19970902 19970909 19970916 19970923"),
        (
            "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
            "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002",
        ),
        (
            "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
            "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
            "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016",
        ),
    ];
    for (rule, days) in cases {
        assert_eq!(listed(rule, start, 1999), at_nine(days), "{rule}");
    }
    let forever = listed("FREQ=WEEKLY;INTERVAL=2;WKST=SU", start, 1997);
    assert_eq!(forever, at_nine("19970902 19970916 19970930 19971014 19971028 19971111 19971125 19971209 19971223"));
    let workdays =
        listed("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "19970901T090000", 1999);
    assert_eq!((workdays.len(), workdays[24].as_str()), (25, "19971222T090000"));
    let by_year =
        listed("FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "19980101T090000", 2001);
    let by_day = listed("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "19980101T090000", 2001);
    assert_eq!((by_year.len(), by_year), (93, by_day));
}

#[test]
fn the_weeks_begin_where_the_rule_says() {
    let monday = listed("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805T090000", 1999);
    assert_eq!(monday, at_nine("19970805 19970810 19970819 19970824"));
    let sunday = listed("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000", 1999);
    assert_eq!(sunday, at_nine("19970805 19970817 19970819 19970831"));
}

#[test]
fn the_monthly_examples_of_rfc_5545() {
    let cases = [
        (
            "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
            "19970905T090000",
            "19970905 19971003 19971107 19971205 19980102 19980206 19980306 19980403 19980501 19980605",
        ),
        ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "19970905T090000", "19970905 19971003 19971107 19971205"),
        (
            "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
            "19970907T090000",
            "19970907 19970928 19971102 19971130 19980104 19980125 19980301 19980329 19980503 19980531",
        ),
        ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "19970922T090000", "19970922 19971020 19971117 19971222 19980119 19980216"),
        (
            "FREQ=MONTHLY;COUNT=6;BYMONTHDAY=-3",
            "19970928T090000",
            "19970928 19971029 19971128 19971229 19980129 19980226",
        ),
        (
            "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
            "19970902T090000",
            "19970902 19970915 19971002 19971015 19971102 19971115 19971202 19971215 19980102 19980115",
        ),
        (
            "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
            "19970930T090000",
            "19970930 19971001 19971031 19971101 19971130 19971201 19971231 19980101 19980131 19980201",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
            "19970910T090000",
            "19970910 19970911 19970912 19970913 19970914 19970915 19990310 19990311 19990312 19990313",
        ),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904T090000", "19970904 19971007 19971106"),
        (
            "FREQ=MONTHLY;COUNT=7;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            "19970929T090000",
            "19970929 19971030 19971127 19971230 19980129 19980226 19980330",
        ),
        ("FREQ=MONTHLY;COUNT=5;BYMONTHDAY=15,30", "20070115T090000", "20070115 20070130 20070215 20070315 20070330"),
        (
            "FREQ=MONTHLY;COUNT=5;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
            "19970913T090000",
            "19970913 19971011 19971108 19971213 19980110",
        ),
    ];
    for (rule, start, days) in cases {
        assert_eq!(listed(rule, start, 2010), at_nine(days), "{rule}");
    }
    let tuesdays = listed("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "19970902T090000", 1997);
    assert_eq!(tuesdays, at_nine("19970902 19970909 19970916 19970923 19970930 19971104 19971111 19971118 19971125"));
    let thirteenth = listed("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "19970902T090000", 2000);
    assert_eq!(thirteenth, at_nine("19980213 19980313 19981113 19990813 20001013"));
}

#[test]
fn the_yearly_examples_of_rfc_5545() {
    let cases = [
        (
            "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
            "19970610T090000",
            "19970610 19970710 19980610 19980710 19990610 19990710 20000610 20000710 20010610 20010710",
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
            "19970310T090000",
            "19970310 19990110 19990210 19990310 20010110 20010210 20010310 20030110 20030210 20030310",
        ),
        (
            "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
            "19970101T090000",
            "19970101 19970410 19970719 20000101 20000409 20000718 20030101 20030410 20030719 20060101",
        ),
        ("FREQ=YEARLY;COUNT=3;BYDAY=20MO", "19970519T090000", "19970519 19980518 19990517"),
        ("FREQ=YEARLY;COUNT=3;BYWEEKNO=20;BYDAY=MO", "19970512T090000", "19970512 19980511 19990517"),
        (
            "FREQ=YEARLY;COUNT=11;BYMONTH=3;BYDAY=TH",
            "19970313T090000",
            "19970313 19970320 19970327 19980305 19980312 19980319 19980326 19990304 19990311 19990318 19990325",
        ),
        (
            "FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            "19961105T090000",
            "19961105 20001107 20041102",
        ),
    ];
    for (rule, start, days) in cases {
        assert_eq!(listed(rule, start, 2010), at_nine(days), "{rule}");
    }
    let summer = listed("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "19970605T090000", 1999);
    assert_eq!((summer.len(), summer[38].as_str()), (39, "19990826T090000"));
}

#[test]
fn the_examples_within_a_day_of_rfc_5545() {
    let start = "19970902T090000";
    let three_hours = listed("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", start, 1997);
    assert_eq!(three_hours, ["19970902T090000", "19970902T120000", "19970902T150000"]);
    let quarters = listed("FREQ=MINUTELY;INTERVAL=15;COUNT=6", start, 1997);
    assert_eq!(quarters[5], "19970902T101500");
    assert_eq!(listed("FREQ=MINUTELY;INTERVAL=90;COUNT=4", start, 1997)[3], "19970902T133000");
    let daily = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40;COUNT=100";
    let minutely = "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16;COUNT=100";
    assert_eq!(listed(daily, start, 1997), listed(minutely, start, 1997));
    assert_eq!(listed(daily, start, 1997)[24], "19970903T090000");
}

#[test]
fn minutely_rules_with_filters_become_rules_that_mean_the_same() {
    let start = "20261120T093000";
    let cases = [
        ("FREQ=MINUTELY;INTERVAL=60;BYDAY=FR", "FREQ=HOURLY;BYDAY=FR"),
        ("FREQ=MINUTELY;INTERVAL=120;BYHOUR=9,11", "FREQ=HOURLY;INTERVAL=2;BYHOUR=9,11"),
        ("FREQ=MINUTELY;INTERVAL=30;BYMONTHDAY=20;BYMINUTE=30", "FREQ=HOURLY;BYMONTHDAY=20"),
    ];
    for (minutely, other) in cases {
        assert_eq!(listed(minutely, start, 2026), listed(other, start, 2026), "{minutely}");
    }
    for apart in ["FREQ=MINUTELY;INTERVAL=50;BYDAY=FR", "FREQ=MINUTELY;INTERVAL=30;BYMINUTE=7"] {
        let refused = validate(&Line::new("RRULE", apart), datetime(2026, 11, 20, 9, 30, 0, 0));
        assert!(matches!(refused, Err(RuleError::Combination(_))), "{apart}");
    }
}

#[test]
fn days_are_read_as_the_standard_means_them() {
    let start = "20260101T090000";
    // Every Monday, and the second Tuesday.
    let both = listed("FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=7", start, 2026);
    assert_eq!(both, at_nine("20260105 20260112 20260113 20260119 20260126 20260202"), "DTSTART counts");
    let fifth_from_the_end = listed("FREQ=MONTHLY;BYDAY=-5FR", start, 2026);
    assert_eq!(fifth_from_the_end, at_nine("20260102 20260501 20260703 20261002"));
    let week = listed("FREQ=YEARLY;BYWEEKNO=10", start, 2028);
    assert_eq!(week, at_nine("20260305 20270311 20280309"), "the weekday of DTSTART");
}

#[test]
fn the_start_counts_even_when_the_rule_passes_it_by() {
    assert_eq!(listed("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "20261120T090000", 2026), at_nine("20261123 20261130"));
    assert_eq!(listed("FREQ=WEEKLY;BYDAY=FR;COUNT=3", "20261120T090000", 2026), at_nine("20261120 20261127 20261204"));
    for nothing in ["FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;BYDAY=MO;COUNT=1", "FREQ=DAILY;UNTIL=20200101"] {
        assert_eq!(listed(nothing, "20261120T090000", 2026), [""; 0], "{nothing}");
    }
}

#[test]
fn until_may_be_a_day_or_a_time_without_zone() {
    let start = "20261120T090000";
    assert_eq!(listed("FREQ=DAILY;UNTIL=20261122", start, 2026), at_nine("20261120 20261121 20261122"));
    assert_eq!(listed("FREQ=DAILY;UNTIL=20261122T085959", start, 2026), at_nine("20261120 20261121"));
}

#[test]
fn bombs_end_with_the_budget() {
    let hours = (0..24).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let bomb =
        format!("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={hours};BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55");
    for rule in ["FREQ=DAILY;COUNT=1000000000", "FREQ=MINUTELY;INTERVAL=5;COUNT=4000000000", &bomb] {
        let budget = Budget::new(1000);
        let found = from_to(rule, "20100101T000000", "21990101T000000", "21991231T000000", &budget);
        assert_eq!(budget.left(), 0, "{rule}");
        assert!(found.cut_off.is_some() && found.list.len() <= 1000, "{rule}");
    }
}

#[test]
fn a_far_window_of_an_endless_rule_costs_what_a_near_one_costs() {
    for rule in ["FREQ=DAILY", "FREQ=HOURLY;INTERVAL=7", "FREQ=MINUTELY;INTERVAL=25", "FREQ=WEEKLY;INTERVAL=3"] {
        let budget = Budget::new(10_000);
        let found = from_to(rule, "19000101T000000", "21990701T000000", "21990801T000000", &budget);
        assert!(found.cut_off.is_none() && !found.list.is_empty(), "{rule}");
        assert!(10_000 - budget.left() <= found.list.len() as u32 + 400, "{rule} looked at too many");
    }
    let after_the_end = from_to("FREQ=DAILY", "20260101T000000", "22010101T000000", "22990101T000000", &Budget::new(9));
    assert_eq!((after_the_end.list.len(), after_the_end.cut_off), (0, None));
}

#[test]
fn a_rule_that_never_happens_lists_nothing_and_costs_nothing() {
    let never = [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYSETPOS=7",
        "FREQ=HOURLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    ];
    for rule in never {
        let budget = Budget::new(1);
        let found = from_to(rule, "20260101T000000", "20260101T000000", "22001231T000000", &budget);
        assert_eq!((found.list.len(), found.cut_off, budget.left()), (0, None, 1), "{rule}");
    }
}

#[test]
fn starts_are_bounded() {
    let line = Line::new("RRULE", "FREQ=DAILY");
    for year in [1604, 1899, 2201, 9999, -9999] {
        assert_eq!(validate(&line, datetime(year, 1, 1, 0, 0, 0, 0)), Err(RuleError::TooFar), "{year}");
    }
    assert_eq!(validate(&line, datetime(2026, 1, 1, 0, 0, 0, 0)), Ok(()));
}

/// Rules as clients make them, and odder ones.
fn rules() -> impl Strategy<Value = String> {
    let list = |parts: &'static [&'static str]| {
        prop::option::weighted(0.3, prop::sample::subsequence(parts, 1..=3))
            .prop_map(|part| part.unwrap_or_default().join(","))
    };
    let frequency = prop::sample::select(vec!["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]);
    let weekdays = list(&["MO", "TU", "FR", "SU", "SA"]);
    let numbered = list(&["1MO", "-1FR", "WE", "5TH", "-5SA"]);
    let days = list(&["1", "13", "29", "31", "-1", "-30"]);
    let months = list(&["1", "2", "6", "11", "12"]);
    let hours = list(&["0", "7", "12", "23"]);
    let position = list(&["1", "-1", "2"]);
    let week_start = prop::sample::select(vec!["MO", "SU", "WE"]);
    let parts = (frequency, 1..8, weekdays, numbered, days, months, hours, position, week_start);
    parts.prop_map(|(frequency, interval, weekdays, numbered, days, months, hours, position, week_start)| {
        let mut rule = format!("FREQ={frequency};INTERVAL={interval};WKST={week_start}");
        let byday = if matches!(frequency, "YEARLY" | "MONTHLY") { numbered } else { weekdays };
        let days = if frequency == "WEEKLY" { String::new() } else { days };
        for (name, list) in
            [("BYDAY", byday), ("BYMONTHDAY", days), ("BYMONTH", months), ("BYHOUR", hours), ("BYSETPOS", position)]
        {
            if !list.is_empty() {
                rule += &format!(";{name}={list}");
            }
        }
        rule
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_jump_finds_what_counting_from_the_start_finds(rule in rules(), day in 0i64..3650, from in 0i64..3650, length in 1i64..800) {
        let start = add_days(datetime(2010, 1, 1, 9, 30, 0, 0), day);
        let span = add_days(start, from)..=add_days(start, from + length);
        let parsed = Rule::parse(&rule).unwrap();
        let counted = Rule { count: Some(u32::MAX), ..parsed.clone() };
        let budget = Budget::new(1_000_000);
        let jumped = parsed.repeats(start, span.clone(), wall_seconds, &budget);
        prop_assert_eq!(jumped, counted.repeats(start, span, wall_seconds, &budget), "{} from {}", rule, start);
    }

    #[test]
    fn no_text_panics(text in "(FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY))(;(BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|BYHOUR|INTERVAL|COUNT)=[-+]?[0-9]{1,3}(MO|SU|\u{e9}|,[-+]?[0-9]{1,2}(WE|))?){0,4}") {
        if let Ok(rule) = Rule::parse(&text) {
            let (start, end) = (datetime(2023, 12, 31, 23, 59, 59, 0), datetime(2031, 1, 1, 0, 0, 0, 0));
            let _ = rule.repeats(start, start..=end, wall_seconds, &Budget::new(2000));
        }
    }
}
