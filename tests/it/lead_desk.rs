//! What leads, administrators and hosts do with bookings and open times, as they do it: on the pages and through the API.

use openhour::db::{Command, DbError, Tx};
use openhour::desk::people::SavePerson;
use openhour::people::Profile;
use openhour::teams::Role;
use serde_json::json;

use crate::api_tokens::bearer;
use crate::pages_booking::hidden;
use crate::sample::{HOUR, OFFER};
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";
const LEA: &str = "lea@example.org";
const MIA: &str = "mia@example.org";

/// Statements that no page has yet.
struct Script(&'static [&'static str]);

impl Command for Script {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in self.0 {
            tx.execute(*statement, vec![]).await?;
        }
        Ok(())
    }
}

impl Site {
    /// The sample team with a lead, and a second host who offers nothing.
    async fn led() -> Self {
        let site = Self::with_team().await;
        for (email, name, role) in [(LEA, "Lea", Role::Lead), ("bo@example.org", "Bo Berg", Role::Host)] {
            let profile = Profile { name: Some(name.into()), ..Profile::default() };
            let memberships = vec![("coaches".to_owned(), role)];
            site.desk.db.run(SavePerson { email: email.into(), profile, memberships, now: NOW }).await.unwrap();
        }
        site
    }

    /// A type that waits for a yes.
    async fn asking(&self) {
        let script = Script(&["UPDATE session_types SET approval = TRUE", "UPDATE teams SET version = version + 1"]);
        self.desk.db.run(script).await.unwrap();
    }

    /// The text of the newest mail to somebody.
    async fn newest_mail(&self, email: &str) -> (String, String, bool) {
        self.work_off().await;
        let row: (String, Vec<u8>) = self
            .desk
            .db
            .read()
            .await
            .unwrap()
            .one(
                "SELECT subject, bytes FROM mails WHERE recipient = $1 ORDER BY job DESC LIMIT 1",
                openhour::args![email],
            )
            .await
            .unwrap();
        let parts = openhour::mail::parts(&row.1);
        (row.0, parts.plain.unwrap(), parts.calendar.is_some())
    }

    /// The path in a mail that leads to a booking's page.
    fn path_in(&self, text: &str) -> String {
        let link = text.lines().find(|line| line.contains("/b/")).unwrap_or_else(|| panic!("no link in {text}"));
        link.trim()[self.desk.config.public_url.len()..].to_owned()
    }
}

#[tokio::test]
async fn a_request_is_answered_from_the_mail_by_the_host() {
    let site = Site::led().await;
    site.asking().await;
    let booked = site.book(MIA, OFFER).await;
    let page = site.get(&booked).await;
    assert!(page.body.contains("Asked, not confirmed yet") && !page.body.contains("Ana"), "{}", page.body);
    assert_eq!(site.get(&format!("{booked}/invite.ics")).await.status, 404, "nothing to put into a calendar");
    let (subject, _, calendar) = site.newest_mail(MIA).await;
    assert!(subject.starts_with("Asked: A talk") && !calendar, "{subject}");
    let (subject, text, calendar) = site.newest_mail(ANA).await;
    assert!(subject.starts_with("Please answer: A talk") && !calendar, "{subject}");
    let mine = site.path_in(&text);
    let shown = site.get(&mine).await;
    assert!(shown.body.contains("asks for this time") && shown.body.contains("Say yes"), "{}", shown.body);
    assert_eq!(
        site.count("SELECT COUNT(*) FROM bookings WHERE status = 'pending'").await,
        1,
        "looking changes nothing"
    );
    let guests = hidden(&page.body, "form");
    let refused = site.post_form(&format!("{booked}/approve"), &[("form", &guests)]).await;
    assert!(refused.status == 409, "a guest approves nothing: {}", refused.status);
    assert_eq!(site.post_form(&format!("{mine}/approve"), &[]).await.status, 422, "without the form's token");
    let form = hidden(&shown.body, "form");
    let done = site.post_form(&format!("{mine}/approve"), &[("form", &form)]).await;
    assert_eq!(done.header("location"), format!("{mine}?done=approved"));
    let (subject, _, calendar) = site.newest_mail(MIA).await;
    assert!(subject.starts_with("Booked: A talk with Ana Silva") && calendar, "{subject}");
}

