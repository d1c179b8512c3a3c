//! What every store must do, as tests. A host program runs them over each of its stores:
//!
//! ```ignore
//! #[tokio::test]
//! async fn the_store_keeps_the_contract() {
//!     caldav::contract::run_all(async || my_fresh_store().await).await;
//! }
//! ```
//!
//! The factory makes a fresh store in which [`OWNER`] and [`OTHER`] are people who may make calendars.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::task::Poll;

use crate::ical::limits::Limits;
use crate::ical::object::{CalendarObject, ComponentKind};
use crate::precondition::Precondition;
use crate::store::{
    Candidates, Change, Changes, Collection, Conditions, Edit, Move, Outcome, PropertyChanges, Store, StoreError,
    TagList,
};
use crate::xml::QName;

/// The person whose calendars are written.
pub const OWNER: &str = "contract@example.org";
/// Somebody else.
pub const OTHER: &str = "other@example.org";

/// Runs every behaviour of this module, each on a fresh store.
///
/// # Panics
/// When the store does not behave.
pub async fn run_all<S: Store>(factory: impl AsyncFn() -> S) {
    people_are_found_by_address(&factory().await).await;
    collections_are_made_listed_and_deleted(&factory().await).await;
    a_taken_name_is_refused(&factory().await).await;
    properties_change_and_keep_the_rest(&factory().await).await;
    stored_bytes_come_back_exactly(&factory().await).await;
    conditions_decide_inside_the_write(&factory().await).await;
    the_same_bytes_again_change_nothing(&factory().await).await;
    a_uid_stands_once_in_a_collection(&factory().await).await;
    a_kind_the_collection_does_not_hold_is_refused(&factory().await).await;
    deleting_takes_the_member_away(&factory().await).await;
    named_members_skip_what_is_missing(&factory().await).await;
    pages_cover_every_member_once(&factory().await).await;
    candidates_never_leave_out_a_match(&factory().await).await;
    changes_tell_what_is_new_changed_and_gone(&factory().await).await;
    cut_changes_continue_where_they_stopped(&factory().await).await;
    a_write_elsewhere_does_not_exist(&factory().await).await;
    of_many_writers_one_wins(&factory().await).await;
    a_move_is_seen_in_both_collections(&factory().await).await;
    a_move_within_a_collection_is_another_name(&factory().await).await;
    a_refused_move_changes_nothing(&factory().await).await;
    of_many_moves_one_wins(&factory().await).await;
}

/// `principal` knows the people of the factory and nobody else.
pub async fn people_are_found_by_address(store: &impl Store) {
    let person = store.principal(OWNER).await.unwrap().expect("the factory makes this person");
    assert_eq!(person.email, OWNER);
    assert!(person.addresses.iter().any(|address| address == OWNER), "{:?}", person.addresses);
    assert!(store.principal("nobody@example.org").await.unwrap().is_none());
}

/// MKCALENDAR and DELETE of collections.
pub async fn collections_are_made_listed_and_deleted(store: &impl Store) {
    let before = store.collections(OWNER).await.unwrap().len();
    let changes = PropertyChanges {
        display_name: Some(Some("A name".into())),
        color: Some(Some("#FF0000FF".into())),
        components: Some(vec![ComponentKind::Todo]),
        dead: vec![(QName::new("urn:x", "kept"), Some("<b/>text".into()))],
        ..PropertyChanges::default()
    };
    store.create_collection(OWNER, "Ünï / name", changes).await.unwrap();
    let made = store.collection(OWNER, "Ünï / name").await.unwrap().unwrap();
    assert_eq!(made.display_name.as_deref(), Some("A name"));
    assert_eq!(made.color.as_deref(), Some("#FF0000FF"));
    assert_eq!(made.components, [ComponentKind::Todo]);
    assert_eq!(made.dead_properties, [(QName::new("urn:x", "kept"), "<b/>text".to_owned())]);
    assert!(made.writable && !made.built_in);
    let listed = store.collections(OWNER).await.unwrap();
    assert_eq!(listed.len(), before + 1);
    assert!(listed.contains(&made));
    assert!(store.collection(OTHER, "Ünï / name").await.unwrap().is_none());
    store.delete_collection(OWNER, "Ünï / name").await.unwrap();
    assert!(store.collection(OWNER, "Ünï / name").await.unwrap().is_none());
    let again = store.delete_collection(OWNER, "Ünï / name").await;
    assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
}

