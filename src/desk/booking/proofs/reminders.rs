//! Reminders are queued with the booking, follow it when it moves, and go when it goes.

use super::super::*;
use super::scene::{DAY, HOUR, START, Scene, Setting};
use crate::teams::BookingMode;

/// For guest and host alike, so many hours after the first offer begins.
fn both(hours: &[i64]) -> Vec<(i64, String)> {
    hours.iter().flat_map(|hour| ["guest", "host"].map(|to| (*hour, to.to_owned()))).collect()
}

on_both_databases! {
    async fn both_are_reminded_a_day_and_an_hour_before(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-24, -1]));
        scene.is_sound().await;
    }

    async fn who_books_late_is_reminded_only_of_what_is_ahead(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.run("UPDATE session_types SET notice = 0").await;
        scene.run("UPDATE teams SET version = version + 1").await;
        scene.clock.set(START - DAY);
        scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-1]));
        scene.clock.set(START + 90 * 60);
        scene.book("mina@example.org", START + 2 * HOUR).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-1]), "half an hour ahead there is nothing to remind of");
    }

    async fn the_session_type_says_when(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.run("UPDATE session_types SET reminders = '[7200, 172800]'").await;
        scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-48, -2]));
    }

    async fn a_moved_session_has_reminders_of_its_new_time_only(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        reschedule(&scene.desk, &scene.guest(&booked).await, START + 2 * HOUR).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-22, 1]));
        reschedule(&scene.desk, &scene.guest(&booked).await, START).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-24, -1]), "back again, and still each once");
        set_agenda(&scene.desk, &scene.guest(&booked).await, "Traits").await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-24, -1]));
        scene.is_sound().await;
    }

    async fn another_host_is_reminded_and_the_one_before_is_not(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        // The second time is taken with the first host, so the move is to the other.
        let wish = BookRequest { host: Some(booked.host), ..scene.wish("mina@example.org", START + HOUR) };
        book(&scene.desk, wish).await.unwrap();
        reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        let moved = scene.guest(&booked).await.booking.session.host;
        assert_ne!(moved, booked.host);
        assert_eq!(scene.reminders().await.len(), 2 * 4);
        scene.is_sound().await;
    }

    async fn nobody_is_reminded_of_what_is_cancelled(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        assert_eq!(scene.reminders().await, []);
        scene.book("mina@example.org", START).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-24, -1]));
    }

    async fn a_group_has_reminders_for_each_guest_and_one_set_for_its_host(fresh) {
        let scene = Scene::new(fresh, Setting { capacity: 5, ..Setting::default() }).await;
        let first = scene.book("tariq@example.org", START).await.unwrap();
        scene.book("mina@example.org", START).await.unwrap();
        let count = |all: &[(i64, String)], to: &str| all.iter().filter(|(_, who)| who == to).count();
        let all = scene.reminders().await;
        assert_eq!((count(&all, "guest"), count(&all, "host")), (4, 2));
        cancel(&scene.desk, &scene.guest(&first).await, None).await.unwrap();
        let all = scene.reminders().await;
        assert_eq!((count(&all, "guest"), count(&all, "host")), (2, 2));
    }

    async fn a_held_booking_reminds_once_it_is_confirmed(fresh) {
        let scene = Scene::new(fresh, Setting { mode: BookingMode::Confirm, ..Setting::default() }).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(scene.reminders().await, []);
        confirm(&scene.desk, &scene.guest(&booked).await).await.unwrap();
        assert_eq!(scene.reminders().await, both(&[-24, -1]));
    }
}
