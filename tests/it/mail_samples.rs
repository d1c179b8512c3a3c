//! The mails in `fixtures/mail-out/`, which the server's own tests hold byte for byte, read by parsers of others.

use serde_json::Value;

use crate::python::script;

/// The method of each letter that brings an event, by the beginning of its name.
const METHODS: [(&str, &str); 15] = [
    ("booked", "REQUEST"),
    ("moved", "REQUEST"),
    ("group-cancelled", "CANCEL"),
    ("group", "REQUEST"),
    ("cancelled", "CANCEL"),
    ("proposal-declined", "DECLINECOUNTER"),
    ("proposal-to", "REQUEST"),
    ("proposal-", "CANCEL"),
    ("slot-doubted", "-"),
    ("slot-refused", "CANCEL"),
    ("slot-countered", "DECLINECOUNTER"),
    ("slot-invite", "REQUEST"),
    ("slot-accepted", "REQUEST"),
    ("robot-accepted", "REPLY"),
    ("robot-declined", "REPLY"),
];

fn method(file: &str) -> Option<&'static str> {
    let is_plain = file.contains("reminder");
    let found = METHODS.iter().find(|(name, _)| file.starts_with(name) && !is_plain);
    found.map(|(_, method)| *method).filter(|method| *method != "-")
}

#[test]
fn independent_parsers_read_every_mail_we_send() {
    for folder in ["fixtures/mail-out", "fixtures/mail-out/de"] {
        let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mails: Vec<Value> = serde_json::from_str(&script("mails.py", &[&folder])).unwrap();
        assert!(mails.len() >= 28, "{} mails in {folder}", mails.len());
        mails.iter().for_each(look_at);
    }
}

fn look_at(mail: &Value) {
    let (file, invite) = (mail["file"].as_str().unwrap(), &mail["invite"]);
    assert_eq!(mail["unsubscribe"] != "", file.contains("reminder"), "only reminders can be stopped: {mail}");
    let Some(wanted) = method(file) else {
        assert!(invite.is_null(), "a letter without an event is no invite: {mail}");
        return;
    };
    assert_eq!(invite["method"], wanted, "{mail}");
    assert_eq!(invite["alarms"], 0);
    let attendees = invite["attendees"].as_array().unwrap();
    if wanted == "REPLY" {
        assert_eq!(invite["organizer"], mail["to"][0], "the answer goes to whoever invited: {mail}");
        return;
    }
    assert!(attendees.contains(&mail["to"][0]), "the recipient is invited: {mail}");
    assert!(!attendees.contains(&invite["organizer"]), "the organiser is nobody's mailbox: {mail}");
    let organizer = invite["organizer"].as_str().unwrap();
    assert!(organizer.starts_with("r-") || (file.starts_with("slot-") && organizer.starts_with("s-")), "{mail}");
    let status = if wanted == "CANCEL" { "CANCELLED" } else { "CONFIRMED" };
    assert_eq!(invite["status"], status, "{mail}");
    if let Some(link) = invite["location"].as_str().filter(|link| !link.is_empty()) {
        assert_eq!(invite["description"].as_str().unwrap().lines().next(), Some(link), "{mail}");
    }
}
