//! `/book/{team}/{type}/{date}/{time}`: the form, and what happens when it is sent.

use data_encoding::HEXLOWER;
use http::{StatusCode, header};
use maud::{Markup, html};
use serde_json::Map;
use sha2::{Digest, Sha256};

use super::layout::Page;
use super::slots::Subject;
use super::times::{Zone, machine, read_time};
use super::{failed, missing, words};
use crate::availability::PooledSlot;
use crate::booking::{FieldError, Refusal, Status};
use crate::db::DbError;
use crate::desk::booking::{self, BookRequest, Booked, Caller, Guest, Idempotency};
use crate::keys;
use crate::surface::{Answer, Call, Form, see_other, set};
use crate::teams::BookingMode;

/// How far around a time that is gone others are looked for, seconds.
const AROUND: i64 = 21 * 86_400;

/// What somebody has typed.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    agenda: String,
    timezone: String,
    /// Random, one a form: sending the same form twice books once.
    once: String,
}

impl Typed {
    fn read(form: &Form) -> Self {
        let text = |name| form.text(name).to_owned();
        Self {
            name: text("name"),
            email: text("email"),
            agenda: text("agenda"),
            timezone: text("timezone"),
            once: text("once"),
        }
    }

    /// The same form, sent again unchanged, is the same request.
    fn idempotency(&self, path: &str) -> Option<Idempotency> {
        let content = [path, &self.name, &self.email, &self.agenda, &self.timezone].join("\0");
        let body_hash = Sha256::digest(content).to_vec();
        let key = format!("{}.{}", self.once, &HEXLOWER.encode(&body_hash)[..32]);
        (!self.once.is_empty() && self.once.len() <= 64).then(|| Idempotency {
            route: "page".into(),
            caller: self.email.to_lowercase(),
            key,
            body_hash,
        })
    }
}

/// `GET`: the form.
pub async fn form(call: Call) -> Answer {
    match form_page(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn form_page(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing()) };
    let Some(start) = read_time(call.param(3)) else { return Ok(missing()) };
    let open = subject.open(call, start, start + 1).await?.slots.first().cloned();
    let Some(slot) = open else {
        let nearest = nearest(call, &subject, start).await?;
        return Ok(gone(&subject, call.desk.clock.now(), words::NOT_OPEN, &nearest));
    };
    let visitor = subject.visitor.as_ref();
    let typed = Typed {
        name: visitor.map(|person| person.name.clone()).unwrap_or_default(),
        email: visitor.map(|person| person.email.clone()).unwrap_or_default(),
        timezone: subject.zone.name.clone(),
        once: keys::random_secret().unwrap_or_default(),
        agenda: String::new(),
    };
    let content = html! {
        (head(call, &subject, slot.start, slot.end))
        @if subject.facts.team.booking == BookingMode::Members && visitor.is_none() {
            div.notice { p { (words::MEMBERS_ONLY) } p { (words::MEMBERS_ONLY_HELP) } }
        } @else {
            (fields(&subject, &typed, &[], html! {
                p.actions { button type="submit" { (words::BOOK) } }
                @if subject.facts.team.booking == BookingMode::Confirm { p.hint { (words::WILL_CONFIRM) } }
            }))
        }
    };
    Ok(Page::public(&subject.kind.name).visitor(visitor).show(&content))
}

/// The session's time, and with whom where the team tells.
fn head(call: &Call, subject: &Subject, start: i64, end: i64) -> Markup {
    let now = call.desk.clock.now();
    let zone = &subject.zone;
    html! {
        p.back { a href={ (subject.path()) (subject.zone_query()) } { (words::OTHER_TIME) } }
        (subject.heading())
        div.card {
            dl.facts {
                dt { (words::WHEN) }
                dd {
                    time datetime=(machine(start)) { (zone.long_day(start, now)) br; (zone.span(start, end)) }
                    span.soft { " · " (zone.label()) }
                }
            }
        }
    }
}

/// The form's fields, with what was typed and what is wrong with it, and its buttons.
fn fields(subject: &Subject, typed: &Typed, errors: &[FieldError], buttons: Markup) -> Markup {
    let wrong = |field: &str| errors.iter().find(|error| error.field == field).map(|error| error.message.as_str());
    let zone = if Zone::find(&typed.timezone).is_some() { &typed.timezone } else { &subject.zone.name };
    html! {
        form method="post" {
            @if !errors.is_empty() {
                div.notice.alert role="alert" { p { (words::LOOK_AGAIN) } }
            }
            (field("name", words::YOUR_NAME, None, wrong("guest.name"), |described| html! {
                input #name type="text" name="name" value=(typed.name) autocomplete="name" required maxlength="255"
                    aria-invalid=[wrong("guest.name").map(|_| "true")] aria-describedby=[described];
            }))
            (field("email", words::YOUR_EMAIL, Some(words::EMAIL_HINT), wrong("guest.email"), |described| html! {
                input #email type="email" name="email" value=(typed.email) autocomplete="email" required maxlength="254"
                    aria-invalid=[wrong("guest.email").map(|_| "true")] aria-describedby=[described];
            }))
            (field("agenda", words::AGENDA, Some(words::AGENDA_HINT), wrong("agenda"), |described| html! {
                textarea #agenda name="agenda" rows="5" maxlength="5000"
                    aria-invalid=[wrong("agenda").map(|_| "true")] aria-describedby=[described] { (typed.agenda) }
            }))
            input type="hidden" name="timezone" value=(zone);
            input type="hidden" name="once" value=(typed.once);
            (buttons)
        }
    }
}

