//! The pages on which people choose a time: the month, merged times, zones, languages, and how little they weigh.

use openhour::args;
use openhour::db::{Command, DbError, Tx, new_id};
use openhour::people::{self, Profile};
use openhour::teams::{self, BookingMode, Role};

use crate::sample::{HOUR, OFFER, Sample};
use crate::surfaces::{NOW, Reply, Site};

const LIST: &str = "/book/coaches/talk";
const DAY: i64 = 86_400;
/// The most that a page may weigh.
const HEAVIEST: usize = 50_000;

/// More hosts for the sample team, each with offers of these times.
struct MoreHosts(Vec<Vec<(i64, i64)>>);

impl Command for MoreHosts {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let (team,): (i64,) = tx.one("SELECT id FROM teams WHERE slug = 'coaches'", vec![]).await?;
        for (number, offers) in self.0.iter().enumerate() {
            let profile = Profile { name: Some(format!("Host {number}")), ..Profile::default() };
            let host = people::save(tx, &format!("host{number}@example.org"), &profile, NOW - 100).await?;
            teams::add_member(tx, team, host.id, Role::Host, NOW - 100).await?;
            let collection = new_id();
            tx.execute(
                "INSERT INTO collections (id, owner, name, kind, version, created)
                 VALUES ($1, $2, 'offers', 'offers', 1, $3)",
                args![collection, host.id, NOW],
            )
            .await?;
            for (position, (starts, ends)) in offers.iter().enumerate() {
                offer(tx, collection, host.id, position, *starts, *ends).await?;
            }
        }
        Ok(())
    }
}

async fn offer(tx: &mut Tx, collection: i64, host: i64, n: usize, starts: i64, ends: i64) -> Result<(), DbError> {
    let object = new_id();
    tx.execute(
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, version, created,
         modified) VALUES ($1, $2, $3, $3, 'VEVENT', 'e', $4, $5, $6, FALSE, 1, $7, $7)",
        args![object, collection, format!("{n}.ics"), Vec::new(), starts, ends, NOW],
    )
    .await?;
    tx.execute(
        "INSERT INTO occurrences (object, person, position, offer, starts, ends, all_day)
         VALUES ($1, $2, 0, TRUE, $3, $4, FALSE)",
        args![object, host, starts, ends],
    )
    .await
    .map(drop)
}

/// Changes the sample team.
struct Change(&'static str);

impl Command for Change {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(self.0, vec![]).await?;
        tx.execute("UPDATE teams SET version = version + 1", vec![]).await.map(drop)
    }
}

async fn site_with(offers: &[&[(i64, i64)]]) -> Site {
    let site = Site::with_team().await;
    site.desk.db.run(MoreHosts(offers.iter().map(|offers| offers.to_vec()).collect())).await.unwrap();
    site
}

#[tokio::test]
async fn the_page_opens_at_the_first_free_day_however_far() {
    let site = Site::with_team().await;
    site.desk
        .db
        .run(Change("UPDATE occurrences SET starts = starts + 100 * 86400, ends = ends + 100 * 86400"))
        .await
        .unwrap();
    let list = site.get(LIST).await.body;
    assert!(list.contains("March 2027") && list.contains("Saturday, 6 March 2027"), "{list}");
    let empty = site.get(&format!("{LIST}?month=2026-12")).await.body;
    assert!(empty.contains("Nothing is open in December 2026") && empty.contains("20270306T170000Z"), "{empty}");
    let day = site.get(&format!("{LIST}/2026-12-24")).await.body;
    assert!(day.contains("Nothing is open on this day") && day.contains("20270306T170000Z"), "{day}");
}

#[tokio::test]
async fn the_month_links_free_days_and_marks_the_next() {
    let site = site_with(&[&[(OFFER + DAY, OFFER + DAY + HOUR)]]).await;
    let list = site.get(LIST).await.body;
    let next = "aria-label=\"Thursday 26 November, 3 times, next free day\"";
    assert!(list.contains(next) && list.contains("href=\"/book/coaches/talk/2026-11-26\""), "{list}");
    assert!(list.contains("aria-label=\"Friday 27 November, 1 time\""));
    assert!(list.contains("<td><span>25</span></td>"), "a day without times is no link");
    assert!(!list.contains("month=2026-10"), "the past has nothing to book");
    assert!(list.contains("month=2026-12"));
    let last = site.get(&format!("{LIST}?month=2027-11")).await.body;
    assert!(last.contains("month=2027-10") && !last.contains("month=2027-12"), "a year ahead, and no farther");
    let past = site.get(&format!("{LIST}?month=2020-01")).await.body;
    assert!(past.contains("November 2026"));
}

