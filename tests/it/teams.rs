//! Teams, members and session types: what leads and administrators set, by page and API, and what follows from it.

use openhour::desk::people::SavePerson;
use openhour::keys;
use openhour::people::api_tokens::CreateApiToken;
use openhour::people::{self, Profile};
use openhour::teams::Role;
use serde_json::{Value, json};

use crate::sample::OFFER;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const LEA: &str = "lea@example.org";
const ROOT: &str = "root@example.org";
const SETTINGS: &str = "/lead/coaches/settings";

impl Site {
    async fn somebody(&self, email: &str, admin: bool, roles: &[Role]) -> i64 {
        let memberships = roles.iter().map(|role| ("coaches".to_owned(), *role)).collect();
        let profile = Profile { admin: admin.then_some(true), ..Profile::default() };
        self.desk.db.run(SavePerson { email: email.into(), profile, memberships, now: NOW }).await.unwrap().id
    }

    /// A secret with which programs act for this person.
    async fn secret_of(&self, person: i64) -> String {
        let secret = format!("openhour_{}", keys::random_secret().unwrap());
        let digest = keys::digest(&secret);
        let create = CreateApiToken { person, label: "test".into(), digest, by: None, with: None, now: NOW };
        self.desk.db.run(create).await.unwrap();
        secret
    }

    async fn call(&self, secret: &str, method: &str, path: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, &format!("/api/v1{path}"), &headers, &body).await
    }

    async fn text(&self, sql: &'static str) -> String {
        let row: Option<(String,)> = self.desk.db.read().await.unwrap().optional(sql, vec![]).await.unwrap();
        row.map(|(text,)| text).unwrap_or_default()
    }
}

fn wrong_fields(reply: &Reply) -> Vec<String> {
    let errors = reply.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The settings of the sample team as its form sends them.
fn form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Coaches, Graz"),
        ("timezone", "Europe/Vienna"),
        ("public", "yes"),
        ("booking", "anyone"),
        ("policy", "weighted"),
        ("day_starts", "08:00"),
        ("day_ends", "16:30"),
        ("notice", "2h"),
        ("daily_cap", "4"),
    ]
}

#[tokio::test]
async fn a_lead_sets_the_team_and_only_administrators_change_its_address() {
    let site = Site::with_team().await;
    site.somebody(LEA, false, &[Role::Lead]).await;
    site.somebody(ROOT, true, &[]).await;
    let mut lea = site.signed_in(LEA).await;
    let page = lea.get(SETTINGS).await;
    assert_eq!((page.status, page.body.contains("name=\"slug\"")), (200, false), "{}", page.body);
    let mut wrong = form();
    wrong.push(("description", "We <b>coach</b>"));
    wrong[7] = ("notice", "soon");
    let refused = lea.press(SETTINGS, SETTINGS, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"soon\"") && refused.body.contains("We &lt;b&gt;coach"), "{}", refused.body);
    assert!(refused.body.contains("href=\"#notice\"") && refused.body.contains("notice-hint notice-wrong"));
    let mut sent = form();
    sent.extend([("slug", "others"), ("notify_leads", "yes")]);
    assert_eq!(lea.press(SETTINGS, SETTINGS, &sent).await.status, 303);
    let row: (String, String, i64, i64, i64, bool) = site
        .desk
        .db
        .read()
        .await
        .unwrap()
        .one("SELECT slug, policy, day_ends, notice, daily_cap, notify_leads FROM teams", vec![])
        .await
        .unwrap();
    assert_eq!(row, ("coaches".into(), "weighted".into(), 59_400, 7_200, 4, true));
    let told = site.text("SELECT detail FROM audit_log WHERE action = 'team changed' ORDER BY id DESC LIMIT 1").await;
    assert!(told.contains("policy: least-busy to weighted") && told.contains("daily_cap: unset to 4"), "{told}");
    let mut root = site.signed_in(ROOT).await;
    let mut sent = form();
    sent.extend([("slug", "mentors"), ("active", "yes")]);
    assert_eq!(root.press(SETTINGS, SETTINGS, &sent).await.header("location"), "/lead/mentors/settings?done=saved");
    assert_eq!((site.get("/book/coaches").await.status, site.get("/book/mentors").await.status), (404, 303));
}

