//! `/b/{token}`: one booking for its holder, guest or host.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::book::field;
use super::layout::Page;
use super::times::{Zone, machine};
use super::{failed, missing, words};
use crate::availability::PooledSlot;
use crate::booking::{FieldError, Refusal, Status};
use crate::db::DbError;
use crate::desk::booking::{self, BookingView, HolderRole};
use crate::desk::slots::pooled;
use crate::invitations::{self, Surroundings};
use crate::people::PersonId;
use crate::surface::{Answer, Call, encode, file, with};

/// How far ahead a session may be moved from this page, seconds, and how many times are offered.
const AHEAD: i64 = 60 * 86_400;
const MOST_TIMES: usize = 120;

/// What the page says besides the booking itself.
#[derive(Default)]
pub(super) struct News<'a> {
    /// What has just been done.
    pub(super) done: Option<&'static str>,
    /// Why it was not done.
    pub(super) refusal: Option<&'a Refusal>,
    /// An agenda that was typed and could not be kept.
    pub(super) typed_agenda: Option<&'a str>,
    /// What else went wrong.
    pub(super) wrong: Option<&'static str>,
}

/// Who holds the token.
pub(super) fn holder_of(view: &BookingView) -> PersonId {
    match view.role {
        HolderRole::Guest => view.booking.guest,
        HolderRole::Host => view.booking.session.host,
    }
}

/// What the forms' tokens are derived for: another site cannot know them.
const FORM: &str = "booking form";

/// Whether a form came from this page.
pub(super) fn is_form_token(call: &Call, view: &BookingView, token: &str) -> bool {
    call.desk.keys.verify(token, FORM, view.booking.id, holder_of(view), view.booking.generation)
}

/// `GET /b/{token}`
pub async fn show(call: Call) -> Answer {
    let done = match call.query().text("done") {
        "saved" => Some(words::SAVED),
        "moved" => Some(words::MOVED),
        _ => None,
    };
    match booking::view(&call.desk, call.param(0)).await {
        Ok(view) => page(&call, &view, &News { done, ..News::default() }).await,
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(_) => missing(),
    }
}

/// `GET /b/{token}/invite.ics`: the event, for a calendar that does not read mail.
pub async fn invite(call: Call) -> Answer {
    let view = match booking::view(&call.desk, call.param(0)).await {
        Ok(view) if view.booking.status != Status::Held => view,
        Err(Refusal::Db(error)) => return failed(&call, &error),
        _ => return missing(),
    };
    let around = Surroundings::new(&view.host, &view.team, &view.kind);
    let event = match view.role {
        HolderRole::Guest => invitations::guest_copy(&view.booking, &around),
        HolderRole::Host => invitations::host_copy(&view.booking.session, &view.guests, &around),
    };
    let answer = file("text/calendar; charset=utf-8", "session.ics", event);
    let answer = with(answer, header::CACHE_CONTROL, "no-store");
    with(answer, header::REFERRER_POLICY, "no-referrer")
}

