//! Whatever way a slot is taken or comes back, open pages hear of it.

use serde_json::json;

use crate::db::fresh::Fresh;
use crate::installation::{Host, Installation, Server, available, event, ical, midnight_in, offer_path, token};
use crate::python::script;
use crate::surfaces::Site;
use crate::websocket::Live;

/// A team with a host who offers three hours a week from now: `(start, start, start)` as the API writes them.
fn mentoring(installation: &Installation) -> (Host, Server, Vec<String>) {
    installation.team("mentoring", 1);
    let host = installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    server.put_offer(&host, "hours", &available("hours", midnight_in(7), 3));
    let starts = server.slots("mentoring").into_iter().map(|(start, _)| start).collect();
    (host, server, starts)
}

/// A thing that blocks, beside the runtime.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

on_both_databases! {
    fn every_way_to_take_or_free_a_slot_reaches_an_open_page(fresh) {
        let installation = Installation::on(fresh);
        let (host, server, starts) = mentoring(&installation);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(every_way(&installation, &host, &server, &starts));
    }
}

async fn every_way(installation: &Installation, host: &Host, server: &Server, starts: &[String]) {
    let (mut live, first) = Live::open(server.address, "mentoring", None).await;
    assert_eq!((&first["closed"], &first["opened"]), (&json!([]), &json!([])));

    // The API takes and frees.
    let booked = server.book("mentoring", &starts[0], "tariq@example.com").unwrap();
    assert_eq!(booked.status, 201, "{}", booked.text());
    let told = live.until("closed", &starts[0]).await;
    assert_eq!(told["closed"], json!([{ "type": "talk", "start": starts[0] }]));
    assert_ne!(told["version"], first["version"]);
    let cancel = format!("/api/v1/bookings/{}/cancel", token(&booked.json()));
    assert_eq!(server.http.post_json(&cancel, &json!({})).unwrap().status, 200);
    let told = live.until("opened", &starts[0]).await;
    assert_eq!(told["opened"], json!([{ "type": "talk", "start": starts[0], "open": 1 }]));

    // The page.
    let form = page_of(&starts[1]);
    let page = server.http.get(&form).unwrap().text();
    let once = page.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let body = format!("name=Mia&email=mia%40example.com&timezone=Etc/UTC&agenda=&once={once}");
    let fields = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(server.http.request("POST", &form, &fields, body.as_bytes()).unwrap().status, 303);
    live.until("closed", &starts[1]).await;

    // A busy event in the host's calendar, and its end.
    let busy = event("lunch", "Lunch", midnight_in(7) + 2 * 3600, 1);
    assert_eq!(server.dav(host).put_event(&offer_path(host, "lunch"), &busy).unwrap().status, 201);
    live.until("closed", &starts[2]).await;
    assert_eq!(server.dav(host).request("DELETE", &offer_path(host, "lunch"), &[], b"").unwrap().status, 204);
    live.until("opened", &starts[2]).await;

    // The command line, in a process of its own.
    installation.notice("30d");
    live.until("closed", &starts[2]).await;
    installation.notice("1h");
    live.until("opened", &starts[2]).await;
}

