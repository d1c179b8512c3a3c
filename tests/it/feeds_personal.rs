//! A person's own feeds, under addresses that only they know.

use openhour::people::feeds::{FeedKind, Rotate, path};

use crate::db::fresh::Fresh;
use crate::installation::{Installation, available, midnight_in, token};
use crate::sample::{HOUR, OFFER};
use crate::surfaces::{NOW, Site};

const DAY: i64 = 86_400;

impl Site {
    async fn person(&self, email: &str) -> i64 {
        let mut conn = self.desk.db.read().await.unwrap();
        openhour::people::by_email(&mut conn, email).await.unwrap().unwrap().id
    }

    async fn feed(&self, kind: FeedKind, email: &str) -> String {
        path(&self.desk.keys, kind, self.person(email).await, 0)
    }
}

#[tokio::test]
async fn host_and_guest_each_find_their_session_with_its_links() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    site.work_off().await;
    for (email, title) in [("ana@example.org", "A talk with Mia Kühn"), ("mia@example.org", "A talk with Ana Silva")] {
        let address = site.feed(FeedKind::Sessions, email).await;
        assert!(site.desk.config.public_url.len() + address.len() < 256);
        let feed = site.get(&address).await;
        assert_eq!((feed.status, feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
        assert_eq!(feed.header("referrer-policy"), "no-referrer");
        assert!(feed.header("x-robots-tag").contains("noindex"));
        let text = feed.body.replace("\r\n ", "");
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
        for line in [&format!("SUMMARY:{title}"), "DTSTART:20261126T170000Z", "STATUS:CONFIRMED", "TRANSP:OPAQUE"] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}\n{text}");
        }
        assert!(text.contains("\r\nDESCRIPTION:https://meet.jit.si/") && text.contains("\r\nLOCATION:https://meet"));
        let manage = text.split("\r\nURL:").nth(1).unwrap().split("\r\n").next().unwrap();
        assert_eq!(site.get(&manage[site.desk.config.public_url.len()..]).await.status, 200);
        assert_eq!(manage.ends_with(&booking), email == "mia@example.org", "each has a page of their own");
        assert!(!text.contains("ATTENDEE") && !text.contains("ORGANIZER"));
    }
}

#[tokio::test]
async fn polling_costs_a_304_until_something_of_the_persons_changes() {
    let site = Site::with_team().await;
    site.book("mia@example.org", OFFER).await;
    let address = site.feed(FeedKind::Sessions, "mia@example.org").await;
    let feed = site.get(&address).await;
    let tag = [("if-none-match", feed.header("etag"))];
    let since = [("if-modified-since", feed.header("last-modified"))];
    assert_eq!(site.send("GET", &address, &tag, "").await.status, 304);
    assert_eq!(site.send("GET", &address, &since, "").await.status, 304);
    site.book("lee@example.org", OFFER + HOUR).await;
    assert_eq!(site.send("GET", &address, &tag, "").await.status, 304, "another's booking");
    site.desk.clock.set(NOW + 60);
    site.book("mia@example.org", OFFER + 2 * HOUR).await;
    let after = site.send("GET", &address, &tag, "").await;
    assert_eq!((after.status, after.body.matches("BEGIN:VEVENT").count()), (200, 2));
}

#[tokio::test]
async fn a_cancelled_session_is_told_of_for_two_weeks_and_then_goes() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    let before = site.get(&site.feed(FeedKind::Sessions, "mia@example.org").await).await.body;
    site.desk.clock.set(NOW + 60);
    assert_eq!(site.press(&booking, "cancel", &[]).await.status, 303);
    let sequence =
        |text: &str| -> i64 { text.split("SEQUENCE:").nth(1).unwrap().split('\r').next().unwrap().parse().unwrap() };
    for email in ["mia@example.org", "ana@example.org"] {
        let feed = site.get(&site.feed(FeedKind::Sessions, email).await).await.body;
        assert!(feed.contains("STATUS:CANCELLED") && feed.contains("TRANSP:TRANSPARENT"), "{email} {feed}");
        assert!(sequence(&feed) > sequence(&before));
    }
    site.desk.clock.set(NOW + 15 * DAY);
    for email in ["mia@example.org", "ana@example.org"] {
        assert!(!site.get(&site.feed(FeedKind::Sessions, email).await).await.body.contains("VEVENT"), "{email}");
    }
}

#[tokio::test]
async fn open_slots_of_the_teams_one_belongs_to() {
    let site = Site::with_sample(crate::sample::Sample { public: false, ..Default::default() }).await;
    let member = site.feed(FeedKind::Open, "ana@example.org").await;
    let feed = site.get(&member).await;
    assert_eq!((feed.status, feed.body.matches("BEGIN:VEVENT").count()), (200, 3), "{}", feed.body);
    let tag = [("if-none-match", feed.header("etag"))];
    assert_eq!(site.send("GET", &member, &tag, "").await.status, 304);
    assert_eq!(site.get("/teams/coaches/open.ics").await.status, 404, "the team is not public");
}

#[tokio::test]
async fn only_a_revoked_address_is_gone_and_a_made_up_one_costs_nothing() {
    let site = Site::with_team().await;
    site.book("mia@example.org", OFFER).await;
    let old = site.feed(FeedKind::Sessions, "mia@example.org").await;
    assert_eq!(site.get(&old).await.status, 200);
    assert_eq!(site.get(&old.replace("sessions.ics", "open.ics")).await.status, 404, "a secret opens one feed");
    assert_eq!(site.get(&format!("/feeds/{}/sessions.ics", "a".repeat(52))).await.status, 404);
    let mia = site.person("mia@example.org").await;
    assert_eq!(site.desk.db.run(Rotate { person: mia, by: None, now: NOW }).await.unwrap(), 1);
    assert_eq!(site.get(&old).await.status, 410);
    let new = path(&site.desk.keys, FeedKind::Sessions, mia, 1);
    let feed = site.get(&new).await;
    assert_eq!(feed.status, 200);
    site.desk.db.close().await;
    let copy = site.get(&new).await;
    assert_eq!((copy.status, &copy.body), (200, &feed.body), "a broken database still serves the last copy");
    assert_eq!(site.get("/feeds/nonsense/sessions.ics").await.status, 404);
}

#[test]
fn the_command_prints_an_address_that_works_until_it_is_rotated() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let ana = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    let printed = |args: &[&str]| {
        let text = installation.run(&[&["feed-url", "ana@example.org"], args].concat());
        let url = text.lines().last().unwrap().to_owned();
        url[url.find("/feeds/").unwrap()..].to_owned()
    };
    server.put_offer(&ana, "hours", &available("hours", midnight_in(7), 1));
    let (slot, _) = server.slots("mentoring").remove(0);
    let booked = server.book("mentoring", &slot, "tariq@example.com").unwrap();
    assert!(!token(&booked.json()).is_empty());
    let (open, sessions) = (printed(&["open"]), printed(&["sessions"]));
    assert!(server.http.get(&sessions).unwrap().text().contains("BEGIN:VEVENT"));
    assert_eq!(server.http.get(&open).unwrap().status, 200);
    let new = printed(&["sessions", "--rotate"]);
    assert_ne!(new, sessions);
    assert_eq!(server.http.get(&sessions).unwrap().status, 410);
    assert_eq!(server.http.get(&open).unwrap().status, 410, "both are new");
    assert_eq!(server.http.get(&new).unwrap().status, 200);
    assert!(!server.log().contains(new.split('/').nth(2).unwrap()), "no secret in the log");
}
