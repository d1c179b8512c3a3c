//! A ban holds at every door of every server process, within a second of the command's end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use openhour::desk::conduct::{self, Measure};
use serde_json::json;

use crate::db::fresh::Fresh;
use crate::http::Http;
use crate::installation::{Host, Installation, Server, available, is_optimised, midnight_in, offer_path};
use crate::sample::OFFER;
use crate::surfaces::Site;
use crate::websocket::Live;

const MIA: &str = "mia@example.com";

/// A second, as promised; a build without optimisation on a busy machine gets more.
fn soon() -> Duration {
    if is_optimised() { Duration::from_secs(1) } else { Duration::from_secs(5) }
}

/// A thing that blocks, beside the runtime.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// Signs somebody in with a link of the command line; answers the cookie.
fn signed_in(installation: &Installation, server: &Server, email: &str) -> String {
    let printed = installation.run(&["sign-in-link", email]);
    let link = printed.lines().last().unwrap().trim().to_owned();
    let path = &link[link.find("/sign-in/").unwrap()..];
    let sure = format!("sure={}", openhour::surface::encode(email));
    let fields = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let answer = server.http.request("POST", path, &fields, sure.as_bytes()).unwrap();
    let cookies = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let cookie = cookies.map(|(_, value)| value).find(|value| value.starts_with("openhour=")).expect("a session");
    cookie.split(';').next().unwrap().to_owned()
}

/// Everything Mia can knock at, with what is let in.
struct Doors {
    cookie: String,
    token: String,
    device: Host,
    feed: String,
}

impl Doors {
    fn statuses(&self, address: SocketAddr) -> Vec<(&'static str, u16)> {
        let http = Http::to(address);
        let page = http.request("GET", "/guest", &[("Cookie", &self.cookie)], b"").unwrap();
        let bearer = format!("Bearer {}", self.token);
        let api = http.request("GET", "/api/v1/me", &[("Authorization", &bearer)], b"").unwrap();
        let slots = http.request("GET", "/api/v1/teams/inner/slots", &[("Authorization", &bearer)], b"").unwrap();
        let dav = http.with_password(&self.device.email, &self.device.password);
        let calendar = format!("/dav/calendars/{MIA}/sessions/");
        let dav = dav.request("PROPFIND", &calendar, &[("Depth", "0")], b"").unwrap();
        let feed = http.get(&self.feed).unwrap();
        vec![
            ("page", page.status),
            ("api", api.status),
            ("a team's slots", slots.status),
            ("dav", dav.status),
            ("feed", feed.status),
        ]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_holds_at_every_door_of_every_process_within_a_second() {
    let (installation, one, two, doors, start) = beside(|| {
        let installation = Installation::on(Fresh::postgres());
        let team = ["team", "add", "inner", "--name", "Inner", "--timezone", "Etc/UTC", "--booking", "members"];
        installation.run(&team);
        installation.run(&["session-type", "add", "inner", "talk", "--name", "Talk", "--minutes", "60"]);
        let ana = installation.host("ana@example.org", "inner");
        installation.run(&["person", "add", MIA, "--name", "Mia", "--guest", "inner"]);
        let (one, two) = (installation.serve(), installation.serve());
        let start = midnight_in(7);
        one.put_offer(&ana, "hours", &available("hours", start, 2));
        let device = installation.with_password(MIA);
        let cookie = signed_in(&installation, &one, MIA);
        let token = installation.run(&["api-token", MIA]).lines().last().unwrap().trim().to_owned();
        let feed = installation.run(&["feed-url", MIA, "sessions"]).lines().last().unwrap().trim().to_owned();
        let feed = feed[feed.find("/feeds/").unwrap()..].to_owned();
        assert!(offer_path(&ana, "hours").contains("ana@"));
        (installation, one, two, Doors { cookie, token, device, feed }, start)
    })
    .await;
    let headers = [("cookie", doors.cookie.as_str())];
    let mut here =
        Live::try_open(one.address, "/live/teams/inner", &headers).await.unwrap_or_else(|status| panic!("{status}"));
    let mut there =
        Live::try_open(two.address, "/live/teams/inner", &headers).await.unwrap_or_else(|status| panic!("{status}"));
    here.next().await;
    there.next().await;
    for address in [one.address, two.address] {
        for (door, status) in doors.statuses(address) {
            assert!(matches!(status, 200 | 207), "{door}: {status}");
        }
    }
    let written = jiff::Timestamp::from_second(start).unwrap().to_string();
    let wish = json!({"type": "talk", "start": written, "guest": {"name": "Mia", "email": MIA, "timezone": "UTC"}});
    let bearer = format!("Bearer {}", doors.token);
    let book = |address: SocketAddr| {
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
        let path = "/api/v1/teams/inner/bookings";
        Http::to(address).request("POST", path, &headers, wish.to_string().as_bytes()).unwrap()
    };
    assert_eq!(book(two.address).status, 201);

    let installation = beside(move || {
        installation.run(&["person", "ban", MIA, "--reason", "Not like this."]);
        installation
    })
    .await;
    let begun = Instant::now();
    let (ours, theirs) = tokio::join!(here.ended(), there.ended());
    assert!(begun.elapsed() < soon(), "the sockets closed after {:?}", begun.elapsed());
    assert!(ours != 1006 && theirs != 1006, "with a goodbye: {ours}, {theirs}");
    for address in [one.address, two.address] {
        for (door, status) in doors.statuses(address) {
            assert!(matches!(status, 401 | 403 | 404 | 410), "{door}: {status}");
        }
        assert!(matches!(Live::try_open(address, "/live/teams/inner", &headers).await.err(), Some(403 | 404)));
        assert_eq!(book(address).status, 401, "no booking");
    }
    assert!(begun.elapsed() < soon() + Duration::from_secs(4), "{:?}", begun.elapsed());
    let free = beside(move || {
        let printed = installation.run(&["check"]);
        drop(installation);
        printed
    })
    .await;
    assert!(!free.contains("session"), "what is left is sound: {free}");
}

#[tokio::test]
async fn what_was_queued_for_somebody_who_is_banned_does_not_leave() {
    let site = Site::with_team().await;
    site.book("mia@example.org", OFFER).await;
    site.post_form("/sign-in", &[("email", "mia@example.org")]).await;
    let mia = site.count("SELECT id FROM people WHERE email = 'mia@example.org'").await;
    assert!(site.count("SELECT COUNT(*) FROM jobs WHERE finished IS NULL").await >= 3);
    conduct::take(&site.desk, Measure::Ban, mia, None, "").await.unwrap();
    site.work_off().await;
    let told = site.count("SELECT COUNT(*) FROM mails WHERE recipient = 'mia@example.org'").await;
    assert_eq!(told, 0, "no invite, no link to sign in, and no cancellation of what nobody had told");
    assert_eq!(site.count("SELECT COUNT(*) FROM mails WHERE recipient = 'ana@example.org'").await, 0);
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE outcome = 'failed'").await, 0);
}