/// MKCALENDAR where a collection is.
pub async fn a_taken_name_is_refused(store: &impl Store) {
    make(store, "work").await;
    let again = store.create_collection(OWNER, "work", PropertyChanges::default()).await;
    assert!(matches!(again, Err(StoreError::Refused(Precondition::ResourceMustBeNull))), "{again:?}");
}

/// PROPPATCH: what is not named stays; `Some(None)` removes; the version grows.
pub async fn properties_change_and_keep_the_rest(store: &impl Store) {
    let name = |text: &str| QName::new("urn:x", text);
    let first = PropertyChanges {
        display_name: Some(Some("One".into())),
        description: Some(Some("Two".into())),
        transparent: Some(true),
        dead: vec![(name("a"), Some("1".into())), (name("b"), Some("2".into()))],
        ..PropertyChanges::default()
    };
    store.create_collection(OWNER, "work", first).await.unwrap();
    let before = store.collection(OWNER, "work").await.unwrap().unwrap();
    let second = PropertyChanges {
        description: Some(None),
        order: Some(Some("3".into())),
        dead: vec![(name("a"), None), (name("b"), Some("22".into())), (name("c"), Some("3".into()))],
        ..PropertyChanges::default()
    };
    store.change_properties(OWNER, "work", second).await.unwrap();
    let after = store.collection(OWNER, "work").await.unwrap().unwrap();
    assert_eq!(after.display_name.as_deref(), Some("One"));
    assert_eq!((after.description.as_deref(), after.order.as_deref()), (None, Some("3")));
    assert!(after.transparent);
    let dead: BTreeSet<_> = after.dead_properties.into_iter().collect();
    assert_eq!(dead, BTreeSet::from([(name("b"), "22".to_owned()), (name("c"), "3".to_owned())]));
    assert!(after.version > before.version);
    let missing = store.change_properties(OWNER, "none", PropertyChanges::default()).await;
    assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
}

/// PUT and GET are byte for byte.
pub async fn stored_bytes_come_back_exactly(store: &impl Store) {
    let work = make(store, "work").await;
    let text = event("a", "Ça va?").replace("END:VEVENT", "X-ODD;X=\"a,b\":1\\;2\nEND:VEVENT");
    let outcome = put(store, "ä b.ics", &text, Conditions::default()).await.unwrap();
    let Outcome::Created(tag) = outcome else { panic!("{outcome:?}") };
    let member = store.member(&work, "ä b.ics").await.unwrap().unwrap();
    assert_eq!(member.bytes.as_deref(), Some(text.as_bytes()));
    assert_eq!((member.etag.as_str(), member.uid.as_str(), member.kind), (tag.as_str(), "a", ComponentKind::Event));
    assert_eq!(usize::try_from(member.size).unwrap(), text.len());
    assert!(!tag.is_empty() && !tag.contains('"'));
    assert!(store.member(&work, "none.ics").await.unwrap().is_none());
}

/// If-Match and If-None-Match.
pub async fn conditions_decide_inside_the_write(store: &impl Store) {
    make(store, "work").await;
    let only_new = || Conditions { if_none_match: Some(TagList::Any), ..Conditions::default() };
    let only = |tag: &str| Conditions { if_match: Some(TagList::Tags(vec![tag.to_owned()])), ..Conditions::default() };
    let failed =
        |result: Result<Outcome, StoreError>| assert!(matches!(result, Err(StoreError::ConditionFailed)), "{result:?}");
    failed(put(store, "a.ics", &event("a", "1"), only("none")).await);
    let Ok(Outcome::Created(first)) = put(store, "a.ics", &event("a", "1"), only_new()).await else { panic!() };
    failed(put(store, "a.ics", &event("a", "2"), only_new()).await);
    let Ok(Outcome::Replaced(second)) = put(store, "a.ics", &event("a", "2"), only(&first)).await else { panic!() };
    assert_ne!(first, second);
    failed(put(store, "a.ics", &event("a", "3"), only(&first)).await);
    failed(delete(store, "a.ics", only(&first)).await);
    assert_eq!(delete(store, "a.ics", only(&second)).await.unwrap(), Outcome::Deleted);
}

