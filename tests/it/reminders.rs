//! Stopping reminders from the mail, by hand and by the mail program's own button, and wanting them again.

use serde_json::json;

use crate::sample::OFFER;
use crate::surfaces::{Reply, Site};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// Someone who booked a time, and the address under their reminder, which is on its way.
async fn reminded() -> (Site, String) {
    let site = Site::with_team().await;
    let start = jiff::Timestamp::from_second(OFFER).unwrap().to_string();
    let body = json!({"type": "talk", "start": start, "guest": {"name": "Mia", "email": "mia@example.org",
        "timezone": "Europe/Vienna", "language": "de"}});
    let booked = site.send("POST", "/api/v1/teams/coaches/bookings", &JSON, &body.to_string()).await;
    assert_eq!(booked.status, 201, "{}", booked.body);
    site.work_off().await;
    site.desk.clock.set(OFFER - 86_400);
    site.work_off().await;
    let (bytes,): (Vec<u8>,) = site
        .desk
        .db
        .read()
        .await
        .unwrap()
        .one("SELECT bytes FROM mails WHERE recipient = 'mia@example.org' AND subject LIKE 'Bald: %'", vec![])
        .await
        .unwrap();
    let mail = openhour::mail::parts(&bytes);
    let header = |wanted: &str| mail.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    assert_eq!(header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let address = header("List-Unsubscribe").unwrap().trim_matches(['<', '>']);
    assert!(mail.plain.as_ref().unwrap().contains(address), "{:?}", mail.plain);
    let path = address.split_once("/unsubscribe/").map(|(_, token)| format!("/unsubscribe/{token}")).unwrap();
    (site, path)
}

async fn wanted(site: &Site) -> i64 {
    site.count("SELECT COUNT(*) FROM people WHERE email = 'mia@example.org' AND reminders").await
}

fn shows(reply: &Reply, button: &str) {
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains(&format!("value=\"{button}\"")), "{}", reply.body);
}

#[tokio::test]
async fn a_press_stops_them_and_another_brings_them_back() {
    let (site, path) = reminded().await;
    for _ in 0..2 {
        shows(&site.get(&path).await, "off");
    }
    assert_eq!(wanted(&site).await, 1, "looking changes nothing");
    shows(&site.post_form(&path, &[("reminders", "off")]).await, "on");
    assert_eq!(wanted(&site).await, 0);
    site.desk.clock.set(OFFER - 3_600);
    site.work_off().await;
    let reminders = "SELECT COUNT(*) FROM mails WHERE recipient = 'mia@example.org' AND subject LIKE 'Bald:%'";
    assert_eq!(site.count(reminders).await, 1, "the one of the hour before stayed away");
    assert_eq!(site.count("SELECT COUNT(*) FROM audit_log WHERE action = 'reminders stopped'").await, 1);
    shows(&site.post_form(&path, &[("reminders", "on")]).await, "off");
    assert_eq!(wanted(&site).await, 1);
}

#[tokio::test]
async fn a_mail_program_stops_them_with_one_click() {
    let (site, path) = reminded().await;
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(site.send("POST", &path, &headers, "List-Unsubscribe=One-Click").await.status, 200);
    assert_eq!(wanted(&site).await, 0);
    site.post_form(&path, &[("reminders", "on")]).await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    assert_eq!(site.send("POST", &path, &headers, body).await.status, 200);
    assert_eq!(wanted(&site).await, 0);
}

#[tokio::test]
async fn a_made_up_address_is_nobodys() {
    let (site, path) = reminded().await;
    let (start, last) = path.split_at(path.len() - 1);
    let other = if last == "a" { "b" } else { "a" };
    for wrong in [format!("{start}{other}"), "/unsubscribe/x".into(), format!("{path}x")] {
        assert_eq!(site.get(&wrong).await.status, 404, "{wrong}");
        assert_eq!(site.post_form(&wrong, &[]).await.status, 404, "{wrong}");
    }
    assert_eq!(wanted(&site).await, 1);
}
