//! What happens to a booking after it was made, and who is told.

use super::super::*;
use super::scene::{HOUR, NOW, START, Scene, Setting};
use crate::booking::{self, CONFIRM_WITHIN};
use crate::teams::BookingMode;

on_both_databases! {
    async fn a_booking_tells_both_once_the_link_is_made(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        // The booking's id is older than its session's.
        assert_eq!(scene.jobs().await, ["meeting-link/b", "invite/booking/a/0/guest", "invite/session/b/0/host"]);
        let found = scene.guest(&booked).await.booking;
        assert_eq!(found.uid, found.session.uid, "alone, host and guest share one event");
        assert_eq!(scene.host(&booked).await.role, HolderRole::Host);
        scene.is_sound().await;
    }

    async fn cancelling_frees_the_slot_and_tells_both_once(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let before = scene.jobs().await.len();
        for _ in 0..2 {
            let cancelled = cancel(&scene.desk, &scene.guest(&booked).await, Some(" ill ")).await.unwrap();
            assert_eq!((cancelled.sequence, cancelled.session.sequence, cancelled.session.cancelled), (1, 1, true));
            assert_eq!(cancelled.reason.as_deref(), Some("ill"));
        }
        assert_eq!(scene.jobs().await[before..], ["cancel/booking/a/1/guest", "cancel/session/b/1/host"]);
        assert_eq!(scene.open().await, [(0, 1), (1, 1), (2, 1)]);
        scene.book("mina@example.org", START).await.unwrap();
        scene.is_sound().await;
    }

    async fn nothing_changes_once_the_session_has_begun(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let guest = scene.guest(&booked).await;
        scene.clock.set(START);
        assert_eq!(cancel(&scene.desk, &guest, None).await.unwrap_err().code(), "too-late");
        assert_eq!(set_agenda(&scene.desk, &guest, "x").await.unwrap_err().code(), "too-late");
        assert_eq!(reschedule(&scene.desk, &guest, START + HOUR).await.unwrap_err().code(), "too-late");
        let host = scene.host(&booked).await;
        assert_eq!(reschedule(&scene.desk, &host, START + 9 * HOUR).await.unwrap_err().code(), "too-late");
    }

    async fn a_changed_agenda_is_the_next_sequence_and_the_same_one_nothing(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let before = scene.jobs().await.len();
        for _ in 0..2 {
            let changed = set_agenda(&scene.desk, &scene.guest(&booked).await, "Traits").await.unwrap();
            assert_eq!((changed.sequence, changed.session.sequence, changed.agenda.as_str()), (1, 1, "Traits"));
        }
        assert_eq!(scene.jobs().await[before..], ["invite/booking/a/1/guest", "invite/session/b/1/host"]);
        scene.is_sound().await;
    }

    async fn a_guest_moves_with_the_same_host_and_event(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let moved = reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        assert_eq!((moved.session.id, moved.session.host, moved.session.starts), (booked.session, booked.host, START + HOUR));
        assert_eq!((moved.uid, moved.sequence, moved.session.sequence), (booked.uid.clone(), 1, 1));
        assert_eq!(scene.open().await, [(0, 2), (1, 1), (2, 2)]);
        // The same start again is no change.
        let again = reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        assert_eq!(again.sequence, 1);
        scene.is_sound().await;
    }

    async fn a_guest_moves_to_another_host_when_theirs_is_taken(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, hours: 2, ..Setting::default() }).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let other = BookRequest { host: Some(booked.host), ..scene.wish("mina@example.org", START + HOUR) };
        book(&scene.desk, other).await.unwrap();
        let moved = reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        assert_ne!(moved.session.host, booked.host);
        assert_eq!((moved.uid.clone(), moved.sequence), (booked.uid.clone(), 1));
        let old = booking::session(&mut scene.desk.db.read().await.unwrap(), booked.session).await.unwrap().unwrap();
        assert!(old.cancelled);
        let full = reschedule(&scene.desk, &scene.guest(&booked).await, START + 2 * HOUR).await.unwrap_err();
        assert_eq!(full.code(), "not-offered");
        scene.is_sound().await;
    }

    async fn a_host_moves_a_session_anywhere_free(fresh) {
        let scene = Scene::new(fresh, Setting { capacity: 2, ..Setting::default() }).await;
        let first = scene.book("tariq@example.org", START).await.unwrap();
        let second = scene.book("mina@example.org", START).await.unwrap();
        scene.book("li@example.org", START + 2 * HOUR).await.unwrap();
        let host = scene.host(&first).await;
        let taken = reschedule(&scene.desk, &host, START + 90 * 60).await.unwrap_err();
        assert_eq!(taken.code(), "slot-taken");
        let moved = reschedule(&scene.desk, &host, NOW + 60).await.unwrap();
        assert_eq!((moved.session.starts, moved.sequence), (NOW + 60, 1));
        let other = scene.guest(&second).await.booking;
        assert_eq!((other.session.starts, other.sequence), (NOW + 60, 1), "everybody in it moves along");
        scene.is_sound().await;
    }

    async fn guests_of_a_group_have_their_own_events_and_the_host_one(fresh) {
        let scene = Scene::new(fresh, Setting { capacity: 3, ..Setting::default() }).await;
        let first = scene.book("tariq@example.org", START).await.unwrap();
        let second = scene.book("mina@example.org", START).await.unwrap();
        assert_eq!(first.session, second.session);
        assert_ne!(first.uid, second.uid);
        let session = scene.guest(&second).await.booking.session;
        assert!(session.uid != first.uid && session.uid != second.uid);
        assert_eq!(session.sequence, 1, "the host's event lists its guests, so it changes with them");
        assert_eq!(scene.open().await, [(0, 1), (1, 3), (2, 3)]);
        let left = cancel(&scene.desk, &scene.guest(&first).await, None).await.unwrap();
        assert_eq!((left.session.cancelled, left.session.sequence), (false, 2));
        let moved = reschedule(&scene.desk, &scene.guest(&second).await, START + HOUR).await.unwrap();
        assert_eq!((moved.session.id, moved.session.starts), (second.session, START + HOUR));
        assert_eq!(scene.open().await, [(0, 3), (1, 2), (2, 3)]);
        scene.is_sound().await;
    }

    async fn a_guest_leaves_one_group_for_another(fresh) {
        let scene = Scene::new(fresh, Setting { capacity: 3, ..Setting::default() }).await;
        let first = scene.book("tariq@example.org", START).await.unwrap();
        scene.book("mina@example.org", START).await.unwrap();
        let there = scene.book("li@example.org", START + HOUR).await.unwrap();
        let moved = reschedule(&scene.desk, &scene.guest(&first).await, START + HOUR).await.unwrap();
        assert_eq!((moved.session.id, moved.seat, moved.uid), (there.session, Some(2), first.uid));
        assert_eq!(scene.open().await, [(0, 2), (1, 1), (2, 3)]);
        scene.is_sound().await;
    }

    async fn a_held_booking_lapses_unless_its_guest_confirms(fresh) {
        let setting = Setting { mode: BookingMode::Confirm, ..Setting::default() };
        let scene = Scene::new(fresh, setting).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(booked.status, Status::Held);
        assert_eq!(scene.jobs().await, ["confirm-mail/a"]);
        assert_eq!(scene.open().await, [(1, 1), (2, 1)], "it occupies its time meanwhile");
        assert_eq!(confirm(&scene.desk, &scene.host(&booked).await).await.unwrap_err().code(), "not-allowed");
        scene.clock.set(NOW + CONFIRM_WITHIN);
        assert_eq!(confirm(&scene.desk, &scene.guest(&booked).await).await.unwrap_err().code(), "too-late");
        assert_eq!(expire_holds(&scene.desk).await.unwrap(), 1);
        assert_eq!(expire_holds(&scene.desk).await.unwrap(), 0);
        assert_eq!(scene.open().await, [(0, 1), (1, 1), (2, 1)]);
        assert_eq!(scene.jobs().await, ["confirm-mail/a"], "nobody was told of it, so nobody is told it is off");

        let booked = scene.book("mina@example.org", START).await.unwrap();
        for _ in 0..2 {
            let confirmed = confirm(&scene.desk, &scene.guest(&booked).await).await.unwrap();
            assert_eq!((confirmed.status, confirmed.sequence, confirmed.session.sequence), (Status::Confirmed, 0, 0));
        }
        assert_eq!(scene.jobs().await.len(), 2 + 3);
        scene.is_sound().await;
    }

    async fn bookings_go_round_the_hosts(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 3, hours: 6, ..Setting::default() }).await;
        let mut hosts = Vec::new();
        for number in 0..6 {
            let guest = format!("guest-{number}@example.org");
            hosts.push(scene.book(&guest, START + number * HOUR).await.unwrap().host);
            scene.clock.set(NOW + number + 1);
        }
        hosts.sort_unstable();
        let shares: Vec<usize> = scene.hosts.iter().map(|host| hosts.iter().filter(|found| *found == host).count()).collect();
        assert_eq!(shares, [2, 2, 2]);
    }

    async fn the_check_finds_what_is_wrong(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.run("DELETE FROM holds").await;
        scene.run("DELETE FROM jobs WHERE kind = 'invite'").await;
        scene.run("DELETE FROM booking_log").await;
        let found = booking::check::check(&mut scene.desk.db.read().await.unwrap(), NOW).await.unwrap();
        assert_eq!(found.len(), 5, "{found:#?}");
    }

    async fn the_check_finds_who_meets_themself(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.book("tariq@example.org", START).await.unwrap();
        scene.run("UPDATE bookings SET guest = (SELECT host FROM sessions)").await;
        scene.finds(&["has its host as a guest"]).await;
    }

    async fn the_check_finds_one_event_with_two_sequences(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        scene.is_sound().await;
        scene.run("UPDATE sessions SET sequence = sequence + 1").await;
        scene.finds(&["tells its host and its guest of one event by different sequences"]).await;
    }

    async fn the_check_finds_who_was_not_told_of_a_cancellation(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        scene.run("DELETE FROM jobs WHERE kind = 'cancel'").await;
        scene.finds(&["no cancellation was queued for its guest", "no cancellation was queued for its host"]).await;
    }
}