/// A repeated PUT neither changes the tag nor makes clients sync.
pub async fn the_same_bytes_again_change_nothing(store: &impl Store) {
    make(store, "work").await;
    let Ok(Outcome::Created(first)) = put(store, "a.ics", &event("a", "1"), Conditions::default()).await else {
        panic!()
    };
    let version = collection(store, "work").await.version;
    assert_eq!(put(store, "a.ics", &event("a", "1"), Conditions::default()).await.unwrap(), Outcome::Replaced(first));
    assert_eq!(collection(store, "work").await.version, version);
}

/// RFC 4791 §5.3.2.1, `no-uid-conflict`.
pub async fn a_uid_stands_once_in_a_collection(store: &impl Store) {
    make(store, "work").await;
    put(store, "a.ics", &event("same", "1"), Conditions::default()).await.unwrap();
    let other = put(store, "b.ics", &event("same", "1"), Conditions::default()).await;
    let Err(StoreError::Refused(Precondition::NoUidConflict(name))) = other else { panic!("{other:?}") };
    assert_eq!(name, "a.ics");
    delete(store, "a.ics", Conditions::default()).await.unwrap();
    put(store, "b.ics", &event("same", "1"), Conditions::default()).await.unwrap();
}

/// RFC 4791 §5.3.2.1, `supported-calendar-component`.
pub async fn a_kind_the_collection_does_not_hold_is_refused(store: &impl Store) {
    let todos = PropertyChanges { components: Some(vec![ComponentKind::Todo]), ..PropertyChanges::default() };
    store.create_collection(OWNER, "work", todos).await.unwrap();
    let result = put(store, "a.ics", &event("a", "1"), Conditions::default()).await;
    assert!(matches!(result, Err(StoreError::Refused(Precondition::SupportedCalendarComponent))), "{result:?}");
}

/// DELETE of members, twice.
pub async fn deleting_takes_the_member_away(store: &impl Store) {
    let work = make(store, "work").await;
    put(store, "a.ics", &event("a", "1"), Conditions::default()).await.unwrap();
    assert_eq!(delete(store, "a.ics", Conditions::default()).await.unwrap(), Outcome::Deleted);
    assert!(store.member(&work, "a.ics").await.unwrap().is_none());
    let again = delete(store, "a.ics", Conditions::default()).await;
    assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
}

/// calendar-multiget.
pub async fn named_members_skip_what_is_missing(store: &impl Store) {
    let work = fill(store, 3).await;
    let names = ["m2.ics", "none.ics", "m0.ics"].map(str::to_owned);
    let members = store.members_named(&work, &names).await.unwrap();
    let found: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(found, BTreeSet::from(["m0.ics", "m2.ics"]));
    assert!(members.iter().all(|member| member.bytes.is_some()));
    assert!(store.members_named(&work, &[]).await.unwrap().is_empty());
}

/// Keyset pages in the order of names.
pub async fn pages_cover_every_member_once(store: &impl Store) {
    let work = fill(store, 7).await;
    for limit in [1, 3, 7, 100] {
        let mut names = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = store.members(&work, &Candidates::default(), after.as_deref(), limit, false).await.unwrap();
            assert!(page.members.len() <= limit);
            assert!(page.members.iter().all(|member| member.bytes.is_none()));
            names.extend(page.members.into_iter().map(|member| member.name));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let wanted: Vec<String> = (0..7).map(|index| format!("m{index}.ics")).collect();
        assert_eq!(names, wanted, "limit {limit}");
    }
    let page = store.members(&work, &Candidates::default(), None, 1, true).await.unwrap();
    assert!(page.members[0].bytes.is_some());
}

/// A store may return too much for a calendar-query, never too little.
pub async fn candidates_never_leave_out_a_match(store: &impl Store) {
    let work = make(store, "work").await;
    let at = |uid: &str, lines: &str| calendar(&format!("BEGIN:VEVENT\nUID:{uid}\n{lines}\nEND:VEVENT\n"));
    put(store, "single.ics", &at("single", "DTSTART:20260301T100000Z\nDTEND:20260301T110000Z"), Conditions::default())
        .await
        .unwrap();
    put(
        store,
        "weekly.ics",
        &at("weekly", "DTSTART:20200105T100000Z\nDTEND:20200105T110000Z\nRRULE:FREQ=WEEKLY"),
        Conditions::default(),
    )
    .await
    .unwrap();
    put(store, "day.ics", &at("day", "DTSTART;VALUE=DATE:20260301"), Conditions::default()).await.unwrap();
    put(
        store,
        "task.ics",
        &calendar("BEGIN:VTODO\nUID:task\nDUE:20260301T100000Z\nEND:VTODO\n"),
        Conditions::default(),
    )
    .await
    .unwrap();
    let named = async |wanted: Candidates| {
        let page = store.members(&work, &wanted, None, 100, false).await.unwrap();
        page.members.into_iter().map(|member| member.name).collect::<BTreeSet<String>>()
    };
    // 2026-03-01, a Sunday, 09:00 to 12:00 UTC.
    let range = Some((1_772_355_600, 1_772_366_400));
    let events = named(Candidates { kind: Some(ComponentKind::Event), range, uid: None }).await;
    for name in ["single.ics", "weekly.ics", "day.ics"] {
        assert!(events.contains(name), "{name} in {events:?}");
    }
    assert!(named(Candidates { kind: Some(ComponentKind::Todo), range: None, uid: None }).await.contains("task.ics"));
    assert!(named(Candidates { kind: None, range: None, uid: Some("weekly".into()) }).await.contains("weekly.ics"));
}

