//! Reminders that are due: what has become of the session meanwhile decides, up to the last attempt.

use std::time::Duration;

use super::scripted_server::{Fault, ScriptedServer, Stage, Turn};
use super::{Mailer, captured, carry_out, parts};
use crate::clock::Clock;
use crate::db::fresh::Fresh;
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::invitations::samples::{NOW, config, keys, with_one_booking};
use crate::jobs::{Attempt, Job, LEASE, Lease, NewJob, Postpone, enqueue};

/// Start of the one session.
const STARTS: i64 = 1_795_716_000;
const DAY: i64 = 86_400;

struct Run(Vec<String>);
impl Command for Run {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in &self.0 {
            tx.execute(sqlx::AssertSqlSafe(statement.clone()), vec![]).await?;
        }
        Ok(())
    }
}

struct Queue(NewJob);
impl Command for Queue {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        enqueue(tx, &self.0, NOW).await.map(drop)
    }
}

/// A desk whose clock stands where the reminder of the day before is due, and that reminder.
async fn due(fresh: &Fresh, to: &str) -> (Desk, Job) {
    let clock = Clock::fixed(STARTS - DAY);
    let desk = Desk::new(Db::open(&fresh.target).await.unwrap(), clock, config(), keys());
    desk.db.run(Run(with_one_booking().map(str::to_owned).to_vec())).await.unwrap();
    let (named, id) = if to == "guest" { ("booking", 900) } else { ("session", 501) };
    let job = NewJob {
        key: format!("reminder/{id}/{to}"),
        kind: "reminder",
        payload: serde_json::json!({named: id, "starts": STARTS, "until": STARTS - 3_600, "to": to}),
        lane: format!("reminder/{id}/{to}"),
        after: None,
        due: STARTS - DAY,
    };
    desk.db.run(Queue(job)).await.unwrap();
    let job = leased(&desk).await;
    (desk, job)
}

async fn leased(desk: &Desk) -> Job {
    desk.db.run(Lease { limit: 1, now: desk.clock.now() }).await.unwrap().remove(0)
}

async fn mails(desk: &Desk) -> usize {
    captured::list(&mut desk.db.read().await.unwrap(), 10).await.unwrap().len()
}

on_both_databases! {

async fn a_reminder_says_all_one_needs_and_brings_no_event(fresh) {
    let (desk, job) = due(fresh, "host").await;
    assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, Attempt::Recorded);
    let mut conn = desk.db.read().await.unwrap();
    let id = captured::list(&mut conn, 1).await.unwrap()[0].id;
    let mail = parts(&captured::one(&mut conn, id).await.unwrap().unwrap());
    assert!(mail.calendar.is_none());
    let plain = mail.plain.unwrap();
    for words in ["you meet Tariq Aziz soon", "18:00 to 19:00 (Europe/London)", "(Europe/Berlin)", "https://meet.example.org/r", "Salary"] {
        assert!(plain.contains(words), "{words}: {plain}");
    }
}

async fn what_is_not_so_any_more_is_not_told(fresh) {
    for (what, change) in [
        ("moved", "UPDATE sessions SET starts = starts + 3600, ends = ends + 3600"),
        ("cancelled", "UPDATE bookings SET status = 'cancelled', seat = NULL"),
        ("held again", "UPDATE bookings SET status = 'held'"),
        ("not wanted", "UPDATE people SET reminders = FALSE"),
        ("banned", "UPDATE people SET banned = TRUE"),
    ] {
        for to in ["guest", "host"] {
            let (desk, job) = due(fresh, to).await;
            desk.db.run(Run(vec![change.into()])).await.unwrap();
            assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, Attempt::Obsolete, "{what}, {to}");
            assert_eq!(mails(&desk).await, 0);
            let clean = ["DELETE FROM jobs", "DELETE FROM bookings", "DELETE FROM sessions", "DELETE FROM session_types", "DELETE FROM teams", "DELETE FROM people"];
            desk.db.run(Run(clean.map(str::to_owned).to_vec())).await.unwrap();
        }
    }
}

async fn a_reminder_that_comes_when_the_next_is_due_does_not_come(fresh) {
    let (desk, job) = due(fresh, "guest").await;
    desk.clock.set(STARTS - 3_600);
    assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, Attempt::Obsolete);
}

async fn while_a_cancellation_can_be_taken_back_the_reminder_waits(fresh) {
    let (desk, job) = due(fresh, "host").await;
    let until = desk.clock.now() + 120;
    let cancelling = format!("UPDATE bookings SET status = 'cancelling', cancelling_by = 4, expires = {until}");
    desk.db.run(Run(vec![cancelling])).await.unwrap();
    let Attempt::AgainIn { seconds, .. } = carry_out(&desk, &Mailer::Capture, &job).await else { panic!("told") };
    assert!((120..180).contains(&seconds), "{seconds}");
    let kept = "UPDATE bookings SET status = 'confirmed', cancelling_by = NULL, expires = NULL";
    desk.db.run(Run(vec![kept.into()])).await.unwrap();
    assert_eq!(carry_out(&desk, &Mailer::Capture, &job).await, Attempt::Recorded);
}

async fn a_session_that_moves_between_two_attempts_is_not_told_as_it_was(fresh) {
    let (desk, job) = due(fresh, "guest").await;
    let server = ScriptedServer::start(&[Turn::Fail(Stage::Rcpt, Fault::NotNow)]).await;
    let mut config = config();
    config.smtp_url = Some(format!("smtp://{}", server.address));
    let mailer = Mailer::within(&config, Duration::from_secs(5)).unwrap();
    let Attempt::Again(error) = carry_out(&desk, &mailer, &job).await else { panic!("the server takes nothing yet") };
    desk.db.run(Postpone { job, error, now: desk.clock.now() }).await.unwrap();
    desk.db.run(Run(vec!["UPDATE sessions SET starts = starts + 60, ends = ends + 60".into()])).await.unwrap();
    desk.clock.set(desk.clock.now() + 600);
    assert_eq!(carry_out(&desk, &mailer, &leased(&desk).await).await, Attempt::Obsolete);
    assert!(server.received().is_empty());
}

async fn two_workers_with_the_same_reminder_send_it_once(fresh) {
    let (desk, slow) = due(fresh, "guest").await;
    desk.clock.set(desk.clock.now() + LEASE);
    let quick = leased(&desk).await;
    assert_eq!(quick.id, slow.id);
    assert_eq!(carry_out(&desk, &Mailer::Capture, &quick).await, Attempt::Recorded);
    assert_eq!(carry_out(&desk, &Mailer::Capture, &slow).await, Attempt::Recorded);
    assert_eq!(mails(&desk).await, 1);
}

}