/// The copies in "Sessions": whose, and what of them matters here.
async fn copies(scene: &Scene) -> Vec<(String, i64, Vec<String>)> {
    let mut conn = scene.desk.db.read().await.unwrap();
    let rows: Vec<(String, i64, Vec<u8>)> = conn
        .all(
            "SELECT p.email, o.starts, o.bytes FROM objects o JOIN collections c ON c.id = o.collection
             JOIN people p ON p.id = c.owner WHERE c.kind = 'sessions' ORDER BY p.email, o.starts",
            vec![],
        )
        .await
        .unwrap();
    let matters = |line: &&str| {
        ["SEQUENCE", "DTSTART", "DESCRIPTION", "ORGANIZER", "ATTENDEE"].iter().any(|name| line.starts_with(name))
    };
    rows.into_iter()
        .map(|(email, starts, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            (email, starts, text.lines().filter(matters).map(str::to_owned).collect())
        })
        .collect()
}

on_both_databases! {
    async fn both_see_the_session_in_their_calendars_as_it_is_now(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        scene.run(&format!(
            "INSERT INTO collections (id, owner, name, kind, version, created) VALUES (5, {}, 'sessions', 'sessions', 1, 0)",
            scene.hosts[0]
        ))
        .await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let lines = |start: &str, sequence: u8, agenda: &str| {
            vec![format!("DTSTART:{start}"), format!("DESCRIPTION:{agenda}"), format!("SEQUENCE:{sequence}")]
        };
        let both = async |start: &str, sequence: u8, agenda: &str| {
            let mut expected = lines(start, sequence, agenda);
            expected.sort();
            let found = copies(&scene).await;
            assert_eq!(found.len(), 2, "{found:?}");
            for (_, _, mut lines) in found {
                lines.sort();
                assert_eq!(lines, expected);
            }
        };
        both("20261127T090000Z", 0, "Lifetimes").await;
        set_agenda(&scene.desk, &scene.guest(&booked).await, "Traits").await.unwrap();
        both("20261127T090000Z", 1, "Traits").await;
        reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        both("20261127T100000Z", 2, "Traits").await;
        cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        assert_eq!(copies(&scene).await, []);
        scene.is_sound().await;
    }
}
