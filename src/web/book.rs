//! `/book/{team}/{type}/{date}/{time}`: the form, and what happens when it is sent.

use data_encoding::HEXLOWER;
use http::{StatusCode, header};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use super::face::face;
use super::failed;
use super::layout::Page;
use super::live_region;
use super::problems::{self, missing_for};
use super::questions::{self, Replies};
use super::reader::Reader;
use super::slot_invite;
use super::slot_list;
use super::subject::{Subject, place};
use super::times::{Zone, machine, read_time};
use super::words::language::Words;
use crate::availability::PooledSlot;
use crate::booking::{FieldError, Refusal, Status};
use crate::db::DbError;
use crate::desk::booking::{self, BookRequest, Booked, Caller, Guest, Idempotency};
use crate::keys;
use crate::surface::{Answer, Call, Form, see_other, set};
use crate::teams::{BookingMode, SessionType};

/// How far around a time that is gone others are looked for, seconds.
const AROUND: i64 = 21 * 86_400;

/// What somebody has typed.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    agenda: String,
    timezone: String,
    replies: Replies,
    /// Random, one a form: sending the same form twice books once.
    once: String,
}

impl Typed {
    fn read(form: &Form, kind: &SessionType) -> Self {
        let text = |name| form.text(name).to_owned();
        Self {
            name: text("name"),
            email: text("email"),
            agenda: text("agenda"),
            timezone: text("timezone"),
            replies: Replies::read(form, kind),
            once: text("once"),
        }
    }

    /// The same form, sent again unchanged, is the same request.
    fn idempotency(&self, path: &str) -> Option<Idempotency> {
        let replies = self.replies.all();
        let content = [path, &self.name, &self.email, &self.agenda, &self.timezone, &replies].join("\0");
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
        Err(error) => problems::unreachable(&call, &error),
    }
}

async fn form_page(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing_for(call)) };
    let Some(start) = read_time(call.param(3)) else { return Ok(missing_for(call)) };
    let open = subject.open(call, start, start + 1).await?;
    let Some(slot) = open.slots.first() else {
        let nearest = nearest(call, &subject, start).await?;
        return Ok(gone(call, &subject, start, &nearest));
    };
    let visitor = subject.visitor.as_ref();
    let typed = Typed {
        name: visitor.map(|person| person.name.clone()).unwrap_or_default(),
        email: visitor.map(|person| person.email.clone()).unwrap_or_default(),
        timezone: subject.reader.zone.name.clone(),
        once: keys::random_secret().unwrap_or_default(),
        agenda: String::new(),
        replies: Replies::default(),
    };
    let words = subject.reader.words;
    let content = html! {
        (head(&subject, slot.start, slot.end))
        @if subject.facts.team.booking == BookingMode::Members && visitor.is_none() {
            div.notice { p { (words.members_only) } p { (words.members_only_help) } }
            p.actions { a.button href="/sign-in" { (words.sign_in) } }
        } @else {
            (subject.live(&open))
            (fields(&subject, &typed, &[], Some(start), html! {
                p.actions { button type="submit" { (words.book) } }
                @if subject.facts.team.booking == BookingMode::Confirm { p.hint { (words.will_confirm) } }
            }))
            (slot_invite::section(call, &subject, start))
        }
    };
    let reader = &subject.reader;
    let path = call.uri.path();
    let page = Page::public(&subject.kind.name).visitor(visitor).reader(reader, path, &[]).detect_zone(reader);
    Ok(page.show(&content))
}

/// The session's time, in both zones where they differ, and with whom where the team tells.
pub(super) fn head(subject: &Subject, start: i64, end: i64) -> Markup {
    let reader = &subject.reader;
    let words = reader.words;
    let host = subject.facts.hosts.iter().find(|host| subject.host == Some(host.person));
    html! {
        p.back { a href=(subject.link()) { (words.other_time) } }
        (subject.heading())
        div.card {
            dl.facts {
                dt { (words.when) }
                dd { (when(reader, start, end, &subject.team_zone(), words.team_time)) }
                @if let Some(host) = host { dt { (words.with) } dd { (face(host.picture.as_deref())) (host.name) } }
                @if let Some(place) = place(&subject.kind, words) { dt { (words.where_) } dd { (place) } }
            }
        }
    }
}

