//! A host lends a calendar by its secret address: on the page, on the command line, and what calendar apps see of it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;

use crate::db::fresh::Fresh;
use crate::installation::Installation;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";

/// A server that answers every request with the same.
struct Elsewhere {
    address: SocketAddr,
    answer: Arc<Mutex<String>>,
}

impl Elsewhere {
    fn start(events: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, answer: Arc::default() };
        server.calendar(events);
        let answer = server.answer.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.lock().unwrap().as_bytes());
            }
        });
        server
    }

    fn url(&self) -> String {
        format!("http://{}/calendar/ical/ana%40example.org/private-s3cr3t/basic.ics", self.address)
    }

    fn calendar(&self, events: &str) {
        let body = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n");
        self.answers(&format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ));
    }

    fn answers(&self, text: &str) {
        *self.answer.lock().unwrap() = text.to_owned();
    }
}

fn event(uid: &str, title: &str, hours: (u32, u32)) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261127T{:02}0000Z\r\nDTEND:20261127T{:02}0000Z\r\n\
         SUMMARY:{title}\r\nEND:VEVENT\r\n",
        hours.0, hours.1
    )
}

async fn site() -> Site {
    let site = Site::start_with(|config| {
        config.demo = true;
        config.fetch_private_hosts = "127.0.0.1".parse().unwrap();
    })
    .await;
    site.desk.db.run(crate::sample::Sample::default()).await.unwrap();
    site
}

#[tokio::test]
async fn a_host_adds_a_calendar_and_its_times_can_be_booked() {
    let site = site().await;
    let elsewhere = Elsewhere::start(&[event("x", "Available", (9, 12)), event("y", "Dentist", (10, 11))].concat());
    let mut ana = site.signed_in(ANA).await;
    assert!(ana.get("/host").await.body.contains("href=\"/calendars\""));
    let url = elsewhere.url();
    let added = ana.press("/calendars", "/calendars", &[("address", &url), ("use", "offers")]).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let page = ana.get("/calendars").await.body;
    assert!(page.contains("1 event offers time, 1 event takes time."), "{page}");
    assert!(!page.contains("s3cr3t"), "the address is never shown");
    let slots = site.get("/api/v1/teams/coaches/slots").await.body;
    let open = |hour: &str| slots.contains(&format!("\"start\":\"2026-11-27T{hour}:00:00Z\""));
    assert!(open("09") && !open("10") && open("11"), "{slots}");
    let again = ana.press("/calendars", "/calendars", &[("address", &url)]).await;
    assert!(again.status == 422 && again.body.contains("id=\"address-wrong\"") && again.body.contains("already"));
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(ana.press("/calendars", "/calendars/use/busy", &[("id", &id)]).await.status, 303);
    let slots = site.get("/api/v1/teams/coaches/slots").await.body;
    assert!(!slots.contains("2026-11-27T"), "{slots}");
    assert_eq!(ana.press("/calendars", "/calendars/remove", &[("id", &id)]).await.status, 303);
    assert!(ana.get("/calendars").await.body.contains("not added any"));
}

