//! One's own data: a copy to take along, erasure, and what the clock takes away.

use std::collections::BTreeMap;

use openhour::desk::conduct::{self, Measure};
use openhour::desk::retention;
use openhour::people;

use crate::db::fresh::Fresh;
use crate::installation::Installation;
use crate::sample::{HOUR, OFFER};
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";
const DAY: i64 = 86_400;

/// What mail, an invitation and a calendar by address leave behind.
const LEFT: &[&str] = &[
    "INSERT INTO received (key, verdict, at, address, sender, brings, outcome, reason) VALUES
         ('k', 'authenticated', 1795176000, 'robot', 'Ana@example.org', 'reply', 'ignored', 'nothing that the robot asked for'),
         ('l', 'authenticated', 1795176000, 'robot', 'mia@example.org', 'reply', 'ignored', 'of somebody else')",
    "INSERT INTO slot_invites (uid, email, type, starts, generation, sequence, timezone, language, status, changed, created)
         SELECT 'u', 'ana@example.org', id, 1795712400, 0, 0, 'Etc/UTC', 'en', 'sent', 1, 1 FROM session_types LIMIT 1",
    "INSERT INTO collections (id, owner, name, kind, version, created)
         SELECT 77, id, 'elsewhere', 'address', 1, 1 FROM people WHERE email = 'ana@example.org'",
    "INSERT INTO sources (id, person, collection, address, fingerprint, host, offers, due, created)
         SELECT 7, id, 77, X'00', 'secret-fingerprint', 'calendar.example', TRUE, 9999999999, 1 FROM people
         WHERE email = 'ana@example.org'",
];

struct Left(&'static [&'static str]);

impl openhour::db::Command for Left {
    type Output = ();
    type Refusal = openhour::db::DbError;

    async fn run(&self, tx: &mut openhour::db::Tx) -> Result<(), openhour::db::DbError> {
        for statement in self.0 {
            tx.execute(*statement, vec![]).await?;
        }
        Ok(())
    }
}

/// The files of a ZIP archive that compresses nothing, by name.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, size: usize| {
        bytes[at..at + size].iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (mut at, mut files) = (0, BTreeMap::new());
    while number(at, 4) == 0x0403_4b50 {
        let (size, name) = (number(at + 22, 4), number(at + 26, 2));
        let begin = at + 30 + name;
        let text = String::from_utf8(bytes[at + 30..begin].to_vec()).unwrap();
        files.insert(text, bytes[begin..begin + size].to_vec());
        at = begin + size;
    }
    assert_eq!(number(at, 4), 0x0201_4b50, "the directory follows");
    files
}

#[tokio::test]
async fn a_copy_holds_everything_about_oneself_and_of_others_the_name_alone() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    site.work_off().await;
    let mut ana = site.signed_in(ANA).await;
    let page = ana.get("/your-data").await.body;
    assert!(page.contains("365\u{a0}days") && page.contains("7\u{a0}days") && page.contains("30\u{a0}days"), "{page}");
    assert_eq!(ana.post("/your-data/copy", &[]).await.status, 422, "without the form's token");
    let copy = ana.press("/your-data", "/your-data/copy", &[]).await;
    assert_eq!((copy.status, copy.header("content-type")), (200, "application/zip"));
    assert_eq!(copy.header("cache-control"), "no-store");
    assert!(copy.header("content-disposition").contains("openhour-data.zip"));
    let log = "SELECT COUNT(*) FROM audit_log WHERE action = 'data copied' AND actor = object";
    assert_eq!(site.count(log).await, 1);

    site.desk.db.run(Left(LEFT)).await.unwrap();
    let mut conn = site.desk.db.read().await.unwrap();
    let person = people::by_email(&mut conn, ANA).await.unwrap().unwrap();
    drop(conn);
    let files = unzipped(&openhour::own_data::copy(&site.desk, &person, None).await.unwrap());
    let data: serde_json::Value = serde_json::from_slice(&files["data.json"]).unwrap();
    assert_eq!(data["account"]["email"], ANA);
    assert_eq!(data["memberships"][0]["team"], "Coaches, Graz");
    assert_eq!(data["sessions"]["hosted"][0]["start"], "2026-11-26T17:00:00Z");
    assert_eq!(data["sessions"]["hosted"][0]["guests"][0]["name"], "Mia Kühn");
    let mails = data["mail_to_you"].as_array().unwrap();
    assert!(mails.iter().any(|mail| mail["subject"].as_str().unwrap().starts_with("Booked: A talk")), "{data}");
    let said: String = mails.iter().map(|mail| mail["text"].as_str().unwrap()).collect();
    assert!(said.contains("Mia Kühn") && said.contains("/sign-in/\u{2026}") && said.contains("/b/\u{2026}"), "{said}");
    assert_eq!(data["mail_from_you"][0]["reason"], "nothing that the robot asked for");
    assert_eq!(data["calendars_by_address"][0]["server"], "calendar.example");
    assert_eq!(data["invitations"][0]["status"], "sent");
    let token = site.token(ANA).await;
    let api = site.send("GET", "/api/v1/me/data", &crate::api_tokens::bearer(&token), "").await.json();
    assert_eq!((&api["sessions"], &api["memberships"]), (&data["sessions"], &data["memberships"]));
    let text = data.to_string() + &api.to_string();
    assert!(!text.contains(MIA) && !text.contains("digest") && !text.contains("fingerprint"), "{text}");
    let offer = files.iter().find(|(name, _)| name.starts_with("calendars/offers/")).unwrap();
    assert!(offer.1.starts_with(b"BEGIN:VCALENDAR\r\n"), "{}", offer.0);
}

