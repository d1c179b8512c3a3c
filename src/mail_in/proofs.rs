//! From bytes to what stays in the database, on both databases.

use std::sync::Arc;

use bytes::Bytes;

use super::authentication::stand_in::{StandIn, signed};
use super::received::Envelope;
use super::{Inbox, once};
use crate::clock::Clock;
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::invitations::REPLY_TOKEN;
use crate::invitations::samples::{NOW, config, keys, with_one_booking};

const BOUNCE: &str = include_str!("../../fixtures/mail/bounce-no-such-user.eml");
const HELLO: &str = "From: tariq@example.net\nTo: available@book.example.org\nDate: Fri, 20 Nov 2026 12:00:00 +0000\n\
                     Message-ID: <hello@example.net>\n\nHello.\n";

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

/// An inbox over a database with one booking, whose invites went out; and the stand-in name server.
async fn inbox(fresh: &crate::db::fresh::Fresh) -> (Arc<Inbox>, StandIn) {
    let dns = StandIn::of(&["example.net"]).await;
    let mut config = config();
    config.dns_server = Some(dns.address);
    let db = Db::open(&fresh.target).await.unwrap();
    let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), config, keys()));
    let mut statements: Vec<String> = with_one_booking().map(str::to_owned).into();
    for (job, payload, id) in [
        (70, r#"{"booking": 900, "sequence": 0, "to": "guest"}"#, "k3v7q2aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        (71, r#"{"session": 501, "sequence": 0, "to": "host"}"#, "k3v7q2bbbbbbbbbbbbbbbbbbbbbbbbbb"),
    ] {
        statements.push(format!(
            "INSERT INTO jobs (id, key, kind, payload, lane, due, finished, outcome, created) \
             VALUES ({job}, 'invite/{job}', 'invite', '{payload}', 'mail/{job}', {NOW}, {NOW}, 'done', {NOW})"
        ));
        statements.push(format!(
            "INSERT INTO mails (job, message_id, sender, recipient, subject, bytes, composed, sent) VALUES \
             ({job}, '{id}@book.example.org', 'hello@book.example.org', 'x@example.net', 'x', '', {NOW}, {NOW})"
        ));
    }
    desk.db.run(Statements(statements)).await.unwrap();
    (Arc::new(Inbox::new(desk)), dns)
}

async fn takes(inbox: &Inbox, message: &str) -> usize {
    inbox.take_all(Bytes::from(message.to_owned()), &Envelope::default()).await.unwrap()
}

/// `(address, verdict, brings, outcome)` of what was noted, in the order of coming.
async fn noted(inbox: &Inbox) -> Vec<(String, String, String, String)> {
    let mut conn = inbox.desk().db.read().await.unwrap();
    conn.all("SELECT address, verdict, brings, outcome FROM received ORDER BY at, verdict, brings", vec![])
        .await
        .unwrap()
}

fn line(address: &str, verdict: &str, brings: &str, outcome: &str) -> (String, String, String, String) {
    (address.into(), verdict.into(), brings.into(), outcome.into())
}

async fn counts(inbox: &Inbox) -> (i64, i64) {
    let mut conn = inbox.desk().db.read().await.unwrap();
    conn.one(
        "SELECT (SELECT COUNT(*) FROM mails WHERE undelivered IS NOT NULL), \
                (SELECT COUNT(*) FROM booking_log WHERE booking = 900 AND action = 'undelivered')",
        vec![],
    )
    .await
    .unwrap()
}

on_both_databases! {

async fn a_report_marks_the_mail_and_its_booking_once(fresh) {
    let (inbox, _dns) = inbox(fresh).await;
    for _ in 0..3 {
        assert_eq!(takes(&inbox, BOUNCE).await, 1);
    }
    assert_eq!(counts(&inbox).await, (1, 1));
    let again = BOUNCE.replace("20261120120511.6D1F2400A2", "another");
    assert_eq!(takes(&inbox, &again).await, 1);
    assert_eq!(counts(&inbox).await, (1, 1), "a second report of the same mail");
    let host = again.replace("another", "third").replace("k3v7q2aaaaaaaaaaaaaaaaaaaaaaaaaa", "k3v7q2bbbbbbbbbbbbbbbbbbbbbbbbbb");
    takes(&inbox, &host).await;
    assert_eq!(counts(&inbox).await, (2, 2), "the host's mail tells of the session's bookings");
    let delayed = host.replace("third", "fourth").replace("Action: failed", "Action: delayed");
    takes(&inbox, &delayed).await;
    let foreign = BOUNCE.replace("<k3v7q2aaaaaaaaaaaaaaaaaaaaaaaaaa@", "<guessed@").replace("6D1F2400A2@", "x@");
    takes(&inbox, &foreign).await;
    assert_eq!(counts(&inbox).await, (2, 2));
    let outcomes: Vec<String> = noted(&inbox).await.into_iter().map(|line| line.3).collect();
    assert_eq!(outcomes.iter().filter(|word| *word == "done").count(), 2);
    assert_eq!(outcomes.iter().filter(|word| *word == "ignored").count(), 3);
}

async fn a_message_acts_once_for_each_of_our_addresses_however_often_it_comes(fresh) {
    let (inbox, _dns) = inbox(fresh).await;
    let reply = format!("r-{}@book.example.org", keys().token(REPLY_TOKEN, 900, 0, 0));
    let to_both = HELLO.replace("To: available", &format!("Cc: {reply}, nobody@book.example.org\nTo: Available"));
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (inbox, message) = (inbox.clone(), to_both.clone());
        tasks.push(tokio::spawn(async move { takes(&inbox, &message).await }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), 2);
    }
    let mut noted = noted(&inbox).await;
    noted.sort();
    assert_eq!(noted, [
        line("reply", "unauthenticated", "text", "unknown"),
        line("robot", "unauthenticated", "text", "ignored"),
    ]);
}

