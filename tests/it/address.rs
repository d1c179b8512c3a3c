//! Changing one's own mail address.

use data_encoding::BASE64;
use openhour::desk::conduct::{self, Measure};
use openhour::keys;
use openhour::people;
use openhour::people::app_passwords::CreateAppPassword;

use crate::sample::{HOUR, OFFER};
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";
const NEW: &str = "ana.silva@example.net";

impl Site {
    /// The text and the calendar part of the newest mail to this address.
    async fn newest_text(&self, to: &str) -> Option<String> {
        self.work_off().await;
        let sql = "SELECT bytes FROM mails WHERE recipient = $1 ORDER BY job DESC LIMIT 1";
        let mut conn = self.desk.db.read().await.unwrap();
        let row: Option<(Vec<u8>,)> = conn.optional(sql, openhour::args![to]).await.unwrap();
        row.map(|(bytes,)| {
            let parts = openhour::mail::parts(&bytes);
            format!("{}\n{}", parts.plain.unwrap_or_default(), parts.calendar.unwrap_or_default().replace("\r\n ", ""))
        })
    }

    /// The path of the link in the newest mail to this address.
    async fn address_link(&self, to: &str) -> Option<String> {
        let text = self.newest_text(to).await?;
        let (_, secret) = text.split_once("/profile/address/")?;
        Some(format!("/profile/address/{}", secret.split_whitespace().next().unwrap()))
    }

    async fn finds_calendars(&self, user: &str, owner: &str) -> u16 {
        let basic = format!("Basic {}", BASE64.encode(format!("{user}:secret").as_bytes()));
        let headers = [("authorization", &*basic), ("depth", "1")];
        self.send("PROPFIND", &format!("/dav/calendars/{owner}/"), &headers, "").await.status
    }
}

#[tokio::test]
async fn a_link_in_the_new_mailbox_and_a_sign_in_change_the_address() {
    let site = Site::with_team().await;
    let id = people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().unwrap().id;
    let digest = keys::digest("secret");
    site.desk
        .db
        .run(CreateAppPassword { person: id, label: "Phone".into(), digest, by: None, with: None, now: NOW })
        .await
        .unwrap();
    let booking = site.book("mia@example.org", OFFER).await;
    let before = site.newest_text("mia@example.org").await.unwrap();
    assert!(before.contains(ANA) && before.contains("SEQUENCE:0"), "{before}");

    let mut ana = site.signed_in(ANA).await;
    let sent = ana.press("/profile", "/profile/address", &[("email", " Ana.Silva@Example.net")]).await;
    assert!(sent.status == 200 && sent.body.contains("on its way"), "{}", sent.body);
    let link = site.address_link(NEW).await.expect("a mail");
    let notice = site.newest_text(ANA).await.unwrap();
    assert!(notice.contains(NEW) && !notice.contains("/profile/address/"), "{notice}");
    assert!(people::by_email(&mut site.desk.db.read().await.unwrap(), NEW).await.unwrap().is_none(), "nothing yet");

    // A stranger's mailbox alone is not enough, and looking changes nothing.
    assert_eq!(site.get(&link).await.status, 403);
    let mut mia = site.signed_in("mia@example.org").await;
    assert_eq!(mia.get(&link).await.status, 404);
    let page = ana.get(&link).await;
    assert!(page.status == 200 && page.body.contains(ANA) && page.body.contains(NEW), "{}", page.body);
    let changed = ana.press(&link, &link, &[]).await;
    assert_eq!((changed.status, changed.header("location")), (303, "/profile?address=changed"));
    assert!(ana.get("/profile?address=changed").await.body.contains(NEW), "the browser stays signed in");
    assert_eq!(ana.get(&link).await.status, 404, "it works once");

    // Both sides hear of it: the same event, a higher SEQUENCE.
    for reader in [NEW, "mia@example.org"] {
        let mail = site.newest_text(reader).await.unwrap();
        assert!(
            mail.contains("METHOD:REQUEST") && mail.contains("SEQUENCE:1") && mail.contains(NEW),
            "{reader}: {mail}"
        );
        assert!(!mail.contains(ANA), "{mail}");
    }
    assert!(site.newest_text(ANA).await.unwrap().contains(NEW), "nothing but the notice went to the old one");
    assert_eq!(site.get(&booking).await.status, 200);
    assert!(site.get("/book/coaches/talk").await.body.contains("20261126T180000Z"), "what was offered stays offered");
    site.book("lee@example.org", OFFER + HOUR).await;

    // Calendar apps go on, by either address, each below its own.
    assert_eq!(site.finds_calendars(ANA, ANA).await, 207);
    assert_eq!(site.finds_calendars(NEW, NEW).await, 207);
    assert_ne!(site.finds_calendars(NEW, ANA).await, 207);
    assert_eq!(site.finds_calendars("mia@example.org", ANA).await, 401);
    assert!(site.signed_in(NEW).await.session().is_some());
    let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'address changed' AND detail = 'sessions told anew: 1'";
    assert_eq!(site.count(told).await, 1);
}

#[tokio::test]
async fn whether_somebody_has_an_address_is_not_told() {
    let site = Site::with_team().await;
    site.with_roles("mia@example.org", false, &[]).await;
    let xaver = site.with_roles("xaver@example.org", false, &[]).await;
    for measure in [Measure::Ban, Measure::Remove] {
        conduct::take(&site.desk, measure, xaver, None, "").await.unwrap();
    }
    let mut ana = site.signed_in(ANA).await;
    let mut pages = Vec::new();
    for email in ["nobody@example.net", "mia@example.org", "xaver@example.org"] {
        let page = ana.press("/profile", "/profile/address", &[("email", email)]).await;
        assert_eq!(page.status, 200);
        pages.push(page.body.replace(email, "it"));
        let link = site.address_link(email).await;
        assert_eq!(link.is_some(), email == "nobody@example.net", "{email}");
    }
    assert_eq!((&pages[0], &pages[0]), (&pages[1], &pages[2]), "the same words");

    // Free when it was asked for, somebody's when the link is used.
    ana.press("/profile", "/profile/address", &[("email", NEW)]).await;
    let link = site.address_link(NEW).await.unwrap();
    site.with_roles(NEW, false, &[]).await;
    let late = ana.press(&link, &link, &[]).await;
    assert!(late.status == 409 && late.body.contains("cannot be used here"), "{}", late.body);
    assert!(people::by_email(&mut site.desk.db.read().await.unwrap(), ANA).await.unwrap().is_some());
}

#[tokio::test]
async fn what_cannot_be_is_told_at_the_field() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    for (email, words) in [("ana at example", "does not look like"), ("ANA@example.org", "have this address already")] {
        let refused = ana.press("/profile", "/profile/address", &[("email", email)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("id=\"email-wrong\"") && refused.body.contains(words), "{}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{email}\"")));
    }
    for _ in 0..5 {
        assert_eq!(ana.press("/profile", "/profile/address", &[("email", NEW)]).await.status, 200);
    }
    let many = ana.press("/profile", "/profile/address", &[("email", NEW)]).await;
    assert!(many.status == 422 && many.body.contains("wait an hour"), "{}", many.body);
    site.desk.clock.set(NOW + 700);
    let stale = ana.press("/profile", "/profile/address", &[("email", "other@example.net")]).await;
    assert!(stale.status == 422 && stale.body.contains("sign in once more"), "{}", stale.body);
}
