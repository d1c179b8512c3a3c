//! Invented bookings, and every letter about them: for the pages under `/mail/samples`, and for tests.

use caldav::ical::limits::Limits;
use caldav::itip::{ItipMessage, PartStat, Response, respond};

use super::{Answered, Message, Method, News, Question, Reader, Surroundings, Writer};
use crate::booking::{Booking, Proposal, Session, Status};
use crate::calendars::{Described, Slip};
use crate::keys::encode_id;
use crate::language::Language;
use crate::people::Person;
use crate::teams::{Needed, PlaceKind, Role, Team};

/// When the samples were written: 2026-11-20T12:00:00Z.
pub const NOW: i64 = 1_795_176_000;
const STARTS: i64 = 1_795_716_000; // 2026-11-26T18:00:00Z

/// Every letter there is, by its name, for readers of this language.
pub fn letters(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let mut all = about_one(writer, language);
    all.extend(about_a_group(writer, language));
    all.extend(about_changes(writer, language));
    all.extend(super::slot_samples::letters(writer, language));
    all.extend(about_offers(writer, language));
    all.extend(about_decisions(writer, language));
    all.extend(about_no_session(writer, language));
    all
}

fn about_one(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let (booking, around) = (booking(language), around(language));
    let session = &booking.session;
    let no_link =
        Booking { session: Session { link: None, ..session.clone() }, agenda: String::new(), ..booking.clone() };
    let held = Booking { status: Status::Held, expires: Some(NOW + 900), ..booking.clone() };
    let only = std::slice::from_ref(&booking);
    let at_address =
        Surroundings { place: PlaceKind::Address, place_detail: "12 Elm Street, London".into(), ..around.clone() };
    let by_phone = Surroundings { place: PlaceKind::Phone, ..around.clone() };
    // Booked where nobody could be asked: by accepting an invitation, or by somebody of the team.
    let question = text(language, "Which role?", "Welche Stelle?");
    let asking = Surroundings { needed: Needed { phone: true, questions: vec![question] }, ..around.clone() };
    let unasked = Booking { phone: None, answers: serde_json::Map::new(), ..booking.clone() };
    vec![
        ("booked-guest", writer.to_guest(&booking, &around, Method::Request)),
        ("booked-host", writer.to_host(session, only, &around, Method::Request)),
        ("booked-without-link", writer.to_guest(&no_link, &around, Method::Request)),
        ("booked-at-an-address", writer.to_guest(&no_link, &at_address, Method::Request)),
        ("booked-by-phone", writer.to_host(session, only, &by_phone, Method::Request)),
        ("booked-unasked", writer.to_guest(&unasked, &asking, Method::Request)),
        ("confirm", writer.to_confirm(&held, &around)),
        ("reminder-guest", writer.to_guest_soon(&booking, &around)),
        ("reminder-host", writer.to_host_soon(session, only, &around)),
    ]
}

fn about_a_group(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let ((session, guests), around) = (group(language), around(language));
    let off = Session { cancelled: true, sequence: 3, changed: NOW + 120, ..session.clone() };
    vec![
        ("group-guest", writer.to_guest(&guests[1], &around, Method::Request)),
        ("group-host", writer.to_host(&session, &guests, &around, Method::Request)),
        ("group-cancelled-host", writer.to_host(&off, &guests, &around, Method::Cancel)),
        ("group-reminder-host", writer.to_host_soon(&session, &guests, &around)),
    ]
}

