//! Messages about decisions: on pending bookings, to those who look after a team, and to hosts whose time was taken back.

use super::event::Method;
use super::letters::{self, copy::News};
use super::message::{Message, Reader, Writer};
use super::{Surroundings, clean};
use crate::booking::{Booking, Session};
use crate::people::Person;

/// Where the question stands whether a pending booking may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The guest hears that it was put.
    Asked,
    /// The host is asked.
    Request,
    /// The guest hears the no.
    Rejected,
    /// A guest who accepted an invitation to the slot, and took their wish back, gets its event taken off.
    Off,
    /// The host hears that it is off.
    Withdrawn,
}

impl Writer<'_> {
    /// A mail about the question whether a pending booking may be. Nobody has it in a calendar, unless the guest accepted
    /// an invitation to the slot: only that event is taken off again.
    pub fn about_question(&self, booking: &Booking, around: &Surroundings, question: Question) -> Message {
        if booking.began > 0 && matches!(question, Question::Rejected | Question::Off) {
            let off = self.to_guest(booking, around, Method::Cancel);
            let letter = match question {
                Question::Rejected => letters::approval::rejected(self, booking, around),
                _ => off.letter.clone(),
            };
            return Message { letter, ..off };
        }
        let (reader, letter) = match question {
            Question::Asked => (Reader::Guest, letters::approval::asked(self, booking, around)),
            Question::Request => (Reader::Host, letters::approval::request(self, booking, around)),
            Question::Rejected | Question::Off => (Reader::Guest, letters::approval::rejected(self, booking, around)),
            Question::Withdrawn => (Reader::Host, letters::approval::withdrawn(booking, around)),
        };
        let (name, address) = match reader {
            Reader::Guest => (&booking.name, &booking.email),
            Reader::Host => (&around.host_name, &around.host_email),
        };
        Message { to_name: clean::name(name), to_address: address.clone(), reply_to: None, letter, calendar: None }
    }

    /// What a host is told, for somebody who looks after the team.
    pub fn to_overseer(
        &self,
        person: &Person,
        about: (&Session, &[Booking]),
        around: &Surroundings,
        news: News,
    ) -> Message {
        self.addressed(person, letters::copy::to(self, person, about, around, news))
    }

    /// Tells a host that a time of theirs was taken back. `by`: who did it, and for which team; `zone`: the team's.
    pub fn to_withdrawn(&self, host: &Person, by: (&str, &str), time: (i64, i64), zone: &str, reason: &str) -> Message {
        self.addressed(host, letters::taken_back::to_host(self, host, by, time, zone, reason))
    }

    fn addressed(&self, person: &Person, letter: super::Letter) -> Message {
        Message {
            to_name: clean::name(&person.name),
            to_address: person.email.clone(),
            reply_to: None,
            letter,
            calendar: None,
        }
    }
}