#[tokio::test]
async fn an_administrator_takes_a_copy_for_somebody_and_that_is_logged() {
    let site = Site::with_team().await;
    let admin = openhour::desk::people::SavePerson {
        email: "root@example.org".into(),
        profile: people::Profile { admin: Some(true), ..people::Profile::default() },
        memberships: vec![],
        now: NOW,
    };
    site.desk.db.run(admin).await.unwrap();
    let ana = site.count("SELECT id FROM people WHERE email = 'ana@example.org'").await;
    let mut root = site.signed_in("root@example.org").await;
    let page = format!("/admin/people/{ana}");
    let copy = root.press(&page, &format!("{page}/copy"), &[]).await;
    assert_eq!((copy.status, copy.header("content-type")), (200, "application/zip"));
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'data copied' AND actor <> object").await, 1);
}

#[tokio::test]
async fn who_erases_themself_is_gone_and_the_other_keeps_the_time_only() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    site.book(MIA, OFFER + HOUR).await;
    site.work_off().await;
    let mut mia = site.signed_in(MIA).await;
    let other = mia.press("/your-data", "/your-data/erase", &[("address", "mia@example.com")]).await;
    assert_eq!(other.status, 422);
    assert!(other.body.contains("value=\"mia@example.com\"") && other.body.contains("address-wrong"), "{}", other.body);
    // The first session is over by now; the second is ahead.
    site.desk.clock.set(OFFER + HOUR - 60);
    let mut mia = site.signed_in(MIA).await;
    let gone = mia.press("/your-data", "/your-data/erase", &[("address", " Mia@Example.org ")]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert!(gone.body.contains("You are erased") && mia.session().is_none());
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'mia@example.org'").await, 0);
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE status = 'cancelled'").await, 1);
    site.work_off().await;
    let told = "SELECT COUNT(*) FROM mails WHERE recipient = 'ana@example.org' AND subject LIKE 'Cancel%'";
    assert_eq!(site.count(told).await, 1, "the host is told");

    site.desk.clock.set(OFFER + 5 * DAY);
    conduct::forget_farewells(&site.desk).await.unwrap();
    let left = "SELECT COUNT(*) FROM bookings WHERE name <> 'Somebody' OR agenda <> '' OR timezone <> 'Etc/UTC'";
    assert_eq!(site.count(left).await, 0);
    let left = "SELECT COUNT(*) FROM people WHERE name LIKE 'Mia%' OR farewell IS NOT NULL OR email LIKE 'mia%'";
    assert_eq!(site.count(left).await, 0);
    let time = "SELECT COUNT(*) FROM sessions WHERE status = 'open' AND starts = 1795712400";
    assert_eq!(site.count(time).await, 1, "the host keeps the time");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = Site::with_team().await;
    let admin = openhour::desk::people::SavePerson {
        email: ANA.into(),
        profile: people::Profile { admin: Some(true), ..people::Profile::default() },
        memberships: vec![],
        now: NOW,
    };
    site.desk.db.run(admin).await.unwrap();
    let mut ana = site.signed_in(ANA).await;
    let reply = ana.press("/your-data", "/your-data/erase", &[("address", ANA)]).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("last administrator"), "{}", reply.body);
    assert_eq!(ana.get("/your-data").await.status, 200);
}

