//! The occurrence index: its horizon, its limits, and that a rebuild gives the same.

use super::*;

on_both_databases! {
    fn the_horizon_rolls_and_queries_past_it_are_right(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            let listed = house.listed().await;
            assert!((57..=58).contains(&listed), "{listed} rows for 400 days of a weekly event");
            // 2029-11-26 is a Monday, three years on: nothing is listed there.
            let monday = NOW - 12 * HOUR + 1_102 * DAY;
            let far = house.rows(monday, monday + DAY).await;
            assert_eq!(far.len(), 1);
            assert_eq!((far[0].starts, far[0].ends, far[0].offer), (monday + 9 * HOUR, monday + 12 * HOUR, true));
            // A window that crosses the horizon has each instance once.
            let around = house.rows(NOW + 380 * DAY, NOW + 450 * DAY).await;
            assert_eq!(around.len(), 10);
            assert!(around.windows(2).all(|pair| pair[1].starts - pair[0].starts == 7 * DAY));
            // As the clock moves on the listing follows, and is what a rebuild makes of it.
            for days in [10, 100, 1_000] {
                house.clock.set(NOW + days * DAY);
                house.extend().await;
                house.assert_right().await;
                let rows = house.rows(house.clock.now(), house.clock.now() + 366 * DAY).await;
                assert!((52..=53).contains(&rows.len()), "{} rows", rows.len());
                assert!(house.listed().await <= 63);
            }
        });
    }
}

on_both_databases! {
    fn damage_is_found_by_the_check_and_mended_by_a_rebuild(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", WEEKLY)).await;
            house.put("b.ics", &event("b", "SUMMARY:Dentist DTSTART:20261121T090000Z DURATION:PT1H")).await;
            house.raw("UPDATE occurrences SET ends = ends + 60 WHERE position = 3").await;
            let (words, now) = (house.desk.offer_words(), house.clock.now());
            let mut conn = house.desk.db.read().await.unwrap();
            let wrong = check::check(&mut conn, &words, now).await.unwrap();
            drop(conn);
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].starts_with("mary@example.org/offers/a.ics: "), "{wrong:?}");
            let report = reindex::run(&house.desk.db, &words, now).await.unwrap();
            assert_eq!((report.objects, report.differed), (2, vec!["mary@example.org/offers/a.ics".to_owned()]));
            house.assert_right().await;
            house.raw("UPDATE objects SET etag = 'x', uid = 'y' WHERE name = 'b.ics'").await;
            house.raw("UPDATE collections SET version = version + 1000").await;
            let mut conn = house.desk.db.read().await.unwrap();
            assert_eq!(check::check(&mut conn, &words, now).await.unwrap().len(), 4);
        });
    }
}

on_both_databases! {
    fn a_series_that_never_ends_to_be_counted_blocks_from_where_counting_ends(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", "SUMMARY:Pulse DTSTART:20261121T000000Z DURATION:PT1M RRULE:FREQ=HOURLY")).await;
            let rows = house.rows(NOW + 390 * DAY, NOW + 391 * DAY).await;
            assert!(!rows.is_empty() && rows.iter().all(|row| !row.offer));
            let free = rows.iter().all(|row| row.ends - row.starts == 60);
            assert!(!free, "an hour between two pulses is never taken for free past the limit");
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn the_past_before_a_listing_is_expanded(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", &WEEKLY.replace("2026", "2019"))).await;
            // 2021-03-06 is a Saturday, the day of the week on which the series of 2019-11-23 falls.
            let saturday = 1_614_988_800;
            let past = house.rows(saturday, saturday + 7 * DAY).await;
            let times: Vec<i64> = past.iter().map(|row| row.starts - saturday).collect();
            assert_eq!(times, [9 * HOUR]);
            assert_eq!(house.rows(saturday, saturday + 7_000 * DAY).await.len(), 1_000);
            house.assert_right().await;
        });
    }
}

on_both_databases! {
    fn other_offer_words_make_the_index_anew_once(fresh) {
        story(&fresh, |house| async move {
            house.put("a.ics", &event("a", &WEEKLY.replace("Available", "Sprechstunde"))).await;
            let words = Arc::new(OfferWords::new(&["sprechstunde"]));
            let (db, now) = (&house.desk.db, house.clock.now());
            let first = reindex::if_outdated(db, &house.desk.offer_words(), now).await.unwrap();
            assert_eq!(first.map(|report| report.differed.len()), Some(0));
            assert_eq!(reindex::if_outdated(db, &house.desk.offer_words(), now).await.unwrap(), None);
            let changed = reindex::if_outdated(db, &words, now).await.unwrap();
            assert_eq!(changed.map(|report| report.differed.len()), Some(1));
            assert!(house.rows(NOW, NOW + 8 * DAY).await.iter().all(|row| row.offer));
        });
    }
}
