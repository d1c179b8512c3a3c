//! What administrators do through the API: people, bans, the log, what did not go out, the server.

use openhour::db::{Command, DbError, Tx, new_id};
use openhour::desk::people::SavePerson;
use openhour::people::{Profile, private_address};
use openhour::teams::Role;
use serde_json::{Value, json};

use crate::sample::OFFER;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";
const ROOT: &str = "root@example.org";

impl Site {
    /// The token of an administrator.
    async fn root(&self) -> String {
        self.save(ROOT, "Root", true).await;
        self.token(ROOT).await
    }

    async fn save(&self, email: &str, name: &str, admin: bool) -> i64 {
        let profile = Profile { name: Some(name.into()), admin: admin.then_some(true), ..Profile::default() };
        let save = SavePerson { email: email.into(), profile, memberships: vec![], now: NOW };
        self.desk.db.run(save).await.unwrap().id
    }

    async fn logged(&self, action: &str) -> (i64, i64) {
        let sql = "SELECT COUNT(*), COUNT(actor) FROM audit_log WHERE action = $1";
        self.desk.db.read().await.unwrap().one(sql, openhour::args![action]).await.unwrap()
    }
}

fn wrong(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
}

fn names(reply: &Value) -> Vec<String> {
    reply["people"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_are_found_in_parts_and_shown() {
    let site = Site::with_team().await;
    let root = site.root().await;
    for number in 0..7 {
        site.save(&format!("p{number}@example.com"), &format!("Person {number}"), false).await;
    }
    site.save(&private_address("schedule-5"), "Schedule", false).await;
    let mut path = "/admin/people?find=EXAMPLE.COM&limit=3".to_owned();
    let mut found = Vec::new();
    for _ in 0..3 {
        let part = site.program(&root, "GET", &path, Value::Null).await;
        assert_eq!((part.status, part.header("cache-control")), (200, "no-store"), "{}", part.body);
        found.extend(names(&part.json()));
        match part.json()["next"].as_str() {
            Some(next) => path = format!("/admin/people?find=example.com&limit=3&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, (0..7).map(|number| format!("Person {number}")).collect::<Vec<_>>());
    let all = site.program(&root, "GET", "/admin/people", Value::Null).await.json();
    assert_eq!((names(&all).len(), &all["next"]), (9, &Value::Null), "no hidden hosts: {all}");
    let odd = site.program(&root, "GET", "/admin/people?find=%25", Value::Null).await.json();
    assert_eq!(names(&odd).len(), 0, "a sign is a sign");
    for query in ["limit=0", "limit=201", "limit=x", "after=-1", "after=x", &format!("find={}", "x".repeat(256))] {
        let refused = site.program(&root, "GET", &format!("/admin/people?{query}"), Value::Null).await;
        assert_eq!(wrong(&refused).0, 422, "{query}");
    }
    let ana = site.count("SELECT id FROM people WHERE email = 'ana@example.org'").await;
    let ana = site.program(&root, "GET", &format!("/admin/people/{ana}"), Value::Null).await.json();
    assert_eq!((&ana["email"], &ana["banned"]), (&json!(ANA), &json!(false)));
    assert_eq!(ana["memberships"], json!([{"team": "coaches", "name": "Coaches, Graz", "roles": ["host"]}]));
    let hidden = site.count("SELECT id FROM people WHERE name = 'Schedule'").await;
    for path in [format!("/admin/people/{hidden}"), "/admin/people/1".into(), "/admin/people/x".into()] {
        assert_eq!(site.program(&root, "GET", &path, Value::Null).await.status, 404, "{path}");
    }
    let banned = format!("/admin/people/{hidden}/ban");
    assert_eq!(site.program(&root, "POST", &banned, json!({"sure": true})).await.status, 404);
}

#[tokio::test]
async fn people_are_added_but_never_made_administrators() {
    let site = Site::with_team().await;
    let root = site.root().await;
    let new = json!({
        "email": " Tariq@Example.org ", "name": "Tariq", "timezone": "Asia/Karachi", "admin": true,
        "memberships": [{"team": "coaches", "role": "host"}, {"team": "coaches", "role": "lead"}],
    });
    let added = site.program(&root, "POST", "/admin/people", new.clone()).await;
    assert_eq!((added.status, added.header("cache-control")), (201, "no-store"), "{}", added.body);
    let tariq = added.json();
    assert_eq!((&tariq["email"], &tariq["timezone"]), (&json!("tariq@example.org"), &json!("Asia/Karachi")));
    assert_eq!((&tariq["admin"], &tariq["memberships"][0]["roles"]), (&json!(false), &json!(["host", "lead"])));
    let again = site.program(&root, "POST", "/admin/people", new).await;
    assert_eq!(wrong(&again), (422, "email".into()), "somebody is here already, and stays as they are");
    assert_eq!(site.logged("person added").await.1, 1);
    let kept = "SELECT COUNT(*) FROM audit_log WHERE detail = 'coaches: host, coaches: lead'";
    assert_eq!(site.count(kept).await, 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'welcome-mail'").await, 1, "once for each team");
    let people = site.count("SELECT COUNT(*) FROM people").await;
    for (body, field) in [
        (json!({}), "email"),
        (json!({"email": "nobody"}), "email"),
        (json!({"email": private_address("schedule-5")}), "email"),
        (json!({"email": "a@example.org", "name": "x".repeat(256)}), "name"),
        (json!({"email": "a@example.org", "name": "a\u{7}"}), "name"),
        (json!({"email": "a@example.org", "timezone": "Mars/Olympus"}), "timezone"),
        (json!({"email": "a@example.org", "memberships": [{"team": "cooks", "role": "host"}]}), "memberships"),
        (json!({"email": "a@example.org", "memberships": [{"team": "coaches", "role": "boss"}]}), "memberships"),
        (
            json!({"email": "a@example.org", "memberships": vec![json!({"team": "coaches", "role": "host"}); 101]}),
            "memberships",
        ),
    ] {
        assert_eq!(
            wrong(&site.program(&root, "POST", "/admin/people", body.clone()).await),
            (422, field.into()),
            "{body}"
        );
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM people").await, people);
}

#[tokio::test]
async fn a_ban_stops_tokens_at_once_and_can_be_lifted() {
    let site = Site::with_team().await;
    let root = site.root().await;
    site.book(MIA, OFFER).await;
    let mia = site.count("SELECT id FROM people WHERE email = 'mia@example.org'").await;
    let (token, path) = (site.token(MIA).await, format!("/admin/people/{mia}"));
    for (body, field) in [
        (json!({"reason": "Rude"}), "sure"),
        (json!({"sure": false}), "sure"),
        (json!({"sure": true, "reason": "x".repeat(1_001)}), "reason"),
    ] {
        let refused = site.program(&root, "POST", &format!("{path}/ban"), body.clone()).await;
        assert_eq!(wrong(&refused), (422, field.into()), "{body}");
    }
    assert_eq!(site.program(&token, "GET", "/me", Value::Null).await.status, 200);
    let sure = json!({"sure": true, "reason": "Was rude."});
    let banned = site.program(&root, "POST", &format!("{path}/ban"), sure.clone()).await;
    assert_eq!((banned.status, banned.json()), (200, json!({"cancelled": 1})), "{}", banned.body);
    for path in ["/me", "/me/tokens", "/me/feeds", "/me/why"] {
        assert_eq!(site.program(&token, "GET", path, Value::Null).await.status, 401, "{path}");
    }
    let again = site.program(&root, "POST", &format!("{path}/ban"), sure.clone()).await;
    assert_eq!((again.status, again.json()), (200, json!({"cancelled": 0})));
    assert_eq!(site.program(&root, "GET", &path, Value::Null).await.json()["banned"], true);
    let refused = site.program(&root, "POST", "/admin/people", json!({"email": MIA, "name": "Mia"})).await;
    assert_eq!(wrong(&refused), (422, "email".into()), "adding is no way around a ban");
    let lifted = site.program(&root, "POST", &format!("{path}/unban"), Value::Null).await;
    assert_eq!((lifted.status, lifted.json()), (200, json!({"cancelled": 0})));
    assert_eq!(site.program(&token, "GET", "/me", Value::Null).await.status, 401, "what was ended stays ended");

    let removed = site.program(&root, "POST", &format!("{path}/remove"), sure.clone()).await;
    assert_eq!(removed.status, 200, "{}", removed.body);
    assert_eq!(site.program(&root, "POST", &format!("{path}/remove"), sure.clone()).await.status, 404);
    assert_eq!(site.program(&root, "GET", &path, Value::Null).await.status, 404);
    assert_eq!(site.logged("person banned").await, (2, 2));
    assert_eq!((site.logged("ban lifted").await, site.logged("person removed").await), ((1, 1), (1, 1)));

    let root_id = site.count("SELECT id FROM people WHERE admin").await;
    for what in ["ban", "remove"] {
        let last = site.program(&root, "POST", &format!("/admin/people/{root_id}/{what}"), sure.clone()).await;
        assert_eq!((last.status, &last.json()["code"]), (409, &json!("last-admin")));
    }
}

#[tokio::test]
async fn addresses_are_banned_before_they_come_and_after_they_left() {
    let site = Site::with_team().await;
    let root = site.root().await;
    let eve = json!({"email": "Eve@Example.com", "sure": true});
    let banned = site.program(&root, "POST", "/admin/bans", eve.clone()).await;
    assert_eq!((banned.status, &banned.json()["cancelled"]), (200, &json!(0)), "{}", banned.body);
    let person = banned.json()["person"].as_str().unwrap().to_owned();
    assert_eq!(site.program(&root, "POST", "/admin/bans", eve).await.json()["person"], person, "once");
    let gone = site.program(&root, "POST", &format!("/admin/people/{person}/remove"), json!({"sure": true})).await;
    assert_eq!(gone.status, 200);
    let eve = json!({"email": "eve@example.com"});
    let refused = site.program(&root, "POST", "/admin/people", eve.clone()).await;
    assert_eq!(wrong(&refused), (422, "email".into()), "the ban outlives the person");
    let lifted = site.program(&root, "POST", "/admin/bans/lift", eve.clone()).await;
    assert_eq!((lifted.status, lifted.json()), (200, json!({"person": null, "cancelled": 0})));
    assert_eq!(site.program(&root, "POST", "/admin/bans/lift", eve.clone()).await.status, 404);
    assert_eq!(site.program(&root, "POST", "/admin/people", eve).await.status, 201);
    assert_eq!(site.logged("ban lifted").await, (1, 1));
    for path in ["/admin/bans", "/admin/bans/lift"] {
        let refused = site.program(&root, "POST", path, json!({"email": "nobody", "sure": true})).await;
        assert_eq!(wrong(&refused), (422, "email".into()), "{path}");
    }
}

#[tokio::test]
async fn what_is_known_of_somebody_is_handed_out_and_that_is_logged() {
    let site = Site::with_team().await;
    let root = site.root().await;
    site.book(MIA, OFFER).await;
    let mia = site.count("SELECT id FROM people WHERE email = 'mia@example.org'").await;
    let data = site.program(&root, "GET", &format!("/admin/people/{mia}/data"), Value::Null).await;
    assert_eq!((data.status, data.json()["sessions"].to_string().contains("2026-11-26")), (200, true), "{}", data.body);
    assert!(!data.body.contains("digest"));
    let copy = site.program(&root, "POST", &format!("/admin/people/{mia}/copy"), Value::Null).await;
    assert_eq!((copy.status, copy.header("content-type")), (200, "application/zip"));
    let log = "SELECT COUNT(*) FROM audit_log WHERE action = 'data copied' AND actor <> object";
    assert_eq!(site.count(log).await, 2);
    for path in ["/admin/people/1/data", "/admin/people/x/data"] {
        assert_eq!(site.program(&root, "GET", path, Value::Null).await.status, 404);
    }
}

/// A mail that was given up, one that waits after a failure, and one that just waits.
struct Troubles;

impl Command for Troubles {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for (number, outcome, error) in
            [(1, Some("failed"), Some("no such mailbox")), (2, None, Some("busy")), (3, None, None)]
        {
            tx.execute(
                "INSERT INTO jobs (id, key, kind, payload, lane, due, attempts, error, finished, outcome, created)
                 VALUES ($1, $2, 'invite', '{}', $2, $3, 4, $4, $5, $6, $7)",
                openhour::args![
                    new_id(),
                    format!("test/{number}"),
                    NOW + 900,
                    error,
                    outcome.map(|_| NOW),
                    outcome,
                    NOW - 9
                ],
            )
            .await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn the_log_the_queue_and_the_server_are_seen_in_parts_and_without_secrets() {
    let site = Site::start_with(|config| config.demo = true).await;
    site.desk.db.run(crate::sample::Sample::default()).await.unwrap();
    let root = site.root().await;
    for name in ["A", "B", "C"] {
        site.program(&root, "POST", "/admin/people", json!({"email": format!("{name}@example.org"), "name": name}))
            .await;
    }
    let (mut path, mut lines) = ("/admin/log?limit=2".to_owned(), Vec::new());
    for _ in 0..9 {
        let part = site.program(&root, "GET", &path, Value::Null).await.json();
        lines.extend(part["lines"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        path = format!("/admin/log?limit=2&after={next}");
    }
    let actions: Vec<&str> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["person added", "person added", "person added", "token made", "person added"]);
    assert_eq!((&lines[0]["actor"]["name"], &lines[0]["object"]["name"]), (&json!("Root"), &json!("C")));
    assert_eq!((&lines[3]["actor"], &lines[3]["at"]), (&Value::Null, &json!("2026-11-20T12:00:00Z")));

    site.desk.db.run(Troubles).await.unwrap();
    let jobs = site.program(&root, "GET", "/admin/outgoing", Value::Null).await.json()["jobs"].clone();
    assert_eq!(
        (jobs.as_array().unwrap().len(), &jobs[0]["state"], &jobs[1]["state"]),
        (2, &json!("waiting"), &json!("given-up"))
    );
    assert_eq!((&jobs[1]["error"], &jobs[1]["next_try"]), (&json!("no such mailbox"), &Value::Null));
    let retry = format!("/admin/outgoing/{}/retry", jobs[1]["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(site.program(&root, "POST", &retry, Value::Null).await.status, 204);
    }
    let jobs = site.program(&root, "GET", "/admin/outgoing?limit=1", Value::Null).await.json();
    let rest = format!("/admin/outgoing?after={}", jobs["next"].as_str().unwrap());
    let again = site.program(&root, "GET", &rest, Value::Null).await.json()["jobs"].clone();
    assert_eq!((&again[0]["state"], &again[0]["next_try"]), (&json!("waiting"), &json!("2026-11-20T12:00:00Z")));
    assert_eq!(site.logged("sending retried").await, (2, 2));
    assert_eq!(site.program(&root, "POST", "/admin/outgoing/1/retry", Value::Null).await.status, 404);

    let server = site.program(&root, "GET", "/admin/server", Value::Null).await.json();
    assert_eq!((&server["database"], &server["outgoing"]["waiting"]), (&json!("sqlite"), &json!(3)));
    assert!(server["settings"].as_array().unwrap().iter().any(|setting| setting["name"] == "public_url"), "{server}");
}

#[tokio::test]
async fn the_members_of_a_team_are_told_to_its_leads_one_by_one() {
    let site = Site::with_team().await;
    let root = site.root().await;
    let lead = SavePerson {
        email: "lea@example.org".into(),
        profile: Profile::default(),
        memberships: vec![("coaches".into(), Role::Lead)],
        now: NOW,
    };
    site.desk.db.run(lead).await.unwrap();
    let (lea, ana) =
        (site.token("lea@example.org").await, site.count("SELECT id FROM people WHERE name = 'Ana Silva'").await);
    let path = format!("/teams/coaches/members/{ana}");
    for token in [&lea, &root] {
        let member = site.program(token, "GET", &path, Value::Null).await;
        assert_eq!(
            (member.status, &member.json()["email"], &member.json()["roles"]),
            (200, &json!(ANA), &json!(["host"]))
        );
    }
    let outsider = site.count("SELECT id FROM people WHERE email = 'root@example.org'").await;
    for path in [
        format!("/teams/coaches/members/{outsider}"),
        "/teams/coaches/members/x".into(),
        format!("/teams/none/members/{ana}"),
    ] {
        assert_eq!(site.program(&root, "GET", &path, Value::Null).await.status, 404, "{path}");
    }
    for path in ["/admin/people", "/admin/log", "/admin/outgoing", "/admin/server"] {
        assert_eq!(site.program(&lea, "GET", path, Value::Null).await.status, 404, "{path}: as if it were not there");
    }
}
