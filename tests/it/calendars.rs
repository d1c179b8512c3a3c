//! Calendars through the store that CalDAV serves: what is filed, what it means for slots, and that the index is right.

use std::future::Future;
use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Candidates, Change, Conditions, Edit, Outcome, PropertyChanges, Store, StoreError, TagList};
use openhour::args;
use openhour::calendars::{OccurrenceRow, Scope, changes, check, horizon, occurrences, reindex, sessions};
use openhour::clock::Clock;
use openhour::config::Config;
use openhour::dav::DeskStore;
use openhour::db::{Command, Db, DbError, Tx};
use openhour::desk::Desk;
use openhour::desk::people::SavePerson;
use openhour::desk::teams::SaveTeam;
use openhour::keys::Keys;
use openhour::people::{self, Person, Profile};
use openhour::teams::{NewTeam, Role};

use crate::db::fresh::Fresh;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// 2026-11-20T12:00:00Z, a Friday.
const NOW: i64 = 1_795_176_000;
const MARY: &str = "mary@example.org";

/// An installation with a team and Mary, who is a host of it.
struct House {
    desk: Arc<Desk>,
    clock: Clock,
    mary: Person,
    store: DeskStore,
}

fn story<F: Future<Output = ()>>(fresh: &Fresh, tell: impl FnOnce(House) -> F) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&fresh.target).await.unwrap();
        let clock = Clock::fixed(NOW);
        let desk = Arc::new(Desk::new(db, clock.clone(), Config::local("unused"), Keys::new([7; 32])));
        let team = NewTeam {
            slug: "rust".into(),
            name: "Rust".into(),
            timezone: Some("Europe/Berlin".into()),
            public: None,
            booking: None,
        };
        desk.db.run(SaveTeam { team, now: NOW }).await.unwrap();
        let mary = SavePerson {
            email: MARY.into(),
            profile: Profile { name: Some("Mary".into()), ..Profile::default() },
            memberships: vec![("rust".into(), Role::Host)],
            now: NOW,
        };
        let mary = desk.db.run(mary).await.unwrap();
        let store = DeskStore::new(desk.clone(), mary.clone());
        tell(House { desk, clock, mary, store }).await;
    });
}

impl House {
    async fn put_in(&self, collection: &str, name: &str, text: &str) -> Result<Outcome, StoreError> {
        self.put_if(collection, name, text, Conditions::default()).await
    }

    async fn put(&self, name: &str, text: &str) -> Outcome {
        self.put_in("offers", name, text).await.unwrap()
    }

    async fn put_if(
        &self,
        collection: &str,
        name: &str,
        text: &str,
        conditions: Conditions,
    ) -> Result<Outcome, StoreError> {
        let object = CalendarObject::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        self.store.edit(edit(collection, name, conditions, Change::Put(object))).await
    }

    async fn delete(&self, name: &str) -> Result<Outcome, StoreError> {
        self.store.edit(edit("offers", name, Conditions::default(), Change::Delete)).await
    }

    async fn rows(&self, from: i64, to: i64) -> Vec<OccurrenceRow> {
        let mut conn = self.desk.db.read().await.unwrap();
        occurrences::of(&mut conn, &self.desk.offer_words(), &[self.mary.id], from, to).await.unwrap()
    }

    /// Starts and ends as hours after `NOW`'s midnight, with `*` for an offer.
    async fn week(&self) -> Vec<String> {
        let midnight = NOW - 12 * HOUR;
        let hours = |at: i64| (at - midnight) / HOUR;
        let rows = self.rows(midnight, midnight + 7 * DAY).await;
        let mark = |row: &OccurrenceRow| if row.offer { "*" } else { "" };
        rows.iter().map(|row| format!("{}-{}{}", hours(row.starts), hours(row.ends), mark(row))).collect()
    }

    async fn person(&self) -> Person {
        people::by_id(&mut self.desk.db.read().await.unwrap(), self.mary.id).await.unwrap().unwrap()
    }

