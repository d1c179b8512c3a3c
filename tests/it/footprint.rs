//! How much memory a small installation's server takes.

use crate::db::fresh::Fresh;
use crate::installation::{Installation, available, midnight_in, offer_path};

/// What the process may have in memory, in KiB.
const MOST: u64 = 60 * 1024;
/// Rounds of requests of every kind.
const ROUNDS: i64 = 60;

#[test]
fn a_server_stays_below_sixty_megabytes() {
    let installation = Installation::on(Fresh::sqlite()).with("OPENHOUR_RATE_LIMITS", "off");
    installation.team("mentoring", 1);
    let host = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    assert!(server.memory("VmRSS") < MOST, "{} KiB after the start", server.memory("VmRSS"));
    let dav = server.dav(&host);
    for round in 0..ROUNDS {
        let name = format!("offer-{round}");
        let event = available(&name, midnight_in(2 + round % 30) + 9 * 3_600, 4);
        assert_eq!(dav.put_event(&offer_path(&host, &name), &event).unwrap().status, 201);
        let start = server.slots("mentoring").into_iter().next().unwrap().0;
        let booked = server.book("mentoring", &start, &format!("guest-{round}@example.org")).unwrap();
        assert_eq!(booked.status, 201, "{}", booked.text());
        for path in ["/", "/book/mentoring/talk", "/teams/mentoring/open.ics", "/readyz"] {
            assert_eq!(server.http.get(path).unwrap().status, 200, "{path}");
        }
    }
    let used = server.memory("VmRSS");
    println!("{used} KiB after {} requests", ROUNDS * 7);
    assert!(used < MOST, "{used} KiB");
}
