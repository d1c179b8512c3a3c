//! Google Meet, from the booking to the invite in two inboxes, with a Google that has quotas, forgets and fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use openhour::db::{Db, Row};
use openhour::mail::parts;
use serde_json::{Value, json};

use crate::db::fresh::Fresh;
use crate::google_standin::{GoogleStandin, Mood, TokenMood};
use crate::installation::{Host, Installation, Server, available, midnight_in};

/// How long anything may take here, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(40);
const MEET: &str = "https://meet.google.com/";
const FALLBACK: &str = "https://meet.example.org/openhour-";

/// An invite that was captured.
#[derive(Debug, Clone)]
struct Invite {
    to: String,
    uid: String,
    sequence: i64,
    link: String,
    letter: String,
}

/// A server whose links come from the stand-in, with a host who has offered times.
struct Scene {
    google: GoogleStandin,
    installation: Installation,
    server: Server,
    host: Host,
    starts: Vec<String>,
}

impl Scene {
    /// `file`: the account's file, from what the stand-in makes.
    fn new(fresh: Fresh, patience: &str, file: impl Fn(&GoogleStandin) -> Value) -> Self {
        let google = GoogleStandin::start();
        let installation = installation(fresh, &file(&google)).with("OPENHOUR_MEETING_LINK_PATIENCE", patience);
        installation.team("mentoring", 1);
        let host = installation.host("ana@example.org", "mentoring");
        let server = installation.serve();
        server.put_offer(&host, "hours", &available("hours", midnight_in(3), 24));
        let starts = server.slots("mentoring").into_iter().map(|(start, _)| start).collect();
        Self { google, installation, server, host, starts }
    }

    fn book(&self, number: usize) {
        let booked = self.server.book("mentoring", &self.starts[number], &guest(number)).unwrap();
        assert_eq!(booked.status, 201, "{}", booked.text());
    }

    fn rows<T: Row>(&self, sql: &'static str) -> Vec<T> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let db = Db::open(&self.installation.database().target).await.unwrap();
            let rows = db.read().await.unwrap().all(sql, vec![]).await.unwrap();
            db.close().await;
            rows
        })
    }

    fn invites(&self) -> Vec<Invite> {
        let mails: Vec<(String, Vec<u8>)> = self.rows("SELECT recipient, bytes FROM mails ORDER BY job");
        mails.into_iter().map(|(to, bytes)| invite(to, &bytes)).collect()
    }

    /// The invites, once there are so many.
    fn invites_when(&self, count: usize) -> Vec<Invite> {
        let begun = Instant::now();
        loop {
            let invites = self.invites();
            if invites.len() >= count {
                assert_eq!(invites.len(), count, "{invites:#?}");
                return invites;
            }
            assert!(begun.elapsed() < PATIENCE, "{invites:#?}\n{}", self.server.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn links(&self) -> Vec<(String, Option<String>)> {
        self.rows("SELECT COALESCE(link, ''), space FROM sessions ORDER BY starts")
    }

    /// Outcome and error of the jobs of this kind.
    fn ended(&self, kind: &str) -> Vec<(String, String)> {
        let rows: Vec<(String, String, String)> =
            self.rows("SELECT kind, COALESCE(outcome, ''), COALESCE(error, '') FROM jobs ORDER BY id");
        rows.into_iter().filter(|row| row.0 == kind).map(|row| (row.1, row.2)).collect()
    }

    /// The one event in the "Sessions" calendar of the host.
    fn host_copy(&self) -> String {
        let names: Vec<(String,)> = self.rows(
            "SELECT o.name FROM objects o JOIN collections c ON c.id = o.collection JOIN people p ON p.id = c.owner \
             WHERE c.name = 'sessions' AND p.email = 'ana@example.org'",
        );
        assert_eq!(names.len(), 1);
        let path = format!("/dav/calendars/ana@example.org/sessions/{}", names[0].0);
        let answer = self.server.dav(&self.host).get(&path).unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer.text().replace("\r\n ", "")
    }
}

fn guest(number: usize) -> String {
    format!("guest{number}@example.com")
}

fn installation(fresh: Fresh, file: &Value) -> Installation {
    let installation = Installation::on(fresh);
    let path = installation.folder().join("google.json");
    std::fs::write(&path, file.to_string()).unwrap();
    installation.with("OPENHOUR_MEETING_LINKS", &setting(&path))
}

fn setting(path: &Path) -> String {
    format!("google:{}", path.display())
}

fn invite(to: String, bytes: &[u8]) -> Invite {
    let found = parts(bytes);
    let calendar = found.calendar.unwrap().replace("\r\n ", "");
    let line = |name: &str| {
        let value = calendar.lines().find_map(|line| line.strip_prefix(name));
        value.unwrap_or_default().to_owned()
    };
    assert_eq!(line("METHOD:"), "REQUEST");
    Invite {
        to,
        uid: line("UID:"),
        sequence: line("SEQUENCE:").parse().unwrap(),
        link: line("LOCATION:"),
        letter: found.plain.unwrap(),
    }
}

on_both_databases! {
    fn both_invites_bring_the_link_of_one_space(fresh) {
        let scene = Scene::new(fresh, "10m", |google| {
            let mut file = google.service_account();
            file["access_type"] = json!("TRUSTED");
            file
        });
        scene.book(0);
        let invites = scene.invites_when(2);
        let spaces = scene.google.state().spaces.clone();
        assert_eq!(spaces, [(spaces[0].0.clone(), "TRUSTED".to_owned())], "one space, open to whom the file says");
        for invite in &invites {
            assert_eq!((invite.sequence, &invite.link), (0, &spaces[0].0), "{invite:?}");
            assert!(invite.letter.contains(&spaces[0].0));
        }
        assert_eq!(scene.links(), [(spaces[0].0.clone(), Some("spaces/Standin_0".to_owned()))]);
        assert!(scene.host_copy().contains(&spaces[0].0));
        scene.installation.run(&["check"]);
    }

    fn when_google_fails_too_long_a_stopgap_goes_out_and_is_updated_later(fresh) {
        let scene = Scene::new(fresh, "1s", GoogleStandin::service_account);
        scene.google.state().mood = Mood::Unavailable;
        scene.book(0);
        let first = scene.invites_when(2);
        assert!(first.iter().all(|invite| invite.sequence == 0 && invite.link.starts_with(FALLBACK)), "{first:#?}");
        assert!(scene.host_copy().contains(FALLBACK));
        scene.google.state().mood = Mood::Well;
        let all = scene.invites_when(4);
        for (before, after) in first.iter().map(|before| (before, updated(&all, before))) {
            assert_eq!((after.sequence, &after.uid), (1, &before.uid));
            assert!(after.link.starts_with(MEET) && after.letter.contains(&after.link), "{after:?}");
            assert!(!after.letter.contains(FALLBACK));
        }
        assert_eq!(scene.google.state().spaces.len(), 1);
        let copy = scene.host_copy();
        assert!(copy.contains(MEET) && copy.contains("SEQUENCE:1") && !copy.contains(FALLBACK), "{copy}");
        assert_eq!(scene.ended("meeting-link-later"), [("done".to_owned(), String::new())]);
        scene.installation.run(&["check"]);
    }
}

fn updated<'a>(all: &'a [Invite], before: &Invite) -> &'a Invite {
    all.iter().find(|invite| invite.to == before.to && invite.sequence > before.sequence).unwrap()
}

