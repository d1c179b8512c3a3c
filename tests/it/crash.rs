//! `kill -9` at random moments under load. What was acknowledged is there afterwards: bookings, calendar writes, and two
//! invites for every booking. A mail may come twice only as the same mail.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use openhour::db::{Command, Db, DbError, Tx};
use serde_json::Value;

use crate::http::Http;
use crate::installation::{Host, Installation, Server, available, event, midnight_in, offer_path, token};
use crate::python::SmtpSink;

const ROUNDS: usize = 6;
const BOOKERS: usize = 6;
const WRITERS: usize = 4;
/// Days of 24 slots for each of two hosts: more than the rounds can sell.
const DAYS: i64 = 8;
/// A round's first booking is answered until then.
const WARM: Duration = Duration::from_secs(15);
/// Mail flows until then, or the test fails.
const DRAINED: Duration = Duration::from_secs(90);

on_both_databases! {
    fn nothing_acknowledged_is_lost_when_the_server_is_killed(fresh) {
        let folder = tempfile::tempdir().unwrap();
        let sink = SmtpSink::start(folder.path());
        let installation = Installation::on(fresh).with("OPENHOUR_SMTP_URL", &sink.url());
        installation.team("mentoring", 1);
        let hosts = [
            installation.host("ana@example.org", "mentoring"),
            installation.host("ben@example.org", "mentoring"),
        ];
        let load = Load::new(&installation, &hosts);
        for round in 0..ROUNDS {
            let moment = load.run_until_killed(&installation);
            println!("round {round}: killed after {moment:?}, {} bookings so far", load.booked.lock().unwrap().len());
            load.check_writes(&installation);
        }
        run_out_leases(&installation);
        let server = installation.serve_at(load.address());
        wait_until_drained(&installation, &server);
        load.check_bookings(&server);
        check_mails(&installation, &sink);
        drop(server);
        installation.run(&["check"]);
    }
}

/// What the load did, and what it was told.
struct Load<'a> {
    hosts: &'a [Host; 2],
    starts: Vec<String>,
    next: AtomicUsize,
    address: std::net::SocketAddr,
    booked: Mutex<Vec<Value>>,
    writes: Mutex<BTreeMap<String, Write>>,
}

/// The last acknowledged content of an object, and what was sent after it without an answer.
#[derive(Default, Clone)]
struct Write {
    acknowledged: Option<String>,
    perhaps: Option<String>,
    count: usize,
}

impl<'a> Load<'a> {
    fn new(installation: &Installation, hosts: &'a [Host; 2]) -> Self {
        let server = installation.serve();
        for host in hosts {
            server.put_offer(host, "hours", &available(&host.email, midnight_in(3), DAYS * 24));
        }
        let starts = server.slots("mentoring").into_iter().map(|(start, _)| start).collect();
        let address = server.address;
        Self { hosts, starts, next: AtomicUsize::new(0), address, booked: Mutex::default(), writes: Mutex::default() }
    }

    fn address(&self) -> std::net::SocketAddr {
        self.address
    }

    /// Starts the server, loads it from all sides, kills it at a random moment.
    fn run_until_killed(&self, installation: &Installation) -> Duration {
        let server = installation.serve_at(self.address);
        let before = self.booked.lock().unwrap().len();
        let moment = Duration::from_millis(u64::from(random_byte()) * 3);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..BOOKERS {
                scope.spawn(|| self.book(&server, &stop));
            }
            for writer in 0..WRITERS {
                let (dav, stop) = (server.dav(&self.hosts[writer % 2]), &stop);
                scope.spawn(move || self.write(&dav, writer, stop));
            }
            // On a busy machine the first answer may take a while; a crash before it would prove nothing.
            let begun = Instant::now();
            while self.booked.lock().unwrap().len() == before && begun.elapsed() < WARM {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(moment);
            kill_process(&server);
            stop.store(true, Ordering::Release);
        });
        server.kill();
        moment
    }

    fn book(&self, server: &Server, stop: &AtomicBool) {
        while !stop.load(Ordering::Acquire) {
            let number = self.next.fetch_add(1, Ordering::AcqRel);
            let Some(start) = self.starts.get(number / 2) else { return };
            let Ok(answer) = server.book("mentoring", start, &format!("guest{number}@example.com")) else { continue };
            if answer.status == 201 {
                self.booked.lock().unwrap().push(answer.json());
            } else {
                assert_eq!(answer.status, 409, "{}", answer.text());
            }
        }
    }

    fn write(&self, dav: &Http, writer: usize, stop: &AtomicBool) {
        for number in (0..).take_while(|_| !stop.load(Ordering::Acquire)) {
            let name = format!("note-{writer}-{}", number % 5);
            let path = offer_path(&self.hosts[writer % 2], &name);
            let mut write = self.writes.lock().unwrap().get(&path).cloned().unwrap_or_default();
            write.count += 1;
            let starts = midnight_in(100) + 3600 * number;
            let ics = event(&name, &format!("Version {}", write.count), starts, 1);
            write.perhaps = Some(ics.clone());
            self.writes.lock().unwrap().insert(path.clone(), write.clone());
            let Ok(answer) = dav.put_event(&path, &ics) else { continue };
            assert!(matches!(answer.status, 201 | 204), "{}: {}", answer.status, answer.text());
            write = Write { acknowledged: Some(ics), perhaps: None, count: write.count };
            self.writes.lock().unwrap().insert(path, write);
        }
    }

    /// Each object has its last acknowledged bytes, or those whose answer the crash swallowed.
    fn check_writes(&self, installation: &Installation) {
        let server = installation.serve_at(self.address);
        for (path, write) in self.writes.lock().unwrap().iter_mut() {
            let host = self.hosts.iter().find(|host| path.contains(&host.email)).unwrap();
            let answer = server.dav(host).get(path).unwrap();
            let stored = (answer.status == 200).then(|| answer.text());
            assert!(
                stored == write.acknowledged || (stored.is_some() && stored == write.perhaps),
                "{path}: a write was lost\nacknowledged: {:?}\nunanswered: {:?}\nstored: {stored:?}",
                write.acknowledged,
                write.perhaps,
            );
            // From now on this is what must not be lost.
            write.acknowledged = stored;
            write.perhaps = None;
        }
    }

    fn check_bookings(&self, server: &Server) {
        let booked = self.booked.lock().unwrap();
        assert!(booked.len() >= ROUNDS, "only {} bookings: this proves little", booked.len());
        for booking in booked.iter() {
            let answer = server.http.get(&format!("/api/v1/bookings/{}", token(booking))).unwrap();
            assert_eq!(answer.status, 200, "an acknowledged booking was lost: {booking}");
            let now = answer.json();
            for field in ["uid", "start", "end"] {
                assert_eq!(now[field], booking[field], "{booking}\n{now}");
            }
        }
        println!("{} acknowledged bookings, all there", booked.len());
    }
}

