//! Every reason for which a slot is refused.

use super::super::*;
use super::scene::{DAY, HOUR, NOW, START, Scene, Setting};
use crate::people;
use crate::teams::{BookingMode, RuleSet};

on_both_databases! {
    async fn a_start_that_nobody_offers_is_not_offered(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        for start in [START - HOUR, START + 30 * 60, START + 3 * HOUR, NOW - DAY, i64::MAX, i64::MIN] {
            let refusal = scene.book("tariq@example.org", start).await.unwrap_err();
            assert_eq!(refusal.code(), "not-offered", "{start}");
        }
    }

    async fn exactly_at_the_notice_is_allowed_and_a_second_later_too_late(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.clock.set(START - DAY + 1);
        assert_eq!(scene.book("tariq@example.org", START).await.unwrap_err().code(), "too-late");
        scene.clock.set(START - DAY);
        scene.book("tariq@example.org", START).await.unwrap();
    }

    async fn a_taken_slot_is_refused_with_the_three_nearest_others(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 8, ..Setting::default() }).await;
        scene.book("tariq@example.org", START + 4 * HOUR).await.unwrap();
        let refusal = scene.book("mina@example.org", START + 4 * HOUR).await.unwrap_err();
        assert_eq!(refusal.code(), "slot-taken");
        let hours: Vec<i64> = refusal.alternatives().iter().map(|slot| (slot.start - START) / HOUR).collect();
        assert_eq!(hours, [2, 3, 5]);
    }

    async fn buffers_keep_sessions_apart(fresh) {
        let rules = RuleSet { buffer_after: Some(15 * 60), ..RuleSet::default() };
        let scene = Scene::new(fresh, Setting { hours: 5, rules, ..Setting::default() }).await;
        let starts = async || {
            let pooled = pooled(&scene.desk, &scene.team, &[], 0, NOW + 30 * DAY).await.unwrap();
            pooled.slots.iter().map(|slot| (slot.start - START) / 60).collect::<Vec<_>>()
        };
        assert_eq!(starts().await, [0, 75, 150, 225]);
        scene.book("tariq@example.org", START + 75 * 60).await.unwrap();
        assert_eq!(starts().await, [0, 150, 225]);
        scene.is_sound().await;
    }

    async fn a_guest_has_one_session_at_a_time_and_none_with_themself(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(scene.book(" Tariq@Example.ORG ", START).await.unwrap_err().code(), "already-booked");
        let own = BookRequest { host: Some(scene.hosts[0]), ..scene.wish("host-0@example.org", START + HOUR) };
        assert_eq!(book(&scene.desk, own).await.unwrap_err().code(), "already-booked");
        let other = scene.book("host-0@example.org", START + HOUR).await.unwrap();
        assert_eq!(other.host, scene.hosts[1], "a host books with the others");
        assert_eq!(scene.open().await, [(0, 1), (2, 2)], "and is not free then");
        scene.is_sound().await;
    }

    async fn caps_of_the_hosts_day_end_it(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 4, ..Setting::default() }).await;
        scene.run("UPDATE people SET max_per_day = 2, version = version + 1, slots = version + 1").await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.book("mina@example.org", START + HOUR).await.unwrap();
        assert_eq!(scene.book("li@example.org", START + 2 * HOUR).await.unwrap_err().code(), "limit-reached");
        assert_eq!(scene.open().await, []);
    }

    async fn the_teams_daily_cap_counts_all_hosts(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        scene.run("UPDATE teams SET daily_cap = 2, version = version + 1").await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.book("mina@example.org", START).await.unwrap();
        assert_eq!(scene.book("li@example.org", START + 2 * HOUR).await.unwrap_err().code(), "limit-reached");
        assert_eq!(scene.open().await, []);
    }

    async fn a_banned_guest_is_not_allowed(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.run("UPDATE people SET banned = TRUE WHERE email = 'tariq@example.org'").await;
        assert_eq!(scene.book("tariq@example.org", START + HOUR).await.unwrap_err().code(), "not-allowed");
    }

    async fn members_book_for_themselves_where_the_team_wants_members(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, mode: BookingMode::Members, ..Setting::default() }).await;
        assert_eq!(scene.book("tariq@example.org", START).await.unwrap_err().code(), "not-allowed");
        let found = people::by_id(&mut scene.desk.db.read().await.unwrap(), scene.hosts[0]).await.unwrap();
        let by = Caller { person: found, address: String::new() };
        let wish = BookRequest { by: by.clone(), ..scene.wish("host-0@example.org", START) };
        assert_eq!(book(&scene.desk, wish).await.unwrap().host, scene.hosts[1]);
        let wish = BookRequest { by, ..scene.wish("else@example.org", START + HOUR) };
        assert_eq!(book(&scene.desk, wish).await.unwrap_err().code(), "not-allowed");
    }

    async fn ten_bookings_an_hour_from_one_network_and_three_mails_a_day_to_one_address(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 20, limits: true, ..Setting::default() }).await;
        for number in 0..3 {
            scene.book("tariq@example.org", START + number * HOUR).await.unwrap();
        }
        let refusal = scene.book("tariq@example.org", START + 3 * HOUR).await.unwrap_err();
        assert!(matches!(refusal, Refusal::RateLimited { retry_after } if retry_after == DAY / 2), "{refusal:?}");
        for number in 3..10 {
            scene.book(&format!("guest-{number}@example.org"), START + number * HOUR).await.unwrap();
        }
        let refusal = scene.book("last@example.org", START + 10 * HOUR).await.unwrap_err();
        assert!(matches!(refusal, Refusal::RateLimited { retry_after: 3_600 }), "{refusal:?}");
        let elsewhere = Caller { person: None, address: "192.0.2.2".into() };
        let wish = BookRequest { by: elsewhere, ..scene.wish("last@example.org", START + 10 * HOUR) };
        book(&scene.desk, wish).await.unwrap();
        scene.clock.set(NOW + HOUR);
        scene.book("later@example.org", START + 11 * HOUR).await.unwrap();
    }

    async fn a_refused_booking_leaves_nothing_behind(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 1, ..Setting::default() }).await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.book("mina@example.org", START).await.unwrap_err();
        let mina = people::by_email(&mut scene.desk.db.read().await.unwrap(), "mina@example.org").await.unwrap();
        assert_eq!(mina, None);
    }

    async fn nonsense_and_foreign_tokens_hold_nothing(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let foreign = token(&scene.desk.keys, booked.id, 42, 0);
        let older = token(&scene.desk.keys, booked.id, booked.host, 1);
        for token in ["", "x", &"a".repeat(39), &foreign, &older] {
            assert_eq!(holder(&scene.desk, token).await.unwrap_err().code(), "not-found", "{token}");
        }
        scene.clock.set(booked.end + 30 * DAY);
        view(&scene.desk, &booked.token).await.unwrap();
        scene.clock.set(booked.end + 30 * DAY + 1);
        assert_eq!(view(&scene.desk, &booked.token).await.unwrap_err().code(), "not-found");
    }

    async fn while_nothing_is_committed_slots_need_no_database(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.is_quiet().await;
        let before = scene.open().await;
        scene.desk.db.close().await;
        assert_eq!(scene.open().await, before);
        scene.clock.set(START - DAY + 1);
        pooled(&scene.desk, &scene.team, &[], 0, NOW + 30 * DAY).await.unwrap_err();
    }
}
