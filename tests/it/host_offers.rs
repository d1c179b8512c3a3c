//! What a host does with their time on pages: offers, working hours, vacation, rules, profile.

use openhour::desk::people::SavePerson;
use openhour::people::Profile;
use openhour::teams::Role;

use crate::sample::OFFER;
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";
const SLOTS: &str = "/api/v1/teams/coaches/slots?to=2027-01-15T00:00:00Z";

impl Site {
    /// The starts that are open, as the API writes them.
    async fn starts_ahead(&self) -> Vec<String> {
        let body: serde_json::Value = serde_json::from_str(&self.get(SLOTS).await.body).unwrap();
        let slots = body["slots"].as_array().unwrap();
        slots.iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }

    /// Another host of the team.
    async fn with_host(&self, email: &str) {
        let memberships = vec![("coaches".to_owned(), Role::Host)];
        let save = SavePerson { email: email.into(), profile: Profile::default(), memberships, now: NOW };
        self.desk.db.run(save).await.unwrap();
    }

    /// The text of the only event whose name begins so.
    async fn event(&self, begins: &str) -> String {
        let mut conn = self.desk.db.read().await.unwrap();
        let sql = "SELECT bytes FROM objects WHERE name LIKE $1";
        let row: (Vec<u8>,) = conn.one(sql, openhour::args![format!("{begins}%")]).await.unwrap();
        String::from_utf8(row.0).unwrap()
    }
}

/// The addresses of the offers on a page.
fn offers(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split("href=\"/host/offers/")
        .skip(1)
        .map(|rest| format!("/host/offers/{}", rest.split('"').next().unwrap()))
        .collect();
    found.dedup();
    found
}

const MONDAYS: [(&str, &str); 6] = [
    ("date", "2026-11-28"),
    ("starts", "18:00"),
    ("ends", "20:00"),
    ("repeat", "weekly"),
    ("monday", "yes"),
    ("until", "2026-12-21"),
];

#[tokio::test]
async fn a_host_adds_a_weekly_offer_takes_one_time_out_and_removes_it() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    assert!(
        ana.get("/host/offers").await.body.contains("Thursday, 26 November, 18:00 to 21:00"),
        "the one of the calendar app"
    );
    let added = ana.press("/host/offers", "/host/offers", &MONDAYS).await;
    assert_eq!((added.status, added.header("location")), (303, "/host/offers?done=added"));
    let list = ana.get("/host/offers?done=added").await.body;
    assert!(
        list.contains("Every Monday, 18:00 to 20:00, from Monday, 30 November on, until Monday, 21 December"),
        "{list}"
    );
    assert!(list.contains("role=\"status\""), "{list}");
    let event = site.event("offer-").await;
    assert!(
        event.contains("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261221T225959Z") && event.contains("SUMMARY:Available\r\n"),
        "{event}"
    );
    assert!(site.starts_ahead().await.contains(&"2026-12-07T17:00:00Z".to_owned()));

    let page = offers(&list).pop().unwrap();
    let shown = ana.get(&page).await.body;
    let time = crate::pages_booking::hidden(&shown, "time");
    let second = shown.split("name=\"time\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    assert!(shown.contains("Not this time: Monday, 30 November, 18:00 to 20:00"), "{shown}");
    let gone = ana.press(&page, &page, &[("wish", "one"), ("time", &time)]).await;
    assert_eq!((gone.status, gone.header("location")), (303, format!("{page}?done=changed").as_str()));
    assert!(site.event("offer-").await.contains("EXDATE;TZID=Europe/Vienna:20261130T180000"));
    let starts = site.starts_ahead().await;
    assert!(
        !starts.contains(&"2026-11-30T17:00:00Z".to_owned()) && starts.contains(&"2026-12-07T17:00:00Z".to_owned())
    );
    let again = ana.press(&page, &page, &[("wish", "one"), ("time", &time)]).await;
    assert_eq!(again.status, 409, "it is gone already");

    let hours = [("wish", "hours"), ("starts", "17:00"), ("ends", "19:00")];
    assert_eq!(ana.press(&page, &page, &hours).await.status, 303);
    assert!(site.starts_ahead().await.contains(&"2026-12-07T16:00:00Z".to_owned()));
    let second = (second.parse::<i64>().unwrap() - 3_600).to_string();
    let cut = ana.press(&page, &page, &[("wish", "from"), ("time", &second)]).await;
    assert_eq!(cut.status, 303, "{}", cut.body);
    assert!(!site.starts_ahead().await.iter().any(|start| start.starts_with("2026-12")));
    let first = offers(&ana.get("/host/offers").await.body).remove(0);
    let removed = ana.press("/host/offers", &first, &[("wish", "all")]).await;
    assert_eq!(removed.header("location"), "/host/offers?done=removed");
    assert_eq!(site.starts_ahead().await, [""; 0]);
}

