//! What is read, and what follows from it.

use super::*;
use crate::calendars::fill;
use crate::desk::conduct::{self, Measure};
use crate::sources::proofs::server::Says;
use crate::sources::{AddRefused, Remove, SetUse};

const WEEKLY: &str = "SUMMARY:Available\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n";

on_both_databases! {

async fn offers_and_busy_times_are_read_and_follow_the_calendar(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(calendar(&[event("a", 18, 21, WEEKLY), event("b", 19, 20, "SUMMARY:Dentist\r\n")])));
    let id = scene.added(true).await;
    let read = scene.read(id).await;
    assert_eq!((read.problem(), read.offers_read, read.busy_read, read.succeeded), (None, 1, 1, Some(NOW)));
    let (weekly, dentist) = (vec![(0, 3), (168, 171), (336, 339)], vec![(1, 2)]);
    assert_eq!(scene.time().await, (weekly.clone(), dentist.clone()));
    // Nothing new: the server says so, and nothing is written.
    let versions = scene.versions().await;
    scene.read(id).await;
    assert_eq!(scene.versions().await, versions);
    let heard = scene.server.heard();
    assert!(!heard[0].contains("if-none-match") && heard[1].contains("if-none-match"), "{heard:?}");
    assert!(heard[1].starts_with("GET /private-0a1b/basic.ics HTTP/1.1") && !heard[1].contains("cookie"), "{heard:?}");
    // Another order and other stamps: nothing is written either.
    let churned = [event("b", 19, 20, "SUMMARY:Dentist\r\nX-NEW:1\r\n"), event("a", 18, 21, WEEKLY)];
    scene.server.say(Says::Calendar(calendar(&churned).replace("DTSTAMP:20261120T120000Z", "DTSTAMP:20261120T121500Z")));
    scene.read(id).await;
    assert_eq!(scene.versions().await, versions);
    // One occurrence moved, the dentist gone, a party without its series.
    let moved = event("a", 8, 9, "RECURRENCE-ID:20261203T180000Z\r\nSUMMARY:Available\r\n").replace("20261126", "20261203");
    let party = event("c", 22, 23, "RECURRENCE-ID:20261126T220000Z\r\nSUMMARY:Party\r\n");
    scene.server.say(Says::Calendar(calendar(&[moved, event("a", 18, 21, WEEKLY), party])));
    scene.read(id).await;
    assert_eq!(scene.time().await, (vec![(0, 3), (158, 159), (336, 339)], vec![(4, 5)]));
    assert_ne!(scene.versions().await, versions);
    // No titles of what offers nothing.
    let rows: Vec<(Vec<u8>,)> =
        scene.desk.db.read().await.unwrap().all("SELECT bytes FROM objects", vec![]).await.unwrap();
    assert!(rows.iter().all(|(bytes,)| !String::from_utf8_lossy(bytes).contains("Party")));
    assert_eq!(scene.wrong().await, Vec::<String>::new());
}

async fn busy_times_only_can_be_taken_and_offers_later(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(calendar(&[event("a", 18, 21, WEEKLY), event("b", 19, 20, "")])));
    let id = scene.added(false).await;
    scene.read(id).await;
    assert_eq!(scene.time().await, (vec![], vec![(1, 2)]), "offers never block");
    let set = |offers| SetUse { person: 3, id, offers, actor: Some(3), now: NOW };
    assert!(scene.desk.db.run(set(true)).await.unwrap());
    scene.read(id).await;
    assert_eq!(scene.time().await.0.len(), 3, "read anew although nothing changed there");
    assert!(scene.desk.db.run(set(false)).await.unwrap());
    scene.read(id).await;
    assert_eq!(scene.time().await, (vec![], vec![(1, 2)]));
}

