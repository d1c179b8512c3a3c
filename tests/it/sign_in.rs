//! Signing in by a mailed link, and ending it.

use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";

#[tokio::test]
async fn from_the_address_to_the_own_page_by_the_mailed_link() {
    let site = Site::with_team().await;
    let mut browser = site.browser();
    assert!(browser.get("/").await.body.contains("href=\"/sign-in\""));
    let asked = browser.get("/host").await;
    assert!(asked.status == 403 && asked.body.contains("name=\"email\""), "{}", asked.body);
    let sent = browser.post("/sign-in", &[("email", " Ana@Example.org ")]).await;
    assert!(sent.status == 200 && sent.body.contains("a link is on its way"), "{}", sent.body);
    let link = site.mailed_link(ANA).await.unwrap();
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert!(page.status == 200 && page.body.contains(ANA) && !page.body.contains("name=\"sure\""), "{}", page.body);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    let entered = browser.post(&link, &[]).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/host"));
    assert!(entered.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{:?}", entered.headers);
    assert_eq!(browser.get("/host").await.status, 200);
    assert_eq!(browser.get("/admin").await.status, 404);
    assert_eq!(browser.get("/sign-in").await.header("location"), "/host");
    assert_eq!(browser.get(&link).await.status, 404, "used up");
    assert_eq!(site.browser().post(&link, &[("sure", ANA)]).await.status, 404);
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    assert_eq!(browser.get("/host").await.status, 403);
    assert_eq!(site.count("SELECT COUNT(*) FROM web_sessions").await, 0);
}

#[tokio::test]
async fn another_browser_has_to_say_yes_to_the_address() {
    let site = Site::with_team().await;
    site.browser().post("/sign-in", &[("email", ANA)]).await;
    let link = site.mailed_link(ANA).await.unwrap();
    let mut other = site.browser();
    other.post("/sign-in", &[("email", "stranger@example.org")]).await;
    let page = other.get(&link).await;
    assert!(page.body.contains("Yes, sign in as ana@example.org") && page.body.contains("not asked for"));
    let without = other.post(&link, &[]).await;
    assert!(without.status == 200 && without.cookies.is_empty(), "{:?}", without.cookies);
    assert_eq!(other.post(&link, &[("sure", "mia@example.org")]).await.status, 200);
    assert_eq!(other.post(&link, &[("sure", ANA)]).await.status, 303);
    assert_eq!(other.get("/host").await.status, 200);
}

#[tokio::test]
async fn an_unknown_address_looks_the_same_and_gets_no_mail() {
    let site = Site::with_team().await;
    let known = site.browser().post("/sign-in", &[("email", ANA)]).await;
    let unknown = site.browser().post("/sign-in", &[("email", "eve@example.org")]).await;
    assert_eq!(known.body.replace(ANA, "eve@example.org"), unknown.body);
    assert_eq!((known.status, known.cookies.len()), (unknown.status, unknown.cookies.len()));
    let names = |reply: &crate::surfaces::Reply| {
        let mut names: Vec<String> = reply.headers.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'sign-in-mail'").await, 2, "the same work");
    assert!(site.mailed_link(ANA).await.is_some() && site.mailed_link("eve@example.org").await.is_none());
    assert_eq!(site.count("SELECT COUNT(*) FROM mails").await, 1);
    let nonsense = site.browser().post("/sign-in", &[("email", "ana at <example>")]).await;
    assert_eq!(nonsense.status, 422);
    assert!(nonsense.body.contains("value=\"ana at &lt;example&gt;\"") && nonsense.body.contains("id=\"email-wrong\""));
}

#[tokio::test]
async fn a_newer_link_voids_the_older_and_ten_minutes_end_both() {
    let site = Site::with_team().await;
    let mut browser = site.browser();
    browser.post("/sign-in", &[("email", ANA)]).await;
    let first = site.mailed_link(ANA).await.unwrap();
    site.desk.clock.set(NOW + 60);
    browser.post("/sign-in", &[("email", ANA)]).await;
    let second = site.mailed_link(ANA).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(browser.get(&first).await.status, 404);
    assert_eq!(browser.get(&second).await.status, 200);
    site.desk.clock.set(NOW + 60 + 601);
    assert_eq!(browser.post(&second, &[]).await.status, 404);
}

#[tokio::test]
async fn five_links_an_hour_for_one_address_known_or_not() {
    let site = Site::with_team().await;
    for email in [ANA, "eve@example.org"] {
        for _ in 0..5 {
            assert_eq!(site.browser().post("/sign-in", &[("email", email)]).await.status, 200);
        }
        let sixth = site.browser().post("/sign-in", &[("email", email)]).await;
        assert_eq!(sixth.status, 429);
        assert!(sixth.header("retry-after").parse::<u32>().is_ok());
    }
    site.desk.clock.set(NOW + 3600);
    assert_eq!(site.browser().post("/sign-in", &[("email", ANA)]).await.status, 200);
}

#[tokio::test]
async fn every_browser_is_listed_and_can_be_signed_out_from_another() {
    let site = Site::with_team().await;
    let mut desk = site.signed_in(ANA).await;
    let mut phone = site.signed_in(ANA).await;
    let page = desk.get("/browsers").await.body;
    assert_eq!(page.matches("Firefox, Linux</strong>").count(), 2, "{page}");
    assert_eq!(page.matches("this browser").count(), 1);
    let other = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(desk.post("/browsers", &[("session", &other)]).await.status, 422, "without the form's token");
    assert_eq!(phone.get("/host").await.status, 200);
    assert_eq!(desk.press("/browsers", "/browsers", &[("session", &other)]).await.status, 303);
    assert_eq!((phone.get("/host").await.status, desk.get("/host").await.status), (403, 200));
    let mut again = site.signed_in(ANA).await;
    assert_eq!(desk.press("/browsers", "/browsers", &[("session", "all")]).await.status, 303);
    assert_eq!((again.get("/host").await.status, desk.get("/host").await.status), (403, 403));
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_old_session() {
    let site = Site::with_team().await;
    let mut browser = site.signed_in(ANA).await;
    let old = browser.session().unwrap().to_owned();
    browser.post("/sign-in", &[("email", ANA)]).await;
    let link = site.mailed_link(ANA).await.unwrap();
    assert_eq!(browser.post(&link, &[]).await.status, 303);
    assert_ne!(browser.session(), Some(old.as_str()));
    assert_eq!(site.count("SELECT COUNT(*) FROM web_sessions").await, 1);
}

#[tokio::test]
async fn on_https_the_cookies_are_bound_to_the_host() {
    let site = Site::start_with(|config| config.public_url = "https://book.example.org".into()).await;
    let reply = site.browser().post("/sign-in", &[("email", ANA)]).await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-openhour-asked=") && cookie.contains("; Secure"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
}