#[tokio::test]
async fn a_lead_says_no_with_a_reason_and_the_guest_reads_it() {
    let site = Site::led().await;
    site.asking().await;
    let booked = site.book(MIA, OFFER).await;
    let id = site.count("SELECT id FROM bookings").await;
    let mut lea = site.signed_in(LEA).await;
    let team = lea.get("/lead/coaches").await.body;
    assert!(team.contains("Waiting for yes or no"), "{team}");
    let on = format!("/lead/coaches/{id}");
    let done = lea.press(&on, &format!("{on}/reject"), &[("reason", "We are full that week.")]).await;
    assert_eq!(done.header("location"), format!("{on}?done=saved"));
    let (subject, text, _) = site.newest_mail(MIA).await;
    assert!(subject.starts_with("Not this time") && text.contains("> We are full that week."), "{subject} {text}");
    let page = site.get(&booked).await.body;
    assert!(page.contains("Not this time") && page.contains("We are full that week."), "{page}");
    let history = lea.get(&on).await.body;
    assert!(history.contains("Not accepted") && history.contains("Lea"), "{history}");
    let api = site.get(&format!("/api/v1/bookings/{}", booked.rsplit('/').next().unwrap())).await;
    assert_eq!(api.json()["status"], "rejected");
}

#[tokio::test]
async fn a_lead_gives_a_session_to_another_host_moves_it_and_says_how_it_went() {
    let site = Site::led().await;
    site.book(MIA, OFFER).await;
    site.work_off().await;
    let id = site.count("SELECT id FROM bookings").await;
    let bo = site.count("SELECT id FROM people WHERE email = 'bo@example.org'").await.to_string();
    let mut lea = site.signed_in(LEA).await;
    let on = format!("/lead/coaches/{id}");
    let page = lea.get(&on).await.body;
    assert!(page.contains("Bo Berg: is free, offers nothing then"), "{page}");
    assert_eq!(lea.press(&on, &format!("{on}/reassign"), &[("host", "")]).await.status, 422);
    let done = lea.press(&on, &format!("{on}/reassign"), &[("host", &bo)]).await;
    assert_eq!(done.header("location"), format!("{on}?done=reassigned"));
    let (subject, _, calendar) = site.newest_mail(ANA).await;
    assert!(subject.starts_with("Cancelled: A talk") && calendar, "{subject}");
    assert!(site.newest_mail("bo@example.org").await.0.starts_with("Booked: A talk with Mia"));
    assert!(site.newest_mail(MIA).await.0.starts_with("Changed: A talk with Bo Berg"));
    let page = lea.get(&on).await.body;
    assert!(page.contains("Given to another host") && page.contains("from Ana Silva to Bo Berg"), "{page}");

    let local = [("local", "2026-11-27T08:30"), ("zone", "Europe/Vienna")];
    let done = lea.press(&on, &format!("{on}/reschedule"), &local).await;
    assert_eq!(done.header("location"), format!("{on}?done=moved"));
    let page = lea.get(&on).await.body;
    assert!(page.contains("Friday, 27 November") && page.contains("from Thursday, 26 November, 18:00"), "{page}");

    assert_eq!(lea.press(&on, &format!("{on}/outcome"), &[("outcome", "completed")]).await.status, 422, "not yet");
    let done = lea.press(&on, &format!("{on}/resend"), &[]).await;
    assert_eq!(done.header("location"), format!("{on}?done=resent"));
    site.work_off().await;
    site.desk.clock.set(OFFER + 20 * HOUR);
    let mut lea = site.signed_in(LEA).await;
    lea.press(&on, &format!("{on}/outcome"), &[("outcome", "no-show")]).await;
    let page = lea.get(&on).await.body;
    assert!(page.contains("The guest did not come") && page.contains("Take that back"), "{page}");
    lea.press(&on, &format!("{on}/outcome"), &[("outcome", "")]).await;
    assert_eq!(site.count("SELECT COUNT(*) FROM sessions WHERE outcome IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_lead_and_a_host_book_for_a_guest() {
    let site = Site::led().await;
    let mut lea = site.signed_in(LEA).await;
    let form = lea.get("/lead/coaches/book").await;
    assert!(form.status == 200 && form.body.contains("Thursday, 26 November, 18:00 to 19:00"), "{}", form.body);
    let start = OFFER.to_string();
    let wrong = [("type", "talk"), ("start", &start), ("name", "Tom"), ("email", "tom"), ("timezone", "Europe/Vienna")];
    let again = lea.press("/lead/coaches/book", "/lead/coaches/book", &wrong).await;
    assert!(again.status == 422 && again.body.contains("does not look like a mail address"), "{}", again.body);
    assert!(again.body.contains("value=\"Tom\""), "what was typed is kept");
    let right = [&wrong[..3], &[("email", "tom@example.com"), wrong[4]]].concat();
    let done = lea.press("/lead/coaches/book", "/lead/coaches/book", &right).await;
    let id = site.count("SELECT id FROM bookings").await;
    assert_eq!(done.header("location"), format!("/lead/coaches/{id}?done=booked"));
    let (subject, text, calendar) = site.newest_mail("tom@example.com").await;
    assert!(subject.starts_with("Booked:") && text.contains("Lea booked this session for you.") && calendar, "{text}");
    assert!(site.newest_mail(ANA).await.1.contains("Lea booked a session with you for Tom."));
    let page = lea.get(&format!("/lead/coaches/{id}")).await.body;
    assert!(page.contains("Booked on behalf of the guest"), "{page}");

    assert_eq!(lea.get("/host/book/coaches").await.status, 404, "she is no host");
    let mut ana = site.signed_in(ANA).await;
    let later = (OFFER + HOUR).to_string();
    let own = [("type", "talk"), ("start", &later), ("name", "Ida"), ("email", "ida@example.com"), ("timezone", "UTC")];
    let done = ana.press("/host/book/coaches", "/host/book/coaches", &own).await;
    assert!(done.header("location").starts_with("/b/"), "{}", done.body);
    assert!(site.newest_mail("ida@example.com").await.1.contains("Ana Silva booked this session for you."));
    assert!(site.newest_mail(ANA).await.1.contains("You booked a session with Ida."));
}

#[tokio::test]
async fn a_lead_takes_open_times_back_and_the_host_offers_them_again() {
    let site = Site::led().await;
    let mut lea = site.signed_in(LEA).await;
    let on = "/lead/coaches/slots";
    assert!(
        lea.get("/guest").await.body.contains("href=\"/lead/coaches\""),
        "the way to the team is on one's own page"
    );
    let page = lea.get(on).await.body;
    assert!(page.contains("Ana Silva") && !page.contains("Bo Berg"), "{page}");
    assert_eq!(lea.press(on, on, &[("reason", "x")]).await.status, 422, "no time was chosen");
    let ana = site.count("SELECT id FROM people WHERE email = 'ana@example.org'").await;
    let time = |hour: i64| format!("{ana}-{}-{}", OFFER + hour * HOUR, OFFER + (hour + 1) * HOUR);
    // What nobody offers, and what no session could be, is not the team's to take.
    for foreign in [time(-1), time(3), format!("{ana}-0-{}", i64::MAX), format!("{ana}-{OFFER}-{}", OFFER + 2 * HOUR)] {
        let refused = lea.press(on, on, &[("time", &foreign), ("reason", "")]).await;
        assert_eq!(refused.status, 422, "{foreign}: {}", refused.body);
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM objects WHERE name LIKE 'taken-back%'").await, 0);
    let times = [("time", &*time(0)), ("time", &*time(1)), ("reason", "The room is being painted.")];
    let done = lea.press(on, on, &times).await;
    assert_eq!(done.header("location"), "/lead/coaches/slots?done=taken-back", "{}", done.body);
    let slots = site.get("/api/v1/teams/coaches/slots?type=talk").await.json();
    assert_eq!(slots["slots"].as_array().unwrap().len(), 1, "{slots}");
    let (subject, text, calendar) = site.newest_mail(ANA).await;
    assert!(subject.starts_with("Not open any more") && !calendar, "{subject}");
    assert!(text.contains("> The room is being painted.") && text.contains("18:00 to 20:00"), "{text}");
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'time withdrawn'").await, 1, "one stretch");
    // What is booked is no open time.
    let form = hidden(&lea.get(on).await.body, "form");
    site.book(MIA, OFFER + 2 * HOUR).await;
    assert_eq!(lea.post(on, &[("form", &form), ("time", &time(2))]).await.status, 422);
    // The event is the host's own: without it the time is open again.
    let edit = caldav::store::Edit {
        owner: ANA.into(),
        collection: "offers".into(),
        name: format!("taken-back-{}-{}.ics", OFFER, OFFER + 2 * HOUR),
        by: ANA.into(),
        conditions: caldav::store::Conditions::default(),
        change: caldav::store::Change::Delete,
    };
    let host = openhour::people::by_id(&mut site.desk.db.read().await.unwrap(), ana).await.unwrap().unwrap();
    openhour::desk::filing::file(&site.desk, &host, edit).await.unwrap();
    let slots = site.get("/api/v1/teams/coaches/slots?type=talk").await.json();
    assert_eq!(slots["slots"].as_array().unwrap().len(), 2, "{slots}");
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    let site = Site::led().await;
    site.asking().await;
    let booked = site.book(MIA, OFFER).await;
    let id = site.count("SELECT id FROM bookings").await;
    let token = site.token(LEA).await;
    let at = format!("/api/v1/teams/coaches/bookings/{id}");
    let call = async |method: &str, path: &str, body: serde_json::Value| {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(bearer(&token));
        site.send(method, path, &headers, &if method == "GET" { String::new() } else { body.to_string() }).await
    };
    assert_eq!(site.get("/api/v1/teams/coaches/bookings").await.status, 401);
    let list = call("GET", "/api/v1/teams/coaches/bookings", json!({})).await.json();
    assert_eq!(list["bookings"][0]["status"], "pending", "{list}");
    assert_eq!(list["bookings"][0]["guest"]["email"], MIA);
    let yes = call("POST", &format!("{at}/approve"), json!({})).await;
    assert_eq!((yes.status, &yes.json()["status"]), (200, &json!("confirmed")), "{}", yes.body);
    assert_eq!(yes.json()["history"][1]["action"], "approved");
    let no = call("POST", &format!("{at}/reject"), json!({"reason": "x"})).await;
    assert_eq!((no.status, &no.json()["code"]), (409, &json!("too-late")));
    let early = call("POST", &format!("{at}/outcome"), json!({"outcome": "completed"})).await;
    assert_eq!((early.status, &early.json()["code"]), (409, &json!("too-early")));
    assert_eq!(call("POST", &format!("{at}/outcome"), json!({"outcome": "fine"})).await.status, 422);
    let bo = site.count("SELECT id FROM people WHERE email = 'bo@example.org'").await.to_string();
    let given = call("POST", &format!("{at}/reassign"), json!({"host": bo})).await;
    assert_eq!((given.status, &given.json()["host"]["name"]), (200, &json!("Bo Berg")), "{}", given.body);
    let moved = call("POST", &format!("{at}/reschedule"), json!({"start": "2026-11-27T08:00:00Z"})).await;
    assert_eq!(moved.json()["start"], "2026-11-27T08:00:00Z");
    assert_eq!(call("POST", &format!("{at}/resend"), json!({})).await.status, 200);
    let off = call("POST", &format!("{at}/cancel"), json!({"reason": "Snow"})).await;
    assert_eq!((&off.json()["status"], &off.json()["reason"]), (&json!("cancelled"), &json!("Snow")));
    let wish = json!({"type": "talk", "start": "2026-11-26T17:00:00Z", "on_behalf": true,
        "guest": {"name": "Tom", "email": "tom@example.com", "timezone": "UTC"}});
    let made = call("POST", "/api/v1/teams/coaches/bookings", wish.clone()).await;
    assert_eq!((made.status, &made.json()["status"]), (201, &json!("confirmed")), "{}", made.body);
    let stranger = site
        .send("POST", "/api/v1/teams/coaches/bookings", &[("content-type", "application/json")], &wish.to_string())
        .await;
    assert_eq!(stranger.status, 403, "{}", stranger.body);
    let token = booked.rsplit('/').next().unwrap();
    let guest = site
        .send("POST", &format!("/api/v1/bookings/{token}/approve"), &[("content-type", "application/json")], "{}")
        .await;
    assert_eq!(guest.status, 403, "a guest approves nothing");
}