async fn one_bad_event_stays_as_it_was_and_is_told(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(calendar(&[event("a", 18, 21, "SUMMARY:Available\r\n"), event("b", 19, 20, "")])));
    let id = scene.added(true).await;
    scene.read(id).await;
    let bad = event("b", 19, 20, "RRULE:FREQ=WEEKLY;BYDAY=MO,\r\nTU\r\n");
    scene.server.say(Says::Calendar(calendar(&[bad, event("a", 17, 21, "SUMMARY:Available\r\n")])));
    let read = scene.read(id).await;
    assert_eq!((read.problem(), read.unreadable), (None, 1));
    assert!(read.unreadable_why.is_some());
    assert_eq!(scene.time().await, (vec![(-1, 3)], vec![(1, 2)]));
}

async fn what_is_held_here_counts_before_what_is_read_and_our_own_sessions_never_block(fresh) {
    let scene = Scene::new(fresh).await;
    run(&scene.desk, &[
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, version, created, modified)
         VALUES (50, 5, 'a.ics', 'a', 'VEVENT', 'e', '', 1795716000, 1795719600, FALSE, 1, 0, 0)",
        "INSERT INTO occurrences (object, person, position, offer, starts, ends, all_day)
         VALUES (50, 3, 0, TRUE, 1795716000, 1795719600, FALSE)",
        "INSERT INTO sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, status, changed, created)
         VALUES (60, 'openhour-ours@book.example.org', 1, 2, 3, 1795723200, 1795726800, 0, 0, 1, 'open', 0, 0)",
    ]).await;
    let stale = event("a", 20, 21, "SUMMARY:Available\r\n");
    let ours = event("openhour-ours@book.example.org", 20, 21, "SUMMARY:Talk with Mia\r\n");
    let looks = event("openhour-theirs@elsewhere.example", 22, 23, "");
    scene.server.say(Says::Calendar(calendar(&[stale, ours, looks])));
    let id = scene.added(true).await;
    scene.read(id).await;
    assert_eq!(scene.time().await, (vec![(0, 1)], vec![(4, 5)]));
    run(&scene.desk, &["DELETE FROM objects WHERE id = 50"]).await;
    assert_eq!(scene.time().await.0, [(2, 3)], "until there is nothing else");
}

async fn many_events_come_in_parts_and_old_ones_stay_out(fresh) {
    let scene = Scene::new(fresh).await;
    let mut events: Vec<String> = (0..350).map(|n| event(&format!("e{n}"), 18, 19, "").replace("20261126", &format!("2026{:02}{:02}", 11 + n / 300, 1 + n % 28))).collect();
    events.extend((0..50).map(|n| event(&format!("old{n}"), 8, 9, "").replace("20261126", "20240101")));
    scene.server.say(Says::Calendar(calendar(&events)));
    let id = scene.added(true).await;
    let read = scene.read(id).await;
    assert_eq!((read.problem(), read.busy_read), (None, 350));
    let count = async || -> i64 {
        let (count,): (i64,) =
            scene.desk.db.read().await.unwrap().one("SELECT COUNT(*) FROM objects", vec![]).await.unwrap();
        count
    };
    assert_eq!(count().await, 350);
    events.truncate(2);
    scene.server.say(Says::Calendar(calendar(&events)));
    scene.read(id).await;
    assert_eq!(count().await, 2);
    assert_eq!(scene.wrong().await, Vec::<String>::new());
}