/// The page, with what happened just now.
pub(super) async fn page(call: &Call, view: &BookingView, news: &News<'_>) -> Answer {
    let times = match open_times(call, view).await {
        Ok(times) => times,
        Err(error) => return failed(call, &error),
    };
    let zone = zone_of(call, view);
    let title = match view.booking.status {
        Status::Held => words::HELD.to_owned(),
        Status::Cancelled => words::CANCELLED.to_owned(),
        Status::Confirmed => words::booked_with(other_side(view)),
    };
    let content = html! {
        h1 { (title) }
        @if view.booking.status == Status::Confirmed && view.role == HolderRole::Guest && view.changeable {
            p.lead { (words::invited(&view.booking.email)) }
        }
        (news_of(call, view, news, &zone))
        (facts(call, view, &zone))
        (actions(call, view, news, &times, &zone))
    };
    let status = match news.refusal {
        Some(Refusal::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::CONFLICT,
        None if news.wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Page::secret(&title).status(status).show(&content)
}

fn zone_of(call: &Call, view: &BookingView) -> Zone {
    let own = match view.role {
        HolderRole::Guest => &view.booking.timezone,
        HolderRole::Host => view.host.timezone.as_ref().unwrap_or(&view.team.timezone),
    };
    Zone::choose(call.query().get("tz"), own)
}

fn other_side(view: &BookingView) -> &str {
    match view.role {
        HolderRole::Guest => &view.host.name,
        HolderRole::Host => &view.booking.name,
    }
}

/// The times to which the session can move: what is open to everybody.
async fn open_times(call: &Call, view: &BookingView) -> Result<Vec<PooledSlot>, DbError> {
    if !view.changeable || view.booking.status != Status::Confirmed {
        return Ok(Vec::new());
    }
    let now = call.desk.clock.now();
    let found = pooled(&call.desk, &view.team, &[view.kind.id], now, now + AHEAD).await?;
    let mut times: Vec<PooledSlot> = found.slots.iter().take(MOST_TIMES).cloned().collect();
    times.retain(|slot| slot.start != view.booking.session.starts);
    Ok(times)
}

fn news_of(call: &Call, view: &BookingView, news: &News<'_>, zone: &Zone) -> Markup {
    let now = call.desk.clock.now();
    html! {
        @if let Some(done) = news.done { div.notice role="status" { p { (done) } } }
        @if let Some(wrong) = news.wrong { div.notice.alert role="alert" { p { (wrong) } } }
        @if let Some(refusal) = news.refusal {
            div.notice.alert role="alert" {
                @match refusal {
                    Refusal::Invalid(errors) => @for error in errors { p { (error.message) } },
                    _ => p { (words::refused_title(refusal)) ". " (words::NOT_CHANGED) },
                }
            }
            @if !refusal.alternatives().is_empty() {
                h2 { (words::CLOSE_BY) }
                form method="post" action={ (base(call)) "/reschedule" } {
                    (token_field(call, view))
                    div.actions {
                        @for slot in refusal.alternatives() {
                            button.quiet type="submit" name="start" value=(slot.start) {
                                (zone.long_day(slot.start, now)) ", " (zone.clock(slot.start))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn facts(call: &Call, view: &BookingView, zone: &Zone) -> Markup {
    let booking = &view.booking;
    let session = &booking.session;
    let now = call.desk.clock.now();
    let standing = booking.stands();
    html! {
        div.card {
            dl.facts {
                dt { (words::WHEN) }
                dd {
                    time datetime=(machine(session.starts)) {
                        (zone.long_day(session.starts, now)) br; (zone.span(session.starts, session.ends))
                    }
                    span.soft { " · " (zone.label()) }
                }
                dt { (words::ABOUT) } dd { (view.kind.name) ", " (view.team.name) }
                @match view.role {
                    HolderRole::Guest => { dt { (words::WITH) } dd { (view.host.name) } }
                    HolderRole::Host => {
                        dt { (words::GUEST) }
                        dd { @for guest in &view.guests { div { (guest.name) ", " a href={ "mailto:" (guest.email) } { (guest.email) } } } }
                    }
                }
                @if booking.status == Status::Confirmed {
                    dt { (words::WHERE) }
                    dd {
                        @match &session.link {
                            Some(link) if is_web_address(link) => a href=(link) rel="noopener noreferrer" { (words::JOIN) },
                            Some(link) => (link),
                            None => (words::LINK_TO_COME),
                        }
                    }
                }
                @if !booking.agenda.is_empty() { dt { (words::AGENDA_SHORT) } dd { (booking.agenda) } }
                @if let (false, Some(reason)) = (standing, &booking.reason) { dt { (words::REASON) } dd { (reason) } }
            }
            @if booking.status == Status::Confirmed {
                p.actions { a.button.quiet href={ (base(call)) "/invite.ics" } { (words::ADD_TO_CALENDAR) } }
            }
        }
    }
}

fn actions(call: &Call, view: &BookingView, news: &News<'_>, times: &[PooledSlot], zone: &Zone) -> Markup {
    let again = format!("/book/{}/{}", encode(&view.team.slug), encode(&view.kind.slug));
    html! {
        @match view.booking.status {
            Status::Cancelled => {
                p { (words::CANCELLED_HELP) }
                p.actions { a.button href=(again) { (words::BOOK_ANOTHER) } }
            }
            _ if !view.changeable => p.soft { (words::OVER) },
            Status::Held => @if view.role == HolderRole::Guest {
                p { (words::HELD_HELP) }
                form method="post" action={ (base(call)) "/confirm" } {
                    (token_field(call, view))
                    p.actions { button type="submit" { (words::CONFIRM) } }
                }
            },
            Status::Confirmed => {
                @if view.role == HolderRole::Guest { (agenda_form(call, view, news)) }
                (move_form(call, view, times, zone))
                (cancel_form(call, view))
            }
        }
    }
}

fn agenda_form(call: &Call, view: &BookingView, news: &News<'_>) -> Markup {
    let errors: &[FieldError] = match news.refusal {
        Some(Refusal::Invalid(errors)) => errors,
        _ => &[],
    };
    let wrong = errors.iter().find(|error| error.field == "agenda").map(|error| error.message.as_str());
    let text = news.typed_agenda.unwrap_or(&view.booking.agenda);
    html! {
        details open[wrong.is_some()] {
            summary { (words::CHANGE_AGENDA) }
            form method="post" action={ (base(call)) "/agenda" } {
                (token_field(call, view))
                (field("agenda", words::AGENDA, None, wrong, |described| html! {
                    textarea #agenda name="agenda" rows="5" maxlength="5000"
                        aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described] { (text) }
                }))
                p.actions { button type="submit" { (words::SAVE) } }
            }
        }
    }
}

fn move_form(call: &Call, view: &BookingView, times: &[PooledSlot], zone: &Zone) -> Markup {
    let now = call.desk.clock.now();
    let is_host = view.role == HolderRole::Host;
    html! {
        details {
            summary { (words::MOVE) }
            @if times.is_empty() && !is_host {
                p { (words::NO_TIME_TO_MOVE) }
            } @else {
                form method="post" action={ (base(call)) "/reschedule" } {
                    (token_field(call, view))
                    p.hint { (words::TIMES_IN) " " (zone.label()) }
                    @for day in times.chunk_by(|a, b| zone.day(a.start) == zone.day(b.start)) {
                        fieldset.day {
                            legend { (zone.long_day(day[0].start, now)) }
                            div.slots {
                                @for slot in day {
                                    label { input type="radio" name="start" value=(slot.start); (zone.clock(slot.start)) }
                                }
                            }
                        }
                    }
                    @if is_host {
                        div.field {
                            label for="local" { (words::ANY_TIME) }
                            input #local type="datetime-local" name="local";
                            input type="hidden" name="zone" value=(zone.name);
                        }
                    }
                    p.actions { button type="submit" { (words::MOVE_BUTTON) } }
                }
            }
        }
    }
}

fn cancel_form(call: &Call, view: &BookingView) -> Markup {
    html! {
        details {
            summary { (words::CANCEL) }
            p { (words::CANCEL_HELP) }
            form method="post" action={ (base(call)) "/cancel" } {
                (token_field(call, view))
                div.field {
                    label for="reason" { (words::CANCEL_REASON) }
                    input #reason type="text" name="reason" maxlength="1000";
                }
                p.actions { button.danger type="submit" { (words::CANCEL_BUTTON) } }
            }
        }
    }
}

fn token_field(call: &Call, view: &BookingView) -> Markup {
    let token = call.desk.keys.derive(FORM, view.booking.id, holder_of(view), view.booking.generation);
    html! { input type="hidden" name="form" value=(token); }
}

/// `/b/{token}`
pub(super) fn base(call: &Call) -> String {
    format!("/b/{}", encode(call.param(0)))
}

fn is_web_address(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
