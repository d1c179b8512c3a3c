//! The command line as scripts rely on it: exit statuses, the last line, and what a command changes beside a running
//! server.

use std::time::{Duration, Instant};

use crate::db::fresh::Fresh;
use crate::installation::{Installation, available, event, is_optimised, midnight_in};

/// What a command or another process changes is visible after this long, plus what a busy machine needs.
const VISIBLE: Duration = Duration::from_millis(250);
const SLACK: Duration = Duration::from_millis(1000);

#[test]
fn statuses_tell_success_failure_and_wrong_usage_apart() {
    let installation = Installation::on(Fresh::sqlite());
    for (args, status) in [
        (&["check"][..], 0),
        (&["person", "add", "ana@example.org"], 0),
        (&["app-password", "nobody@example.org"], 1),
        (&["session-type", "add", "nowhere", "talk", "--name", "Talk", "--minutes", "60"], 1),
        (&["person", "add", "ana@example.org", "--host", "nowhere"], 1),
        (&["no-such-command"], 2),
        (&["person", "add", "no address"], 2),
        (&["session-type", "add", "team", "talk", "--name", "Talk", "--minutes", "nine"], 2),
    ] {
        let output = installation.try_run(args);
        assert_eq!(output.status.code(), Some(status), "{args:?}: {output:?}");
        assert_eq!(output.stderr.is_empty(), status == 0, "{args:?}: {output:?}");
    }
}

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() {
    for (name, value, said) in [
        ("OPENHOUR_LISTEN", "here", "listen"),
        ("OPENHOUR_PUBLIC_URL", "book.example.org", "public_url"),
        ("OPENHOUR_SMTP_URL", "mail.example.org", "smtp_url"),
        ("OPENHOUR_NOTICE", "soon", "notice"),
        ("OPENHOUR_COLOUR", "green", "colour"),
    ] {
        let output = Installation::on(Fresh::sqlite()).with(name, value).try_run(&["serve"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains(said) && text.contains(name), "{text}");
    }
}

#[test]
fn one_server_a_data_folder() {
    let installation = Installation::on(Fresh::sqlite());
    let server = installation.serve();
    let folder = installation.folder().join(format!("data-{}", server.address.port()));
    let output = installation.try_serve_in(&folder);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("data_dir"), "{output:?}");
}

on_both_databases! {
    fn a_running_server_sees_what_commands_and_other_processes_change(fresh) {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 1);
        let ana = installation.host("ana@example.org", "mentoring");
        let (one, other) = (installation.serve(), installation.serve());
        assert!(one.slots("mentoring").is_empty() && other.slots("mentoring").is_empty());

        one.put_offer(&ana, "hours", &available("hours", midnight_in(7), 4));
        assert_eq!(one.slots("mentoring").len(), 4, "the process that took it shows it at the next request");
        soon("another process shows it", || other.slots("mentoring").len() == 4);

        other.put_offer(&ana, "dentist", &event("dentist", "Dentist", midnight_in(7), 1));
        soon("a busy hour", || one.slots("mentoring").len() == 3);

        let (start, _) = one.slots("mentoring").remove(0);
        assert_eq!(one.book("mentoring", &start, "tariq@example.com").unwrap().status, 201);
        soon("a booking", || other.slots("mentoring").len() == 2);

        installation.run(&["session-type", "add", "mentoring", "talk", "--name", "Talk", "--minutes", "30"]);
        soon("a shorter talk", || one.slots("mentoring").len() == 4 && other.slots("mentoring").len() == 4);
        installation.run(&["check"]);
        installation.run(&["reindex"]);
        assert_eq!(one.slots("mentoring").len(), 4);
    }
}

fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < VISIBLE + SLACK, "{what}: not after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_backup_taken_beside_a_running_server_is_whole() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let ana = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    server.put_offer(&ana, "hours", &available("hours", midnight_in(7), 4));
    let (start, _) = server.slots("mentoring").remove(0);
    assert_eq!(server.book("mentoring", &start, "tariq@example.com").unwrap().status, 201);
    let file = installation.folder().join("copy.db");
    installation.run(&["backup", &file.display().to_string()]);
    assert_eq!(installation.try_run(&["backup", &file.display().to_string()]).status.code(), Some(1), "it is there");
    drop(server);

    let restored = installation.restored(&file);
    let server = restored.serve();
    assert_eq!(server.slots("mentoring").len(), 3);
    let answer = server.dav(&ana).get(&crate::installation::offer_path(&ana, "hours")).unwrap();
    assert_eq!(answer.status, 200, "app passwords and calendars are there: {}", answer.text());
    restored.run(&["check"]);
}

