//! The pages of a host and of a guest: sessions, offers, app passwords, feeds, calendar apps.

use data_encoding::BASE64;

use crate::pages_booking::hidden;
use crate::sample::OFFER;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";
const PRINCIPAL: &str = "<propfind xmlns=\"DAV:\"><prop><current-user-principal/></prop></propfind>";

impl Site {
    /// What CalDAV says to this app password.
    async fn dav(&self, email: &str, password: &str) -> Reply {
        let credentials = format!("Basic {}", BASE64.encode(format!("{email}:{password}").as_bytes()));
        let headers = [("authorization", credentials.as_str()), ("depth", "0"), ("content-type", "text/xml")];
        self.send("PROPFIND", "/dav/", &headers, PRINCIPAL).await
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split(after).next().unwrap()
}

#[tokio::test]
async fn a_host_sees_sessions_and_offers_and_a_guest_what_they_booked() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    site.work_off().await;
    let host = site.signed_in(ANA).await.get("/host").await;
    assert_eq!((host.status, host.body.matches("<h1").count()), (200, 1));
    assert!(host.body.contains("A talk with Mia Kühn") && host.body.contains("https://meet.jit.si/"), "{}", host.body);
    assert!(host.body.contains("Thursday, 26 November") && host.body.contains("18:00 to 21:00"), "the offer in Vienna");
    assert!(host.body.contains("How to offer time"));
    let mut guest = site.signed_in(MIA).await;
    assert_eq!(guest.get("/host").await.header("location"), "/guest", "who offers nothing has another page");
    let page = guest.get("/guest").await;
    assert!(page.status == 200 && page.body.contains("A talk with Ana Silva"), "{}", page.body);
    let manage = between(&page.body, "href=\"/b/", "\"");
    assert_eq!(site.get(&format!("/b/{manage}")).await.status, 200);
    for path in ["/host", "/guest", "/setup", "/browsers"] {
        assert_eq!(site.get(path).await.status, 403, "{path} is nobody else's");
    }
}

#[tokio::test]
async fn an_app_password_is_shown_once_works_and_is_taken_back() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let made = ana.press("/host", "/app-passwords", &[("label", "Kitchen tablet"), ("back", "/host")]).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    let secret = between(&made.body, "<code class=\"secret\">", "</code>").to_owned();
    assert_eq!(site.dav(ANA, &secret).await.status, 207);
    assert_eq!(site.dav(MIA, &secret).await.status, 401);
    let page = ana.get("/host").await.body;
    assert!(page.contains("Kitchen tablet") && page.contains("last used") && !page.contains(&secret), "{page}");
    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    assert_eq!(ana.post("/app-passwords/revoke", &[("id", &id)]).await.status, 422, "without the form's token");
    let mut mia = site.browser();
    assert_eq!(mia.post("/app-passwords/revoke", &[("id", &id)]).await.status, 403);
    let gone = ana.press("/host", "/app-passwords/revoke", &[("id", &id), ("back", "/guest")]).await;
    assert_eq!(gone.header("location"), "/guest#app-passwords");
    assert_eq!(site.dav(ANA, &secret).await.status, 401);
    assert!(!ana.get("/host").await.body.contains("Kitchen tablet"));
}

#[tokio::test]
async fn nobody_takes_back_what_is_anothers() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mut ana = site.signed_in(ANA).await;
    let made = ana.press("/host", "/app-passwords", &[("label", "Phone")]).await;
    let secret = between(&made.body, "<code class=\"secret\">", "</code>").to_owned();
    let id = between(&ana.get("/host").await.body, "name=\"id\" value=\"", "\"").to_owned();
    let mut mia = site.signed_in(MIA).await;
    mia.press("/guest", "/app-passwords/revoke", &[("id", &id)]).await;
    assert_eq!(site.dav(ANA, &secret).await.status, 207);
    let token = hidden(&mia.get("/guest").await.body, "form");
    assert_eq!(ana.post("/app-passwords", &[("form", &token), ("label", "x")]).await.status, 422, "another's form");
}

