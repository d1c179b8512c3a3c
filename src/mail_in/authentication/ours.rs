//! What we send, signed with our key, as its receivers judge it: another implementation verifies it, with the public key
//! that `openhour dkim-record` prints.

use super::stand_in::StandIn;
use super::*;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::db::fresh::Fresh;
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::invitations::samples::{NOW, keys, with_one_booking};
use crate::jobs::{Attempt, Lease, NewJob, Postpone, enqueue};
use crate::mail::scripted_server::{Fault, ScriptedServer, Stage, Turn};
use crate::mail::{Mailer, carry_out};
use crate::mail_in::received::read;

/// A private key as `openssl genpkey -algorithm ed25519` writes it: that of RFC 8463 §A.2.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
                       MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
                       -----END PRIVATE KEY-----\n";
const RSA: &str = include_str!("../../../fixtures/google/test-only-private-key.pem");

struct Book;
impl Command for Book {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in with_one_booking() {
            tx.execute(statement, vec![]).await?;
        }
        let job = NewJob {
            key: "invite/booking/900/0/guest".into(),
            kind: "invite",
            payload: serde_json::json!({"booking": 900, "sequence": 0, "to": "guest"}),
            lane: "mail/900/guest".into(),
            after: None,
            due: NOW,
        };
        enqueue(tx, &job, NOW).await.map(drop)
    }
}

/// The settings of an installation that signs with this key.
fn signing(key: &str, server: &ScriptedServer) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dkim.pem");
    std::fs::write(&file, key).unwrap();
    let settings = [
        ("OPENHOUR_DKIM_KEY_FILE", file.to_str().unwrap().to_owned()),
        ("OPENHOUR_DKIM_SELECTOR", "autumn".into()),
        ("OPENHOUR_DKIM_DOMAIN", "example.org".into()),
        ("OPENHOUR_MAIL_FROM", "hello@book.example.org".into()),
        ("OPENHOUR_PUBLIC_URL", "https://book.example.org".into()),
        ("OPENHOUR_SMTP_URL", format!("smtp://{}", server.address)),
    ];
    config::load(settings.map(|(name, value)| (name.to_owned(), value))).unwrap()
}

/// A real invite as a server receives it, after it failed once with the whole mail in hand.
async fn delivered(fresh: &Fresh, config: Config, server: &ScriptedServer) -> Vec<u8> {
    let mailer = Mailer::new(&config).unwrap();
    let desk = Desk::new(Db::open(&fresh.target).await.unwrap(), Clock::fixed(NOW), config, keys());
    desk.db.run(Book).await.unwrap();
    let job = desk.db.run(Lease { limit: 1, now: NOW }).await.unwrap().remove(0);
    let Attempt::Again(error) = carry_out(&desk, &mailer, &job).await else { panic!("the server fails first") };
    desk.db.run(Postpone { job, error, now: NOW }).await.unwrap();
    desk.clock.set(NOW + 3_600);
    let job = desk.db.run(Lease { limit: 1, now: NOW + 3_600 }).await.unwrap().remove(0);
    assert_eq!(carry_out(&desk, &mailer, &job).await, Attempt::Recorded);
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].bytes, received[1].bytes, "the same bytes, signature included");
    received[1].bytes.clone()
}

async fn verdict(dns: &StandIn, mail: &str) -> Verdict {
    let mut config = Config::local("nowhere");
    config.dns_server = Some(dns.address);
    let bytes = Bytes::from(mail.to_owned());
    let received = read(&bytes, &Envelope::default()).unwrap();
    Authentication::new(&config).judge(&bytes, &received, &Envelope::default(), NOW).await.unwrap()
}

async fn is_verified(fresh: &Fresh, key: &str) {
    let server = ScriptedServer::start(&[Turn::Fail(Stage::Message, Fault::Drop)]).await;
    let config = signing(key, &server);
    let dkim = config.dkim.clone().unwrap();
    assert_eq!(dkim.record_name(), "autumn._domainkey.example.org");
    let dns = StandIn::start(&[(&dkim.record_name(), &dkim.record())]).await;
    let mail = String::from_utf8(delivered(fresh, config, &server).await).unwrap();
    assert!(mail.starts_with("DKIM-Signature: v=1; a="), "{mail}");
    assert!(mail.lines().all(|line| line.len() <= 78), "{mail}");
    let ours = Verdict::Authenticated("hello@book.example.org".into());
    assert_eq!(verdict(&dns, &mail).await, ours);
    let through_servers = mail.replace("\r\nSubject: ", "\r\nSubject:\t ");
    assert_eq!(verdict(&dns, &format!("Received: by mx\r\n{through_servers}")).await, ours, "white space may change");
    for (what, forged) in [
        ("another subject", mail.replacen("Subject: Booked", "Subject: Cooked", 1)),
        ("another date", mail.replacen("Date: ", "Date: Fri, 01 Jan 2027 00:00:00 +0000\r\nX: ", 1)),
        ("a second subject", format!("Subject: Something else\r\n{mail}")),
        ("a second recipient", format!("To: everybody@example.com\r\n{mail}")),
        ("a way to unsubscribe that is not ours", format!("List-Unsubscribe: <https://evil.example/>\r\n{mail}")),
        ("more text", format!("{mail}More.\r\n")),
    ] {
        assert_eq!(verdict(&dns, &forged).await, Verdict::Unauthenticated, "{what}");
    }
}

on_both_databases! {

async fn mail_signed_with_ed25519_is_verified_and_no_field_can_be_added(fresh) {
    is_verified(fresh, ED25519).await;
}

async fn mail_signed_with_rsa_is_verified_and_no_field_can_be_added(fresh) {
    is_verified(fresh, RSA).await;
}

}

#[test]
fn a_key_that_cannot_sign_stops_the_start_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem").to_str().unwrap().to_owned();
    let refused = |settings: &[(&str, &str)]| {
        let all = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        config::load(all).map(drop).unwrap_err().to_string()
    };
    let missing = refused(&[("OPENHOUR_DKIM_KEY_FILE", &file)]);
    assert!(missing.contains("`dkim_key_file` in the environment (OPENHOUR_DKIM_KEY_FILE)"), "{missing}");
    assert!(missing.contains("cannot be read"), "{missing}");
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    for wrong in ["", "nonsense", public, &ED25519.replace("MC4C", "MC4D"), &format!("{ED25519}{ED25519}")] {
        std::fs::write(&file, wrong).unwrap();
        let refused = refused(&[("OPENHOUR_DKIM_KEY_FILE", &file)]);
        assert!(refused.contains("must hold one private key in PEM"), "{wrong}: {refused}");
    }
    std::fs::write(&file, ED25519).unwrap();
    let from = ("OPENHOUR_MAIL_FROM", "hello@book.example.org");
    let foreign = refused(&[("OPENHOUR_DKIM_KEY_FILE", &file), from, ("OPENHOUR_DKIM_DOMAIN", "example.com")]);
    assert!(foreign.contains("`dkim_domain`") && foreign.contains("must be the domain of mail_from"), "{foreign}");
    let selector = refused(&[("OPENHOUR_DKIM_KEY_FILE", &file), from, ("OPENHOUR_DKIM_SELECTOR", "a b")]);
    assert!(selector.contains("`dkim_selector`"), "{selector}");
    let alone = refused(&[("OPENHOUR_DKIM_SELECTOR", "autumn")]);
    assert!(alone.contains("needs dkim_key_file"), "{alone}");
}
