//! Genuine and forged messages before the whole of [`Authentication`], with a name server that stands in.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::stand_in::{StandIn, signed};
use super::*;
use crate::invitations::samples::{NOW, config};
use crate::mail_in::received::read;

const HEADERS: &[&str] = &["From", "To", "Subject", "Date"];
const MAIL: &str = "From: Tariq Aziz <tariq@example.net>\nTo: available@book.example.org\nSubject: Hello\n\
                    Date: Fri, 20 Nov 2026 12:00:00 +0000\n\nHello there.\n";

async fn judged(dns: &StandIn, mail: &str, envelope: &Envelope) -> Result<Verdict, Undecided> {
    let mut config = config();
    config.dns_server = Some(dns.address);
    config.mail_trusted_authserv = Some("mx.book.example.org".into());
    let bytes = Bytes::from(mail.replace("\r\n", "\n").replace('\n', "\r\n"));
    let received = read(&bytes, envelope).unwrap();
    Authentication::new(&config).judge(&bytes, &received, envelope, NOW).await
}

async fn verdict(dns: &StandIn, mail: &str) -> Verdict {
    judged(dns, mail, &Envelope::default()).await.unwrap()
}

fn tariq() -> Verdict {
    Verdict::Authenticated("tariq@example.net".into())
}

#[tokio::test]
async fn a_signature_of_the_authors_domain_confirms_the_author() {
    let dns = StandIn::of(&["example.net", "mail.example.net", "evil.example"]).await;
    let good = signed(MAIL, "example.net", HEADERS);
    assert_eq!(verdict(&dns, &good).await, tariq());
    let through_a_mailbox = format!("Received: by mx\r\nX-Spam: no\r\n{good}");
    assert_eq!(verdict(&dns, &through_a_mailbox).await, tariq());
    let below = MAIL.replace("tariq@example.net", "tariq@team.example.net");
    let below = verdict(&dns, &signed(&below, "example.net", HEADERS)).await;
    assert_eq!(below, Verdict::Authenticated("tariq@team.example.net".into()));
}

#[tokio::test]
async fn forgeries_confirm_nobody() {
    let dns = StandIn::of(&["example.net", "mail.example.net", "evil.example"]).await;
    let good = signed(MAIL, "example.net", HEADERS);
    let second = format!("From: ceo@example.net\r\n{good}");
    for (what, forged) in [
        ("no signature", MAIL.to_owned()),
        ("another text", good.replace("Hello there", "Goodbye there")),
        ("another author", good.replace("tariq@example.net", "aisha@example.net")),
        ("a second author above", second),
        ("another domain's signature", signed(MAIL, "evil.example", HEADERS)),
        ("a subdomain's signature", signed(MAIL, "mail.example.net", HEADERS)),
        ("a key that is not published", signed(MAIL, "example.org", HEADERS)),
        ("From left out", signed(MAIL, "example.net", &["To", "Subject"])),
        ("another's results", format!("Authentication-Results: evil.example; dkim=pass header.d=example.net\n{MAIL}")),
        ("eleven signatures", format!("{}{good}", "DKIM-Signature: v=1; d=example.net\r\n".repeat(10))),
    ] {
        assert_eq!(verdict(&dns, &forged).await, Verdict::Unauthenticated, "{what}");
    }
}

#[tokio::test]
async fn google_calendar_confirms_its_users_and_nothing_else_of_google_does() {
    let dns = StandIn::of(&["google.com"]).await;
    let from_calendar = format!("Sender: Google Calendar <calendar-notification@google.com>\n{MAIL}");
    let headers = ["From", "To", "Subject", "Date", "Sender"];
    let google = Verdict::GoogleCalendar("tariq@example.net".into());
    assert_eq!(verdict(&dns, &signed(&from_calendar, "google.com", &headers)).await, google);
    let put_on = format!("Sender: calendar-notification@google.com\r\n{}", signed(MAIL, "google.com", HEADERS));
    assert_eq!(verdict(&dns, &put_on).await, Verdict::Unauthenticated);
    let drive = from_calendar.replace("calendar-notification", "drive-shares-noreply");
    assert_eq!(verdict(&dns, &signed(&drive, "google.com", &headers)).await, Verdict::Unauthenticated);
}

#[tokio::test]
async fn who_delivered_confirms_when_our_server_tells_and_the_domain_allows() {
    let dns = StandIn::of(&["spf:example.net", "spf:evil.example"]).await;
    let envelope = |from: &str, client: &str| Envelope {
        from: Some(from.into()),
        client: Some(client.parse::<IpAddr>().unwrap()),
        helo: Some("mx.example.net".into()),
        ..Envelope::default()
    };
    let of = async |envelope: Envelope| judged(&dns, MAIL, &envelope).await.unwrap();
    assert_eq!(of(envelope("tariq@example.net", "192.0.2.25")).await, tariq());
    assert_eq!(of(envelope("tariq@example.net", "192.0.2.26")).await, Verdict::Unauthenticated);
    assert_eq!(of(envelope("x@evil.example", "192.0.2.25")).await, Verdict::Unauthenticated);
    assert_eq!(of(envelope("", "192.0.2.25")).await, Verdict::Unauthenticated);
}

#[tokio::test]
async fn our_own_servers_word_is_enough_and_costs_no_question() {
    let dns = StandIn::of(&[]).await;
    for said in
        ["dkim=pass header.d=example.net", "spf=pass smtp.mailfrom=x@example.net", "dmarc=pass header.from=example.net"]
    {
        let mail = format!("Authentication-Results: mx.book.example.org; {said}\n{MAIL}");
        assert_eq!(verdict(&dns, &mail).await, tariq(), "{said}");
    }
    assert_eq!(dns.asked(), 0);
}

#[tokio::test]
async fn without_an_answer_a_young_message_waits_and_an_old_one_does_not() {
    let silent = StandIn { address: ([127, 0, 0, 1], 9).into(), asked: std::sync::Arc::default() };
    let good = signed(MAIL, "example.net", HEADERS);
    let begun = Instant::now();
    assert_eq!(judged(&silent, &good, &Envelope::default()).await, Err(Undecided));
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    let old = signed(&MAIL.replace("20 Nov", "19 Nov").replace("Fri", "Thu"), "example.net", HEADERS);
    assert_eq!(judged(&silent, &old, &Envelope::default()).await, Ok(Verdict::Unauthenticated));
}
