//! What to tell whom about a booking: the event for a calendar, the letter around it, and the copies in "Sessions".
//!
//! Everything here is computed from rows; nothing is sent. RFC 5546 (iTIP), RFC 6047 (its mails).

pub mod clean;
mod event;
mod letter;
mod letters;
mod meaning;
mod message;
mod not_taken;
mod overseeing;
mod proposal_message;
pub mod samples;
mod slips;
pub mod slot;
mod slot_message;
mod slot_samples;
mod surroundings;
mod when;
mod words;

pub use event::Method;
pub use letter::Letter;
pub use letters::copy::News;
pub(crate) use meaning::Meaning;
pub use message::{Answered, BOOKING_TOKEN, Message, REPLY_TOKEN, Reader, UNSUBSCRIBE_TOKEN, Writer, id_in_uid};
pub use not_taken::NotTaken;
pub use overseeing::Question;
pub use slips::slip_in_words;
pub use slot_message::Invitation;
pub use surroundings::Surroundings;

use event::Event;

use crate::booking::{Booking, Session, Status};

/// The event as it stands in the guest's "Sessions" calendar and in the file to download: no ORGANIZER and no
/// ATTENDEE, so that every client lets its owner move and delete it; DESCRIPTION is exactly the agenda.
pub fn guest_copy(booking: &Booking, around: &Surroundings) -> Vec<u8> {
    let event = Event { description: clean::text(&booking.agenda), ..guest_event(booking, around) };
    event.calendar(None)
}

/// The event as it stands in the host's "Sessions" calendar, as [`guest_copy`]. `bookings`: those of the session; a
/// group's agendas follow one another under their guests' names.
pub fn host_copy(session: &Session, bookings: &[Booking], around: &Surroundings) -> Vec<u8> {
    let description = agendas(session, bookings).join("\n\n");
    Event { description, ..host_event(session, bookings, around) }.calendar(None)
}

/// Whether a session has room for one guest only, so that host and guest share one event.
fn alone(session: &Session) -> bool {
    session.capacity == 1
}

fn guest_event(booking: &Booking, around: &Surroundings) -> Event {
    let words = words::of(booking.language);
    Event {
        uid: booking.uid.clone(),
        sequence: booking.sequence,
        created: booking.created,
        changed: booking.changed,
        cancelled: booking.status == Status::Cancelled,
        summary: (words.shared.meeting)(&clean::name(&around.type_name), &clean::name(&around.host_name)),
        join: words.shared.join,
        place: around.place(words.shared.phone, Some(booking).filter(|_| alone(&booking.session))),
        ..shared(&booking.session)
    }
}

fn host_event(session: &Session, bookings: &[Booking], around: &Surroundings) -> Event {
    let title = clean::name(&around.type_name);
    let words = &words::of(around.host_language).shared;
    let summary = match (alone(session), bookings.first()) {
        (true, Some(booking)) => (words.meeting)(&title, &clean::name(&booking.name)),
        _ => format!("{title} ({})", (words.guests)(present(bookings).count())),
    };
    let place = around.place(words.phone, bookings.first().filter(|_| alone(session)));
    Event { summary, join: words.join, place, ..shared(session) }
}

/// What host and guests see alike.
fn shared(session: &Session) -> Event {
    Event {
        uid: session.uid.clone(),
        sequence: session.sequence,
        starts: session.starts,
        ends: session.ends,
        created: session.created,
        changed: session.changed,
        cancelled: session.cancelled,
        summary: String::new(),
        description: String::new(),
        link: session.link.clone(),
        place: None,
        join: "",
        page: None,
        transparent: false,
        organizer: None,
        attendees: Vec::new(),
    }
}

/// The agenda of the one guest; in a group a paragraph for each guest.
fn agendas(session: &Session, bookings: &[Booking]) -> Vec<String> {
    if alone(session) {
        return bookings.first().map(|booking| clean::text(&booking.agenda)).into_iter().collect();
    }
    present(bookings)
        .map(|booking| {
            let who = format!("{} <{}>", clean::name(&booking.name), booking.email);
            format!("{who}\n{}", clean::text(&booking.agenda)).trim_end().to_owned()
        })
        .collect()
}

fn present(bookings: &[Booking]) -> impl Iterator<Item = &Booking> {
    bookings.iter().filter(|booking| booking.takes_place())
}
