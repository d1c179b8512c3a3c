//! A message to one person: the letter with its event.

use super::event::{Event, Method, Party};
use super::letter::Letter;
use super::slot::token_in_uid;
use super::words::{self, Words};
use super::{Surroundings, agendas, alone, clean, guest_event, host_event, letters};
use crate::booking::{Booking, Proposal, Session};
use crate::calendars::Slip;
use crate::config::Config;
use crate::keys::{Keys, decode_id};
use crate::language::Language;
use crate::people::PersonId;
use crate::teams::{Role, Team};

/// Purpose of the token in an organiser's address; see [`id_in_uid`].
pub const REPLY_TOKEN: &str = "reply";
/// Purpose of the token in a booking's address.
pub const BOOKING_TOKEN: &str = "booking";

/// Purpose of the token in the address that stops a person's reminders.
pub const UNSUBSCRIBE_TOKEN: &str = "unsubscribe";

/// Whom something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The one who booked.
    Guest,
    /// The one who offers the time.
    Host,
}

/// A letter with its event, ready to be composed into one mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Recipient's name, clean; may be empty.
    pub to_name: String,
    /// Recipient's address.
    pub to_address: String,
    /// Whom a human answer reaches: name and address.
    pub reply_to: Option<(String, String)>,
    /// What it says.
    pub letter: Letter,
    /// The calendar part, when there is one.
    pub calendar: Option<(Method, Vec<u8>)>,
}

/// What became of an event to which the robot was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The event's title.
    pub title: &'a str,
    /// What it means here, or why it was not taken.
    pub meaning: &'a str,
    /// It stands in the host's calendar.
    pub taken: bool,
}

/// Makes messages in the name of one installation.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// Addresses and names of the installation.
    pub config: &'a Config,
    /// Its key, for the tokens in addresses.
    pub keys: &'a Keys,
}

