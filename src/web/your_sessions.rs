//! The list of somebody's coming sessions: when, with whom, the meeting, the booking's page.

use maud::{Markup, html};

use super::countdown::countdown;
use super::reader::Reader;
use super::times::machine;
use super::words::leading::leading;
use crate::booking::{Booking, SessionId, Status};
use crate::desk::booking::token;
use crate::people::PersonId;
use crate::surface::Call;

/// Sessions shown.
const MOST: usize = 50;

/// One entry for each session; `bookings` are ordered by it. `title` says what it is.
pub(super) fn list(
    call: &Call,
    reader: &Reader,
    person: PersonId,
    bookings: &[Booking],
    nothing: &str,
    title: impl Fn(&[Booking]) -> String,
) -> Markup {
    let own = reader.words.own;
    let sessions: Vec<&[Booking]> = bookings.chunk_by(|one, next| one.session.id == next.session.id).collect();
    // Only what has both sides' word counts down.
    let next = bookings.iter().find(|booking| !booking.is_waiting()).map(|booking| booking.session.id);
    html! {
        h2 { (own.sessions_ahead) }
        @if sessions.is_empty() {
            p.soft { (nothing) }
        } @else {
            @for part in sessions.get(..sessions.len().min(MOST)).unwrap_or(&[]).chunk_by(|a, b| when(reader, a) == when(reader, b)) {
                @if let Some(heading) = part.first().and_then(|session| when(reader, session)) { h3 { (heading) } }
                ul.cards { @for session in part { li { (entry(call, reader, person, session, next, &title)) } } }
            }
            @if sessions.len() > MOST { p.soft { ((own.more)(sessions.len() - MOST)) } }
        }
    }
}

/// Today, this week or later, by the start of a session.
fn when(reader: &Reader, session: &[Booking]) -> Option<&'static str> {
    let words = reader.words.hosting;
    let day = reader.zone.day(session.first()?.session.starts);
    let today = reader.zone.day(reader.now);
    let left = 6 - i32::from(today.weekday().to_monday_zero_offset());
    Some(match (day - today).get_days() {
        ..=0 => words.today,
        days if days <= left => words.this_week,
        _ => words.later,
    })
}

fn entry(
    call: &Call,
    reader: &Reader,
    person: PersonId,
    bookings: &[Booking],
    next: Option<SessionId>,
    title: impl Fn(&[Booking]) -> String,
) -> Markup {
    let (words, own) = (reader.words, reader.words.own);
    let Some(first) = bookings.first() else { return html! {} };
    let session = &first.session;
    let page = reader.link(&format!("/b/{}", token(&call.desk.keys, first.id, person, first.generation)));
    let day = reader.day(session.starts);
    html! {
        a href=(page) {
            time datetime=(machine(session.starts)) { (day) ", " (reader.span(session.starts, session.ends)) }
        }
        p.hint { (title(bookings)) }
        // The way in stands below in any case.
        @if next == Some(session.id) { (countdown(words, (session.starts, session.ends), reader.now, None)) }
        @if bookings.iter().all(|booking| booking.status == Status::Held) {
            p.hint { (own.waits_for_guest) }
        } @else if bookings.iter().any(|booking| booking.status == Status::Pending) {
            p.hint { a href=(page) { (leading(words.code).waits_for_answer) } }
        } @else if let Some(link) = session.link.as_ref().filter(|link| super::booking::is_web_address(link)) {
            p.actions {
                a.button.quiet href=(link) rel="noreferrer" aria-label={ (words.join) ": " (day) } { (words.join) }
                a href=(page) aria-label={ (own.change_or_cancel) ": " (day) } { (own.change_or_cancel) }
            }
        }
    }
}
