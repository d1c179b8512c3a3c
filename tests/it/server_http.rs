//! The server's own promises: limits, methods, protection, shutdown.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::surfaces::Site;

#[tokio::test]
async fn a_healthy_server_says_so_on_get_and_head() {
    let site = Site::start().await;
    assert_eq!(site.get("/healthz").await.body, "ok\n");
    assert_eq!(site.get("/readyz").await.status, 200);
    let head = site.send("HEAD", "/healthz", &[], "").await;
    assert_eq!((head.status, head.body.as_str(), head.header("content-length")), (200, "", "3"));
}

#[tokio::test]
async fn another_method_is_refused_with_the_ones_that_work() {
    let site = Site::start().await;
    let wrong = site.send("DELETE", "/healthz", &[], "").await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, HEAD, OPTIONS"));
    let options = site.send("OPTIONS", "/healthz", &[], "").await;
    assert_eq!((options.status, options.header("allow")), (204, "GET, HEAD, OPTIONS"));
}

#[tokio::test]
async fn every_answer_protects_the_browser_and_names_its_request() {
    let site = Site::start().await;
    for path in ["/healthz", "/nothing/here", "/problems/slot-taken"] {
        let reply = site.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_language_of_the_place() {
    let site = Site::start().await;
    let page = site.get("/nothing").await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let api = site.get("/api/nothing").await;
    assert_eq!((api.status, api.header("content-type")), (404, "application/problem+json"));
    assert_eq!(api.json()["type"], format!("{}/problems/not-found", site.desk.config.public_url));
}

#[tokio::test]
async fn headers_beyond_the_limit_are_refused() {
    let site = Site::start().await;
    let long = "x".repeat(20_000);
    assert_eq!(site.send("GET", "/healthz", &[("x-long", &long)], "").await.status, 431);
    let fits = "x".repeat(12_000);
    assert_eq!(site.send("GET", "/healthz", &[("x-long", &fits)], "").await.status, 200);
}

#[tokio::test]
async fn a_silent_or_slow_connection_is_closed() {
    let site = Site::start().await;
    let began = Instant::now();
    let mut silent = TcpStream::connect(site.address).await.unwrap();
    let mut slow = TcpStream::connect(site.address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let mut answer = Vec::new();
    assert_eq!(silent.read_to_end(&mut answer).await.unwrap(), 0);
    let _ = slow.read_to_end(&mut answer).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(!String::from_utf8_lossy(&answer).contains("200"));
}

#[tokio::test]
async fn shutdown_lets_idle_connections_go_and_ends() {
    let mut site = Site::start().await;
    let mut idle = TcpStream::connect(site.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut start = [0; 15];
    idle.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    let began = Instant::now();
    site.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(TcpStream::connect(site.address).await.is_err());
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_ever_under_its_own_name() {
    let site = Site::start().await;
    let page = site.get("/problems/slot-taken").await.body;
    let path = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let style = site.get(path).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(site.get("/assets/style.000000000000.css").await.status, 404);
}

#[tokio::test]
async fn calendar_apps_find_their_way_and_are_asked_who_they_are() {
    let site = Site::start().await;
    for (method, path) in [("GET", "/.well-known/caldav"), ("PROPFIND", "/.well-known/caldav"), ("PROPFIND", "/")] {
        let reply = site.send(method, path, &[], "").await;
        assert_eq!((reply.status, reply.header("location")), (301, "/dav/"), "{method} {path}");
    }
    for path in ["/.well-known/caldav", "/", "/dav/", "/dav/principals/ana@example.org/"] {
        let reply = site.send("OPTIONS", path, &[], "").await;
        assert!(reply.header("dav").contains("calendar-access"), "{path}: {reply:?}");
    }
    let asked = site.send("PROPFIND", "/dav/", &[("depth", "0")], "").await;
    assert_eq!(asked.status, 401);
    assert!(asked.header("www-authenticate").starts_with("Basic realm="));
    assert_eq!(site.get("/remote.php/dav").await.status, 404);
}

#[tokio::test]
async fn an_app_password_opens_the_calendars() {
    let site = Site::start().await;
    let profile = openhour::people::Profile::default();
    let command = openhour::desk::people::SavePerson {
        email: "ana@example.org".into(),
        profile,
        memberships: vec![],
        now: crate::surfaces::NOW,
    };
    let ana = site.desk.db.run(command).await.unwrap();
    let password = openhour::people::app_passwords::CreateAppPassword {
        person: ana.id,
        label: "test".into(),
        digest: openhour::keys::digest("secret"),
        by: None,
        with: None,
        now: crate::surfaces::NOW,
    };
    site.desk.db.run(password).await.unwrap();
    let basic = |pair: &str| format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()));
    let good = basic("ana@example.org:secret");
    let headers = [("authorization", good.as_str()), ("depth", "0"), ("content-type", "application/xml")];
    let body = "<propfind xmlns=\"DAV:\"><prop><current-user-principal/></prop></propfind>";
    let reply = site.send("PROPFIND", "/dav/", &headers, body).await;
    assert_eq!(reply.status, 207, "{}", reply.body);
    assert!(reply.body.contains("/dav/principals/ana%40example.org/") || reply.body.contains("ana@example.org"));
    let wrong = basic("ana@example.org:guess");
    assert_eq!(site.send("PROPFIND", "/dav/", &[("authorization", &wrong)], "").await.status, 401);
    let huge = "x".repeat(300_000);
    assert_eq!(site.send("PROPFIND", "/dav/", &headers, &huge).await.status, 413);
}
