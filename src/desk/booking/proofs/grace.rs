//! Cancelling with a while to take it back.

use super::super::*;
use super::scene::{HOUR, NOW, START, Scene, Setting};
use crate::booking;

const GRACE: i64 = 120;

on_both_databases! {
    async fn the_other_side_is_told_once_it_can_no_longer_be_taken_back(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let before = scene.jobs().await.len();
        for _ in 0..2 {
            let cancelling = cancel_with_grace(&scene.desk, &scene.guest(&booked).await, Some(" ill ")).await.unwrap();
            assert_eq!((cancelling.status, cancelling.expires), (Status::Cancelling, Some(NOW + GRACE)));
            assert_eq!((cancelling.sequence, cancelling.session.sequence), (0, 0), "nothing has happened for the host");
        }
        let undo_mail = format!("undo-mail/a/{}/guest", NOW + GRACE);
        assert_eq!(scene.jobs().await[before..], [undo_mail]);
        assert_eq!(scene.open().await, [(1, 1), (2, 1)], "it occupies its time meanwhile");
        scene.is_sound().await;
        scene.clock.set(NOW + GRACE - 1);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 0);
        scene.clock.set(NOW + GRACE);
        assert_eq!(undo(&scene.desk, &scene.guest(&booked).await).await.unwrap_err().code(), "too-late");
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 1);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 0);
        assert_eq!(scene.jobs().await[before + 1..], ["cancel/booking/a/1/guest", "cancel/session/b/1/host"]);
        assert_eq!(scene.open().await, [(0, 1), (1, 1), (2, 1)]);
        let over = scene.guest(&booked).await.booking;
        assert_eq!((over.status, over.reason.as_deref(), over.cancelling_by), (Status::Cancelled, Some("ill"), None));
        scene.is_sound().await;
    }

    async fn only_who_cancelled_takes_it_back_and_nobody_else_hears_of_it(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let before = scene.guest(&booked).await.booking;
        let jobs = scene.jobs().await.len();
        cancel_with_grace(&scene.desk, &scene.host(&booked).await, None).await.unwrap();
        assert_eq!(undo(&scene.desk, &scene.guest(&booked).await).await.unwrap_err().code(), "not-allowed");
        for _ in 0..2 {
            undo(&scene.desk, &scene.host(&booked).await).await.unwrap();
        }
        assert_eq!(scene.guest(&booked).await.booking, before);
        scene.clock.set(NOW + 2 * GRACE);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 0);
        assert_eq!(scene.jobs().await.len(), jobs + 1, "one mail with the way back");
        scene.is_sound().await;
    }

    async fn a_host_cancels_a_group_together_and_takes_it_back_together(fresh) {
        let scene = Scene::new(fresh, Setting { capacity: 3, ..Setting::default() }).await;
        let first = scene.book("tariq@example.org", START).await.unwrap();
        let second = scene.book("mina@example.org", START).await.unwrap();
        let leaving = scene.book("li@example.org", START).await.unwrap();
        cancel_with_grace(&scene.desk, &scene.guest(&leaving).await, None).await.unwrap();
        cancel_with_grace(&scene.desk, &scene.host(&first).await, None).await.unwrap();
        assert_eq!(scene.guest(&second).await.booking.status, Status::Cancelling);
        undo(&scene.desk, &scene.host(&second).await).await.unwrap();
        assert_eq!(scene.guest(&first).await.booking.status, Status::Confirmed);
        assert_eq!(scene.guest(&leaving).await.booking.status, Status::Cancelling, "that one is their own wish");
        scene.clock.set(NOW + GRACE);
        finish_cancelling(&scene.desk).await.unwrap();
        assert_eq!(scene.open().await, [(0, 1), (1, 3), (2, 3)]);
        scene.is_sound().await;
    }

    async fn many_processes_carry_a_cancellation_out_once(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        cancel_with_grace(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        scene.clock.set(NOW + GRACE);
        let all = (0..8).map(|_| {
            let desk = scene.desk.clone();
            tokio::spawn(async move { finish_cancelling(&desk).await.unwrap() })
        });
        for one in all.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        assert_eq!(scene.guest(&booked).await.booking.sequence, 1);
        scene.is_sound().await;
    }

    async fn just_before_the_start_the_while_ends_with_the_start(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        scene.clock.set(START - 10);
        cancel_with_grace(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        scene.clock.set(START + HOUR);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 1);
        let found = booking::by_id(&mut scene.desk.db.read().await.unwrap(), booked.id).await.unwrap().unwrap();
        assert_eq!(found.status, Status::Cancelled);
        let again = scene.guest(&booked).await;
        assert_eq!(cancel_with_grace(&scene.desk, &again, None).await.unwrap_err().code(), "too-late");
    }

    async fn cancelling_on_the_page_meanwhile_acts_at_once(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        cancel_with_grace(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        let over = cancel(&scene.desk, &scene.host(&booked).await, Some("me too")).await.unwrap();
        assert_eq!((over.status, over.reason.as_deref()), (Status::Cancelled, Some("me too")));
        scene.clock.set(NOW + GRACE);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 0);
        scene.is_sound().await;
    }
}