fn about_changes(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let (booking, around) = (booking(language), around(language));
    let session = booking.session.clone();
    let later = Session {
        sequence: 1,
        changed: NOW + 60,
        starts: session.starts + 86_400,
        ends: session.ends + 86_400,
        ..session.clone()
    };
    let moved = Booking { sequence: 1, changed: NOW + 60, session: later.clone(), ..booking.clone() };
    let off = Session { sequence: 2, changed: NOW + 120, cancelled: true, ..session.clone() };
    let cancelled = Booking {
        sequence: 2,
        changed: NOW + 120,
        status: Status::Cancelled,
        seat: None,
        reason: Some(text(language, "I have caught a cold. Sorry!", "Ich habe mich erkältet. Tut mir leid!")),
        session: off.clone(),
        ..booking.clone()
    };
    let cancelling =
        Booking { status: Status::Cancelling, expires: Some(NOW + 120), cancelling_by: Some(4), ..booking.clone() };
    let by = |person: i64| Proposal {
        id: 1,
        booking: booking.id,
        person,
        was: session.starts,
        starts: session.starts + 7_200,
        ends: session.ends + 7_200,
        comment: Some(text(language, "My train arrives late.", "Mein Zug kommt spät an.")),
        status: "open".into(),
        created: NOW,
        decided: None,
    };
    let (of_guest, of_host) = (by(booking.guest), by(session.host));
    vec![
        ("moved-guest", writer.to_guest(&moved, &around, Method::Request)),
        ("moved-host", writer.to_host(&later, std::slice::from_ref(&moved), &around, Method::Request)),
        ("cancelled-guest", writer.to_guest(&cancelled, &around, Method::Cancel)),
        ("cancelled-host", writer.to_host(&off, std::slice::from_ref(&cancelled), &around, Method::Cancel)),
        ("cancelled-host-guest-moved-away", writer.to_host(&off, &[], &around, Method::Cancel)),
        ("undo-guest", writer.to_undo(&cancelling, &around, Reader::Guest)),
        ("undo-host", writer.to_undo(&cancelling, &around, Reader::Host)),
        ("refused-guest", writer.to_refused(&booking, &around, Reader::Guest, Some(STARTS + 3_600), "not-offered")),
        ("refused-host", writer.to_refused(&booking, &around, Reader::Host, Some(STARTS + 3_600), "slot-taken")),
        ("proposal-to-guest", writer.to_decide(&booking, &around, &of_host)),
        ("proposal-to-host", writer.to_decide(&booking, &around, &of_guest)),
        ("proposal-declined-guest", writer.to_proposer(&booking, &around, &of_guest)),
        ("proposal-declined-host", writer.to_proposer(&booking, &around, &of_host)),
        ("doubted-guest", writer.to_doubted(&booking, &around, Reader::Guest)),
        ("doubted-host", writer.to_doubted(&booking, &around, Reader::Host)),
        ("asked-guest", writer.to_unproven_answer(&booking, &around, Reader::Guest, &asked(writer))),
    ]
}

fn about_decisions(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let (booking, around) = (booking(language), around(language));
    let session = Session { link: None, ..booking.session.clone() };
    let asked = Booking { status: Status::Pending, expires: Some(NOW + 172_800), session, ..booking.clone() };
    let reason = text(language, "We are full that week.", "In der Woche sind wir voll.");
    let no = Booking { status: Status::Cancelled, seat: None, rejected: true, reason: Some(reason), ..asked.clone() };
    let for_guest = Surroundings { booked_by: Some((8, "Lea Lang".into())), ..around.clone() };
    let only = std::slice::from_ref(&booking);
    let (many, guests) = group(language);
    let lea = lead(language);
    let why = text(language, "The room is being painted.", "Der Raum wird gestrichen.");
    let by = ("Rui Sousa", around.team_name.as_str());
    vec![
        ("booked-on-behalf-guest", writer.to_guest(&booking, &for_guest, Method::Request)),
        ("booked-on-behalf-host", writer.to_host(&booking.session, only, &for_guest, Method::Request)),
        ("approval-asked", writer.about_question(&asked, &around, Question::Asked)),
        ("approval-request", writer.about_question(&asked, &around, Question::Request)),
        ("approval-rejected", writer.about_question(&no, &around, Question::Rejected)),
        ("approval-withdrawn", writer.about_question(&no, &around, Question::Withdrawn)),
        ("copy-booked", writer.to_overseer(&lea, (&booking.session, only), &around, News::Booked)),
        ("copy-changed", writer.to_overseer(&lea, (&many, &guests), &around, News::Changed)),
        (
            "copy-cancelled",
            writer.to_overseer(&lea, (&no.session, std::slice::from_ref(&no)), &around, News::Cancelled),
        ),
        (
            "copy-request",
            writer.to_overseer(&lea, (&asked.session, std::slice::from_ref(&asked)), &around, News::Request),
        ),
        ("taken-back", writer.to_withdrawn(&lea, by, (STARTS, STARTS + 3_600), "Europe/London", &why)),
    ]
}

