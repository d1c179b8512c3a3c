//! "Send me this time as an invitation" on a slot's page, and behind the links of a personal feed.

use openhour::people::feeds::{FeedKind, path};

use crate::sample::{HOUR, OFFER, Sample};
use crate::surfaces::{Reply, Site};

const SLOT: &str = "/book/coaches/talk/2026-11-26/20261126T170000Z";
const ASK: &str = "/book/coaches/talk/2026-11-26/20261126T170000Z/invitation";

impl Site {
    async fn invited(&self) -> Vec<(String, String)> {
        let mut conn = self.desk.db.read().await.unwrap();
        let sql = "SELECT m.recipient, m.subject FROM mails m JOIN jobs j ON j.id = m.job WHERE j.kind = 'slot-invite' ORDER BY j.id";
        conn.all(sql, vec![]).await.unwrap()
    }

    async fn ask(&self, email: &str, what: &str, once: &str) -> Reply {
        self.post_form(ASK, &[("email", email), ("as", what), ("once", once), ("timezone", "Europe/Berlin")]).await
    }
}

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

#[tokio::test]
async fn a_slots_page_mails_it_as_an_invitation_once_for_each_form() {
    let site = Site::with_team().await;
    let page = site.get(SLOT).await;
    assert!(
        page.body.contains(&format!("action=\"{ASK}\"")) && page.body.contains("Send me this time"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>"), "works without a script");
    for _ in 0..2 {
        let answer = site.ask("Mia@example.org", "mail", "one").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("mia@example.org") && answer.body.contains("Accept it there"), "{}", answer.body);
    }
    site.work_off().await;
    let subject = "Yours if you accept: A talk with Coaches, Graz, Thu 26 Nov, 18:00";
    assert_eq!(site.invited().await, [("mia@example.org".to_owned(), subject.to_owned())]);
}

#[tokio::test]
async fn the_file_is_addressed_to_whoever_asked_and_mails_nobody() {
    let site = Site::with_team().await;
    let file = site.ask("mia@example.org", "file", "one").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/calendar; charset=utf-8; method=REQUEST"));
    assert!(file.header("content-disposition").starts_with("attachment"), "{file:?}");
    let text = unfolded(&file.body);
    for line in ["METHOD:REQUEST", "DTSTART:20261126T170000Z", "DTEND:20261126T180000Z", "SEQUENCE:0"] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}\n{text}");
    }
    assert_eq!(text.matches("ATTENDEE").count(), 1, "{text}");
    assert!(text.contains("PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=mia@example.org:mailto:mia@example.org"), "{text}");
    let uid = text.split("\r\nUID:openhour-s-").nth(1).unwrap().split('@').next().unwrap();
    assert!(text.contains(&format!("mailto:s-{uid}@")), "{text}");
    site.work_off().await;
    assert_eq!(site.invited().await, []);
    let other = site.ask("lee@example.org", "file", "two").await;
    assert!(!unfolded(&other.body).contains(uid), "each address has an event of its own");
}

#[tokio::test]
async fn what_is_wrong_is_told_at_the_field_and_what_is_gone_on_its_page() {
    let site = Site::with_team().await;
    let wrong = site.ask("nobody", "mail", "one").await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("id=\"invite-email-wrong\"") && wrong.body.contains("value=\"nobody\""),
        "{}",
        wrong.body
    );
    assert!(wrong.body.contains("aria-describedby=\"invite-email-wrong\""), "{}", wrong.body);
    site.book("lee@example.org", OFFER).await;
    let gone = site.ask("mia@example.org", "mail", "two").await;
    assert_eq!((gone.status, gone.header("location")), (303, SLOT));
    for missing in [
        "/book/coaches/talk/2026-11-26/nonsense/invitation",
        "/book/nobody/talk/2026-11-26/20261126T170000Z/invitation",
    ] {
        assert_eq!(site.post_form(missing, &[("email", "mia@example.org")]).await.status, 404);
    }
}

#[tokio::test]
async fn an_address_gets_three_invitations_a_day_from_strangers() {
    let site = Site::with_team().await;
    for once in ["1", "2", "3"] {
        assert_eq!(site.ask("mia@example.org", "mail", once).await.status, 200);
    }
    let more = site.ask("mia@example.org", "mail", "4").await;
    assert_eq!(more.status, 429);
    assert!(more.header("retry-after").parse::<i64>().unwrap() > 0 && more.body.contains("mia@example.org"));
}

#[tokio::test]
async fn members_only_is_for_members_only() {
    let sample = Sample { booking: openhour::teams::BookingMode::Members, ..Sample::default() };
    let site = Site::with_sample(sample).await;
    assert!(!site.get(SLOT).await.body.contains(ASK));
    assert_eq!(site.ask("mia@example.org", "mail", "one").await.status, 403);
    site.work_off().await;
    assert_eq!(site.invited().await, []);
}

#[tokio::test]
async fn the_links_of_a_personal_feed_know_their_reader_and_tell_nobody_who_it_is() {
    let site = Site::with_team().await;
    let mut conn = site.desk.db.read().await.unwrap();
    let ana = openhour::people::by_email(&mut conn, "ana@example.org").await.unwrap().unwrap();
    drop(conn);
    let feed = site.get(&path(&site.desk.keys, FeedKind::Open, ana.id, 0)).await;
    let text = unfolded(&feed.body);
    let link = text.split("\r\nURL:").nth(1).unwrap().split("\r\n").next().unwrap();
    let link = link.strip_prefix(&site.desk.config.public_url).unwrap();
    let page = site.get(link).await;
    assert!(page.body.contains("the reader of this feed") && !page.body.contains("ana@example.org"), "{}", page.body);
    let mark = link.split("for=").nth(1).unwrap();
    let answer = site.post_form(ASK, &[("for", mark), ("as", "file"), ("once", "1")]).await;
    assert_eq!(answer.status, 200);
    assert!(
        !answer.body.contains("ana@example.org") && answer.body.contains("this feed belongs to"),
        "{}",
        answer.body
    );
    site.work_off().await;
    assert_eq!(site.invited().await.len(), 1);
    assert_eq!(site.invited().await[0].0, "ana@example.org");
    // A mark that was made up, or is from a feed whose address was replaced, is as good as none.
    let other = if mark.ends_with('a') { 'q' } else { 'a' };
    let forged = format!("{}{other}", &mark[..mark.len() - 1]);
    assert_eq!(site.post_form(ASK, &[("for", &forged), ("as", "mail"), ("once", "2")]).await.status, 422);
    site.desk
        .db
        .run(openhour::people::feeds::Rotate { person: ana.id, by: None, now: crate::surfaces::NOW })
        .await
        .unwrap();
    assert_eq!(site.post_form(ASK, &[("for", mark), ("as", "mail"), ("once", "3")]).await.status, 422);
    let public = site.get("/teams/coaches/open.ics").await;
    assert!(!public.body.contains("for="), "the public feed knows nobody");
    assert_eq!(public.body.matches("BEGIN:VEVENT").count(), usize::try_from(3 * HOUR / HOUR).unwrap());
}