#[tokio::test]
async fn a_ban_outlives_the_removal_as_a_hash_alone() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mia = site.count("SELECT id FROM people WHERE email = 'mia@example.org'").await;
    for measure in [Measure::Ban, Measure::Remove] {
        conduct::take(&site.desk, measure, mia, None, "").await.unwrap();
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email LIKE 'mia%'").await, 0);
    assert_eq!(site.count("SELECT COUNT(*) FROM banned_addresses WHERE LENGTH(hash) = 52").await, 1);
    for address in [MIA, "Mia+again@example.org"] {
        let body = serde_json::json!({"type": "talk", "start": "2026-11-26T17:00:00Z",
            "guest": {"name": "Mia", "email": address, "timezone": "Etc/UTC"}});
        let headers = [("content-type", "application/json")];
        let reply = site.send("POST", "/api/v1/teams/coaches/bookings", &headers, &body.to_string()).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (403, Some("not-allowed")), "{address}");
    }
}

#[tokio::test]
async fn after_a_year_sessions_their_copies_and_their_guests_are_forgotten() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    site.work_off().await;
    site.desk.clock.set(OFFER + HOUR + 365 * DAY);
    assert_eq!(retention::forget_old(&site.desk).await.unwrap(), (0, 0), "exactly a year is not more");
    site.desk.clock.set(OFFER + HOUR + 365 * DAY + 1);
    assert_eq!(retention::forget_old(&site.desk).await.unwrap(), (1, 1));
    for table in ["bookings", "booking_log", "sessions", "holds", "attendance", "proposals"] {
        let sql: &'static str = format!("SELECT COUNT(*) FROM {table}").leak();
        assert_eq!(site.count(sql).await, 0, "{table}");
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'mia@example.org'").await, 0, "nothing is left");
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'ana@example.org'").await, 1, "hosts stay");
    let copies = "SELECT COUNT(*) FROM objects o JOIN collections c ON c.id = o.collection WHERE c.kind = 'sessions'";
    assert_eq!(site.count(copies).await, 0);
    assert!(site.count("SELECT COUNT(*) FROM objects").await > 0, "calendars of their own stay");
}

#[tokio::test]
async fn for_ever_is_a_setting() {
    let site = Site::start_with(|config| config.keep_bookings = 0).await;
    site.desk.db.run(crate::sample::Sample::default()).await.unwrap();
    site.book(MIA, OFFER).await;
    site.desk.clock.set(OFFER + 3_000 * DAY);
    assert_eq!(retention::forget_old(&site.desk).await.unwrap(), (0, 0));
}

on_both_databases! {
    fn the_command_line_writes_a_copy_and_never_over_a_file(fresh) {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 1);
        let ana = installation.host(ANA, "mentoring");
        let server = installation.serve();
        server.put_offer(&ana, "hours", &crate::installation::available("hours", crate::installation::midnight_in(7), 2));
        let file = installation.folder().join("copy.zip");
        let args = ["export", ANA, "--to", file.to_str().unwrap()];
        installation.run(&args);
        let files = unzipped(&std::fs::read(&file).unwrap());
        assert!(files.contains_key("data.json") && files.keys().any(|name| name.ends_with("-hours.ics")), "{:?}", files.keys());
        assert_eq!(installation.try_run(&args).status.code(), Some(1), "the file is there already");
        assert_eq!(installation.try_run(&["export", "nobody@example.org"]).status.code(), Some(1));
        installation.run(&["check"]);
    }
}

#[test]
fn erased_words_are_not_in_the_database_file_any_more() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    installation.host(ANA, "mentoring");
    let file = installation.database().url().trim_start_matches("sqlite:").to_owned();
    let holds = |what: &str| {
        [file.clone(), format!("{file}-wal")].iter().any(|file| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(what.len()).any(|window| window == what.as_bytes())
        })
    };
    installation.run(&[
        "person",
        "add",
        "zaphod.unusual@example.org",
        "--name",
        "Zaphod Unusual",
        "--host",
        "mentoring",
    ]);
    let host = installation.with_password("zaphod.unusual@example.org");
    let server = installation.serve();
    let hours = crate::installation::event("u", "Secret choir", crate::installation::midnight_in(7), 2);
    server.put_offer(&host, "choir", &hours);
    assert!(holds("Secret choir"));
    installation.run(&["person", "remove", "zaphod.unusual@example.org"]);
    assert!(!holds("Secret choir"), "secure_delete and an empty write-ahead log");
}
