//! Feed, slots API and booking page, for teams of 1, 200 and 10,000 hosts: unchanged, and just after a change.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openhour::clock::Clock;

use crate::data::{Failure, TEAMS, busy_event, owner};
use crate::load::{self, Requests};
use crate::{Bench, request, row};

const CONNECTIONS: usize = 32;
/// Changes made to measure the first answer after each.
const CHANGES: usize = 40;

pub(crate) async fn measure(bench: &Bench) -> Result<(), Failure> {
    for team in TEAMS {
        let (slug, hosts) = (team.slug, team.hosts);
        println!("\nteam of {hosts}");
        let eight_weeks = eight_weeks(&format!("/api/v1/teams/{slug}/slots"));
        let begun = Instant::now();
        load::once(bench.openhour.address, &request("GET", &eight_weeks, "", "")).await?;
        print_time("slots API, 8 weeks, first question", begun.elapsed());
        let feed = format!("/teams/{slug}/open.ics");
        let (answer, _) = load::once(bench.openhour.address, &request("GET", &feed, "", "")).await?;
        let tag = answer.head.split("etag: ").nth(1).and_then(|rest| rest.split("\r\n").next()).ok_or("no etag")?;
        steady(bench, "feed, 304", &feed, &format!("If-None-Match: {tag}\r\n"), 304).await?;
        let api = format!("/api/v1/teams/{slug}/slots");
        let page = format!("/book/{slug}/talk");
        steady(bench, "slots API", &api, "", 200).await?;
        steady(bench, "booking page", &page, "", 200).await?;
        after_changes(bench, slug, "slots API, 8 weeks, after a change", &eight_weeks).await?;
        after_changes(bench, slug, "booking page, after a change", &page).await?;
    }
    Ok(())
}

/// The same question again and again, beside a bare answer of the same size.
async fn steady(bench: &Bench, what: &str, path: &str, headers: &str, status: u16) -> Result<(), Failure> {
    let asked = request("GET", path, headers, "");
    let (answer, body) = load::once(bench.openhour.address, &asked).await?;
    if answer.status != status {
        return Err(format!("{path}: {}", answer.status).into());
    }
    let bare_path = if status == 304 { "/304".to_owned() } else { format!("/{}", body.len()) };
    let bare_asked = request("GET", &bare_path, "", "");
    let bare_requests: Requests = Arc::new(move |_| bare_asked.clone());
    let bare = async |time: Duration| -> Result<f64, Failure> {
        Ok(load::run(bench.bare.address, CONNECTIONS, time, status, bare_requests.clone()).await.rate())
    };
    let ours: (SocketAddr, Requests) = (bench.openhour.address, Arc::new(move |_| asked.clone()));
    let (figures, bare) = load::in_turns(ours, CONNECTIONS, bench.time, status, bare).await?;
    row(what, &figures, bare);
    Ok(())
}

/// The team's first host changes their calendar, and somebody asks: what was remembered is no longer right.
async fn after_changes(bench: &Bench, team: &str, what: &str, path: &str) -> Result<(), Failure> {
    let mut times = Vec::new();
    for n in 0..CHANGES {
        change(bench, team, n).await?;
        let begun = Instant::now();
        let (answer, _) = load::once(bench.openhour.address, &request("GET", path, "", "")).await?;
        times.push(begun.elapsed());
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status).into());
        }
    }
    times.sort_unstable();
    print_time(what, times.get(CHANGES / 2).copied().unwrap_or(Duration::ZERO));
    Ok(())
}

fn print_time(what: &str, time: Duration) {
    println!("{what:<34} {:>8.2} ms", time.as_secs_f64() * 1000.0);
}

fn eight_weeks(path: &str) -> String {
    let now = jiff::Timestamp::from_second(Clock::system().now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let later = now.checked_add(jiff::SignedDuration::from_hours(56 * 24)).unwrap_or(now);
    format!("{path}?from={now}&to={later}")
}

/// Moves one event in the calendar of offers of the team's first host.
async fn change(bench: &Bench, team: &str, n: usize) -> Result<(), Failure> {
    let text = busy_event(n + 7_000).replace("UID:x", "UID:changing");
    let path = format!("/dav/calendars/{}/offers/changing.ics", owner(team));
    let authorization = bench.authorization.get(team).ok_or("no password")?;
    let headers = format!("{authorization}Content-Type: text/calendar\r\n");
    let (answer, _) = load::once(bench.openhour.address, &request("PUT", &path, &headers, &text)).await?;
    if matches!(answer.status, 201 | 204) { Ok(()) } else { Err(format!("PUT: {}", answer.status).into()) }
}
