//! Invented bookings for tests.

use crate::booking::{Booking, Session, Status};
use crate::config::Config;
use crate::invitations::Surroundings;
use crate::keys::{Keys, encode_id};

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
        seat: Some(1),
        status: Status::Confirmed,
        expires: None,
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
