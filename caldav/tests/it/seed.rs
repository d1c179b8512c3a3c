//! The people and calendars that every golden story begins with.

use bytes::Bytes;
use caldav::memory::{MemoryStore, calendar};
use caldav::method::handle;
use caldav::site::Site;
use caldav::store::Collection;
use http::Request;

pub(crate) const CALLER: &str = "ada@example.org";

const OBJECTS: [(&str, &str); 4] = [
    ("lunch.ics", include_str!("../../fixtures/seed/lunch.ics")),
    ("available.ics", include_str!("../../fixtures/seed/available.ics")),
    ("holiday.ics", include_str!("../../fixtures/seed/holiday.ics")),
    ("task.ics", include_str!("../../fixtures/seed/task.ics")),
];

/// Ada with a full, a read-only and an empty calendar; Grace with one of her own.
pub(crate) async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.set_now(1_795_000_000);
    store.add_principal(CALLER, "Ada Lovelace");
    store.add_principal("grace@example.org", "Grace Hopper");
    let work = Collection {
        display_name: Some("Work".into()),
        description: Some("Where the work is".into()),
        color: Some("#1BADF8FF".into()),
        order: Some("1".into()),
        timezone: Some(include_str!("../../fixtures/seed/berlin.ics").into()),
        ..calendar("work")
    };
    store.add_collection(CALLER, work);
    let open = Collection {
        display_name: Some("Open slots".into()),
        writable: false,
        built_in: true,
        transparent: true,
        ..calendar("open")
    };
    store.add_collection(CALLER, open);
    store.add_collection(CALLER, Collection { built_in: true, ..calendar("offers") });
    store.add_collection("grace@example.org", calendar("private"));
    for (name, text) in OBJECTS {
        let request = Request::put(format!("/dav/calendars/{CALLER}/work/{name}"));
        let request =
            request.header("content-type", "text/calendar").body(Bytes::from(text.replace('\n', "\r\n"))).unwrap();
        let response = handle(&store, &Site::new("/dav/"), CALLER, request).await;
        assert_eq!(response.status(), 201, "{name}: {:?}", response.body());
    }
    store
}
