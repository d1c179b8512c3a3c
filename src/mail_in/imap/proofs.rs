//! Watching a real mailbox: Dovecot, which is hung up on, restarted, and made to forget its UIDs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::dovecot::Dovecot;
use crate::clock::Clock;
use crate::config::ImapAccount;
use crate::db::fresh::Fresh;
use crate::db::{Db, Target};
use crate::desk::Desk;
use crate::invitations::samples::{config, keys};
use crate::mail_in::Inbox;

const PATIENCE: Duration = Duration::from_secs(30);

/// A server process that watches the mailbox.
struct Watcher {
    inbox: Arc<Inbox>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Watcher {
    async fn start(target: &Target, dovecot: &Dovecot) -> Self {
        let db = Db::open(target).await.unwrap();
        let inbox = Arc::new(Inbox::new(Arc::new(Desk::new(db, Clock::system(), config(), keys()))));
        let account: ImapAccount = dovecot.url().parse().unwrap();
        let (stop, stopped) = watch::channel(false);
        let watching = inbox.clone();
        let task = tokio::spawn(async move { super::watch(&watching, &account, stopped).await });
        Self { inbox, stop, task }
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
        self.inbox.desk().db.close().await;
    }

    async fn taken(&self) -> i64 {
        let mut conn = self.inbox.desk().db.read().await.unwrap();
        let (count,): (i64,) = conn.one("SELECT COUNT(*) FROM received", vec![]).await.unwrap();
        count
    }

    /// UIDVALIDITY and the last UID done.
    async fn reached(&self) -> (i64, i64) {
        let mut conn = self.inbox.desk().db.read().await.unwrap();
        conn.optional("SELECT validity, uid FROM mailboxes", vec![]).await.unwrap().unwrap_or_default()
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "{what}: not after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn mail(number: u32, to: &str) -> String {
    format!(
        "From: tariq@example.net\r\nTo: {to}@book.example.org\r\nMessage-ID: <{number}@example.net>\r\nSubject: {number}\r\n\r\n\
         Hello\r\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_is_watched_and_each_message_acts_once_whatever_the_mailbox_does() {
    let fresh = Fresh::sqlite();
    let mut dovecot = Dovecot::new();
    dovecot.deliver(&mail(1, "available"));
    // The server is not there yet: it is tried again.
    let watcher = Watcher::start(&fresh.target, &dovecot).await;
    dovecot.start();
    until("what waited is taken", async || watcher.taken().await == 1 && dovecot.messages() == (0, 1)).await;

    dovecot.deliver(&mail(2, "available"));
    until("IDLE tells of a new one", async || watcher.taken().await == 2).await;

    dovecot.deliver(&mail(2, "available"));
    dovecot.deliver(&mail(3, "somebody"));
    dovecot.deliver("From: a@example.net\r\nTo: available@book.example.org\r\n");
    let deep: String = (0..9).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    dovecot.deliver(&format!("From: a@example.net\nTo: available@book.example.org\n{deep}"));
    dovecot.deliver(&mail(4, "available"));
    until("duplicates, others' mail and unreadable mail hold up nothing", async || watcher.reached().await.1 >= 7)
        .await;
    assert_eq!(watcher.taken().await, 5, "1, 2, the empty one, the unreadable one, 4");
    assert_eq!(dovecot.messages(), (2, 5), "others' mail stays where it is, and what cannot be read");
    assert!(!dovecot.any_seen());

    dovecot.hang_up();
    dovecot.deliver(&mail(5, "available"));
    until("after a hang-up it goes on", async || watcher.taken().await == 6).await;

    let (before, _) = watcher.reached().await;
    watcher.stop().await;
    dovecot.stop();
    dovecot.bring_back();
    dovecot.forget();
    dovecot.start();
    dovecot.deliver(&mail(6, "available"));
    let watcher = Watcher::start(&fresh.target, &dovecot).await;
    until("with another UIDVALIDITY all is read again", async || {
        watcher.taken().await == 7 && dovecot.messages() == (2, 7)
    })
    .await;
    until("and noted", async || watcher.reached().await.0 != before).await;
    assert_eq!(watcher.taken().await, 7, "and nothing is taken twice");
    watcher.stop().await;
}