/// RFC 6578: new and changed members, tombstones, nothing twice.
pub async fn changes_tell_what_is_new_changed_and_gone(store: &impl Store) {
    fill(store, 3).await;
    let first = changes(store, 0, 100).await;
    assert_eq!((names(&first), first.deleted.len(), first.truncated), (set(&["m0.ics", "m1.ics", "m2.ics"]), 0, false));
    assert_eq!(first.version, collection(store, "work").await.version);
    put(store, "m1.ics", &event("u1", "changed"), Conditions::default()).await.unwrap();
    put(store, "m1.ics", &event("u1", "changed again"), Conditions::default()).await.unwrap();
    put(store, "m3.ics", &event("u3", "new"), Conditions::default()).await.unwrap();
    delete(store, "m0.ics", Conditions::default()).await.unwrap();
    let second = changes(store, first.version, 100).await;
    assert_eq!((names(&second), second.deleted.clone()), (set(&["m1.ics", "m3.ics"]), vec!["m0.ics".to_owned()]));
    assert!(second.changed.iter().all(|member| !member.etag.is_empty()));
    let third = changes(store, second.version, 100).await;
    assert!(third.changed.is_empty() && third.deleted.is_empty());
    assert_eq!(third.version, second.version);
    put(store, "m0.ics", &event("u0", "back"), Conditions::default()).await.unwrap();
    let fourth = changes(store, second.version, 100).await;
    assert_eq!((names(&fourth), fourth.deleted.len()), (set(&["m0.ics"]), 0));
    let fresh = changes(store, 0, 100).await;
    assert_eq!((names(&fresh).len(), fresh.deleted.len()), (4, 0));
}

/// RFC 6578 §3.6: a truncated answer and its continuation hold everything once.
pub async fn cut_changes_continue_where_they_stopped(store: &impl Store) {
    fill(store, 5).await;
    let start = collection(store, "work").await.version;
    for since in [0, start] {
        if since == start {
            delete(store, "m4.ics", Conditions::default()).await.unwrap();
            for index in 0..4 {
                put(store, &format!("m{index}.ics"), &event(&format!("u{index}"), "new"), Conditions::default())
                    .await
                    .unwrap();
            }
        }
        let (mut since, mut seen, mut rounds) = (since, Vec::new(), 0);
        loop {
            let part = changes(store, since, 2).await;
            seen.extend(part.changed.iter().map(|member| member.name.clone()).chain(part.deleted.clone()));
            assert!(!part.truncated || part.version > since, "a cut answer must make progress");
            since = part.version;
            rounds += 1;
            assert!(rounds < 10);
            if !part.truncated {
                break;
            }
        }
        seen.sort();
        let wanted: Vec<String> = (0..5).map(|index| format!("m{index}.ics")).collect();
        assert_eq!(seen, wanted);
    }
}

/// Writes to collections that are not there.
pub async fn a_write_elsewhere_does_not_exist(store: &impl Store) {
    let result = put(store, "a.ics", &event("a", "1"), Conditions::default()).await;
    assert!(matches!(result, Err(StoreError::NotFound)), "{result:?}");
}

/// Of writers with the same If-Match exactly one succeeds.
pub async fn of_many_writers_one_wins(store: &impl Store) {
    make(store, "work").await;
    let Ok(Outcome::Created(tag)) = put(store, "a.ics", &event("a", "0"), Conditions::default()).await else {
        panic!()
    };
    let only = || Conditions { if_match: Some(TagList::Tags(vec![tag.clone()])), ..Conditions::default() };
    let (one, two) = (event("a", "1"), event("a", "2"));
    let (first, second) = both(put(store, "a.ics", &one, only()), put(store, "a.ics", &two, only())).await;
    let wins = [&first, &second].into_iter().filter(|result| result.is_ok()).count();
    assert_eq!(wins, 1, "{first:?} {second:?}");
}