/// Somebody who looks after the team.
fn lead(language: Language) -> Person {
    Person {
        id: 8,
        email: "lea@example.com".into(),
        name: "Lea Lang".into(),
        timezone: Some("Europe/Vienna".into()),
        language: Some(language.code().into()),
        admin: false,
        banned: false,
        version: 1,
        slots: 1,
        auth_epoch: 1,
        picture: None,
    }
}

/// The robot's letters, and those about calendars elsewhere.
fn about_offers(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let host = ("Aisha Rahman", "aisha@example.com");
    let meaning = text(
        language,
        "2 slots every Monday, the first on 30 November, 18:00",
        "2 Zeiten jeden Montag, die erste am 30. November, 18:00",
    );
    let why = text(
        language,
        "The event repeats every minute, which is more than we can keep.",
        "Der Termin wiederholt sich jede Minute; das ist mehr, als wir aufheben können.",
    );
    let team = Team { slug: "practice".into(), name: around(language).team_name, ..Team::default() };
    let taken = Answered { title: "Available", meaning: &meaning, taken: true };
    let refused = Answered { title: "Available", meaning: &why, taken: false };
    let (yes, no) = (reply(writer, PartStat::Accepted, &meaning), reply(writer, PartStat::Declined, &why));
    vec![
        (
            "calendar-unreachable",
            writer.of_calendar(
                ("Aisha Rahman", "aisha@example.com"),
                ("calendar.google.com", NOW),
                "Europe/London",
                language,
            ),
        ),
        ("robot-accepted", writer.to_inviting(host, &taken, yes, language)),
        ("robot-declined", writer.to_inviting(host, &refused, no, language)),
        ("robot-stranger", writer.to_stranger("stranger@example.net", language)),
        ("asked-host", writer.to_unproven(host, &asked(writer), language)),
        ("asked-stranger", writer.to_joining(("", "nadia@example.net"), &["Mentoring"], &asked(writer), language)),
        ("rule-slips", writer.to_slipping(host, "Available", &slips(), language)),
        ("welcome-host", writer.to_member(host, &team, Role::Host, language)),
        ("welcome-lead", writer.to_member(host, &team, Role::Lead, language)),
        ("welcome-guest", writer.to_member(host, &team, Role::Guest, language)),
    ]
}

/// Where somebody says yes to what came by mail.
fn asked(writer: &Writer<'_>) -> String {
    format!("{}/asked/abcdefghijklmnopqrstuvwxyz", writer.config.public_url)
}

fn slips() -> Vec<Slip> {
    Described::read("notcie 48h\nmax 2 per fortnight").slips
}

fn about_no_session(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let aisha = "aisha@example.com";
    vec![
        ("sign-in", writer.to_sign_in(aisha, "abcdefghijklmnopqrstuvwxyz", language)),
        ("address-new", writer.to_new_address("aisha@example.net", "abcdefghijklmnopqrstuvwxyz", language)),
        ("address-old", writer.to_old_address(aisha, "aisha@example.net", language)),
        ("password-set", writer.to_password_owner(aisha, true, NOW, language)),
        ("password-removed", writer.to_password_owner(aisha, false, NOW, language)),
    ]
}