#[test]
fn a_token_serves_many_spaces_until_google_takes_it_back() {
    let scene = Scene::new(Fresh::sqlite(), "10m", GoogleStandin::authorized_user);
    for number in 0..3 {
        scene.book(number);
    }
    scene.invites_when(6);
    assert_eq!(scene.google.state().granted, 1, "one token for all, asked for once");
    scene.google.revoke_tokens();
    scene.book(3);
    let invites = scene.invites_when(8);
    assert!(invites.iter().all(|invite| invite.link.starts_with(MEET)), "{invites:#?}");
    let state = scene.google.state();
    assert_eq!((state.granted, state.spaces.len(), state.asked), (2, 4, 5), "one more token, one more try");
}

#[test]
fn a_token_is_renewed_before_it_runs_out() {
    let scene = Scene::new(Fresh::sqlite(), "10m", GoogleStandin::authorized_user);
    scene.google.state().lifetime = 2;
    scene.book(0);
    scene.invites_when(2);
    // Half of its life is over: still good for Google, no longer good enough here.
    std::thread::sleep(Duration::from_millis(1100));
    scene.book(1);
    scene.invites_when(4);
    let state = scene.google.state();
    assert_eq!((state.granted, state.asked), (2, 2), "no request was made with a token about to run out");
}

#[test]
fn a_burst_beyond_the_quota_queues_here_and_nobody_waits_too_long() {
    let scene = Scene::new(Fresh::sqlite(), "1s", |google| {
        let mut file = google.service_account();
        file["per_minute"] = json!(3);
        file
    });
    scene.google.state().quota = 3;
    for number in 0..5 {
        scene.book(number);
    }
    let invites = scene.invites_when(10);
    let with_meet = invites.iter().filter(|invite| invite.link.starts_with(MEET)).count();
    assert_eq!(with_meet, 6, "three of five have their space: {invites:#?}");
    assert_eq!(invites.iter().filter(|invite| invite.link.starts_with(FALLBACK)).count(), 4);
    let state = scene.google.state();
    assert_eq!((state.asked, state.beyond), (3, 0), "Google never had to say no");
}

