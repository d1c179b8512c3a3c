//! A booked session lies in the "Sessions" calendar of both, as an event of their own, and goes when it is cancelled.

use std::time::{Duration, Instant};

use crate::db::fresh::Fresh;
use crate::installation::{Host, Installation, Server, available, ical, midnight_in, token};

#[test]
fn both_find_the_session_in_their_own_calendar() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let ana = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    let start = midnight_in(7);
    server.put_offer(&ana, "hours", &available("hours", start, 1));
    let (slot, _) = server.slots("mentoring").remove(0);
    let booked = server.book("mentoring", &slot, "tariq@example.com").unwrap();
    assert_eq!(booked.status, 201, "{}", booked.text());
    let tariq = installation.with_password("tariq@example.com");
    for person in [&ana, &tariq] {
        wait_until("it is there", || names(&server, person).len() == 1);
        let path = format!("/dav/calendars/{}/sessions/{}", person.email, names(&server, person)[0]);
        let copy = server.dav(person).get(&path).unwrap().text();
        assert!(copy.contains(&format!("DTSTART:{}", ical(start))), "{copy}");
        assert!(!copy.contains("ORGANIZER") && !copy.contains("ATTENDEE"), "so that apps let people move it: {copy}");
        wait_until("the meeting link is in it", || server.dav(person).get(&path).unwrap().text().contains("https://"));
    }
    assert!(server.slots("mentoring").is_empty());

    let cancel = format!("/api/v1/bookings/{}/cancel", token(&booked.json()));
    assert_eq!(server.http.post_json(&cancel, &serde_json::json!({})).unwrap().status, 200);
    for person in [&ana, &tariq] {
        wait_until("it is gone", || names(&server, person).is_empty());
    }
    assert_eq!(server.slots("mentoring").len(), 1);
    installation.run(&["check"]);
}

/// The objects in a person's "Sessions".
fn names(server: &Server, person: &Host) -> Vec<String> {
    let path = format!("/dav/calendars/{}/sessions/", person.email);
    let list = server.dav(person).request("PROPFIND", &path, &[("Depth", "1")], b"").unwrap();
    assert_eq!(list.status, 207, "{}", list.text());
    let text = list.text();
    let hrefs = text.split("href>").filter(|part| part.contains(".ics"));
    hrefs.map(|href| href.split('<').next().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}: not after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
}
