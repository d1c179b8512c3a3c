//! Passwords that people choose: set after a fresh sign-in, good for the sign-in form alone.

use data_encoding::BASE64;
use openhour::desk::conduct::{self, Measure};
use openhour::people;

use crate::browser::Browser;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const PASSWORD: &str = "drei Äpfel im Korb";

impl Browser<'_> {
    async fn sign_in_with(&mut self, email: &str, password: &str) -> Reply {
        self.post("/sign-in", &[("with", "password"), ("email", email), ("password", password)]).await
    }
}

#[tokio::test]
async fn a_password_signs_in_and_setting_it_ends_every_other_browser() {
    let site = Site::with_team().await;
    let mut phone = site.signed_in(ANA).await;
    let mut desk = site.signed_in(ANA).await;
    let set = desk.press("/password", "/password", &[("password", PASSWORD)]).await;
    assert_eq!((set.status, set.header("location")), (303, "/password?done=set"));
    assert_eq!((phone.get("/host").await.status, desk.get("/host").await.status), (403, 200));
    site.work_off().await;
    let told = "SELECT COUNT(*) FROM mails WHERE recipient = 'ana@example.org' AND subject LIKE 'Your password at % was changed'";
    assert_eq!(site.count(told).await, 1);
    let stored = "SELECT COUNT(*) FROM people WHERE password LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(site.count(stored).await, 1);

    let mut phone = site.browser();
    let entered = phone.sign_in_with("Ana@Example.org", PASSWORD).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/host"), "{}", entered.body);
    assert_eq!(phone.get("/host").await.status, 200);
    assert!(site.mailed_link(ANA).await.is_some(), "links go on working");
    let basic = format!("Basic {}", BASE64.encode(format!("{ANA}:{PASSWORD}").as_bytes()));
    let dav = site.send("PROPFIND", "/dav/", &[("authorization", basic.as_str())], "").await;
    assert_eq!(dav.status, 401, "calendars take app passwords only");

    assert_eq!(phone.press("/password", "/password", &[("remove", "yes")]).await.status, 303);
    assert_eq!(site.browser().sign_in_with(ANA, PASSWORD).await.status, 422);
    let log = "SELECT COUNT(*) FROM audit_log WHERE action IN ('password set', 'password removed')";
    assert_eq!(site.count(log).await, 2);
}

#[tokio::test]
async fn only_somebody_who_has_just_signed_in_sets_one() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    site.desk.clock.set(NOW + 599);
    let page = ana.get("/password").await.body;
    assert!(page.contains("autocomplete=\"new-password\""), "{page}");
    site.desk.clock.set(NOW + 600);
    let late = ana.get("/password").await.body;
    assert!(!late.contains("new-password") && late.contains("Mail me a link"), "{late}");
    let form = crate::pages_booking::hidden(&page, "form");
    let refused = ana.post("/password", &[("form", &form), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 422, "a page that was left open");
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE password IS NOT NULL").await, 0);
}

#[tokio::test]
async fn who_signs_in_afresh_for_it_comes_back_to_it() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    site.desk.clock.set(NOW + 600);
    assert!(ana.get("/password").await.body.contains("Mail me a link"));
    ana.post("/sign-in", &[("email", ANA)]).await;
    let link = site.mailed_link(ANA).await.unwrap();
    let back = ana.post(&link, &[]).await;
    assert_eq!((back.status, back.header("location")), (303, "/password"));
    assert!(ana.get("/password").await.body.contains("autocomplete=\"new-password\""));
    // Once; and nobody sends a browser elsewhere by it.
    for (cookie, to) in [(None, "/host"), (Some("//evil.example/"), "/host"), (Some("/host/hours"), "/host/hours")] {
        ana.post("/sign-out", &[]).await;
        ana.post("/sign-in", &[("email", ANA)]).await;
        let link = site.mailed_link(ANA).await.unwrap();
        if let Some(cookie) = cookie {
            ana.keep("openhour-return", cookie);
        }
        assert_eq!(ana.post(&link, &[]).await.header("location"), to, "{cookie:?}");
    }
}

#[tokio::test]
async fn a_poor_password_is_refused_and_never_sent_back() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    for (poor, said) in [("short77", "8 to 256"), ("Password123", "strangers try"), (ANA, "strangers try")] {
        let reply = ana.press("/password", "/password", &[("password", poor)]).await;
        assert_eq!(reply.status, 422, "{poor}");
        assert!(reply.body.contains(said) && reply.body.contains("aria-invalid=\"true\""), "{}", reply.body);
        assert!(!reply.body.contains(&format!("value=\"{poor}\" autocomplete=\"new")), "{}", reply.body);
    }
    let wrong = site.browser().sign_in_with(ANA, "my wrong guess").await;
    assert!(wrong.status == 422 && wrong.body.contains(ANA) && !wrong.body.contains("my wrong guess"));
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE password IS NOT NULL").await, 0);
}

#[tokio::test]
async fn nothing_tells_who_has_an_account_or_a_password() {
    let site = Site::with_team().await;
    site.signed_in(ANA).await.press("/password", "/password", &[("password", PASSWORD)]).await;
    let known = site.browser().sign_in_with(ANA, "no such luck").await;
    let unknown = site.browser().sign_in_with("eve@example.org", "no such luck").await;
    assert_eq!((known.status, unknown.status), (422, 422));
    assert_eq!(known.body.replace(ANA, ""), unknown.body.replace("eve@example.org", ""));
    assert_eq!(site.count("SELECT COUNT(*) FROM web_sessions").await, 1);
}

#[tokio::test]
async fn after_twenty_failures_even_the_right_one_waits_and_links_do_not() {
    let site = Site::with_team().await;
    site.signed_in(ANA).await.press("/password", "/password", &[("password", PASSWORD)]).await;
    for _ in 0..20 {
        assert_eq!(site.browser().sign_in_with(ANA, "no such luck").await.status, 422);
    }
    let full = site.browser().sign_in_with(ANA, PASSWORD).await;
    assert_eq!(full.status, 429, "otherwise guessing could go on");
    assert!(full.header("retry-after").parse::<i64>().unwrap() <= 600);
    let mut browser = site.browser();
    browser.post("/sign-in", &[("email", ANA)]).await;
    let link = site.mailed_link(ANA).await.unwrap();
    assert_eq!(browser.post(&link, &[]).await.status, 303);
    site.desk.clock.set(NOW + 600);
    assert_eq!(site.browser().sign_in_with(ANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_ban_ends_the_password() {
    let site = Site::with_team().await;
    site.signed_in(ANA).await.press("/password", "/password", &[("password", PASSWORD)]).await;
    let ana = people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().unwrap().id;
    conduct::take(&site.desk, Measure::Ban, ana, None, "").await.unwrap();
    assert_eq!(site.browser().sign_in_with(ANA, PASSWORD).await.status, 422);
    conduct::take(&site.desk, Measure::Unban, ana, None, "").await.unwrap();
    assert_eq!(site.browser().sign_in_with(ANA, PASSWORD).await.status, 422, "what it ended stays ended");
}