#[tokio::test]
async fn a_label_that_cannot_be_is_marked_and_stays() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let long = "very long ".repeat(20);
    let reply = ana.press("/host", "/app-passwords", &[("label", &long)]).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("aria-invalid=\"true\"") && reply.body.contains("label-hint label-wrong"));
    assert!(reply.body.contains(long.trim()), "{}", reply.body);
    assert_eq!(site.count("SELECT COUNT(*) FROM app_passwords").await, 0);
}

#[tokio::test]
async fn the_feeds_on_the_page_work_until_they_are_replaced() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let page = ana.get("/host").await.body;
    let webcal = between(&page, "href=\"webcal://", "\"").to_owned();
    let path = webcal[webcal.find('/').unwrap()..].to_owned();
    assert!(page.contains("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F"), "{page}");
    assert_eq!(site.get(&path).await.status, 200);
    let replaced = ana.press("/host", "/own-feeds", &[("back", "/host")]).await;
    assert_eq!(replaced.header("location"), "/host#feeds");
    assert_eq!(site.get(&path).await.status, 410);
    assert!(!ana.get("/host").await.body.contains(&path));
}

#[tokio::test]
async fn every_device_has_a_guide_and_the_phones_a_code_to_scan() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let list = ana.get("/setup").await.body;
    let devices: Vec<&str> = list.split("href=\"/setup/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(devices.len(), 8, "{list}");
    for device in devices {
        let page = ana.get(&format!("/setup/{device}")).await;
        assert!(page.status == 200 && page.body.contains("<ol class=\"steps\">"), "{device} {}", page.body);
        assert_eq!(page.body.contains("<svg class=\"qr\""), ["iphone", "android"].contains(&device), "{device}");
        assert!(!page.body.contains("style=") && !page.body.contains("<script"), "{device}");
    }
    assert_eq!(ana.get("/setup/toaster").await.status, 404);
    let made = ana.press("/setup/thunderbird", "/setup/thunderbird", &[]).await;
    let secret = between(&made.body, "<code class=\"secret\">", "</code>").to_owned();
    assert_eq!((made.status, site.dav(ANA, &secret).await.status), (200, 207));
    assert!(ana.get("/host").await.body.contains("<strong>Thunderbird</strong>"));
    let android = ana.press("/setup/android", "/setup/android", &[]).await.body;
    assert!(android.contains("href=\"caldav://127.0.0.1:") && android.contains("<svg class=\"qr\""), "{android}");
    assert_eq!(ana.press("/host", "/setup/google", &[]).await.status, 404, "a feed needs no password");
}

#[tokio::test]
async fn the_profile_for_apple_devices_is_a_property_list_whose_account_works() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    assert_eq!(ana.post("/setup/iphone", &[]).await.status, 422, "only by the page's own button");
    let reply = ana.press("/setup/iphone", "/setup/iphone", &[]).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/x-apple-aspen-config"));
    assert!(reply.header("content-disposition").contains("openhour.mobileconfig"));
    assert_eq!((reply.header("cache-control"), reply.header("referrer-policy")), ("no-store", "no-referrer"));
    let value = |key: &str| {
        let rest = reply.body.split(&format!("<key>{key}</key>")).nth(1).unwrap_or_else(|| panic!("{key}"));
        rest.split(['<', '>']).nth(2).unwrap().to_owned()
    };
    assert_eq!(value("CalDAVUsername"), ANA);
    assert_eq!(format!("{}:{}", value("CalDAVHostName"), value("CalDAVPort")), site.address.to_string());
    assert_eq!(site.dav(&value("CalDAVUsername"), &value("CalDAVPassword")).await.status, 207);
    assert_eq!(site.count("SELECT COUNT(*) FROM app_passwords WHERE label = 'iPhone or iPad'").await, 1);
    let by_hand = ana.press("/setup/mac", "/setup/mac", &[("by", "hand")]).await;
    assert!(by_hand.status == 200 && by_hand.body.contains("code class=\"secret\""), "{}", by_hand.body);
    assert_well_formed(&reply.body);
}