#[test]
fn who_was_removed_after_a_backup_is_removed_again_when_it_is_restored() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let ana = installation.host("ana@example.org", "mentoring");
    installation.run(&["person", "add", "bo@example.org", "--name", "Bo Berg", "--host", "mentoring"]);
    installation.run(&["person", "add", "eve@example.org", "--name", "Eve"]);
    let file = installation.folder().join("copy.db");
    installation.run(&["backup", &file.display().to_string()]);
    installation.run(&["person", "remove", "bo@example.org"]);
    installation.run(&["person", "ban", "eve@example.org"]);
    let list = installation.run(&["erasures", "list"]);
    assert!(list.lines().count() == 2 && list.contains(" removed ") && list.contains(" banned "), "{list}");
    assert!(!list.contains("bo@") && !list.contains("Bo"), "{list}");

    // By the command, from the list that was kept elsewhere.
    let restored = installation.restored(&file);
    let kept = restored.folder().join("kept");
    std::fs::write(&kept, &list).unwrap();
    let kept = kept.display().to_string();
    assert!(restored.run(&["export", "bo@example.org"]).contains(".zip"), "he is back");
    assert!(restored.run(&["erasures", "replay", &kept]).contains("2 people were removed or banned again"));
    assert_eq!(restored.try_run(&["export", "bo@example.org"]).status.code(), Some(1));
    assert!(restored.run(&["erasures", "list"]).contains(" banned "));
    assert!(restored.run(&["erasures", "replay", &kept]).contains("nobody was back"), "once is enough");
    restored.run(&["person", "unban", "eve@example.org"]);
    assert!(restored.run(&["erasures", "replay", &kept]).contains("nobody was back"), "what came later counts");
    std::fs::write(restored.folder().join("strange"), "hello\n").unwrap();
    let strange = restored.folder().join("strange").display().to_string();
    assert_eq!(restored.try_run(&["erasures", "replay", &strange]).status.code(), Some(1));

    // By itself, where the data folder is the one it was: the file lies beside the database.
    let restored = installation.restored(&file);
    let journal = std::fs::read_to_string(installation.folder().join("cli/erasures")).unwrap();
    assert_eq!(journal.trim(), list.trim());
    let server = restored.serve_with(&[("erasures", &journal)]);
    assert!(server.log_with("removed or banned again").contains("people=2"), "{}", server.log());
    assert!(server.dav(&ana).get("/dav/").is_ok());
    assert_eq!(restored.try_run(&["export", "bo@example.org"]).status.code(), Some(1));
    restored.run(&["check"]);
}

#[test]
fn hours_and_rules_of_a_host_are_set_and_unset() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    installation.host("ana@example.org", "mentoring");
    let week = ["hours", "set", "ana@example.org", "--monday", "9-12, 13-17", "--friday", "10-11"];
    let shown = installation.run(&week);
    assert!(shown.contains("monday\t09:00–12:00, 13:00–17:00") && shown.contains("tuesday\tnone"), "{shown}");
    let shown = installation.run(&["hours", "set", "ana@example.org", "--friday", ""]);
    assert!(shown.contains("monday\t09:00–12:00, 13:00–17:00") && shown.contains("friday\tnone"), "{shown}");
    let now = jiff::Timestamp::from_second(openhour::clock::Clock::system().now()).unwrap();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let monday = today.nth_weekday(3, jiff::civil::Weekday::Monday).unwrap().to_string();
    let shown = installation.run(&["hours", "day", "ana@example.org", &monday, "14-15"]);
    assert!(shown.contains(&format!("{monday}\t14:00–15:00")), "{shown}");
    let json = installation.run(&["--json", "hours", "show", "ana@example.org"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["dates"], serde_json::json!([{"date": monday, "hours": "14:00–15:00"}]));
    assert!(!installation.run(&["hours", "day", "ana@example.org", &monday, "--usual"]).contains(&monday));
    for wrong in [&["hours", "set", "ana@example.org", "--monday", "late"][..], &["hours", "show", "eve@example.org"]] {
        assert_eq!(installation.try_run(wrong).status.code(), Some(1), "{wrong:?}");
    }

    let rules = installation.run(&["rules", "ana@example.org", "--notice", "48h", "--max-per-day", "3"]);
    assert!(rules.contains("notice\t172800") && rules.contains("max_per_day\t3"), "{rules}");
    let rules = installation.run(&["rules", "ana@example.org", "--notice", "none"]);
    assert!(rules.contains("notice\tnone") && rules.contains("max_per_day\t3"), "{rules}");
    assert_eq!(installation.try_run(&["rules", "ana@example.org", "--notice", "soon"]).status.code(), Some(2));
}

