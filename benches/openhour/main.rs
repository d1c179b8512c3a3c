//! `cargo bench --bench openhour`: the release server under load over loopback, beside what the machine can do at best.
//!
//! Every figure stands beside something measured in the same run; `docs/performance.md` explains them.
//! `cargo bench --bench openhour -- quick` takes half a second for each figure instead of three; `slots`, `calendars` or
//! `bookings` measures that part alone.

#![expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]

mod bare;
mod bookings;
mod calendars;
mod data;
mod load;
mod server;
mod slots;

use std::collections::HashMap;
use std::time::Duration;

use data::{Failure, OPEN, TEAMS};
use server::Server;

/// Set: this process is the bare server, at this address.
pub(crate) const BARE: &str = "BENCH_BARE";

/// What every part measures with.
pub(crate) struct Bench {
    /// How long each figure is measured.
    pub(crate) time: Duration,
    /// Openhour.
    pub(crate) openhour: Server,
    /// Bare hyper.
    pub(crate) bare: Server,
    /// For CalDAV: the `Authorization` line of each team's first host; the one of team one owns the big calendar.
    pub(crate) authorization: HashMap<&'static str, String>,
    /// Where the databases are.
    pub(crate) folder: std::path::PathBuf,
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if let Ok(address) = std::env::var(BARE) {
        return Ok(runtime.block_on(bare::serve(address.parse()?))?);
    }
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let named = |name: &str| std::env::args().any(|argument| argument == name);
    let quick = named("quick");
    let all = !["slots", "calendars", "bookings"].into_iter().any(named);
    let time = if quick { Duration::from_millis(500) } else { Duration::from_secs(3) };
    let folder = tempfile::tempdir()?;
    println!("filling {} hosts ...", TEAMS.iter().chain([&OPEN]).map(|team| team.hosts).sum::<usize>());
    let passwords = data::fill(folder.path()).await?;
    let openhour = Server::openhour(folder.path()).await?;
    println!("start to first answer {:>8.0} ms", openhour.started_in.as_secs_f64() * 1000.0);
    println!("resident after start  {:>8.1} MB", openhour.resident());
    let basic = |team: &str, password: &str| {
        let credentials = data_encoding::BASE64.encode(format!("{}:{password}", data::owner(team)).as_bytes());
        format!("Authorization: Basic {credentials}\r\n")
    };
    let authorization = passwords.iter().map(|(team, password)| (*team, basic(team, password))).collect();
    let bench = Bench { time, openhour, bare: Server::bare().await?, authorization, folder: folder.path().to_owned() };
    if all || named("slots") {
        slots::measure(&bench).await?;
    }
    if all || named("calendars") {
        calendars::measure(&bench).await?;
    }
    if all || named("bookings") {
        bookings::measure(&bench).await?;
    }
    println!("\nresident after all    {:>8.1} MB", bench.openhour.resident());
    Ok(())
}

/// Prints one row: what, answers a second, the bare figure, their ratio, latencies, size.
pub(crate) fn row(what: &str, figures: &load::Figures, bare: f64) {
    let failed =
        if figures.bad > 0 { format!("  {} failed ({})", figures.bad, figures.last_bad) } else { String::new() };
    println!(
        "{what:<34} {:>8.0}/s  bare {:>8.0}/s  ratio {:>6.3}  median {:>7.2} ms  p99 {:>7.2} ms  {:>7} B{failed}",
        figures.rate(),
        bare,
        figures.rate() / bare,
        figures.median.as_secs_f64() * 1000.0,
        figures.p99.as_secs_f64() * 1000.0,
        figures.bytes
    );
}

/// The bytes of a request.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}