fn page_of(start: &str) -> String {
    let time = start.replace(['-', ':'], "");
    format!("/book/mentoring/talk/{}/{time}", &start[..10])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgresql_tell_each_others_pages() {
    let (_installation, one, two, starts) = beside(|| {
        let installation = Installation::on(Fresh::postgres());
        let (_, one, starts) = mentoring(&installation);
        let two = installation.serve();
        (installation, one, two, starts)
    })
    .await;
    let (mut here, first) = Live::open(one.address, "mentoring", None).await;
    let (mut there, _) = Live::open(two.address, "mentoring", None).await;
    assert_eq!(one.book("mentoring", &starts[0], "tariq@example.com").unwrap().status, 201);
    assert_eq!(here.until("closed", &starts[0]).await, there.until("closed", &starts[0]).await);
    // What one server told counts at the other.
    let version = first["version"].as_str().unwrap();
    let (_, missed) = Live::open(two.address, "mentoring", Some(version)).await;
    assert_eq!(missed["closed"], json!([{ "type": "talk", "start": starts[0] }]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_catches_up_from_the_version_of_an_answer() {
    let (_installation, server, starts) = beside(|| {
        let installation = Installation::on(Fresh::sqlite());
        let (_, server, starts) = mentoring(&installation);
        (installation, server, starts)
    })
    .await;
    let answer = server.http.get("/api/v1/teams/mentoring/slots").unwrap().json();
    let version = answer["version"].as_str().unwrap();
    let (live, first) = Live::open(server.address, "mentoring", Some(version)).await;
    assert_eq!(first["closed"], json!([]), "nothing happened yet");
    drop(live);
    for (start, guest) in starts.iter().take(2).zip(["tariq@example.com", "mia@example.com"]) {
        assert_eq!(server.book("mentoring", start, guest).unwrap().status, 201);
    }
    let (mut live, first) = Live::open(server.address, "mentoring", Some(version)).await;
    let mut closed = first["closed"].as_array().unwrap().clone();
    while closed.len() < 2 {
        closed.extend(live.next().await["closed"].as_array().unwrap().clone());
    }
    let times: Vec<&str> = closed.iter().map(|slot| slot["start"].as_str().unwrap()).collect();
    assert_eq!(times, [&starts[0], &starts[1]]);
    let (_, lost) = Live::open(server.address, "mentoring", Some("long-ago.x-0-3")).await;
    assert_eq!(lost, json!({ "reload": true }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_crosses_its_notice_closes_by_itself() {
    let (_installation, server, start) = beside(|| {
        let installation = Installation::on(Fresh::sqlite());
        installation.team("mentoring", 1);
        let host = installation.host("ana@example.org", "mentoring");
        let server = installation.serve();
        let start = midnight_in(7);
        // Booking closes four seconds from now.
        let notice = start - openhour::clock::Clock::system().now() - 4;
        installation.notice(&format!("{notice}s"));
        server.put_offer(&host, "hours", &available("hours", start, 1));
        (installation, server, start)
    })
    .await;
    let (mut live, first) = Live::open(server.address, "mentoring", None).await;
    let written = jiff::Timestamp::from_second(start).unwrap().to_string();
    let told = if first["closed"][0]["start"] == written.as_str() {
        first.clone()
    } else {
        live.until("closed", &written).await
    };
    assert_eq!(told["version"], first["version"], "nobody changed anything");
    assert_eq!(server.slots("mentoring"), []);
    assert!(ical(start).ends_with('Z'));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_at_one_host_hears_of_that_host_alone() {
    let (_installation, server, starts, host) = beside(|| {
        let installation = Installation::on(Fresh::sqlite());
        let (_, server, starts) = mentoring(&installation);
        installation.run(&["team", "add", "mentoring", "--name", "Mentoring", "--show-hosts", "true"]);
        let bo = installation.host("bo@example.org", "mentoring");
        server.put_offer(&bo, "hours", &available("hours", midnight_in(7), 3));
        let slots = server.http.get("/api/v1/teams/mentoring/slots").unwrap().json();
        let host = slots["slots"][0]["hosts"][0]["id"].as_str().unwrap().to_owned();
        (installation, server, starts, host)
    })
    .await;
    let path = format!("/live/teams/mentoring?host={host}");
    let mut one = Live::try_open(server.address, &path, &[]).await.unwrap_or_else(|status| panic!("{status}"));
    let (mut all, _) = Live::open(server.address, "mentoring", None).await;
    one.next().await;
    // Two hosts have this time: it is taken for all when both are booked, for this one when they are.
    for guest in ["tariq@example.com", "mia@example.com"] {
        assert_eq!(server.book("mentoring", &starts[0], guest).unwrap().status, 201);
    }
    let of_one = one.until("closed", &starts[0]).await;
    assert_eq!(of_one["opened"], json!([]));
    all.until("closed", &starts[0]).await;
}

#[tokio::test]
async fn only_our_own_pages_may_listen() {
    let site = Site::with_team().await;
    let path = "/live/teams/coaches";
    let ours = site.desk.config.public_url.clone();
    assert!(Live::try_open(site.address, path, &[("origin", &ours)]).await.is_ok());
    assert!(Live::try_open(site.address, path, &[]).await.is_ok(), "programs name no origin");
    for origin in ["https://evil.example", "null"] {
        assert_eq!(Live::try_open(site.address, path, &[("origin", origin)]).await.err(), Some(403), "{origin}");
    }
    assert_eq!(Live::try_open(site.address, "/live/teams/nobody", &[]).await.err(), Some(404));
    let plain = site.get(path).await;
    assert_eq!((plain.status, plain.header("sec-websocket-version")), (426, "13"));
}

#[tokio::test]
async fn a_long_message_ends_the_connection_and_a_short_one_does_not() {
    let site = Site::with_team().await;
    let (mut live, _) = Live::open(site.address, "coaches", None).await;
    live.say("x".repeat(4_096)).await;
    live.say("x".repeat(4_097)).await;
    assert_eq!(live.ended().await, 1009);
    let (mut chatty, _) = Live::open(site.address, "coaches", None).await;
    for _ in 0..20 {
        chatty.say("hello?".into()).await;
    }
    assert_eq!(chatty.ended().await, 1008);
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye() {
    let mut site = Site::with_team().await;
    let (mut live, _) = Live::open(site.address, "coaches", None).await;
    let begun = std::time::Instant::now();
    let ((), code) = tokio::join!(site.stop(), live.ended());
    assert_eq!(code, 1001);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2), "the browser answered the goodbye");
}

#[test]
fn of_two_browsers_one_takes_and_the_other_sees() {
    let installation = Installation::on(Fresh::sqlite());
    let (_, server, _) = mentoring(&installation);
    let screenshots = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("two-browsers");
    std::fs::create_dir_all(&screenshots).unwrap();
    let url = format!("http://{}", server.address);
    print!("{}", script("two_browsers.py", &[&url, "mentoring", &screenshots.display().to_string()]));
}