#[test]
fn a_team_is_closed_to_strangers_and_its_rules_are_unset() {
    let installation = Installation::on(Fresh::sqlite());
    let add = |more: &[&str]| {
        let known = ["team", "add", "mentoring", "--name", "Mentoring"];
        installation.run(&[&known[..], more].concat());
        installation.run(&["team", "list"])
    };
    assert!(add(&["--public", "--notice", "48h", "--daily-cap", "5"]).contains("(public)"));
    assert!(add(&[]).contains("(public)"), "a flag left out changes nothing");
    assert!(add(&["--public", "false", "--notice", "none", "--daily-cap", "none"]).contains("(members only)"));
    let file = installation.folder().join("all.jsonl").display().to_string();
    installation.run(&["export", "--to", &file]);
    let all = std::fs::read_to_string(&file).unwrap();
    let columns = all.lines().find(|line| line.contains("\"table\":\"teams\"")).unwrap();
    let columns: serde_json::Value = serde_json::from_str(columns).unwrap();
    let place = |name: &str| columns["columns"].as_array().unwrap().iter().position(|one| one == name).unwrap();
    let row = all.lines().find(|line| line.starts_with('[') && line.contains("\"mentoring\"")).unwrap();
    let row: serde_json::Value = serde_json::from_str(row).unwrap();
    assert!(row[place("notice")].is_null() && row[place("daily_cap")].is_null(), "{row}");
    let kind = ["session-type", "add", "mentoring", "talk", "--name", "Talk", "--minutes", "60"];
    installation.run(&[&kind[..], &["--notice", "2h", "--step", "30m"]].concat());
    installation.run(&[&kind[..], &["--notice", "none", "--step", "none", "--buffer-after", "none"]].concat());
}

#[test]
fn the_server_starts_quickly_and_stays_small() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    let begun = Instant::now();
    let server = installation.serve();
    let started = begun.elapsed();
    for _ in 0..100 {
        assert_eq!(server.http.get("/book/mentoring/talk").unwrap().status, 200);
    }
    let resident = server.memory("VmRSS");
    println!("first answer after {started:?}, {resident} KiB resident");
    assert!(resident < 60 * 1024, "{resident} KiB");
    let limit = if is_optimised() { 300 } else { 3000 };
    assert!(started < Duration::from_millis(limit), "{started:?}");
}

on_both_databases! {
    fn a_token_from_the_command_line_says_who_calls(fresh) {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 1);
        installation.host("ana@example.org", "mentoring");
        let token = installation.run(&["api-token", "ana@example.org", "--label", "Report"]);
        let token = token.lines().last().unwrap().to_owned();
        let server = installation.serve();
        let bearer = format!("Bearer {token}");
        let me = server.http.request("GET", "/api/v1/me", &[("authorization", &bearer)], b"").unwrap();
        assert_eq!((me.status, me.json()["email"].as_str()), (200, Some("ana@example.org")), "{}", me.text());
        installation.run(&["person", "ban", "ana@example.org"]);
        let me = server.http.request("GET", "/api/v1/me", &[("authorization", &bearer)], b"").unwrap();
        assert_eq!(me.status, 401, "at once, also in another process");
    }

    fn an_installation_moves_whole_from_one_database_to_the_other(fresh) {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 2);
        let ana = installation.host("ana@example.org", "mentoring");
        let server = installation.serve();
        server.put_offer(&ana, "hours", &available("hours", midnight_in(7), 4));
        let (start, _) = server.slots("mentoring").remove(0);
        for guest in ["tariq@example.com", "lee@example.com"] {
            assert_eq!(server.book("mentoring", &start, guest).unwrap().status, 201);
        }
        drop(server);
        let file = installation.folder().join("all.jsonl");
        installation.run(&["export", "--to", file.to_str().unwrap()]);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.lines().count() > 60, "{text}");

        for other in [Fresh::sqlite(), Fresh::postgres()] {
            let key = installation.folder().join("key").display().to_string();
            let new = Installation::on(other).with("OPENHOUR_SECRET_KEY_FILE", &key);
            let cut = installation.folder().join("cut.jsonl");
            std::fs::write(&cut, text.lines().take(40).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
            let import = ["import", file.to_str().unwrap()];
            new.run(&import);
            let straight = if matches!(new.database().target, crate::db::Target::Sqlite(_)) { Fresh::postgres() } else { Fresh::sqlite() };
            let moved = installation.run(&["migrate-to", &straight.url()]);
            assert!(moved.contains("all as they were sent"), "{moved}");
            let again = new.try_run(&import);
            assert_eq!(again.status.code(), Some(1), "only into an empty database");
            assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"), "{again:?}");
            new.run(&["check"]);
            let back = new.folder().join("back.jsonl");
            new.run(&["export", "--to", back.to_str().unwrap()]);
            let sorted = |text: &str| {
                let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
                lines.sort();
                lines
            };
            assert_eq!(sorted(&std::fs::read_to_string(&back).unwrap()), sorted(&text), "row for row");
            let server = new.serve();
            assert_eq!(server.slots("mentoring").len(), 3);
            assert_eq!(server.dav(&ana).get(&crate::installation::offer_path(&ana, "hours")).unwrap().status, 200);
        }
        let (cut, changed) = (installation.folder().join("cut.jsonl"), installation.folder().join("changed.jsonl"));
        std::fs::write(&changed, text.replace("tariq@example.com", "eve@example.com")).unwrap();
        for (file, said) in [(cut, "ends too early"), (changed, "missing or were changed")] {
            let output = Installation::on(Fresh::sqlite()).try_run(&["import", file.to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
        }
    }
}
