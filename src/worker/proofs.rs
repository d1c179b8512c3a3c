//! The worker as a whole, from queued jobs to captured mails.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::invitations::samples::{NOW, config, keys, with_one_booking};
use crate::jobs::{NewJob, enqueue, enqueue_all};
use crate::mail::{captured, parts};

struct Book;
impl Command for Book {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in with_one_booking() {
            tx.execute(statement, vec![]).await?;
        }
        tx.execute("UPDATE sessions SET link = NULL", vec![]).await?;
        let job = |kind: &'static str, lane: &str, payload: serde_json::Value, after| NewJob {
            key: format!("{kind}/{lane}"),
            kind,
            payload,
            lane: lane.into(),
            after,
            due: NOW,
        };
        let link =
            enqueue(tx, &job("meeting-link", "session/501", serde_json::json!({"session": 501}), None), NOW).await?;
        let guest = serde_json::json!({"booking": 900, "sequence": 0, "to": "guest"});
        let host = serde_json::json!({"session": 501, "sequence": 0, "to": "host"});
        let jobs = [
            job("invite", "mail/900/guest", guest, Some(link)),
            job("invite", "mail/501/host", host, Some(link)),
            job("no-such-kind", "nowhere", serde_json::json!({}), None),
        ];
        enqueue_all(tx, &jobs, NOW).await.map(drop)
    }
}

/// Waits until the database holds so many rows.
async fn until(desk: &Desk, count: &'static str, wanted: i64) {
    for _ in 0..2000 {
        let (found,): (i64,) = desk.db.read().await.unwrap().one(count, vec![]).await.unwrap();
        if found == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never {wanted}: {count}");
}

on_both_databases! {

async fn two_workers_make_the_link_and_send_each_invite_once(fresh) {
    let db = Db::open(&fresh.target).await.unwrap();
    let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), config(), keys()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let workers: Vec<_> =
        (0..2).map(|_| tokio::spawn(crate::worker::run(desk.clone(), stopped.clone()))).collect();
    desk.db.run(Book).await.unwrap();
    until(&desk, "SELECT COUNT(*) FROM jobs WHERE finished IS NULL", 0).await;
    let mut conn = desk.db.read().await.unwrap();
    let outcomes: Vec<(String, String, i64)> =
        conn.all("SELECT kind, outcome, attempts FROM jobs ORDER BY kind, id", vec![]).await.unwrap();
    let outcomes: Vec<String> = outcomes.iter().map(|(kind, outcome, times)| format!("{kind} {outcome} {times}")).collect();
    assert_eq!(outcomes, ["invite done 1", "invite done 1", "meeting-link done 1", "no-such-kind failed 1"]);
    let mails = captured::list(&mut conn, 10).await.unwrap();
    assert_eq!(mails.len(), 2);
    let (link,): (String,) = conn.one("SELECT link FROM sessions", vec![]).await.unwrap();
    assert!(link.starts_with("https://meet.jit.si/openhour-"), "{link}");
    for mail in mails {
        let found = parts(&captured::one(&mut conn, mail.id).await.unwrap().unwrap());
        assert!(found.calendar.unwrap().replace("\r\n ", "").contains(&format!("LOCATION:{link}\r\n")));
    }
    drop(conn);
    stop.send(true).unwrap();
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
}

}
