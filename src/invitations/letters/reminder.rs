//! "You meet soon." Everything one needs at that moment, and how not to be reminded any more.

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::words;
use super::super::{Surroundings, alone, clean, present};
use super::booked::{for_guest, for_host, for_host_of_group};
use super::{side, when, with_questions};
use crate::booking::{Booking, Session};

/// What this letter says.
pub(in crate::invitations) struct Words {
    pub(in crate::invitations) subject: fn(&str) -> String,
    pub(in crate::invitations) soon: fn(&str) -> String,
    pub(in crate::invitations) group_soon: fn(&str) -> String,
    pub(in crate::invitations) cannot: &'static str,
    pub(in crate::invitations) stop: &'static str,
}

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Guest);
    let (words, booked, session) = (&side.words.reminder, &side.words.booked, &booking.session);
    let agenda = if around.is_schedule() { (booked.note_from)(&side.other) } else { booked.your_agenda.to_owned() };
    let letter = Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.soon)(&side.other))
        .facts(for_guest(&side, session, around));
    with_questions(letter, writer, booking, around)
        .quote(agenda, clean::text(&booking.agenda))
        .text(words.cannot)
        .link(side.words.shared.manage, writer.manage_url(booking, Reader::Guest))
        .unsubscribe(words.stop, writer.unsubscribe_url(booking.guest))
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    session: &Session,
    bookings: &[Booking],
    around: &Surroundings,
) -> Letter {
    let letter = match bookings.first().filter(|_| alone(session)) {
        Some(booking) => to_host_of_one(writer, session, booking, around),
        None => to_host_of_group(writer, session, bookings, around),
    };
    let words = words::of(around.host_language);
    letter.unsubscribe(words.reminder.stop, writer.unsubscribe_url(session.host))
}

fn to_host_of_one(writer: &Writer<'_>, session: &Session, booking: &Booking, around: &Surroundings) -> Letter {
    let side = side(booking, around, Reader::Host);
    let words = &side.words.reminder;
    Letter::new(side.words, (words.subject)(&side.title(session, around)))
        .text(side.hello())
        .text((words.soon)(&side.other))
        .facts(for_host(&side, session, booking))
        .quote((side.words.booked.about)(&side.other), clean::text(&booking.agenda))
        .text(words.cannot)
        .link(side.words.shared.manage, writer.manage_url(booking, Reader::Host))
}

fn to_host_of_group(writer: &Writer<'_>, session: &Session, bookings: &[Booking], around: &Surroundings) -> Letter {
    let all = words::of(around.host_language);
    let guests = (all.shared.guests)(present(bookings).count());
    let when = when(session.starts, session.ends, &around.host_zone, all);
    let title = (all.booked.group_subject)(&clean::name(&around.type_name), &guests, &when.short());
    let letter = Letter::new(all, (all.reminder.subject)(&title))
        .text((all.shared.hello)(&clean::name(&around.host_name)))
        .text((all.reminder.group_soon)(&guests))
        .facts(for_host_of_group(all, session, bookings, around));
    super::booked::with_guests(writer, letter, all, bookings)
}
