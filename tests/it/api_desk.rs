//! What hosts, guests and leads do with times and bookings through the API, as on their pages.

use openhour::booking::{self, Refusal};
use openhour::db::{Command, Tx};
use openhour::desk::people::SavePerson;
use openhour::people::Profile;
use openhour::teams::{BookingMode, Role};
use serde_json::{Value, json};

use crate::sample::{HOUR, OFFER, Sample};
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const LEA: &str = "lea@example.org";
const MIA: &str = "mia@example.org";

impl Site {
    async fn mine(&self, token: &str, which: &str) -> Vec<Value> {
        let reply = self.program(token, "GET", &format!("/me/bookings{which}"), Value::Null).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{}", reply.body);
        reply.json()["bookings"].as_array().unwrap().clone()
    }

    /// A request of whoever has a booking's token.
    async fn held(&self, booking: &Value, act: &str, body: Value) -> Reply {
        let path = format!("/api/v1/bookings/{}{act}", booking["token"].as_str().unwrap());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let method = if act.is_empty() { "GET" } else { "POST" };
        self.send(method, &path, &[("content-type", "application/json")], &body).await
    }
}

#[tokio::test]
async fn the_sessions_ahead_are_listed_on_both_sides_with_what_opens_them() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let (ana, mia) = (site.token(ANA).await, site.token(MIA).await);
    let (as_host, as_guest) = (site.mine(&ana, "").await, site.mine(&mia, "?as=guest").await);
    assert_eq!((as_host.len(), as_guest.len()), (1, 1));
    let (as_host, as_guest) = (&as_host[0], &as_guest[0]);
    assert_eq!((&as_host["as"], &as_host["with"]), (&json!("host"), &json!("Mia Kühn")));
    assert_eq!((&as_guest["as"], &as_guest["with"]), (&json!("guest"), &json!("Ana Silva")));
    assert_eq!((&as_guest["team"], &as_guest["type"]), (&json!("coaches"), &json!("talk")));
    assert_eq!(as_guest["status"], "confirmed");
    assert!(site.mine(&mia, "?as=host").await.is_empty());
    assert_eq!(site.program(&mia, "GET", "/me/bookings?as=both", Value::Null).await.status, 422);
    // One's own token is one's own: each side opens the booking as who they are, and cancels it.
    assert_eq!(
        site.held(as_host, "", Value::Null).await.json()["guests"][0]["email"],
        MIA,
        "who comes is the host's to see"
    );
    assert_eq!(site.held(as_guest, "", Value::Null).await.json()["guests"], Value::Null);
    assert_eq!(site.held(as_guest, "/cancel", json!({})).await.status, 200);
    assert!(site.mine(&mia, "").await.is_empty());
}

#[tokio::test]
async fn a_booking_that_waits_for_its_link_names_nobody_and_is_confirmed_by_its_token() {
    let site = Site::with_sample(Sample { booking: BookingMode::Confirm, ..Sample::default() }).await;
    let guest = json!({"name": "Mia Kühn", "email": MIA, "timezone": "UTC"});
    let start = openhour_time(OFFER);
    let body = json!({"type": "talk", "start": start, "agenda": "x", "guest": guest}).to_string();
    let path = "/api/v1/teams/coaches/bookings";
    let made = site.send("POST", path, &[("content-type", "application/json")], &body).await;
    assert!(matches!(made.status, 201 | 202), "{}", made.body);
    let mia = site.token(MIA).await;
    let held = site.mine(&mia, "").await.remove(0);
    assert_eq!((&held["status"], &held["with"]), (&json!("held"), &Value::Null));
    assert_eq!(site.held(&held, "", Value::Null).await.json()["host"], Value::Null);
    let done = site.held(&held, "/confirm", Value::Null).await;
    assert_eq!((done.status, &done.json()["status"]), (200, &json!("confirmed")), "{}", done.body);
    assert_eq!(site.mine(&mia, "").await[0]["with"], "Ana Silva");
    let ana = site.token(ANA).await;
    let hosts = site.mine(&ana, "").await.remove(0);
    assert_eq!(site.held(&hosts, "/confirm", Value::Null).await.status, 403, "the guest's to say");
}

