//! The store that CalDAV serves: writes, conditions, pages, changes.

use super::*;

on_both_databases! {
    fn the_store_keeps_the_contract(fresh) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), Config::local("unused"), Keys::new([7; 32])));
            for email in [caldav::contract::OWNER, caldav::contract::OTHER] {
                let save = SavePerson { email: email.into(), profile: Profile::default(), memberships: vec![], now: NOW };
                desk.db.run(save).await.unwrap();
            }
            caldav::contract::run_all(async || {
                // Each behaviour begins with an owner who has nothing yet.
                desk.db.run(Raw("DELETE FROM collections")).await.unwrap();
                let mut conn = desk.db.read().await.unwrap();
                let owner = people::by_email(&mut conn, caldav::contract::OWNER).await.unwrap().unwrap();
                DeskStore::new(desk.clone(), owner)
            })
            .await;
        });
    }
}

on_both_databases! {
    fn conditions_are_decided_inside_the_transaction(fresh) {
        story(&fresh, |house| async move {
            let text = |hour: u32| event("a", &format!("SUMMARY:Available DTSTART:20261121T{hour:02}0000Z DURATION:PT1H"));
            let only_new = || Conditions { if_none_match: Some(TagList::Any), ..Conditions::default() };
            let made = house.put_if("offers", "a.ics", &text(9), only_new()).await.unwrap();
            let Outcome::Created(tag) = made else { panic!("not created") };
            assert!(matches!(house.put_if("offers", "a.ics", &text(10), only_new()).await, Err(StoreError::ConditionFailed)));
            // Eight writers who saw the same tag: one wins.
            let texts: Vec<String> = (10..18).map(text).collect();
            let seen = || Conditions { if_match: Some(TagList::Tags(vec![tag.clone()])), ..Conditions::default() };
            let mut won = 0;
            let [a, b, c, d] = [&texts[0], &texts[1], &texts[2], &texts[3]].map(|text| house.put_if("offers", "a.ics", text, seen()));
            let [e, f, g, h] = [&texts[4], &texts[5], &texts[6], &texts[7]].map(|text| house.put_if("offers", "a.ics", text, seen()));
            let (a, b, c, d, e, f, g, h) = tokio::join!(a, b, c, d, e, f, g, h);
            for result in [a, b, c, d, e, f, g, h] {
                match result {
                    Ok(Outcome::Replaced(_)) => won += 1,
                    Err(StoreError::ConditionFailed) => {}
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(won, 1);
            assert!(matches!(house.put_in("offers", "b.ics", &text(9)).await, Err(StoreError::Refused(_))), "same UID");
            assert!(matches!(house.put_in("sessions", "b.ics", &text(9)).await, Err(StoreError::Refused(_))), "no session");
            assert!(matches!(house.put_in("nowhere", "b.ics", &text(9)).await, Err(StoreError::NotFound)));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn calendars_are_made_changed_paged_and_deleted(fresh) {
        story(&fresh, |house| async move {
            let changes = PropertyChanges {
                display_name: Some(Some("Work".into())),
                dead: vec![(caldav::xml::name::QName { namespace: "urn:x".into(), local: "y".into() }, Some("<z/>".into()))],
                ..PropertyChanges::default()
            };
            house.store.create_collection(MARY, "work", changes.clone()).await.unwrap();
            assert!(matches!(house.store.create_collection(MARY, "work", changes.clone()).await, Err(StoreError::Refused(_))));
            assert!(matches!(house.store.create_collection(MARY, "open", changes).await, Err(StoreError::Refused(_))));
            let names: Vec<String> =
                house.store.collections(MARY).await.unwrap().into_iter().map(|collection| collection.name).collect();
            assert_eq!(names, ["offers", "sessions", "work"]);
            let work = house.store.collection(MARY, "work").await.unwrap().unwrap();
            assert_eq!((work.display_name.as_deref(), work.dead_properties.len()), (Some("Work"), 1));
            for name in ["b", "B", "a", "_"] {
                house.put_in("work", name, &event(name, "SUMMARY:Dentist DTSTART:20261121T090000Z DURATION:PT1H")).await.unwrap();
            }
            let first = house.store.members(&work, &Candidates::default(), None, 3, false).await.unwrap();
            let second = house.store.members(&work, &Candidates::default(), first.next.as_deref(), 3, true).await.unwrap();
            let all: Vec<&str> = first.members.iter().chain(&second.members).map(|member| member.name.as_str()).collect();
            assert_eq!(all, ["B", "_", "a", "b"]);
            assert!(second.next.is_none() && second.members[0].bytes.is_some() && first.members[0].bytes.is_none());
            let later = Candidates { range: Some((NOW + 30 * DAY, NOW + 31 * DAY)), ..Candidates::default() };
            assert!(house.store.members(&work, &later, None, 10, false).await.unwrap().members.is_empty());
            assert_eq!(house.week().await.len(), 4);
            house.store.delete_collection(MARY, "work").await.unwrap();
            assert_eq!(house.week().await.len(), 0);
            assert!(matches!(house.store.delete_collection(MARY, "offers").await, Err(StoreError::Refused(_))));
            assert!(matches!(house.store.delete_collection(MARY, "work").await, Err(StoreError::NotFound)));
            let other = DeskStore::new(house.desk.clone(), Person { email: "eve@example.org".into(), ..house.mary.clone() });
            assert!(other.collection(MARY, "offers").await.unwrap().is_none());
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn sync_pages_and_tombstones_tell_all_that_happened(fresh) {
        story(&fresh, |house| async move {
            for number in 0..5 {
                house.put(&format!("{number}.ics"), &event(&format!("u{number}"), WEEKLY)).await;
            }
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            let (mut since, mut names) = (0, Vec::new());
            loop {
                let page = house.store.changes(&collection, since, 2).await.unwrap().unwrap();
                assert!(page.changed.len() <= 2 && page.version > since);
                names.extend(page.changed.into_iter().map(|member| member.name));
                since = page.version;
                if !page.truncated {
                    break;
                }
            }
            assert_eq!(names, ["0.ics", "1.ics", "2.ics", "3.ics", "4.ics"]);
            assert_eq!(since, collection.version);
            house.delete("1.ics").await.unwrap();
            house.put("3.ics", &event("u3", &WEEKLY.replace("WEEKLY", "DAILY"))).await;
            house.put("1.ics", &event("u1", WEEKLY)).await;
            house.delete("0.ics").await.unwrap();
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            let page = house.store.changes(&collection, since, 100).await.unwrap().unwrap();
            let changed: Vec<String> = page.changed.into_iter().map(|member| member.name).collect();
            assert_eq!((changed, page.deleted), (vec!["3.ics".into(), "1.ics".into()], vec!["0.ics".to_owned()]));
            assert!(house.store.changes(&collection, page.version + 1, 10).await.unwrap().is_none());
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn old_deletions_are_forgotten_and_their_tokens_refused(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            let token = house.version("offers").await;
            house.delete("a.ics").await.unwrap();
            house.put("b.ics", &event("b", WEEKLY)).await;
            assert_eq!(changes::prune(&house.desk.db, NOW + 89 * DAY).await.unwrap(), 0);
            assert_eq!(changes::prune(&house.desk.db, NOW + 91 * DAY).await.unwrap(), 1);
            let collection = house.store.collection(MARY, "offers").await.unwrap().unwrap();
            assert!(house.store.changes(&collection, token, 10).await.unwrap().is_none());
            let first = house.store.changes(&collection, 0, 10).await.unwrap().unwrap();
            assert_eq!((first.changed.len(), first.deleted.len()), (1, 0));
            assert!(house.store.changes(&collection, first.version, 10).await.unwrap().is_some());
        });
    }
}

on_both_databases! {
    fn copies_of_sessions_never_count_and_are_written_once(fresh) {
        story(&fresh, |house| async move {
            let text = event("booking-1@example.org", "SUMMARY:Rust DTSTART:20261121T090000Z DTEND:20261121T100000Z");
            house.desk.db.run(WriteCopy(house.mary.id, text.clone())).await.unwrap();
            let version = house.version("sessions").await;
            house.desk.db.run(WriteCopy(house.mary.id, text.clone())).await.unwrap();
            assert_eq!(house.version("sessions").await, version);
            assert_eq!(house.week().await, Vec::<String>::new());
            house.assert_right().await;
            let sessions = house.store.collection(MARY, "sessions").await.unwrap().unwrap();
            let copy = house.store.member(&sessions, "booking-1@example.org.ics").await.unwrap().unwrap();
            assert_eq!(copy.bytes.unwrap(), text.as_bytes());
            let token = sessions.version;
            house.desk.db.run(RemoveCopy(house.mary.id)).await.unwrap();
            let changes = house.store.changes(&sessions, token, 10).await.unwrap().unwrap();
            assert_eq!((changes.deleted, changes.changed.len()), (vec!["booking-1@example.org.ics".to_owned()], 0));
            house.assert_right().await;
        });
    }
}

struct WriteCopy(i64, String);

impl Command for WriteCopy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.0]).await?;
        let starts = NOW + 21 * HOUR;
        let copy = sessions::Copy {
            uid: "booking-1@example.org".into(),
            bytes: self.1.clone().into_bytes(),
            starts,
            ends: starts + HOUR,
        };
        sessions::write_copy(tx, &locked, self.0, &copy, NOW).await
    }
}

struct RemoveCopy(i64);

impl Command for RemoveCopy {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.0]).await?;
        sessions::remove_copy(tx, &locked, self.0, "booking-1@example.org", NOW).await
    }
}
