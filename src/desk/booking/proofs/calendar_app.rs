//! What a calendar app does to the copies in "Sessions", and what comes of it.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Change, Conditions, Edit, Member, Outcome, StoreError, TagList};

use super::super::*;
use super::scene::{DAY, HOUR, NOW, START, Scene, Setting};
use crate::calendars::{collections, objects};
use crate::desk::session_calendar;
use crate::people::{self, Person};

const GUEST: &str = "tariq@example.org";
const HOST: &str = "host-0@example.org";

/// A booked session, and everybody has a "Sessions" calendar with it.
async fn booked(scene: &Scene) -> Booked {
    let booked = scene.book(GUEST, START).await.unwrap();
    scene
        .run(
            "INSERT INTO collections (id, owner, name, kind, version, created)
             SELECT id, id, 'sessions', 'sessions', 1, 0 FROM people
             WHERE NOT EXISTS (SELECT 1 FROM collections c WHERE c.owner = people.id AND c.name = 'sessions')",
        )
        .await;
    set_agenda(&scene.desk, &scene.guest(&booked).await, "Traits").await.unwrap();
    booked
}

async fn person(scene: &Scene, email: &str) -> Person {
    people::by_email(&mut scene.desk.db.read().await.unwrap(), email).await.unwrap().unwrap()
}

async fn copy(scene: &Scene, email: &str, uid: &str) -> Option<Member> {
    let owner = person(scene, email).await;
    let mut conn = scene.desk.db.read().await.unwrap();
    let calendar = collections::by_name(&mut conn, owner.id, "sessions").await.unwrap().unwrap();
    objects::by_name(&mut conn, calendar.id, &format!("{uid}.ics")).await.unwrap()
}

fn text(member: &Member) -> String {
    String::from_utf8(member.bytes.clone().unwrap().to_vec()).unwrap()
}

async fn change(
    scene: &Scene,
    email: &str,
    uid: &str,
    tag: Option<&str>,
    change: Change,
) -> Result<Outcome, StoreError> {
    let owner = person(scene, email).await;
    let conditions =
        Conditions { if_match: tag.map(|tag| TagList::Tags(vec![tag.to_owned()])), ..Conditions::default() };
    let edit = Edit {
        owner: email.into(),
        collection: "sessions".into(),
        name: format!("{uid}.ics"),
        by: email.into(),
        conditions,
        change,
    };
    session_calendar::edit(&scene.desk, &owner, edit).await
}

async fn put(scene: &Scene, email: &str, uid: &str, text: String) -> Result<Outcome, StoreError> {
    let object = CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap();
    change(scene, email, uid, None, Change::Put(object)).await
}

fn moved(text: &str, by: i64) -> String {
    let at = |seconds| caldav::ical::time::format_utc(seconds);
    text.replace(&format!("DTSTART:{}", at(START)), &format!("DTSTART:{}", at(START + by)))
        .replace(&format!("DTEND:{}", at(START + HOUR)), &format!("DTEND:{}", at(START + HOUR + by)))
}