#[tokio::test]
async fn what_was_typed_stays_and_says_what_is_wrong() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let reply =
        ana.press("/host/offers", "/host/offers", &[("date", "2026-11-19"), ("starts", "18:00"), ("ends", "x")]).await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.body.contains("aria-describedby=\"ends-wrong\"") && reply.body.contains("value=\"2026-11-19\""),
        "{}",
        reply.body
    );
    let past = [("date", "2026-11-19"), ("starts", "18:00"), ("ends", "19:00")];
    assert!(ana.press("/host/offers", "/host/offers", &past).await.body.contains("id=\"date-wrong\""));
    let order =
        [("date", "2026-11-30"), ("starts", "18:00"), ("ends", "19:00"), ("repeat", "weekly"), ("until", "2026-11-23")];
    assert!(ana.press("/host/offers", "/host/offers", &order).await.body.contains("id=\"until-wrong\""));
    let kind = [("date", "2026-11-30"), ("starts", "18:00"), ("ends", "19:00"), ("kind", "skydiving")];
    assert!(ana.press("/host/offers", "/host/offers", &kind).await.body.contains("id=\"kind-wrong\""));
    let over = [("date", "2026-11-26"), ("starts", "20:00"), ("ends", "22:00")];
    let over = ana.press("/host/offers", "/host/offers", &over).await;
    assert!(
        over.status == 409 && over.body.contains("You offer this time already: Thursday, 26 November"),
        "{}",
        over.body
    );
    assert_eq!(site.count("SELECT COUNT(*) FROM objects WHERE name LIKE 'offer-%'").await, 0);
}

#[tokio::test]
async fn a_change_that_would_leave_a_session_without_offer_is_refused_and_names_it() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mut ana = site.signed_in(ANA).await;
    let page = offers(&ana.get("/host/offers").await.body).pop().unwrap();
    for wish in [&[("wish", "all")][..], &[("wish", "hours"), ("starts", "18:30"), ("ends", "21:00")]] {
        let refused = ana.press(&page, &page, wish).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(refused.body.contains("Mia Kühn") && refused.body.contains("href=\"/b/"), "{}", refused.body);
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM objects WHERE name = 'a.ics' AND etag = 'e'").await, 1, "as it was");
    let wider = [("wish", "hours"), ("starts", "17:00"), ("ends", "22:00")];
    assert_eq!(ana.press(&page, &page, &wider).await.status, 303);
    assert_eq!(site.starts_ahead().await.len(), 4, "and the hour that is booked");
}