#[test]
fn when_google_says_too_many_the_rest_wait_as_long_as_it_says() {
    let scene = Scene::new(Fresh::sqlite(), "10m", GoogleStandin::service_account);
    {
        let mut state = scene.google.state();
        state.quota = 1;
        state.window = Duration::from_secs(2);
    }
    for number in 0..3 {
        scene.book(number);
    }
    let invites = scene.invites_when(6);
    assert!(invites.iter().all(|invite| invite.sequence == 0 && invite.link.starts_with(MEET)), "{invites:#?}");
    let state = scene.google.state();
    assert_eq!(state.spaces.len(), 3);
    assert!((1..=6).contains(&state.beyond), "it was told {} times", state.beyond);
}

#[test]
fn a_lost_answer_leaves_one_link_in_the_invite() {
    let scene = Scene::new(Fresh::sqlite(), "3s", GoogleStandin::service_account);
    scene.google.state().next.push_back(Mood::HangsUp);
    scene.book(0);
    let invites = scene.invites_when(2);
    let spaces = scene.google.state().spaces.clone();
    assert_eq!(spaces.len(), 2, "the first is nobody's");
    assert!(invites.iter().all(|invite| invite.sequence == 0 && invite.link == spaces[1].0), "{invites:#?}");
    assert!(invites.iter().all(|invite| !invite.letter.contains(&spaces[0].0)));
}

#[test]
fn nonsense_instead_of_an_answer_is_a_failure_like_any_other() {
    let scene = Scene::new(Fresh::sqlite(), "1s", GoogleStandin::service_account);
    for (number, mood) in [Mood::Html, Mood::Huge, Mood::Broken].into_iter().enumerate() {
        scene.google.state().mood = mood.clone();
        scene.book(number);
        let invites = scene.invites_when(2 * number + 2);
        let told: Vec<&Invite> = invites.iter().filter(|invite| invite.to == guest(number)).collect();
        assert!(told.len() == 1 && told[0].link.starts_with(FALLBACK), "{mood:?}: {told:?}");
    }
}

#[test]
fn a_withdrawn_consent_is_told_to_the_administrator_and_hurts_no_guest() {
    let scene = Scene::new(Fresh::sqlite(), "10m", GoogleStandin::authorized_user);
    scene.google.state().token_mood = TokenMood::Withdrawn;
    scene.book(0);
    let invites = scene.invites_when(2);
    assert!(invites.iter().all(|invite| invite.link.starts_with(FALLBACK)), "{invites:#?}");
    let ended = scene.ended("meeting-link");
    assert!(ended[0].0 == "failed" && ended[0].1.contains("Make a new refresh token"), "{ended:?}");
    assert_eq!(scene.ended("meeting-link-later"), [], "asking again would not help");
    let check = scene.installation.try_run(&["check"]);
    assert!(String::from_utf8_lossy(&check.stdout).contains("Make a new refresh token"));
    for place in [scene.server.log(), ended[0].1.clone()] {
        assert!(!place.contains("test-only"), "no secret in sight: {place}");
    }
}

#[test]
fn a_service_account_without_delegation_is_explained() {
    let cases: BTreeMap<&str, (Value, &str)> = BTreeMap::from([
        ("no subject", (Value::Null, "needs a `subject`")),
        ("another's subject", (json!("boss@example.org"), "domain-wide delegation")),
    ]);
    for (case, (subject, words)) in cases {
        let scene = Scene::new(Fresh::sqlite(), "10m", |google| {
            let mut file = google.service_account();
            file["subject"] = subject.clone();
            file
        });
        scene.book(0);
        scene.invites_when(2);
        let ended = scene.ended("meeting-link");
        assert!(ended[0].0 == "failed" && ended[0].1.contains(words), "{case}: {ended:?}");
    }
}

#[test]
fn a_wrong_file_stops_the_start_and_names_what_is_wrong() {
    let good = GoogleStandin::start().service_account();
    let wrong = |key: &str, value: Value| {
        let mut file = good.clone();
        file[key] = value;
        file
    };
    for (file, says) in [
        (wrong("private_key", json!("secret-but-no-key")), "`private_key` must be a private RSA key"),
        (wrong("client_email", Value::Null), "`client_email` is missing"),
        (wrong("access_type", json!("EVERYBODY")), "`access_type` must be OPEN, TRUSTED or RESTRICTED"),
    ] {
        let installation = installation(Fresh::sqlite(), &file);
        let output = installation.try_serve_in(&installation.folder().join("data"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{says}");
        for part in ["`meeting_links`", "OPENHOUR_MEETING_LINKS", "google.json", says] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(!error.contains("secret-but-no-key") && !error.contains("BEGIN PRIVATE KEY-----\\n"), "{error}");
    }
    let installation = Installation::on(Fresh::sqlite()).with("OPENHOUR_MEETING_LINKS", "google:nowhere.json");
    let output = installation.try_serve_in(&installation.folder().join("data"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.json"));
}