    async fn listed(&self) -> i64 {
        let mut conn = self.desk.db.read().await.unwrap();
        let (count,): (i64,) = conn.one("SELECT COUNT(*) FROM occurrences", args![]).await.unwrap();
        count
    }

    async fn extend(&self) {
        while !horizon::is_all(
            horizon::extend(&self.desk.db, &self.desk.offer_words(), self.clock.now()).await.unwrap(),
        ) {}
    }

    /// Nothing is wrong, and a rebuilt index is the one that is there.
    async fn assert_right(&self) {
        let (words, now) = (self.desk.offer_words(), self.clock.now());
        let mut conn = self.desk.db.read().await.unwrap();
        assert_eq!(check::check(&mut conn, &words, now).await.unwrap(), Vec::<String>::new());
        drop(conn);
        let report = reindex::run(&self.desk.db, &words, now).await.unwrap();
        assert_eq!(report.differed, Vec::<String>::new());
    }

    async fn version(&self, collection: &str) -> i64 {
        self.store.collection(MARY, collection).await.unwrap().unwrap().version
    }

    /// A statement that no command would run: damage, or what other folders write.
    async fn raw(&self, sql: &'static str) {
        self.desk.db.run(Raw(sql)).await.unwrap();
    }
}

struct Raw(&'static str);

impl Command for Raw {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(self.0, args![]).await.map(|_| ())
    }
}

fn edit(collection: &str, name: &str, conditions: Conditions, change: Change) -> Edit {
    Edit { owner: MARY.into(), collection: collection.into(), name: name.into(), by: MARY.into(), conditions, change }
}

/// An event with these lines after its UID.
fn event(uid: &str, lines: &str) -> String {
    let lines: String = lines.split_whitespace().map(|line| format!("{}\r\n", line.replace('_', " "))).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20261101T000000Z\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

const WEEKLY: &str = "SUMMARY:Available DTSTART:20261123T090000Z DTEND:20261123T120000Z RRULE:FREQ=WEEKLY";

on_both_databases! {
    fn the_store_keeps_the_contract(fresh) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), Config::local("unused"), Keys::new([7; 32])));
            for email in [caldav::contract::OWNER, caldav::contract::OTHER] {
                let save = SavePerson { email: email.into(), profile: Profile::default(), memberships: vec![], now: NOW };
                desk.db.run(save).await.unwrap();
            }
            caldav::contract::run_all(async || {
                // Each behaviour begins with an owner who has nothing yet.
                desk.db.run(Raw("DELETE FROM collections")).await.unwrap();
                let mut conn = desk.db.read().await.unwrap();
                let owner = people::by_email(&mut conn, caldav::contract::OWNER).await.unwrap().unwrap();
                DeskStore::new(desk.clone(), owner)
            })
            .await;
        });
    }
}

