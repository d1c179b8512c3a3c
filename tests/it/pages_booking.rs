//! The pages as a browser without scripts walks through them.

use openhour::teams::BookingMode;

use crate::sample::{HOUR, OFFER, Sample};
use crate::surfaces::{Reply, Site};

const FIRST: &str = "/book/coaches/talk/2026-11-26/20261126T170000Z";

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    after.split('"').next().unwrap().to_owned()
}

impl Site {
    /// Books by the form and answers the path of the booking's page.
    pub(crate) async fn book(&self, email: &str, start: i64) -> String {
        let time = jiff::Timestamp::from_second(start).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string();
        let path = format!("/book/coaches/talk/2026-11-26/{time}");
        let page = self.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let reply = self.fill(&path, &page.body, email).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        reply.header("location").to_owned()
    }

    async fn fill(&self, path: &str, page: &str, email: &str) -> Reply {
        let fields = [
            ("name", "Mia Kühn"),
            ("email", email),
            ("agenda", "My <first> steps"),
            ("timezone", &hidden(page, "timezone")),
            ("once", &hidden(page, "once")),
        ];
        self.post_form(path, &fields).await
    }

    pub(crate) async fn press(&self, booking: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let form = hidden(&self.get(booking).await.body, "form");
        let mut all = vec![("form", form.as_str())];
        all.extend(fields);
        self.post_form(&format!("{booking}/{action}"), &all).await
    }
}

#[tokio::test]
async fn from_the_start_page_to_a_booked_session() {
    let site = Site::with_team().await;
    assert!(site.get("/").await.body.contains("href=\"/book/coaches\""));
    let team = site.get("/book/coaches").await;
    assert_eq!((team.status, team.header("location")), (303, "/book/coaches/talk"));
    let list = site.get("/book/coaches/talk").await.body;
    assert!(list.contains("Thursday, 26 November") && list.contains(&format!("href=\"{FIRST}\"")), "{list}");
    assert!(list.contains(">18:00</time>"), "17:00 UTC is 18:00 in Vienna");
    let elsewhere = site.get("/book/coaches/talk?tz=Asia%2FTokyo").await.body;
    assert!(elsewhere.contains("Friday, 27 November") && elsewhere.contains(">02:00</time>"), "{elsewhere}");
    assert!(site.get("/book/coaches/talk/2026-11-26").await.body.contains(">19:00</time>"));
    let booking = site.book("mia@example.org", OFFER).await;
    let page = site.get(&booking).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You meet Ana Silva") && page.body.contains("My &lt;first&gt; steps"), "{}", page.body);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("x-robots-tag").contains("noindex"));
}

#[tokio::test]
async fn wrong_fields_are_marked_and_what_was_typed_stays() {
    let site = Site::with_team().await;
    let fields = [("name", ""), ("email", "mia at example"), ("agenda", "keep \"me\""), ("timezone", "Europe/Berlin")];
    let reply = site.post_form(FIRST, &fields).await;
    assert_eq!(reply.status, 422);
    assert_eq!(reply.body.matches("aria-invalid=\"true\"").count(), 2, "{}", reply.body);
    assert!(reply.body.contains("id=\"email-wrong\"") && reply.body.contains("email-hint email-wrong"));
    assert!(
        reply.body.contains("value=\"mia at example\"") && reply.body.contains("keep \"me\"")
            || reply.body.contains("keep &quot;me&quot;")
    );
    assert_eq!(hidden(&reply.body, "timezone"), "Europe/Berlin");
}

#[tokio::test]
async fn who_comes_second_gets_other_times_at_the_press_of_a_button() {
    let site = Site::with_team().await;
    let page = site.get(FIRST).await.body;
    site.book("mia@example.org", OFFER).await;
    let late = site.fill(FIRST, &page, "lee@example.org").await;
    assert_eq!(late.status, 409);
    assert_eq!(late.body.matches("formaction=\"/book/coaches/talk/2026-11-26/").count(), 2, "{}", late.body);
    assert!(late.body.contains("value=\"lee@example.org\""));
    let instead = "/book/coaches/talk/2026-11-26/20261126T180000Z";
    assert_eq!(site.fill(instead, &late.body, "lee@example.org").await.status, 303);
    let gone = site.get(FIRST).await;
    assert_eq!(gone.status, 410);
    assert!(gone.body.contains("not open any more") && gone.body.contains("20261126T190000Z"), "{}", gone.body);
}

#[tokio::test]
async fn the_same_form_sent_twice_books_once() {
    let site = Site::with_team().await;
    let page = site.get(FIRST).await.body;
    let first = site.fill(FIRST, &page, "mia@example.org").await;
    let second = site.fill(FIRST, &page, "mia@example.org").await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
}

