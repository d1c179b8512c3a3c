//! Working hours written and read again, on both databases; what is booked holds its offer.

use std::sync::Arc;

use super::*;
use crate::calendars::occurrences;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::db::fresh::Fresh;
use crate::desk::Desk;
use crate::desk::people::SavePerson;
use crate::desk::teams::{SaveSessionType, SaveTeam};
use crate::keys::Keys;
use crate::people::{Person, Profile};
use crate::teams::{NewSessionType, NewTeam, Role, RuleSet};
use caldav::ical::zone::Zone;
use jiff::civil::{Date, date};

/// Friday, 2026-11-20, 12:00 UTC.
const NOW: i64 = 1_795_176_000;

async fn scene(fresh: &Fresh, zone: &str) -> (Arc<Desk>, Person) {
    let db = Db::open(&fresh.target).await.unwrap();
    let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), Config::local("unused"), Keys::new([7; 32])));
    let team = NewTeam { slug: "rust".into(), name: "Rust".into(), public: Some(true), ..NewTeam::default() };
    desk.db.run(SaveTeam { team, now: NOW }).await.unwrap();
    let kind = NewSessionType {
        slug: "talk".into(),
        name: "Talk".into(),
        minutes: 60,
        capacity: None,
        rules: RuleSet::default(),
    };
    desk.db.run(SaveSessionType { team: "rust".into(), kind, now: NOW }).await.unwrap();
    let profile = Profile { timezone: Some(zone.into()), ..Profile::default() };
    let memberships = vec![("rust".to_owned(), Role::Host)];
    let save = SavePerson { email: "ana@example.org".into(), profile, memberships, now: NOW };
    let ana = desk.db.run(save).await.unwrap();
    (desk, ana)
}

fn week(days: [&str; 7]) -> [String; 7] {
    days.map(str::to_owned)
}

async fn shown(desk: &Desk, person: &Person) -> [String; 7] {
    let hours = hours(desk, person).await.unwrap().unwrap();
    hours.days.map(|day| hours_in_words(&day).replace('\u{2013}', "-"))
}

/// The offers on a day, by the clock.
async fn on(desk: &Desk, person: &Person, zone: &Zone, day: Date) -> Vec<String> {
    let midnight = zone.to_instant(day.at(0, 0, 0, 0));
    let mut conn = desk.db.read().await.unwrap();
    let rows =
        occurrences::of(&mut conn, &desk.offer_words(), &[person.id], midnight, midnight + 26 * 3_600).await.unwrap();
    let clock = |at: i64| zone.to_wall(at).strftime("%H:%M").to_string();
    let rows = rows.iter().filter(|row| row.offer && zone.to_wall(row.starts).date() == day);
    rows.map(|row| format!("{}-{}", clock(row.starts), clock(row.ends))).collect()
}

async fn objects(desk: &Desk) -> Vec<(String, String)> {
    let mut conn = desk.db.read().await.unwrap();
    conn.all("SELECT name, etag FROM objects ORDER BY name", vec![]).await.unwrap()
}

