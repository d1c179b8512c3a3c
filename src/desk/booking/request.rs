//! What a booking asks for, what it answers, and which fields cannot be used.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::booking::{BookingId, FieldError, Refusal, SessionId, Status};
use crate::language::Language;
use crate::people::{Person, PersonId};
use crate::teams::{Team, TypeId};

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 255;
/// Longest agenda, in characters.
pub const LONGEST_AGENDA: usize = 5_000;
/// Longest address, in bytes (RFC 5321 §4.5.3.1.3).
pub const LONGEST_EMAIL: usize = 254;
const LONGEST_PHONE: usize = 64;
const LONGEST_ANSWERS: usize = 16 * 1024;

/// Who wants to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guest {
    /// Human name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Telephone, in any form.
    pub phone: Option<String>,
    /// IANA name.
    pub timezone: String,
    /// In which they are written to.
    pub language: Language,
}

/// Who asks.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Signed in as; `None`: anonymous.
    pub person: Option<Person>,
    /// The client's network address; counted in buckets, never stored as it is. Empty: not counted.
    pub address: String,
}

/// A key that makes a repeated request harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Which operation: `POST /api/v1/teams/{team}/bookings`.
    pub route: String,
    /// Who sent it: person or guest's address.
    pub caller: String,
    /// The header's value, at most 255 characters.
    pub key: String,
    /// SHA-256 of the request's body.
    pub body_hash: Vec<u8>,
}

/// A wish for one slot.
#[derive(Debug, Clone)]
pub struct BookRequest {
    /// Whose slot.
    pub team: Team,
    /// What kind of session.
    pub type_id: TypeId,
    /// UTC seconds.
    pub start: i64,
    /// Who wants to come.
    pub guest: Guest,
    /// What they want to talk about.
    pub agenda: String,
    /// Answers to the team's questions.
    pub answers: Map<String, Json>,
    /// With this host only; `None`: whoever is next.
    pub host: Option<PersonId>,
    /// Who asks.
    pub by: Caller,
    /// Makes a repeat harmless.
    pub idempotency: Option<Idempotency>,
}

/// A booking that was made, or made the first time the same request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Key.
    pub id: BookingId,
    /// UID of the guest's event.
    pub uid: String,
    /// The meeting.
    pub session: SessionId,
    /// With whom.
    pub host: PersonId,
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds.
    pub end: i64,
    /// Confirmed, or held until the mailed link is followed.
    pub status: Status,
    /// The guest's booking token: the page `/b/{token}`.
    pub token: String,
    /// Where they meet; `None` until it is made.
    pub link: Option<String>,
}

/// The guest with the fields brought into the form in which they are stored.
///
/// # Errors
/// Every field that cannot be used, with what to do about it.
pub fn checked(guest: &Guest, agenda: &str, answers: &Map<String, Json>) -> Result<Guest, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &'static str, message: &str| {
        wrong.push(FieldError { field: Cow::Borrowed(field), message: message.into() })
    };
    let name = guest.name.trim();
    if name.is_empty() {
        refuse("guest.name", "Please tell us your name.");
    } else if name.chars().count() > LONGEST_NAME || name.chars().any(unprintable) {
        refuse("guest.name", "Please use at most 255 ordinary characters.");
    }
    let email = guest.email.trim().to_lowercase();
    if !crate::config::is_address(&email) || email.len() > LONGEST_EMAIL || email.chars().any(unprintable) {
        refuse("guest.email", "This does not look like a mail address, such as ada@example.org.");
    }
    let phone = guest.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty());
    if phone.is_some_and(|phone| phone.chars().count() > LONGEST_PHONE || phone.chars().any(unprintable)) {
        refuse("guest.phone", "Please use at most 64 characters.");
    }
    let timezone = guest.timezone.trim();
    if timezone.len() > LONGEST_PHONE || TimeZone::get(timezone).is_err() {
        refuse("guest.timezone", "Please choose a time zone such as Europe/Berlin.");
    }
    if let Some(message) = wrong_agenda(agenda) {
        refuse("agenda", message);
    }
    if too_long(answers) {
        refuse("answers", TOO_LONG);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let phone = phone.map(str::to_owned);
    Ok(Guest { name: name.into(), email, phone, timezone: timezone.into(), language: guest.language })
}

const TOO_LONG: &str = "These answers are longer than we can keep.";

fn too_long(answers: &Map<String, Json>) -> bool {
    serde_json::to_string(answers).map_or(true, |text| text.len() > LONGEST_ANSWERS || text.contains("\\u0000"))
}

/// Refuses answers that are too long together.
pub(super) fn checked_size(answers: &Map<String, Json>) -> Result<(), Refusal> {
    let error = || FieldError { field: Cow::Borrowed("answers"), message: TOO_LONG.into() };
    if too_long(answers) { Err(Refusal::Invalid(vec![error()])) } else { Ok(()) }
}

/// What is wrong with an agenda, if anything.
pub(super) fn wrong_agenda(agenda: &str) -> Option<&'static str> {
    if agenda.chars().count() > LONGEST_AGENDA {
        return Some("Please keep it under 5,000 characters.");
    }
    let strange = |character: char| unprintable(character) && !matches!(character, '\n' | '\r' | '\t');
    agenda.chars().any(strange).then_some("Please use ordinary characters only.")
}

/// Control characters, and those that turn the direction of text around.
fn unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest() -> Guest {
        Guest {
            name: " Tariq ".into(),
            email: " Tariq@Example.org".into(),
            phone: Some(" ".into()),
            timezone: "Europe/Berlin".into(),
            language: Language::German,
        }
    }

    #[test]
    fn fields_are_trimmed_and_addresses_lower_case() {
        let found = checked(&guest(), "", &Map::new()).unwrap();
        assert_eq!((found.name.as_str(), found.email.as_str(), found.phone), ("Tariq", "tariq@example.org", None));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = Guest {
            name: "a\r\nBcc: everybody@example.org".into(),
            email: "nobody".into(),
            phone: Some("1".repeat(65)),
            timezone: "Mars/Olympus".into(),
            language: Language::English,
        };
        let answers: Map<String, Json> = [("q".to_owned(), Json::from("a".repeat(20_000)))].into_iter().collect();
        let found = checked(&wrong, &"a".repeat(5_001), &answers).unwrap_err();
        let fields: Vec<&str> = found.iter().map(|error| &*error.field).collect();
        assert_eq!(fields, ["guest.name", "guest.email", "guest.phone", "guest.timezone", "agenda", "answers"]);
    }
}
