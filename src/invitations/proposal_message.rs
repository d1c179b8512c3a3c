//! Another time that one side proposes, as an invitation of its own to the other: accepting it in a calendar moves the
//! session, and then this event goes.

use super::event::{Event, Method, Party};
use super::message::{Message, Reader, Writer};
use super::{Surroundings, clean, letters, words};
use crate::booking::{Booking, Proposal};
use crate::keys::encode_id;

impl Writer<'_> {
    /// Tells the other side of another time that somebody proposes; their calendar can answer.
    pub fn to_decide(&self, booking: &Booking, around: &Surroundings, proposal: &Proposal) -> Message {
        let reader = decider(booking, proposal);
        let letter = letters::proposed::to_decide(self, booking, around, proposal, reader);
        let calendar = self.proposed(booking, around, proposal, Method::Request);
        Message { calendar: Some(calendar), ..self.person_of(booking, around, reader, letter) }
    }

    /// Takes a proposal that is decided off the calendar of whoever was asked. `code`: why it cannot be, though they
    /// accepted it; else empty.
    pub fn to_settled(&self, booking: &Booking, around: &Surroundings, proposal: &Proposal, code: &str) -> Message {
        let reader = decider(booking, proposal);
        let letter = letters::proposed::settled(self, booking, around, proposal, reader, code);
        let calendar = self.proposed(booking, around, proposal, Method::Cancel);
        Message { calendar: Some(calendar), ..self.person_of(booking, around, reader, letter) }
    }

    fn proposed(
        &self,
        booking: &Booking,
        around: &Surroundings,
        proposal: &Proposal,
        method: Method,
    ) -> (Method, Vec<u8>) {
        let reader = decider(booking, proposal);
        let (name, address, other, language) = match reader {
            Reader::Guest => (&booking.name, &booking.email, &around.host_name, booking.language),
            Reader::Host => (&around.host_name, &around.host_email, &booking.name, around.host_language),
        };
        let (session, other, words) = (&booking.session, clean::name(other), words::of(language));
        let title = (words.shared.meeting)(&clean::name(&around.type_name), &other);
        let uid = format!("openhour-{}@{}", encode_id(proposal.id), self.config.mail_domain());
        let page = self.manage_url(booking, reader);
        let off = method == Method::Cancel;
        let event = Event {
            sequence: i64::from(off),
            starts: proposal.starts,
            ends: proposal.starts + (session.ends - session.starts),
            created: proposal.created,
            changed: if off { proposal.decided.unwrap_or(proposal.created) } else { proposal.created },
            cancelled: off,
            summary: (words.proposed.event)(&title),
            description: format!("{}\n{page}", words.proposed.event_help),
            link: None,
            place: None,
            join: "",
            page: Some(page),
            transparent: true,
            organizer: Some(Party { name: other, address: self.organizer_of(&uid, proposal.id), accepted: false }),
            attendees: vec![Party { name: clean::name(name), address: address.clone(), accepted: false }],
            uid,
        };
        (method, event.calendar(Some(method)))
    }
}

/// Who is asked.
fn decider(booking: &Booking, proposal: &Proposal) -> Reader {
    if proposal.person == booking.guest { Reader::Host } else { Reader::Guest }
}
