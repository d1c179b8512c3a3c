//! How many open pages one server holds, what each costs, and how soon all of them hear of a change.
//!
//! ```text
//! scripts/with-postgres cargo bench --bench live            # 10,000 connections
//! scripts/with-postgres cargo bench --bench live -- 2000
//! ```
//!
//! Server and clients are processes of their own on this machine and share its processors. A time counts from just
//! before the request is sent (for the command line: from its end, when the change has been committed for a while) until
//! the client has read the message.

#![allow(missing_docs, unused, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../tests/it/db/mod.rs"]
mod db;
#[path = "../tests/it/http.rs"]
mod http;
#[path = "../tests/it/installation.rs"]
mod installation;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use db::fresh::Fresh;
use futures_util::StreamExt;
use installation::{Host, Installation, Server, available, midnight_in, token};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

const ROUNDS: usize = 20;
/// No change may take longer than this to arrive anywhere.
const GIVE_UP: Duration = Duration::from_secs(10);

fn main() {
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!("| case | connections | KiB each | first heard | half | 99 % | all | slowest round |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    runtime.block_on(one_process(wanted));
    if std::env::var("TEST_POSTGRES_URL").is_ok() {
        runtime.block_on(two_processes(wanted));
    } else {
        println!("(two processes on PostgreSQL: run it with scripts/with-postgres)");
    }
}

/// All connections in one process on SQLite: changes by the API, then by the command line beside it.
async fn one_process(wanted: usize) {
    let site = Site::on(Fresh::sqlite(), 1);
    let mut pages = Pages::open(&site.servers, wanted).await;
    let rounds = site.book_and_cancel(&mut pages).await;
    pages.print("SQLite, by API", &rounds);
    let mut rounds = Vec::new();
    for round in 0..6 {
        // Closes the first three days' slots, and opens them again.
        site.installation.notice(if round % 2 == 0 { "10d" } else { "1h" });
        rounds.push(pages.heard(Instant::now()).await);
    }
    pages.print("SQLite, by command line", &rounds);
}

/// Half of the connections each in two processes on one PostgreSQL; changes go to the first.
async fn two_processes(wanted: usize) {
    let site = Site::on(Fresh::postgres(), 2);
    let mut pages = Pages::open(&site.servers, wanted).await;
    let rounds = site.book_and_cancel(&mut pages).await;
    pages.print("PostgreSQL, two servers", &rounds);
}

/// A team whose host offers three hours a day for eight weeks.
struct Site {
    servers: Vec<Server>,
    installation: Installation,
}

impl Site {
    fn on(fresh: Fresh, servers: usize) -> Self {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 1);
        let host = installation.host("ana@example.org", "mentoring");
        let servers: Vec<Server> = (0..servers).map(|_| installation.serve()).collect();
        for day in 7..63 {
            let name = format!("day-{day}");
            servers[0].put_offer(&host, &name, &available(&name, midnight_in(day), 3));
        }
        Self { servers, installation }
    }

    async fn book_and_cancel(&self, pages: &mut Pages) -> Vec<Vec<Duration>> {
        let server = &self.servers[0];
        let mut rounds = Vec::new();
        for round in 0..ROUNDS / 2 {
            let (start, _) = server.slots("mentoring").swap_remove(round);
            let begun = Instant::now();
            let booked = server.book("mentoring", &start, &format!("guest{round}@example.com")).unwrap();
            assert_eq!(booked.status, 201, "{}", booked.text());
            rounds.push(pages.heard(begun).await);
            let path = format!("/api/v1/bookings/{}/cancel", token(&booked.json()));
            let begun = Instant::now();
            assert_eq!(server.http.post_json(&path, &serde_json::json!({})).unwrap().status, 200);
            rounds.push(pages.heard(begun).await);
        }
        rounds
    }
}

/// Open connections, which all report each message.
struct Pages {
    count: usize,
    each: f64,
    heard: mpsc::UnboundedReceiver<Instant>,
}

impl Pages {
    async fn open(servers: &[Server], wanted: usize) -> Self {
        let (report, mut heard) = mpsc::unbounded_channel();
        // Whatever the first connection brings with it is not counted to the others.
        tokio::spawn(page(servers[0].address, report.clone()));
        heard.recv().await.unwrap();
        let before: u64 = servers.iter().map(|server| server.memory("VmRSS")).sum();
        let begun = Instant::now();
        for chunk in (1..wanted).collect::<Vec<_>>().chunks(200) {
            for number in chunk {
                tokio::spawn(page(servers[number % servers.len()].address, report.clone()));
            }
            for _ in chunk {
                heard.recv().await.expect("a connection was refused");
            }
        }
        let after: u64 = servers.iter().map(|server| server.memory("VmRSS")).sum();
        eprintln!(
            "{wanted} connections in {:.1} s, {before} KiB before and {after} KiB after",
            begun.elapsed().as_secs_f64()
        );
        let each = after.saturating_sub(before) as f64 / wanted as f64;
        Self { count: wanted, each, heard }
    }

    /// How long after `begun` each connection heard of one change.
    async fn heard(&mut self, begun: Instant) -> Vec<Duration> {
        let mut times = Vec::with_capacity(self.count);
        while times.len() < self.count {
            let at = tokio::time::timeout(GIVE_UP, self.heard.recv()).await;
            let at = at.unwrap_or_else(|_| panic!("only {} of {} heard of it", times.len(), self.count)).unwrap();
            times.push(at.saturating_duration_since(begun));
        }
        times.sort_unstable();
        times
    }

    fn print(&self, case: &str, rounds: &[Vec<Duration>]) {
        let middle = |share: f64| {
            let mut times: Vec<Duration> =
                rounds.iter().map(|round| round[((round.len() - 1) as f64 * share) as usize]).collect();
            times.sort_unstable();
            (times[times.len() / 2].as_secs_f64() * 1e3, times[times.len() - 1].as_secs_f64() * 1e3)
        };
        let at = |share| format!("{:.0} ms", middle(share).0);
        println!(
            "| {case} | {} | {:.1} | {} | {} | {} | {} | {:.0} ms |",
            self.count,
            self.each,
            at(0.0),
            at(0.5),
            at(0.99),
            at(1.0),
            middle(1.0).1
        );
    }
}

/// One open page: reports its first message and every one after it.
async fn page(address: SocketAddr, report: mpsc::UnboundedSender<Instant>) {
    let stream = TcpStream::connect(address).await.unwrap();
    let config = WebSocketConfig::default().read_buffer_size(512).write_buffer_size(0);
    let request = format!("ws://{address}/live/teams/mentoring");
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        if matches!(message, Message::Text(_)) && report.send(Instant::now()).is_err() {
            return;
        }
    }
}

fn raise_file_limit() {
    let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current = limit.maximum;
    rustix::process::setrlimit(rustix::process::Resource::Nofile, limit).unwrap();
}
