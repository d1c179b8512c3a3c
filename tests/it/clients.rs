//! Real clients, written by others, against the real server.

use openhour::db::{Command, DbError, Tx};

use crate::crash::with_database;
use crate::db::fresh::Fresh;
use crate::installation::{Host, Installation, Server, available, midnight_in, token};
use crate::python::{SmtpSink, axe, script};

/// A team with one host, and its server.
fn mentoring(installation: &Installation) -> (Host, Server) {
    installation.team("mentoring", 1);
    let host = installation.host("ana@example.org", "mentoring");
    (host, installation.serve())
}

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

on_both_databases! {
    fn the_python_caldav_library_draws_available_and_synchronises(fresh) {
        let installation = Installation::on(fresh);
        let (host, server) = mentoring(&installation);
        print!("{}", script("caldav_library.py", &[&url(&server), &host.email, &host.password, "mentoring"]));
    }
}

on_both_databases! {
    fn a_guest_books_in_a_calendar_program_by_accepting_or_moving_open_slots(fresh) {
        let installation = Installation::on(fresh);
        let (host, server) = mentoring(&installation);
        let guest = ["person", "add", "tariq@example.com", "--name", "Tariq", "--timezone", "Etc/UTC"];
        installation.run(&[&guest[..], &["--guest", "mentoring"]].concat());
        let guest = installation.with_password("tariq@example.com");
        server.put_offer(&host, "hours", &available("hours", midnight_in(7), 6));
        print!("{}", script("open_slots.py", &[&url(&server), &guest.email, &guest.password, "mentoring"]));
        installation.run(&["check"]);
    }
}

#[test]
fn vdirsyncer_keeps_a_folder_and_the_account_alike() {
    let installation = Installation::on(Fresh::sqlite());
    let (host, server) = mentoring(&installation);
    let folder = installation.folder().display().to_string();
    print!("{}", script("vdirsyncer_both_ways.py", &[&url(&server), &host.email, &host.password, &folder]));
}

#[test]
fn an_independent_parser_reads_the_feed_and_both_invites() {
    let folder = tempfile::tempdir().unwrap();
    let sink = SmtpSink::start(folder.path());
    let installation = Installation::on(Fresh::sqlite()).with("OPENHOUR_SMTP_URL", &sink.url());
    let (host, server) = mentoring(&installation);
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    script("open_feed.py", &[&url(&server), "mentoring", "3"]);

    let (start, _) = server.slots("mentoring").remove(1);
    let booked = server.book("mentoring", &start, "tariq@example.com").unwrap();
    assert_eq!(booked.status, 201, "{}", booked.text());
    script("open_feed.py", &[&url(&server), "mentoring", "2"]);
    let (mails, again) = (sink.wait_for(2), sink.mails());
    assert_eq!(mails.len(), again.len());
    for (person, other) in [("tariq@example.com", "ana@example.org"), ("ana@example.org", "tariq@example.com")] {
        let mail = mails.iter().find(|mail| mail["to"][0] == person).unwrap_or_else(|| panic!("{person}: {mails:?}"));
        let invite = &mail["invite"];
        assert_eq!(invite["method"], "REQUEST", "{mail}");
        assert_eq!(invite["status"], "CONFIRMED", "{mail}");
        assert_eq!(invite["alarms"], 0, "{mail}");
        assert_eq!(mail["envelope_to"][0], person, "{mail}");
        assert!(invite["attendees"].as_array().unwrap().iter().any(|attendee| attendee == person), "{mail}");
        assert_ne!(invite["organizer"], person, "{mail}");
        assert_ne!(invite["organizer"], other, "{mail}");
        assert!(invite["location"].as_str().unwrap().starts_with("https://"), "{mail}");
        assert_eq!(invite["description"].as_str().unwrap().lines().next(), invite["location"].as_str(), "{mail}");
        assert_eq!(invite["start"].as_str().unwrap().get(..16), start.get(..16), "{mail}");
    }

    let cancel = format!("/api/v1/bookings/{}/cancel", token(&booked.json()));
    let cancelled = server.http.post_json(&cancel, &serde_json::json!({ "reason": "Flu" })).unwrap();
    assert_eq!(cancelled.status, 200, "{}", cancelled.text());
    let mails = sink.wait_for(4);
    for mail in &mails[2..] {
        let invite = &mail["invite"];
        let before = mails[..2].iter().find(|earlier| earlier["to"] == mail["to"]).unwrap();
        assert_eq!((invite["method"].as_str(), invite["status"].as_str()), (Some("CANCEL"), Some("CANCELLED")));
        assert_eq!(invite["uid"], before["invite"]["uid"]);
        assert_eq!(invite["organizer"], before["invite"]["organizer"]);
        assert!(invite["sequence"].as_u64() > before["invite"]["sequence"].as_u64(), "{mail}");
    }
    script("open_feed.py", &[&url(&server), "mentoring", "3"]);
}

