//! The list of somebody's coming sessions: when, with whom, the meeting, the booking's page.

use maud::{Markup, html};

use super::countdown::countdown;
use super::times::{Zone, machine};
use super::words;
use super::words::en::EN;
use crate::booking::{Booking, SessionId, Status};
use crate::desk::booking::token;
use crate::people::PersonId;
use crate::surface::Call;

/// Sessions shown.
const MOST: usize = 50;

/// What the list needs to know of its reader.
pub(super) struct Reader {
    /// Who.
    pub(super) person: PersonId,
    /// Whose clock.
    pub(super) zone: Zone,
    /// UTC seconds.
    pub(super) now: i64,
}

/// One entry for each session; `bookings` are ordered by it. `title` says what it is.
pub(super) fn list(
    call: &Call,
    reader: &Reader,
    bookings: &[Booking],
    nothing: &str,
    title: impl Fn(&[Booking]) -> String,
) -> Markup {
    let sessions: Vec<&[Booking]> = bookings.chunk_by(|one, next| one.session.id == next.session.id).collect();
    // Only what has both sides' word counts down.
    let next = bookings.iter().find(|booking| booking.status != Status::Held).map(|booking| booking.session.id);
    html! {
        h2 { (words::SESSIONS_AHEAD) }
        @if sessions.is_empty() {
            p.soft { (nothing) }
        } @else {
            ul.cards { @for session in sessions.iter().take(MOST) { li { (entry(call, reader, session, next, &title)) } } }
            @if sessions.len() > MOST { p.soft { (words::more(sessions.len() - MOST)) } }
        }
    }
}

fn entry(
    call: &Call,
    reader: &Reader,
    bookings: &[Booking],
    next: Option<SessionId>,
    title: impl Fn(&[Booking]) -> String,
) -> Markup {
    let Some(first) = bookings.first() else { return html! {} };
    let session = &first.session;
    let page = format!("/b/{}", token(&call.desk.keys, first.id, reader.person, first.generation));
    let day = reader.zone.long_day(session.starts, reader.now);
    html! {
        a href=(page) {
            time datetime=(machine(session.starts)) { (day) ", " (reader.zone.span(session.starts, session.ends)) }
        }
        p.hint { (title(bookings)) }
        // The way in stands below in any case.
        @if next == Some(session.id) { (countdown(&EN, (session.starts, session.ends), reader.now, None)) }
        @if bookings.iter().all(|booking| booking.status == Status::Held) {
            p.hint { (words::WAITS_FOR_GUEST) }
        } @else if let Some(link) = session.link.as_ref().filter(|link| super::booking::is_web_address(link)) {
            p.actions {
                a.button.quiet href=(link) rel="noreferrer" aria-label={ (words::JOIN) ": " (day) } { (words::JOIN) }
                a href=(page) aria-label={ (words::CHANGE_OR_CANCEL) ": " (day) } { (words::CHANGE_OR_CANCEL) }
            }
        }
    }
}
