//! Invented bookings for tests.

use crate::booking::{Booking, Session, Status};
use crate::config::Config;
use crate::invitations::Surroundings;
use crate::keys::{Keys, encode_id};
use crate::language::Language;

pub(crate) const NOW: i64 = 1_795_176_000; // 2026-11-20T12:00:00Z
const STARTS: i64 = 1_795_716_000; // 2026-11-26T18:00:00Z

pub(crate) fn config() -> Config {
    let mut config = Config::local("nowhere");
    config.public_url = "https://book.example.org".into();
    config.mail_from = "hello@book.example.org".into();
    config
}

pub(crate) fn keys() -> Keys {
    Keys::new([7; 32])
}

pub(crate) fn around() -> Surroundings {
    Surroundings {
        host_name: "Aisha Rahman".into(),
        host_email: "aisha@example.com".into(),
        host_zone: "Europe/London".into(),
        host_language: Language::English,
        team_name: "Interview Practice".into(),
        team_slug: "practice".into(),
        type_name: "Mock interview".into(),
        type_slug: "mock-interview".into(),
    }
}

pub(crate) fn session() -> Session {
    Session {
        id: 501,
        uid: format!("openhour-{}@book.example.org", encode_id(900)),
        team: 1,
        type_id: 2,
        host: 3,
        starts: STARTS,
        ends: STARTS + 3600,
        before: 0,
        after: 0,
        capacity: 1,
        cancelled: false,
        sequence: 0,
        link: Some("https://meet.example.org/openhour-k3v7q2".into()),
        space: None,
        changed: NOW,
        created: NOW,
    }
}

pub(crate) fn booking() -> Booking {
    Booking {
        id: 900,
        uid: session().uid,
        session: session(),
        guest: 4,
        email: "tariq@example.net".into(),
        name: "Tariq Aziz".into(),
        phone: Some("+44 20 7946 0000".into()),
        timezone: "Europe/Berlin".into(),
        language: Language::English,
        seat: Some(1),
        status: Status::Confirmed,
        expires: None,
        cancelling_by: None,
        agenda: "Questions, answers; and \\ how to say \"no\".\n\nÄrger mit großen Zahlen – 数字は難しい, and a line that is long \
                 enough to be folded more than once by whoever writes it down."
            .into(),
        answers: serde_json::from_str(r#"{"Which role?": "Backend developer"}"#).unwrap(),
        sequence: 0,
        generation: 0,
        reason: None,
        changed: NOW,
        created: NOW,
    }
}

/// Three guests, one of whom cancelled, in a session for ten.
pub(crate) fn group() -> (Session, Vec<Booking>) {
    let session = Session {
        uid: format!("openhour-{}@book.example.org", encode_id(501)),
        capacity: 10,
        sequence: 2,
        ..session()
    };
    let guest = |id: i64, name: &str, email: &str, status: Status| Booking {
        id,
        uid: format!("openhour-{}@book.example.org", encode_id(id)),
        session: session.clone(),
        guest: id + 1000,
        name: name.into(),
        email: email.into(),
        agenda: if id == 901 { "Salary talks".into() } else { String::new() },
        phone: None,
        answers: serde_json::Map::new(),
        status,
        ..booking()
    };
    let guests = vec![
        guest(901, "Tariq Aziz", "tariq@example.net", Status::Confirmed),
        guest(902, "Mina Okafor", "mina@example.com", Status::Confirmed),
        guest(903, "Gone Guest", "gone@example.com", Status::Cancelled),
    ];
    (session, guests)
}

/// Statements that store one booking: Tariq (4) with Aisha (3), session 501, booking 900.
pub(crate) fn with_one_booking() -> [&'static str; 5] {
    [
        "INSERT INTO people (id, email, name, timezone, created) VALUES \
               (3, 'aisha@example.com', 'Aisha Rahman', 'Europe/London', 1), \
               (4, 'tariq@example.net', 'Tariq Aziz', 'Europe/Berlin', 1)",
        "INSERT INTO teams (id, slug, name, timezone, public, booking, changed, created) \
               VALUES (1, 'practice', 'Interview Practice', 'Europe/London', TRUE, 'anyone', 1, 1)",
        "INSERT INTO session_types (id, team, slug, name, minutes, created) \
               VALUES (2, 1, 'mock-interview', 'Mock interview', 60, 1)",
        "INSERT INTO sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, status, \
               link, changed, created) VALUES (501, 'openhour-1@book.example.org', 1, 2, 3, 1795716000, 1795719600, 0, 0, \
               1, 'open', 'https://meet.example.org/r', 1795176000, 1795176000)",
        "INSERT INTO bookings (id, uid, session, guest, seat, capacity, status, name, timezone, agenda, changed, created) \
               VALUES (900, 'openhour-1@book.example.org', 501, 4, 1, 1, 'confirmed', 'Tariq Aziz', 'Europe/Berlin', \
               'Salary', 1795176000, 1795176000)",
    ]
}
