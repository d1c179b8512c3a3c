//! Open times in another site's frame: who may show them, and that nothing happens there.

use openhour::desk::teams::{Actor, EditTeam};
use openhour::teams::{Role, TeamChange};

use crate::db::fresh::Fresh;
use crate::installation::{Installation, available, midnight_in};
use crate::python::{axe, script};
use crate::surfaces::{NOW, Site};

const LIST: &str = "/embed/coaches/talk";

impl Site {
    async fn change_team(&self, change: TeamChange) {
        let edit = EditTeam { known: Some("coaches".into()), change, actor: Actor::COMMAND_LINE, now: NOW };
        self.desk.db.run(edit).await.unwrap();
    }

    async fn shown_on(&self, sites: &[&str]) {
        let embed_on = Some(sites.iter().map(|site| (*site).to_owned()).collect());
        self.change_team(TeamChange { embed_on, ..TeamChange::default() }).await;
    }
}

#[tokio::test]
async fn only_the_sites_a_team_names_may_show_its_times() {
    let site = Site::with_team().await;
    let closed = site.get(LIST).await;
    assert_eq!(closed.status, 200);
    assert!(closed.body.contains("Not shown on other sites") && closed.body.contains("href=\"/book/coaches/talk\""));
    assert!(!closed.body.contains("data-start"), "no times either: {}", closed.body);
    assert!(closed.header("content-security-policy").contains("frame-ancestors 'none'"));

    site.shown_on(&["https://Www.Example.org/", "https://blog.example:8443"]).await;
    for path in [LIST, LIST, "/embed/coaches/talk/2026-11-26", "/embed/coaches"] {
        let reply = site.get(path).await;
        let policy = reply.header("content-security-policy");
        let sites = "frame-ancestors https://www.example.org https://blog.example:8443";
        assert!(policy.starts_with("default-src 'none'") && policy.ends_with(sites), "{path}: {policy}");
        assert!(reply.cookies.is_empty() && reply.header("etag").is_empty(), "{path}");
    }
    let elsewhere = site.get("/book/coaches/talk").await;
    assert!(elsewhere.header("content-security-policy").contains("frame-ancestors 'none'"));

    site.shown_on(&[]).await;
    assert!(site.get(LIST).await.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_frame_shows_times_and_books_nothing() {
    let site = Site::with_team().await;
    site.shown_on(&["https://www.example.org"]).await;
    let page = site.get(&format!("{LIST}?lang=de&tz=Asia%2FTokyo&theme=dark")).await.body;
    assert!(page.contains("<html lang=\"de\" data-theme=\"dark\">"), "{page}");
    let slot = "href=\"/book/coaches/talk/2026-11-27/20261126T170000Z?tz=Asia%2FTokyo&amp;lang=de\"";
    let (_, after) = page.split_once(slot).unwrap_or_else(|| panic!("{page}"));
    let link = after.split('>').next().unwrap();
    assert!(link.contains("target=\"_blank\"") && link.contains("rel=\"noopener\""), "{link}");
    assert!(link.contains("öffnet sich in einem neuen Tab"), "{link}");
    let day = "href=\"/embed/coaches/talk/2026-11-27?tz=Asia%2FTokyo&amp;lang=de&amp;theme=dark\"";
    assert!(page.contains(day), "days stay in the frame: {page}");
    assert!(!page.contains("method=\"post\"") && !page.contains("/sign-in"), "{page}");
    let posted = site.send("POST", LIST, &[("sec-fetch-site", "same-origin")], "x=1").await;
    assert_eq!(posted.status, 405);
    assert!(
        site.get("/book/coaches/talk").await.body.matches("_blank").count() == 0,
        "the booking page stays as it is"
    );
}

#[tokio::test]
async fn what_is_for_members_is_in_no_frame() {
    let site = Site::with_team().await;
    site.shown_on(&["https://www.example.org"]).await;
    site.with_roles("gina@example.org", false, &[("coaches", Role::Guest)]).await;
    let mut gina = site.signed_in("gina@example.org").await;
    site.change_team(TeamChange { public: Some(false), ..TeamChange::default() }).await;
    assert_eq!(gina.get("/book/coaches/talk").await.status, 200);
    for path in [LIST, "/embed/coaches", "/embed/coaches/talk/2026-11-26"] {
        let reply = gina.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn sites_are_origins_and_told_in_the_log() {
    let site = Site::with_team().await;
    for wrong in ["https://a.example/page", "http://a.example", "*", "https://a.example; script-src *"] {
        let change = TeamChange { embed_on: Some(vec![wrong.into()]), ..TeamChange::default() };
        let edit = EditTeam { known: Some("coaches".into()), change, actor: Actor::COMMAND_LINE, now: NOW };
        let refused = site.desk.db.run(edit).await.unwrap_err();
        assert!(format!("{refused:?}").contains("embed_on"), "{wrong}: {refused:?}");
    }
    site.shown_on(&["https://a.example"]).await;
    let told = "SELECT COUNT(*) FROM audit_log WHERE detail = 'embed_on: none to https://a.example'";
    assert_eq!(site.count(told).await, 1);
}

#[test]
fn chromium_shows_open_times_on_the_sites_a_lead_names_and_books_in_a_tab() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let host = installation.host("ana@example.org", "mentoring");
    let lead = ["person", "add", "lea@example.org", "--name", "Lea", "--timezone", "Etc/UTC", "--lead", "mentoring"];
    installation.run(&lead);
    let server = installation.serve();
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    let url = format!("http://{}", server.address);
    let link = installation.run(&["sign-in-link", "lea@example.org"]);
    let link = format!("{url}/sign-in/{}", link.trim().rsplit_once('/').unwrap().1);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("embed");
    std::fs::create_dir_all(&folder).unwrap();
    print!("{}", script("embed.py", &[&url, "mentoring", &link, &axe(), &folder.display().to_string()]));
}
