//! `/b/{token}`: one booking for its holder, guest or host.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::answers;
use super::book::{field, told, when};
use super::calendar_links;
use super::countdown::countdown;
use super::deciding;
use super::face::face;
use super::failed;
use super::layout::Page;
use super::own_feeds::{self, Addresses};
use super::problems::missing_for;
use super::questions::{self, Replies};
use super::reader::Reader;
use super::schedule;
use super::subject::place;
use super::times::Zone;
use super::visitor::signed_in;
use super::words::language::Words;
use super::words::leading::leading;
use crate::availability::PooledSlot;
use crate::booking::{FieldError, Refusal, Status};
use crate::db::DbError;
use crate::desk::booking::{self, BookingView, HolderRole};
use crate::desk::slots::pooled;
use crate::invitations::{self, Surroundings};
use crate::people::PersonId;
use crate::surface::{Answer, Call, encode, file, with};
use crate::teams::PlaceKind;

/// How far ahead a session may be moved from this page, seconds, and how many times are offered.
const AHEAD: i64 = 60 * 86_400;
const MOST_TIMES: usize = 120;

/// What the page says besides the booking itself.
#[derive(Default)]
pub(super) struct News<'a> {
    /// What has just been done.
    pub(super) done: Option<fn(&Words) -> &'static str>,
    /// Why it was not done.
    pub(super) refusal: Option<&'a Refusal>,
    /// An agenda that was typed and could not be kept.
    pub(super) typed_agenda: Option<&'a str>,
    /// Answers that were typed and could not be kept.
    pub(super) typed_replies: Option<&'a Replies>,
    /// What else went wrong.
    pub(super) wrong: Option<fn(&Words) -> &'static str>,
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
    let done: Option<fn(&Words) -> &'static str> = match call.query().text("done") {
        "saved" => Some(|words| words.saved),
        "moved" => Some(|words| words.moved),
        "kept" => Some(|words| words.kept),
        "approved" => Some(|words| leading(words.code).done_approved),
        _ => None,
    };
    match booking::view(&call.desk, call.param(0)).await {
        Ok(view) => page(&call, &view, &News { done, ..News::default() }).await,
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(_) => missing_for(&call),
    }
}

