//! Bookings a second over the API: 40 connections, 200 hosts, another guest each time.

use std::sync::Arc;

use openhour::clock::Clock;

use crate::data::{Failure, OPEN};
use crate::{Bench, bare, load, request, row};

const CONNECTIONS: usize = 40;
/// Guests at each hour: fewer than there are hosts, so that everybody can get what they ask for.
const AT_AN_HOUR: u64 = 150;

pub(crate) async fn measure(bench: &Bench) -> Result<(), Failure> {
    println!("\nbookings, {CONNECTIONS} connections, {} hosts", OPEN.hosts);
    let begin = Clock::system().now() / 3_600 * 3_600 + 7_200;
    let path = format!("/api/v1/teams/{}/bookings", OPEN.slug);
    let requests: load::Requests = Arc::new(move |n| {
        let start = begin + i64::try_from(n / AT_AN_HOUR).unwrap_or(0) * 3_600;
        let start = jiff::Timestamp::from_second(start).map(|start| start.to_string()).unwrap_or_default();
        let body = format!(
            r#"{{"type":"talk","start":"{start}","agenda":"words","guest":{{"name":"Guest {n}","email":"guest{n}@example.net","timezone":"Europe/Paris"}}}}"#
        );
        request("POST", &path, &format!("Content-Type: application/json\r\nIdempotency-Key: k{n}\r\n"), &body)
    });
    let figures = load::run(bench.openhour.address, CONNECTIONS, bench.time, 201, requests).await;
    row("POST a booking", &figures, bare::sqlite_commits(&bench.folder, bench.time).await?);
    Ok(())
}