async fn a_forged_copy_does_not_take_the_place_of_the_genuine_one(fresh) {
    let (inbox, _dns) = inbox(fresh).await;
    let genuine = signed(HELLO, "example.net", &["From", "To", "Date", "Message-ID"]);
    takes(&inbox, HELLO).await;
    takes(&inbox, &genuine).await;
    assert_eq!(noted(&inbox).await, [
        line("robot", "authenticated", "text", "ignored"),
        line("robot", "unauthenticated", "text", "ignored"),
    ]);
    takes(&inbox, &genuine).await;
    takes(&inbox, HELLO).await;
    assert_eq!(noted(&inbox).await.len(), 2);
}

async fn what_is_not_for_us_leaves_no_trace_and_what_cannot_be_read_is_noted(fresh) {
    let (inbox, dns) = inbox(fresh).await;
    assert_eq!(takes(&inbox, &HELLO.replace("available@", "somebody@")).await, 0);
    assert!(noted(&inbox).await.is_empty());
    let deep: String = (0..20).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    assert_eq!(takes(&inbox, &format!("{}{deep}", HELLO.replace("\n\nHello.\n", "\n"))).await, 0);
    assert_eq!(noted(&inbox).await, [line("", "unauthenticated", "", "unreadable")]);
    assert_eq!(dns.asked(), 0);
}

async fn our_own_mail_and_automatic_answers_go_round_in_no_circle(fresh) {
    let (inbox, dns) = inbox(fresh).await;
    for own in [
        HELLO.replace("tariq@example.net", "hello@book.example.org"),
        HELLO.replace("hello@example.net", "k3v7q2aaaaaaaaaaaaaaaaaaaaaaaaaa@book.example.org"),
        HELLO.replace("hello@example.net", "away@example.net").replace("\n\nHello", "\nAuto-Submitted: auto-replied\n\nHello"),
    ] {
        assert_eq!(takes(&inbox, &own).await, 1);
    }
    assert_eq!(noted(&inbox).await, [(); 3].map(|()| line("robot", "unauthenticated", "text", "ignored")));
    assert_eq!(dns.asked(), 0);
}

async fn floods_are_bounded_by_sender(fresh) {
    let (inbox, _dns) = inbox(fresh).await;
    let bucket = |name: &str| keys().hash(&format!("mail-in/{name}"));
    let hour = (NOW / 3600 + 1) * 3600;
    let full = |name: &str, count: i64| {
        format!("INSERT INTO attempts (bucket, period, count) VALUES ('{}', {hour}, {count})", bucket(name))
    };
    let statements = vec![full("unknown", crate::mail_in::floods::UNKNOWN), full("tariq@example.net", crate::mail_in::floods::PER_SENDER)];
    inbox.desk().db.run(Statements(statements)).await.unwrap();
    takes(&inbox, HELLO).await;
    assert_eq!(noted(&inbox).await, [line("robot", "unauthenticated", "text", "ignored")]);
    let genuine = signed(HELLO, "example.net", &["From", "To", "Date", "Message-ID"]);
    let later = inbox.take_all(Bytes::from(genuine.clone()), &Envelope::default()).await;
    assert!(later.is_err(), "an address we know may come again later");
    assert_eq!(noted(&inbox).await.len(), 1, "and is not noted as taken");
    inbox.desk().clock.set(NOW + 3600);
    takes(&inbox, &genuine).await;
    assert_eq!(noted(&inbox).await.len(), 2);
}

async fn what_was_taken_is_forgotten_in_time_and_who_sent_it_earlier(fresh) {
    let (inbox, _dns) = inbox(fresh).await;
    takes(&inbox, HELLO).await;
    let sender = async || {
        let mut conn = inbox.desk().db.read().await.unwrap();
        let rows: Vec<(String,)> = conn.all("SELECT sender FROM received", vec![]).await.unwrap();
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    assert_eq!(sender().await, ["tariq@example.net"]);
    inbox.desk().db.run(once::Forget { now: NOW + 31 * 86_400, keep_sender: 30 * 86_400 }).await.unwrap();
    assert_eq!(sender().await, [""]);
    takes(&inbox, HELLO).await;
    assert_eq!(sender().await.len(), 1);
    inbox.desk().db.run(once::Forget { now: NOW + 91 * 86_400, keep_sender: 30 * 86_400 }).await.unwrap();
    assert!(sender().await.is_empty());
}

}
