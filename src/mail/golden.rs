//! Every mail we send, byte for byte, in `fixtures/mail-out/`. `UPDATE_FIXTURES=1` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use super::{Envelope, Refused, compose, parts};
use crate::booking::{Booking, Status};
use crate::invitations::samples::{NOW, around, booking, config, group, keys, letters};
use crate::invitations::{Message, Method, Surroundings, Writer};
use crate::language::Language;

fn composed(message: &Message) -> Result<Vec<u8>, Refused> {
    let config = config();
    let envelope = Envelope {
        message_id: "2kq7sample@book.example.org",
        date: NOW,
        from: (&config.mail_from_name, &config.mail_from),
        to: (&message.to_name, &message.to_address),
        reply_to: message.reply_to.as_ref().map(|(name, address)| (name.as_str(), address.as_str())),
    };
    compose(&envelope, &message.letter, message.calendar.as_ref())
}

fn messages() -> Vec<(&'static str, Message)> {
    in_language(Language::English)
}

fn in_language(language: Language) -> Vec<(&'static str, Message)> {
    letters(&Writer { config: &config(), keys: &keys() }, language)
}

#[test]
fn mails_are_what_the_fixtures_show() {
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail-out");
    for language in Language::ALL {
        // German and what comes after it have folders of their own.
        let folder = if language == Language::English { english.clone() } else { english.join(language.code()) };
        for (name, message) in in_language(language) {
            let bytes = composed(&message).unwrap();
            assert_eq!(bytes, composed(&message).unwrap(), "the same mail twice");
            let file = folder.join(format!("{name}.eml"));
            if std::env::var_os("UPDATE_FIXTURES").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&file, &bytes).unwrap();
            }
            let wanted = std::fs::read(&file).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&wanted), "{}", file.display());
        }
    }
}

#[test]
fn every_letter_has_a_name_of_its_own_and_another_text_in_each_language() {
    let all: Vec<_> = Language::ALL.into_iter().map(in_language).collect();
    let names: BTreeSet<&str> = all[0].iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), all[0].len());
    for ((name, english), (_, german)) in all[0].iter().zip(&all[1]) {
        assert_ne!(english.letter.subject, german.letter.subject, "{name}");
        // What is ours is translated; what people wrote, names and addresses are the same.
        let ours: BTreeSet<String> =
            english.letter.plain().lines().filter(|line| is_ours(line)).map(str::to_owned).collect();
        let same: Vec<String> =
            german.letter.plain().lines().filter(|line| ours.contains(*line)).map(str::to_owned).collect();
        assert!(same.is_empty(), "{name} says in both languages: {same:?}");
    }
}

fn is_ours(line: &str) -> bool {
    let is_address = line.starts_with("http") || line.contains('@');
    !line.is_empty() && !line.starts_with('>') && !is_address && !line.starts_with("Join: ")
}

#[test]
fn a_mail_comes_apart_into_what_was_put_in() {
    for (name, message) in messages() {
        let found = parts(&composed(&message).unwrap());
        let plain = message.letter.plain().replace('\n', "\r\n");
        assert_eq!(found.plain.as_deref().map(str::trim_end), Some(plain.trim_end()), "{name}");
        assert!(found.html.unwrap().starts_with("<!DOCTYPE html>"), "{name}");
        let calendar = message.calendar.map(|(_, bytes)| String::from_utf8(bytes).unwrap());
        assert_eq!(found.calendar, calendar, "{name}");
    }
}

#[test]
fn a_guest_of_a_group_learns_of_nobody_else_and_the_host_of_all_who_come() {
    let (_, guests) = group(Language::English);
    let found = |wanted: &str| {
        let all = messages();
        let (_, message) = all.iter().find(|(name, _)| *name == wanted).unwrap();
        let parts = parts(&composed(message).unwrap());
        format!("{}{}{}", parts.plain.unwrap(), parts.html.unwrap(), unfolded(&parts.calendar.unwrap()))
    };
    let guest = found("group-guest");
    assert!(
        guest.contains("Mina Okafor") && !guest.contains("Tariq") && !guest.contains("aisha@example.com"),
        "{guest}"
    );
    let host = found("group-host");
    assert!(guests[..2].iter().all(|guest| host.contains(&guest.email)) && !host.contains("Gone Guest"), "{host}");
    assert_eq!(host.matches("ATTENDEE").count(), 1, "guests are named in the text only");
}

