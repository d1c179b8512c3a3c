//! The mails in `fixtures/mail-out/`, which the server's own tests hold byte for byte, read by parsers of others.

use serde_json::Value;

use crate::python::script;

#[test]
fn an_independent_parser_reads_every_mail_we_send() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/mail-out");
    let mails: Vec<Value> = serde_json::from_str(&script("mails.py", &[folder])).unwrap();
    assert!(mails.len() >= 11, "{} mails", mails.len());
    for mail in mails {
        let invite = &mail["invite"];
        if ["confirm.eml", "sign-in.eml"].iter().any(|letter| mail["file"] == *letter) {
            assert!(invite.is_null(), "a letter without a session is no invite: {mail}");
            continue;
        }
        let attendees = invite["attendees"].as_array().unwrap();
        assert!(attendees.contains(&mail["to"][0]), "the recipient is invited: {mail}");
        assert!(!attendees.contains(&invite["organizer"]), "the organiser is nobody's mailbox: {mail}");
        assert!(invite["organizer"].as_str().unwrap().starts_with("r-"), "{mail}");
        let cancelled = mail["file"].as_str().unwrap().starts_with("cancelled");
        let wanted = if cancelled { ("CANCEL", "CANCELLED") } else { ("REQUEST", "CONFIRMED") };
        assert_eq!((invite["method"].as_str(), invite["status"].as_str()), (Some(wanted.0), Some(wanted.1)), "{mail}");
        if let Some(link) = invite["location"].as_str().filter(|link| !link.is_empty()) {
            assert_eq!(invite["description"].as_str().unwrap().lines().next(), Some(link), "{mail}");
        }
        assert_eq!(invite["alarms"], 0);
    }
}
