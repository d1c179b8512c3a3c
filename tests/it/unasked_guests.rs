//! Guests who were booked where nobody could ask them what the type wants to know: by their calendar, by mail, by somebody
//! of the team. And what a calendar offers to whom.

use data_encoding::BASE64;
use openhour::desk::people::SavePerson;
use openhour::keys;
use openhour::people::Profile;
use openhour::people::app_passwords::CreateAppPassword;
use openhour::teams::Role;
use serde_json::{Value, json};

use crate::api_tokens::bearer;
use crate::pages_booking::hidden;
use crate::sample::OFFER;
use crate::surfaces::{NOW, Reply, Site};

const LEA: &str = "lea@example.org";
const MIA: &str = "mia@example.org";
const GINA: &str = "gina@example.org";

impl Site {
    /// The sample team with a lead and a member, whose talk asks a telephone number and a question.
    async fn asking_guests(&self, more: Value) {
        for (email, role) in [(LEA, Role::Lead), (GINA, Role::Guest)] {
            let memberships = vec![("coaches".to_owned(), role)];
            let save = SavePerson { email: email.into(), profile: Profile::default(), memberships, now: NOW };
            self.desk.db.run(save).await.unwrap();
        }
        let question = json!({"label": "Which language?", "kind": "short", "required": true});
        let mut change = json!({"phone": "required", "place": "phone", "questions": [question]});
        change.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let token = self.token(LEA).await;
        let changed = self.api(&token, "PATCH", "/teams/coaches/session-types/talk", &change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
    }

    async fn api(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(bearer(token));
        self.send(method, &format!("/api/v1{path}"), &headers, &body.to_string()).await
    }

    /// The header with which somebody's calendar app comes.
    async fn calendar_app(&self, email: &str) -> String {
        let mut conn = self.desk.db.read().await.unwrap();
        let person = openhour::people::by_email(&mut conn, email).await.unwrap().unwrap().id;
        drop(conn);
        let secret = "abcdefghijklmnopqrstuvwxyz";
        let digest = keys::digest(&format!("{secret}{person}"));
        let create = CreateAppPassword { person, label: "test".into(), digest, by: None, with: None, now: NOW };
        self.desk.db.run(create).await.unwrap();
        format!("Basic {}", BASE64.encode(format!("{email}:{secret}{person}").as_bytes()))
    }

    /// The events of somebody's "Open slots": name and text.
    async fn open_slots(&self, app: &str, email: &str) -> Vec<(String, String)> {
        let at = format!("/dav/calendars/{email}/open/");
        let ask = "<propfind xmlns=\"DAV:\"><prop><getetag/></prop></propfind>";
        let headers = [("authorization", app), ("depth", "1"), ("content-type", "application/xml")];
        let listed = self.send("PROPFIND", &at, &headers, ask).await;
        assert_eq!(listed.status, 207, "{}", listed.body);
        let names = listed.body.split("href>").filter(|part| part.contains(".ics<"));
        let names: Vec<String> = names.map(|part| part.split('<').next().unwrap().to_owned()).collect();
        let mut found = Vec::new();
        for name in names {
            let text = self.send("GET", &name, &[("authorization", app)], "").await.body;
            found.push((name, text));
        }
        found.sort_by_key(|(_, text)| text.split("DTSTART:").nth(1).unwrap().to_owned());
        found
    }

    /// Accepts the first open slot, as a calendar app does.
    async fn accept_first(&self, app: &str, email: &str) -> Reply {
        let slots = self.open_slots(app, email).await;
        let (name, text) = slots.first().expect("an open slot");
        let accepted = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
        assert_ne!(*text, accepted);
        self.send("PUT", name, &[("authorization", app), ("content-type", "text/calendar")], &accepted).await
    }

    /// The newest mail to somebody: subject, text, calendar part.
    async fn mail_to(&self, email: &str) -> (String, String, String) {
        self.work_off().await;
        let sql = "SELECT subject, bytes FROM mails WHERE recipient = $1 ORDER BY job DESC LIMIT 1";
        let mut conn = self.desk.db.read().await.unwrap();
        let row: (String, Vec<u8>) = conn.one(sql, openhour::args![email]).await.unwrap();
        let parts = openhour::mail::parts(&row.1);
        let calendar = parts.calendar.unwrap_or_default().replace("\r\n ", "");
        (row.0, parts.plain.unwrap(), calendar)
    }
}

fn page_in(site: &Site, text: &str) -> String {
    let link = text.lines().find(|line| line.contains("#answers")).unwrap_or_else(|| panic!("no link in {text}"));
    link.trim()[site.desk.config.public_url.len()..].trim_end_matches("#answers").to_owned()
}

#[tokio::test]
async fn who_accepts_a_slot_in_the_calendar_is_asked_by_mail_and_the_answers_reach_the_host() {
    let site = Site::with_team().await;
    site.asking_guests(json!({})).await;
    let app = site.calendar_app(GINA).await;
    let accepted = site.accept_first(&app, GINA).await;
    assert!(accepted.status < 300, "{}", accepted.body);
    let (subject, text, calendar) = site.mail_to(GINA).await;
    assert!(subject.starts_with("Booked: A talk") && calendar.contains("METHOD:REQUEST"), "{subject}");
    assert!(
        text.contains("Please tell this before you meet:\n> Phone\n> Which language?")
            || text.contains("Please tell this before you meet:\r\n> Phone\r\n> Which language?"),
        "{text}"
    );
    let booking = page_in(&site, &text);
    let page = site.get(&booking).await.body;
    assert!(page.contains("Please answer before you meet") && page.contains("id=\"answers\" open"), "{page}");
    // The host's page has no such form, and nobody answers with nothing.
    let refused = site.press(&booking, "answers", &[("phone", "12"), ("q0", "Rust")]).await;
    assert!(refused.status == 422 && refused.body.contains("value=\"Rust\""), "{}", refused.body);
    assert!(refused.body.contains("phone-wrong"), "{}", refused.body);
    let done = site.press(&booking, "answers", &[("phone", "+49 30 123456"), ("q0", "Rust")]).await;
    assert_eq!(done.header("location"), format!("{booking}?done=saved"), "{}", done.body);
    let (subject, text, calendar) = site.mail_to("ana@example.org").await;
    assert!(subject.starts_with("Changed:") && text.contains("Which language?: Rust"), "{text}");
    assert!(calendar.contains("LOCATION:Phone: +49 30 123456"), "{calendar}");
    let (_, text, _) = site.mail_to(GINA).await;
    assert!(!text.contains("#answers"), "answered: {text}");
    let page = site.get(&booking).await.body;
    assert!(page.contains("Change your answers") && !page.contains("id=\"answers\" open"), "{page}");
    assert_eq!(site.count("SELECT COUNT(*) FROM booking_log WHERE action = 'answers'").await, 1);
}

#[tokio::test]
async fn answers_can_be_given_through_the_api_by_the_guest_alone() {
    let site = Site::with_team().await;
    site.asking_guests(json!({})).await;
    let app = site.calendar_app(GINA).await;
    site.accept_first(&app, GINA).await;
    let booking = page_in(&site, &site.mail_to(GINA).await.1);
    let at = format!("/api/v1/bookings/{}/answers", booking.trim_start_matches("/b/"));
    let send = async |at: &str, body: Value| {
        site.send("POST", at, &[("content-type", "application/json")], &body.to_string()).await
    };
    let half = send(&at, json!({"phone": "+49 30 123456"})).await;
    assert_eq!((half.status, &half.json()["errors"][0]["field"]), (422, &json!("answers.Which language?")));
    let long = send(&at, json!({"answers": {"Which language?": "x".repeat(300)}})).await;
    assert_eq!(long.status, 422);
    let whole = send(&at, json!({"phone": "+49 30 123456", "answers": {"Which language?": "Rust"}})).await;
    assert_eq!((whole.status, &whole.json()["answers"]["Which language?"]), (200, &json!("Rust")), "{}", whole.body);
    let one = send(&at, json!({"answers": {"Which language?": "Go"}})).await.json();
    assert_eq!((&one["phone"], &one["answers"]["Which language?"]), (&json!("+49 30 123456"), &json!("Go")));
    let host = site.mail_to("ana@example.org").await.1;
    let host = host.lines().find(|line| line.contains("/b/")).unwrap().trim().rsplit('/').next().unwrap().to_owned();
    let refused = send(&format!("/api/v1/bookings/{host}/answers"), json!({"answers": {"Which language?": "C"}})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("not-allowed")));
}