/// MOVE: bytes and tag stay, both versions grow, sync tells of both ends.
pub async fn a_move_is_seen_in_both_collections(store: &impl Store) {
    let (work, home) = (make(store, "work").await, make(store, "home").await);
    let text = event("a", "1");
    let Ok(Outcome::Created(tag)) = put(store, "a.ics", &text, Conditions::default()).await else { panic!() };
    let work = Collection { version: collection(store, "work").await.version, ..work };
    let moved = store.relocate(to("home", "b.ics")).await.unwrap();
    assert_eq!(moved, Outcome::Created(tag.clone()));
    assert!(store.member(&work, "a.ics").await.unwrap().is_none());
    let member = store.member(&home, "b.ics").await.unwrap().unwrap();
    assert_eq!((member.etag, member.bytes.as_deref()), (tag, Some(text.as_bytes())));
    let gone = store.changes(&collection(store, "work").await, work.version, 10).await.unwrap().unwrap();
    assert_eq!((names(&gone), gone.deleted), (set(&[]), vec!["a.ics".to_owned()]));
    let come = store.changes(&collection(store, "home").await, home.version, 10).await.unwrap().unwrap();
    assert_eq!((names(&come), come.deleted.len()), (set(&["b.ics"]), 0));
    // What is there is replaced, whatever its UID.
    put(store, "a.ics", &event("c", "2"), Conditions::default()).await.unwrap();
    let moved = store.relocate(to("home", "b.ics")).await.unwrap();
    assert!(matches!(moved, Outcome::Replaced(_)), "{moved:?}");
    assert_eq!(store.member(&home, "b.ics").await.unwrap().unwrap().uid, "c");
    put(store, "a.ics", &text, Conditions::default()).await.unwrap();
    store.relocate(to("home", "a.ics")).await.unwrap();
}

/// MOVE to another name of the same collection: no conflict with itself.
pub async fn a_move_within_a_collection_is_another_name(store: &impl Store) {
    make(store, "work").await;
    put(store, "a.ics", &event("a", "1"), Conditions::default()).await.unwrap();
    let version = collection(store, "work").await.version;
    store.relocate(to("work", "b.ics")).await.unwrap();
    let seen = changes(store, version, 10).await;
    assert_eq!((names(&seen), seen.deleted), (set(&["b.ics"]), vec!["a.ics".to_owned()]));
    // And back to a name that was deleted.
    store.relocate(Move { name: "b.ics".into(), ..to("work", "a.ics") }).await.unwrap();
    let seen = changes(store, version, 10).await;
    assert_eq!((names(&seen), seen.deleted), (set(&["a.ics"]), vec!["b.ics".to_owned()]));
}

/// MOVE: conditions, UIDs, kinds and places that refuse it.
pub async fn a_refused_move_changes_nothing(store: &impl Store) {
    let todos = PropertyChanges { components: Some(vec![ComponentKind::Todo]), ..PropertyChanges::default() };
    store.create_collection(OWNER, "tasks", todos).await.unwrap();
    for (name, uid) in [("home", "a"), ("work", "a"), ("other", "b")] {
        make(store, name).await;
        let edit = Edit {
            collection: name.into(),
            ..edit("a.ics", Conditions::default(), Change::Put(object(&event(uid, "1"))))
        };
        store.edit(edit).await.unwrap();
    }
    let before = store.collections(OWNER).await.unwrap();
    let old = Conditions { if_match: Some(TagList::Tags(vec!["old".into()])), ..Conditions::default() };
    let failed = |result: Result<Outcome, StoreError>| matches!(result, Err(StoreError::ConditionFailed));
    assert!(failed(store.relocate(Move { conditions: old, ..to("home", "a.ics") }).await));
    assert!(failed(store.relocate(Move { overwrite: false, ..to("other", "a.ics") }).await));
    let conflict = store.relocate(to("home", "b.ics")).await;
    assert!(
        matches!(&conflict, Err(StoreError::Refused(Precondition::NoUidConflict(name))) if name == "a.ics"),
        "{conflict:?}"
    );
    let kind = store.relocate(to("tasks", "a.ics")).await;
    assert!(matches!(kind, Err(StoreError::Refused(Precondition::SupportedCalendarComponent))), "{kind:?}");
    let same = store.relocate(to("work", "a.ics")).await;
    assert!(matches!(same, Err(StoreError::Refused(Precondition::ResourceMustBeNull))), "{same:?}");
    for wanted in [to("none", "a.ics"), Move { name: "none.ics".into(), ..to("other", "b.ics") }] {
        let missing = store.relocate(wanted).await;
        assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
    }
    assert_eq!(store.collections(OWNER).await.unwrap(), before);
}

