//! Small requests that want to cost a lot: recurrences, XML, calendar text, JSON, windows. Each gets an answer that is not
//! a failure of ours, in little time and memory.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::db::fresh::Fresh;
use crate::http::Http;
use crate::installation::{Host, Installation, Server, is_optimised, offer_path};

/// What one request may take; the unoptimised build is given more.
fn time_allowed() -> Duration {
    if is_optimised() { Duration::from_millis(100) } else { Duration::from_millis(1500) }
}
/// What the process may grow by at its peak, in KiB.
const MEMORY: u64 = 16 * 1024;
/// The shortest of so many counts, because others share the machine; and the largest, because memory once taken stays.
const TRIES: usize = 3;

struct Bomb {
    name: &'static str,
    method: &'static str,
    path: String,
    kind: &'static str,
    body: String,
    allowed: &'static [u16],
}

#[test]
fn bombs_cost_little_and_get_a_specific_answer() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let host = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    let dav = server.dav(&host);
    let weekly = object("RRULE:FREQ=WEEKLY\r\n");
    for _ in 0..20 {
        let answer = dav.put_event(&offer_path(&host, "ordinary"), &weekly).unwrap();
        assert!(matches!(answer.status, 201 | 204), "{}", answer.text());
    }
    let mut wrong = Vec::new();
    let bombs = recurrence(&host).into_iter().chain(xml(&host)).chain(text(&host)).chain(windows());
    for bomb in bombs {
        wrong.extend(try_one(&server, &dav, &bomb).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(server.http.get("/healthz").unwrap().status, 200);
    installation.run(&["check"]);
}

fn try_one(server: &Server, dav: &Http, bomb: &Bomb) -> Result<(), String> {
    let (mut time, mut memory, mut answered) = (Duration::MAX, 0, String::new());
    for _ in 0..TRIES {
        let before = server.memory("VmRSS");
        std::fs::write(format!("/proc/{}/clear_refs", server.id()), "5").map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let answer =
            dav.request(bomb.method, &bomb.path, &[("Content-Type", bomb.kind), ("Depth", "1")], bomb.body.as_bytes());
        time = time.min(begun.elapsed());
        memory = memory.max(server.memory("VmHWM").saturating_sub(before));
        let answer = answer.map_err(|error| format!("{}: no answer: {error}", bomb.name))?;
        if !bomb.allowed.contains(&answer.status) {
            let text: String = answer.text().chars().take(300).collect();
            return Err(format!("{}: {} instead of {:?}: {text}", bomb.name, answer.status, bomb.allowed));
        }
        answered = format!("{} with {} bytes", answer.status, answer.body.len());
    }
    println!("{:<44} {answered:<24} {:>6} ms {memory:>7} KiB", bomb.name, time.as_millis());
    match (time <= time_allowed(), memory <= MEMORY) {
        (true, true) => Ok(()),
        _ => Err(format!("{}: took {time:?} and {memory} KiB", bomb.name)),
    }
}

fn object(lines: &str) -> String {
    with_start("DTSTART:20100104T090000Z\r\nDTEND:20100104T100000Z\r\n", lines)
}

fn with_start(start: &str, lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Test//EN\r\nBEGIN:VEVENT\r\nUID:bomb@example.org\r\n\
         DTSTAMP:20261101T000000Z\r\n{start}{lines}SUMMARY:Available\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// `1,2,...,to`
fn list(from: u32, to: u32) -> String {
    (from..=to).map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

/// Taken and cut off within bounds, or refused with the precondition; never a failure of ours.
fn recurrence(host: &Host) -> Vec<Bomb> {
    let rules = [
        ("every second since 2010", object("RRULE:FREQ=SECONDLY\r\n")),
        ("every second for two thousand million times", object("RRULE:FREQ=SECONDLY;COUNT=2000000000\r\n")),
        ("every minute of some months", object("RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=29\r\n")),
        ("a day that never comes", object("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n")),
        ("a day that never comes, counted", object("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,31;COUNT=5\r\n")),
        ("far interval", object("RRULE:FREQ=YEARLY;INTERVAL=2147483647\r\n")),
        ("enormous numbers", object("RRULE:FREQ=DAILY;INTERVAL=99999999999999999999;COUNT=99999999999999999999\r\n")),
        (
            "every minute of every day, spelled out",
            object(&format!(
                "RRULE:FREQ=YEARLY;BYYEARDAY={};BYHOUR={};BYMINUTE={}\r\n",
                list(1, 366),
                list(0, 23),
                list(0, 59)
            )),
        ),
        (
            "set positions",
            object(&format!("RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS={}\r\n", list(1, 366))),
        ),
        ("two hundred rules", object(&"RRULE:FREQ=HOURLY\r\n".repeat(200))),
        (
            "daily since the year one",
            with_start("DTSTART:00010101T000000Z\r\nDURATION:PT1H\r\n", "RRULE:FREQ=DAILY\r\n"),
        ),
        (
            "an hour that lasts a hundred years",
            with_start("DTSTART:20100101T000000Z\r\nDURATION:P36500D\r\n", "RRULE:FREQ=HOURLY\r\n"),
        ),
        ("sixty thousand dates", object(&dates("RDATE", 60_000))),
        ("sixty thousand exceptions", object(&format!("RRULE:FREQ=DAILY\r\n{}", dates("EXDATE", 60_000)))),
        ("a time zone that changes every second", zone_bomb()),
        ("two thousand overrides", overrides(2_000)),
    ];
    rules
        .into_iter()
        .enumerate()
        .map(|(number, (name, body))| Bomb {
            name,
            method: "PUT",
            path: offer_path(host, &format!("bomb-{number}")),
            kind: "text/calendar; charset=utf-8",
            body: body.replace("bomb@", &format!("bomb-{number}@")),
            allowed: &[201, 204, 403],
        })
        .collect()
}

fn dates(property: &str, count: u32) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let (hour, minute) = (number / 60 % 24, number % 60);
        let _ = write!(
            lines,
            "{property}:20{:02}{:02}{:02}T{hour:02}{minute:02}00Z\r\n",
            10 + number / 30_000,
            1 + number / 2_500 % 12,
            1 + number / 100 % 25
        );
    }
    lines.truncate(lines[..lines.len().min(1_040_000)].rfind("\r\n").map_or(0, |end| end + 2));
    lines
}

fn zone_bomb() -> String {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Nowhere\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n\
                TZOFFSETTO:+0000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:19700101T000001\r\n\
                TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
    with_start("DTSTART;TZID=Nowhere:20261201T090000\r\nDTEND;TZID=Nowhere:20261201T100000\r\n", "RRULE:FREQ=DAILY\r\n")
        .replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"))
}

fn overrides(count: u32) -> String {
    let mut events = String::new();
    for number in 0..count {
        let day = format!("20{:02}{:02}{:02}", 10 + number / 300, 1 + number / 25 % 12, 1 + number % 25);
        let _ = write!(
            events,
            "BEGIN:VEVENT\r\nUID:bomb@example.org\r\nDTSTAMP:20261101T000000Z\r\nRECURRENCE-ID:{day}T090000Z\r\n\
             DTSTART:{day}T110000Z\r\nDTEND:{day}T120000Z\r\nSUMMARY:Available\r\nEND:VEVENT\r\n"
        );
    }
    object("RRULE:FREQ=DAILY\r\n").replace("END:VCALENDAR", &format!("{events}END:VCALENDAR"))
}

fn xml(host: &Host) -> Vec<Bomb> {
    let home = format!("/dav/calendars/{}/", host.email);
    let offers = format!("{home}offers/");
    let laughs = (1..=9).fold(String::from("<!ENTITY a0 \"ha\">"), |mut text, number| {
        let _ = write!(text, "<!ENTITY a{number} \"{}\">", format!("&a{};", number - 1).repeat(10));
        text
    });
    let propfind = |properties: &str| format!("<propfind xmlns=\"DAV:\"><prop>{properties}</prop></propfind>");
    let query = |filter: &str| {
        format!(
            "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns=\"DAV:\"><prop><C:calendar-data>\
             <C:expand start=\"00010101T000000Z\" end=\"99991231T000000Z\"/></C:calendar-data></prop>\
             <C:filter>{filter}</C:filter></C:calendar-query>"
        )
    };
    let hrefs = |count: usize| {
        format!(
            "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns=\"DAV:\"><prop><getetag/>\
             <C:calendar-data/></prop>{}</C:calendar-multiget>",
            format!("<href>{offers}ordinary.ics</href>").repeat(count)
        )
    };
    let event = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"/></C:comp-filter>";
    let bodies = [
        ("a million laughs", "PROPFIND", &home, format!("<!DOCTYPE x [{laughs}]><x>&a9;</x>"), &[400u16, 403][..]),
        (
            "an external entity",
            "PROPFIND",
            &home,
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>".into(),
            &[400, 403],
        ),
        ("elements inside elements", "PROPFIND", &home, "<a>".repeat(60_000), &[400, 403, 413]),
        (
            "ten thousand attributes",
            "PROPFIND",
            &home,
            format!(
                "<a {}/>",
                (0..10_000).fold(String::new(), |mut text, n| {
                    let _ = write!(text, "a{n}=\"\" ");
                    text
                })
            ),
            &[400, 403],
        ),
        (
            "ten thousand namespaces",
            "PROPFIND",
            &home,
            format!(
                "<a {}/>",
                (0..10_000).fold(String::new(), |mut text, n| {
                    let _ = write!(text, "xmlns:a{n}=\"u:{n}\" ");
                    text
                })
            ),
            &[400, 403],
        ),
        ("forty thousand properties", "PROPFIND", &home, propfind(&"<a/>".repeat(40_000)), &[207, 400, 403, 413, 507]),
        ("more than the limit", "PROPFIND", &home, propfind(&"<displayname/>".repeat(200_000)), &[413]),
        ("four thousand times the same object", "REPORT", &offers, hrefs(4_000), &[207, 400, 403, 413, 507]),
        ("expansion over ten thousand years", "REPORT", &offers, query(event), &[207, 400, 403, 507]),
        (
            "filters inside filters",
            "REPORT",
            &offers,
            query(&format!(
                "{}{}",
                "<C:comp-filter name=\"VCALENDAR\">".repeat(3_000),
                "</C:comp-filter>".repeat(3_000)
            )),
            &[400, 403],
        ),
    ];
    bodies
        .into_iter()
        .map(|(name, method, path, body, allowed)| Bomb {
            name,
            method,
            path: path.clone(),
            kind: "application/xml; charset=utf-8",
            body,
            allowed,
        })
        .collect()
}

fn text(host: &Host) -> Vec<Bomb> {
    let line = |text: &str, count: usize| object(&text.repeat(count));
    let texts = [
        (
            "one line of a megabyte",
            object(&format!("DESCRIPTION:{}\r\n", "a".repeat(1_000_000))),
            &[201u16, 204, 403, 413][..],
        ),
        (
            "folded after every letter",
            object(&format!("DESCRIPTION:{}\r\n", "a\r\n ".repeat(250_000))),
            &[201, 204, 403, 413],
        ),
        ("components inside components", "BEGIN:X\r\n".repeat(100_000), &[403]),
        ("a hundred thousand properties", line("X-A:b\r\n", 100_000), &[201, 204, 403]),
        ("ten thousand attendees", line("ATTENDEE;CN=\"A, B\":mailto:guest@example.com\r\n", 10_000), &[201, 204, 403]),
        ("a hundred thousand parameters", object(&format!("X-A{}:b\r\n", ";X=y".repeat(100_000))), &[201, 204, 403]),
        ("more than the limit of calendar text", line("X-A:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n", 100_000), &[403, 413]),
        ("not text at all", "\u{0}\u{1}\u{2}".repeat(100_000), &[403]),
    ];
    texts
        .into_iter()
        .enumerate()
        .map(|(number, (name, body, allowed))| Bomb {
            name,
            method: "PUT",
            path: offer_path(host, &format!("text-{number}")),
            kind: "text/calendar; charset=utf-8",
            body: body.replace("bomb@", &format!("text-{number}@")),
            allowed,
        })
        .collect()
}

fn windows() -> Vec<Bomb> {
    let bomb = |name, method, path: &str, body: String, allowed| Bomb {
        name,
        method,
        path: path.into(),
        kind: "application/json",
        body,
        allowed,
    };
    let bookings = "/api/v1/teams/mentoring/bookings";
    vec![
        bomb(
            "slots of all time",
            "GET",
            "/api/v1/teams/mentoring/slots?from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z",
            String::new(),
            &[400, 422],
        ),
        bomb(
            "slots of a year",
            "GET",
            "/api/v1/teams/mentoring/slots?from=2027-01-01T00:00:00Z&to=2027-12-31T00:00:00Z",
            String::new(),
            &[200],
        ),
        bomb("arrays inside arrays", "POST", bookings, "[".repeat(60_000), &[400, 422]),
        bomb(
            "an agenda of a megabyte",
            "POST",
            bookings,
            format!("{{\"agenda\":\"{}\"}}", "a".repeat(1_000_000)),
            &[413],
        ),
        bomb(
            "forty thousand fields",
            "POST",
            bookings,
            format!("{{{}\"a\":1}}", "\"a\":1,".repeat(9_000)),
            &[400, 422],
        ),
    ]
}
