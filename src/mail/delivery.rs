//! From a queued job to a delivered, captured or dropped mail, with servers that misbehave.

use std::time::Duration;

use super::scripted_server::{Fault, ScriptedServer, Stage, Turn};
use super::{Mailer, captured, carry_out, parts};
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::invitations::samples::{NOW, config, keys, with_one_booking};
use crate::jobs::{Attempt, Job, Lease, NewJob, enqueue_all};

/// Runs statements without values.
struct Statements(Vec<String>);
impl Command for Statements {
    type Output = ();
    type Refusal = DbError;
    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in &self.0 {
            tx.execute(sqlx::AssertSqlSafe(statement.clone()), vec![]).await?;
        }
        Ok(())
    }
}

struct Enqueue(Vec<NewJob>);
impl Command for Enqueue {
    type Output = ();
    type Refusal = DbError;
    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        enqueue_all(tx, &self.0, NOW).await.map(drop)
    }
}

/// A desk over a database with one booking: Tariq (4) with Aisha (3), session 501, booking 900.
async fn desk(fresh: &crate::db::fresh::Fresh) -> Desk {
    let db = Db::open(&fresh.target).await.unwrap();
    let desk = Desk::new(db, crate::clock::Clock::fixed(NOW), config(), keys());
    change(&desk, &with_one_booking()).await;
    desk
}

async fn change(desk: &Desk, statements: &[&str]) {
    desk.db.run(Statements(statements.iter().map(|text| (*text).to_owned()).collect())).await.unwrap();
}

fn to_guest(kind: &'static str, sequence: i64) -> NewJob {
    NewJob {
        key: format!("{kind}/booking/900/{sequence}/guest"),
        kind,
        payload: serde_json::json!({"booking": 900, "sequence": sequence, "to": "guest"}),
        lane: "mail/900/guest".into(),
        after: None,
        due: NOW,
    }
}

fn to_host(kind: &'static str, sequence: i64) -> NewJob {
    NewJob {
        key: format!("{kind}/session/501/{sequence}/host"),
        kind,
        payload: serde_json::json!({"session": 501, "sequence": sequence, "to": "host"}),
        lane: "mail/501/host".into(),
        after: None,
        due: NOW,
    }
}

async fn leased(desk: &Desk, job: NewJob) -> Job {
    desk.db.run(Enqueue(vec![job])).await.unwrap();
    again(desk).await
}

async fn again(desk: &Desk) -> Job {
    desk.db.run(Lease { limit: 1, now: desk.clock.now() }).await.unwrap().remove(0)
}

/// What the worker records of an attempt.
async fn record(desk: &Desk, job: Job, outcome: crate::jobs::Outcome) {
    desk.db.run(crate::jobs::Finish { job, outcome, error: None, now: desk.clock.now() }).await.unwrap();
}

fn mailer(server: &ScriptedServer) -> Mailer {
    let mut config = config();
    config.smtp_url = Some(format!("smtp://openhour:secret@{}?tls=opportunistic", server.address));
    Mailer::within(&config, Duration::from_millis(400)).unwrap()
}

const CANCELLED: [&str; 2] = [
    "UPDATE bookings SET status = 'cancelled', seat = NULL, sequence = 1, reason = 'A cold', changed = changed + 9 WHERE id = 900",
    "UPDATE sessions SET status = 'cancelled', sequence = 1, changed = changed + 9 WHERE id = 501",
];

on_both_databases! {

async fn without_a_server_mail_is_captured_and_readable(fresh) {
    let desk = desk(fresh).await;
    for job in [to_guest("invite", 0), to_host("invite", 0)] {
        let job = leased(&desk, job).await;
        assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, Attempt::Recorded);
    }
    let mut conn = desk.db.read().await.unwrap();
    let list = captured::list(&mut conn, 10).await.unwrap();
    let mut recipients: Vec<&str> = list.iter().map(|mail| mail.recipient.as_str()).collect();
    recipients.sort_unstable();
    assert_eq!(recipients, ["aisha@example.com", "tariq@example.net"]);
    let uids: Vec<String> = {
        let mut uids = Vec::new();
        for mail in &list {
            let found = parts(&captured::one(&mut conn, mail.id).await.unwrap().unwrap());
            assert!(found.plain.unwrap().contains("https://meet.example.org/r"));
            uids.push(found.calendar.unwrap().lines().find(|line| line.starts_with("UID")).unwrap().to_owned());
        }
        uids
    };
    assert_eq!(uids, ["UID:openhour-1@book.example.org"; 2]);
    let (open,): (i64,) = conn.one("SELECT COUNT(*) FROM jobs WHERE outcome IS NULL OR outcome <> 'done'", vec![]).await.unwrap();
    assert_eq!(open, 0);
}