#[tokio::test]
async fn times_of_several_hosts_are_one_link_that_says_how_many() {
    let site = site_with(&[&[(OFFER, OFFER + HOUR)], &[(OFFER, OFFER + HOUR)]]).await;
    let list = site.get(&format!("{LIST}?tz=Europe/London")).await.body;
    let label = "Book Thursday 26 November, 17:00 to 18:00, London time, 3 volunteers";
    assert_eq!(list.matches(label).count(), 1, "{list}");
    assert_eq!(list.matches("data-start=\"20261126T170000Z\"").count(), 1);
    assert!(list.contains("data-team=\"coaches\" data-type=\"talk\""));
    assert!(list.contains("Book Thursday 26 November, 18:00 to 19:00, London time\""), "one host is not counted");
    assert!(!list.contains("Host 1"), "who they are is not shown");
}

#[tokio::test]
async fn zone_offset_and_days_are_named_and_kept() {
    let site = Site::with_team().await;
    let there = site.get(&format!("{LIST}?tz=Asia%2FTokyo&lang=en")).await.body;
    assert!(there.contains("Asia/Tokyo (UTC+9)") && there.contains("The team is in Europe/Vienna (UTC+1)."), "{there}");
    assert!(there.contains("/20261126T170000Z?tz=Asia%2FTokyo&amp;lang=en"));
    let late = site.get(&format!("{LIST}?tz=Asia%2FKolkata")).await.body;
    assert!(late.contains("23:30 to 00:30 (+1 day)") && late.contains("<small>+1 day</small>"), "{late}");
    let form = site.get(&format!("{LIST}/2026-11-27/20261126T170000Z?tz=Asia%2FTokyo")).await.body;
    assert!(
        form.contains("02:00 to 03:00") && form.contains("Thursday, 26 November, 18:00 to 19:00 (for the team)"),
        "{form}"
    );
    let zones = site.get("/zones?page=/book/coaches/talk&tz=Asia%2FTokyo").await.body;
    assert!(zones.contains("action=\"/book/coaches/talk\"") && zones.contains("Africa/Abidjan"));
    let foreign = site.get("/zones?page=https://evil.example/").await.body;
    assert!(foreign.contains("action=\"/\""), "{foreign}");
}

#[tokio::test]
async fn the_pages_speak_the_readers_language() {
    let site = Site::with_team().await;
    let german = site.send("GET", LIST, &[("accept-language", "de-AT,de;q=0.9,en;q=0.5")], "").await;
    assert!(
        german.body.contains("<html lang=\"de\">") && german.body.contains("Donnerstag, 26. November"),
        "{}",
        german.body
    );
    assert!(german.header("vary").contains("accept-language"));
    assert!(site.get(LIST).await.body.contains("<html lang=\"en\">"));
    let asked = site.get(&format!("{LIST}?lang=de")).await.body;
    assert!(asked.contains("20261126T170000Z?lang=de") && asked.contains("hreflang=\"en\""));
}

#[tokio::test]
async fn a_page_is_sent_once_while_nothing_changes() {
    let site = Site::with_team().await;
    let first = site.get(LIST).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 10 && first.header("cache-control").contains("no-cache"), "{:?}", first.headers);
    let again = site.send("GET", LIST, &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    site.book("mia@example.org", OFFER).await;
    let changed = site.send("GET", LIST, &[("if-none-match", &tag)], "").await;
    assert_eq!(changed.status, 200);
    assert!(!changed.body.contains("20261126T170000Z"), "{}", changed.body);
    site.desk.db.run(Change("UPDATE session_types SET name = 'A chat'")).await.unwrap();
    assert!(site.get(LIST).await.body.contains("A chat"), "a new name is a new page");
}

#[tokio::test]
async fn public_pages_travel_as_gzip_and_those_with_secrets_never_do() {
    let site = Site::with_team().await;
    let gzip = [("accept-encoding", "gzip, br")];
    let plain = site.get(LIST).await;
    let squeezed = site.send("GET", LIST, &gzip, "").await;
    assert_eq!(squeezed.header("content-encoding"), "gzip");
    assert!(squeezed.header("vary").contains("accept-encoding") && plain.header("vary").contains("accept-encoding"));
    let length = |reply: &Reply| reply.header("content-length").parse::<usize>().unwrap();
    assert!(length(&squeezed) * 2 < length(&plain), "{} of {}", length(&squeezed), length(&plain));
    assert_ne!(squeezed.header("etag"), plain.header("etag"), "other bytes have another strong tag");
    let again = [gzip[0], ("if-none-match", squeezed.header("etag"))];
    assert_eq!(site.send("GET", LIST, &again, "").await.status, 304);
    assert_eq!(site.send("GET", LIST, &again[1..], "").await.status, 200);

    let style = plain.body.split("href=\"").find_map(|rest| rest.strip_prefix("/assets/style.")).unwrap();
    let style = format!("/assets/style.{}", style.split('"').next().unwrap());
    assert_eq!(site.send("GET", &style, &gzip, "").await.header("content-encoding"), "gzip");
    assert_eq!(site.get(&style).await.headers.get("content-encoding"), None);

    let booking = site.book("mia@example.org", OFFER).await;
    for secret in [booking.as_str(), "/sign-in", "/host", &format!("{LIST}/2026-11-26/20261126T170000Z")] {
        let reply = site.send("GET", secret, &gzip, "").await;
        assert_eq!(reply.headers.get("content-encoding"), None, "{secret}");
    }
}

