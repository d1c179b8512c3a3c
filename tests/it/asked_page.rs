//! `/asked/{token}`: what came by mail in somebody's name is shown, and carried out by its button alone.

use openhour::invitations::{REPLY_TOKEN, id_in_uid};
use openhour::mail;
use openhour::mail_in::Inbox;
use openhour::mail_in::received::Envelope;
use openhour::teams::{NewTeam, save_team};

use openhour::db::{Command, DbError, Tx};

use crate::pages_booking::hidden;
use crate::sample::Sample;
use crate::surfaces::{NOW, Site};

const SERVER: &str = "mx.book.example.org";

/// Lets strangers become hosts of these teams.
struct Open(&'static [(&'static str, &'static str)]);

impl Command for Open {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for (slug, name) in self.0 {
            let (slug, name) = ((*slug).to_owned(), (*name).to_owned());
            save_team(tx, &NewTeam { slug, name, hosts_join: Some(true), ..NewTeam::default() }, NOW).await?;
        }
        Ok(())
    }
}

async fn site() -> Site {
    let site = Site::start_with(|config| {
        config.demo = true;
        config.mail_from = "hello@book.example.org".into();
        config.mail_trusted_authserv = Some(SERVER.into());
        config.dns_server = Some("127.0.0.1:9".parse().unwrap());
    })
    .await;
    site.desk.db.run(Sample::default()).await.unwrap();
    site
}

/// An event for the robot, from this address.
async fn invite(site: &Site, from: &str, proven: bool, title: &str) {
    let domain = from.rsplit('@').next().unwrap();
    let proof = format!("Authentication-Results: {SERVER}; dkim=pass header.d={domain}\r\n");
    let message = format!(
        "{}From: {from}\r\nTo: available@book.example.org\r\nDate: Fri, 20 Nov 2026 11:59:00 +0000\r\n\
         Message-ID: <{}@{domain}>\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n\
         BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:one@{domain}\r\n\
         DTSTAMP:20261120T115900Z\r\nDTSTART:20261130T180000Z\r\nDTEND:20261130T190000Z\r\nRRULE:FREQ=WEEKLY\r\n\
         SUMMARY:{title}\r\nORGANIZER:mailto:{from}\r\nATTENDEE:mailto:available@book.example.org\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n",
        if proven { proof.as_str() } else { "" },
        title.len(),
    );
    let envelope = Envelope { to: vec!["available@book.example.org".into()], ..Envelope::default() };
    Inbox::new(site.desk.clone()).take_all(message.into(), &envelope).await.unwrap();
    site.work_off().await;
}

/// The path in the newest mail to this address.
async fn link(site: &Site, to: &str) -> String {
    let mut conn = site.desk.db.read().await.unwrap();
    let newest = "SELECT bytes FROM mails WHERE recipient = $1 ORDER BY job DESC LIMIT 1";
    let (bytes,): (Vec<u8>,) = conn.one(newest, vec![to.into()]).await.unwrap();
    let text = mail::parts(&bytes).plain.unwrap();
    let rest = text.split("/asked/").nth(1).unwrap_or_else(|| panic!("no link: {text}"));
    format!("/asked/{}", rest.split_whitespace().next().unwrap())
}

#[tokio::test]
async fn a_host_sees_what_came_in_their_name_and_one_button_carries_out_exactly_that() {
    let site = site().await;
    invite(&site, "ana@example.org", false, "Available").await;
    let path = link(&site, "ana@example.org").await;
    let page = site.get(&path).await;
    assert_eq!((page.status, page.body.matches("<h1").count()), (200, 1));
    for text in ["Was this you?", "ana@example.org", "Available", "Monday, 30 November", "It repeats."] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(site.post_form(&path, &[]).await.status, 422, "without the form's token");
    let form = hidden(&page.body, "form");
    // Another message takes its place: nobody says yes to what they did not see.
    invite(&site, "ana@example.org", false, "Available: else").await;
    let other = site.post_form(&path, &[("form", &form)]).await;
    assert!(other.status == 422 && other.body.contains("newer message"), "{}", other.body);
    let done = site.post_form(&path, &[("form", &hidden(&other.body, "form"))]).await;
    assert!(done.status == 200 && done.body.contains("Done"), "{}", done.body);
    assert_eq!(site.get(&path).await.status, 404, "once");
    assert_eq!(site.post_form(&path, &[("form", &form)]).await.status, 404);
}