/// Day and time in the reader's zone, and in another one (`whose`) where its clocks differ.
pub(super) fn when(reader: &Reader, start: i64, end: i64, other: &Zone, whose: &str) -> Markup {
    html! {
        time datetime=(machine(start)) { (reader.day(start)) br; (reader.span(start, end)) }
        span.soft { " · " (reader.zone.label_at(start)) }
        @if let Some(there) = reader.elsewhere(other, start, end) {
            br; span.soft { (there) " (" (whose) ") · " (other.label_at(start)) }
        }
    }
}

/// The form's fields, with what was typed and what is wrong with it, and its buttons. With `live`, the start of its slot,
/// the page tells when somebody else takes that.
fn fields(subject: &Subject, typed: &Typed, errors: &[FieldError], live: Option<i64>, buttons: Markup) -> Markup {
    let words = subject.reader.words;
    let slot = live.map(|start| live_region::name(&subject.kind.slug, start));
    let wrong = |field: &str| errors.iter().find(|error| error.field == field).map(|error| told(words, error));
    let zone = if Zone::find(&typed.timezone).is_some() { &typed.timezone } else { &subject.reader.zone.name };
    html! {
        form method="post" data-slot=[slot.as_deref()] {
            (summary(words, &subject.kind, errors))
            (field("name", words.your_name, None, wrong("guest.name"), |described| html! {
                input #name type="text" name="name" value=(typed.name) autocomplete="name" required maxlength="255"
                    aria-invalid=[wrong("guest.name").map(|_| "true")] aria-describedby=[described];
            }))
            (field("email", words.your_email, Some(words.email_hint), wrong("guest.email"), |described| html! {
                input #email type="email" name="email" value=(typed.email) autocomplete="email" required maxlength="254"
                    aria-invalid=[wrong("guest.email").map(|_| "true")] aria-describedby=[described];
            }))
            (questions::fields(words, &subject.kind, &typed.replies, errors))
            (field("agenda", words.agenda, Some(words.agenda_hint), wrong("agenda"), |described| html! {
                textarea #agenda name="agenda" rows="5" maxlength="5000"
                    aria-invalid=[wrong("agenda").map(|_| "true")] aria-describedby=[described] { (typed.agenda) }
            }))
            input type="hidden" name="timezone" value=(zone);
            input type="hidden" name="once" value=(typed.once);
            @if live.is_some() { (live_region::lost(words)) }
            (buttons)
        }
    }
}

/// Everything that is wrong, above the form, each with the way to its field.
fn summary(words: &Words, kind: &SessionType, errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.notice.alert role="alert" tabindex="-1" autofocus {
                p { (words.look_again) }
                ul {
                    @for error in errors {
                        @let said = html! { (told(words, error)) @if let Some(label) = error.field.strip_prefix("answers.") { " (" (label) ")" } };
                        li { @if let Some(id) = id_of(kind, &error.field) { a href={ "#" (id) } { (said) } } @else { (said) } }
                    }
                }
            }
        }
    }
}

/// The control that an error is about.
fn id_of(kind: &SessionType, field: &str) -> Option<String> {
    let own = ["guest.name", "guest.email", "agenda"].into_iter().find(|own| *own == field);
    own.map(|own| own.trim_start_matches("guest.").to_owned()).or_else(|| questions::id_of(kind, field))
}

/// What is wrong with a field and what to do about it, in the reader's language.
pub(super) fn told<'a>(words: &Words, error: &'a FieldError) -> &'a str {
    match &*error.field {
        "guest.name" => words.wrong_name,
        "guest.email" => words.wrong_email,
        "agenda" => words.wrong_agenda,
        "guest.phone" => words.wrong_phone,
        field if field.starts_with("answers.") => words.wrong_answer,
        _ => &error.message,
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
    let Some(subject) = Subject::find(call).await? else { return Ok(missing_for(call)) };
    let Some(start) = read_time(call.param(3)) else { return Ok(missing_for(call)) };
    let typed = Typed::read(&call.form(), &subject.kind);
    let timezone = if typed.timezone.is_empty() { subject.reader.zone.name.clone() } else { typed.timezone.clone() };
    let request = BookRequest {
        team: subject.facts.team.clone(),
        type_id: subject.kind.id,
        start,
        guest: Guest {
            name: typed.name.clone(),
            email: typed.email.clone(),
            phone: Some(typed.replies.phone.clone()),
            timezone,
            language: subject.reader.words.language(),
        },
        agenda: typed.agenda.clone(),
        answers: typed.replies.answers(&subject.kind),
        host: subject.host,
        by: Caller { person: subject.visitor.clone(), address: call.client.to_string() },
        idempotency: typed.idempotency(call.uri.path()),
    };
    match booking::book(&call.desk, request).await {
        Ok(booked) => Ok(done(&subject.reader, &booked, &typed)),
        Err(Refusal::Db(error)) => Err(error),
        Err(refusal) => Ok(refused(&subject, start, &typed, &refusal)),
    }
}

