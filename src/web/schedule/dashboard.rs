//! `/d/{secret}`: a schedule's owner adds times, sees who has taken which, and gives the other address around.

use http::StatusCode;
use maud::{Markup, html};

use super::{by_day, live, names, owners_zone, with_files, words, wrong};
use crate::booking::{Booking, FieldError};
use crate::desk::schedules::{self, LONGEST_NOTE, Listed, MOST_WEEKS, Slot, State, list};
use crate::people::is_private;
use crate::schedules::{Door, Schedule};
use crate::surface::{Answer, Call, encode};
use crate::web::book::field;
use crate::web::layout::Page;
use crate::web::times::{Zone, machine};
use crate::web::{failed, missing, qr};

/// Lengths into which a stretch of time is cut, minutes.
const CUTS: &[i64] = &[15, 20, 30, 45, 60, 90];

/// What was typed into the form for new slots.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) date: String,
    pub(super) starts: String,
    pub(super) ends: String,
    pub(super) note: String,
    pub(super) minutes: String,
    pub(super) weeks: String,
}

/// What the page says besides the schedule.
#[derive(Default)]
pub(super) struct News {
    /// What has just been done.
    pub(super) done: Option<String>,
    /// What could not be done.
    pub(super) problem: Option<&'static str>,
    /// What was typed, and what is wrong with it.
    pub(super) typed: Typed,
    pub(super) errors: Vec<FieldError>,
    /// The booking whose message could not be sent.
    pub(super) message: Option<(i64, String)>,
}