on_both_databases! {
    fn working_hours_come_back_as_they_were_typed_whatever_the_clocks_do(fresh) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (desk, ana) = scene(&fresh, "Europe/Berlin").await;
            let zone = Zone::named("Europe/Berlin").unwrap();
            let weeks = [
                week(["09:00-12:00, 13:00-17:00", "", "09:00-12:00, 13:00-17:00", "18:00-20:30", "", "", ""]),
                week(["09:00-12:00, 13:00-17:00", "09:00-12:00", "", "18:00-20:30", "", "", "01:30-03:30, 22:00-24:00"]),
                week(["09:00-12:00, 13:00-18:00", "", "", "", "", "10:00-11:00", "01:30-03:30, 22:00-24:00"]),
                week(["", "", "", "", "", "", ""]),
                week(["08:00-24:00", "", "", "", "", "", "08:00-24:00"]),
            ];
            for typed in &weeks {
                set_hours(&desk, &ana, typed).await.unwrap();
                assert_eq!(shown(&desk, &ana).await, *typed);
                let before = objects(&desk).await;
                set_hours(&desk, &ana, typed).await.unwrap();
                assert_eq!(objects(&desk).await, before, "the same hours once more write nothing");
                // Weeks before, between and after the changes of the clock in March and October.
                for monday in [date(2026, 11, 30), date(2027, 3, 22), date(2027, 3, 29), date(2027, 10, 25), date(2027, 11, 1)] {
                    for (index, text) in typed.iter().enumerate() {
                        let day = monday.checked_add(jiff::Span::new().days(index as i64)).unwrap();
                        let expected: Vec<String> =
                            text.split(", ").filter(|part| !part.is_empty()).map(|part| part.replace("24:00", "00:00")).collect();
                        // A night's length is exact, so on the nights of the changes it ends by another clock.
                        let skipped = [date(2027, 3, 28), date(2027, 10, 31)].contains(&day) && text.contains("01:30");
                        if !skipped {
                            assert_eq!(on(&desk, &ana, &zone, day).await, expected, "{day}");
                        }
                    }
                }
            }
        });
    }

    fn other_offers_and_days_taken_out_stay_as_they_are(fresh) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (desk, ana) = scene(&fresh, "America/New_York").await;
            let zone = Zone::named("America/New_York").unwrap();
            let once = NewOffer { date: "2026-12-05".into(), starts: "10:00".into(), ends: "12:00".into(), ..NewOffer::default() };
            add(&desk, &ana, &once).await.unwrap();
            let kind = NewOffer { repeat: "weekly".into(), kind: "talk".into(), date: "2026-11-24".into(), ..once };
            add(&desk, &ana, &kind).await.unwrap();
            let others = objects(&desk).await;
            set_hours(&desk, &ana, &week(["9-12", "", "9-12", "", "", "", ""])).await.unwrap();
            let hours = upcoming(&desk, ana.id).await.unwrap().into_iter().find(|entry| entry.when.starts.time() == read_clock("9").unwrap()).unwrap();
            let monday = hours.next[2].instance;
            assert_eq!(zone.to_wall(monday).date(), date(2026, 11, 30));
            change(&desk, &ana, hours.id, &OfferChange::CancelOne(monday)).await.unwrap();
            assert!(on(&desk, &ana, &zone, date(2026, 11, 30)).await.is_empty());
            // Another end on Mondays, and no Wednesdays any more.
            set_hours(&desk, &ana, &week(["9-13", "", "", "", "", "", ""])).await.unwrap();
            assert!(on(&desk, &ana, &zone, date(2026, 11, 30)).await.is_empty(), "it was taken out");
            assert_eq!(on(&desk, &ana, &zone, date(2026, 12, 7)).await, ["09:00-13:00"]);
            assert!(on(&desk, &ana, &zone, date(2026, 12, 2)).await.is_empty());
            let now = objects(&desk).await;
            assert!(others.iter().all(|other| now.contains(other)), "{now:?}");
            let over = set_hours(&desk, &ana, &week(["", "11-13", "", "", "", "", ""])).await;
            assert!(matches!(over, Err(Refused::Overlaps(..))), "it is offered for talks already: {over:?}");
        });
    }

    fn later_times_go_and_earlier_ones_stay(fresh) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (desk, ana) = scene(&fresh, "Europe/Berlin").await;
            let zone = Zone::named("Europe/Berlin").unwrap();
            let weekly = NewOffer {
                date: "2026-11-26".into(), starts: "18:00".into(), ends: "20:00".into(), repeat: "weekly".into(), ..NewOffer::default()
            };
            add(&desk, &ana, &weekly).await.unwrap();
            let entry = upcoming(&desk, ana.id).await.unwrap().pop().unwrap();
            let retime = OfferChange::Retime { from: Some(entry.next[2].instance), starts: "17:00".into(), ends: "19:00".into() };
            change(&desk, &ana, entry.id, &retime).await.unwrap();
            assert_eq!(on(&desk, &ana, &zone, date(2026, 12, 3)).await, ["18:00-20:00"]);
            assert_eq!(on(&desk, &ana, &zone, date(2026, 12, 10)).await, ["17:00-19:00"]);
            assert_eq!(on(&desk, &ana, &zone, date(2027, 4, 1)).await, ["17:00-19:00"], "by the clock, in summer too");
            change(&desk, &ana, entry.id, &OfferChange::CancelFrom(entry.next[1].instance)).await.unwrap();
            assert_eq!(on(&desk, &ana, &zone, date(2026, 11, 26)).await, ["18:00-20:00"]);
            assert!(on(&desk, &ana, &zone, date(2026, 12, 3)).await.is_empty());
            assert_eq!(on(&desk, &ana, &zone, date(2026, 12, 10)).await, ["17:00-19:00"], "that is another offer now");
        });
    }
}