/// Every booking that stands has told guest and host; who was told twice got the same mail.
fn check_mails(installation: &Installation, sink: &SmtpSink) {
    let mut told: BTreeMap<(String, String, u64), Vec<String>> = BTreeMap::new();
    for mail in sink.mails() {
        let invite = &mail["invite"];
        assert!(!invite.is_null(), "a mail without invite: {mail}");
        let recipient = mail["to"][0].as_str().unwrap().to_owned();
        let key = (recipient, invite["uid"].as_str().unwrap().to_owned(), invite["sequence"].as_u64().unwrap());
        told.entry(key).or_default().push(mail["message_id"].as_str().unwrap().to_owned());
    }
    let mut repeated = 0;
    for (key, ids) in &told {
        assert!(ids.iter().all(|id| id == &ids[0]), "{key:?} came as different mails: {ids:?}");
        repeated += ids.len() - 1;
    }
    let bookings = standing_bookings(installation);
    for (guest, guest_uid, host, host_uid) in &bookings {
        for (person, uid) in [(guest, guest_uid), (host, host_uid)] {
            let found = told.keys().any(|(to, told_uid, _)| to == person && told_uid == uid);
            assert!(found, "{person} never heard of {uid}");
        }
    }
    println!("{} bookings, {} invites, {repeated} repeated after a crash", bookings.len(), told.len());
}

/// `(guest, uid of the guest's event, host, uid of the host's event)` of all confirmed bookings.
fn standing_bookings(installation: &Installation) -> Vec<(String, String, String, String)> {
    with_database(installation, async |db| {
        let mut conn = db.read().await.unwrap();
        conn.all(
            "SELECT guest.email, bookings.uid, host.email, sessions.uid FROM bookings \
             JOIN sessions ON sessions.id = bookings.session JOIN people guest ON guest.id = bookings.guest \
             JOIN people host ON host.id = sessions.host WHERE bookings.status = 'confirmed'",
            vec![],
        )
        .await
        .unwrap()
    })
}

/// A killed worker's leases end by themselves after two minutes. The test does not wait for that: it moves them back.
fn run_out_leases(installation: &Installation) {
    struct RunOut;
    impl Command for RunOut {
        type Output = ();
        type Refusal = DbError;
        async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
            tx.execute("UPDATE jobs SET leased_until = 0 WHERE finished IS NULL AND leased_until IS NOT NULL", vec![])
                .await?;
            Ok(())
        }
    }
    with_database(installation, async |db| db.run(RunOut).await.unwrap());
}

fn wait_until_drained(installation: &Installation, server: &Server) {
    let begun = Instant::now();
    loop {
        let left = with_database(installation, async |db| {
            let mut conn = db.read().await.unwrap();
            let rows: Vec<(String, i64, Option<String>)> = conn
                .all("SELECT key, attempts, error FROM jobs WHERE finished IS NULL AND kind <> 'reminder' ORDER BY id LIMIT 5", vec![])
                .await
                .unwrap();
            rows
        });
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < DRAINED, "still to do: {left:?}\n{}", server.log());
        std::thread::sleep(Duration::from_millis(200));
    }
}

pub(crate) fn with_database<T>(installation: &Installation, work: impl AsyncFnOnce(Db) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&installation.database().target).await.unwrap();
        let result = work(db.clone()).await;
        db.close().await;
        result
    })
}

/// SIGKILL from outside, while the load still runs; the child is reaped afterwards.
fn kill_process(server: &Server) {
    let status = std::process::Command::new("kill").args(["-9", &server.id().to_string()]).status().unwrap();
    assert!(status.success());
}

fn random_byte() -> u8 {
    let mut byte = [0];
    getrandom::fill(&mut byte).unwrap();
    byte[0]
}