/// Of moves to two places exactly one succeeds: the member is never in both, or in none.
pub async fn of_many_moves_one_wins(store: &impl Store) {
    let places = [make(store, "home").await, make(store, "other").await];
    make(store, "work").await;
    put(store, "a.ics", &event("a", "0"), Conditions::default()).await.unwrap();
    let (first, second) = both(store.relocate(to("home", "a.ics")), store.relocate(to("other", "a.ics"))).await;
    let wins = [&first, &second].into_iter().filter(|result| result.is_ok()).count();
    assert_eq!(wins, 1, "{first:?} {second:?}");
    let mut there = 0;
    for place in &places {
        there += usize::from(store.member(place, "a.ics").await.unwrap().is_some());
    }
    assert_eq!(there, 1);
}

/// Polls two futures in turn until both are done, without a runtime's help.
async fn both<A, B>(one: impl Future<Output = A>, two: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut two) = (Box::pin(one), Box::pin(two));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(move |context| {
        if first.is_none() {
            first = ready(one.as_mut().poll(context));
        }
        if second.is_none() {
            second = ready(two.as_mut().poll(context));
        }
        match (first.take(), second.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (first, second) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn calendar(inner: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Contract//EN\n{inner}END:VCALENDAR\n");
    text.replace('\n', "\r\n")
}

fn event(uid: &str, summary: &str) -> String {
    let lines = "DTSTAMP:20260101T000000Z\nDTSTART:20260301T100000Z\nDTEND:20260301T110000Z";
    calendar(&format!("BEGIN:VEVENT\nUID:{uid}\n{lines}\nSUMMARY:{summary}\nEND:VEVENT\n"))
}

async fn make(store: &impl Store, name: &str) -> Collection {
    let components = Some(vec![ComponentKind::Event, ComponentKind::Todo]);
    store.create_collection(OWNER, name, PropertyChanges { components, ..PropertyChanges::default() }).await.unwrap();
    collection(store, name).await
}

async fn fill(store: &impl Store, count: usize) -> Collection {
    make(store, "work").await;
    for index in 0..count {
        let text = event(&format!("u{index}"), "x");
        put(store, &format!("m{index}.ics"), &text, Conditions::default()).await.unwrap();
    }
    collection(store, "work").await
}

async fn collection(store: &impl Store, name: &str) -> Collection {
    store.collection(OWNER, name).await.unwrap().unwrap()
}

async fn put(store: &impl Store, name: &str, text: &str, conditions: Conditions) -> Result<Outcome, StoreError> {
    store.edit(edit(name, conditions, Change::Put(object(text)))).await
}

fn object(text: &str) -> CalendarObject {
    CalendarObject::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap()
}

/// A move of `work/a.ics`.
fn to(collection: &str, name: &str) -> Move {
    Move {
        owner: OWNER.to_owned(),
        collection: "work".to_owned(),
        name: "a.ics".to_owned(),
        to_collection: collection.to_owned(),
        to_name: name.to_owned(),
        overwrite: true,
        by: OWNER.to_owned(),
        conditions: Conditions::default(),
    }
}

async fn delete(store: &impl Store, name: &str, conditions: Conditions) -> Result<Outcome, StoreError> {
    store.edit(edit(name, conditions, Change::Delete)).await
}

fn edit(name: &str, conditions: Conditions, change: Change) -> Edit {
    let (owner, by) = (OWNER.to_owned(), OWNER.to_owned());
    Edit { owner, collection: "work".to_owned(), name: name.to_owned(), by, conditions, change }
}

async fn changes(store: &impl Store, since: i64, limit: usize) -> Changes {
    store.changes(&collection(store, "work").await, since, limit).await.unwrap().unwrap()
}

fn names(changes: &Changes) -> BTreeSet<String> {
    changes.changed.iter().map(|member| member.name.clone()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