async fn an_address_is_a_secret_and_given_once(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    let url = scene.server.url("/private-0a1b/basic.ics");
    let again = add(&scene.desk, &scene.host, &format!(" {url}#x"), false, None).await;
    assert!(matches!(again, Err(AddRefused::Known)), "{again:?}");
    let tariq = people::by_id(&mut scene.desk.db.read().await.unwrap(), 4).await.unwrap().unwrap();
    assert!(matches!(add(&scene.desk, &tariq, &url, true, None).await, Err(AddRefused::NoHost)));
    for number in 1..crate::sources::MOST {
        add(&scene.desk, &scene.host, &scene.server.url(&format!("/{number}")), true, None).await.unwrap();
    }
    assert!(matches!(add(&scene.desk, &scene.host, &scene.server.url("/x"), true, None).await, Err(AddRefused::TooMany)));
    let mut conn = scene.desk.db.read().await.unwrap();
    let (sealed, print): (Vec<u8>, String) =
        conn.one("SELECT address, fingerprint FROM sources ORDER BY id LIMIT 1", vec![]).await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("0a1b") && !print.contains("0a1b"));
    let audit: Vec<(String, String)> = conn.all("SELECT action, detail FROM audit_log", vec![]).await.unwrap();
    assert!(audit.iter().all(|(action, detail)| action == "calendar added" && detail == "127.0.0.1"), "{audit:?}");
    drop(conn);
    assert!(scene.desk.db.run(Remove { person: 3, id, actor: Some(3), now: NOW }).await.unwrap());
    assert!(!scene.desk.db.run(Remove { person: 3, id, actor: Some(3), now: NOW }).await.unwrap());
    assert_eq!(scene.wrong().await, Vec::<String>::new());
}

async fn a_ban_and_a_removal_take_the_address_and_what_was_read_away(fresh) {
    for measure in [Measure::Ban, Measure::Remove] {
        let scene = Scene::new(fresh).await;
        scene.server.say(Says::Calendar(calendar(&[event("b", 19, 20, "")])));
        let id = scene.added(true).await;
        scene.read(id).await;
        assert_eq!(scene.time().await.1.len(), 1);
        conduct::take(&scene.desk, measure, 3, None, "").await.unwrap();
        let mut conn = scene.desk.db.read().await.unwrap();
        let (sources, collections): (i64, i64) = conn
            .one("SELECT (SELECT COUNT(*) FROM sources), (SELECT COUNT(*) FROM collections WHERE kind = 'address')", vec![])
            .await
            .unwrap();
        assert_eq!((sources, collections), (0, 0), "{measure:?}");
        drop(conn);
        assert_eq!(scene.time().await.1, []);
        run(&scene.desk, &[
            "DELETE FROM audit_log", "DELETE FROM memberships", "DELETE FROM collections", "DELETE FROM people",
            "DELETE FROM session_types", "DELETE FROM teams",
        ]).await;
    }
}

async fn a_removal_while_it_is_read_leaves_nothing(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    let leased = scene.desk.db.run(Lease { only: Some(id), limit: 1, now: NOW }).await.unwrap().remove(0);
    assert!(scene.desk.db.run(Remove { person: 3, id, actor: None, now: NOW }).await.unwrap());
    scene.server.say(Says::Calendar(calendar(&[event("b", 19, 20, "")])));
    let client = PublicClient::new(scene.desk.config.fetch_private_hosts.clone()).unwrap();
    poll::read(&scene.desk, &client, leased).await.unwrap();
    assert!(fill::state(&mut scene.desk.db.read().await.unwrap(), 0).await.unwrap().is_none());
    assert_eq!(scene.time().await.1, []);
}

async fn any_number_of_processes_read_it_once(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(calendar(&[event("b", 19, 20, "")])));
    let id = scene.added(true).await;
    let takers = (0..6).map(|_| scene.desk.db.run(Lease { only: None, limit: 4, now: NOW }));
    let taken: Vec<_> = futures_util::future::join_all(takers).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(taken.iter().map(|leased| leased.id).collect::<Vec<_>>(), [id]);
    // Who was too slow records nothing: the lease is another's by then.
    scene.desk.clock.set(NOW + 121);
    let quick = scene.desk.db.run(Lease { only: None, limit: 4, now: NOW + 121 }).await.unwrap().remove(0);
    let client = PublicClient::new(scene.desk.config.fetch_private_hosts.clone()).unwrap();
    poll::read(&scene.desk, &client, taken.into_iter().next().unwrap()).await.unwrap();
    assert_eq!(scene.source().await.succeeded, None);
    poll::read(&scene.desk, &client, quick).await.unwrap();
    assert_eq!(scene.source().await.succeeded, Some(NOW + 121));
}

}