on_both_databases! {
    fn an_event_called_available_offers_and_others_block(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART:20261121T090000Z DTEND:20261121T120000Z")).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261121T100000Z DURATION:PT1H")).await;
            house.put("c.ics", &event("c", "SUMMARY:Free DTSTART:20261121T100000Z DURATION:PT1H TRANSP:TRANSPARENT")).await;
            house.put("d.ics", &event("d", "SUMMARY:Off DTSTART:20261121T100000Z DURATION:PT1H STATUS:CANCELLED")).await;
            house.put("e.ics", &event("e", "SUMMARY:No DTSTART:20261121T150000Z DURATION:PT1H ORGANIZER:mailto:x@example.com \
                ATTENDEE;PARTSTAT=DECLINED:mailto:MARY@example.org")).await;
            house.put("f.ics", &event("f", "SUMMARY:Maybe DTSTART:20261121T160000Z DURATION:PT1H ORGANIZER:mailto:x@example.com \
                ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:mary@example.org")).await;
            house.put("g.ics", &event("g", "SUMMARY:Available DTSTART:20261121T180000Z DURATION:PT1H ORGANIZER:mailto:x@example.com")).await;
            assert_eq!(house.week().await, ["33-36*", "34-35", "40-41", "42-43"]);
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn overrides_and_excluded_dates_change_their_own_instance(fresh) {
        story(&fresh, |house| async move {
            let series = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Available: Code Review\r\nDTSTART:20261120T140000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n\
                EXDATE:20261122T140000Z\r\nEND:VEVENT\r\n\
                BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID:20261121T140000Z\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Call the plumber\r\nDTSTART:20261121T160000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
                BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID:20261123T140000Z\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Available: Code Review\r\nSTATUS:CANCELLED\r\nDTSTART:20261123T140000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
                END:VCALENDAR\r\n";
            house.put("s.ics", series).await;
            assert_eq!(house.week().await, ["14-15*", "40-41", "110-111*", "134-135*", "158-159*"]);
            let rows = house.rows(NOW, NOW + DAY).await;
            assert_eq!(Scope::read(rows[0].scope.as_deref()), Scope::Named("code review".into()));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn a_change_or_deletion_shows_at_once_and_touches_slots_only_when_it_matters(fresh) {
        story(&fresh, |house| async move {
            let text = event("a", "SUMMARY:Available DTSTART:20261121T090000Z DTEND:20261121T120000Z");
            let Outcome::Created(tag) = house.put("a.ics", &text).await else { panic!("not created") };
            let slots = house.person().await.slots;
            let version = house.version("offers").await;

            // The same bytes: nothing changes, not even the version.
            assert_eq!(house.put("a.ics", &text).await, Outcome::Replaced(tag));
            assert_eq!((house.version("offers").await, house.person().await.slots), (version, slots));

            // Other bytes, the same times: clients hear of it, slots stay.
            house.put("a.ics", &text.replace("SUMMARY", "LOCATION:Room\r\nSUMMARY")).await;
            assert!(house.version("offers").await > version);
            assert_eq!(house.person().await.slots, slots);

            house.put("a.ics", &text.replace("T120000Z", "T110000Z")).await;
            let shortened = house.person().await;
            assert_eq!((shortened.slots, house.week().await), (shortened.version, vec!["33-35*".to_owned()]));

            assert_eq!(house.delete("a.ics").await.unwrap(), Outcome::Deleted);
            assert!(house.person().await.slots > shortened.slots);
            assert_eq!(house.week().await, Vec::<String>::new());
            assert!(matches!(house.delete("a.ics").await, Err(StoreError::NotFound)));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn conditions_are_decided_inside_the_transaction(fresh) {
        story(&fresh, |house| async move {
            let text = |hour: u32| event("a", &format!("SUMMARY:Available DTSTART:20261121T{hour:02}0000Z DURATION:PT1H"));
            let only_new = || Conditions { if_none_match: Some(TagList::Any), ..Conditions::default() };
            let made = house.put_if("offers", "a.ics", &text(9), only_new()).await.unwrap();
            let Outcome::Created(tag) = made else { panic!("not created") };
            assert!(matches!(house.put_if("offers", "a.ics", &text(10), only_new()).await, Err(StoreError::ConditionFailed)));
            // Eight writers who saw the same tag: one wins.
            let texts: Vec<String> = (10..18).map(text).collect();
            let seen = || Conditions { if_match: Some(TagList::Tags(vec![tag.clone()])), ..Conditions::default() };
            let mut won = 0;
            let [a, b, c, d] = [&texts[0], &texts[1], &texts[2], &texts[3]].map(|text| house.put_if("offers", "a.ics", text, seen()));
            let [e, f, g, h] = [&texts[4], &texts[5], &texts[6], &texts[7]].map(|text| house.put_if("offers", "a.ics", text, seen()));
            let (a, b, c, d, e, f, g, h) = tokio::join!(a, b, c, d, e, f, g, h);
            for result in [a, b, c, d, e, f, g, h] {
                match result {
                    Ok(Outcome::Replaced(_)) => won += 1,
                    Err(StoreError::ConditionFailed) => {}
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(won, 1);
            assert!(matches!(house.put_in("offers", "b.ics", &text(9)).await, Err(StoreError::Refused(_))), "same UID");
            assert!(matches!(house.put_in("sessions", "b.ics", &text(9)).await, Err(StoreError::Refused(_))), "read only");
            assert!(matches!(house.put_in("nowhere", "b.ics", &text(9)).await, Err(StoreError::NotFound)));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn the_horizon_rolls_and_queries_past_it_are_right(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            let listed = house.listed().await;
            assert!((57..=58).contains(&listed), "{listed} rows for 400 days of a weekly event");
            // 2029-11-26 is a Monday, three years on: nothing is listed there.
            let monday = NOW - 12 * HOUR + 1_102 * DAY;
            let far = house.rows(monday, monday + DAY).await;
            assert_eq!(far.len(), 1);
            assert_eq!((far[0].starts, far[0].ends, far[0].offer), (monday + 9 * HOUR, monday + 12 * HOUR, true));
            // A window that crosses the horizon has each instance once.
            let around = house.rows(NOW + 380 * DAY, NOW + 450 * DAY).await;
            assert_eq!(around.len(), 10);
            assert!(around.windows(2).all(|pair| pair[1].starts - pair[0].starts == 7 * DAY));
            // As the clock moves on the listing follows, and is what a rebuild makes of it.
            for days in [10, 100, 1_000] {
                house.clock.set(NOW + days * DAY);
                house.extend().await;
                house.assert_right().await;
                let rows = house.rows(house.clock.now(), house.clock.now() + 366 * DAY).await;
                assert!((52..=53).contains(&rows.len()), "{} rows", rows.len());
                assert!(house.listed().await <= 63);
            }
        });
    }
}

on_both_databases! {
    fn a_changed_zone_moves_all_day_and_floating_events_at_once(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART;VALUE=DATE:20261122")).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261122T100000 DURATION:PT1H")).await;
            // Of the team: Berlin, UTC+1.
            assert_eq!(house.week().await, ["47-71*", "57-58"]);
            let zone = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Karachi\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
            let changes = PropertyChanges { timezone: Some(Some(zone.into())), ..PropertyChanges::default() };
            house.store.change_properties(MARY, "offers", changes).await.unwrap();
            assert_eq!(house.week().await, ["43-67*", "53-54"]);
            house.assert_right().await;
            // The profile's own zone wins; nothing is listed anew yet, and the answer is right all the same.
            let before = house.person().await.slots;
            let moved = SavePerson {
                email: MARY.into(),
                profile: Profile { timezone: Some("America/New_York".into()), ..Profile::default() },
                memberships: Vec::new(),
                now: NOW,
            };
            house.desk.db.run(moved).await.unwrap();
            assert!(house.person().await.slots > before);
            assert_eq!(house.listed().await, 0);
            assert_eq!(house.week().await, ["53-77*", "63-64"]);
            house.assert_right().await;
            house.extend().await;
            assert_eq!((house.listed().await, house.week().await.len()), (2, 2));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn a_transparent_calendar_never_blocks_but_still_offers(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART:20261121T090000Z DURATION:PT1H")).await;
            house.put("b.ics", &event("b", "SUMMARY:Birthday DTSTART:20261121T090000Z DURATION:PT1H")).await;
            let changes = PropertyChanges { transparent: Some(true), ..PropertyChanges::default() };
            house.store.change_properties(MARY, "offers", changes).await.unwrap();
            assert_eq!(house.week().await, ["33-34*"]);
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn copies_of_sessions_never_count_and_are_written_once(fresh) {
        story(&fresh, |house| async move {
            let text = event("booking-1@example.org", "SUMMARY:Rust DTSTART:20261121T090000Z DTEND:20261121T100000Z");
            house.desk.db.run(WriteCopy(house.mary.id, text.clone())).await.unwrap();
            let version = house.version("sessions").await;
            house.desk.db.run(WriteCopy(house.mary.id, text.clone())).await.unwrap();
            assert_eq!(house.version("sessions").await, version);
            assert_eq!(house.week().await, Vec::<String>::new());
            house.assert_right().await;
            let sessions = house.store.collection(MARY, "sessions").await.unwrap().unwrap();
            let copy = house.store.member(&sessions, "booking-1@example.org.ics").await.unwrap().unwrap();
            assert_eq!(copy.bytes.unwrap(), text.as_bytes());
            let token = sessions.version;
            house.desk.db.run(RemoveCopy(house.mary.id)).await.unwrap();
            let changes = house.store.changes(&sessions, token, 10).await.unwrap().unwrap();
            assert_eq!((changes.deleted, changes.changed.len()), (vec!["booking-1@example.org.ics".to_owned()], 0));
            house.assert_right().await;
        });
    }
}

struct WriteCopy(i64, String);

impl Command for WriteCopy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.0]).await?;
        let starts = NOW + 21 * HOUR;
        let copy = sessions::Copy {
            uid: "booking-1@example.org".into(),
            bytes: self.1.clone().into_bytes(),
            starts,
            ends: starts + HOUR,
        };
        sessions::write_copy(tx, &locked, self.0, &copy, NOW).await
    }
}

struct RemoveCopy(i64);

impl Command for RemoveCopy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.0]).await?;
        sessions::remove_copy(tx, &locked, self.0, "booking-1@example.org", NOW).await
    }
}

