//! What attendees answer. RFC 5546 §3.2.3.

use super::error::ItipError;
use super::event::PartStat;
use super::message::{ItipMessage, Method};
use super::party::{Party, mail_address};
use crate::ical::time::DateTimeValue;

/// One attendee's answer about an event or one instance of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who answers, says the message. Not always the address that was invited.
    pub attendee: Party,
    /// What they answer.
    pub partstat: PartStat,
    /// Whom they send instead, when they delegate.
    pub delegated_to: Option<String>,
    /// What they say about it: plain text, at most 5,000 characters.
    pub comment: Option<String>,
    /// The version of the event that they answer. 0 also when the message does not say.
    pub sequence: i64,
    /// When they answered, in UTC seconds. Set it from the mail's Date where it is missing.
    pub dtstamp: Option<i64>,
    /// The instance of a series that is meant; see [`ItipMessage::zones`] for its instant.
    pub recurrence_id: Option<DateTimeValue>,
}

impl Answer {
    /// The answers of a REPLY: one for each event of the message and each attendee named there. A proper message has
    /// one; whoever acts on them takes those whose attendee is the authenticated sender.
    ///
    /// # Errors
    /// [`ItipError::WrongMethod`], [`ItipError::NoAttendee`].
    pub fn of(message: &ItipMessage) -> Result<Vec<Answer>, ItipError> {
        if message.method() != Method::Reply {
            return Err(ItipError::WrongMethod(message.method()));
        }
        let mut answers = Vec::new();
        for event in message.events() {
            answers.extend(event.attendees().map(|attendee| Answer {
                partstat: attendee.partstat,
                delegated_to: attendee.line.param("DELEGATED-TO").and_then(mail_address),
                comment: event.comment(attendee.line),
                sequence: event.sequence(),
                dtstamp: event.dtstamp(),
                recurrence_id: event.recurrence_id(),
                attendee: attendee.party,
            }));
        }
        if answers.is_empty() { Err(ItipError::NoAttendee) } else { Ok(answers) }
    }

    /// Whether this answer counts and not an earlier received one: by SEQUENCE, then by DTSTAMP. RFC 5546 §2.1.5.
    /// Where one of them has no DTSTAMP the later arrival counts.
    pub fn is_newer_than(&self, earlier: &Answer) -> bool {
        if self.sequence != earlier.sequence {
            return self.sequence > earlier.sequence;
        }
        match (self.dtstamp, earlier.dtstamp) {
            (Some(this), Some(other)) => this > other,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_ordered_by_sequence_and_then_by_time() {
        let attendee = Party { address: "ann@host.example".into(), email: None, name: None };
        let answer = |sequence, dtstamp| Answer {
            attendee: attendee.clone(),
            partstat: PartStat::Accepted,
            delegated_to: None,
            comment: None,
            sequence,
            dtstamp,
            recurrence_id: None,
        };
        assert!(answer(2, Some(1)).is_newer_than(&answer(1, Some(9))));
        assert!(!answer(1, Some(9)).is_newer_than(&answer(2, Some(1))));
        assert!(answer(1, Some(2)).is_newer_than(&answer(1, Some(1))));
        assert!(!answer(1, Some(2)).is_newer_than(&answer(1, Some(2))));
        assert!(answer(1, None).is_newer_than(&answer(1, Some(2))));
        assert!(answer(1, Some(1)).is_newer_than(&answer(1, None)));
    }
}
