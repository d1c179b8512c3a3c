//! Many people change their minds in every order; whatever is refused, what is stored never contradicts itself.

use super::super::*;
use super::scene::{HOUR, START, Scene, Setting};

/// A small generator with known numbers, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

on_both_databases! {
    async fn two_hundred_changes_of_mind_about_single_seats_leave_everything_sound(fresh) {
        wander(fresh, 1).await;
    }

    async fn two_hundred_changes_of_mind_about_groups_leave_everything_sound(fresh) {
        wander(fresh, 3).await;
    }
}

async fn wander(fresh: &crate::db::fresh::Fresh, capacity: i64) {
    let scene = Scene::new(fresh, Setting { hosts: 3, hours: 6, capacity, ..Setting::default() }).await;
    let mut dice = Dice(capacity.unsigned_abs());
    let mut made: Vec<Booked> = Vec::new();
    let mut done = 0;
    for step in 0..200 {
        let start = START + i64::try_from(dice.below(6)).unwrap() * HOUR;
        let known = usize::try_from(dice.below(1 + made.len() as u64)).unwrap();
        let result = match (dice.below(6), made.get(known)) {
            (0..=2, _) | (_, None) => {
                let guest = format!("guest-{}@example.org", dice.below(8));
                scene.book(&guest, start).await.map(|booked| made.push(booked))
            }
            (3, Some(booked)) => cancel(&scene.desk, &scene.guest(booked).await, None).await.map(drop),
            (4, Some(booked)) => reschedule(&scene.desk, &scene.guest(booked).await, start).await.map(drop),
            (_, Some(booked)) => {
                let booking = scene.guest(booked).await.booking;
                let host = Booked { host: booking.session.host, ..booked.clone() };
                reschedule(&scene.desk, &scene.host(&host).await, start + HOUR / 2).await.map(drop)
            }
        };
        match result {
            Ok(()) => done += 1,
            Err(Refusal::Db(error)) => panic!("step {step}: {error}"),
            Err(_) => {}
        }
        if step % 20 == 0 {
            scene.is_sound().await;
        }
    }
    scene.is_sound().await;
    assert!(done > 60, "only {done} steps did anything");
}
