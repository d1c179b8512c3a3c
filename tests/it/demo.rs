//! `openhour serve --demo` as a curious person meets it: everything it prints works.

use std::time::{Duration, Instant};

use crate::db::fresh::Fresh;
use crate::http::Http;
use crate::installation::{Installation, Server, available, midnight_in};

/// What stands behind these words in what the demo prints.
fn printed<'a>(text: &'a str, words: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(words));
    line.unwrap_or_else(|| panic!("no {words:?} in:\n{text}")).trim()
}

/// The path of an address of this server.
fn path<'a>(server: &Server, address: &'a str) -> &'a str {
    address
        .strip_prefix(&format!("http://{}", server.address))
        .unwrap_or_else(|| panic!("a foreign address: {address}"))
}

#[test]
fn everything_the_demo_prints_works() {
    let installation = Installation::on(Fresh::sqlite());
    let server = installation.serve_demo();
    let said = server.log_with("App password");
    let get = |words: &str| server.http.get(path(&server, printed(&said, words))).unwrap();

    let page = get("Booking page");
    assert_eq!(page.status, 303, "with one kind of session there is nothing to choose: {}", page.text());
    let list = server.http.get(page.header("location").unwrap()).unwrap();
    assert!(list.text().contains("/book/mentoring/one-to-one/20"), "{}", list.text());
    let feed = get("Open slots (feed)");
    assert!(feed.text().starts_with("BEGIN:VCALENDAR") && feed.text().contains("BEGIN:VEVENT"), "{}", feed.text());
    for words in ["Admin sign-in", "Host sign-in", "Lead sign-in"] {
        let sign_in = get(words);
        assert_eq!(sign_in.status, 200, "opening the link only shows a button: {}", sign_in.text());
    }

    let dav = server.http.with_password(printed(&said, "User"), printed(&said, "App password"));
    let root = path(&server, printed(&said, "CalDAV address")).to_owned();
    let found = dav.request("PROPFIND", &root, &[("Depth", "0")], PRINCIPAL).unwrap();
    assert_eq!(found.status, 207, "{}", found.text());
    assert!(found.text().contains("/dav/principals/"), "{}", found.text());

    book_and_read_the_mail(&server, &said);
    read_the_samples(&server);
    draw_and_see(&server, &dav, printed(&said, "User"));
    something_has_happened(&installation, &server);
    installation.run(&["check"]);
}

/// In the second team a request waits, another was approved, a session of last week took place, and a week is off.
fn something_has_happened(installation: &Installation, server: &Server) {
    let secret = installation.run(&["api-token", "lea@example.org"]).trim().lines().last().unwrap().to_owned();
    let bearer = format!("Bearer {secret}");
    let get = |path: &str| server.http.request("GET", path, &[("authorization", &bearer)], b"").unwrap().json();
    let from = openhour::clock::rfc3339(midnight_in(-20));
    let bookings = get(&format!("/api/v1/teams/careers/bookings?from={from}"));
    let mut states: Vec<String> = bookings["bookings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|booking| format!("{} {}", booking["guest"]["name"], booking["status"]).replace('"', ""))
        .collect();
    states.sort_unstable();
    assert_eq!(states.len(), 3, "{bookings}");
    assert!(states[1..] == ["Mia Okafor pending", "Tom Lindqvist confirmed"], "{states:?}");
    assert!(states[0].starts_with("Jonas Weber ") && bookings.to_string().contains("completed"), "{bookings}");
    let secret = installation.run(&["api-token", "noor@example.org"]).trim().lines().last().unwrap().to_owned();
    let bearer = format!("Bearer {secret}");
    let away = server.http.request("GET", "/api/v1/me/vacations", &[("authorization", &bearer)], b"").unwrap().json();
    assert_eq!(away["vacations"].as_array().map(Vec::len), Some(1), "{away}");
}

const PRINCIPAL: &[u8] = b"<propfind xmlns=\"DAV:\"><prop><current-user-principal/></prop></propfind>";

/// Two invites with the same working link appear on the page of captured mail.
fn book_and_read_the_mail(server: &Server, said: &str) {
    let mail = path(server, printed(said, "Captured mail")).to_owned();
    assert_eq!(server.http.get(&mail).unwrap().status, 200);
    let (start, _) = server.slots("mentoring").remove(0);
    let body = serde_json::json!({
        "type": "one-to-one", "start": start,
        "guest": { "name": "Tariq Example", "email": "guest@example.com", "timezone": "Europe/London" },
    });
    let booked = server.http.post_json("/api/v1/teams/mentoring/bookings", &body).unwrap();
    assert_eq!(booked.status, 201, "{}", booked.text());
    let begun = Instant::now();
    loop {
        let text = server.http.get(&mail).unwrap().text();
        if text.contains("guest@example.com")
            && (text.contains("ana@example.org") || text.contains("tariq@example.org"))
        {
            return;
        }
        assert!(begun.elapsed().as_secs() < 20, "two invites should be here:\n{text}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every letter can be looked at in every language, without anything having happened.
fn read_the_samples(server: &Server) {
    let list = server.http.get("/mail/samples").unwrap();
    assert_eq!(list.status, 200);
    for (path, words) in [
        ("/mail/samples/de/booked-guest", "Ihr Termin ist gebucht."),
        ("/mail/samples/en/cancelled-host", "METHOD:CANCEL"),
        ("/mail/samples/de/reminder-guest/html", "Keine Erinnerungen mehr"),
        ("/mail/samples/en/reminder-host/raw", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
    ] {
        let page = server.http.get(path).unwrap();
        assert!(page.status == 200 && page.text().contains(words), "{path}: {}", page.text());
        let base =
            path.rsplit_once('/').filter(|(_, last)| ["html", "raw"].contains(last)).map_or(path, |(base, _)| base);
        assert!(list.text().contains(base), "{base} is not on the list");
    }
    for wrong in ["/mail/samples/fr/booked-guest", "/mail/samples/en/nothing", "/mail/samples/en/nothing/raw"] {
        assert_eq!(server.http.get(wrong).unwrap().status, 404, "{wrong}");
    }
}

/// An event drawn in the printed account is open at the next request.
fn draw_and_see(server: &Server, dav: &Http, user: &str) {
    let before = server.slots("mentoring").len();
    let start = midnight_in(5) + 3 * 3600;
    let ics = available("drawn", start, 2);
    let answer = dav.put_event(&format!("/dav/calendars/{user}/offers/drawn.ics"), &ics).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(server.slots("mentoring").len(), before + 2, "two more hours are open");
}

#[test]
fn the_demo_does_not_show_its_mail_to_the_network() {
    let output = Installation::on(Fresh::sqlite()).with("OPENHOUR_LISTEN", "0.0.0.0:0").try_run(&["serve", "--demo"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
