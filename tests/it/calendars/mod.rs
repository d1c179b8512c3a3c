//! Calendars through the store that CalDAV serves: what is filed, what it means for slots, and that the index is right.

mod index;
mod meaning;
mod store;

use std::future::Future;
use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Candidates, Change, Conditions, Edit, Outcome, PropertyChanges, Store, StoreError, TagList};
use openhour::args;
use openhour::calendars::{OccurrenceRow, OfferWords, Scope, changes, check, horizon, occurrences, reindex, sessions};
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
            ..NewTeam::default()
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
