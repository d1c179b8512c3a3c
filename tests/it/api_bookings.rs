//! The JSON API over a real socket: slots, booking, and what a holder can do.

use openhour::teams::BookingMode;
use serde_json::{Value, json};

use crate::sample::{HOUR, OFFER, Sample};
use crate::surfaces::{NOW, Reply, Site};

const SLOTS: &str = "/api/v1/teams/coaches/slots";
const BOOKINGS: &str = "/api/v1/teams/coaches/bookings";
const FIRST: &str = "2026-11-26T17:00:00Z";
const SECOND: &str = "2026-11-26T18:00:00Z";
const THIRD: &str = "2026-11-26T19:00:00Z";

fn wish(start: &str, email: &str) -> Value {
    json!({
        "type": "talk", "start": start,
        "guest": {"name": "Mia Kühn", "email": email, "timezone": "Europe/Berlin"},
        "agenda": "My first steps", "unknown": true,
    })
}

impl Site {
    async fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string()).await
    }

    async fn starts(&self) -> Vec<String> {
        let slots = self.get(SLOTS).await.json();
        slots["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }
}

fn token(booked: &Value) -> String {
    booked["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn slots_are_listed_in_utc_and_answered_304_while_they_stay() {
    let site = Site::with_team().await;
    let reply = site.get(SLOTS).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let slots = reply.json();
    assert_eq!(slots["slots"].as_array().unwrap().len(), 3);
    assert_eq!(slots["slots"][0], json!({"start": FIRST, "end": SECOND, "type": "talk", "open": 1}));
    assert!(slots["version"].is_string());
    let again = site.send("GET", SLOTS, &[("if-none-match", reply.header("etag"))], "").await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let window = format!("{SLOTS}?from=2026-11-26T19:00:00%2B01:00&to={THIRD}&type=talk");
    assert_eq!(site.get(&window).await.json()["slots"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_wrong_question_names_each_field() {
    let site = Site::with_team().await;
    let reply = site.get(&format!("{SLOTS}?type=nothing&from=yesterday")).await;
    assert_eq!((reply.status, reply.header("content-type")), (422, "application/problem+json"));
    let problem = reply.json();
    assert_eq!(problem["code"], "invalid");
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["type", "from"]);
    assert_eq!(site.get(&format!("{SLOTS}?from={FIRST}&to=2028-01-01T00:00:00Z")).await.status, 422);
    assert_eq!(site.get("/api/v1/teams/nobody/slots").await.status, 404);
}

#[tokio::test]
async fn a_booking_takes_its_slot_and_shows_itself_to_its_holder() {
    let site = Site::with_team().await;
    let reply = site.post_json(BOOKINGS, &wish(SECOND, "mia@example.org")).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let booked = reply.json();
    assert_eq!((booked["start"].as_str(), booked["status"].as_str()), (Some(SECOND), Some("confirmed")));
    assert!(booked["link"].as_str().unwrap().starts_with(&format!("{}/b/", site.desk.config.public_url)));
    assert_eq!(site.starts().await, [FIRST, THIRD]);
    let view = site.get(&format!("/api/v1/bookings/{}", token(&booked))).await;
    assert_eq!((view.status, view.header("cache-control")), (200, "no-store"));
    let view = view.json();
    assert_eq!(view["agenda"], "My first steps");
    assert_eq!(view["host"], json!({"name": "Ana Silva"}));
    assert!(view.get("guests").is_none());
    let mut wrong = token(&booked);
    wrong.replace_range(38..39, if wrong.ends_with('a') { "b" } else { "a" });
    assert_eq!(site.get(&format!("/api/v1/bookings/{wrong}")).await.status, 404);
}

#[tokio::test]
async fn a_taken_slot_is_refused_with_what_is_open_nearby() {
    let site = Site::with_team().await;
    assert_eq!(site.post_json(BOOKINGS, &wish(SECOND, "mia@example.org")).await.status, 201);
    let refused = site.post_json(BOOKINGS, &wish(SECOND, "lee@example.org")).await;
    assert_eq!(refused.status, 409);
    let problem = refused.json();
    assert_eq!(problem["code"], "slot-taken");
    let starts: Vec<&str> =
        problem["alternatives"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()).collect();
    assert_eq!(starts, [FIRST, THIRD]);
    assert_eq!(problem["alternatives"][0]["type"], "talk");
    let odd = site.post_json(BOOKINGS, &wish("2026-11-26T18:30:00Z", "lee@example.org")).await;
    assert_eq!((odd.status, odd.json()["code"].as_str()), (409, Some("not-offered")));
}

#[tokio::test]
async fn a_repeat_with_the_same_key_books_once() {
    let site = Site::with_team().await;
    let body = wish(FIRST, "mia@example.org").to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "once")];
    let first = site.send("POST", BOOKINGS, &headers, &body).await;
    let second = site.send("POST", BOOKINGS, &headers, &body).await;
    assert_eq!((first.status, second.status), (201, 201), "{}", second.body);
    assert_eq!(first.json(), second.json());
    let other = wish(THIRD, "mia@example.org").to_string();
    let reused = site.send("POST", BOOKINGS, &headers, &other).await;
    assert_eq!((reused.status, reused.json()["code"].as_str()), (422, Some("key-reused")));
    let long = "k".repeat(256);
    let headers = [("content-type", "application/json"), ("idempotency-key", long.as_str())];
    assert_eq!(site.send("POST", BOOKINGS, &headers, &body).await.status, 422);
}

#[tokio::test]
async fn what_cannot_be_read_or_used_is_told_and_changes_nothing() {
    let site = Site::with_team().await;
    let json = [("content-type", "application/json")];
    assert_eq!(site.send("POST", BOOKINGS, &json, "{").await.json()["code"], "bad-request");
    assert_eq!(site.send("POST", BOOKINGS, &json, "[]").await.status, 400);
    assert_eq!(site.send("POST", BOOKINGS, &[("content-type", "text/plain")], "{}").await.status, 415);
    let deep = "[".repeat(10_000);
    assert_eq!(site.send("POST", BOOKINGS, &json, &deep).await.status, 400);
    let huge = format!("{{\"agenda\":\"{}\"}}", "x".repeat(70_000));
    let refused = site.send("POST", BOOKINGS, &json, &huge).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (413, Some("too-large")));
    let empty = site.post_json(BOOKINGS, &json!({"type": 7, "guest": []})).await.json();
    let fields: Vec<&str> = empty["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["type", "start", "guest.name", "guest.email", "guest.timezone"]);
    let mut wrong = wish(FIRST, "nobody");
    wrong["guest"]["timezone"] = "Mars/Base".into();
    assert_eq!(site.post_json(BOOKINGS, &wrong).await.json()["errors"].as_array().unwrap().len(), 2);
    assert_eq!(site.starts().await.len(), 3);
}

#[tokio::test]
async fn a_holder_moves_changes_and_cancels() {
    let site = Site::with_team().await;
    let booked = site.post_json(BOOKINGS, &wish(FIRST, "mia@example.org")).await.json();
    let path = |action: &str| format!("/api/v1/bookings/{}{action}", token(&booked));
    let moved = site.post_json(&path("/reschedule"), &json!({"start": THIRD})).await;
    assert_eq!((moved.status, moved.json()["start"].as_str()), (200, Some(THIRD)), "{}", moved.body);
    assert_eq!(site.starts().await, [FIRST, SECOND]);
    let agenda = site.post_json(&path("/agenda"), &json!({"agenda": "Something else"})).await;
    assert_eq!((agenda.status, agenda.json()["agenda"].as_str()), (200, Some("Something else")));
    assert_eq!(site.post_json(&path("/agenda"), &json!({})).await.status, 422);
    assert_eq!(site.post_json(&path("/reschedule"), &json!({"start": "soon"})).await.status, 422);
    let cancelled = site.post_json(&path("/cancel"), &json!({"reason": "Ill"})).await.json();
    assert_eq!((cancelled["status"].as_str(), cancelled["reason"].as_str()), (Some("cancelled"), Some("Ill")));
    assert_eq!(cancelled["changeable"], false);
    assert_eq!(site.starts().await.len(), 3);
    assert_eq!(site.send("POST", &path("/cancel"), &[], "").await.status, 200);
}

#[tokio::test]
async fn a_team_that_is_not_public_is_unknown_to_strangers() {
    let site = Site::with_sample(Sample { public: false, ..Sample::default() }).await;
    assert_eq!(site.get(SLOTS).await.status, 404);
    assert_eq!(site.post_json(BOOKINGS, &wish(FIRST, "mia@example.org")).await.status, 404);
    for path in ["/book/coaches", "/book/coaches/talk", "/teams/coaches/open.ics"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_booking_that_waits_for_its_mail_tells_no_link() {
    let site = Site::with_sample(Sample { booking: BookingMode::Confirm, ..Sample::default() }).await;
    let held = site.post_json(BOOKINGS, &wish(FIRST, "mia@example.org")).await;
    assert_eq!((held.status, held.json()["status"].as_str()), (201, Some("held")));
    assert!(held.json()["link"].is_null());
    assert_eq!(held.header("location"), "");
}

#[tokio::test]
async fn members_only_means_members_only() {
    let site = Site::with_sample(Sample { booking: BookingMode::Members, ..Sample::default() }).await;
    let refused = site.post_json(BOOKINGS, &wish(FIRST, "mia@example.org")).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("not-allowed")));
}

#[tokio::test]
async fn the_document_and_the_pages_that_explain_are_served() {
    let site = Site::start().await;
    let document = site.get("/api/v1/openapi.json").await.json();
    assert_eq!(document["servers"][0]["url"], site.desk.config.public_url.as_str());
    assert!(site.get("/problems/slot-taken").await.body.contains("slot-taken"));
    assert_eq!(site.get("/problems/nothing").await.status, 404);
}

#[tokio::test]
async fn slots_come_into_the_next_four_weeks_as_the_clock_goes_and_leave_when_it_is_too_late() {
    let site = Site::with_team().await;
    let starts = async |query: &str, now: i64| {
        site.desk.clock.set(now);
        let answer = site.get(&format!("{SLOTS}{query}")).await;
        answer.json()["slots"].as_array().map_or(0, Vec::len)
    };
    let weeks = 28 * 86_400;
    for (now, expected) in [
        (OFFER - weeks - HOUR, 0),
        (OFFER - weeks, 0),
        (OFFER - weeks + 1, 1),
        (OFFER - weeks + HOUR, 1),
        (OFFER - weeks + HOUR + 1, 2),
        (OFFER - weeks + 2 * HOUR + 1, 3),
        (OFFER - 86_400, 3),
        (OFFER - 86_400 + 1, 2),
        (OFFER - 86_400 + HOUR + 1, 1),
    ] {
        assert_eq!(starts("", now).await, expected, "at {}", now - OFFER);
    }
    let until = "?to=2026-11-26T18:00:00Z";
    assert_eq!(starts(until, NOW).await, 1, "an end that is named does not move");
    assert_eq!(starts(until, NOW + 3_600).await, 1);
    site.desk.clock.set(OFFER + HOUR + 1);
    assert_eq!(site.get(&format!("{SLOTS}{until}")).await.status, 422);
}

#[tokio::test]
async fn what_one_caller_was_answered_is_not_what_another_gets() {
    let site = Site::with_team().await;
    let path = SLOTS;
    let open = site.get(path).await;
    let same = site.send("GET", path, &[("if-none-match", open.header("etag"))], "").await;
    assert_eq!((open.status, same.status), (200, 304));
    let refused = site.send("GET", path, &[("authorization", "Bearer nothing")], "").await;
    assert_eq!(refused.status, 401, "a token that is none is never taken for no token");
    assert_eq!(site.get(&format!("{path}?type=nothing")).await.status, 422);
}