#[tokio::test]
async fn a_stranger_chooses_a_team_and_is_its_host() {
    let site = site().await;
    site.desk.db.run(Open(&[("cooks", "Cooks"), ("coaches", "Coaches, Graz")])).await.unwrap();
    invite(&site, "nadia@example.com", true, "Available").await;
    let path = link(&site, "nadia@example.com").await;
    let page = site.get(&format!("{path}?lang=de")).await;
    assert!(page.body.contains("Zeit anbieten") && page.body.contains("Welchem Team"), "{}", page.body);
    let form = hidden(&page.body, "form");
    let again = site.post_form(&path, &[("form", &form)]).await;
    assert!(again.status == 422 && again.body.contains("Please choose a team."), "{}", again.body);
    let wrong = site.post_form(&path, &[("form", &form), ("team", "1")]).await;
    assert_eq!(wrong.status, 422, "a team that does not let people join");
    let team = again.body.split("name=\"team\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let done = site.post_form(&path, &[("form", &form), ("team", &team)]).await;
    assert!(done.status == 200 && done.body.contains("Welcome"), "{}", done.body);
    let page = site.signed_in("nadia@example.com").await.get("/host").await;
    assert!(page.status == 200 && page.body.contains("Coaches, Graz"), "{}", page.body);
}

#[tokio::test]
async fn the_api_tells_what_calendars_answered() {
    let site = site().await;
    let wish = serde_json::json!({"type": "talk", "start": "2026-11-26T17:00:00Z",
        "guest": {"name": "Mia", "email": "mia@example.org", "timezone": "Europe/Vienna"}});
    let json = [("content-type", "application/json")];
    let booked = site.send("POST", "/api/v1/teams/coaches/bookings", &json, &wish.to_string()).await.json();
    site.work_off().await;
    let uid = booked["uid"].as_str().unwrap();
    let path = booked["link"].as_str().unwrap().replace("/b/", "/api/v1/bookings/");
    let path = path.split(&site.address.to_string()).nth(1).unwrap().to_owned();
    let before = site.get(&path).await.json();
    assert!(before["attendance"]["guest"].is_null() && before["attendance"]["host"].is_null(), "{before}");
    let reply = format!("r-{}@book.example.org", site.desk.keys.token(REPLY_TOKEN, id_in_uid(uid).unwrap(), 0, 0));
    let answer = |from: &str, method: &str, partstat: &str, hour: u8| {
        format!(
            "Authentication-Results: {SERVER}; dkim=pass header.d=example.org\r\nFrom: {from}\r\nTo: {reply}\r\n\
             Message-ID: <{partstat}{method}@example.org>\r\nContent-Type: text/calendar; method={method}\r\n\r\n\
             BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
             DTSTAMP:20261120T115900Z\r\nDTSTART:20261126T{hour}0000Z\r\nDTEND:20261126T{}0000Z\r\nSEQUENCE:0\r\n\
             ORGANIZER:mailto:{reply}\r\nATTENDEE;PARTSTAT={partstat}:mailto:{from}\r\nCOMMENT:With cake\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n",
            hour + 1
        )
    };
    let envelope = Envelope { to: vec![reply.clone()], ..Envelope::default() };
    let inbox = Inbox::new(site.desk.clone());
    inbox.take_all(answer("mia@example.org", "REPLY", "ACCEPTED", 17).into(), &envelope).await.unwrap();
    inbox.take_all(answer("ana@example.org", "COUNTER", "TENTATIVE", 18).into(), &envelope).await.unwrap();
    let after = site.get(&path).await.json()["attendance"].clone();
    assert_eq!(
        (after["guest"]["answer"].as_str(), after["guest"]["comment"].as_str()),
        (Some("accepted"), Some("With cake"))
    );
    assert_eq!(after["host"]["answer"], "proposed", "{after}");
    assert_eq!(after["host"]["start"], "2026-11-26T18:00:00Z");
}

#[tokio::test]
async fn a_link_that_is_none_shows_nothing() {
    let site = site().await;
    for path in ["/asked/x", "/asked/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        assert_eq!(site.get(path).await.status, 404);
        assert_eq!(site.post_form(path, &[("form", "x")]).await.status, 404);
    }
}