#[tokio::test]
async fn a_guest_changes_moves_and_cancels_on_the_page() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    let saved = site.press(&booking, "agenda", &[("agenda", "Other\r\nthings")]).await;
    assert_eq!((saved.status, saved.header("location")), (303, format!("{booking}?done=saved").as_str()));
    assert!(site.get(&format!("{booking}?done=saved")).await.body.contains("Other\nthings"));
    let nothing = site.press(&booking, "reschedule", &[]).await;
    assert_eq!(nothing.status, 422);
    let moved = site.press(&booking, "reschedule", &[("start", &(OFFER + 2 * HOUR).to_string())]).await;
    assert_eq!(moved.status, 303, "{}", moved.body);
    assert!(site.get(&booking).await.body.contains("20:00 to 21:00"));
    let off = site.press(&booking, "reschedule", &[("start", &(OFFER + HOUR / 2).to_string())]).await;
    assert_eq!(off.status, 409, "{}", off.body);
    assert!(off.body.contains("Nothing was changed"));
    assert_eq!(site.press(&booking, "cancel", &[("reason", "Ill")]).await.status, 303);
    let cancelled = site.get(&booking).await.body;
    assert!(cancelled.contains("This session is cancelled") && cancelled.contains("Ill"), "{cancelled}");
    assert!(site.get("/book/coaches/talk").await.body.contains(FIRST));
}

#[tokio::test]
async fn nothing_changes_by_looking_nor_from_elsewhere() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    let form = hidden(&site.get(&booking).await.body, "form");
    for action in ["cancel", "agenda", "reschedule", "confirm"] {
        assert_eq!(site.get(&format!("{booking}/{action}")).await.status, 405, "{action}");
    }
    assert_eq!(site.post_form(&format!("{booking}/cancel"), &[("form", "x")]).await.status, 422);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    let foreign = site.send("POST", &format!("{booking}/cancel"), &headers, &format!("form={form}")).await;
    assert_eq!(foreign.status, 403);
    assert!(site.get(&booking).await.body.contains("You meet Ana Silva"));
}

#[tokio::test]
async fn the_event_can_be_saved_as_a_file() {
    let site = Site::with_team().await;
    let booking = site.book("mia@example.org", OFFER).await;
    let file = site.get(&format!("{booking}/invite.ics")).await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.body.contains("BEGIN:VEVENT") && !file.body.contains("METHOD:"), "{}", file.body);
}

#[tokio::test]
async fn a_held_booking_is_confirmed_by_its_mailed_link() {
    let site = Site::with_sample(Sample { booking: BookingMode::Confirm, ..Sample::default() }).await;
    let page = site.get(FIRST).await.body;
    let held = site.fill(FIRST, &page, "mia@example.org").await;
    assert_eq!(held.status, 200);
    assert!(held.body.contains("check your mail") && !held.body.contains("/b/"), "{}", held.body);
    let mut conn = site.desk.db.read().await.unwrap();
    let (id, guest): (i64, i64) = conn.one("SELECT id, guest FROM bookings", vec![]).await.unwrap();
    drop(conn);
    let link = format!("/b/{}", openhour::desk::booking::token(&site.desk.keys, id, guest, 0));
    assert!(site.get(&link).await.body.contains("Confirm your booking"));
    assert_eq!(site.press(&link, "confirm", &[]).await.status, 303);
    assert!(site.get(&link).await.body.contains("You meet Ana Silva"));
}

#[tokio::test]
async fn the_host_sees_the_guest_and_may_move_anywhere() {
    let site = Site::with_team().await;
    site.book("mia@example.org", OFFER).await;
    let mut conn = site.desk.db.read().await.unwrap();
    let (id, host): (i64, i64) =
        conn.one("SELECT b.id, s.host FROM bookings b JOIN sessions s ON s.id = b.session", vec![]).await.unwrap();
    drop(conn);
    let link = format!("/b/{}", openhour::desk::booking::token(&site.desk.keys, id, host, 0));
    let page = site.get(&link).await.body;
    assert!(page.contains("You meet Mia Kühn") && page.contains("mailto:mia@example.org"), "{page}");
    let moved = site.press(&link, "reschedule", &[("local", "2026-11-28T09:30"), ("zone", "Europe/Vienna")]).await;
    assert_eq!(moved.status, 303, "{}", moved.body);
    assert!(site.get(&link).await.body.contains("09:30 to 10:30"));
}

#[tokio::test]
async fn captured_mail_is_for_this_machine_only() {
    let site = Site::with_team().await;
    assert_eq!(site.get("/mail").await.status, 200);
    let elsewhere = b"GET /mail HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    assert_eq!(site.raw(elsewhere).await.status, 404);
    let without_demo = Site::start().await;
    assert_eq!(without_demo.get("/mail").await.status, 404);
}
