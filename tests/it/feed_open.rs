//! The public feed of open slots.

use crate::sample::{HOUR, OFFER};
use crate::surfaces::Site;

const FEED: &str = "/teams/coaches/open.ics";

#[tokio::test]
async fn the_feed_lists_open_slots_with_their_links() {
    let site = Site::with_team().await;
    let feed = site.get(FEED).await;
    assert_eq!((feed.status, feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert_eq!(feed.body.matches("BEGIN:VEVENT").count(), 3);
    let unfolded = feed.body.replace("\r\n ", "");
    let link = format!("{}/book/coaches/talk/2026-11-26/20261126T170000Z", site.desk.config.public_url);
    assert!(unfolded.contains(&format!("\r\nURL:{link}\r\n")), "{unfolded}");
    assert!(feed.body.lines().all(|line| line.trim_end_matches('\r').len() <= 75));
    assert_eq!(site.get(&link[site.desk.config.public_url.len()..]).await.status, 200);
}

#[tokio::test]
async fn polling_costs_a_304_until_something_changes() {
    let site = Site::with_team().await;
    let feed = site.get(FEED).await;
    let same = site.send("GET", FEED, &[("if-none-match", feed.header("etag"))], "").await;
    assert_eq!((same.status, same.body.as_str(), same.header("etag")), (304, "", feed.header("etag")));
    let since = [("if-modified-since", feed.header("last-modified"))];
    assert_eq!(site.send("GET", FEED, &since, "").await.status, 304);
    assert_eq!(site.get(FEED).await.body, feed.body, "bytes stand still");
    site.book("mia@example.org", OFFER).await;
    let after = site.send("GET", FEED, &[("if-none-match", feed.header("etag"))], "").await;
    assert_eq!(after.status, 200);
    assert_eq!(after.body.matches("BEGIN:VEVENT").count(), 2);
}

#[tokio::test]
async fn slots_leave_the_feed_when_their_notice_runs_out() {
    let site = Site::with_team().await;
    let feed = site.get(FEED).await;
    site.desk.clock.set(OFFER + HOUR - 86_400 + 1);
    let later = site.send("GET", FEED, &[("if-none-match", feed.header("etag"))], "").await;
    assert_eq!(later.status, 200);
    assert_eq!(later.body.matches("BEGIN:VEVENT").count(), 1);
    let since = [("if-modified-since", feed.header("last-modified"))];
    assert_eq!(site.send("GET", FEED, &since, "").await.status, 200);
}

#[tokio::test]
async fn an_unknown_team_has_no_feed_and_a_broken_database_still_serves_the_last_copy() {
    let site = Site::with_team().await;
    assert_eq!(site.get("/teams/nobody/open.ics").await.status, 404);
    let feed = site.get(FEED).await;
    site.desk.db.close().await;
    site.desk.clock.set(OFFER);
    let copy = site.get(FEED).await;
    assert_eq!((copy.status, copy.body), (200, feed.body));
}
