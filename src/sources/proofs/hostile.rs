//! Servers that are ill or mean ill: nothing of what was read before is lost, and the host is told what is wrong.

use std::io::Write;
use std::time::Instant;

use super::*;
use crate::sources::proofs::server::Says;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn http(status: &str, headers: &str, body: &[u8]) -> Says {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    Says::Bytes([head.as_bytes(), body].concat())
}

fn good() -> String {
    calendar(&[event("a", 18, 21, "SUMMARY:Available\r\n"), event("b", 19, 20, "")])
}

/// What a server may say, and how it is called.
fn ill() -> Vec<(&'static str, &'static str, Says)> {
    let bomb = gzip(&[good().trim_end_matches("END:VCALENDAR\r\n").as_bytes(), &vec![b' '; 60_000_000][..]].concat());
    let packed = gzip(good().as_bytes());
    let cut = good();
    let cut = &cut.as_bytes()[..cut.len() - 30];
    let redirect = |to: &str| http("302 Found", &format!("Location: {to}\r\n"), b"");
    vec![
        ("a redirect to a private address", "forbidden", redirect("https://169.254.169.254/latest/meta-data")),
        ("a redirect to this machine by name", "forbidden", redirect("https://localhost/")),
        ("a redirect to a mapped address", "forbidden", redirect("https://[::ffff:10.0.0.1]/")),
        ("a redirect to another protocol", "forbidden", redirect("file:///etc/passwd")),
        ("a redirect without encryption", "forbidden", redirect("http://calendar.example.org/a.ics")),
        ("a redirect with a password", "forbidden", redirect("http://u:p@127.0.0.1/")),
        ("a redirect to nowhere", "forbidden", redirect("https://no-such-host.invalid/")),
        ("a redirect loop", "redirects", redirect("/private-0a1b/basic.ics")),
        ("a redirect without a place", "odd", http("302 Found", "", b"")),
        ("a gzip bomb", "too-large", http("200 OK", "Content-Encoding: gzip\r\n", &bomb)),
        ("gzip cut off", "odd", http("200 OK", "Content-Encoding: gzip\r\n", &packed[..packed.len() - 9])),
        ("packing nobody asked for", "odd", http("200 OK", "Content-Encoding: br\r\n", b"xyz")),
        ("a gigabyte", "too-large", Says::Endless),
        ("a slow drip", "slow", Says::Drip),
        ("silence", "slow", Says::Silence),
        (
            "a page to sign in",
            "web-page",
            http("200 OK", "Content-Type: text/html\r\n", b"<!DOCTYPE html><title>Sign in</title>"),
        ),
        (
            "a page that claims to be a calendar",
            "web-page",
            http("200 OK", "Content-Type: text/calendar\r\n", b"\n<html></html>"),
        ),
        ("JSON", "no-calendar", http("200 OK", "Content-Type: application/json\r\n", b"{\"items\": []}")),
        ("nothing", "no-calendar", http("200 OK", "", b"")),
        ("half a calendar", "cut-off", http("200 OK", "", cut)),
        (
            "less than announced",
            "unreachable",
            Says::Bytes([b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", cut].concat()),
        ),
        ("no HTTP", "unreachable", Says::Bytes(b"220 mail.example.org ESMTP\r\n".to_vec())),
        (
            "a head without end",
            "unreachable",
            Says::Bytes([&b"HTTP/1.1 200 OK\r\nX: "[..], &vec![b'x'; 100_000]].concat()),
        ),
        ("hanging up", "unreachable", Says::Bytes(Vec::new())),
        ("401", "locked", http("401 Unauthorized", "WWW-Authenticate: Basic\r\n", b"")),
        ("403", "locked", http("403 Forbidden", "", b"")),
        ("404", "gone", http("404 Not Found", "", b"no such calendar")),
        ("410", "gone", http("410 Gone", "", b"")),
        ("429", "later", http("429 Too Many Requests", "Retry-After: 7200\r\n", b"")),
        ("500", "server-failed", http("500 Oh", "", b"")),
        ("503", "later", http("503 Busy", "", b"")),
        ("206", "odd", http("206 Partial Content", "", good().as_bytes())),
    ]
}

on_both_databases! {

async fn whatever_a_server_says_what_was_read_before_stays(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(good()));
    let id = scene.added(true).await;
    scene.read(id).await;
    let before = (scene.time().await, scene.versions().await);
    assert_eq!(before.0, (vec![(0, 3)], vec![(1, 2)]));
    for (what, word, says) in ill() {
        scene.server.say(says);
        let begun = Instant::now();
        let patience = Duration::from_millis(if word == "slow" { 300 } else { 15_000 });
        let source = scene.read_within(id, patience).await;
        assert_eq!(source.problem().map(|problem| problem.word()), Some(word), "{what}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}: {:?}", begun.elapsed());
        assert_eq!((scene.time().await, scene.versions().await), before, "{what}");
        assert!(source.due > NOW && source.succeeded == Some(NOW), "{what}");
    }
    scene.server.say(Says::Calendar(good()));
    assert_eq!(scene.read(id).await.problem(), None);
    assert_eq!((scene.time().await, scene.versions().await), before, "and it is the same when it is well again");
    assert_eq!(scene.wrong().await, Vec::<String>::new());
}

async fn what_is_odd_but_readable_is_read(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    let events = [event("a", 18, 21, "SUMMARY:Available\r\n"), event("b", 19, 20, "DESCRIPTION:caf\u{e9}\r\nnever folded\r\n")];
    let mut latin = calendar(&events).into_bytes();
    latin.retain(|byte| *byte != 0xc3);
    assert!(String::from_utf8(latin.clone()).is_err());
    let chunked = format!("{:x}\r\n{}\r\n0\r\n\r\n", good().len(), good());
    let cases: Vec<(&str, Says, usize)> = vec![
        ("gzip", http("200 OK", "Content-Encoding: gzip\r\n", &gzip(good().as_bytes())), 1),
        ("the wrong type", http("200 OK", "Content-Type: text/html\r\n", good().as_bytes()), 1),
        ("bare line feeds", http("200 OK", "", good().replace("\r\n", "\n").as_bytes()), 1),
        ("a byte order mark", http("200 OK", "", [&b"\xEF\xBB\xBF"[..], good().as_bytes()].concat().as_slice()), 1),
        ("no folds", http("200 OK", "", calendar(&events).as_bytes()), 1),
        ("no UTF-8", http("200 OK", "", &latin), 1),
        ("chunks", Says::Bytes(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}").into_bytes()), 1),
        ("no length", Says::Bytes(format!("HTTP/1.0 200 OK\r\n\r\n{}", good()).into_bytes()), 1),
    ];
    for (what, says, busy) in cases {
        scene.server.say(says);
        let source = scene.read(id).await;
        assert_eq!((source.problem(), scene.time().await.0), (None, vec![(0, 3)]), "{what}");
        assert_eq!(scene.time().await.1.len(), busy, "{what}");
    }
    let mut whole = good();
    whole.insert_str(whole.len() - 2, &"\r\n".repeat(3));
    scene.server.say(Says::Calendar(whole));
    assert_eq!(scene.read(id).await.problem(), None);
}

async fn a_redirect_is_followed_where_it_may_lead(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    let other = server::Server::start();
    other.say(Says::Calendar(good()));
    scene.server.answer("301 Moved Permanently", &format!("Location: {}\r\n", other.url("/elsewhere.ics")), b"");
    assert_eq!(scene.read(id).await.problem(), None);
    let heard = other.heard();
    assert!(heard[0].starts_with("GET /elsewhere.ics") && !heard[0].contains("private-0a1b"), "{heard:?}");
    assert!(!heard[0].to_lowercase().contains("referer"));
}

async fn rules_without_end_and_events_without_number_are_bounded(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    let begun = Instant::now();
    let often: Vec<String> = (0..60).map(|n| event(&format!("r{n}"), 8, 9, "RRULE:FREQ=HOURLY\r\n")).collect();
    scene.server.say(Says::Calendar(calendar(&often)));
    let source = scene.read(id).await;
    assert_eq!(source.problem().map(|problem| problem.word()), Some("too-many"));
    let lines = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", "A:\r\n".repeat(500_000));
    scene.server.say(Says::Calendar(lines));
    assert_eq!(scene.read(id).await.problem().map(|problem| problem.word()), Some("too-many"));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(scene.time().await, (vec![], vec![]));
}

}
