//! Whatever changes what is open is in the next answer, and soon in that of every other process on the database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Change, Conditions, Edit, PropertyChanges};
use openhour::clock::Clock;
use openhour::config::Config;
use openhour::db::Db;
use openhour::desk::people::SavePerson;
use openhour::desk::slots::pooled;
use openhour::desk::teams::{SaveSessionType, SaveTeam};
use openhour::desk::{Desk, arranging, filing};
use openhour::keys::Keys;
use openhour::people::{Person, Profile};
use openhour::teams::{self, NewSessionType, NewTeam, Role, RuleSet};

use crate::db::fresh::Fresh;

/// 2026-11-20T12:00:00Z, a Friday.
const NOW: i64 = 1_795_176_000;
/// 2026-11-25T00:00:00Z, the day that is offered.
const DAY: i64 = NOW - 12 * 3_600 + 5 * 86_400;
/// Within so much time another process must know; the quickest of several changes shows it, because tests share their
/// machine.
const SOON: Duration = Duration::from_millis(250);

/// Two processes' worth of desks on one database.
struct Two {
    here: Arc<Desk>,
    there: Arc<Desk>,
    clock: Clock,
    delays: Vec<Duration>,
}

impl Two {
    async fn on(fresh: &Fresh) -> Self {
        let clock = Clock::fixed(NOW);
        let desk = async || {
            let db = Db::open(&fresh.target).await.unwrap();
            Arc::new(Desk::new(db, clock.clone(), Config::local("unused"), Keys::new([7; 32])))
        };
        Self { here: desk().await, there: desk().await, clock, delays: Vec::new() }
    }

    /// The next answer here is this, and before long the one there.
    async fn both_say(&mut self, what: &str, expected: &str) {
        let changed = Instant::now();
        assert_eq!(open(&self.here).await, expected, "{what}");
        while open(&self.there).await != expected {
            assert!(changed.elapsed() < Duration::from_secs(5), "{what}: {} elsewhere", open(&self.there).await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.delays.push(changed.elapsed());
    }

    async fn team(&self, timezone: Option<&str>) {
        let team = NewTeam {
            slug: "rust".into(),
            name: "Rust".into(),
            timezone: timezone.map(str::to_owned),
            public: Some(true),
            booking: None,
            ..NewTeam::default()
        };
        self.here.db.run(SaveTeam { team, now: NOW }).await.unwrap();
    }

    async fn kind(&self, minutes: i64, notice: i64) {
        self.kind_with(minutes, RuleSet { notice: Some(notice), ..RuleSet::default() }).await;
    }

    async fn kind_with(&self, minutes: i64, rules: RuleSet) {
        let kind = NewSessionType { slug: "talk".into(), name: "Talk".into(), minutes, capacity: None, rules };
        self.here.db.run(SaveSessionType { team: "rust".into(), kind, now: NOW }).await.unwrap();
    }

    async fn person(&self, email: &str, timezone: Option<&str>, memberships: Vec<(String, Role)>) -> Person {
        let profile = Profile { timezone: timezone.map(str::to_owned), ..Profile::default() };
        self.here.db.run(SavePerson { email: email.into(), profile, memberships, now: NOW }).await.unwrap()
    }

    async fn file(&self, owner: &Person, change: Change) {
        let edit = Edit {
            owner: owner.email.clone(),
            collection: "offers".into(),
            name: "day.ics".into(),
            by: owner.email.clone(),
            conditions: Conditions::default(),
            change,
        };
        filing::file(&self.here, owner, edit).await.unwrap();
    }
}

/// How many slots there are, when the first begins (hours after midnight UTC of the day), and its places.
async fn open(desk: &Desk) -> String {
    let team = teams::by_slug(&mut desk.db.read().await.unwrap(), "rust").await.unwrap().unwrap();
    let pooled = pooled(desk, &team, &[], NOW, NOW + 20 * 86_400).await.unwrap();
    match pooled.slots.first() {
        Some(first) => format!("{} from {} for {}", pooled.slots.len(), (first.start - DAY) / 3_600, first.open),
        None => "none".into(),
    }
}

fn all_day() -> Change {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:day\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Available\r\nDTSTART;VALUE=DATE:20261125\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    Change::Put(CalendarObject::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap())
}

fn calendar_zone(name: &str) -> PropertyChanges {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\n\
         DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
         END:VCALENDAR\r\n"
    );
    PropertyChanges { timezone: Some(Some(text)), ..PropertyChanges::default() }
}

on_both_databases! {
    async fn every_change_is_in_the_next_answer_and_soon_in_every_other(fresh) {
        let mut two = Two::on(fresh).await;
        two.team(Some("UTC")).await;
        two.kind(60, 0).await;
        two.both_say("nobody offers", "none").await;
        let host = || vec![("rust".to_owned(), Role::Host)];
        let mary = two.person("mary@example.org", None, host()).await;
        two.file(&mary, all_day()).await;
        two.both_say("an offer", "8 from 9 for 1").await;
        two.kind(120, 0).await;
        two.both_say("a type's length", "4 from 9 for 1").await;
        two.kind(60, 19 * 86_400).await;
        two.both_say("a type's notice", "none").await;
        two.kind(60, 0).await;
        two.both_say("and back", "8 from 9 for 1").await;
        two.team(Some("Europe/Vienna")).await;
        two.both_say("the team's zone", "8 from 8 for 1").await;
        arranging::change_calendar(&two.here, &mary, "offers", calendar_zone("Asia/Tokyo")).await.unwrap();
        two.both_say("the calendar's zone, before the team's", "8 from 0 for 1").await;
        two.person("mary@example.org", Some("America/New_York"), vec![]).await;
        two.both_say("the host's own zone, before both", "8 from 14 for 1").await;
        let li = two.person("li@example.org", Some("America/New_York"), vec![]).await;
        two.both_say("somebody who is no host", "8 from 14 for 1").await;
        assert_eq!(two.person("li@example.org", None, host()).await.id, li.id);
        two.file(&li, all_day()).await;
        two.both_say("another host", "8 from 14 for 2").await;
        two.file(&mary, Change::Delete).await;
        two.both_say("a withdrawn offer", "8 from 14 for 1").await;
        assert!(two.delays.iter().skip(1).any(|delay| *delay < SOON), "{:?}", two.delays);
    }
    async fn what_is_too_far_ahead_opens_when_its_time_comes(fresh) {
        let two = Two::on(fresh).await;
        two.team(Some("UTC")).await;
        let window = Some(2 * 86_400);
        two.kind_with(60, RuleSet { notice: Some(0), booking_window: window, ..RuleSet::default() }).await;
        let mary = two.person("mary@example.org", None, vec![("rust".to_owned(), Role::Host)]).await;
        two.file(&mary, all_day()).await;
        let first = DAY + 9 * 3_600;
        assert_eq!(open(&two.here).await, "none");
        for (now, expected) in [(-1, "none"), (0, "1 from 9 for 1"), (3_599, "1 from 9 for 1"), (3_600, "2 from 9 for 1")] {
            two.clock.set(first - 2 * 86_400 + now);
            assert_eq!(open(&two.here).await, expected, "{now}");
        }
    }
}