on_both_databases! {
    fn sync_pages_and_tombstones_tell_all_that_happened(fresh) {
        story(&fresh, |house| async move {
            for number in 0..5 {
                house.put(&format!("{number}.ics"), &event(&format!("u{number}"), WEEKLY)).await;
            }
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            let (mut since, mut names) = (0, Vec::new());
            loop {
                let page = house.store.changes(&collection, since, 2).await.unwrap().unwrap();
                assert!(page.changed.len() <= 2 && page.version > since);
                names.extend(page.changed.into_iter().map(|member| member.name));
                since = page.version;
                if !page.truncated {
                    break;
                }
            }
            assert_eq!(names, ["0.ics", "1.ics", "2.ics", "3.ics", "4.ics"]);
            assert_eq!(since, collection.version);
            house.delete("1.ics").await.unwrap();
            house.put("3.ics", &event("u3", &WEEKLY.replace("WEEKLY", "DAILY"))).await;
            house.put("1.ics", &event("u1", WEEKLY)).await;
            house.delete("0.ics").await.unwrap();
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            let page = house.store.changes(&collection, since, 100).await.unwrap().unwrap();
            let changed: Vec<String> = page.changed.into_iter().map(|member| member.name).collect();
            assert_eq!((changed, page.deleted), (vec!["3.ics".into(), "1.ics".into()], vec!["0.ics".to_owned()]));
            assert!(house.store.changes(&collection, page.version + 1, 10).await.unwrap().is_none());
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn old_deletions_are_forgotten_and_their_tokens_refused(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            let token = house.version("offers").await;
            house.delete("a.ics").await.unwrap();
            house.put("b.ics", &event("b", WEEKLY)).await;
            assert_eq!(changes::prune(&house.desk.db, NOW + 89 * DAY).await.unwrap(), 0);
            assert_eq!(changes::prune(&house.desk.db, NOW + 91 * DAY).await.unwrap(), 1);
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            assert!(house.store.changes(&collection, token, 10).await.unwrap().is_none());
            let first = house.store.changes(&collection, 0, 10).await.unwrap().unwrap();
            assert_eq!((first.changed.len(), first.deleted.len()), (1, 0));
            assert!(house.store.changes(&collection, first.version, 10).await.unwrap().is_some());
        });
    }
}

on_both_databases! {
    fn calendars_are_made_changed_paged_and_deleted(fresh) {
        story(&fresh, |house| async move {
            let changes = PropertyChanges {
                display_name: Some(Some("Work".into())),
                dead: vec![(caldav::xml::name::QName { namespace: "urn:x".into(), local: "y".into() }, Some("<z/>".into()))],
                ..PropertyChanges::default()
            };
            house.store.create_collection(MARY, "work", changes.clone()).await.unwrap();
            assert!(matches!(house.store.create_collection(MARY, "work", changes.clone()).await, Err(StoreError::Refused(_))));
            assert!(matches!(house.store.create_collection(MARY, "open", changes).await, Err(StoreError::Refused(_))));
            let names: Vec<String> =
                house.store.collections(MARY).await.unwrap().into_iter().map(|collection| collection.name).collect();
            assert_eq!(names, ["offers", "sessions", "work"]);
            let work = house.store.collection(MARY, "work").await.unwrap().unwrap();
            assert_eq!((work.display_name.as_deref(), work.dead_properties.len()), (Some("Work"), 1));
            for name in ["b", "B", "a", "_"] {
                house.put_in("work", name, &event(name, "SUMMARY:Dentist DTSTART:20261121T090000Z DURATION:PT1H")).await.unwrap();
            }
            let first = house.store.members(&work, &Candidates::default(), None, 3, false).await.unwrap();
            let second = house.store.members(&work, &Candidates::default(), first.next.as_deref(), 3, true).await.unwrap();
            let all: Vec<&str> = first.members.iter().chain(&second.members).map(|member| member.name.as_str()).collect();
            assert_eq!(all, ["B", "_", "a", "b"]);
            assert!(second.next.is_none() && second.members[0].bytes.is_some() && first.members[0].bytes.is_none());
            let later = Candidates { range: Some((NOW + 30 * DAY, NOW + 31 * DAY)), ..Candidates::default() };
            assert!(house.store.members(&work, &later, None, 10, false).await.unwrap().members.is_empty());
            assert_eq!(house.week().await.len(), 4);
            house.store.delete_collection(MARY, "work").await.unwrap();
            assert_eq!(house.week().await.len(), 0);
            assert!(matches!(house.store.delete_collection(MARY, "offers").await, Err(StoreError::Refused(_))));
            assert!(matches!(house.store.delete_collection(MARY, "work").await, Err(StoreError::NotFound)));
            let other = DeskStore::new(house.desk.clone(), Person { email: "eve@example.org".into(), ..house.mary.clone() });
            assert!(other.collection(MARY, "offers").await.unwrap().is_none());
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn damage_is_found_by_the_check_and_mended_by_a_rebuild(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261121T090000Z DURATION:PT1H")).await;
            house.raw("UPDATE occurrences SET ends = ends + 60 WHERE position = 3").await;
            let (words, now) = (house.desk.offer_words(), house.clock.now());
            let mut conn = house.desk.db.read().await.unwrap();
            let wrong = check::check(&mut conn, &words, now).await.unwrap();
            drop(conn);
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].starts_with("mary@example.org/offers/a.ics: "), "{wrong:?}");
            let report = reindex::run(&house.desk.db, &words, now).await.unwrap();
            assert_eq!((report.objects, report.differed), (2, vec!["mary@example.org/offers/a.ics".to_owned()]));
            house.assert_right().await;
            house.raw("UPDATE objects SET etag = 'x', uid = 'y' WHERE name = 'b.ics'").await;
            house.raw("UPDATE collections SET version = version + 1000").await;
            let mut conn = house.desk.db.read().await.unwrap();
            assert_eq!(check::check(&mut conn, &words, now).await.unwrap().len(), 4);
        });
    }
}

on_both_databases! {
    fn a_series_that_never_ends_to_be_counted_blocks_from_where_counting_ends(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Pulse DTSTART:20261121T000000Z DURATION:PT1M RRULE:FREQ=HOURLY")).await;
            let rows = house.rows(NOW + 390 * DAY, NOW + 391 * DAY).await;
            assert!(!rows.is_empty() && rows.iter().all(|row| !row.offer));
            let free = rows.iter().all(|row| row.ends - row.starts == 60);
            assert!(!free, "an hour between two pulses is never taken for free past the limit");
            house.assert_right().await;
        });
    }
}