async fn a_booking_that_moved_on_is_not_told_as_it_was(fresh) {
    let desk = desk(fresh).await;
    change(&desk, &["UPDATE bookings SET sequence = 1 WHERE id = 900", "UPDATE sessions SET sequence = 3 WHERE id = 501"]).await;
    for (job, wanted) in [
        (to_guest("invite", 0), Attempt::Obsolete),
        (to_host("invite", 2), Attempt::Obsolete),
        (to_guest("cancel", 1), Attempt::Obsolete),
        (to_host("invite", 3), Attempt::Recorded),
    ] {
        let job = leased(&desk, job).await;
        assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, wanted, "{}", job.key);
        record(&desk, job, crate::jobs::Outcome::Obsolete).await;
    }
    assert_eq!(captured::list(&mut desk.db.read().await.unwrap(), 10).await.unwrap().len(), 1);
}

async fn who_never_heard_of_a_booking_hears_of_no_cancellation(fresh) {
    let desk = desk(fresh).await;
    // The guest's invite was not sent before the cancellation; the host's was.
    desk.db.run(Enqueue(vec![to_host("invite", 0)])).await.unwrap();
    let host = again(&desk).await;
    assert_eq!(carry_out(&desk, &Mailer::Capture, &host).await, Attempt::Recorded);
    change(&desk, &CANCELLED).await;
    let guest = leased(&desk, to_guest("invite", 0)).await;
    assert_eq!(carry_out(&desk, &Mailer::Capture, &guest).await, Attempt::Obsolete);
    record(&desk, guest, crate::jobs::Outcome::Obsolete).await;
    let guest = leased(&desk, to_guest("cancel", 1)).await;
    assert_eq!(carry_out(&desk, &Mailer::Capture, &guest).await, Attempt::Obsolete);
    record(&desk, guest, crate::jobs::Outcome::Obsolete).await;
    let host = leased(&desk, to_host("cancel", 1)).await;
    assert_eq!(carry_out(&desk, &Mailer::Capture, &host).await, Attempt::Recorded);
    let mut conn = desk.db.read().await.unwrap();
    let mails = captured::list(&mut conn, 10).await.unwrap();
    assert_eq!(mails.len(), 2);
    let cancel = parts(&captured::one(&mut conn, mails[0].id).await.unwrap().unwrap());
    assert!(cancel.calendar.unwrap().contains("METHOD:CANCEL\r\n"));
    assert!(cancel.plain.unwrap().contains("A cold"));
}

async fn a_retry_sends_the_same_bytes_even_when_the_booking_reads_differently(fresh) {
    let desk = desk(fresh).await;
    let turns = [(Stage::Message, Fault::Drop), (Stage::Message, Fault::Stall), (Stage::Rcpt, Fault::NotNow)];
    let turns = turns.map(|(stage, fault)| Turn::Fail(stage, fault));
    let server = ScriptedServer::start(&turns).await;
    let mailer = mailer(&server);
    desk.db.run(Enqueue(vec![to_guest("invite", 0)])).await.unwrap();
    for _ in turns {
        let job = again(&desk).await;
        let attempt = carry_out(&desk, &mailer, &job).await;
        let Attempt::Again(error) = attempt else { panic!("{attempt:?}") };
        desk.db.run(crate::jobs::Postpone { job, error, now: desk.clock.now() }).await.unwrap();
        desk.clock.set(desk.clock.now() + 7200);
        change(&desk, &["UPDATE people SET name = name || '!' WHERE id = 3"]).await;
    }
    assert_eq!(carry_out(&desk, &mailer, &again(&desk).await).await, Attempt::Recorded);
    let received = server.received();
    let whole: Vec<Turn> = received.iter().map(|mail| mail.turn).collect();
    assert_eq!(whole, [turns[0], turns[1], Turn::Accept]);
    assert!(received.iter().all(|mail| mail.bytes == received[0].bytes), "the same bytes each time");
    assert_eq!((received[0].from.as_str(), received[0].to.as_str()), ("hello@book.example.org", "tariq@example.net"));
    let mut conn = desk.db.read().await.unwrap();
    let row: (String, Option<i64>, bool) = conn
        .one("SELECT j.outcome, m.sent, m.captured FROM jobs j JOIN mails m ON m.job = j.id", vec![])
        .await
        .unwrap();
    assert_eq!(row, ("done".into(), Some(desk.clock.now()), false));
}