#[tokio::test]
async fn a_host_is_told_what_nearly_is_an_offer() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    assert!(!ana.get("/host").await.body.contains("id=\"remarks\""));
    let made = ana.press("/host", "/app-passwords", &[("back", "/host"), ("label", "Laptop")]).await;
    let secret = between(&made.body, "<code class=\"secret\">", "</code>").to_owned();
    let credentials = format!("Basic {}", BASE64.encode(format!("{ANA}:{secret}").as_bytes()));
    for (uid, title) in [("near", "Avialable"), ("kind", "Available: skydiving"), ("lunch", "Lunch")] {
        let event = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n\
             DTSTART:20261127T100000Z\r\nDTEND:20261127T110000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let headers = [("authorization", credentials.as_str()), ("content-type", "text/calendar")];
        let path = format!("/dav/calendars/{ANA}/offers/{uid}.ics");
        assert_eq!(site.send("PUT", &path, &headers, &event).await.status, 201, "{title}");
    }
    let page = ana.get("/host").await.body;
    let remarks = between(&page, "id=\"remarks\"", "</section>");
    assert!(remarks.contains("“Avialable” offers nothing") && remarks.contains("“Available: skydiving”"), "{remarks}");
    assert!(remarks.contains("A talk") && !remarks.contains("Lunch"), "{remarks}");
}

#[tokio::test]
async fn the_pages_of_those_signed_in_speak_their_language() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    for (path, words) in [
        ("/host", "Was Sie in den nächsten zwei Wochen anbieten"),
        ("/guest", "Ihre Termine"),
        ("/browsers", "Wo Sie angemeldet sind"),
        ("/setup", "Welche benutzen Sie?"),
        ("/setup/thunderbird", "Schritt für Schritt"),
    ] {
        let page = ana.get(&format!("{path}?lang=de")).await.body;
        assert!(page.contains("<html lang=\"de\">") && page.contains(words), "{path} {page}");
        let links = page.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap());
        for link in links.filter(|link| !link.starts_with("assets/") && !link.contains("lang=en")) {
            assert!(link.contains("lang=de"), "{path} forgets the language at /{link}");
        }
    }
    assert!(site.get("/sign-in?lang=de").await.body.contains("Link zuschicken"));
    let asked = site.send("GET", "/host", &[("accept-language", "de")], "").await;
    assert!(asked.status == 403 && asked.body.contains("Bitte melden Sie sich zuerst an"), "{}", asked.body);
    let made = ana.press("/host?lang=de", "/app-passwords?lang=de", &[("back", "/host"), ("label", "Alt")]).await;
    assert!(made.body.contains("Ihr neues App-Passwort") && made.body.contains("/host?lang=de#app-passwords"));
}

#[tokio::test]
async fn the_feed_of_all_sessions_is_given_to_its_owner_alone() {
    let site = Site::with_team().await;
    let booking = site.book(MIA, OFFER).await;
    let page = site.get(&booking).await.body;
    assert!(
        !page.contains("/feeds/") && page.contains("href=\"/guest#feeds\""),
        "whoever has the address reads on: {page}"
    );
    assert!(page.contains("/teams/coaches/open.ics"), "{page}");
    let own = site.signed_in(MIA).await.get(&booking).await.body;
    assert!(own.contains("href=\"webcal://") && own.contains("/sessions.ics\""), "{own}");
    let others = site.signed_in(ANA).await.get(&booking).await;
    assert!(!others.body.contains("/feeds/"));
}

/// Every element is closed, in order: what a property list's reader needs first.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).map(|part| part.split('>').next().unwrap()) {
        if tag.starts_with(['?', '!']) || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{xml}"),
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[tokio::test]
async fn an_administrator_finds_the_lines_for_the_dns() {
    let site = Site::start_with(|config| {
        config.public_url = "https://book.example.org".into();
        config.mail_from = "hello@example.org".into();
    })
    .await;
    let profile = openhour::people::Profile { admin: Some(true), ..Default::default() };
    let save = openhour::desk::people::SavePerson { email: ANA.into(), profile, memberships: vec![], now: NOW };
    site.desk.db.run(save).await.unwrap();
    let mut admin = site.signed_in(ANA).await;
    let page = admin.get("/admin").await;
    assert!(page.body.contains("_caldavs._tcp.example.org. SRV 0 1 443 book.example.org."), "{}", page.body);
}
