//! Answers and requests stay within their bounds.

use bytes::Bytes;
use caldav::element::multistatus::MAX_BYTES;
use caldav::method::handle;
use caldav::site::Site;
use caldav::xml::{CALDAV, DAV, Element, parse};
use http::{Request, Response};

use crate::seed::{self, CALLER};

async fn send(store: &caldav::memory::MemoryStore, method: &str, path: &str, body: String) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path).header("depth", "1").body(Bytes::from(body)).unwrap();
    handle(store, &Site::new("/dav/"), CALLER, request).await
}

/// Fills a calendar with objects of about 100 kB each.
async fn fill(store: &caldav::memory::MemoryStore, count: usize) {
    for index in 0..count {
        let notes = format!("DESCRIPTION:{}\r\n", "x".repeat(70)).repeat(1_200);
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//E//E//EN\r\nBEGIN:VEVENT\r\nUID:big{index}\r\n\
             DTSTAMP:20260101T000000Z\r\nDTSTART:20260301T100000Z\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n",
            notes.replace("DESCRIPTION", "X-NOTE")
        );
        let response = send(store, "PUT", &format!("/dav/calendars/{CALLER}/offers/{index:03}.ics"), text).await;
        assert_eq!(response.status(), 201);
    }
}

/// The objects and the statuses of whole responses in an answer.
fn read(response: &Response<Bytes>) -> (usize, Vec<String>) {
    let text = std::str::from_utf8(response.body()).unwrap();
    let statuses = text.split("<D:response>").skip(1).filter_map(|part| {
        let rest = part.split_once("</D:href><D:status>")?.1;
        Some(rest.split_once('<')?.0.to_owned())
    });
    (text.matches("<C:calendar-data>").count(), statuses.collect())
}

#[tokio::test]
async fn a_query_with_too_much_in_it_is_cut_and_says_so() {
    let store = seed::store().await;
    fill(&store, 100).await;
    let body = format!(
        "<C:calendar-query xmlns:C='{CALDAV}' xmlns:D='{DAV}'><D:prop><C:calendar-data/></D:prop><C:filter>\
         <C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>"
    );
    let response = send(&store, "REPORT", &format!("/dav/calendars/{CALLER}/offers/"), body).await;
    let (objects, statuses) = read(&response);
    assert!(objects > 50 && objects < 100, "{objects}");
    assert_eq!(statuses, ["HTTP/1.1 507 Insufficient Storage"]);
    assert!(response.body().len() < MAX_BYTES + 200_000);
}

#[tokio::test]
async fn a_sync_with_too_much_in_it_goes_on_where_it_stopped() {
    let store = seed::store().await;
    fill(&store, 120).await;
    let (mut token, mut objects) = (String::new(), 0);
    for round in 0.. {
        assert!(round < 5);
        let body = format!(
            "<D:sync-collection xmlns:C='{CALDAV}' xmlns:D='{DAV}'><D:sync-token>{token}</D:sync-token>\
             <D:sync-level>1</D:sync-level><D:prop><C:calendar-data/></D:prop></D:sync-collection>"
        );
        let response = send(&store, "REPORT", &format!("/dav/calendars/{CALLER}/offers/"), body).await;
        assert!(response.body().len() < MAX_BYTES + 200_000);
        let (count, statuses) = read(&response);
        objects += count;
        let text = std::str::from_utf8(response.body()).unwrap();
        token = text.split_once("<D:sync-token>").unwrap().1.split_once('<').unwrap().0.to_owned();
        if statuses.is_empty() {
            assert!(round > 0, "it was never cut");
            break;
        }
        assert_eq!(statuses, ["HTTP/1.1 507 Insufficient Storage"]);
    }
    assert_eq!(objects, 120);
}

#[tokio::test]
async fn an_expansion_with_too_much_in_it_is_refused_alone() {
    let store = seed::store().await;
    let daily = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//E//E//EN\r\nBEGIN:VEVENT\r\nUID:daily\r\n\
                 DTSTAMP:20260101T000000Z\r\nDTSTART:20260301T100000Z\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    send(&store, "PUT", &format!("/dav/calendars/{CALLER}/offers/daily.ics"), daily.to_owned()).await;
    let body = format!(
        "<C:calendar-query xmlns:C='{CALDAV}' xmlns:D='{DAV}'><D:prop><D:getetag/><C:calendar-data>\
         <C:expand start='20260101T000000Z' end='21260101T000000Z'/></C:calendar-data></D:prop><C:filter>\
         <C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>"
    );
    let response = send(&store, "REPORT", &format!("/dav/calendars/{CALLER}/offers/"), body).await;
    let tree = parse(response.body()).unwrap();
    let propstats: Vec<&Element> = tree.child(DAV, "response").unwrap().children().skip(1).collect();
    let status = |index: usize| propstats[index].child(DAV, "status").unwrap().text();
    let prop = |index: usize| propstats[index].child(DAV, "prop").unwrap();
    assert_eq!((status(0).as_str(), status(1).as_str()), ("HTTP/1.1 200 OK", "HTTP/1.1 507 Insufficient Storage"));
    assert!(prop(0).child(DAV, "getetag").is_some() && prop(1).child(CALDAV, "calendar-data").is_some());
}

#[tokio::test]
async fn bodies_that_explode_or_dig_are_refused_cheaply() {
    let store = seed::store().await;
    let nested = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
    let laughs = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>".to_owned();
    let wide = format!("<propfind xmlns='DAV:'><prop>{}</prop></propfind>", "<a xmlns='urn:a'/>".repeat(10_000));
    let long = " ".repeat(300_000);
    for (body, status) in [(nested, 400), (laughs, 400), (long, 413)] {
        assert_eq!(send(&store, "PROPFIND", "/dav/", body).await.status(), status);
    }
    let response = send(&store, "PROPFIND", "/dav/", wide).await;
    assert!(response.body().len() < 10_000, "a repeated name is answered once");
}

#[tokio::test]
async fn whatever_the_body_is_the_answer_is_xml_or_a_sentence() {
    let store = seed::store().await;
    for method in ["PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL", "PUT", "LOCK", "propfind", "MOVE"] {
        for path in [
            "/dav/",
            "/dav/principals/ada@example.org/",
            "/dav/calendars/ada@example.org/work/",
            "/dav/calendars/ada@example.org/work/lunch.ics",
            "/dav/calendars/ada@example.org/none/none/",
        ] {
            for body in [
                "",
                "<",
                "<a/>",
                "<D:propfind xmlns:D='DAV:'/>",
                "<D:prop xmlns:D='DAV:'/>",
                "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                "\u{feff}<D:mkcol xmlns:D='DAV:'><D:remove><D:prop/></D:remove></D:mkcol>",
            ] {
                let response = send(&store, method, path, body.to_owned()).await;
                assert_ne!(response.status(), 500, "{method} {path} {body}");
                let xml = response
                    .headers()
                    .get("content-type")
                    .is_some_and(|kind| kind.as_bytes().starts_with(b"application/xml"));
                let tree: Option<Element> = parse(response.body()).ok();
                assert!(!xml || tree.is_some(), "{method} {path} {body}: {:?}", response.body());
            }
        }
    }
}
