//! Messages about slots that nobody has booked yet: the invitation, and what becomes of it.

use super::event::{Event, Method, Party};
use super::letter::Letter;
use super::message::{Message, Writer};
use super::{clean, letters, slot, words};
use crate::language::Language;

/// A slot as it is shown or sent to one person.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Made for `email` ([`slot::SlotKey::token`]).
    pub token: &'a str,
    /// Whom it is for.
    pub email: &'a str,
    /// Their name, where they have vouched for it themselves; else empty.
    pub name: &'a str,
    /// The zone in which times are told, an IANA name.
    pub timezone: &'a str,
    /// In which they are written to.
    pub language: Language,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// SEQUENCE of its event.
    pub sequence: i64,
    /// DTSTAMP of its event, UTC seconds.
    pub changed: i64,
    /// The team's name.
    pub team_name: &'a str,
    /// The team's path segment.
    pub team_slug: &'a str,
    /// The team's zone, an IANA name: of the date in addresses.
    pub team_zone: &'a str,
    /// The session type's name.
    pub type_name: &'a str,
    /// The session type's path segment.
    pub type_slug: &'a str,
}

impl Writer<'_> {
    /// Brings somebody a slot: accepting it in their mail or calendar books it.
    pub fn to_invited(&self, invitation: &Invitation<'_>) -> Message {
        self.about_slot(invitation, letters::slot::invited(self, invitation), Method::Request)
    }

    /// Tells somebody who accepted a slot why it is not theirs, with open slots nearby, and takes the event off their
    /// calendar. `code`: the refusal's.
    pub fn to_slot_refused(&self, invitation: &Invitation<'_>, code: &str, nearby: &[i64]) -> Message {
        self.about_slot(invitation, letters::slot::refused(self, invitation, code, nearby), Method::Cancel)
    }

    /// Tells somebody who wanted a slot at another time that slots do not move, with open ones near the time they wanted.
    pub fn to_slot_countered(&self, invitation: &Invitation<'_>, wanted: i64, nearby: &[i64]) -> Message {
        let letter = letters::slot::countered(self, invitation, wanted, nearby);
        self.about_slot(invitation, letter, Method::DeclineCounter)
    }

    /// Asks somebody in whose name a slot was accepted, by whom nobody can tell, to book it on the page.
    pub fn to_slot_doubted(&self, invitation: &Invitation<'_>) -> Message {
        let letter = letters::slot::doubted(self, invitation);
        Message { calendar: None, ..self.about_slot(invitation, letter, Method::Request) }
    }

    /// The calendar object of a slot. In a calendar (`method` is `None`) it takes no time, so that it may lie over others.
    pub fn slot_event(&self, invitation: &Invitation<'_>, method: Option<Method>) -> Vec<u8> {
        let uid = slot::uid(invitation.token, self.config.mail_domain());
        let page = self.slot_url(invitation, invitation.starts);
        let (team, words) = (clean::name(invitation.team_name), &words::of(invitation.language).slot);
        Event {
            sequence: invitation.sequence,
            starts: invitation.starts,
            ends: invitation.ends,
            created: invitation.changed,
            changed: invitation.changed,
            cancelled: method == Some(Method::Cancel),
            summary: (words.event)(&letters::slot::title(invitation)),
            description: format!("{}\n{page}", words.event_help),
            link: None,
            place: None,
            join: "",
            page: Some(page),
            transparent: method.is_none(),
            organizer: Some(Party { name: team, address: self.organizer_of(&uid, 0), accepted: false }),
            attendees: vec![Party {
                // An empty CN confuses some programs.
                name: clean::name(if invitation.name.is_empty() { invitation.email } else { invitation.name }),
                address: invitation.email.to_owned(),
                accepted: false,
            }],
            uid,
        }
        .calendar(method)
    }

    /// The page that books a slot of the same kind.
    pub(super) fn slot_url(&self, invitation: &Invitation<'_>, start: i64) -> String {
        slot::page(&self.config.public_url, invitation.team_slug, invitation.team_zone, invitation.type_slug, start)
    }

    fn about_slot(&self, invitation: &Invitation<'_>, letter: Letter, method: Method) -> Message {
        Message {
            to_name: clean::name(invitation.name),
            to_address: invitation.email.to_owned(),
            reply_to: None,
            letter,
            calendar: Some((method, self.slot_event(invitation, Some(method)))),
        }
    }
}