#[tokio::test]
async fn too_late_and_over_are_told_apart_and_lead_on() {
    let site = site_with(&[&[(NOW + 2 * HOUR, NOW + 3 * HOUR)]]).await;
    let soon = site.get(&format!("{LIST}/2026-11-20/20261120T140000Z")).await;
    assert_eq!(soon.status, 410);
    assert!(soon.body.contains("too late") && soon.body.matches("data-start=").count() == 3, "{}", soon.body);
    let over = site.get(&format!("{LIST}/2026-11-19/20261119T140000Z")).await;
    assert!(over.body.contains("This time is over") && over.body.contains("20261126T170000Z"), "{}", over.body);
}

#[tokio::test]
async fn hosts_are_chosen_only_where_the_team_shows_them() {
    let site = site_with(&[&[(OFFER, OFFER + HOUR)], &[(OFFER + DAY, OFFER + DAY + HOUR)]]).await;
    let mut conn = site.desk.db.read().await.unwrap();
    let (host,): (i64,) = conn.one("SELECT id FROM people WHERE email = 'host1@example.org'", vec![]).await.unwrap();
    drop(conn);
    let with = format!("{LIST}?host={host}");
    assert!(site.get(&with).await.body.contains("20261126T170000Z"), "hidden hosts cannot be asked for");
    site.desk.db.run(Change("UPDATE teams SET show_hosts = TRUE")).await.unwrap();
    let theirs = site.get(&with).await.body;
    assert!(
        !theirs.contains("20261126T170000Z") && theirs.contains(&format!("20261127T170000Z?host={host}")),
        "{theirs}"
    );
    assert!(theirs.contains("Host 0</option>"));
}

#[tokio::test]
async fn who_hosts_stays_hidden_until_the_booking_stands() {
    let site = Site::with_sample(Sample { booking: BookingMode::Confirm, ..Sample::default() }).await;
    let path = format!("{LIST}/2026-11-26/20261126T170000Z");
    let fields = [("name", "Mia"), ("email", "mia@example.org"), ("timezone", "Europe/London"), ("once", "x")];
    assert_eq!(site.post_form(&path, &fields).await.status, 200);
    let mut conn = site.desk.db.read().await.unwrap();
    let (id, guest): (i64, i64) = conn.one("SELECT id, guest FROM bookings", vec![]).await.unwrap();
    drop(conn);
    let link = format!("/b/{}", openhour::desk::booking::token(&site.desk.keys, id, guest, 0));
    let held = site.get(&link).await.body;
    assert!(held.contains("Confirm your booking") && !held.contains("Ana Silva"), "{held}");
}

#[tokio::test]
async fn a_booking_goes_into_every_calendar_without_its_secret() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    let page = site.get(&booking).await.body;
    for calendar in ["calendar.google.com", "outlook.live.com", "outlook.office.com", "calendar.yahoo.com"] {
        let link = page.split("href=\"").find(|link| link.contains(&format!("https://{calendar}"))).unwrap();
        let link = link.split('"').next().unwrap();
        assert!(!link.contains(booking.trim_start_matches("/b/")), "{link}");
    }
    assert!(page.contains("webcal://") && page.contains("/teams/coaches/open.ics"));
}

#[tokio::test]
async fn no_page_of_two_hundred_hosts_is_heavy() {
    // Every host begins at another minute, for twelve hours on each of two weeks' days: more starts than a page can list.
    let of = |host: i64| {
        (0..14).map(move |day| (NOW + (day + 2) * DAY + host * 60, NOW + (day + 2) * DAY + host * 60 + 12 * HOUR))
    };
    let site = Site::with_team().await;
    site.desk.db.run(MoreHosts((0..200).map(|host| of(host).collect()).collect())).await.unwrap();
    let zone = "tz=America%2FArgentina%2FBuenos_Aires&lang=de";
    let mut pages = vec![format!("{LIST}?{zone}"), format!("{LIST}?month=2026-12&{zone}")];
    pages.push(format!("{LIST}/2026-11-25?{zone}"));
    pages.push(format!("/zones?page={LIST}&{zone}"));
    pages.push(format!("{LIST}/2026-11-26/20261126T170000Z?{zone}"));
    for path in pages {
        let page = site.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.len() <= HEAVIEST, "{path} weighs {} bytes", page.body.len());
    }
    let day = site.get(&format!("{LIST}/2026-11-25")).await.body;
    let later = day.split("href=\"").find(|link| link.contains("after=")).unwrap().split('"').next().unwrap();
    let later = site.get(&later.replace("&amp;", "&")).await.body;
    let start = |page: &str| page.split("data-start=\"").nth(1).unwrap()[..16].to_owned();
    assert!(start(&later) > start(&day), "the rest of the day has a page of its own");
    let booking = site.book("mia@example.org", OFFER).await;
    assert!(site.get(&booking).await.body.len() <= HEAVIEST);
}