#[test]
fn chromium_books_reads_and_cancels() {
    pages("on");
}

#[test]
fn chromium_books_reads_and_cancels_without_javascript() {
    pages("off");
}

#[test]
fn everybody_can_use_the_booking_pages() {
    let installation = Installation::on(Fresh::sqlite());
    let (host, server) = mentoring(&installation);
    let kind = ["session-type", "add", "mentoring", "group", "--name", "Group", "--minutes", "30", "--capacity", "8"];
    installation.run(&kind);
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    print!("{}", script("everybody.py", &[&url(&server), "mentoring", &axe(), &pictures("pages-for-everybody")]));
}

#[test]
fn everybody_can_arrange_their_time() {
    let installation = Installation::on(Fresh::sqlite());
    let (server, link) = signed_in_host(&installation);
    print!("{}", script("host_pages.py", &[&url(&server), &link, &axe(), &pictures("host-pages")]));
}

#[test]
fn everybody_can_look_after_their_account() {
    let installation = Installation::on(Fresh::sqlite());
    let (server, link) = signed_in_host(&installation);
    print!("{}", script("account_pages.py", &[&url(&server), &link, &axe(), &pictures("account-pages")]));
}

/// A host with hours, a slip in one of them and a guest, and the link to sign in with.
fn signed_in_host(installation: &Installation) -> (Server, String) {
    let (host, server) = mentoring(installation);
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    let slip = available("slip", midnight_in(9), 1);
    server.put_offer(&host, "slip", &slip.replace("SUMMARY:", "DESCRIPTION:notcie 48h\r\nSUMMARY:"));
    let start = server.slots("mentoring").into_iter().map(|(start, _)| start).next().unwrap();
    assert_eq!(server.book("mentoring", &start, "tariq@example.com").unwrap().status, 201);
    let link = installation.run(&["sign-in-link", &host.email]);
    let link = format!("{}/sign-in/{}", url(&server), link.trim().rsplit_once('/').unwrap().1);
    (server, link)
}

#[test]
fn everybody_can_say_yes_to_what_came_by_mail() {
    let installation = Installation::on(Fresh::sqlite())
        .with("OPENHOUR_MAIL_FROM", "hello@book.example.org")
        .with("OPENHOUR_MAIL_TRUSTED_AUTHSERV", "mx.book.example.org")
        .with("OPENHOUR_DNS_SERVER", "127.0.0.1:9");
    let (_, server) = mentoring(&installation);
    for team in ["mentoring", "cooks"] {
        installation.run(&["team", "add", team, "--name", team, "--hosts-join"]);
    }
    let proof = "Authentication-Results: mx.book.example.org; dkim=pass header.d=example.com\r\n";
    let paths = [("ana@example.org", ""), ("nadia@example.com", proof)].map(|(from, proof)| {
        let event = available(from, midnight_in(7), 3).replace(
            "SUMMARY:",
            &format!("ORGANIZER:mailto:{from}\r\nATTENDEE:mailto:available@book.example.org\r\nSUMMARY:"),
        );
        let message = format!(
            "{proof}From: {from}\r\nTo: available@book.example.org\r\nMessage-ID: <1{from}>\r\n\
             Content-Type: text/calendar; method=REQUEST\r\n\r\n{event}"
        );
        assert!(installation.try_run_with(&["deliver"], message.as_bytes()).status.success());
        asked_path(&installation, from)
    });
    let [own, joining] = &paths;
    print!("{}", script("asked_pages.py", &[&url(&server), own, joining, &axe(), &pictures("asked-pages")]));
}

