//! What the queue promises, on both databases.

use std::collections::HashSet;

use super::*;
use crate::db::{Command, Db, DbError, Tx};

const NOW: i64 = 1_795_000_000;

struct Enqueue(Vec<NewJob>);
impl Command for Enqueue {
    type Output = Vec<JobId>;
    type Refusal = DbError;
    async fn run(&self, tx: &mut Tx) -> Result<Vec<JobId>, DbError> {
        enqueue_all(tx, &self.0, NOW).await
    }
}

fn job(key: &str, lane: &str) -> NewJob {
    NewJob {
        key: key.into(),
        kind: "invite",
        payload: serde_json::json!({"booking": 7}),
        lane: lane.into(),
        after: None,
        due: NOW,
    }
}

async fn lease(db: &Db, now: i64) -> Vec<Job> {
    db.run(Lease { limit: 10, now }).await.unwrap()
}

async fn done(db: &Db, job: &Job, now: i64) -> bool {
    db.run(Finish { job: job.clone(), outcome: Outcome::Done, error: None, now }).await.unwrap()
}

fn keys(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.as_str()).collect()
}

on_both_databases! {
async fn a_key_is_queued_once(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    let first = db.run(Enqueue(vec![job("a", "1"), job("b", "2")])).await.unwrap();
    let again = db.run(Enqueue(vec![job("b", "9"), job("c", "3"), job("c", "3"), job("a", "9")])).await.unwrap();
    assert_eq!((again[0], again[3]), (first[1], first[0]));
    assert_eq!(again[1], again[2]);
    let leased = lease(&db, NOW).await;
    assert_eq!(keys(&leased), ["a", "b", "c"]);
    assert_eq!(leased[0].payload["booking"], 7);
    assert!(done(&db, &leased[0], NOW).await);
    assert_eq!(db.run(Enqueue(vec![job("a", "1")])).await.unwrap(), [first[0]], "a finished job keeps its key");
    assert!(lease(&db, NOW).await.is_empty());
}

async fn lanes_keep_their_order(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    db.run(Enqueue(vec![job("a1", "a"), job("a2", "a"), job("b1", "b")])).await.unwrap();
    let leased = lease(&db, NOW).await;
    assert_eq!(keys(&leased), ["a1", "b1"]);
    assert!(lease(&db, NOW).await.is_empty(), "a2 waits while a1 runs");
    db.run(Postpone { job: leased[0].clone(), error: "no".into(), now: NOW }).await.unwrap();
    assert!(lease(&db, NOW).await.is_empty(), "a2 waits while a1 is to be tried again");
    let leased = lease(&db, NOW + 60).await;
    assert_eq!(keys(&leased), ["a1"]);
    assert!(done(&db, &leased[0], NOW + 60).await);
    assert_eq!(keys(&lease(&db, NOW + 60).await), ["a2"]);
}

async fn a_job_waits_for_another(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    let link = db.run(Enqueue(vec![job("link", "session")])).await.unwrap()[0];
    db.run(Enqueue(vec![NewJob { after: Some(link), ..job("invite", "mail") }])).await.unwrap();
    let leased = lease(&db, NOW).await;
    assert_eq!(keys(&leased), ["link"]);
    let end = Finish { job: leased[0].clone(), outcome: Outcome::Failed, error: Some("no room".into()), now: NOW };
    assert!(db.run(end).await.unwrap());
    assert_eq!(keys(&lease(&db, NOW).await), ["invite"]);
}

async fn workers_never_share_a_lease(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    let jobs: Vec<NewJob> = (0..200).map(|n| job(&format!("job {n}"), &format!("lane {n}"))).collect();
    db.run(Enqueue(jobs)).await.unwrap();
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let leased = lease(&db, NOW).await;
                    if leased.is_empty() && !runnable(&mut db.read().await.unwrap(), NOW).await.unwrap() {
                        return mine;
                    }
                    mine.extend(leased.into_iter().map(|job| job.id));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    assert_eq!(all.len(), 200);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 200, "a job was leased twice");
}

async fn a_lost_lease_records_nothing(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    db.run(Enqueue(vec![job("a", "1")])).await.unwrap();
    let slow = lease(&db, NOW).await.remove(0);
    assert_eq!(next_due(&mut db.read().await.unwrap(), NOW).await.unwrap(), Some(NOW + LEASE));
    assert!(lease(&db, NOW + LEASE - 1).await.is_empty());
    let quick = lease(&db, NOW + LEASE).await.remove(0);
    assert_eq!((quick.id, quick.attempts), (slow.id, 2));
    assert!(!done(&db, &slow, NOW + LEASE).await);
    let settled = db.run(Postpone { job: slow, error: "late".into(), now: NOW + LEASE }).await.unwrap();
    assert_eq!(settled, Settled::Lost);
    assert!(done(&db, &quick, NOW + LEASE).await);
    assert!(!done(&db, &quick, NOW + LEASE).await, "finished once");
}

async fn failures_come_back_later_until_given_up(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    db.run(Enqueue(vec![job("a", "1")])).await.unwrap();
    let (mut now, mut attempts) = (NOW, 0);
    loop {
        let job = lease(&db, now).await.remove(0);
        attempts += 1;
        assert_eq!(job.attempts, attempts);
        match db.run(Postpone { job, error: "refused\r\nforged".into(), now }).await.unwrap() {
            Settled::Again(due) => {
                assert!(due > now && lease(&db, due - 1).await.is_empty());
                assert_eq!(next_due(&mut db.read().await.unwrap(), now).await.unwrap(), Some(due));
                now = due;
            }
            Settled::GivenUp => break,
            Settled::Lost => panic!("nobody else was there"),
        }
    }
    assert!(now - NOW > 2 * 86_400 && now - NOW <= 3 * 86_400, "given up after {} s", now - NOW);
    assert!(attempts > 70, "{attempts} attempts");
    let row: (String, String) = db.read().await.unwrap().one("SELECT outcome, error FROM jobs", vec![]).await.unwrap();
    assert_eq!(row, ("failed".into(), "refused  forged".into()));
}

async fn old_jobs_are_forgotten(fresh) {
let db = Db::open(&fresh.target).await.unwrap();
    db.run(Enqueue(vec![job("a", "1"), job("b", "2"), job("c", "3")])).await.unwrap();
    let leased = lease(&db, NOW).await;
    assert!(done(&db, &leased[0], NOW).await);
    let end = Finish { job: leased[1].clone(), outcome: Outcome::Failed, error: None, now: NOW };
    assert!(db.run(end).await.unwrap());
    let left = async |after: i64| {
        db.run(Purge { now: NOW + after, keep_bodies: 86_400 }).await.unwrap();
        let rows: Vec<(String,)> =
            db.read().await.unwrap().all("SELECT key FROM jobs ORDER BY id", vec![]).await.unwrap();
        rows.into_iter().map(|row| row.0).collect::<String>()
    };
    assert_eq!(left(KEEP_FINISHED).await, "abc");
    assert_eq!(left(KEEP_FINISHED + 1).await, "bc");
    assert_eq!(left(KEEP_FAILED + 1).await, "c", "what never ended stays");
}
}
