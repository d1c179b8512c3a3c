//! The log tells what happened, and of whom nothing: no address, no name, no secret, no query string.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::db::fresh::Fresh;
use crate::installation::{Installation, available, midnight_in, token};

/// A mail server that knows nobody, and says so with the address.
fn refusing_mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |text: String| stream.write_all(format!("{text}\r\n").as_bytes()).is_ok();
            let mut open = say("220 mx.example.org".into());
            while open && let Some(Ok(line)) = lines.next() {
                open = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                    "RCPT" => say(format!("550 5.1.1 {} is unknown here", &line[8..])),
                    "QUIT" => false,
                    _ => say("250 mx.example.org".into()),
                };
            }
        }
    });
    format!("smtp://{address}")
}

#[test]
fn nothing_personal_is_in_the_log() {
    let installation = Installation::on(Fresh::sqlite())
        .with("OPENHOUR_LOG", "debug")
        .with("OPENHOUR_SMTP_URL", &refusing_mail_server())
        .with("OPENHOUR_MAIL_FROM", "openhour@school.example");
    installation.team("mentoring", 1);
    let ana = installation.host("ana@example.org", "mentoring");
    let api_token = installation.run(&["api-token", "ana@example.org"]).lines().last().unwrap().to_owned();
    let feed = installation.run(&["feed-url", "ana@example.org", "sessions"]);
    let feed = feed.lines().last().unwrap().rsplit("/feeds/").next().unwrap().to_owned();
    let server = installation.serve();
    server.put_offer(&ana, "hours", &available("hours", midnight_in(7), 3));
    let (start, _) = server.slots("mentoring").remove(0);
    let booked = server.book("mentoring", &start, "tariq@example.com").unwrap();
    assert_eq!(booked.status, 201, "{}", booked.text());
    let booked = booked.json();
    let form = |path: &str, body: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        server.http.request("POST", path, &headers, body.as_bytes()).unwrap().status
    };
    assert_eq!(form("/sign-in", "email=ana%40example.org"), 200);
    assert_eq!(form("/sign-in", "with=password&email=ana%40example.org&password=wrong-guess-77"), 422);
    assert_eq!(server.http.with_password("ana@example.org", "wrong-secret-88").get("/dav/").unwrap().status, 401);
    let me = server.http.request("GET", "/api/v1/me", &[("authorization", &format!("Bearer {api_token}"))], b"");
    assert_eq!(me.unwrap().status, 200);
    let wrong = server.http.request("GET", "/api/v1/me", &[("authorization", "Bearer openhour_wrong99")], b"");
    assert_eq!(wrong.unwrap().status, 401);
    assert_eq!(server.http.get(&format!("/b/{}?note=QUERYSTRING", token(&booked))).unwrap().status, 200);
    assert_eq!(server.http.get(&format!("/feeds/{feed}?tz=QUERYSTRING")).unwrap().status, 200);
    assert_eq!(server.http.get("/sign-in/secretlinkaaaaaaaaaaaaaaaa").unwrap().status, 404);
    let cancel = format!("/api/v1/bookings/{}/cancel", token(&booked));
    assert_eq!(server.http.post_json(&cancel, &json!({"reason": "Influenza"})).unwrap().status, 200);
    let mail = b"From: Tariq Example <tariq@example.com>\r\nTo: available@school.example\r\nSubject: Influenza\r\n\
                 Message-ID: <x@example.com>\r\n\r\nHello\r\n";
    let delivered = installation.try_run_with(&["deliver"], mail);
    assert_eq!(delivered.status.code(), Some(0), "{delivered:?}");

    let begun = Instant::now();
    while !server.log().contains("given up") {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = server.log() + &String::from_utf8_lossy(&delivered.stderr);
    for told in ["/sign-in", "/b/{token}", "/api/v1/teams/{team}/bookings", "/dav/{*}", "/feeds/{secret}/sessions.ics"]
    {
        assert!(log.contains(told), "the log tells of {told}:\n{log}");
    }
    let secrets = [
        ana.password.as_str(),
        &api_token,
        &feed[..30],
        token(&booked),
        "secretlink",
        "wrong-guess-77",
        "wrong-secret-88",
        "wrong99",
        "QUERYSTRING",
    ];
    for hidden in ["example.org>", "ana@example", "ana%40", "tariq@", "Tariq", "Influenza", "A plan for the week"]
        .iter()
        .chain(&secrets)
    {
        let line = log.lines().find(|line| line.contains(hidden));
        assert_eq!(line, None, "`{hidden}` is in the log");
    }
}
