//! Many want the same few places at once.

use super::super::*;
use super::scene::{HOUR, START, Scene, Setting};

const TRIES: usize = 40;

on_both_databases! {
    async fn forty_tries_on_six_places_sell_six(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, hours: 3, ..Setting::default() }).await;
        assert_eq!(race(&scene, |guest| START + (guest as i64 % 3) * HOUR).await, 6);
        scene.is_sound().await;
    }

    async fn forty_tries_on_one_meeting_of_five_seats_sell_five(fresh) {
        let scene = Scene::new(fresh, Setting { hours: 1, capacity: 5, ..Setting::default() }).await;
        assert_eq!(race(&scene, |_| START).await, 5);
        scene.is_sound().await;
    }

    async fn hosts_booked_at_once_keep_the_daily_cap_of_their_team(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 8, hours: 8, ..Setting::default() }).await;
        scene.run("UPDATE teams SET daily_cap = 3, version = version + 1").await;
        assert_eq!(race(&scene, |guest| START + (guest as i64 % 8) * HOUR).await, 3);
        scene.is_sound().await;
    }

    async fn one_guest_with_forty_windows_gets_one_place_per_hour(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 3, hours: 1, ..Setting::default() }).await;
        let tasks: Vec<_> = (0..TRIES)
            .map(|_| {
                let (desk, wish) = (scene.desk.clone(), scene.wish("tariq@example.org", START));
                tokio::spawn(async move { book(&desk, wish).await })
            })
            .collect();
        let mut booked = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => booked += 1,
                Err(Refusal::AlreadyBooked { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(booked, 1);
        scene.is_sound().await;
    }

    async fn one_request_sent_forty_times_at_once_books_once(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 3, ..Setting::default() }).await;
        let key = |body: u8| Idempotency {
            route: "bookings".into(),
            caller: "tariq@example.org".into(),
            key: "once".into(),
            body_hash: vec![body; 32],
        };
        let wish = BookRequest { idempotency: Some(key(1)), ..scene.wish("tariq@example.org", START) };
        let tasks: Vec<_> = (0..TRIES)
            .map(|_| {
                let (desk, wish) = (scene.desk.clone(), wish.clone());
                tokio::spawn(async move { book(&desk, wish).await })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap().unwrap());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        let other = BookRequest { idempotency: Some(key(2)), ..wish };
        assert_eq!(book(&scene.desk, other).await.unwrap_err().code(), "key-reused");
        scene.is_sound().await;
    }
}

/// How many of the tries succeeded; every other one was told that the place is gone.
async fn race(scene: &Scene, start: impl Fn(usize) -> i64) -> usize {
    let tasks: Vec<_> = (0..TRIES)
        .map(|guest| {
            let (desk, wish) = (scene.desk.clone(), scene.wish(&format!("guest-{guest}@example.org"), start(guest)));
            tokio::spawn(async move { book(&desk, wish).await })
        })
        .collect();
    let mut sold = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => sold += 1,
            Err(Refusal::SlotTaken { .. } | Refusal::LimitReached { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    sold
}