#[tokio::test]
async fn an_administrator_makes_switches_off_and_removes_teams() {
    let site = Site::with_team().await;
    site.somebody(ROOT, true, &[]).await;
    let mut root = site.signed_in(ROOT).await;
    let new = [("name", "Cooks"), ("slug", "coaches"), ("timezone", "Europe/Paris")];
    let taken = root.press("/admin/teams", "/admin/teams", &new).await;
    assert!(taken.status == 422 && taken.body.contains("value=\"Cooks\"") && taken.body.contains("slug-wrong"));
    let new = [("name", "Cooks"), ("slug", "cooks"), ("timezone", "Europe/Paris")];
    let made = root.press("/admin/teams", "/admin/teams", &new).await;
    assert_eq!(made.header("location"), "/lead/cooks/settings?done=added");
    let mut off = form();
    off.push(("slug", "coaches"));
    assert_eq!(root.press(SETTINGS, SETTINGS, &off).await.status, 303, "without `active`");
    assert_eq!(site.get("/book/coaches").await.status, 404);
    assert!(root.get("/admin/teams").await.body.contains("switched off"));
    let cooks = "/lead/cooks/settings";
    assert_eq!(root.press(cooks, cooks, &[("do", "remove")]).await.status, 303);
    assert_eq!(site.count("SELECT COUNT(*) FROM teams").await, 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'team removed'").await, 1);
}

#[tokio::test]
async fn what_a_type_asks_is_asked_checked_kept_and_told() {
    let site = Site::with_team().await;
    let lea = site.somebody(LEA, false, &[Role::Lead]).await;
    let lea = site.secret_of(lea).await;
    let change = json!({
        "place": "address", "place_detail": "12 Elm Street, Graz", "phone": "required", "color": "#0d655b",
        "questions": [
            {"label": "Which language?", "kind": "choice", "options": ["Rust", "Go"], "required": true},
            {"label": "First time?", "kind": "yes-no"},
        ],
    });
    let changed = site.call(&lea, "PATCH", "/teams/coaches/session-types/talk", &change).await;
    assert_eq!((changed.status, &changed.json()["place"]), (200, &json!("address")), "{}", changed.body);
    let shown = site.get("/api/v1/teams/coaches").await.json();
    assert_eq!(shown["types"][0]["questions"][0]["label"], "Which language?", "{shown}");
    let path = "/book/coaches/talk/2026-11-26/20261126T170000Z";
    let page = site.get(path).await;
    for part in
        ["Which language?", "12 Elm Street, Graz", "name=\"phone\"", "fill=\"#0d655b\"", "<option value=\"Rust\">"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let mut sent = vec![("name", "Mia"), ("email", "mia@example.org"), ("timezone", "Europe/Berlin"), ("q1", "yes")];
    let refused = site.post_form(path, &sent).await;
    assert_eq!(refused.status, 422);
    for part in ["href=\"#phone\"", "href=\"#q0\"", "phone-wrong", "q0-wrong", "<option value=\"yes\" selected"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let wish = json!({
        "type": "talk", "start": "2026-11-26T17:00:00Z", "answers": {"Which language?": "Cobol"},
        "guest": {"name": "Mia", "email": "mia@example.org", "timezone": "Europe/Berlin"},
    });
    let headers = [("content-type", "application/json")];
    let refused = site.send("POST", "/api/v1/teams/coaches/bookings", &headers, &wish.to_string()).await;
    assert_eq!(
        (refused.status, wrong_fields(&refused)),
        (422, vec!["guest.phone".into(), "answers.Which language?".into()])
    );
    sent.extend([("q0", "Rust"), ("phone", "+49 30 123456")]);
    let booked = site.post_form(path, &sent).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let kept = site.text("SELECT answers FROM bookings").await;
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), json!({"Which language?": "Rust", "First time?": true}));
    let own = site.get(booked.header("location")).await.body;
    for part in ["12 Elm Street, Graz", "+49 30 123456", "Which language?"] {
        assert!(own.contains(part), "{part}: {own}");
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'meeting-link'").await, 0, "nobody needs a link");
    site.work_off().await;
    let mails = site.desk.db.read().await.unwrap();
    let mut mails = mails;
    let rows: Vec<(Vec<u8>,)> = mails.all("SELECT bytes FROM mails ORDER BY recipient", vec![]).await.unwrap();
    assert_eq!(rows.len(), 2);
    for (bytes,) in rows {
        let parts = openhour::mail::parts(&bytes);
        let (plain, calendar) = (parts.plain.unwrap(), parts.calendar.unwrap());
        assert!(plain.contains("Where: 12 Elm Street, Graz"), "{plain}");
        assert!(calendar.contains("LOCATION:12 Elm Street\\, Graz") && !calendar.contains("CONFERENCE"), "{calendar}");
    }
}

#[tokio::test]
async fn an_internal_type_is_there_for_members_only() {
    let site = Site::with_team().await;
    let root = site.somebody(ROOT, true, &[]).await;
    let root = site.secret_of(root).await;
    let new = json!({"slug": "inside", "name": "Inside", "minutes": 60, "internal": true});
    assert_eq!(site.call(&root, "POST", "/teams/coaches/session-types", &new).await.status, 201);
    site.somebody("gina@example.org", false, &[Role::Guest]).await;
    let mut gina = site.signed_in("gina@example.org").await;
    assert_eq!(site.get("/book/coaches").await.status, 303, "one type is left to choose from");
    assert_eq!(site.get("/book/coaches/inside").await.status, 404);
    assert!(!site.get("/api/v1/teams/coaches").await.body.contains("inside"));
    assert!(!site.get("/api/v1/teams/coaches/slots").await.body.contains("inside"));
    assert!(!site.get("/teams/coaches/open.ics").await.body.contains("Inside"));
    assert_eq!(gina.get("/book/coaches").await.status, 200);
    let path = "/book/coaches/inside/2026-11-26/20261126T170000Z";
    assert_eq!(gina.get(path).await.status, 200);
    let mine = [("name", "Gina"), ("email", "gina@example.org"), ("timezone", "Europe/Berlin")];
    assert_eq!(site.post_form(path, &mine).await.status, 404);
    assert_eq!(gina.post(path, &mine).await.status, 303);
}

#[tokio::test]
async fn somebody_taken_in_is_made_a_person_and_gets_a_letter() {
    let site = Site::with_team().await;
    site.somebody(LEA, false, &[Role::Lead]).await;
    let mut lea = site.signed_in(LEA).await;
    let page = "/lead/coaches/members";
    let refused = lea.press(page, page, &[("email", "nobody"), ("name", "New"), ("role", "host")]).await;
    assert!(refused.status == 422 && refused.body.contains("email-wrong") && refused.body.contains("value=\"New\""));
    let sent = [("email", "Nia@Example.org"), ("name", "Nia"), ("role", "host")];
    assert_eq!(lea.press(page, page, &sent).await.status, 303);
    let nia = people::by_email(&mut site.desk.db.read().await.unwrap(), "nia@example.org").await.unwrap().unwrap();
    assert_eq!(nia.name, "Nia");
    site.work_off().await;
    let subject = site.text("SELECT subject FROM mails WHERE recipient = 'nia@example.org'").await;
    assert_eq!(subject, "You are in the team Coaches, Graz");
    assert_eq!(lea.press(page, page, &sent).await.status, 422, "in the team already");
    let audited = site.text("SELECT detail FROM audit_log WHERE action = 'member added'").await;
    assert_eq!(audited, "coaches: host");
}

#[tokio::test]
async fn a_host_leaves_only_after_somebody_decided_about_their_bookings() {
    let site = Site::with_team().await;
    let lea = site.somebody(LEA, false, &[Role::Lead]).await;
    let token = site.secret_of(lea).await;
    site.book("mia@example.org", OFFER).await;
    site.work_off().await;
    let ana = people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().unwrap().id;
    let path = format!("/teams/coaches/members/{ana}");
    let asked = site.call(&token, "DELETE", &path, &Value::Null).await;
    assert_eq!((asked.status, &asked.json()["code"]), (409, &json!("bookings-ahead")));
    assert_eq!(asked.json()["bookings"], 1);
    let page = format!("/lead/coaches/members/{ana}");
    let mut lea = site.signed_in(LEA).await;
    let asked = lea.press(&page, &page, &[("do", "leave"), ("priority", "0")]).await;
    assert!(asked.status == 422 && asked.body.contains("name=\"fate\""), "{}", asked.body);
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE status = 'confirmed'").await, 1, "nothing was done");
    let kept = lea.press(&page, &page, &[("active", ""), ("host", "yes"), ("priority", "3"), ("fate", "keep")]).await;
    assert_eq!(kept.status, 303, "a pause keeps what is booked");
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE status = 'confirmed'").await, 1);
    assert!(!site.get("/api/v1/teams/coaches/slots").await.body.contains("2026-11-26"), "and offers nothing");
    let back = json!({"active": true});
    assert_eq!(site.call(&token, "PATCH", &path, &back).await.json()["member"]["active"], true);
    let gone = lea.press(&page, &page, &[("do", "leave"), ("fate", "cancel"), ("reason", "They moved away")]).await;
    assert_eq!(gone.header("location"), "/lead/coaches/members?done=removed&cancelled=1");
    assert_eq!(site.text("SELECT reason FROM bookings").await, "They moved away");
    site.work_off().await;
    assert_eq!(
        site.count("SELECT COUNT(*) FROM mails WHERE subject LIKE 'Cancelled%'").await,
        2,
        "both sides are told"
    );
    let leads =
        site.call(&token, "DELETE", &format!("/teams/coaches/members/{}", site_id(&site).await), &Value::Null).await;
    assert_eq!(
        (leads.status, &leads.json()["leaderless"]),
        (200, &json!(true)),
        "the last lead may go, and it is said"
    );
}

async fn site_id(site: &Site) -> i64 {
    people::by_email(&mut site.desk.db.read().await.unwrap(), LEA).await.unwrap().unwrap().id
}

#[tokio::test]
async fn the_server_tells_its_health_and_settings_without_secrets() {
    let site = Site::start_with(|config| {
        let set = [
            ("OPENHOUR_SMTP_URL", "smtp://ana:geheim@mail.example.org:587"),
            ("OPENHOUR_DATABASE_URL", "postgres://u:geheim@db.example.org/openhour"),
        ];
        let told = openhour::config::load(set.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        config.given = told.given;
    })
    .await;
    let profile = Profile { admin: Some(true), ..Profile::default() };
    let save = SavePerson { email: ROOT.into(), profile, memberships: vec![], now: NOW };
    site.desk.db.run(save).await.unwrap();
    let page = site.signed_in(ROOT).await.get("/admin/server").await;
    assert_eq!(page.status, 200);
    for part in ["smtp://mail.example.org:587", "OPENHOUR_SMTP_URL", "postgres://db.example.org/openhour", "SQLite"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("geheim"));
}
