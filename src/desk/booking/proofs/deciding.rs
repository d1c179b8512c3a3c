//! Approval, other hosts, how it went, and who else is told.

use super::super::*;
use super::scene::{DAY, HOUR, NOW, START, Scene, Setting};
use crate::booking::APPROVE_WITHIN;
use crate::people;

/// Another person of the scene.
const LEA: PersonId = 77;

impl Scene {
    /// Whose type needs a yes.
    async fn with_approval(fresh: &crate::db::fresh::Fresh, setting: Setting) -> Self {
        let scene = Self::new(fresh, setting).await;
        scene.run("UPDATE session_types SET approval = TRUE").await;
        scene.run("UPDATE teams SET version = version + 1").await;
        scene
    }

    /// Lea leads the team, and is an administrator if that is wanted.
    async fn with_lea(&self, admin: bool) -> people::Person {
        let admin = if admin { "TRUE" } else { "FALSE" };
        self.run(&format!(
            "INSERT INTO people (id, email, name, admin, created) VALUES ({LEA}, 'lea@example.org', 'Lea', {admin}, 1)"
        ))
        .await;
        self.run(&format!(
            "INSERT INTO memberships (team, person, role, created) SELECT id, {LEA}, 'lead', 1 FROM teams"
        ))
        .await;
        self.run("UPDATE teams SET version = version + 1").await;
        people::by_id(&mut self.desk.db.read().await.unwrap(), LEA).await.unwrap().unwrap()
    }

    /// What was queued so far: the kind of each job, and of questions which.
    async fn kinds(&self) -> Vec<String> {
        let short = |key: String| {
            let parts: Vec<&str> = key.split('/').collect();
            match parts.as_slice() {
                ["approval-mail", _, code, ..] => format!("{code}?"),
                ["copy-mail", _, news, ..] => format!("copy of {news}"),
                [kind, "booking", _, sequence, ..] => format!("{kind} guest {sequence}"),
                [kind, "session", _, sequence, ..] => format!("{kind} host {sequence}"),
                [kind, ..] => (*kind).to_owned(),
                [] => key,
            }
        };
        self.jobs().await.into_iter().filter(|key| !key.starts_with("reminder/")).map(short).collect()
    }

    async fn log(&self, booked: &Booked) -> Vec<String> {
        let history = crate::booking::history(&mut self.desk.db.read().await.unwrap(), booked.id).await.unwrap();
        history.into_iter().map(|line| line.action).collect()
    }
}