/// A label, its control, a hint, and what is wrong, tied together for everybody.
pub(super) fn field(
    id: &str,
    label: &str,
    hint: Option<&str>,
    wrong: Option<&str>,
    control: impl FnOnce(Option<String>) -> Markup,
) -> Markup {
    let ids: Vec<String> =
        [hint.map(|_| format!("{id}-hint")), wrong.map(|_| format!("{id}-wrong"))].into_iter().flatten().collect();
    html! {
        div.field {
            label for=(id) { (label) }
            @if let Some(hint) = hint { p.hint id={ (id) "-hint" } { (hint) } }
            (control((!ids.is_empty()).then(|| ids.join(" "))))
            @if let Some(wrong) = wrong { p.wrong id={ (id) "-wrong" } { (wrong) } }
        }
    }
}

/// `POST`: books.
pub async fn submit(call: Call) -> Answer {
    match submitted(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn submitted(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing()) };
    let Some(start) = read_time(call.param(3)) else { return Ok(missing()) };
    let typed = Typed::read(&call.form());
    let timezone = if typed.timezone.is_empty() { subject.zone.name.clone() } else { typed.timezone.clone() };
    let request = BookRequest {
        team: subject.facts.team.clone(),
        type_id: subject.kind.id,
        start,
        guest: Guest { name: typed.name.clone(), email: typed.email.clone(), phone: None, timezone },
        agenda: typed.agenda.clone(),
        answers: Map::new(),
        host: None,
        by: Caller { person: subject.visitor.clone(), address: call.client.to_string() },
        idempotency: typed.idempotency(call.uri.path()),
    };
    match booking::book(&call.desk, request).await {
        Ok(booked) => Ok(done(&booked, &typed)),
        Err(Refusal::Db(error)) => Err(error),
        Err(refusal) => Ok(refused(call, &subject, start, &typed, &refusal)),
    }
}

/// To the booking's page. One that waits for its mailed link has none yet: the link proves the address.
fn done(booked: &Booked, typed: &Typed) -> Answer {
    if booked.status != Status::Held {
        return see_other(&format!("/b/{}", booked.token));
    }
    let content = html! {
        h1 { (words::CHECK_MAIL) }
        p { (words::check_mail(&typed.email)) }
        p.soft { (words::CHECK_MAIL_HELP) }
    };
    Page::secret(words::CHECK_MAIL).show(&content)
}

/// What went wrong, with everything typed kept: wrong fields, or another time at the press of a button.
fn refused(call: &Call, subject: &Subject, start: i64, typed: &Typed, refusal: &Refusal) -> Answer {
    let now = call.desk.clock.now();
    let end = start + subject.kind.minutes * 60;
    let (status, errors): (u16, &[FieldError]) = match refusal {
        Refusal::Invalid(errors) => (422, errors),
        Refusal::NotAllowed => (403, &[]),
        Refusal::RateLimited { .. } => (429, &[]),
        Refusal::NotFound => (404, &[]),
        _ => (409, &[]),
    };
    let others = refusal.alternatives();
    let content = html! {
        @if errors.is_empty() {
            p.back { a href={ (subject.path()) (subject.zone_query()) } { (words::ALL_DATES) } }
            h1 { (words::refused_title(refusal)) }
            p { (words::refused(refusal)) }
            p.soft { (words::YOU_WANTED) " " (subject.zone.long_day(start, now)) ", " (subject.zone.span(start, end)) "." }
            (fields(subject, typed, &[], html! {
                @if others.is_empty() {
                    p.actions { button type="submit" { (words::TRY_AGAIN) } }
                } @else {
                    h2 { (words::BOOK_INSTEAD) }
                    p.hint { (subject.zone.label()) }
                    div.actions {
                        @for slot in others {
                            button type="submit" formaction=(subject.slot_path(slot.start)) {
                                (subject.zone.long_day(slot.start, now)) ", " (subject.zone.clock(slot.start))
                            }
                        }
                    }
                }
            }))
        } @else {
            (head(call, subject, start, end))
            (fields(subject, typed, errors, html! { p.actions { button type="submit" { (words::BOOK) } } }))
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
    let mut answer = Page::secret(&subject.kind.name).status(status).visitor(subject.visitor.as_ref()).show(&content);
    if let Refusal::RateLimited { retry_after } = refusal {
        set(&mut answer, header::RETRY_AFTER, &retry_after.to_string());
    }
    answer
}

/// The page for a time that is not open, with the nearest ones that are.
fn gone(subject: &Subject, now: i64, why: &str, nearest: &[PooledSlot]) -> Answer {
    let content = html! {
        p.back { a href={ (subject.path()) (subject.zone_query()) } { (words::ALL_DATES) } }
        (subject.heading())
        div.notice { p { (why) } }
        @if !nearest.is_empty() {
            h2 { (words::CLOSE_BY) }
            p.hint { (subject.zone.label()) }
            ul.slots {
                @for slot in nearest {
                    li {
                        a href=(subject.slot_path(slot.start)) {
                            time datetime=(machine(slot.start)) {
                                (subject.zone.long_day(slot.start, now)) ", " (subject.zone.clock(slot.start))
                            }
                        }
                    }
                }
            }
        }
    };
    Page::public(&subject.kind.name).status(StatusCode::GONE).visitor(subject.visitor.as_ref()).show(&content)
}

/// The three open slots nearest to a time.
async fn nearest(call: &Call, subject: &Subject, start: i64) -> Result<Vec<PooledSlot>, DbError> {
    let now = call.desk.clock.now();
    let middle = start.clamp(now, now + 366 * 86_400);
    let mut found = subject.open(call, (middle - AROUND).max(now), middle + AROUND).await?.slots.to_vec();
    found.sort_by_key(|slot| (slot.start - start).abs());
    found.truncate(3);
    found.sort_by_key(|slot| slot.start);
    Ok(found)
}