#[tokio::test]
async fn a_lead_is_asked_what_guests_are_asked_and_leaves_open_what_they_do_not_know() {
    let site = Site::with_team().await;
    site.asking_guests(json!({})).await;
    let mut lea = site.signed_in(LEA).await;
    let at = "/lead/coaches/book";
    let form = lea.get(at).await.body;
    for part in ["What guests are asked", "Leave open what you do not know", "name=\"phone\"", "Which language?"] {
        assert!(form.contains(part), "{part}: {form}");
    }
    assert!(!form.contains("type=\"tel\" name=\"phone\" value=\"\" autocomplete=\"tel\" required"), "{form}");
    let start = OFFER.to_string();
    let mut typed = vec![("type", "talk"), ("start", &start), ("name", "Tom"), ("email", "tom@example.com")];
    typed.extend([("timezone", "Europe/Vienna"), ("q0", "Rust"), ("phone", "1")]);
    let again = lea.press(at, at, &typed).await;
    assert!(again.status == 422 && again.body.contains("phone-wrong"), "{}", again.body);
    assert!(again.body.contains("value=\"Rust\""), "what was typed is kept: {}", again.body);
    typed.pop();
    let done = lea.press(at, at, &typed).await;
    assert!(done.header("location").ends_with("?done=booked"), "{}", done.body);
    let page = lea.get(done.header("location")).await.body;
    assert!(page.contains("Which language?") && page.contains("Rust"), "{page}");
    let (_, text, _) = site.mail_to("tom@example.com").await;
    assert!(text.contains("> Phone") && !text.contains("> Which language?"), "{text}");
    // The API takes the same way, and nothing that is not asked.
    let token = site.token(LEA).await;
    let wish = |answers: Value| {
        json!({"type": "talk", "start": "2026-11-26T18:00:00Z", "on_behalf": true, "answers": answers,
            "guest": {"name": "Ida", "email": "ida@example.com", "timezone": "Europe/Vienna"}})
    };
    let strange = site.api(&token, "POST", "/teams/coaches/bookings", &wish(json!({"Shoe size?": "43"}))).await;
    assert_eq!((strange.status, &strange.json()["errors"][0]["field"]), (422, &json!("answers.Shoe size?")));
    let made = site.api(&token, "POST", "/teams/coaches/bookings", &wish(json!({"Which language?": "Go"}))).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

#[tokio::test]
async fn a_slot_that_needs_a_yes_is_asked_for_by_accepting_it_and_taken_off_again_by_a_no() {
    let site = Site::with_team().await;
    site.asking_guests(json!({"approval": true})).await;
    let app = site.calendar_app(GINA).await;
    let slot = site.open_slots(&app, GINA).await.remove(0).1;
    let uid = slot.replace("\r\n ", "").lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    assert!(site.accept_first(&app, GINA).await.status < 300);
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE status = 'pending'").await, 1);
    let (subject, text, calendar) = site.mail_to(GINA).await;
    assert!(subject.starts_with("Asked: A talk") && calendar.is_empty(), "{subject}");
    assert!(text.contains("> Which language?"), "{text}");
    let (subject, text, calendar) = site.mail_to("ana@example.org").await;
    assert!(subject.starts_with("Please answer: A talk") && calendar.is_empty(), "{subject}");
    assert!(site.open_slots(&app, GINA).await.iter().all(|(_, text)| !text.contains("DTSTART:20261126T170000Z")));
    let host =
        text.lines().find(|line| line.contains("/b/")).unwrap().trim()[site.desk.config.public_url.len()..].to_owned();
    let no = site.press(&host, "reject", &[("reason", "We are full.")]).await;
    assert_eq!(no.status, 303, "{}", no.body);
    let (subject, text, calendar) = site.mail_to(GINA).await;
    assert!(subject.starts_with("Not this time") && text.contains("> We are full."), "{subject}");
    assert!(calendar.contains("METHOD:CANCEL") && calendar.contains(&uid), "{calendar}");

    // Taken back by the guest: their calendar hears of it, too.
    assert!(site.accept_first(&app, GINA).await.status < 300);
    let (_, text, _) = site.mail_to(GINA).await;
    let own = page_in(&site, &text);
    assert_eq!(site.press(&own, "cancel", &[]).await.status, 303);
    let (_, _, calendar) = site.mail_to(GINA).await;
    assert!(calendar.contains("METHOD:CANCEL"), "{calendar}");
}

#[tokio::test]
async fn what_is_for_members_only_is_in_the_calendars_of_members_alone() {
    let site = Site::with_team().await;
    site.asking_guests(json!({})).await;
    // Mia has booked once, where everybody may, and is no member.
    let page = site.get("/book/coaches/talk/2026-11-26/20261126T170000Z").await.body;
    let fields = [("name", "Mia"), ("email", MIA), ("timezone", "Europe/Berlin"), ("once", &hidden(&page, "once"))];
    let fields = [&fields[..], &[("phone", "+49 30 123456"), ("q0", "Rust")]].concat();
    let booked = site.post_form("/book/coaches/talk/2026-11-26/20261126T170000Z", &fields).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let mia = site.calendar_app(MIA).await;
    let gina = site.calendar_app(GINA).await;
    let before = site.open_slots(&mia, MIA).await;
    assert_eq!(before.len(), 2);
    let token = site.token(LEA).await;
    let path = "/teams/coaches/session-types/talk";
    let hidden = site.api(&token, "PATCH", path, &json!({"internal": true})).await;
    assert_eq!(hidden.status, 200, "{}", hidden.body);
    assert_eq!(site.open_slots(&mia, MIA).await, []);
    assert_eq!(site.open_slots(&gina, GINA).await.len(), 2);
    // A slot that her app still shows books nothing, nor does an invitation that she asks for.
    let (name, text) = &before[0];
    let accepted = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    let put = site.send("PUT", name, &[("authorization", &mia), ("content-type", "text/calendar")], &accepted).await;
    assert_eq!(put.status, 403, "{}", put.body);
    let ask = "/book/coaches/talk/2026-11-26/20261126T180000Z/invitation";
    assert_eq!(site.post_form(ask, &[("email", MIA), ("as", "mail"), ("once", "1")]).await.status, 404);
    assert!(site.accept_first(&gina, GINA).await.status < 300);
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings").await, 2);
}