/// `GET /d/{secret}`
pub async fn show(call: Call) -> Answer {
    let query = call.query();
    let done = match query.text("done") {
        "deleted" => Some(words::DELETED.to_owned()),
        "cancelled" => Some(words::CANCELLED_DONE.to_owned()),
        other => other.strip_prefix("added-").and_then(|count| count.parse().ok()).map(words::added),
    };
    match schedules::open(&call.desk, call.param(0), Door::Dashboard).await {
        Ok(Some(schedule)) => page(&call, &schedule, &News { done, ..News::default() }).await,
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

/// The page, with what happened just now.
pub(super) async fn page(call: &Call, schedule: &Schedule, news: &News) -> Answer {
    match list(&call.desk, schedule).await {
        Ok(listed) => shown(call, schedule, &listed, news),
        Err(error) => failed(call, &error),
    }
}

/// `/d/{secret}`
pub(super) fn base(call: &Call) -> String {
    format!("/d/{}", encode(call.param(0)))
}

fn shown(call: &Call, schedule: &Schedule, listed: &Listed, news: &News) -> Answer {
    let (_, subject) = names(listed);
    let title = words::dashboard(subject);
    let page = schedule.path(&call.desk.keys, Door::Page);
    let secret_of_page = page.rsplit('/').next().unwrap_or_default();
    let content = html! {
        h1 { (title) }
        @if let Some(done) = &news.done { div.notice role="status" { p { (done) } } }
        @if let Some(problem) = news.problem { div.notice.alert role="alert" { p { (problem) } } }
        p.soft { (words::KEEP) }
        (address(call, schedule))
        (adding(call, listed, news))
        (slots(call, listed, news))
        (live(secret_of_page, listed))
        (calendar_app(call))
    };
    let status = match (news.problem, news.errors.is_empty()) {
        (_, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (Some(_), _) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    Page::secret(&title).status(status).show(&with_files(&content, None))
}

/// The other address: to copy, to share, to photograph.
fn address(call: &Call, schedule: &Schedule) -> Markup {
    let path = schedule.path(&call.desk.keys, Door::Page);
    let whole = call.absolute(&path);
    html! {
        section.card {
            h2 { label for="address" { (words::GIVE) } }
            p.hint #address-hint { (words::GIVE_HELP) }
            input #address type="text" readonly value=(whole) aria-describedby="address-hint";
            div.actions {
                button.quiet type="button" data-copy="address" data-done=(words::COPIED) hidden { (words::COPY) }
                button.quiet type="button" data-share=(whole) hidden { (words::SHARE) }
                a.button.quiet href=(path) { (words::SEE_PAGE) }
            }
            p.status role="status" data-said {}
            details { summary { (words::QR) } (qr::svg(&whole, words::QR_LABEL)) }
        }
    }
}

fn adding(call: &Call, listed: &Listed, news: &News) -> Markup {
    let (typed, errors) = (&news.typed, &news.errors);
    let zone = owners_zone(listed);
    let today = zone.day(call.desk.clock.now());
    let invalid = |name: &str| wrong(errors, name).map(|_| "true");
    let weeks = if typed.weeks.is_empty() { "1" } else { &typed.weeks };
    html! {
        section {
            h2 #add { (words::ADD) }
            @if !errors.is_empty() && news.message.is_none() { div.notice.alert role="alert" { p { (words::LOOK_AGAIN) } } }
            p.hint { (words::TIMES_IN) " " (zone.label()) }
            form.slot-form method="post" action={ (base(call)) "/slots" } {
                (field("date", words::DAY, None, wrong(errors, "date"), |described| html! {
                    input #date type="date" name="date" value=(typed.date) min=(today) required
                        placeholder="2026-11-26" aria-invalid=[invalid("date")] aria-describedby=[described];
                }))
                (field("starts", words::FROM, None, wrong(errors, "starts"), |described| html! {
                    input #starts type="time" name="starts" value=(typed.starts) required placeholder="14:00"
                        aria-invalid=[invalid("starts")] aria-describedby=[described];
                }))
                (field("ends", words::UNTIL, None, wrong(errors, "ends"), |described| html! {
                    input #ends type="time" name="ends" value=(typed.ends) required placeholder="15:00"
                        aria-invalid=[invalid("ends")] aria-describedby=[described];
                }))
                (field("minutes", words::CUT, None, wrong(errors, "minutes"), |described| html! {
                    select #minutes name="minutes" aria-invalid=[invalid("minutes")] aria-describedby=[described] {
                        option value="" { (words::CUT_NOT) }
                        @for minutes in CUTS {
                            option value=(minutes) selected[typed.minutes == minutes.to_string()] {
                                (words::minutes_each(*minutes))
                            }
                        }
                    }
                }))
                (field("weeks", words::WEEKS, None, wrong(errors, "weeks"), |described| html! {
                    input #weeks type="number" name="weeks" value=(weeks) min="1" max=(MOST_WEEKS) required
                        aria-invalid=[invalid("weeks")] aria-describedby=[described];
                }))
                div.wide {
                    (field("note", words::NOTE, Some(words::NOTE_HINT), wrong(errors, "note"), |described| html! {
                        input #note type="text" name="note" value=(typed.note) maxlength=(LONGEST_NOTE)
                            aria-invalid=[invalid("note")] aria-describedby=[described];
                    }))
                }
                p.actions { button type="submit" { (words::ADD_BUTTON) } }
            }
        }
    }
}

fn slots(call: &Call, listed: &Listed, news: &News) -> Markup {
    let zone = owners_zone(listed);
    let now = call.desk.clock.now();
    html! {
        section {
            h2 { (words::YOUR_SLOTS) }
            div data-refresh {
            @if listed.slots.is_empty() { p.soft { (words::NO_SLOTS) } }
            @for day in by_day(listed, &zone) {
                section.day {
                    h3 { (zone.long_day(day.first().map_or(now, |slot| slot.starts), now)) }
                    ul.rows { @for slot in day { (row(call, slot, &zone, news)) } }
                }
            }
            }
        }
    }
}

fn row(call: &Call, slot: &Slot, zone: &Zone, news: &News) -> Markup {
    let span = zone.span(slot.starts, slot.ends);
    let what = format!("{}, {span}", zone.long_day(slot.starts, call.desk.clock.now()));
    html! {
        li {
            p.head {
                time datetime=(machine(slot.starts)) { (span) }
                " "
                @match &slot.state {
                    State::Open => span.state { (words::OPEN) },
                    State::Taken(booking) => strong.state { (words::taken_by(&booking.name)) },
                    State::Blocked => {}
                }
            }
            @if !slot.note.is_empty() { p.note { (slot.note) } }
            @match (&slot.state, &slot.name) {
                (State::Taken(booking), _) => (taken(call, booking, &what, slot.name.as_deref(), news)),
                (state, name) => {
                    @if *state == State::Blocked { p.hint { (words::BLOCKED) } }
                    @match name {
                        Some(name) => (delete(call, name, &what)),
                        None => p.hint { (words::FROM_APP) },
                    }
                }
            }
        }
    }
}

fn delete(call: &Call, name: &str, what: &str) -> Markup {
    html! {
        form method="post" action={ (base(call)) "/withdraw" } {
            input type="hidden" name="slot" value=(name);
            button.link type="submit" aria-label=(words::delete(what)) { (words::DELETE) }
        }
    }
}

fn taken(call: &Call, booking: &Booking, what: &str, slot: Option<&str>, news: &News) -> Markup {
    let private = is_private(&booking.email);
    let typed = news.message.as_ref().filter(|(id, _)| *id == booking.id);
    let wrong = typed.and_then(|_| wrong(&news.errors, "reason"));
    let id = format!("message-{}", booking.id);
    let hint = if private { words::MESSAGE_ON_PAGE } else { words::MESSAGE_BY_MAIL };
    html! {
        @if !private { p { a href={ "mailto:" (booking.email) } { (booking.email) } } }
        p.hint { (words::WHY_STAYS) }
        details open[typed.is_some()] {
            summary aria-label={ (words::CANCEL) ": " (what) } { (words::CANCEL) }
            form method="post" action={ (base(call)) "/cancel" } {
                input type="hidden" name="booking" value=(booking.id);
                @if let Some(slot) = slot { input type="hidden" name="slot" value=(slot); }
                (field(&id, words::MESSAGE, Some(hint), wrong, |described| html! {
                    textarea id=(id) name="reason" rows="3" maxlength="1000"
                        aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described] {
                        (typed.map_or("", |(_, text)| text.as_str()))
                    }
                }))
                @if slot.is_some() {
                    p { label.check { input type="checkbox" name="again" value="yes"; " " (words::OFFER_AGAIN) } }
                }
                p.actions { button.danger type="submit" { (words::CANCEL_BUTTON) } }
            }
        }
    }
}

fn calendar_app(call: &Call) -> Markup {
    html! {
        details {
            summary { (words::APP) }
            p { (words::APP_HELP) }
            form method="post" action={ (base(call)) "/calendar" } {
                p.actions { button.quiet type="submit" { (words::APP_BUTTON) } }
                p.hint { (words::APP_AGAIN) }
            }
        }
    }
}

/// The account for a calendar app, with its password, this once.
pub(super) fn account(call: &Call, user: &str, password: &str) -> Answer {
    let content = html! {
        p.back { a href=(base(call)) { (words::BACK) } }
        h1 { (words::APP_TITLE) }
        p.lead { (words::APP_ONCE) }
        div.card {
            dl.facts {
                dt { (words::SERVER) } dd { code { (call.absolute("/dav/")) } }
                dt { (words::USER) } dd { code { (user) } }
                dt { (words::PASSWORD) } dd { code { (password) } }
            }
        }
        p.soft { (words::APP_HELP) }
    };
    Page::secret(words::APP_TITLE).show(&with_files(&content, None))
}