async fn a_server_that_fails_at_any_point_gets_the_same_mail_again_unless_it_refused_this_one(fresh) {
    let desk = desk(fresh).await;
    for (stage, fault) in Stage::ALL.into_iter().flat_map(|stage| Fault::ALL.map(|fault| (stage, fault))) {
        let case = format!("{stage:?} {fault:?}");
        let server = ScriptedServer::start(&[Turn::Fail(stage, fault)]).await;
        let mailer = mailer(&server);
        let key = format!("case {case}");
        let mut job = leased(&desk, NewJob { key: key.clone(), lane: key, due: desk.clock.now(), ..to_guest("invite", 0) }).await;
        // The recipient or the message is refused for good; at the goodbye it has been already.
        let final_refusal = stage == Stage::Quit
            || (fault == Fault::Never && matches!(stage, Stage::Rcpt | Stage::Data | Stage::Message));
        let attempt = carry_out(&desk, &mailer, &job).await;
        match attempt {
            Attempt::Failed(error) if final_refusal => {
                assert!(error.contains("55"), "{case}: {error}");
                record(&desk, job, crate::jobs::Outcome::Failed).await;
                continue;
            }
            Attempt::Again(error) if !final_refusal => {
                assert!(!error.is_empty());
                desk.db.run(crate::jobs::Postpone { job, error, now: desk.clock.now() }).await.unwrap();
            }
            other => panic!("{case}: {other:?}"),
        }
        desk.clock.set(desk.clock.now() + 3_600);
        job = again(&desk).await;
        assert_eq!(carry_out(&desk, &mailer, &job).await, Attempt::Recorded, "{case}");
        let received = server.received();
        // Only a server that had the whole mail before it failed sees it twice, and knows it by its Message-ID.
        let times = if stage == Stage::Message { 2 } else { 1 };
        assert_eq!(received.len(), times, "{case}");
        assert!(received.iter().all(|mail| mail.bytes == received[0].bytes), "{case}: the same bytes");
    }
}

async fn a_server_that_is_not_there_is_asked_again(fresh) {
    let desk = desk(fresh).await;
    let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut config = config();
    config.smtp_url = Some(format!("smtp://{nowhere}"));
    let mailer = Mailer::within(&config, Duration::from_millis(400)).unwrap();
    let job = leased(&desk, to_guest("invite", 0)).await;
    let attempt = carry_out(&desk, &mailer, &job).await;
    assert!(matches!(&attempt, Attempt::Again(error) if error.contains("refused")), "{attempt:?}");
}

async fn one_connection_carries_many_mails_one_after_the_other(fresh) {
    let desk = desk(fresh).await;
    let server = ScriptedServer::start(&[]).await;
    let mailer = mailer(&server);
    for job in [to_guest("invite", 0), to_host("invite", 0)] {
        assert_eq!(carry_out(&desk, &mailer, &leased(&desk, job).await).await, Attempt::Recorded);
    }
    let recipients: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(recipients, ["tariq@example.net", "aisha@example.com"]);
    assert_eq!(server.connections(), 1);
}

async fn a_delivery_under_a_lost_lease_is_not_recorded(fresh) {
    let desk = desk(fresh).await;
    let slow = leased(&desk, to_guest("invite", 0)).await;
    desk.clock.set(NOW + crate::jobs::LEASE);
    let quick = again(&desk).await;
    assert_eq!(quick.id, slow.id);
    assert_eq!(carry_out(&desk, &Mailer::Capture, &slow).await, Attempt::Recorded);
    assert!(captured::list(&mut desk.db.read().await.unwrap(), 10).await.unwrap().is_empty());
    assert_eq!(carry_out(&desk, &Mailer::Capture, &quick).await, Attempt::Recorded);
    assert_eq!(captured::list(&mut desk.db.read().await.unwrap(), 10).await.unwrap().len(), 1);
}

}