#[tokio::test]
async fn nobody_touches_anothers_offers_and_guests_have_none() {
    let site = Site::with_team().await;
    site.with_host("bo@example.org").await;
    site.book(MIA, OFFER).await;
    let page = offers(&site.signed_in(ANA).await.get("/host/offers").await.body).pop().unwrap();
    let mut bo = site.signed_in("bo@example.org").await;
    assert_eq!(bo.get(&page).await.status, 404);
    assert_eq!(bo.press("/host/offers", &page, &[("wish", "all")]).await.status, 404);
    let mut mia = site.signed_in(MIA).await;
    for path in ["/host/offers", "/host/hours", "/host/vacation", "/host/rules"] {
        assert_eq!(mia.get(path).await.header("location"), "/guest", "{path}");
        assert_eq!(site.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn working_hours_are_one_form_and_come_back_as_typed() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let week = [("monday", "9-12, 13-17"), ("friday", "10:00–11:00")];
    assert_eq!(ana.press("/host/hours", "/host/hours", &week).await.header("location"), "/host/hours?done=saved");
    let page = ana.get("/host/hours").await.body;
    assert!(page.contains("value=\"09:00–12:00, 13:00–17:00\"") && page.contains("value=\"10:00–11:00\""), "{page}");
    assert!(page.contains("1 other offer stays as it is."), "{page}");
    let starts = site.starts_ahead().await;
    assert!(
        starts.contains(&"2026-11-23T08:00:00Z".into()) && starts.contains(&"2026-11-27T09:00:00Z".into()),
        "{starts:?}"
    );
    assert!(!starts.contains(&"2026-11-23T11:00:00Z".into()), "a break is a gap: {starts:?}");
    let wrong =
        ana.press("/host/hours", "/host/hours", &[("monday", "nine to five"), ("tuesday", "9-12, 11-13")]).await;
    assert!(
        wrong.status == 422
            && wrong.body.contains("value=\"nine to five\"")
            && wrong.body.contains("id=\"tuesday-wrong\"")
    );
    assert_eq!(ana.press("/host/hours", "/host/hours", &[]).await.status, 303);
    assert_eq!(site.starts_ahead().await.len(), 3, "the offer drawn in the calendar app stays");
}

#[tokio::test]
async fn a_single_day_has_other_hours_and_the_usual_ones_again() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let (page, day) = ("/host/hours", "/host/hours/day");
    ana.press(page, page, &[("monday", "9-12")]).await;
    let on = async |date: &str| {
        let all = site.starts_ahead().await;
        all.into_iter()
            .filter(|start| start.starts_with(date))
            .map(|start| start[11..13].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(on("2026-11-30").await, ["08", "09", "10"]);
    let done = ana.press(page, day, &[("date", "2026-11-30"), ("hours", "11-12, 14–16")]).await;
    assert_eq!(done.header("location"), "/host/hours?done=saved", "{}", done.body);
    assert_eq!(on("2026-11-30").await, ["10", "13", "14"]);
    assert_eq!(on("2026-12-07").await, ["08", "09", "10"], "other weeks stay");
    let shown = ana.get(page).await.body;
    assert!(shown.contains("Monday, 30 November") && shown.contains("11:00–12:00, 14:00–16:00"), "{shown}");
    assert!(
        shown.contains("id=\"monday\" type=\"text\" name=\"monday\" value=\"09:00–12:00\""),
        "the week stays: {shown}"
    );
    // None at all, and hours where the week has none.
    ana.press(page, day, &[("date", "2026-11-30"), ("hours", "")]).await;
    assert_eq!(on("2026-11-30").await, [""; 0]);
    assert!(ana.get(page).await.body.contains("Nothing"));
    ana.press(page, day, &[("date", "2026-12-01"), ("hours", "18-24")]).await;
    assert_eq!(on("2026-12-01").await.len(), 6);
    // As usual again, as if nothing had been.
    for date in ["2026-11-30", "2026-12-01"] {
        assert_eq!(ana.press(page, day, &[("date", date), ("usual", "yes")]).await.status, 303);
    }
    assert_eq!((on("2026-11-30").await.len(), on("2026-12-01").await.len()), (3, 0));
    assert!(!ana.get(page).await.body.contains("As usual again"));

    let wrong = ana.press(page, day, &[("date", "2026-11-19"), ("hours", "9-10")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"date-wrong\""), "{}", wrong.body);
    let wrong = ana.press(page, day, &[("date", "2026-12-08"), ("hours", "nine")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"hours-wrong\""), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"nine\"") && wrong.body.contains("value=\"2026-12-08\""), "{}", wrong.body);
    let twice = ana.press(page, day, &[("date", "2026-11-26"), ("hours", "18-19")]).await;
    assert_eq!(twice.status, 409, "the offer drawn in the calendar app is there: {}", twice.body);
    // What is booked stays inside an offer.
    let wish = serde_json::json!({"type": "talk", "start": "2026-12-07T08:00:00Z",
        "guest": {"name": "Mia", "email": MIA, "timezone": "Europe/Vienna"}});
    let headers = [("content-type", "application/json")];
    assert_eq!(site.send("POST", "/api/v1/teams/coaches/bookings", &headers, &wish.to_string()).await.status, 201);
    let refused = ana.press(page, day, &[("date", "2026-12-07"), ("hours", "10-12")]).await;
    assert!(refused.status == 409 && refused.body.contains("Mia"), "{}", refused.body);
    assert_eq!(ana.press(page, day, &[("date", "2026-12-07"), ("hours", "9-10")]).await.status, 303);
}

#[tokio::test]
async fn vacation_closes_its_days_and_shows_what_is_booked_in_them() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mut ana = site.signed_in(ANA).await;
    let days = [("first", "2026-11-26"), ("last", "2026-11-27")];
    assert_eq!(
        ana.press("/host/vacation", "/host/vacation", &days).await.header("location"),
        "/host/vacation?done=saved"
    );
    let page = ana.get("/host/vacation").await.body;
    assert!(page.contains("Thursday, 26 November to Friday, 27 November"), "{page}");
    assert!(page.contains("Mia Kühn") && page.contains("href=\"/b/"), "{page}");
    assert_eq!(site.starts_ahead().await, [""; 0]);
    assert!(site.event("away-").await.contains("DTEND;VALUE=DATE:20261128\r\nSUMMARY:Vacation\r\nTRANSP:OPAQUE"));
    let away = page.split("name=\"away\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut bo = site.browser();
    assert_eq!(bo.post("/host/vacation/remove", &[("away", &away)]).await.status, 403);
    assert_eq!(ana.press("/host/vacation", "/host/vacation/remove", &[("away", &away)]).await.status, 303);
    assert_eq!(site.starts_ahead().await.len(), 2);
    let wrong = ana.press("/host/vacation", "/host/vacation", &[("first", "2026-12-24"), ("last", "2026-12-20")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"last-wrong\""), "{}", wrong.body);
}

#[tokio::test]
async fn own_rules_count_at_once_and_empty_ones_are_the_teams() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let page = ana.get("/host/rules").await.body;
    assert!(page.contains("24 hours") && page.contains("as the team says"), "{page}");
    assert_eq!(site.starts_ahead().await.len(), 3);
    let set = [("notice", "150"), ("buffer_after", "30"), ("max_per_day", "")];
    assert_eq!(ana.press("/host/rules", "/host/rules", &set).await.header("location"), "/host/rules?done=saved");
    assert_eq!(
        site.starts_ahead().await,
        ["2026-11-26T18:30:00Z"],
        "the first begins in 149 hours, and the grid has gaps"
    );
    let page = ana.get("/host/rules").await.body;
    assert!(page.contains("value=\"150\"") && page.contains("your own; the team says 24 hours"), "{page}");
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'rules changed'").await, 1);
    let wrong = ana.press("/host/rules", "/host/rules", &[("notice", "-1"), ("max_per_day", "1.5")]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("id=\"max_per_day-wrong\"") && wrong.body.contains("value=\"-1\"")
    );
    assert_eq!(ana.press("/host/rules", "/host/rules", &[]).await.status, 303);
    assert_eq!(site.starts_ahead().await.len(), 3);
}

#[tokio::test]
async fn a_profile_changes_name_zone_language_and_reminders() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    let wanted = [("name", "Ana María"), ("timezone", "America/Bogota"), ("language", "de")];
    assert_eq!(ana.press("/profile", "/profile", &wanted).await.header("location"), "/profile?done=saved");
    let page = ana.get("/profile").await.body;
    assert!(page.contains("value=\"Ana María\"") && page.contains("<html lang=\"de\">"), "{page}");
    assert!(page.contains("value=\"America/Bogota\" selected") && !page.contains("value=\"yes\" checked"), "{page}");
    assert!(ana.get("/host?lang=en").await.body.contains("12:00 to 15:00"), "the offer by the new clock");
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE reminders = FALSE AND language = 'de'").await, 1);
    let wrong = ana.press("/profile?lang=en", "/profile?lang=en", &[("name", " "), ("timezone", "Mars/Olympus")]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("id=\"name-wrong\"") && wrong.body.contains("id=\"timezone-wrong\"")
    );
    assert_eq!(site.get("/profile").await.status, 403);
}