/// The robot's REPLY to a weekly "Available".
fn reply(writer: &Writer<'_>, partstat: PartStat, comment: &str) -> Option<Vec<u8>> {
    let robot = writer.config.mail_addresses.of("available", writer.config.mail_domain());
    let invitation = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
         UID:weekly-7@example.com\r\nDTSTAMP:20261120T110000Z\r\nDTSTART:20261130T180000Z\r\nDTEND:20261130T200000Z\r\n\
         RRULE:FREQ=WEEKLY\r\nSUMMARY:Available\r\nORGANIZER;CN=Aisha Rahman:mailto:aisha@example.com\r\n\
         ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{robot}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let message = ItipMessage::parse(invitation.as_bytes(), Some("REQUEST"), &Limits::default()).ok()?;
    let product = "-//Openhour//Openhour//EN";
    let response = Response { us: &robot, partstat, comment: Some(comment), product, now: NOW };
    respond(&message, &response).ok().map(|reply| reply.write())
}

fn text(language: Language, english: &str, german: &str) -> String {
    match language {
        Language::English => english.into(),
        Language::German => german.into(),
    }
}

pub(crate) fn around(language: Language) -> Surroundings {
    Surroundings {
        host_name: "Aisha Rahman".into(),
        host_email: "aisha@example.com".into(),
        host_zone: "Europe/London".into(),
        host_language: language,
        team_name: text(language, "Interview Practice", "Bewerbungshilfe"),
        team_slug: "practice".into(),
        type_name: text(language, "Mock interview", "Probegespräch"),
        type_slug: "mock-interview".into(),
        place: PlaceKind::Online,
        place_detail: String::new(),
        needed: Needed::default(),
        booked_by: None,
    }
}

fn session() -> Session {
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
        outcome: None,
        sequence: 0,
        link: Some("https://meet.example.org/openhour-k3v7q2".into()),
        space: None,
        changed: NOW,
        created: NOW,
    }
}

pub(crate) fn booking(language: Language) -> Booking {
    let agenda = "Questions, answers; and \\ how to say \"no\".\n\nÄrger mit großen Zahlen – 数字は難しい, and a line that is \
                  long enough to be folded more than once by whoever writes it down.";
    let question = text(language, "Which role?", "Welche Stelle?");
    let role = text(language, "Backend developer", "Entwicklerin");
    Booking {
        id: 900,
        uid: session().uid,
        session: session(),
        guest: 4,
        email: "tariq@example.net".into(),
        name: "Tariq Aziz".into(),
        phone: Some("+44 20 7946 0000".into()),
        timezone: "Europe/Berlin".into(),
        language,
        seat: Some(1),
        status: Status::Confirmed,
        expires: None,
        cancelling_by: None,
        agenda: agenda.into(),
        answers: [(question, role.into())].into_iter().collect(),
        began: 0,
        sequence: 0,
        generation: 0,
        reason: None,
        rejected: false,
        changed: NOW,
        created: NOW,
    }
}

/// Three guests, one of whom cancelled, in a session for ten.
pub(crate) fn group(language: Language) -> (Session, Vec<Booking>) {
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
        agenda: if id == 901 { text(language, "Salary talks", "Gehaltsgespräche") } else { String::new() },
        phone: None,
        answers: serde_json::Map::new(),
        status,
        ..booking(language)
    };
    let guests = vec![
        guest(901, "Tariq Aziz", "tariq@example.net", Status::Confirmed),
        guest(902, "Mina Okafor", "mina@example.com", Status::Confirmed),
        guest(903, "Gone Guest", "gone@example.com", Status::Cancelled),
    ];
    (session, guests)
}

#[cfg(test)]
pub(crate) fn config() -> crate::config::Config {
    let mut config = crate::config::Config::local("nowhere");
    config.public_url = "https://book.example.org".into();
    config.mail_from = "hello@book.example.org".into();
    config
}

#[cfg(test)]
pub(crate) fn keys() -> crate::keys::Keys {
    crate::keys::Keys::new([7; 32])
}

/// Statements that store one booking: Tariq (4) with Aisha (3), session 501, booking 900.
#[cfg(test)]
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