#[tokio::test]
async fn what_is_wrong_is_told_with_the_way_out() {
    let site = site().await;
    let elsewhere = Elsewhere::start("");
    let mut ana = site.signed_in(ANA).await;
    for (address, words) in [
        ("http://calendar.example.org/a.ics", "begin with https://"),
        ("https://ana:secret@calendar.example.org/a.ics", "user name or password"),
        ("https://calendar.example.org:8443/a.ics", "There is a port"),
        ("my calendar", "no web address"),
    ] {
        let reply = ana.press("/calendars", "/calendars", &[("address", address), ("use", "busy")]).await;
        assert!(reply.status == 422 && reply.body.contains(words), "{address}: {}", reply.body);
        assert!(reply.body.contains("aria-describedby=\"address-hint address-wrong\""), "{}", reply.body);
    }
    elsewhere.answers("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!(ana.press("/calendars", "/calendars", &[("address", &elsewhere.url())]).await.status, 303);
    let page = ana.get("/calendars").await.body;
    assert!(page.contains("no longer exists") && page.contains("Nothing has been read"), "{page}");
    assert!(ana.get("/host").await.body.contains("no longer exists"));
    let german = ana.get("/calendars?lang=de").await.body;
    assert!(german.contains("nicht mehr gibt") && german.contains("Nächster Versuch"), "{german}");
    elsewhere.calendar(&event("y", "Dentist", (10, 11)));
    site.desk.clock.set(NOW + 120);
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(ana.press("/calendars", "/calendars/check", &[("id", &id)]).await.status, 303);
    let page = ana.get("/calendars").await.body;
    assert!(page.contains("1 event takes time") && !page.contains("no longer exists"), "{page}");
    assert_eq!(ana.post("/calendars/remove", &[("id", &id)]).await.status, 422, "without the form's token");
}

#[tokio::test]
async fn after_a_day_its_host_is_mailed_once_and_not_when_it_is_well_again() {
    let site = site().await;
    let elsewhere = Elsewhere::start("");
    let mut ana = site.signed_in(ANA).await;
    elsewhere.answers("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    ana.press("/calendars", "/calendars", &[("address", &elsewhere.url())]).await;
    let id = site.count("SELECT id FROM sources").await;
    let mails = "SELECT COUNT(*) FROM mails WHERE recipient = 'ana@example.org' AND subject LIKE 'Your calendar at %'";
    for (hours, sent) in [(20, 0), (30, 1), (60, 1)] {
        site.desk.clock.set(NOW + hours * 3_600);
        openhour::sources::read_now(&site.desk, id).await.unwrap();
        site.work_off().await;
        assert_eq!(site.count(mails).await, sent, "after {hours} hours");
    }
    let (mail,): (Vec<u8>,) = site
        .desk
        .db
        .read()
        .await
        .unwrap()
        .one("SELECT bytes FROM mails WHERE subject LIKE 'Your calendar at %'", vec![])
        .await
        .unwrap();
    let text = openhour::mail::parts(&mail).plain.unwrap();
    assert!(text.contains("/calendars") && text.contains("Since Fri 20 Nov") && !text.contains("s3cr3t"), "{text}");
    // It fails again for a day, and is well before the mail goes out.
    elsewhere.calendar("");
    site.desk.clock.set(NOW + 70 * 3_600);
    openhour::sources::read_now(&site.desk, id).await.unwrap();
    assert!(ana.get("/calendars").await.body.contains("all is well again"));
    elsewhere.answers("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    for hours in [80, 110] {
        site.desk.clock.set(NOW + hours * 3_600);
        openhour::sources::read_now(&site.desk, id).await.unwrap();
    }
    elsewhere.calendar("");
    site.desk.clock.set(NOW + 120 * 3_600);
    openhour::sources::read_now(&site.desk, id).await.unwrap();
    site.work_off().await;
    assert_eq!(site.count(mails).await, 1);
    assert_eq!(
        site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'calendar-unreachable' AND outcome = 'obsolete'").await,
        1
    );
}

impl Site {
    async fn dav_as(&self, method: &str, path: &str, password: &str, more: &[(&str, &str)], body: &str) -> Reply {
        let credentials = format!("Basic {}", BASE64.encode(format!("{ANA}:{password}").as_bytes()));
        let mut headers = vec![("authorization", credentials.as_str())];
        headers.extend(more);
        self.send(method, path, &headers, body).await
    }
}

#[tokio::test]
async fn calendar_apps_neither_list_it_nor_write_to_it() {
    let site = site().await;
    let elsewhere = Elsewhere::start(&event("y", "Dentist", (10, 11)));
    let mut ana = site.signed_in(ANA).await;
    ana.press("/calendars", "/calendars", &[("address", &elsewhere.url())]).await;
    let made = ana.press("/host", "/app-passwords", &[("label", "Phone"), ("back", "/host")]).await.body;
    let password = made.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let home = site.dav_as("PROPFIND", "/dav/calendars/ana@example.org/", &password, &[("depth", "1")], "").await;
    assert!(home.status == 207 && home.body.contains("/offers/") && !home.body.contains("/address-"), "{}", home.body);
    let (collection, name): (String, String) = site
        .desk
        .db
        .read()
        .await
        .unwrap()
        .one(
            "SELECT c.name, o.name FROM objects o JOIN collections c ON c.id = o.collection WHERE c.kind = 'address'",
            vec![],
        )
        .await
        .unwrap();
    let place = format!("/dav/calendars/ana@example.org/{collection}");
    let object = format!("{place}/{name}");
    let read = site.dav_as("GET", &object, &password, &[], "").await;
    assert!(read.status == 200 && !read.body.contains("Dentist"), "{}", read.body);
    let text = read.body.replace("UID:y", "UID:z");
    let calendar = [("content-type", "text/calendar")];
    let away = format!("http://{}/dav/calendars/ana@example.org/offers/m.ics", site.address);
    let here = format!("http://{}{place}/m.ics", site.address);
    for (what, reply) in [
        ("PUT", site.dav_as("PUT", &format!("{place}/new.ics"), &password, &calendar, &text).await),
        ("PUT over", site.dav_as("PUT", &object, &password, &calendar, &read.body.replace("110000", "120000")).await),
        ("DELETE", site.dav_as("DELETE", &object, &password, &[], "").await),
        ("MOVE out", site.dav_as("MOVE", &object, &password, &[("destination", &away)], "").await),
        (
            "MOVE in",
            site.dav_as(
                "MOVE",
                "/dav/calendars/ana@example.org/offers/a.ics",
                &password,
                &[("destination", &here)],
                "",
            )
            .await,
        ),
        ("DELETE all", site.dav_as("DELETE", &format!("{place}/"), &password, &[], "").await),
    ] {
        assert!(
            reply.status == 403 && reply.body.contains("need-privileges"),
            "{what}: {} {}",
            reply.status,
            reply.body
        );
    }
    let patch =
        "<propertyupdate xmlns=\"DAV:\"><set><prop><displayname>Mine</displayname></prop></set></propertyupdate>";
    let patched =
        site.dav_as("PROPPATCH", &format!("{place}/"), &password, &[("content-type", "text/xml")], patch).await;
    assert!(!patched.body.contains("200 OK"), "{}", patched.body);
    assert_eq!(site.dav_as("GET", &object, &password, &[], "").await.body, read.body);
}

on_both_databases! {
    fn by_command_line_a_calendar_is_added_listed_checked_and_removed(fresh) {
        by_command_line(fresh);
    }
}

fn by_command_line(fresh: Fresh) {
    let elsewhere = Elsewhere::start(&event("x", "Available", (9, 12)));
    let installation = Installation::on(fresh).with("OPENHOUR_FETCH_PRIVATE_HOSTS", "127.0.0.1");
    installation.team("mentoring", 1);
    installation.host(ANA, "mentoring");
    let url = elsewhere.url();
    let added = installation.run(&["calendar", "add", ANA, &url]);
    assert!(added.contains("1 event offering time") && !added.contains("s3cr3t"), "{added}");
    let listed: serde_json::Value =
        serde_json::from_str(&installation.run(&["--json", "calendar", "list", ANA])).unwrap();
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    assert_eq!((listed[0]["host"].as_str(), listed[0]["problem"].is_null()), (Some("127.0.0.1"), true));
    assert!(installation.run(&["check"]).contains("everything is as it must be"));
    let refused = installation.try_run(&["calendar", "add", ANA, "http://example.org/x"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("https://"));
    assert!(installation.run(&["calendar", "check", ANA, &id]).contains("1 event offering time"));
    let by_pipe =
        installation.try_run_with(&["calendar", "add", ANA, "-", "--busy-only"], format!("{url}?b\n").as_bytes());
    assert!(String::from_utf8_lossy(&by_pipe.stdout).contains("busy times only"), "{by_pipe:?}");
    installation.run(&["calendar", "remove", ANA, &id]);
    assert!(!installation.run(&["calendar", "list", ANA]).contains(&id));
    assert_eq!(installation.try_run(&["calendar", "remove", ANA, &id]).status.code(), Some(1));
}

#[tokio::test]
async fn programs_add_read_change_and_remove_calendars_with_a_token() {
    let site = site().await;
    let elsewhere = Elsewhere::start(&event("x", "Available", (9, 12)));
    let ana = site.token(ANA).await;
    let bearer = format!("Bearer {ana}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = format!("{{\"url\": \"{}\", \"use\": \"busy\"}}", elsewhere.url());
    assert_eq!(site.send("POST", "/api/v1/calendars", &headers[1..], &body).await.status, 401);
    let added = site.send("POST", "/api/v1/calendars", &headers, &body).await;
    assert!(added.status == 201 && !added.body.contains("s3cr3t"), "{}", added.body);
    let id = added.json()["id"].as_str().unwrap().to_owned();
    assert_eq!((added.json()["use"].as_str(), added.json()["events"]["offering"].as_i64()), (Some("busy"), Some(0)));
    let again = site.send("POST", "/api/v1/calendars", &headers, &body).await;
    assert_eq!((again.status, again.json()["errors"][0]["field"].as_str()), (422, Some("url")));
    let changed = site.send("PATCH", &format!("/api/v1/calendars/{id}"), &headers, "{\"use\": \"offers\"}").await;
    assert_eq!((changed.status, changed.json()["events"]["offering"].as_i64()), (200, Some(1)), "{}", changed.body);
    assert!(site.get("/api/v1/teams/coaches/slots").await.body.contains("2026-11-27T09:00:00Z"));
    elsewhere.answers("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    site.desk.clock.set(NOW + 120);
    let checked = site.send("POST", &format!("/api/v1/calendars/{id}/check"), &headers, "").await;
    assert_eq!(checked.json()["problem"]["code"].as_str(), Some("gone"), "{}", checked.body);
    assert!(site.get("/api/v1/teams/coaches/slots").await.body.contains("2026-11-27T09:00:00Z"), "it still counts");
    let all = site.send("GET", "/api/v1/calendars", &headers, "").await.json();
    assert_eq!(all["calendars"].as_array().map(Vec::len), Some(1));
    let gone = site.send("DELETE", &format!("/api/v1/calendars/{id}"), &headers, "").await;
    assert_eq!(gone.status, 204);
    assert_eq!(site.send("DELETE", &format!("/api/v1/calendars/{id}"), &headers, "").await.status, 404);
}