/// `GET /b/{token}/invite.ics`: the event, for a calendar that does not read mail.
pub async fn invite(call: Call) -> Answer {
    let view = match booking::view(&call.desk, call.param(0)).await {
        Ok(view) if !view.booking.is_waiting() => view,
        Err(Refusal::Db(error)) => return failed(&call, &error),
        _ => return missing_for(&call),
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
    if view.team.hidden {
        return schedule::taken_page(call, view, news).await;
    }
    let reader = reader_of(call, view);
    let words = reader.words;
    let (times, own) = match (open_times(call, view).await, own_feed(call, view, words).await) {
        (Ok(times), Ok(own)) => (times, own),
        (Err(error), _) | (_, Err(error)) => return failed(call, &error),
    };
    let title = match view.booking.status {
        Status::Held => words.held.to_owned(),
        Status::Pending => deciding::asked_title(view, &reader),
        Status::Cancelled if view.booking.rejected => deciding::words(&reader).rejected.to_owned(),
        Status::Cancelled => words.cancelled.to_owned(),
        Status::Cancelling if is_undoable(view) => words.cancelling.to_owned(),
        Status::Confirmed | Status::Cancelling => (words.you_meet)(other_side(view)),
    };
    let content = html! {
        h1 { (title) }
        @if view.booking.stands_for(holder_of(view)) && view.role == HolderRole::Guest && view.changeable {
            p.lead { ((words.invited)(&view.booking.email)) }
        }
        (news_of(call, view, news, &reader))
        (proposed(call, view, &reader))
        (facts(call, view, own.as_ref(), &reader))
        (actions(call, view, news, &times, &reader))
    };
    let status = match news.refusal {
        Some(Refusal::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::CONFLICT,
        None if news.wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Page::secret(&title).status(status).reader(&reader, &base(call), &[]).show(&content)
}

/// The reader cancelled it and may still take that back.
fn is_undoable(view: &BookingView) -> bool {
    view.booking.cancelling_by == Some(holder_of(view))
}

/// The feed of all sessions of the holder, when they are signed in here.
async fn own_feed(call: &Call, view: &BookingView, words: &Words) -> Result<Option<Addresses>, DbError> {
    match signed_in(call).await? {
        Some(person) if person.id == holder_of(view) => {
            let [sessions, _] = own_feeds::addresses(call, words.own, person.id).await?;
            Ok(Some(sessions))
        }
        _ => Ok(None),
    }
}

/// The holder's own page.
fn holders_page(view: &BookingView) -> &'static str {
    match view.role {
        HolderRole::Guest => "/guest",
        HolderRole::Host => "/host",
    }
}

fn reader_of(call: &Call, view: &BookingView) -> Reader {
    let own = match view.role {
        HolderRole::Guest => &view.booking.timezone,
        HolderRole::Host => view.host.timezone.as_ref().unwrap_or(&view.team.timezone),
    };
    Reader::of(call, own)
}

/// The zone of the other side: a host's is the team's business, so a guest sees the team's.
fn other_zone(view: &BookingView) -> Zone {
    match view.role {
        HolderRole::Guest => Zone::choose(None, &view.team.timezone),
        HolderRole::Host => Zone::choose(None, &view.booking.timezone),
    }
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

fn news_of(call: &Call, view: &BookingView, news: &News<'_>, reader: &Reader) -> Markup {
    let words = reader.words;
    html! {
        @if let Some(done) = news.done { div.notice role="status" { p { (done(words)) } } }
        @if let Some(wrong) = news.wrong { div.notice.alert role="alert" { p { (wrong(words)) } } }
        @if let Some(refusal) = news.refusal {
            div.notice.alert role="alert" {
                @match refusal {
                    Refusal::Invalid(errors) => @for error in errors { p { (told(words, error)) @if let Some(label) = error.field.strip_prefix("answers.") { " (" (label) ")" } } },
                    _ => p { ((words.refused_title)(refusal)) ". " (words.not_changed) },
                }
            }
            @if !refusal.alternatives().is_empty() {
                h2 { (words.close_by) }
                form method="post" action={ (base(call)) "/reschedule" } {
                    (token_field(call, view))
                    div.actions {
                        @for slot in refusal.alternatives() {
                            button.quiet type="submit" name="start" value=(slot.start) {
                                (reader.day(slot.start)) ", " (reader.clock(slot.start))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn facts(call: &Call, view: &BookingView, own: Option<&Addresses>, reader: &Reader) -> Markup {
    let booking = &view.booking;
    let session = &booking.session;
    let words = reader.words;
    let whose = match view.role {
        HolderRole::Guest => words.team_time,
        HolderRole::Host => booking.name.as_str(),
    };
    let online = view.kind.place == PlaceKind::Online;
    let join = session.link.as_deref().filter(|link| online && is_web_address(link));
    html! {
        div.card {
            @if booking.takes_place() { (countdown(words, (session.starts, session.ends), reader.now, join)) }
            dl.facts {
                dt { (words.when) }
                dd { (when(reader, session.starts, session.ends, &other_zone(view), whose)) }
                dt { (words.about) } dd { (view.kind.name) ", " (view.team.name) }
                (people(view, words))
                @if booking.takes_place() {
                    dt { (words.where_) }
                    dd {
                        @match (place(&view.kind, words), &session.link) {
                            (Some(place), _) => (place),
                            (None, Some(link)) if is_web_address(link) => a href=(link) rel="noopener noreferrer" { (words.join) },
                            (None, Some(link)) => (link),
                            (None, None) => (words.link_to_come),
                        }
                    }
                }
                @if let Some(phone) = &booking.phone { dt { (words.phone) } dd { (phone) } }
                @for (question, answer) in &booking.answers { dt { (question) } dd { (questions::told(words, answer)) } }
                @if !booking.agenda.is_empty() { dt { (words.agenda_short) } dd { (booking.agenda) } }
                @if let (false, Some(reason)) = (booking.stands(), &booking.reason) { dt { (words.reason) } dd { (reason) } }
            }
        }
        @if booking.takes_place() { (keep_it(call, view, own, reader)) }
    }
}

/// Another time that one side proposes: the other decides.
fn proposed(call: &Call, view: &BookingView, reader: &Reader) -> Markup {
    let words = reader.words;
    let length = view.booking.session.ends - view.booking.session.starts;
    let Some(proposal) = &view.proposal else { return html! {} };
    let is_own = proposal.person == holder_of(view);
    html! {
        div.notice role="status" {
            p { @if is_own { (words.you_propose) } @else { ((words.proposes)(other_side(view))) } }
            p { strong { (when(reader, proposal.starts, proposal.starts + length, &other_zone(view), other_side(view))) } }
            @if let Some(comment) = &proposal.comment { p { (comment) } }
            @if !is_own {
                form method="post" action={ (base(call)) "/proposal" } {
                    (token_field(call, view))
                    input type="hidden" name="id" value=(proposal.id);
                    div.actions {
                        button type="submit" name="answer" value="accept" { (words.accept_time) }
                        button.quiet type="submit" name="answer" value="decline" { (words.keep_time) }
                    }
                }
            }
        }
    }
}

/// What a participant's calendar answered, if it did.
fn answer_of(view: &BookingView, person: PersonId, words: &Words) -> Markup {
    let answer = view.answers.iter().find(|answer| answer.person == person);
    let word = answer.and_then(|answer| match answer.answer.as_str() {
        "accepted" => Some(words.has_accepted),
        "tentative" => Some(words.is_tentative),
        _ => None,
    });
    html! { @if let Some(word) = word { small.soft { " " (word) } } }
}

/// Who meets whom. Who hosts stays open until the booking stands, where the team wants that.
fn people(view: &BookingView, words: &Words) -> Markup {
    html! {
        @match view.role {
            HolderRole::Guest => @if !view.booking.is_waiting() || view.team.show_hosts {
                dt { (words.with) } dd { (face(view.host.picture.as_deref())) (view.host.name) (answer_of(view, view.host.id, words)) }
            },
            HolderRole::Host => {
                dt { (words.guest) }
                dd { @for guest in &view.guests { div { (guest.name) ", " a href={ "mailto:" (guest.email) } { (guest.email) } (answer_of(view, guest.guest, words)) } } }
            }
        }
    }
}

/// Ways into the reader's own calendar.
fn keep_it(call: &Call, view: &BookingView, own: Option<&Addresses>, reader: &Reader) -> Markup {
    let words = reader.words;
    let session = &view.booking.session;
    let event = calendar_links::Event {
        title: format!("{}: {}", view.kind.name, other_side(view)),
        starts: session.starts,
        ends: session.ends,
        details: view.booking.agenda.clone(),
        place: place(&view.kind, words).or_else(|| session.link.clone()).unwrap_or_default(),
    };
    html! {
        section.keep aria-labelledby="keep" {
            h2 #keep { (words.add_to_calendar) }
            p.actions {
                a.button.quiet href={ (base(call)) "/invite.ics" } { (words.save_file) }
                @for (name, link) in event.links() { a.button.quiet href=(link) rel="noopener noreferrer" { (name) } }
            }
            p.hint {
                @match own {
                    Some(feed) => (own_feeds::short(words.subscribe_own, words, feed)),
                    // Whoever has this page's address may be anybody: all sessions of a person are shown to them alone.
                    None => {
                        a href={ (reader.link(holders_page(view))) "#feeds" } { (words.subscribe_own) } ". " (words.subscribe_own_help)
                    }
                }
            }
            @if view.team.public { p.hint { (own_feeds::team_links(call, words, &view.team)) } }
        }
    }
}

fn actions(call: &Call, view: &BookingView, news: &News<'_>, times: &[PooledSlot], reader: &Reader) -> Markup {
    let words = reader.words;
    let again = format!("/book/{}/{}", encode(&view.team.slug), encode(&view.kind.slug));
    html! {
        @match view.booking.status {
            Status::Cancelled => {
                p { (words.cancelled_help) }
                p.actions { a.button href=(reader.link(&again)) { (words.book_another) } }
            }
            _ if !view.changeable => {
                (deciding::outcome(call, view, reader))
                p.soft { (words.over) }
            }
            Status::Pending => {
                (deciding::question(call, view, reader))
                @if view.role == HolderRole::Guest {
                    (answers::form(call, view, news, words))
                    (agenda_form(call, view, news, words))
                    (cancel_form(call, view, words))
                }
            }
            Status::Held => @if view.role == HolderRole::Guest {
                p { (words.held_help) }
                form method="post" action={ (base(call)) "/confirm" } {
                    (token_field(call, view))
                    p.actions { button type="submit" { (words.confirm) } }
                }
            },
            Status::Cancelling if is_undoable(view) => {
                p { (words.cancelling_help) }
                form method="post" action={ (base(call)) "/undo" } {
                    (token_field(call, view))
                    p.actions { button type="submit" { (words.undo) } }
                }
            },
            Status::Confirmed | Status::Cancelling => {
                @if view.role == HolderRole::Guest {
                    (answers::form(call, view, news, words))
                    (agenda_form(call, view, news, words))
                }
                (move_form(call, view, times, reader))
                (cancel_form(call, view, words))
            }
        }
    }
}

fn agenda_form(call: &Call, view: &BookingView, news: &News<'_>, words: &Words) -> Markup {
    let errors: &[FieldError] = match news.refusal {
        Some(Refusal::Invalid(errors)) => errors,
        _ => &[],
    };
    let wrong = errors.iter().any(|error| error.field == "agenda").then_some(words.wrong_agenda);
    let text = news.typed_agenda.unwrap_or(&view.booking.agenda);
    html! {
        details open[wrong.is_some()] {
            summary { (words.change_agenda) }
            form method="post" action={ (base(call)) "/agenda" } {
                (token_field(call, view))
                (field("agenda", words.agenda, None, wrong, |described| html! {
                    textarea #agenda name="agenda" rows="5" maxlength="5000"
                        aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described] { (text) }
                }))
                p.actions { button type="submit" { (words.save) } }
            }
        }
    }
}

fn move_form(call: &Call, view: &BookingView, times: &[PooledSlot], reader: &Reader) -> Markup {
    let words = reader.words;
    let zone = &reader.zone;
    let is_host = view.role == HolderRole::Host;
    html! {
        details {
            summary { (words.move_) }
            @if times.is_empty() && !is_host {
                p { (words.no_time_to_move) }
            } @else {
                form method="post" action={ (base(call)) "/reschedule" } {
                    (token_field(call, view))
                    p.hint { (words.times_in) " " (zone.label_at(reader.now)) }
                    @for day in times.chunk_by(|a, b| zone.day(a.start) == zone.day(b.start)) {
                        fieldset.day {
                            legend { (reader.day(day[0].start)) }
                            div.slots {
                                @for slot in day {
                                    label {
                                        input type="radio" name="start" value=(slot.start); (reader.clock(slot.start))
                                        @if let Some(later) = reader.later(slot.start, slot.end) { small { (later) } }
                                    }
                                }
                            }
                        }
                    }
                    @if is_host {
                        div.field {
                            label for="local" { (words.any_time) }
                            input #local type="datetime-local" name="local";
                            input type="hidden" name="zone" value=(zone.name);
                        }
                    }
                    p.actions { button type="submit" { (words.move_button) } }
                }
            }
        }
    }
}

fn cancel_form(call: &Call, view: &BookingView, words: &Words) -> Markup {
    html! {
        details {
            summary { (words.cancel) }
            p { (words.cancel_help) }
            form method="post" action={ (base(call)) "/cancel" } {
                (token_field(call, view))
                div.field {
                    label for="reason" { (words.cancel_reason) }
                    input #reason type="text" name="reason" maxlength="1000";
                }
                p.actions { button.danger type="submit" { (words.cancel_button) } }
            }
        }
    }
}

/// The hidden field that [`is_form_token`] looks at.
pub(super) fn token_field(call: &Call, view: &BookingView) -> Markup {
    let token = call.desk.keys.derive(FORM, view.booking.id, holder_of(view), view.booking.generation);
    html! { input type="hidden" name="form" value=(token); }
}

/// `/b/{token}`
pub(super) fn base(call: &Call) -> String {
    format!("/b/{}", encode(call.param(0)))
}

/// Whether a link may stand in a page.
pub(super) fn is_web_address(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
