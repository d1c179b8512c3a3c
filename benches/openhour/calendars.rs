//! CalDAV on a calendar of 2,000 objects, beside Radicale where it is installed.

use std::sync::Arc;
use std::time::Duration;

use crate::data::{Failure, OBJECTS, OWNER, busy_event};
use crate::load::{self, Figures, Requests};
use crate::server::Server;
use crate::{Bench, bare, request, row};

const CONNECTIONS: usize = 8;

/// Where a calendar is, the headers it wants, and its present sync token.
struct Calendar<'a> {
    server: &'a Server,
    base: String,
    headers: String,
    token: String,
}

/// Makes the requests of one kind for a calendar.
type Make = fn(&Calendar) -> Requests;

const KINDS: &[(&str, Make)] = &[
    ("GET", gets),
    ("PROPFIND of all tags", propfinds),
    ("sync, nothing new", |calendar| report(calendar, &SYNC.replace("TOKEN", &calendar.token))),
    ("query of a week", |calendar| report(calendar, QUERY)),
    ("multiget of 50", multigets),
    (PUT, puts),
];
const PUT: &str = "PUT";
const XML: &str = "Content-Type: application/xml; charset=utf-8\r\n";

const SYNC: &str = r#"<?xml version="1.0"?><sync-collection xmlns="DAV:"><sync-token>TOKEN</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"#;
const QUERY: &str = r#"<?xml version="1.0"?><C:calendar-query xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20270301T000000Z" end="20270308T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"#;

pub(crate) async fn measure(bench: &Bench) -> Result<(), Failure> {
    println!("\ncalendar of {OBJECTS} objects, {CONNECTIONS} connections");
    let folder = tempfile::tempdir()?;
    let python = std::env::var("OPENHOUR_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let radicale = Server::radicale(&python, folder.path()).await?;
    if radicale.is_none() {
        println!("(Radicale is left out: {python} does not have it; OPENHOUR_TEST_PYTHON names another Python)");
    }
    let headers = bench.authorization.get("one").ok_or("no password")?.clone();
    let ours = Calendar::of(&bench.openhour, format!("/dav/calendars/{OWNER}/big/"), headers).await?;
    let peer = match &radicale {
        Some(server) => Some(Calendar::of(server, "/bench/big/".into(), String::new()).await?),
        None => None,
    };
    for (name, requests) in KINDS {
        let (figures, bare) = beside(bench, &ours, name, requests).await?;
        row(name, &figures, bare);
        if let Some(peer) = &peer {
            row("   Radicale", &run(bench, peer, requests).await?, bare);
        }
    }
    Ok(())
}

/// Ours in turns with the bare thing: one-row commits for a PUT, else an answer of as many bytes.
async fn beside(bench: &Bench, ours: &Calendar<'_>, name: &str, make: &Make) -> Result<(Figures, f64), Failure> {
    let requests = make(ours);
    let first = first(ours, &requests).await?;
    let asked = request("GET", &format!("/{}", first.bytes), "", "");
    let bare_requests: Requests = Arc::new(move |_| asked.clone());
    let bare = async |time: Duration| -> Result<f64, Failure> {
        Ok(match name {
            PUT => bare::sqlite_commits(&bench.folder, time).await?,
            _ => load::run(bench.bare.address, CONNECTIONS, time, 200, bare_requests.clone()).await.rate(),
        })
    };
    load::in_turns((ours.server.address, requests), CONNECTIONS, bench.time, first.status, bare).await
}

async fn run(bench: &Bench, calendar: &Calendar<'_>, make: &Make) -> Result<Figures, Failure> {
    let requests = make(calendar);
    let first = first(calendar, &requests).await?;
    Ok(load::run(calendar.server.address, CONNECTIONS, bench.time, first.status, requests).await)
}

/// The first answer tells the status that counts as good (servers differ in 201 and 204 for a PUT), and its size.
async fn first(calendar: &Calendar<'_>, requests: &Requests) -> Result<load::Answer, Failure> {
    let (first, _) = load::once(calendar.server.address, &requests(0)).await?;
    if first.status >= 300 {
        return Err(format!("{}: {}", calendar.base, first.status).into());
    }
    Ok(first)
}

impl<'a> Calendar<'a> {
    async fn of(server: &'a Server, base: String, headers: String) -> Result<Self, Failure> {
        let body = r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>"#;
        let asked = request("PROPFIND", &base, &format!("{headers}{XML}Depth: 0\r\n"), body);
        let (_, answer) = load::once(server.address, &asked).await?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let token = text.split("sync-token>").nth(1).and_then(|rest| rest.split('<').next()).ok_or("no sync token")?;
        Ok(Self { server, base, headers, token: token.to_owned() })
    }
}

fn gets(calendar: &Calendar) -> Requests {
    let (base, headers) = (calendar.base.clone(), calendar.headers.clone());
    Arc::new(move |n| request("GET", &format!("{base}object{}.ics", index(n)), &headers, ""))
}

/// Another text each time: nothing is saved by sameness.
fn puts(calendar: &Calendar) -> Requests {
    let (base, headers) = (calendar.base.clone(), calendar.headers.clone());
    Arc::new(move |n| {
        let text = busy_event(index(n)).replace("UID:x", &format!("UID:object{}", index(n)));
        let text = text.replace("SUMMARY:", &format!("SUMMARY:Change {n} of "));
        request(
            "PUT",
            &format!("{base}object{}.ics", index(n)),
            &format!("{headers}Content-Type: text/calendar\r\n"),
            &text,
        )
    })
}

fn propfinds(calendar: &Calendar) -> Requests {
    let body = r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>"#;
    let asked = request("PROPFIND", &calendar.base, &format!("{}{XML}Depth: 1\r\n", calendar.headers), body);
    Arc::new(move |_| asked.clone())
}

fn report(calendar: &Calendar, body: &str) -> Requests {
    let asked = request("REPORT", &calendar.base, &format!("{}{XML}Depth: 1\r\n", calendar.headers), body);
    Arc::new(move |_| asked.clone())
}

fn multigets(calendar: &Calendar) -> Requests {
    let (base, headers) = (calendar.base.clone(), format!("{}{XML}", calendar.headers));
    Arc::new(move |n| {
        let hrefs: String =
            (0..50).map(|k| format!("<href>{base}object{}.ics</href>", index(n * 37 + k * 13))).collect();
        let body = format!(
            r#"<?xml version="1.0"?><C:calendar-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/><C:calendar-data/></prop>{hrefs}</C:calendar-multiget>"#
        );
        request("REPORT", &base, &headers, &body)
    })
}

fn index(n: u64) -> usize {
    usize::try_from(n).unwrap_or(0) % OBJECTS
}
