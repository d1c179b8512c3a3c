//! "You are booked", and later "it changed".

use super::super::letter::Letter;
use super::super::message::{Reader, Writer};
use super::super::{Surroundings, alone, clean, count, present};
use super::{greeting, times, title, when};
use crate::booking::{Booking, Session};

const LINK_FOLLOWS: &str = "The link to join is not ready yet; it will be on the page below.";

pub(in super::super) fn to_guest(writer: &Writer<'_>, booking: &Booking, around: &Surroundings) -> Letter {
    let session = &booking.session;
    let first = booking.sequence == 0;
    let title = title(session, around, &around.host_name, &booking.timezone);
    let subject = if first { format!("Booked: {title}") } else { format!("Changed: {title}") };
    let news = if first { "Your session is booked." } else { "Your session has changed. This is how it stands now." };
    let mut facts = times(session, &booking.timezone, Some((&around.host_name, &around.host_zone)));
    let host = clean::name(&around.host_name);
    let with = if around.is_schedule() { host.clone() } else { format!("{host}, {}", clean::name(&around.team_name)) };
    facts.push(("With".into(), with));
    facts.extend(join(session));
    let mut letter = Letter::new(subject).text(greeting(&booking.name)).text(news).facts(facts);
    if session.link.is_none() && !around.is_schedule() {
        letter = letter.text(LINK_FOLLOWS);
    }
    let (agenda, manage) = if around.is_schedule() {
        (format!("A note from {host}"), "See it, or take it back")
    } else {
        ("Your agenda".to_owned(), "Change the time or the agenda, or cancel")
    };
    letter = letter.quote(agenda, clean::text(&booking.agenda)).link(manage, writer.manage_url(booking, Reader::Guest));
    if first {
        let from = &writer.config.mail_from;
        letter = letter.small(format!("Tip: save {from} as a contact, then your calendar adds our invites by itself."));
    }
    letter
}

pub(in super::super) fn to_host(
    writer: &Writer<'_>,
    session: &Session,
    bookings: &[Booking],
    around: &Surroundings,
) -> Letter {
    match bookings.first().filter(|_| alone(session)) {
        Some(booking) => to_host_of_one(writer, session, booking, around),
        None => to_host_of_group(writer, session, bookings, around),
    }
}

fn to_host_of_one(writer: &Writer<'_>, session: &Session, booking: &Booking, around: &Surroundings) -> Letter {
    let first = session.sequence == 0;
    let guest = clean::name(&booking.name);
    let title = title(session, around, &guest, &around.host_zone);
    let subject = if first { format!("Booked: {title}") } else { format!("Changed: {title}") };
    let news = if first {
        format!("{guest} booked a session with you.")
    } else {
        format!("Your session with {guest} has changed. This is how it stands now.")
    };
    let mut facts = times(session, &around.host_zone, Some((&guest, &booking.timezone)));
    facts.extend(about_guest(booking));
    facts.extend(join(session));
    let mut letter = Letter::new(subject).text(greeting(&around.host_name)).text(news).facts(facts);
    if session.link.is_none() {
        letter = letter.text(LINK_FOLLOWS);
    }
    letter
        .quote(format!("What {guest} would like to talk about"), clean::text(&booking.agenda))
        .link("Change the time, or cancel", writer.manage_url(booking, Reader::Host))
}

fn to_host_of_group(writer: &Writer<'_>, session: &Session, bookings: &[Booking], around: &Surroundings) -> Letter {
    let guests = count(present(bookings).count(), "guest");
    let when = when(session.starts, session.ends, &around.host_zone);
    let subject = format!("{}: {guests}, {}", clean::name(&around.type_name), when.short());
    let mut facts = times(session, &around.host_zone, None);
    facts.push(("Guests".into(), format!("{} of {}", present(bookings).count(), session.capacity)));
    facts.extend(join(session));
    let news = format!("Your group session has {guests} now.");
    let mut letter = Letter::new(subject).text(greeting(&around.host_name)).text(news).facts(facts);
    for booking in present(bookings) {
        let guest = clean::name(&booking.name);
        letter = letter
            .facts(about_guest(booking))
            .quote("Agenda", clean::text(&booking.agenda))
            .link(format!("The booking of {guest}"), writer.manage_url(booking, Reader::Host));
    }
    letter
}

fn join(session: &Session) -> Option<(String, String)> {
    session.link.clone().map(|link| ("Join".into(), link))
}

/// Who the guest is, with the answers to the team's questions.
fn about_guest(booking: &Booking) -> Vec<(String, String)> {
    let mut facts = vec![("Guest".to_owned(), format!("{} <{}>", clean::name(&booking.name), booking.email))];
    facts.extend(booking.phone.as_deref().map(|phone| ("Phone".to_owned(), clean::name(phone))));
    facts.extend(booking.answers.iter().map(|(question, answer)| {
        let answer = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
        (clean::name(question), clean::text(&answer).replace('\n', " "))
    }));
    facts
}
