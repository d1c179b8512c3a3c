//! Everybody is written to in their language: guests in that of the page on which they booked, hosts in the one they read.

use jiff::Timestamp;

use crate::sample::{HOUR, OFFER};
use crate::surfaces::Site;

impl Site {
    /// The subjects of all mails to this address, in the order in which they were written.
    async fn subjects(&self, email: &str) -> Vec<String> {
        self.work_off().await;
        let sql = "SELECT subject FROM mails WHERE recipient = $1 ORDER BY job";
        let rows: Vec<(String,)> = self.desk.db.read().await.unwrap().all(sql, openhour::args![email]).await.unwrap();
        rows.into_iter().map(|(subject,)| subject).collect()
    }

    async fn book_on_page(&self, start: i64, language: &str) {
        let time = Timestamp::from_second(start).unwrap().strftime("%Y-%m-%d/%Y%m%dT%H%M%SZ").to_string();
        let path = format!("/book/coaches/talk/{time}?lang={language}&tz=Europe/Vienna");
        let fields = [("name", "Mia"), ("email", "mia@example.org"), ("timezone", "Europe/Vienna")];
        let booked = self.post_form(&path, &fields).await;
        assert_eq!(booked.status, 303, "{}", booked.body);
    }
}

#[tokio::test]
async fn a_guest_reads_the_language_of_the_page_and_a_host_their_own() {
    let site = Site::with_team().await;
    site.book_on_page(OFFER, "de").await;
    let guest = site.subjects("mia@example.org").await;
    assert!(guest.len() == 1 && guest[0].starts_with("Gebucht: A talk mit Ana Silva, "), "{guest:?}");
    let host = site.subjects("ana@example.org").await;
    assert!(host.len() == 1 && host[0].starts_with("Booked: A talk with Mia, "), "{host:?}");

    // Ana has never said what she reads; she signs in on the German page.
    let mut browser = site.browser();
    browser.post("/sign-in?lang=de", &[("email", "ana@example.org")]).await;
    let host = site.subjects("ana@example.org").await;
    assert!(host[1].starts_with("Ihr Link zum Anmelden"), "{host:?}");
    let sql = "SELECT bytes FROM mails WHERE subject LIKE 'Ihr Link%'";
    let (bytes,): (Vec<u8>,) = site.desk.db.read().await.unwrap().one(sql, vec![]).await.unwrap();
    let plain = openhour::mail::parts(&bytes).plain.unwrap();
    let link = plain.lines().find(|line| line.contains("/sign-in/")).unwrap();
    let link = &link[site.desk.config.public_url.len()..];
    assert!(browser.get(link).await.body.contains("<html lang=\"de\""), "the page speaks as the mail does");
    assert_eq!(browser.post(link, &[]).await.status, 303);
    site.book_on_page(OFFER + HOUR, "en").await;
    let host = site.subjects("ana@example.org").await;
    assert!(host[2].starts_with("Gebucht: A talk mit Mia, "), "{host:?}");
    let guest = site.subjects("mia@example.org").await;
    assert!(guest[1].starts_with("Booked: A talk with Ana Silva, "), "{guest:?}");
}