/// The path in the mail that asks this address, once the worker has written it.
fn asked_path(installation: &Installation, address: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for _ in 0..600 {
        let found: Option<(Vec<u8>,)> = runtime.block_on(async {
            let db = openhour::db::Db::open(&installation.database().target).await.unwrap();
            let sql = "SELECT bytes FROM mails WHERE recipient = $1 ORDER BY job DESC LIMIT 1";
            let found = db.read().await.unwrap().optional(sql, vec![address.into()]).await.unwrap();
            db.close().await;
            found
        });
        if let Some((bytes,)) = found {
            let text = openhour::mail::parts(&bytes).plain.unwrap();
            let token = text.split("/asked/").nth(1).unwrap().split_whitespace().next().unwrap();
            return format!("/asked/{token}");
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("nobody asked {address}");
}

#[test]
fn everybody_can_use_the_pages_of_administrators() {
    as_administrator("administration.py", "administration");
}

#[test]
fn everybody_can_use_the_settings_of_a_team() {
    as_administrator("team_pages.py", "team-pages");
}

/// A team with a booking, looked at by an administrator.
fn as_administrator(name: &str, folder: &str) {
    let installation = Installation::on(Fresh::sqlite());
    let (host, server) = mentoring(&installation);
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    let start = server.slots("mentoring").into_iter().map(|(start, _)| start).next().unwrap();
    assert_eq!(server.book("mentoring", &start, "tariq@example.com").unwrap().status, 201);
    installation.run(&["person", "add", "root@example.org", "--name", "Root", "--admin"]);
    let link = installation.run(&["sign-in-link", "root@example.org"]);
    let link = format!("{}/sign-in/{}", url(&server), link.trim().rsplit_once('/').unwrap().1);
    print!("{}", script(name, &[&url(&server), "mentoring", &link, &axe(), &pictures(folder)]));
}

#[test]
fn everybody_can_use_the_pages_of_leads() {
    let installation = Installation::on(Fresh::sqlite());
    let (host, server) = mentoring(&installation);
    let bo = installation.host("bo@example.org", "mentoring");
    installation.run(&[
        "person",
        "add",
        "lea@example.org",
        "--name",
        "Lea",
        "--timezone",
        "Etc/UTC",
        "--lead",
        "mentoring",
    ]);
    for host in [&host, &bo] {
        server.put_offer(host, "hours", &available("hours", midnight_in(7), 3));
    }
    let kind = ["UPDATE session_types SET approval = TRUE", "UPDATE teams SET version = version + 1"];
    installation.behind_the_curtain(&kind);
    let start = server.slots("mentoring").into_iter().map(|(start, _)| start).next().unwrap();
    let booked = server.book("mentoring", &start, "tariq@example.com").unwrap();
    assert_eq!(booked.json()["status"], "pending", "{}", booked.text());
    let asked = booked.json()["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let api = server.http.get(&format!("/api/v1/bookings/{asked}")).unwrap().json();
    let owner = if api["host"]["name"] == "bo@example.org" { "bo@example.org" } else { host.email.as_str() };
    let link = |email: &str| {
        let link = installation.run(&["sign-in-link", email]);
        format!("{}/sign-in/{}", url(&server), link.trim().rsplit_once('/').unwrap().1)
    };
    // Asked since: the one who booked before was not.
    let questions = r#"[{"label": "What would you like to learn?", "kind": "long", "required": true}]"#;
    let kind = ["session-type", "add", "mentoring", "talk", "--name", "Talk", "--minutes", "60"];
    installation.run(&[&kind[..], &["--phone", "required", "--questions", questions]].concat());
    let (lead, host) = (link("lea@example.org"), link(owner));
    let guest = format!("{}/b/{asked}", url(&server));
    print!("{}", script("lead_pages.py", &[&url(&server), &lead, &host, &guest, &axe(), &pictures("lead-pages")]));
}

#[test]
fn everybody_can_use_schedules_and_sees_them_change() {
    let installation = Installation::on(Fresh::sqlite());
    let server = installation.serve();
    print!("{}", script("schedules.py", &[&url(&server), &axe(), &pictures("schedules")]));
}

/// Reminders of the demo's sessions come so many seconds before.
struct RemindBefore(i64);

impl Command for RemindBefore {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute("UPDATE session_types SET reminders = $1", openhour::args![format!("[{}]", self.0)]).await.map(drop)
    }
}

#[test]
fn everybody_can_read_the_mails() {
    let installation = Installation::on(Fresh::sqlite());
    let server = installation.serve_demo();
    let (start, _) = server.slots("mentoring").remove(0);
    let ahead = start.parse::<jiff::Timestamp>().unwrap().as_second() - openhour::clock::Clock::system().now();
    with_database(&installation, async |db| db.run(RemindBefore(ahead - 5)).await.unwrap());
    let body = serde_json::json!({
        "type": "one-to-one", "start": start,
        "guest": { "name": "Tariq Example", "email": "tariq@example.com", "timezone": "Asia/Kolkata" },
    });
    assert_eq!(server.http.post_json("/api/v1/teams/mentoring/bookings", &body).unwrap().status, 201);
    print!("{}", script("mail_letters.py", &[&url(&server), &axe(), &pictures("mail-letters")]));
}

/// A folder for screenshots.
fn pictures(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder.display().to_string()
}

fn pages(javascript: &str) {
    let installation = Installation::on(Fresh::sqlite());
    let (host, server) = mentoring(&installation);
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    let screenshots = pictures(&format!("pages-javascript-{javascript}"));
    print!("{}", script("pages.py", &[&url(&server), "mentoring", javascript, &screenshots]));
    assert_eq!(server.slots("mentoring").len(), 3, "cancelled, so everything is open again");
}