on_both_databases! {
    async fn a_pending_booking_takes_the_time_and_invites_nobody_until_somebody_says_yes(fresh) {
        let scene = Scene::with_approval(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(booked.status, Status::Pending);
        assert_eq!(scene.open().await, [(1, 1), (2, 1)]);
        assert_eq!(scene.kinds().await, ["asked?", "request?"], "no meeting, no invite");
        scene.is_sound().await;
        for _ in 0..2 {
            let yes = approve(&scene.desk, booked.id, booked.host).await.unwrap();
            assert_eq!((yes.status, yes.expires, yes.sequence), (Status::Confirmed, None, 0));
        }
        assert_eq!(scene.kinds().await[2..], ["meeting-link", "invite guest 0", "invite host 0"]);
        assert_eq!(scene.log(&booked).await, ["booked", "approved"]);
        assert_eq!(reject(&scene.desk, booked.id, booked.host, "").await.unwrap_err().code(), "too-late");
        scene.is_sound().await;
    }

    async fn a_no_frees_the_time_and_tells_the_guest_once(fresh) {
        let scene = Scene::with_approval(fresh, Setting::default()).await;
        let lea = scene.with_lea(false).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        for _ in 0..2 {
            let no = reject(&scene.desk, booked.id, lea.id, " We are full ").await.unwrap();
            assert_eq!((no.word(), no.status, no.reason.as_deref()), ("rejected", Status::Cancelled, Some("We are full")));
        }
        assert_eq!(scene.kinds().await[2..], ["rejected?", "withdrawn?"], "a lead said no, so the host hears of it too");
        assert_eq!(approve(&scene.desk, booked.id, lea.id).await.unwrap_err().code(), "too-late");
        assert_eq!(scene.open().await, [(0, 1), (1, 1), (2, 1)]);
        assert_eq!(scene.log(&booked).await, ["booked", "rejected"]);
        scene.is_sound().await;
    }

    async fn a_guest_takes_the_request_back_and_the_host_hears_of_it(fresh) {
        let scene = Scene::with_approval(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let gone = cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        assert_eq!((gone.word(), gone.rejected), ("cancelled", false));
        assert_eq!(scene.kinds().await[2..], ["withdrawn?"]);
        scene.is_sound().await;
    }

    async fn without_an_answer_the_clock_says_no(fresh) {
        let scene = Scene::with_approval(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let until = scene.guest(&booked).await.booking.expires.unwrap();
        assert_eq!(until, scene.clock.now() + APPROVE_WITHIN);
        scene.clock.set(until - 1);
        assert_eq!(expire_holds(&scene.desk).await.unwrap(), 0);
        scene.clock.set(until);
        assert_eq!(approve(&scene.desk, booked.id, booked.host).await.unwrap_err().code(), "too-late");
        assert_eq!(expire_holds(&scene.desk).await.unwrap(), 1);
        assert_eq!(scene.guest(&booked).await.booking.word(), "rejected");
        assert_eq!(scene.kinds().await[2..], ["rejected?"]);
        // What is asked for shortly before it starts waits no longer than that.
        scene.clock.set(START + 2 * HOUR - DAY);
        let late = scene.book("mina@example.org", START + 2 * HOUR).await.unwrap();
        scene.clock.set(START + 2 * HOUR);
        assert_eq!(expire_holds(&scene.desk).await.unwrap(), 1);
        assert_eq!(scene.guest(&late).await.booking.word(), "rejected");
        scene.is_sound().await;
    }

    async fn where_addresses_are_confirmed_the_question_comes_after_that(fresh) {
        let setting = Setting { mode: crate::teams::BookingMode::Confirm, ..Setting::default() };
        let scene = Scene::with_approval(fresh, setting).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!((booked.status, scene.kinds().await), (Status::Held, vec!["confirm-mail".to_owned()]));
        assert_eq!(approve(&scene.desk, booked.id, booked.host).await.unwrap_err().code(), "too-late");
        for _ in 0..2 {
            let asked = confirm(&scene.desk, &scene.guest(&booked).await).await.unwrap();
            assert_eq!(asked.status, Status::Pending);
        }
        assert_eq!(scene.kinds().await[1..], ["asked?", "request?"]);
        approve(&scene.desk, booked.id, booked.host).await.unwrap();
        scene.is_sound().await;
    }

    async fn a_pending_booking_that_moves_is_asked_for_anew(fresh) {
        let scene = Scene::with_approval(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let moved = reschedule(&scene.desk, &scene.guest(&booked).await, START + HOUR).await.unwrap();
        assert_eq!((moved.status, moved.session.starts), (Status::Pending, START + HOUR));
        assert_eq!(scene.kinds().await, ["asked?", "request?", "asked?", "request?"]);
        scene.is_sound().await;
    }

    async fn another_host_takes_over_everybody_in_the_session(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 2, capacity: 2, ..Setting::default() }).await;
        let lea = scene.with_lea(false).await;
        let (old, new) = (scene.hosts[0], scene.hosts[1]);
        let mut guests = Vec::new();
        for email in ["tariq@example.org", "mina@example.org"] {
            let wish = BookRequest { host: Some(old), ..scene.wish(email, START) };
            guests.push(book(&scene.desk, wish).await.unwrap());
        }
        let known = scene.guest(&guests[0]).await.booking;
        let free = free_hosts(&scene.desk, &known).await.unwrap();
        assert_eq!(free.iter().map(|host| (host.person, host.offers)).collect::<Vec<_>>(), [(new, true)]);
        let before = scene.kinds().await.len();
        for _ in 0..2 {
            let changed = reassign(&scene.desk, known.id, new, lea.id).await.unwrap();
            assert_eq!((changed.session.host, changed.uid, changed.sequence), (new, known.uid.clone(), 1));
        }
        assert_eq!(
            scene.kinds().await[before..],
            ["cancel host 2", "meeting-link", "invite guest 1", "invite guest 1", "invite host 0"]
        );
        let other = scene.guest(&guests[1]).await.booking;
        assert_eq!((other.session.host, other.session.starts), (new, START));
        assert_eq!(scene.log(&guests[1]).await, ["booked", "reassigned"]);
        assert_eq!(scene.open().await[0], (0, 2), "the old host's time is open again");
        assert!(holder(&scene.desk, &token(&scene.desk.keys, known.id, old, 0)).await.is_err(), "the old host holds nothing");
        scene.is_sound().await;
    }

    async fn nobody_takes_over_who_is_not_free_or_not_of_the_team(fresh) {
        let scene = Scene::new(fresh, Setting { hosts: 3, ..Setting::default() }).await;
        let lea = scene.with_lea(false).await;
        let of = |host: usize, email: &str| BookRequest { host: Some(scene.hosts[host]), ..scene.wish(email, START) };
        let booked = book(&scene.desk, of(0, "tariq@example.org")).await.unwrap();
        book(&scene.desk, of(1, "mina@example.org")).await.unwrap();
        let to = |host: PersonId| reassign(&scene.desk, booked.id, host, lea.id);
        assert_eq!(to(scene.hosts[1]).await.unwrap_err().code(), "slot-taken");
        assert_eq!(to(lea.id).await.unwrap_err().code(), "not-offered");
        scene.run(&format!("UPDATE people SET max_per_day = 0, version = version + 1 WHERE id = {}", scene.hosts[2])).await;
        assert_eq!(to(scene.hosts[2]).await.unwrap_err().code(), "limit-reached");
        let known = scene.guest(&booked).await.booking;
        assert!(free_hosts(&scene.desk, &known).await.unwrap().is_empty());
        assert_eq!(scene.log(&booked).await, ["booked"]);
        scene.is_sound().await;
    }

    async fn how_it_went_is_said_once_it_has_begun_and_can_be_taken_back(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let say = |outcome| set_outcome(&scene.desk, booked.id, outcome, booked.host);
        assert_eq!(say(Some(Outcome::NoShow)).await.unwrap_err().code(), "too-early");
        scene.clock.set(START);
        for outcome in [Some(Outcome::NoShow), Some(Outcome::NoShow), None, Some(Outcome::Completed)] {
            assert_eq!(say(outcome).await.unwrap().session.outcome, outcome);
        }
        assert_eq!(scene.log(&booked).await, ["booked", "no-show", "outcome-undone", "completed"]);
        scene.is_sound().await;
    }

    async fn somebody_of_the_team_books_for_a_guest(fresh) {
        let scene = Scene::with_approval(fresh, Setting { hosts: 2, ..Setting::default() }).await;
        let lea = scene.with_lea(false).await;
        let by = |person: &people::Person, email: &str, host| BookRequest {
            host,
            by: Caller { person: Some(person.clone()), address: String::new() },
            ..scene.wish(email, START)
        };
        let mut conn = scene.desk.db.read().await.unwrap();
        let host = people::by_id(&mut conn, scene.hosts[0]).await.unwrap().unwrap();
        drop(conn);
        let usual = OnBehalf::default();
        let waived = OnBehalf { waive_notice: true };
        scene.clock.set(START - HOUR);
        let refused = async |wish: BookRequest, how: OnBehalf| book_for(&scene.desk, wish, how).await.unwrap_err().code();
        assert_eq!(refused(by(&lea, "tariq@example.org", None), usual).await, "too-late");
        assert_eq!(refused(by(&host, "tariq@example.org", None), waived).await, "not-allowed");
        assert_eq!(refused(by(&host, "tariq@example.org", Some(scene.hosts[1])), waived).await, "not-allowed");
        assert_eq!(refused(scene.wish("tariq@example.org", START), waived).await, "not-allowed");
        let times = open_times(&scene.desk, scene.team.id, scene.kind, None, true, START + DAY).await.unwrap();
        assert_eq!(times.iter().map(|slot| (slot.start - START) / HOUR).collect::<Vec<_>>(), [0, 1, 2]);
        let booked = book_for(&scene.desk, by(&lea, "tariq@example.org", Some(scene.hosts[1])), waived).await.unwrap();
        assert_eq!((booked.status, booked.host), (Status::Confirmed, scene.hosts[1]), "nothing waits for a yes");
        let own = book_for(&scene.desk, by(&host, "mina@example.org", Some(host.id)), waived).await.unwrap();
        assert_eq!((own.status, own.host), (Status::Confirmed, host.id));
        let mut conn = scene.desk.db.read().await.unwrap();
        let who = crate::booking::on_behalf_of(&mut conn, booked.id).await.unwrap();
        assert_eq!(who, Some((LEA, "Lea".to_owned())));
        drop(conn);
        scene.is_sound().await;
    }

    async fn nobody_has_the_server_mail_strangers_without_end(fresh) {
        let scene = Scene::with_approval(fresh, Setting { limits: true, ..Setting::default() }).await;
        let lea = scene.with_lea(false).await;
        let by = Caller { person: Some(lea), address: String::new() };
        let wish = |email: &str, hour| BookRequest { by: by.clone(), ..scene.wish(email, START + hour * HOUR) };
        book_for(&scene.desk, wish("tariq@example.org", 0), OnBehalf::default()).await.unwrap();
        scene.run("UPDATE attempts SET count = 99").await;
        book_for(&scene.desk, wish("mina@example.org", 1), OnBehalf::default()).await.unwrap();
        let refused = book_for(&scene.desk, wish("li@example.org", 2), OnBehalf::default()).await;
        assert_eq!(refused.unwrap_err().code(), "rate-limited");
        scene.clock.set(NOW + DAY);
        book_for(&scene.desk, wish("li@example.org", 2), OnBehalf::default()).await.unwrap();
    }

    async fn leads_and_administrators_hear_of_bookings_once_where_the_team_wants_that(fresh) {
        let scene = Scene::with_approval(fresh, Setting { capacity: 2, ..Setting::default() }).await;
        scene.with_lea(true).await;
        let copies = async || scene.kinds().await.into_iter().filter(|kind| kind.starts_with("copy")).collect::<Vec<_>>();
        let quiet = scene.book("mina@example.org", START + HOUR).await.unwrap();
        approve(&scene.desk, quiet.id, quiet.host).await.unwrap();
        assert!(copies().await.is_empty());
        scene.run("UPDATE teams SET notify_leads = TRUE, notify_admins = TRUE, version = version + 1").await;
        // The host is an administrator too, and is told as the host alone.
        scene.run(&format!("UPDATE people SET admin = TRUE, version = version + 1 WHERE id = {}", scene.hosts[0])).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        assert_eq!(copies().await, ["copy of request"]);
        approve(&scene.desk, booked.id, booked.host).await.unwrap();
        cancel(&scene.desk, &scene.guest(&booked).await, None).await.unwrap();
        assert_eq!(copies().await, ["copy of request", "copy of invite", "copy of cancel"]);
        // A lead who books for themself is told as a guest.
        let own = scene.book("lea@example.org", START).await.unwrap();
        approve(&scene.desk, own.id, own.host).await.unwrap();
        assert_eq!(copies().await.len(), 3);
        scene.is_sound().await;
    }

    async fn invites_go_out_once_more_at_most_once_a_minute(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = scene.book("tariq@example.org", START).await.unwrap();
        let before = scene.jobs().await.len();
        for _ in 0..2 {
            resend(&scene.desk, booked.id, booked.host).await.unwrap();
        }
        assert_eq!(scene.jobs().await.len() - before, 2, "guest and host");
        scene.clock.set(scene.clock.now() + 60);
        resend(&scene.desk, booked.id, booked.host).await.unwrap();
        assert_eq!(scene.jobs().await.len() - before, 4);
        scene.is_sound().await;
    }
}