/// To the booking's page. One that waits for its mailed link has none yet: the link proves the address.
fn done(reader: &Reader, booked: &Booked, typed: &Typed) -> Answer {
    if booked.status != Status::Held {
        return see_other(&reader.link(&format!("/b/{}", booked.token)));
    }
    let words = reader.words;
    let content = html! {
        h1 { (words.check_mail) }
        p { ((words.link_sent)(&typed.email)) }
        p.soft { (words.check_mail_help) }
    };
    Page::secret(words.check_mail).words(words).show(&content)
}

/// What went wrong, with everything typed kept: wrong fields, or another time at the press of a button.
fn refused(subject: &Subject, start: i64, typed: &Typed, refusal: &Refusal) -> Answer {
    let reader = &subject.reader;
    let words = reader.words;
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
            p.back { a href=(subject.link()) { (words.all_dates) } }
            h1 { ((words.refused_title)(refusal)) }
            p { ((words.refused)(refusal)) }
            p.soft { (words.you_wanted) " " (reader.day(start)) ", " (reader.span(start, end)) "." }
            (fields(subject, typed, &[], None, html! {
                @if others.is_empty() {
                    p.actions { button type="submit" { (words.try_again) } }
                } @else {
                    h2 { (words.book_instead) }
                    p.hint { (words.times_in) " " (reader.zone.label_at(start)) }
                    div.actions {
                        @for slot in others {
                            button type="submit" formaction=(subject.slot_link(slot.start))
                                aria-label=(slot_list::spoken(subject, slot)) {
                                (reader.day(slot.start)) ", " (reader.clock(slot.start))
                            }
                        }
                    }
                }
            }))
        } @else {
            (head(subject, start, end))
            (fields(subject, typed, errors, None, html! { p.actions { button type="submit" { (words.book) } } }))
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
    let title = if errors.is_empty() { (words.refused_title)(refusal) } else { words.error };
    let title = format!("{title} · {}", subject.kind.name);
    let page = Page::secret(&title).status(status).visitor(subject.visitor.as_ref()).words(words);
    let mut answer = page.show(&content);
    if let Refusal::RateLimited { retry_after } = refusal {
        set(&mut answer, header::RETRY_AFTER, &retry_after.to_string());
    }
    answer
}

/// The page for a time that cannot be booked: why, and the nearest ones that can.
fn gone(call: &Call, subject: &Subject, start: i64, nearest: &[PooledSlot]) -> Answer {
    let reader = &subject.reader;
    let words = reader.words;
    let why = match start - reader.now {
        left if left < 0 => words.over_now,
        left if left < subject.notice(call) => words.too_late,
        _ => words.not_open,
    };
    let end = start + subject.kind.minutes * 60;
    let content = html! {
        p.back { a href=(subject.link()) { (words.all_dates) } }
        (subject.heading())
        div.notice {
            p { (why) }
            p.soft { (words.you_wanted) " " (reader.day(start)) ", " (reader.span(start, end)) "." }
        }
        @if nearest.is_empty() {
            p { (words.nothing_open) }
        } @else {
            h2 { (words.close_by) }
            p.hint { (words.times_in) " " (reader.zone.label_at(start)) }
            (slot_list::scattered(subject, nearest))
        }
        p.actions { a.button.quiet href=(subject.link()) { (words.all_dates) } }
    };
    let page = Page::public(&subject.kind.name).status(StatusCode::GONE).visitor(subject.visitor.as_ref());
    page.reader(reader, call.uri.path(), &[]).show(&content)
}

/// The three open slots nearest to a time.
async fn nearest(call: &Call, subject: &Subject, start: i64) -> Result<Vec<PooledSlot>, DbError> {
    let now = call.desk.clock.now();
    let middle = start.clamp(now, now + 366 * 86_400);
    let mut found = subject.open(call, (middle - AROUND).max(now), middle + AROUND).await?.slots;
    found.sort_by_key(|slot| (slot.start - start).abs());
    found.truncate(3);
    found.sort_by_key(|slot| slot.start);
    Ok(found)
}