impl Writer<'_> {
    /// Tells a guest of a booking, of a change to it (SEQUENCE above 0), or of its end.
    pub fn to_guest(&self, booking: &Booking, around: &Surroundings, method: Method) -> Message {
        let session = &booking.session;
        let mut event = guest_event(booking, around);
        event.cancelled = method == Method::Cancel;
        event.organizer = Some(self.organizer(&event.uid, booking.id, around));
        // Guests of a group learn nothing of each other, and each has an event of their own.
        let host = (alone(session) && !around.is_schedule()).then(|| host_party(around));
        event.attendees = host.into_iter().chain([guest_party(booking)]).collect();
        let words = words::of(booking.language);
        let agenda = vec![clean::text(&booking.agenda)];
        event.description = self.described(words, first_line(&event), agenda, Some((booking, Reader::Guest)));
        let letter = match method {
            Method::Cancel => letters::cancelled::to_guest(self, booking, around),
            _ => letters::booked::to_guest(self, booking, around),
        };
        Message {
            to_name: clean::name(&booking.name),
            to_address: booking.email.clone(),
            reply_to: (alone(session) && !around.is_schedule())
                .then(|| (clean::name(&around.host_name), around.host_email.clone())),
            letter,
            calendar: Some((method, event.calendar(Some(method)))),
        }
    }

    /// Tells a host of a session. `bookings`: those of the session; with capacity 1 the first counts.
    pub fn to_host(&self, session: &Session, bookings: &[Booking], around: &Surroundings, method: Method) -> Message {
        let only = bookings.first().filter(|_| alone(session));
        let mut event = host_event(session, bookings, around);
        event.cancelled = method == Method::Cancel;
        event.organizer = Some(self.organizer(&event.uid, session.id, around));
        event.attendees = std::iter::once(host_party(around)).chain(only.map(guest_party)).collect();
        let manage = only.map(|booking| (booking, Reader::Host));
        let words = words::of(around.host_language);
        event.description = self.described(words, first_line(&event), agendas(session, bookings), manage);
        let letter = match method {
            Method::Cancel => letters::cancelled::to_host(session, bookings, around),
            _ => letters::booked::to_host(self, session, bookings, around),
        };
        Message {
            to_name: clean::name(&around.host_name),
            to_address: around.host_email.clone(),
            reply_to: only.map(|booking| (clean::name(&booking.name), booking.email.clone())),
            letter,
            calendar: Some((method, event.calendar(Some(method)))),
        }
    }

    /// Reminds a guest of what they have booked.
    pub fn to_guest_soon(&self, booking: &Booking, around: &Surroundings) -> Message {
        let letter = letters::reminder::to_guest(self, booking, around);
        let reply_to = (alone(&booking.session) && !around.is_schedule())
            .then(|| (clean::name(&around.host_name), around.host_email.clone()));
        Message { reply_to, ..self.person_of(booking, around, Reader::Guest, letter) }
    }

    /// Reminds a host of their session. `bookings`: those that take place.
    pub fn to_host_soon(&self, session: &Session, bookings: &[Booking], around: &Surroundings) -> Message {
        let only = bookings.first().filter(|_| alone(session));
        Message {
            to_name: clean::name(&around.host_name),
            to_address: around.host_email.clone(),
            reply_to: only.map(|booking| (clean::name(&booking.name), booking.email.clone())),
            letter: letters::reminder::to_host(self, session, bookings, around),
            calendar: None,
        }
    }

    /// Asks whether a booking is meant: its link confirms.
    pub fn to_confirm(&self, booking: &Booking, around: &Surroundings) -> Message {
        Message {
            // The address is not known to belong to whoever wrote the name: nothing the guest wrote goes there.
            to_name: String::new(),
            to_address: booking.email.clone(),
            reply_to: None,
            letter: letters::confirm::to_guest(self, booking, around),
            calendar: None,
        }
    }

    /// Tells why a change made in a calendar was not carried out. `wanted`: the start they wanted, UTC seconds; `code`: the
    /// reason's code.
    pub fn to_refused(
        &self,
        booking: &Booking,
        around: &Surroundings,
        reader: Reader,
        wanted: Option<i64>,
        code: &str,
    ) -> Message {
        let letter = letters::refused::to(self, booking, around, reader, wanted, code);
        Message { letter, ..self.to_undo(booking, around, reader) }
    }

    /// Tells the one who is cancelling that it can still be taken back, and where.
    pub fn to_undo(&self, booking: &Booking, around: &Surroundings, reader: Reader) -> Message {
        let (name, address) = match reader {
            Reader::Guest => (&booking.name, &booking.email),
            Reader::Host => (&around.host_name, &around.host_email),
        };
        Message {
            to_name: clean::name(name),
            to_address: address.clone(),
            reply_to: None,
            letter: letters::undo::to(self, booking, around, reader),
            calendar: None,
        }
    }

    /// Brings somebody the link that signs them in.
    pub fn to_sign_in(&self, address: &str, secret: &str, language: Language) -> Message {
        Message {
            to_name: String::new(),
            to_address: address.to_owned(),
            reply_to: None,
            letter: letters::sign_in::to_person(self, secret, language),
            calendar: None,
        }
    }

    /// Brings the link that makes an address somebody's new one.
    pub fn to_new_address(&self, address: &str, secret: &str, language: Language) -> Message {
        Message {
            to_name: String::new(),
            to_address: address.to_owned(),
            reply_to: None,
            letter: letters::address::to_new(self, secret, language),
            calendar: None,
        }
    }

    /// Tells the address somebody has that they want another one.
    pub fn to_old_address(&self, address: &str, new: &str, language: Language) -> Message {
        Message {
            to_name: String::new(),
            to_address: address.to_owned(),
            reply_to: None,
            letter: letters::address::to_old(self, new, language),
            calendar: None,
        }
    }

    /// Tells somebody that their password was set or removed at `now`.
    pub fn to_password_owner(&self, address: &str, set: bool, at: i64, language: Language) -> Message {
        Message {
            to_name: String::new(),
            to_address: address.to_owned(),
            reply_to: None,
            letter: letters::password::to_person(self, set, at, language),
            calendar: None,
        }
    }

    /// Tells somebody who was taken into a team what to do next.
    pub fn to_member(&self, to: (&str, &str), team: &Team, role: Role, language: Language) -> Message {
        Message {
            to_name: clean::name(to.0),
            to_address: to.1.to_owned(),
            reply_to: None,
            letter: letters::welcome::to_member(self, to, team, role, language),
            calendar: None,
        }
    }

    /// Tells a host what became of the event to which they invited the robot. `calendar`: the REPLY.
    pub fn to_inviting(
        &self,
        to: (&str, &str),
        answer: &Answered<'_>,
        calendar: Option<Vec<u8>>,
        language: Language,
    ) -> Message {
        Message {
            to_name: clean::name(to.0),
            to_address: to.1.to_owned(),
            reply_to: None,
            letter: letters::robot::to_host(self, to.0, answer, language),
            calendar: calendar.map(|bytes| (Method::Reply, bytes)),
        }
    }

    /// Asks a host whether an event that came in their name is theirs. `link`: where they say so.
    pub fn to_unproven(&self, to: (&str, &str), link: &str, language: Language) -> Message {
        self.plain(to, letters::parked::event(to.0, link, language))
    }

    /// Asks somebody who invited the robot, and is no host yet, whether they want to join one of these teams.
    pub fn to_joining(&self, to: (&str, &str), teams: &[&str], link: &str, language: Language) -> Message {
        self.plain(to, letters::parked::join(self, to.0, teams, link, language))
    }

    /// Asks whether an answer to an invite that nobody confirms is meant.
    pub fn to_unproven_answer(&self, booking: &Booking, around: &Surroundings, reader: Reader, link: &str) -> Message {
        self.person_of(booking, around, reader, letters::parked::answer(booking, around, reader, link))
    }

    fn plain(&self, to: (&str, &str), letter: Letter) -> Message {
        let (to_name, to_address) = (clean::name(to.0), to.1.to_owned());
        Message { to_name, to_address, reply_to: None, letter, calendar: None }
    }

    /// Tells a host of words in an offer that look like rules and are none.
    pub fn to_slipping(&self, to: (&str, &str), title: &str, slips: &[Slip], language: Language) -> Message {
        self.plain(to, letters::slips::to_host(self, to.0, title, slips, language))
    }

    /// Tells somebody who invited the robot, and whom no team knows, who we are.
    pub fn to_stranger(&self, address: &str, language: Language) -> Message {
        Message {
            to_name: String::new(),
            to_address: address.to_owned(),
            reply_to: None,
            letter: letters::robot::to_stranger(self, address, language),
            calendar: None,
        }
    }

    /// Tells a host (name and address) that their calendar on this server cannot be read, since then (UTC seconds).
    pub fn of_calendar(&self, host: (&str, &str), place: (&str, i64), zone: &str, language: Language) -> Message {
        Message {
            to_name: clean::name(host.0),
            to_address: host.1.to_owned(),
            reply_to: None,
            letter: letters::calendar::to_host(self, host.0, place, zone, language),
            calendar: None,
        }
    }

    /// Tells whoever proposed another time that it stays as it was.
    pub fn to_proposer(&self, booking: &Booking, around: &Surroundings, proposal: &Proposal) -> Message {
        let only = std::slice::from_ref(booking);
        let (reader, message) = match proposal.person == booking.guest {
            true => (Reader::Guest, self.to_guest(booking, around, Method::DeclineCounter)),
            false => (Reader::Host, self.to_host(&booking.session, only, around, Method::DeclineCounter)),
        };
        Message { letter: letters::proposed::declined(self, booking, around, proposal, reader), ..message }
    }

    /// Asks whether an answer that nobody confirms is meant, and leads to the page that does it.
    pub fn to_doubted(&self, booking: &Booking, around: &Surroundings, reader: Reader) -> Message {
        let letter = letters::proposed::doubted(self, booking, around, reader);
        self.person_of(booking, around, reader, letter)
    }

    pub(super) fn person_of(
        &self,
        booking: &Booking,
        around: &Surroundings,
        reader: Reader,
        letter: Letter,
    ) -> Message {
        let (name, address) = match reader {
            Reader::Guest => (&booking.name, &booking.email),
            Reader::Host => (&around.host_name, &around.host_email),
        };
        Message { to_name: clean::name(name), to_address: address.clone(), reply_to: None, letter, calendar: None }
    }

    /// The page of a booking for one of its two holders.
    pub fn manage_url(&self, booking: &Booking, reader: Reader) -> String {
        let person = match reader {
            Reader::Guest => booking.guest,
            Reader::Host => booking.session.host,
        };
        let token = self.keys.token(BOOKING_TOKEN, booking.id, person, booking.generation);
        format!("{}/b/{token}", self.config.public_url)
    }

    /// The page on which a person stops reminders, or wants them again.
    pub(super) fn unsubscribe_url(&self, person: PersonId) -> String {
        let token = self.keys.token(UNSUBSCRIBE_TOKEN, person, person, 0);
        format!("{}/unsubscribe/{token}", self.config.public_url)
    }

    /// The page on which the same kind of session is booked.
    pub(super) fn book_url(&self, around: &Surroundings) -> String {
        format!("{}/book/{}/{}", self.config.public_url, around.team_slug, around.type_slug)
    }

    /// The bare link on the first line, where every client finds it; then what there is to say, and how to change it.
    fn described(
        &self,
        words: &Words,
        place: Option<String>,
        texts: Vec<String>,
        manage: Option<(&Booking, Reader)>,
    ) -> String {
        let label = words.shared.manage;
        let manage = manage.map(|(booking, reader)| format!("{label}: {}", self.manage_url(booking, reader)));
        let all = place.into_iter().chain(texts).chain(manage);
        all.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// An address of our own: calendar providers answer to it, and would not to one they host themselves. It belongs to
    /// the UID, so that it stays the same for as long as the event is the same, for everybody who has it.
    fn organizer(&self, uid: &str, otherwise: i64, around: &Surroundings) -> Party {
        Party { name: clean::name(&around.host_name), address: self.organizer_of(uid, otherwise), accepted: false }
    }

    /// The organiser's address of the event with this UID. `otherwise`: the id of one whose UID names none.
    pub(super) fn organizer_of(&self, uid: &str, otherwise: i64) -> String {
        let tag = match token_in_uid(uid) {
            Some(token) => format!("s-{token}"),
            None => format!("r-{}", self.keys.token(REPLY_TOKEN, id_in_uid(uid).unwrap_or(otherwise), 0, 0)),
        };
        self.config.mail_addresses.of(&tag, self.config.mail_domain())
    }
}

/// The id with which the local part of our UIDs ends. An organiser's token proves this id, for [`REPLY_TOKEN`].
pub fn id_in_uid(uid: &str) -> Option<i64> {
    let (local, _) = uid.split_once('@')?;
    decode_id(local.get(local.len().checked_sub(13)?..)?)
}

/// Where people meet: the first line of a description, where every client finds it.
fn first_line(event: &Event) -> Option<String> {
    event.place.clone().or_else(|| event.link.clone())
}

fn host_party(around: &Surroundings) -> Party {
    Party { name: clean::name(&around.host_name), address: around.host_email.clone(), accepted: false }
}

fn guest_party(booking: &Booking) -> Party {
    // Whoever accepted an invitation to a slot need not be asked again.
    let accepted = booking.began > 0 && booking.is_new();
    Party { name: clean::name(&booking.name), address: booking.email.clone(), accepted }
}
