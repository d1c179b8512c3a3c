//! Whatever a message looks like, reading it and acting on it ends with a value.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::ical::limits::Limits;
use crate::ical::tree::Component;
use crate::ical::zone::Zone;

/// Every calendar text in the scenarios.
fn texts() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/itip");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let files = files.into_iter().map(|path| fs::read_to_string(path).unwrap());
    files.flat_map(|text| super::scenarios::calendars(&text)).collect()
}

fn act(message: &ItipMessage, stored: Option<&Component>) {
    let now = 1_795_000_000;
    let _ = Answer::of(message);
    if let Ok(proposal) = Proposal::of(message, "ann@host.example", &Zone::utc()) {
        let _ = decline_counter(&proposal, message.calendar(), Some("no"), "p", now);
    }
    let us = "available@our.example";
    let response = Response { us, partstat: PartStat::Accepted, comment: Some("yes"), product: "p", now };
    if let Ok(reply) = respond(message, &response) {
        ItipMessage::parse(&reply.write(), Some("REPLY"), &Limits::default()).unwrap();
    }
    let _ = messages(stored, Some(message.calendar()), us, "p", now);
    let _ = messages(Some(message.calendar()), stored, "ann@host.example", "p", now);
    if let Ok(merged) = merge(stored, message, now) {
        let again = merge(Some(&merged.calendar), message, now).unwrap();
        assert!(matches!(again.effect, Effect::Unchanged), "{:?} after {:?}", again.effect, merged.effect);
        assert_eq!(again.calendar, merged.calendar);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn no_change_of_a_message_is_more_than_refused(
        which in 0usize..10_000,
        other in 0usize..10_000,
        method in prop::sample::select(vec!["REQUEST", "CANCEL", "ADD", "REPLY", "COUNTER", "PUBLISH"]),
        changes in proptest::collection::vec((any::<u8>(), any::<usize>(), 1usize..60, any::<u8>()), 0..5),
    ) {
        thread_local!(static TEXTS: Vec<Vec<u8>> = texts());
        let (mut bytes, stored) = TEXTS.with(|texts| (texts[which % texts.len()].clone(), texts[other % texts.len()].clone()));
        let text = String::from_utf8(bytes).unwrap();
        bytes = text.lines().filter(|line| !line.starts_with("METHOD")).collect::<Vec<_>>().join("\n").into_bytes();
        for (kind, at, length, byte) in changes {
            let at = at % bytes.len();
            let end = (at + length).min(bytes.len());
            match kind % 3 {
                0 => bytes[at] = byte,
                1 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
                _ => drop(bytes.splice(at..end, [b'\n'])),
            }
        }
        if let Ok(message) = ItipMessage::parse(&bytes, Some(method), &Limits::default()) {
            act(&message, None);
            act(&message, ItipMessage::parse(&stored, Some("REQUEST"), &Limits::default()).ok().as_ref().map(ItipMessage::calendar));
        }
    }
}

#[test]
fn the_largest_messages_are_quick() {
    let instance = |day: usize| {
        format!(
            "BEGIN:VEVENT\nUID:1\nDTSTAMP:20261101T000000Z\nRECURRENCE-ID:{:04}{:02}{:02}T180000Z\nDTSTART:20261101T090000Z\nEND:VEVENT\n",
            2027 + day / 336,
            day / 28 % 12 + 1,
            day % 28 + 1
        )
    };
    let never = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n".repeat(20);
    let series = |stamp: &str| {
        format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:{stamp}\nDTSTART:20261101T180000Z\n{never}SUMMARY:{stamp}\nEND:VEVENT\n")
    };
    let message = |events: &str| {
        let text = format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n");
        ItipMessage::parse(text.as_bytes(), Some("REQUEST"), &Limits::default())
    };
    let many = (0..399).map(instance).collect::<String>();
    let first = merge(None, &message(&(series("20261101T000000Z") + &many)).unwrap(), 1_795_000_000).unwrap();
    let begun = Instant::now();
    let second = merge(Some(&first.calendar), &message(&(series("20261102T000000Z") + &many)).unwrap(), 1_795_000_000);
    assert!(second.is_ok() && begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!(message(&(0..401).map(instance).collect::<String>()), Err(ItipError::TooMany(400)));
}

#[test]
fn the_largest_change_is_told_quickly() {
    let guests = (0..100).map(|n| format!("ATTENDEE:mailto:g{n}@guest.example\n")).collect::<String>();
    let head = "UID:1\nORGANIZER:mailto:ann@host.example\nDTSTART:20270101T180000Z\n";
    let instance = |n: usize| format!("BEGIN:VEVENT\n{head}RECURRENCE-ID:{:04}0101T180000Z\nEND:VEVENT\n", 2000 + n);
    let calendar = |sequence: usize, instances: usize| {
        let others = (0..instances).map(instance).collect::<String>();
        let whole = format!("BEGIN:VEVENT\n{head}SEQUENCE:{sequence}\n{guests}END:VEVENT\n");
        let text = format!("BEGIN:VCALENDAR\n{whole}{others}END:VCALENDAR\n");
        Component::parse(text.as_bytes(), &Limits::default()).unwrap()
    };
    let (old, new) = (calendar(0, 0), calendar(1, 4_500));
    let begun = Instant::now();
    let told = messages(Some(&old), Some(&new), "ann@host.example", "p", 0).unwrap();
    assert_eq!(
        told.iter().map(|one| (one.method, one.to.len())).collect::<Vec<_>>(),
        [(Method::Cancel, 100), (Method::Request, 100)]
    );
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let crowd = (0..2).map(|n| format!("ATTENDEE:mailto:h{n}@guest.example\n")).collect::<String>();
    let more = calendar(1, 1).write();
    let more = String::from_utf8(more).unwrap().replace("ATTENDEE:mailto:g0@", &format!("{crowd}ATTENDEE:mailto:g0@"));
    let more = Component::parse(more.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(messages(None, Some(&more), "ann@host.example", "p", 0), Err(ItipError::TooMany(100)));
}
