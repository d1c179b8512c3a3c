//! What a visitor has taken: when, with whom, into which calendar, and back again.

use http::StatusCode;
use maud::{Markup, html};

use super::{with_files, words};
use crate::booking::{Booking, Refusal};
use crate::desk::booking::{BookingView, HolderRole};
use crate::invitations::BOOKING_TOKEN;
use crate::people::is_private;
use crate::schedules::{self, Door};
use crate::surface::{Answer, Call, encode};
use crate::web::booking::{News, token_field};
use crate::web::calendar_links::Event;
use crate::web::layout::Page;
use crate::web::times::{Zone, machine};
use crate::web::words::en::EN;
use crate::web::{failed, missing};

/// Ways into calendars: the file, and the pages of large providers.
pub(super) fn calendar_links(call: &Call, title: &str, booking: &Booking) -> Markup {
    let token = call.desk.keys.token(BOOKING_TOKEN, booking.id, booking.guest, booking.generation);
    let event = Event {
        title: title.to_owned(),
        starts: booking.session.starts,
        ends: booking.session.ends,
        details: booking.agenda.clone(),
        place: String::new(),
    };
    html! {
        ul.ways {
            li { a href={ "/b/" (token) "/invite.ics" } { (words::ICS) } }
            @for (calendar, link) in event.links() {
                li { a href=(link) rel="noopener noreferrer" { (words::add_to(calendar)) } }
            }
        }
    }
}

/// `/b/{token}` of something that was taken from a schedule.
pub(in crate::web) async fn taken_page(call: &Call, view: &BookingView, news: &News<'_>) -> Answer {
    let found = async { schedules::of_team(&mut call.desk.db.read().await?, view.team.id).await };
    let schedule = match found.await {
        Ok(Some(schedule)) => schedule,
        // Its page would be of no use without it.
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let booking = &view.booking;
    let own = match view.role {
        HolderRole::Guest => &booking.timezone,
        HolderRole::Host => &view.team.timezone,
    };
    let zone = Zone::choose(call.query().get("tz"), own);
    let meeting = words::meeting(&view.team.name, &view.host.name);
    let title = if booking.stands() { &meeting } else { words::CANCELLED };
    let content = html! {
        h1 { (title) }
        (problem(news))
        div.card { (facts(call, view, &zone)) }
        @if booking.takes_place() {
            (calendar_links(call, &meeting, booking))
            @if view.changeable { (give_back(call, view)) } @else { p.soft { (words::OVER) } }
        }
        @if call.desk.config.schedules {
            p.actions { a.button.quiet href=(schedule.path(&call.desk.keys, Door::Page)) { (words::SEE_TIMES) } }
        }
    };
    let status = match news.refusal {
        Some(Refusal::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::CONFLICT,
        None if news.wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Page::secret(title).status(status).show(&with_files(&content, None))
}

fn problem(news: &News<'_>) -> Markup {
    html! {
        @if let Some(wrong) = news.wrong { div.notice.alert role="alert" { p { (wrong(&EN)) } } }
        @if news.refusal.is_some() { div.notice.alert role="alert" { p { (words::NOT_CHANGED) } } }
    }
}

fn facts(call: &Call, view: &BookingView, zone: &Zone) -> Markup {
    let booking = &view.booking;
    let session = &booking.session;
    let now = call.desk.clock.now();
    html! {
        dl.facts {
            dt { (words::WHEN) }
            dd {
                time datetime=(machine(session.starts)) {
                    (zone.long_day(session.starts, now)) br; (zone.span(session.starts, session.ends))
                }
                span.soft { " · " (zone.label()) }
            }
            dt { (words::WITH) }
            dd {
                @match view.role {
                    HolderRole::Guest => (view.host.name),
                    HolderRole::Host => { (booking.name) @if !is_private(&booking.email) { ", " (booking.email) } }
                }
            }
            @if !booking.agenda.is_empty() { dt { (words::NOTE) } dd { (booking.agenda) } }
            @if let (false, Some(reason)) = (booking.stands(), &booking.reason) { dt { (words::REASON) } dd { (reason) } }
        }
    }
}

fn give_back(call: &Call, view: &BookingView) -> Markup {
    html! {
        form method="post" action={ "/b/" (encode(call.param(0))) "/cancel" } {
            (token_field(call, view))
            p.actions { button.danger type="submit" { (words::GIVE_BACK) } }
        }
    }
}
