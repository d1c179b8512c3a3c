//! What people do with their own account through the API, and what a token must not be able to leave behind.

use openhour::people::{self, Profile};
use serde_json::{Value, json};

use crate::api_tokens::bearer;
use crate::sample::{HOUR, OFFER};
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";

impl Site {
    /// One request of a program with this token.
    pub(crate) async fn program(&self, token: &str, method: &str, path: &str, body: Value) -> Reply {
        let [authorization] = bearer(token);
        let headers = [authorization, ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, &format!("/api/v1{path}"), &headers, &body).await
    }

    async fn asked(&self, token: &str, path: &str) -> Value {
        let reply = self.program(token, "GET", path, Value::Null).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{path}: {}", reply.body);
        reply.json()
    }

    async fn opens_calendars(&self, email: &str, password: &str) -> bool {
        let basic = data_encoding::BASE64.encode(format!("{email}:{password}").as_bytes());
        let basic = format!("Basic {basic}");
        let headers = [("authorization", basic.as_str()), ("depth", "0")];
        self.send("PROPFIND", "/dav/", &headers, "").await.status == 207
    }
}

fn wrong(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn what_a_token_makes_ends_with_it() {
    let site = Site::with_team().await;
    let (stolen, kept) = (site.token(ANA).await, site.token(ANA).await);
    let made = site.program(&stolen, "POST", "/me/tokens", json!({"label": " Second "})).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"), "{}", made.body);
    assert_eq!(made.json()["label"], "Second");
    let second = made.json()["token"].as_str().unwrap().to_owned();
    let third = site.program(&second, "POST", "/me/tokens", json!({"label": "Third"})).await.json()["token"].clone();
    let third = third.as_str().unwrap();
    let phone = site.program(third, "POST", "/me/app-passwords", json!({"label": "Phone"})).await;
    assert_eq!(phone.status, 201, "{}", phone.body);
    assert_eq!((&phone.json()["user"], phone.json()["url"].as_str().unwrap().ends_with("/dav/")), (&json!(ANA), true));
    let phone = phone.json()["password"].as_str().unwrap().to_owned();
    assert!(site.opens_calendars(ANA, &phone).await);
    let tablet = site.program(&kept, "POST", "/me/app-passwords", json!({"label": "Tablet"})).await.json();

    let listed = site.asked(&kept, "/me/tokens").await;
    assert!(!listed.to_string().contains(&second) && !listed.to_string().contains("digest"), "{listed}");
    let listed = listed["tokens"].as_array().unwrap().clone();
    assert_eq!(listed.iter().filter(|token| token["current"] == true).count(), 1);
    let of = |label: &str| listed.iter().find(|token| token["label"] == label).unwrap();
    assert_eq!(of("Third")["made_with"], of("Second")["id"]);
    let first = of("Second")["made_with"].as_str().unwrap();

    let mia = {
        site.book(MIA, OFFER).await;
        site.token(MIA).await
    };
    let path = format!("/me/tokens/{first}");
    assert_eq!(site.program(&mia, "DELETE", &path, Value::Null).await.status, 404, "somebody else's");
    assert_eq!(site.program(&kept, "DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(site.program(&kept, "DELETE", &path, Value::Null).await.status, 404, "it is gone");
    for token in [&stolen, &second, third] {
        assert_eq!(site.program(token, "GET", "/me", Value::Null).await.status, 401);
        assert_eq!(site.program(token, "POST", "/me/tokens", json!({"label": "x"})).await.status, 401);
    }
    assert!(!site.opens_calendars(ANA, &phone).await, "made by a successor");
    assert!(site.opens_calendars(ANA, tablet["password"].as_str().unwrap()).await);
    let told = site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'token removed' AND detail = 'and made with it: tokens 2, app passwords 1'").await;
    assert_eq!(told, 1);
    let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'app password made' AND detail = 'with a token'";
    assert_eq!(site.count(told).await, 2);

    let all = site.asked(&kept, "/me/app-passwords").await["app_passwords"].clone();
    assert_eq!((all.as_array().unwrap().len(), &all[0]["label"]), (1, &json!("Tablet")));
    let path = format!("/me/app-passwords/{}", all[0]["id"].as_str().unwrap());
    assert_eq!(site.program(&mia, "DELETE", &path, Value::Null).await.status, 404);
    assert_eq!(site.program(&kept, "DELETE", &path, Value::Null).await.status, 204);
    assert!(!site.opens_calendars(ANA, tablet["password"].as_str().unwrap()).await);
}

#[tokio::test]
async fn labels_and_numbers_of_secrets_have_limits() {
    let site = Site::with_team().await;
    let token = site.token(ANA).await;
    for body in [json!({}), json!({"label": ""}), json!({"label": "x".repeat(101)}), json!({"label": 7})] {
        for path in ["/me/tokens", "/me/app-passwords"] {
            assert_eq!(wrong(&site.program(&token, "POST", path, body.clone()).await), (422, "label".into()), "{body}");
        }
    }
    for number in 0..49 {
        let made = site.program(&token, "POST", "/me/tokens", json!({"label": format!("Token {number}")})).await;
        assert_eq!(made.status, 201, "{number}");
    }
    let many = site.program(&token, "POST", "/me/tokens", json!({"label": "One more"})).await;
    assert_eq!((many.status, &many.json()["code"]), (409, &json!("too-many")));
    assert_eq!(site.count("SELECT COUNT(*) FROM api_tokens").await, 50);
}

#[tokio::test]
async fn a_password_is_replaced_by_whoever_knows_it_and_by_nobody_else() {
    let site = Site::with_team().await;
    let token = site.token(ANA).await;
    assert_eq!(site.asked(&token, "/me/password").await, json!({"set": false}));
    let first = json!({"current": "", "password": "drei Äpfel im Korb"});
    let refused = site.program(&token, "PUT", "/me/password", first).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("fresh-sign-in")), "{}", refused.body);
    assert!(refused.json()["detail"].as_str().unwrap().contains("/password"));

    let mut ana = site.signed_in(ANA).await;
    assert_eq!(ana.press("/password", "/password", &[("password", "drei Äpfel im Korb")]).await.status, 303);
    assert_eq!(site.asked(&token, "/me/password").await, json!({"set": true}));
    let alone = site.program(&token, "PUT", "/me/password", json!({"password": null})).await;
    assert_eq!((alone.status, &alone.json()["code"]), (403, &json!("fresh-sign-in")), "a token is not enough");
    for (body, field) in [
        (json!({"current": "another one", "password": "vier Birnen im Korb"}), "current"),
        (json!({"current": "drei Äpfel im Korb", "password": "short"}), "password"),
        (json!({"current": "drei Äpfel im Korb", "password": "password1"}), "password"),
        (json!({"current": "drei Äpfel im Korb", "password": 8}), "password"),
        (json!({"current": "drei Äpfel im Korb"}), "password"),
    ] {
        let refused = site.program(&token, "PUT", "/me/password", body.clone()).await;
        assert_eq!(wrong(&refused), (422, field.into()), "{body}");
    }
    assert_eq!(ana.get("/host").await.status, 200);
    let good = json!({"current": "drei Äpfel im Korb", "password": "vier Birnen im Korb"});
    assert_eq!(site.program(&token, "PUT", "/me/password", good.clone()).await.status, 204);
    assert_eq!(ana.get("/host").await.status, 403, "every browser is signed out");
    site.work_off().await;
    let told = "SELECT COUNT(*) FROM mails WHERE recipient = 'ana@example.org' AND subject LIKE 'Your password at % was changed'";
    assert_eq!(site.count(told).await, 2);
    assert_eq!(wrong(&site.program(&token, "PUT", "/me/password", good).await), (422, "current".into()));
    for _ in 0..18 {
        let guess = json!({"current": "a guess", "password": null});
        assert_eq!(site.program(&token, "PUT", "/me/password", guess).await.status, 422);
    }
    let right = json!({"current": "vier Birnen im Korb", "password": null});
    let many = site.program(&token, "PUT", "/me/password", right.clone()).await;
    assert_eq!((many.status, &many.json()["code"]), (429, &json!("rate-limited")), "guessing is counted");
    site.desk.clock.set(NOW + 600);
    assert_eq!(site.program(&token, "PUT", "/me/password", right).await.status, 204);
    assert_eq!(site.asked(&token, "/me/password").await, json!({"set": false}));
    let log = "SELECT COUNT(*) FROM audit_log WHERE action IN ('password set', 'password removed')";
    assert_eq!(site.count(log).await, 3);
}

#[tokio::test]
async fn browsers_and_feeds_are_seen_and_ended() {
    let site = Site::with_team().await;
    let token = site.token(ANA).await;
    let mut phone = site.signed_in(ANA).await;
    let mut desk = site.signed_in(ANA).await;
    site.book(MIA, OFFER).await;
    let mia = site.token(MIA).await;
    let listed = site.asked(&token, "/me/browsers").await["browsers"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["last_seen"]), (2, &json!("2026-11-20T12:00:00Z")));
    let path = format!("/me/browsers/{}", listed[0]["id"].as_str().unwrap());
    assert_eq!(site.program(&mia, "DELETE", &path, Value::Null).await.status, 404);
    assert_eq!(site.program(&token, "DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(site.program(&token, "DELETE", &path, Value::Null).await.status, 404);
    let statuses = [phone.get("/host").await.status, desk.get("/host").await.status];
    assert!(statuses == [200, 403] || statuses == [403, 200], "{statuses:?}");
    for _ in 0..2 {
        assert_eq!(site.program(&token, "DELETE", "/me/browsers", Value::Null).await.status, 204);
    }
    assert_eq!((phone.get("/host").await.status, desk.get("/host").await.status), (403, 403));
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'signed out'").await, 2);

    let before = site.asked(&token, "/me/feeds").await;
    let path = |feeds: &Value, kind: &str| {
        let url = feeds[kind].as_str().unwrap().to_owned();
        url[url.find("/feeds/").unwrap()..].to_owned()
    };
    for kind in ["sessions", "open"] {
        assert_eq!(site.get(&path(&before, kind)).await.status, 200, "{kind}");
    }
    let rotated = site.program(&token, "POST", "/me/feeds/rotate", Value::Null).await;
    assert_eq!(rotated.status, 200);
    assert_eq!(rotated.json(), site.asked(&token, "/me/feeds").await);
    assert_eq!(site.get(&path(&before, "sessions")).await.status, 410);
    assert_eq!(site.get(&path(&rotated.json(), "sessions")).await.status, 200);
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'feed addresses replaced'").await, 1);
}

#[tokio::test]
async fn why_an_hour_is_not_offered_is_told_to_its_host_as_on_the_page() {
    let site = Site::with_team().await;
    let token = site.token(ANA).await;
    site.book(MIA, OFFER).await;
    let verdict = async |start: &str| site.asked(&token, &format!("/me/why?start={start}")).await["verdict"].clone();
    assert_eq!(verdict("2026-11-26T17:00:00Z").await, json!({"code": "full"}));
    assert_eq!(verdict("2026-11-26T18:00:00Z").await, json!({"code": "open"}));
    assert_eq!(verdict("2026-11-26T18:20:00Z").await, json!({"code": "off-grid"}));
    assert_eq!(verdict("2026-11-26T19:30:00Z").await, json!({"code": "remainder"}));
    assert_eq!(verdict("2026-11-26T09:00:00Z").await, json!({"code": "outside"}));
    assert_eq!(verdict("2026-11-27T17:00:00Z").await, json!({"code": "no-offer"}));
    assert_eq!(verdict("2026-11-19T17:00:00Z").await, json!({"code": "over"}));
    let all = site.asked(&token, "/me/why").await;
    assert_eq!(
        (&all["start"], &all["verdict"], all["offers"].as_array().unwrap().len()),
        (&Value::Null, &Value::Null, 1)
    );
    let offer = &all["offers"][0];
    assert_eq!(
        (&offer["state"], &offer["open"]),
        (&json!("partly"), &json!(["2026-11-26T18:00:00Z", "2026-11-26T19:00:00Z"]))
    );
    assert_eq!(offer["hidden"][0]["why"], json!({"code": "full"}));
    assert_eq!((&offer["hidden"][0]["team"], &offer["hidden"][0]["type"]), (&json!("coaches"), &json!("talk")));
    site.desk.clock.set(OFFER - HOUR);
    assert_eq!(verdict("2026-11-26T18:00:00Z").await, json!({"code": "too-soon", "notice": 86_400}));
    let mut ana = site.signed_in(ANA).await;
    let page = ana.get("/host/why?date=2026-11-26&time=18:00&tz=UTC").await;
    assert!(page.body.contains("It is too soon: the notice is 24 hours."), "{}", page.body);

    let mia = site.token(MIA).await;
    assert_eq!(site.asked(&mia, "/me/why?from=2026-11-26T00:00:00Z").await["offers"], json!([]), "only one's own");
    for (query, field) in [
        ("start=tomorrow", "start"),
        ("start=2046-11-26T17:00:00Z", "start"),
        ("start=2026-11-26T17:00:00Z&from=2026-11-26T17:00:00Z", "start"),
        ("from=2026-11-26T17:00:00Z&to=2026-11-25T17:00:00Z", "to"),
        ("from=2026-11-26T17:00:00Z&to=2027-01-25T17:00:00Z", "to"),
    ] {
        let refused = site.program(&token, "GET", &format!("/me/why?{query}"), Value::Null).await;
        assert_eq!(wrong(&refused), (422, field.into()), "{query}");
    }
}

#[tokio::test]
async fn people_take_everything_along_and_erase_themselves_by_their_address() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mia = site.token(MIA).await;
    let copy = site.program(&mia, "POST", "/me/copy", Value::Null).await;
    assert_eq!(
        (copy.status, copy.header("content-type"), copy.header("cache-control")),
        (200, "application/zip", "no-store")
    );
    assert!(copy.header("content-disposition").contains("openhour-data.zip"));
    for body in [json!({}), json!({"address": ANA}), json!({"address": true})] {
        let refused = site.program(&mia, "POST", "/me/erase", body.clone()).await;
        assert_eq!(wrong(&refused), (422, "address".into()), "{body}");
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE status = 'confirmed'").await, 1);
    let erased = site.program(&mia, "POST", "/me/erase", json!({"address": " Mia@Example.org "})).await;
    assert_eq!((erased.status, erased.json()), (200, json!({"cancelled": 1})));
    assert_eq!(site.program(&mia, "GET", "/me", Value::Null).await.status, 401);
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'mia@example.org'").await, 0);
    assert_eq!(
        site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'person removed' AND actor = object").await,
        1
    );

    let profile = Profile { admin: Some(true), ..Profile::default() };
    let save = openhour::desk::people::SavePerson { email: ANA.into(), profile, memberships: vec![], now: NOW };
    site.desk.db.run(save).await.unwrap();
    let ana = site.token(ANA).await;
    let last = site.program(&ana, "POST", "/me/erase", json!({"address": ANA})).await;
    assert_eq!((last.status, &last.json()["code"]), (409, &json!("last-admin")));
    assert!(people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().is_some());
}