#[test]
fn nothing_a_guest_wrote_goes_to_an_address_nobody_vouched_for() {
    let held = Booking {
        status: Status::Held,
        name: "FREE-PRIZES".into(),
        agenda: "FREE-PRIZES".into(),
        ..booking(Language::English)
    };
    let (config, keys) = (config(), keys());
    let message = Writer { config: &config, keys: &keys }.to_confirm(&held, &around(Language::English));
    assert!(!String::from_utf8(composed(&message).unwrap()).unwrap().contains("FREE-PRIZES"));
}

#[test]
fn what_no_header_may_hold_is_refused() {
    let good = messages().remove(0).1;
    let refused = |change: &dyn Fn(&mut Message)| {
        let mut message = good.clone();
        change(&mut message);
        composed(&message).unwrap_err()
    };
    assert_eq!(refused(&|m| m.to_name = "A\r\nBcc: x@example.net".into()), Refused::Text);
    assert_eq!(refused(&|m| m.to_name = "x".repeat(255)), Refused::Text);
    assert_eq!(refused(&|m| m.letter.subject = "A\nB".into()), Refused::Text);
    assert_eq!(refused(&|m| m.reply_to = Some(("\u{202e}A".into(), "a@example.net".into()))), Refused::Text);
    for address in
        ["", "a@b@", "a b@example.net", "a@example.net\r\nBcc: b@example.net", "<a@example.net>", "ä@example.net"]
    {
        assert!(matches!(refused(&|m| m.to_address = address.into()), Refused::Address(_)), "{address}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn whatever_people_write_headers_and_lines_stay_ours(
        name in "\\PC{0,20}(\r\n|\n|\r|\u{2028}|\0)?(Bcc: x@example.net)?\\PC{0,40}",
        agenda in "(\\PC{0,90}|\r\n|\n\\.|\r|\t|\r\n\r\n|=_|--|BEGIN:VEVENT|;|,|\\\\){0,12}",
        kind in ".{0,60}",
        reason in ".{0,80}",
        host in "(\\PC|[\r\n\"\\\\^;:,<>]){0,40}",
    ) {
        let (config, keys) = (config(), keys());
        let writer = Writer { config: &config, keys: &keys };
        let booking = Booking { name, agenda, reason: Some(reason), ..booking(Language::English) };
        let around = Surroundings { type_name: kind, host_name: host, ..around(Language::English) };
        for message in [
            writer.to_guest(&booking, &around, Method::Request),
            writer.to_guest(&booking, &around, Method::Cancel),
            writer.to_host(&booking.session, std::slice::from_ref(&booking), &around, Method::Request),
        ] {
            check(&composed(&message).unwrap(), &message);
        }
    }
}

/// The mail has exactly our header lines, CRLF only, short lines; its event has exactly our lines.
fn check(bytes: &[u8], message: &Message) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii());
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "a lone CR or LF");
    assert!(text.split("\r\n").all(|line| line.len() <= 78), "a long line");
    let found = parts(bytes);
    let names: Vec<&str> = found.headers.iter().map(|(name, _)| name.as_str()).collect();
    let wanted =
        ["Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "Reply-To", "MIME-Version", "Content-Type"];
    assert_eq!(names, wanted);
    let calendar = found.calendar.unwrap();
    assert_eq!(calendar.as_bytes(), message.calendar.as_ref().unwrap().1);
    let names: Vec<String> = unfolded(&calendar)
        .lines()
        .map(|line| line.split([':', ';']).next().unwrap().to_owned())
        .filter(|name| name != "DESCRIPTION")
        .collect();
    let wanted = "BEGIN VERSION PRODID CALSCALE METHOD BEGIN UID DTSTAMP DTSTART DTEND SUMMARY SEQUENCE STATUS TRANSP CREATED \
                  LAST-MODIFIED ORGANIZER ATTENDEE ATTENDEE LOCATION URL X-GOOGLE-CONFERENCE \
                  CONFERENCE END END";
    assert_eq!(names.join(" "), wanted);
}

fn unfolded(calendar: &str) -> String {
    calendar.replace("\r\n ", "")
}