#[tokio::test]
async fn programs_do_the_same_with_a_token() {
    let site = Site::with_team().await;
    site.book(MIA, OFFER).await;
    let mut ana = site.signed_in(ANA).await;
    let made = ana.press("/api-tokens", "/api-tokens", &[("label", "Script")]).await.body;
    let token = made.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let ask = async |method: &str, path: &str, body: &str| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let reply = site.send(method, &format!("/api/v1/me{path}"), &headers, body).await;
        (reply.status, serde_json::from_str::<serde_json::Value>(&reply.body).unwrap_or_default())
    };
    let (status, listed) = ask("GET", "/offers", "").await;
    assert_eq!(
        (status, listed["offers"][0]["next"][0]["start"].as_str()),
        (200, Some("2026-11-26T17:00:00Z")),
        "{listed}"
    );
    let drawn = listed["offers"][0]["id"].as_str().unwrap().to_owned();
    let (status, refused) = ask("DELETE", &format!("/offers/{drawn}"), "").await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("offer-needed")), "{refused}");
    assert_eq!(refused["sessions"][0]["guest"], "Mia Kühn");
    let new = r#"{"date":"2026-11-30","starts":"18:00","ends":"20:00","repeat":"weekly","days":["monday"]}"#;
    let (status, added) = ask("POST", "/offers", new).await;
    assert_eq!((status, added["rule"].as_str()), (201, Some("FREQ=WEEKLY;BYDAY=MO")), "{added}");
    let (status, twice) = ask("POST", "/offers", new).await;
    assert_eq!((status, twice["code"].as_str()), (409, Some("already-offered")), "{twice}");
    let path = format!("/offers/{}", added["id"].as_str().unwrap());
    let second = added["next"][1]["instance"].as_str().unwrap();
    assert_eq!(ask("DELETE", &format!("{path}?instance={second}"), "").await.0, 204);
    assert!(!site.starts_ahead().await.contains(&second.to_owned()));
    assert_eq!(ask("PATCH", &path, r#"{"starts":"17:00","ends":"19:00"}"#).await.0, 204);
    assert!(site.starts_ahead().await.contains(&"2026-11-30T16:00:00Z".to_owned()));
    let (status, wrong) = ask("POST", "/offers", r#"{"date":"x","days":["moonday"]}"#).await;
    assert_eq!((status, wrong["errors"][0]["field"].as_str()), (422, Some("days")), "{wrong}");

    assert_eq!(ask("PUT", "/hours", r#"{"monday":"17-19","tuesday":"9-11"}"#).await.0, 204);
    assert_eq!(ask("GET", "/hours", "").await.1["tuesday"], "09:00–11:00");
    assert_eq!(ask("PUT", "/hours/dates/2026-12-01", r#"{"hours":"14-15"}"#).await.0, 204);
    let dates = ask("GET", "/hours/dates", "").await.1;
    // And the Monday that was taken out above.
    let monday = serde_json::json!({"date": "2026-12-07", "hours": "", "usual": "17:00–19:00"});
    let tuesday = serde_json::json!({"date": "2026-12-01", "hours": "14:00–15:00", "usual": "09:00–11:00"});
    assert_eq!(dates["dates"], serde_json::json!([tuesday, monday]), "{dates}");
    let (status, wrong) = ask("PUT", "/hours/dates/2026-13-01", r#"{"hours":"14-15"}"#).await;
    assert_eq!((status, wrong["errors"][0]["field"].as_str()), (422, Some("date")), "{wrong}");
    assert_eq!(ask("DELETE", "/hours/dates/2026-12-01", "").await.0, 204);
    assert_eq!(ask("GET", "/hours/dates", "").await.1["dates"], serde_json::json!([monday]));
    assert_eq!(ask("POST", "/vacations", r#"{"first":"2026-11-26","last":"2026-11-26"}"#).await.0, 204);
    let vacations = ask("GET", "/vacations", "").await.1;
    assert_eq!(vacations["vacations"][0]["booked"][0]["guest"], "Mia Kühn", "{vacations}");
    let away = vacations["vacations"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ask("DELETE", &format!("/vacations/{away}"), "").await.0, 204);
    assert_eq!(ask("PUT", "/rules", r#"{"notice":3600}"#).await.0, 204);
    let rules = ask("GET", "/rules", "").await.1;
    assert_eq!(
        (rules["notice"].as_i64(), rules["effective"][0]["notice"].as_i64()),
        (Some(3600), Some(3600)),
        "{rules}"
    );
    assert_eq!(ask("PATCH", "", r#"{"name":"Ana M","reminders":false}"#).await.0, 204);
    assert_eq!(ask("GET", "", "").await.1["name"], "Ana M");
    assert_eq!(site.send("GET", "/api/v1/me/offers", &[], "").await.status, 401);
}

#[tokio::test]
async fn a_host_reads_why_an_hour_is_not_offered() {
    let site = Site::with_team().await;
    site.with_host("bo@example.org").await;
    site.book(MIA, OFFER).await;
    let mut ana = site.signed_in(ANA).await;
    let day = ana.get("/host/why?date=2026-11-26").await.body;
    assert!(day.contains("18:00 to 21:00") && day.contains("It is booked; no place is left."), "{day}");
    let mut told = async |query: &str, words: &str| {
        let page = ana.get(&format!("/host/why?{query}")).await;
        assert!(page.status == 200 && page.body.contains(words), "{query}: {}", page.body);
    };
    told("date=2026-11-26&time=18:00", "It is booked; no place is left.").await;
    told("date=2026-11-26&time=19:00", "It is open: it can be booked now.").await;
    told("date=2026-11-26&time=18:30", "No session starts exactly then").await;
    told("date=2026-11-26&time=20:30", "too short for a session").await;
    told("date=2026-11-26&time=12:00", "You offer nothing at that time.").await;
    told("date=2026-11-27", "You offer nothing on this day").await;
    told("date=2027-03-28&time=02:30", "There is no such time on that day").await;
    told("date=2026-11-26&time=18:00&lang=de", "Es ist gebucht; kein Platz ist mehr frei.").await;
    ana.press("/host/rules", "/host/rules", &[("notice", "150")]).await;
    let page = ana.get("/host/why?date=2026-11-26&time=19:00").await.body;
    assert!(page.contains("It is open") || page.contains("the notice is"), "{page}");
    assert_eq!(ana.get("/host/why?date=soon").await.status, 422);
    let mut bo = site.signed_in("bo@example.org").await;
    assert!(bo.get("/host/why?date=2026-11-26").await.body.contains("You offer nothing on this day"), "Ana's is hers");
    assert_eq!(site.signed_in(MIA).await.get("/host/why").await.header("location"), "/guest");
}
