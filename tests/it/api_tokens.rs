//! API tokens: who the API takes a caller for.

use openhour::desk::conduct::{self, Measure};
use openhour::keys;
use openhour::people::{self, api_tokens::CreateApiToken};
use openhour::teams::BookingMode;

use crate::sample::Sample;
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";

/// The header that a program sends.
pub(crate) fn bearer(token: &str) -> [(&'static str, &str); 1] {
    [("authorization", Box::leak(format!("Bearer {token}").into_boxed_str()))]
}

impl Site {
    /// A new token of somebody known.
    pub(crate) async fn token(&self, email: &str) -> String {
        let person = people::by_email(&mut self.desk.db.read().await.unwrap(), email).await.unwrap().unwrap().id;
        let token = keys::random_token().unwrap();
        let digest = keys::digest(&token);
        let create = CreateApiToken { person, label: "Test".into(), digest, by: None, with: None, now: NOW };
        self.desk.db.run(create).await.unwrap();
        token
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split(after).next().unwrap()
}

#[tokio::test]
async fn a_token_is_shown_once_says_who_calls_and_is_taken_back() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let made = ana.press("/api-tokens", "/api-tokens", &[("label", "Weekly report")]).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    let token = between(&made.body, "<code class=\"secret\">", "</code>").to_owned();
    assert_eq!(token.len(), 9 + 52, "{token}");
    let stored = site.count("SELECT COUNT(*) FROM api_tokens WHERE LENGTH(digest) = 32").await;
    assert_eq!(stored, 1);
    let page = ana.get("/api-tokens").await.body;
    assert!(page.contains("Weekly report") && page.contains("not used yet") && !page.contains(&token), "{page}");

    let me = site.send("GET", "/api/v1/me", &bearer(&token), "").await;
    assert_eq!((me.status, me.header("cache-control")), (200, "no-store"), "{}", me.body);
    let body = me.json();
    assert_eq!((body["email"].as_str(), body["admin"].as_bool()), (Some(ANA), Some(false)));
    assert_eq!(body["memberships"][0]["team"], "coaches");
    assert_eq!(body["memberships"][0]["roles"][0], "host");
    let page = ana.get("/api-tokens").await.body;
    assert!(page.contains("last used") && !page.contains("not used yet"), "{page}");

    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    assert_eq!(ana.post("/api-tokens/revoke", &[("id", &id)]).await.status, 422, "without the form's token");
    assert_eq!(ana.press("/api-tokens", "/api-tokens/revoke", &[("id", &id)]).await.status, 303);
    let gone = site.send("GET", "/api/v1/me", &bearer(&token), "").await;
    assert_eq!((gone.status, gone.json()["code"].as_str()), (401, Some("sign-in")));
    assert_eq!(gone.header("www-authenticate"), "Bearer realm=\"Openhour\", error=\"invalid_token\"");
    let log = site.count("SELECT COUNT(*) FROM audit_log WHERE action IN ('token made', 'token removed')").await;
    assert_eq!(log, 2);
}

#[tokio::test]
async fn only_a_whole_token_in_the_header_counts() {
    let site = Site::with_team().await;
    let token = site.token(ANA).await;
    let ana = site.signed_in(ANA).await;
    let cookie = format!("openhour={}", ana.session().unwrap());
    let none = site.send("GET", "/api/v1/me", &[("cookie", &cookie)], "").await;
    assert_eq!(
        (none.status, none.header("www-authenticate")),
        (401, "Bearer realm=\"Openhour\""),
        "a browser's cookie"
    );
    assert_eq!(site.get(&format!("/api/v1/me?access_token={token}")).await.status, 401);
    for wrong in [format!("Bearer {}", &token[..60]), "Bearer ".into(), format!("Bearer {}", "x".repeat(4_000))] {
        let headers = [("authorization", wrong.as_str())];
        assert_eq!(site.send("GET", "/api/v1/me", &headers, "").await.status, 401, "{wrong}");
        let open = site.send("GET", "/api/v1/teams/coaches/slots", &headers, "").await;
        assert_eq!(open.status, 401, "also where none is needed: a mistake is told");
    }
    // A proxy's own password comes in the same field.
    let basic = [("authorization", "Basic dGVhbTpzZWNyZXQ=")];
    assert_eq!(site.send("GET", "/api/v1/me", &basic, "").await.status, 401);
    assert_eq!(site.send("GET", "/api/v1/teams/coaches/slots", &basic, "").await.status, 200);
    let lower = format!("bearer {token}");
    assert_eq!(site.send("GET", "/api/v1/me", &[("authorization", lower.as_str())], "").await.status, 200);
    assert_eq!(site.send("GET", "/host", &bearer(&token), "").await.status, 403, "pages know no tokens");
    let basic = data_encoding::BASE64.encode(format!("{ANA}:{token}").as_bytes());
    let basic = format!("Basic {basic}");
    let dav = site.send("PROPFIND", "/dav/", &[("authorization", basic.as_str())], "").await;
    assert_eq!(dav.status, 401, "a token opens no calendar");
}

#[tokio::test]
async fn a_label_that_cannot_be_is_marked_and_stays() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let long = "very long ".repeat(20);
    let reply = ana.press("/api-tokens", "/api-tokens", &[("label", &long)]).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("aria-invalid=\"true\"") && reply.body.contains(long.trim()), "{}", reply.body);
    assert_eq!(site.count("SELECT COUNT(*) FROM api_tokens").await, 0);
}

#[tokio::test]
async fn a_ban_ends_tokens_and_guessing_is_counted() {
    let site = Site::with_team().await;
    let (token, other) = (site.token(ANA).await, site.token(ANA).await);
    let wrong = format!("openhour_{}", "a".repeat(52));
    for _ in 0..20 {
        assert_eq!(site.send("GET", "/api/v1/me", &bearer(&wrong), "").await.status, 401);
    }
    let many = site.send("GET", "/api/v1/me", &bearer(&wrong), "").await;
    assert_eq!((many.status, many.json()["code"].as_str()), (429, Some("rate-limited")));
    assert!(many.header("retry-after").parse::<i64>().unwrap() > 0);
    assert_eq!(site.send("GET", "/api/v1/me", &bearer(&token), "").await.status, 200, "a right one always works");
    let ana = people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().unwrap().id;
    conduct::take(&site.desk, Measure::Ban, ana, None, "").await.unwrap();
    conduct::take(&site.desk, Measure::Unban, ana, None, "").await.unwrap();
    for token in [token, other] {
        assert_ne!(site.send("GET", "/api/v1/me", &bearer(&token), "").await.status, 200);
    }
}

#[tokio::test]
async fn with_a_token_the_api_shows_and_books_what_members_may() {
    let site = Site::with_sample(Sample { public: false, booking: BookingMode::Members, with_group: false }).await;
    assert_eq!(site.get("/api/v1/teams/coaches/slots").await.status, 404);
    let token = site.token(ANA).await;
    let slots = site.send("GET", "/api/v1/teams/coaches/slots", &bearer(&token), "").await;
    assert_eq!(slots.status, 200, "{}", slots.body);
    assert_eq!(slots.json()["slots"].as_array().unwrap().len(), 3);
}