/// The guest would rather come an hour later.
struct Later(i64);

impl Command for Later {
    type Output = i64;
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<i64, Refusal> {
        let found = booking::by_id(tx, self.0).await?.ok_or(Refusal::NotFound)?;
        Ok(booking::propose(tx, &found, found.guest, (OFFER + HOUR, OFFER + 2 * HOUR), None, NOW).await?)
    }
}

#[tokio::test]
async fn a_proposed_time_is_answered_by_the_other_side() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let (ana, mia) = (site.token(ANA).await, site.token(MIA).await);
    let (hosts, guests) = (site.mine(&ana, "").await.remove(0), site.mine(&mia, "").await.remove(0));
    let id = site.desk.db.run(Later(hosts["id"].as_str().unwrap().parse().unwrap())).await.unwrap().to_string();
    let told = site.held(&hosts, "", Value::Null).await.body;
    assert!(told.contains(&format!("\"id\":\"{id}\"")), "{told}");
    let answer = |say: &str| json!({"id": id, "answer": say});
    assert_eq!(site.held(&guests, "/proposal", answer("accept")).await.status, 404, "who proposes does not decide");
    assert_eq!(site.held(&hosts, "/proposal", answer("perhaps")).await.status, 422);
    let moved = site.held(&hosts, "/proposal", answer("accept")).await;
    assert_eq!((moved.status, &moved.json()["start"]), (200, &json!(openhour_time(OFFER + HOUR))), "{}", moved.body);
    assert_eq!(site.held(&hosts, "/proposal", answer("decline")).await.status, 404, "it is decided");
}

#[tokio::test]
async fn a_lead_sees_open_times_and_takes_them_back() {
    let site = Site::with_team().await;
    let lead = SavePerson {
        email: LEA.into(),
        profile: Profile::default(),
        memberships: vec![("coaches".into(), Role::Lead)],
        now: NOW,
    };
    site.desk.db.run(lead).await.unwrap();
    let (lea, ana) = (site.token(LEA).await, site.token(ANA).await);
    let (list, take) = ("/teams/coaches/open-times", "/teams/coaches/open-times/withdraw");
    assert_eq!(site.program(&ana, "GET", list, Value::Null).await.status, 403, "a host");
    let open = site.program(&lea, "GET", list, Value::Null).await.json()["times"].clone();
    assert_eq!(open.as_array().unwrap().len(), 3, "{open}");
    assert_eq!((&open[0]["host"]["name"], &open[0]["start"]), (&json!("Ana Silva"), &json!(openhour_time(OFFER))));
    let wish = |index: usize| {
        let time = &open[index];
        json!({"host": time["host"]["id"], "start": time["start"], "end": time["end"]})
    };
    for wrong in [json!({"times": []}), json!({"times": [{"host": "x"}]}), json!({"times": "all"}), json!({})] {
        assert_eq!(site.program(&lea, "POST", take, wrong.clone()).await.status, 422, "{wrong}");
    }
    let body = json!({"times": [wish(0), wish(1)], "reason": "The room is being painted."});
    assert_eq!(site.program(&lea, "POST", take, body.clone()).await.status, 204);
    let left = site.program(&lea, "GET", list, Value::Null).await.json();
    assert_eq!(left["times"].as_array().unwrap().len(), 1, "{left}");
    let again = site.program(&lea, "POST", take, body).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("not-changeable")), "{}", again.body);
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'time withdrawn'").await, 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'taken-back-mail'").await, 1, "its host hears");
}

fn openhour_time(at: i64) -> String {
    jiff::Timestamp::from_second(at).unwrap().to_string()
}