fn refusal(result: Result<Outcome, StoreError>) -> String {
    match result {
        Err(StoreError::Refused(precondition)) => precondition.name().1.to_owned(),
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_host_moves_the_event_anywhere_free_and_both_copies_follow(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        let before = text(&copy(&scene, HOST, &booked.uid).await.unwrap());
        let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT";
        let sent = moved(&before, DAY + 600).replace("END:VEVENT", alarm).replace("PRODID:-//Openhour", "PRODID:-//Mine");
        assert_eq!(put(&scene, HOST, &booked.uid, sent).await.unwrap(), Outcome::Rewritten);
        let found = scene.guest(&booked).await.booking;
        assert_eq!((found.session.starts, found.agenda.as_str()), (START + DAY + 600, "Traits"));
        let (host, guest) =
            (copy(&scene, HOST, &booked.uid).await.unwrap(), copy(&scene, GUEST, &booked.uid).await.unwrap());
        let starts = format!("DTSTART:{}", caldav::ical::time::format_utc(START + DAY + 600));
        assert!(text(&host).contains(&starts) && text(&guest).contains(&starts));
        assert!(text(&host).contains("TRIGGER:-PT10M") && !text(&guest).contains("TRIGGER"), "{}", text(&host));
        set_agenda(&scene.desk, &scene.guest(&booked).await, "Macros").await.unwrap();
        let later = text(&copy(&scene, HOST, &booked.uid).await.unwrap());
        assert!(later.contains("TRIGGER:-PT10M") && later.contains("DESCRIPTION:Macros"), "alarms outlive changes: {later}");
        scene.is_sound().await;
    }

    async fn a_guest_moves_only_into_an_open_slot_and_else_sees_the_truth(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        scene.book("mina@example.org", START + HOUR).await.unwrap();
        let before = copy(&scene, GUEST, &booked.uid).await.unwrap();
        let jobs = scene.jobs().await.len();
        assert_eq!(refusal(put(&scene, GUEST, &booked.uid, moved(&text(&before), HOUR)).await), "slot-taken");
        let after = copy(&scene, GUEST, &booked.uid).await.unwrap();
        assert_ne!(after.etag, before.etag, "so that the client fetches it");
        assert_eq!(refusal(put(&scene, GUEST, &booked.uid, moved(&text(&before), 600)).await), "not-offered");
        assert_eq!(refusal(put(&scene, GUEST, &booked.uid, moved(&text(&before), 600)).await), "not-offered");
        let told = scene.jobs().await;
        assert_eq!(told.len(), jobs + 2, "a mail for each wish: {told:?}");
        assert!(told[jobs..].iter().all(|key| key.starts_with("refused-mail/")), "{told:?}");
        let sent = moved(&text(&after), 2 * HOUR);
        assert_eq!(put(&scene, GUEST, &booked.uid, sent).await.unwrap(), Outcome::Rewritten);
        assert_eq!(scene.guest(&booked).await.booking.session.starts, START + 2 * HOUR);
        scene.is_sound().await;
    }

    async fn another_form_of_the_same_event_changes_nothing_but_its_tag(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        let before = copy(&scene, GUEST, &booked.uid).await.unwrap();
        let jobs = scene.jobs().await.len();
        let same = put(&scene, GUEST, &booked.uid, text(&before)).await.unwrap();
        assert_eq!(same, Outcome::Replaced(before.etag.clone()));
        let renamed = text(&before).replace("SUMMARY:", "SUMMARY:My ");
        assert_eq!(put(&scene, GUEST, &booked.uid, renamed).await.unwrap(), Outcome::Rewritten);
        let after = copy(&scene, GUEST, &booked.uid).await.unwrap();
        assert!(after.etag != before.etag && !text(&after).contains("SUMMARY:My"));
        assert_eq!(scene.jobs().await.len(), jobs, "nobody is told");
        let stale = change(&scene, GUEST, &booked.uid, Some(&before.etag), Change::Delete).await;
        assert!(matches!(stale, Err(StoreError::ConditionFailed)));
    }

    async fn the_description_is_the_agenda_for_both(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        let sent = text(&copy(&scene, GUEST, &booked.uid).await.unwrap()).replace("DESCRIPTION:Traits", "DESCRIPTION:Unsafe\\, all of it");
        assert_eq!(put(&scene, GUEST, &booked.uid, sent).await.unwrap(), Outcome::Rewritten);
        assert_eq!(scene.guest(&booked).await.booking.agenda, "Unsafe, all of it");
        assert!(text(&copy(&scene, HOST, &booked.uid).await.unwrap()).contains("DESCRIPTION:Unsafe\\, all of it"));
        scene.is_sound().await;
    }

    async fn deleting_cancels_after_a_while_and_taking_it_back_brings_the_event_back(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        let other = copy(&scene, HOST, &booked.uid).await.unwrap();
        assert_eq!(change(&scene, GUEST, &booked.uid, None, Change::Delete).await.unwrap(), Outcome::Deleted);
        assert!(copy(&scene, GUEST, &booked.uid).await.is_none());
        assert_eq!(copy(&scene, HOST, &booked.uid).await.unwrap().etag, other.etag, "the host sees nothing of it");
        assert!(matches!(change(&scene, GUEST, &booked.uid, None, Change::Delete).await, Err(StoreError::NotFound)));
        undo(&scene.desk, &scene.guest(&booked).await).await.unwrap();
        assert!(copy(&scene, GUEST, &booked.uid).await.is_some());
        change(&scene, HOST, &booked.uid, None, Change::Delete).await.unwrap();
        scene.clock.set(NOW + 120);
        assert_eq!(finish_cancelling(&scene.desk).await.unwrap(), 1);
        assert!(copy(&scene, GUEST, &booked.uid).await.is_none() && copy(&scene, HOST, &booked.uid).await.is_none());
        scene.is_sound().await;
    }

    async fn nothing_else_belongs_there(fresh) {
        let scene = Scene::new(fresh, Setting::default()).await;
        let booked = booked(&scene).await;
        let event = text(&copy(&scene, GUEST, &booked.uid).await.unwrap());
        assert_eq!(refusal(put(&scene, GUEST, "another", event.clone()).await), "only-sessions");
        let foreign = event.replace(&booked.uid, "foreign");
        assert_eq!(refusal(put(&scene, GUEST, &booked.uid, foreign).await), "only-sessions");
        let weekly = event.replace("SEQUENCE:", "RRULE:FREQ=WEEKLY\r\nSEQUENCE:");
        assert_eq!(refusal(put(&scene, GUEST, &booked.uid, weekly).await), "not-offered");
    }
}
