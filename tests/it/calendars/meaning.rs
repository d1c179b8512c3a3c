//! What an event in a calendar means for slots.

use super::*;

on_both_databases! {
    fn an_event_called_available_offers_and_others_block(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART:20261121T090000Z DTEND:20261121T120000Z")).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261121T100000Z DURATION:PT1H")).await;
            house.put("c.ics", &event("c", "SUMMARY:Free DTSTART:20261121T100000Z DURATION:PT1H TRANSP:TRANSPARENT")).await;
            house.put("d.ics", &event("d", "SUMMARY:Off DTSTART:20261121T100000Z DURATION:PT1H STATUS:CANCELLED")).await;
            house.put("e.ics", &event("e", "SUMMARY:No DTSTART:20261121T150000Z DURATION:PT1H ORGANIZER:mailto:x@example.com \
                ATTENDEE;PARTSTAT=DECLINED:mailto:MARY@example.org")).await;
            house.put("f.ics", &event("f", "SUMMARY:Maybe DTSTART:20261121T160000Z DURATION:PT1H ORGANIZER:mailto:x@example.com \
                ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:mary@example.org")).await;
            house.put("g.ics", &event("g", "SUMMARY:Available DTSTART:20261121T180000Z DURATION:PT1H ORGANIZER:mailto:x@example.com")).await;
            assert_eq!(house.week().await, ["33-36*", "34-35", "40-41", "42-43"]);
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn overrides_and_excluded_dates_change_their_own_instance(fresh) {
        story(&fresh, |house| async move {
            let series = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Available: Code Review\r\nDTSTART:20261120T140000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n\
                EXDATE:20261122T140000Z\r\nEND:VEVENT\r\n\
                BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID:20261121T140000Z\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Call the plumber\r\nDTSTART:20261121T160000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
                BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID:20261123T140000Z\r\nDTSTAMP:20261101T000000Z\r\n\
                SUMMARY:Available: Code Review\r\nSTATUS:CANCELLED\r\nDTSTART:20261123T140000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
                END:VCALENDAR\r\n";
            house.put("s.ics", series).await;
            assert_eq!(house.week().await, ["14-15*", "40-41", "110-111*", "134-135*", "158-159*"]);
            let rows = house.rows(NOW, NOW + DAY).await;
            assert_eq!(Scope::read(rows[0].scope.as_deref()), Scope::Named("code review".into()));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn a_change_or_deletion_shows_at_once_and_touches_slots_only_when_it_matters(fresh) {
        story(&fresh, |house| async move {
            let text = event("a", "SUMMARY:Available DTSTART:20261121T090000Z DTEND:20261121T120000Z");
            let Outcome::Created(tag) = house.put("a.ics", &text).await else { panic!("not created") };
            let slots = house.person().await.slots;
            let version = house.version("offers").await;

            // The same bytes: nothing changes, not even the version.
            assert_eq!(house.put("a.ics", &text).await, Outcome::Replaced(tag));
            assert_eq!((house.version("offers").await, house.person().await.slots), (version, slots));

            // Other bytes, the same times: clients hear of it, slots stay.
            house.put("a.ics", &text.replace("SUMMARY", "LOCATION:Room\r\nSUMMARY")).await;
            assert!(house.version("offers").await > version);
            assert_eq!(house.person().await.slots, slots);

            house.put("a.ics", &text.replace("T120000Z", "T110000Z")).await;
            let shortened = house.person().await;
            assert_eq!((shortened.slots, house.week().await), (shortened.version, vec!["33-35*".to_owned()]));

            assert_eq!(house.delete("a.ics").await.unwrap(), Outcome::Deleted);
            assert!(house.person().await.slots > shortened.slots);
            assert_eq!(house.week().await, Vec::<String>::new());
            assert!(matches!(house.delete("a.ics").await, Err(StoreError::NotFound)));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn a_changed_zone_moves_all_day_and_floating_events_at_once(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART;VALUE=DATE:20261122")).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261122T100000 DURATION:PT1H")).await;
            // Of the team: Berlin, UTC+1.
            assert_eq!(house.week().await, ["47-71*", "57-58"]);
            let zone = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Karachi\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
            let changes = PropertyChanges { timezone: Some(Some(zone.into())), ..PropertyChanges::default() };
            house.store.change_properties(MARY, "offers", changes).await.unwrap();
            assert_eq!(house.week().await, ["43-67*", "53-54"]);
            house.assert_right().await;
            // The profile's own zone wins; nothing is listed anew yet, and the answer is right all the same.
            let before = house.person().await.slots;
            let moved = SavePerson {
                email: MARY.into(),
                profile: Profile { timezone: Some("America/New_York".into()), ..Profile::default() },
                memberships: Vec::new(),
                now: NOW,
            };
            house.desk.db.run(moved).await.unwrap();
            assert!(house.person().await.slots > before);
            assert_eq!(house.listed().await, 0);
            assert_eq!(house.week().await, ["53-77*", "63-64"]);
            house.assert_right().await;
            house.extend().await;
            assert_eq!((house.listed().await, house.week().await.len()), (2, 2));
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn a_transparent_calendar_never_blocks_but_still_offers(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Available DTSTART:20261121T090000Z DURATION:PT1H")).await;
            house.put("b.ics", &event("b", "SUMMARY:Birthday DTSTART:20261121T090000Z DURATION:PT1H")).await;
            let changes = PropertyChanges { transparent: Some(true), ..PropertyChanges::default() };
            house.store.change_properties(MARY, "offers", changes).await.unwrap();
            assert_eq!(house.week().await, ["33-34*"]);
            house.assert_right().await;
        });
    }
}
