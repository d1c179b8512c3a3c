//! `/lead/{team}/book` and `/host/book/{team}`: booking for a guest, as somebody who looks after the team or as the host.

use http::StatusCode;
use maud::{Markup, html};

use super::super::layout::Page;
use super::super::questions::{self, Replies};
use super::super::reader::Reader;
use super::super::visitor::{required, submitting, token_field};
use super::super::words::leading::{Leading, leading};
use super::super::{failed, missing};
use super::booking_changes::wrong;
use super::notice;
use crate::availability::PooledSlot;
use crate::booking::{FieldError, OnBehalf, Refusal};
use crate::db::DbError;
use crate::desk::booking::{self, BookRequest, Caller, Guest, token};
use crate::people::PersonId;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, Form, encode, see_other};
use crate::teams::{self, Host, Role, SessionType, Team};

/// How far ahead times are offered, seconds, and how many.
const AHEAD: i64 = 60 * 86_400;
const MOST_TIMES: usize = 120;

/// What is typed and chosen.
#[derive(Debug, Clone, Default)]
struct Typed {
    kind: String,
    host: Option<PersonId>,
    waive: bool,
    start: Option<i64>,
    name: String,
    email: String,
    timezone: String,
    agenda: String,
    replies: Replies,
}

impl Typed {
    fn read(form: &Form, types: &[SessionType]) -> Self {
        let kind = types.iter().find(|kind| kind.slug == form.text("type")).or(types.first());
        Self {
            kind: form.text("type").to_owned(),
            host: form.text("host").parse().ok(),
            waive: form.text("soon") == "yes",
            start: form.text("start").parse().ok(),
            name: form.get("name").unwrap_or_default().to_owned(),
            email: form.get("email").unwrap_or_default().to_owned(),
            timezone: form.get("timezone").unwrap_or_default().to_owned(),
            agenda: form.get("agenda").unwrap_or_default().replace("\r\n", "\n"),
            replies: kind.map(|kind| Replies::read(form, kind)).unwrap_or_default(),
        }
    }
}

/// What the page is about.
struct Subject {
    team: Team,
    types: Vec<SessionType>,
    hosts: Vec<Host>,
    /// Who books is a host, with themself only.
    own: Option<PersonId>,
}

/// `GET /lead/{team}/book`
pub async fn lead_form(call: Call) -> Answer {
    form(&call, false).await
}

/// `GET /host/book/{team}`
pub async fn host_form(call: Call) -> Answer {
    form(&call, true).await
}

/// `POST /lead/{team}/book`
pub async fn lead_books(call: Call) -> Answer {
    submit(&call, false).await
}

/// `POST /host/book/{team}`
pub async fn host_books(call: Call) -> Answer {
    submit(&call, true).await
}

async fn form(call: &Call, own: bool) -> Answer {
    let visitor = match required(call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match subject(call, &visitor, own).await {
        Ok(Some(subject)) => page(call, &visitor, &subject, &Typed::read(&call.query(), &subject.types), None).await,
        Ok(None) => missing(),
        Err(error) => failed(call, &error),
    }
}

async fn submit(call: &Call, own: bool) -> Answer {
    let visitor = match submitting(call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let subject = match subject(call, &visitor, own).await {
        Ok(Some(subject)) => subject,
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let typed = Typed::read(&call.form(), &subject.types);
    let Some(start) = typed.start else { return page(call, &visitor, &subject, &typed, Some(&NOTHING_CHOSEN)).await };
    let Some(kind) = subject.types.iter().find(|kind| kind.slug == typed.kind) else { return missing() };
    let request = BookRequest {
        team: subject.team.clone(),
        type_id: kind.id,
        start,
        guest: Guest {
            name: typed.name.clone(),
            email: typed.email.clone(),
            timezone: typed.timezone.clone(),
            phone: Some(typed.replies.phone.clone()),
            ..Guest::default()
        },
        agenda: typed.agenda.clone(),
        answers: typed.replies.answers(kind),
        host: subject.own.or(typed.host),
        by: Caller { person: Some(visitor.person.clone()), address: String::new() },
        idempotency: None,
    };
    match booking::book_for(&call.desk, request, OnBehalf { waive_notice: typed.waive }).await {
        Ok(booked) => see_other(&match subject.own {
            Some(person) => format!("/b/{}", token(&call.desk.keys, booked.id, person, 0)),
            None => format!("/lead/{}/{}?done=booked", encode(&subject.team.slug), booked.id),
        }),
        Err(Refusal::Db(error)) => failed(call, &error),
        Err(refusal) => page(call, &visitor, &subject, &typed, Some(&refusal)).await,
    }
}

/// No time was chosen.
const NOTHING_CHOSEN: Refusal = Refusal::NotFound;

/// The team, for whoever may book here.
async fn subject(call: &Call, visitor: &SignedIn, own: bool) -> Result<Option<Subject>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let roles = teams::roles(&mut conn, team.id, visitor.person.id).await?;
    if own && !roles.contains(&Role::Host) {
        return Ok(None);
    }
    let types = teams::types(&mut conn, team.id).await?;
    let hosts = teams::hosts(&mut conn, team.id).await?;
    Ok(Some(Subject { team, types, hosts, own: own.then_some(visitor.person.id) }))
}

async fn page(call: &Call, visitor: &SignedIn, subject: &Subject, typed: &Typed, refusal: Option<&Refusal>) -> Answer {
    let reader = super::reader(call, visitor.person.timezone.as_deref().or(Some(&subject.team.timezone)));
    let words = leading(reader.words.code);
    let kind = subject.types.iter().find(|kind| kind.slug == typed.kind).or(subject.types.first());
    let times = match kind {
        Some(kind) => {
            let (only, to) = (subject.own.or(typed.host), reader.now + AHEAD);
            booking::open_times(&call.desk, subject.team.id, kind.id, only, typed.waive, to).await
        }
        None => Ok(Vec::new()),
    };
    let times = match times {
        Ok(times) => times,
        Err(Refusal::Db(error)) => return failed(call, &error),
        Err(_) => Vec::new(),
    };
    let view = View { call, visitor, subject, typed, refusal, reader: &reader, words };
    let wrong = refusal.and_then(|refusal| match refusal {
        Refusal::Invalid(_) => None,
        Refusal::NotFound => Some(words.wrong_time),
        Refusal::AlreadyBooked { .. } if subject.hosts.iter().any(|host| host.email == typed.email) => {
            Some(words.self_booked)
        }
        other => Some(wrong(words, other)),
    });
    let content = html! {
        p.back { a href=(view.back()) { (subject.team.name) } }
        h1 { (words.book_for) }
        p.lead { (words.book_for_help) }
        (notice(wrong, true))
        (view.choice(kind))
        @if let Some(kind) = kind { (view.details(kind, &times)) }
    };
    let path = view.path();
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(words.book_for).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

struct View<'a> {
    call: &'a Call,
    visitor: &'a SignedIn,
    subject: &'a Subject,
    typed: &'a Typed,
    refusal: Option<&'a Refusal>,
    reader: &'a Reader,
    words: &'static Leading,
}

impl View<'_> {
    fn path(&self) -> String {
        let slug = encode(&self.subject.team.slug);
        if self.subject.own.is_some() { format!("/host/book/{slug}") } else { format!("/lead/{slug}/book") }
    }

    fn back(&self) -> String {
        match self.subject.own {
            Some(_) => "/host".to_owned(),
            None => format!("/lead/{}", encode(&self.subject.team.slug)),
        }
    }

    /// What kind, with whom, how soon: decides which times are shown.
    fn choice(&self, kind: Option<&SessionType>) -> Markup {
        let (words, typed) = (self.words, self.typed);
        html! {
            form.card method="get" action=(self.path()) {
                div.field {
                    label for="type" { (words.kind) }
                    select #type name="type" {
                        @for one in &self.subject.types {
                            option value=(one.slug) selected[kind.is_some_and(|kind| kind.id == one.id)] { (one.name) }
                        }
                    }
                }
                @if self.subject.own.is_none() {
                    div.field {
                        label for="host" { (words.with_host) }
                        select #host name="host" {
                            option value="" { (words.whoever) }
                            @for host in &self.subject.hosts {
                                option value=(host.person) selected[typed.host == Some(host.person)] { (host.name) }
                            }
                        }
                    }
                }
                p { label { input type="checkbox" name="soon" value="yes" checked[typed.waive]; " " (words.waive) } }
                p.actions { button.quiet type="submit" { (words.show_times) } }
            }
        }
    }

    fn details(&self, kind: &SessionType, times: &[PooledSlot]) -> Markup {
        let (words, typed, reader) = (self.words, self.typed, self.reader);
        if times.is_empty() {
            return html! { p { (words.no_times) } };
        }
        let zone = if typed.timezone.is_empty() { &self.subject.team.timezone } else { &typed.timezone };
        html! {
            form method="post" action=(self.path()) {
                (token_field(self.call, self.visitor))
                input type="hidden" name="type" value=(kind.slug);
                @if let Some(host) = typed.host { input type="hidden" name="host" value=(host); }
                @if typed.waive { input type="hidden" name="soon" value="yes"; }
                div.field {
                    label for="start" { (words.when_) }
                    select #start name="start" required aria-describedby="start-hint" {
                        option value="" { (words.choose) }
                        @for slot in times.iter().take(MOST_TIMES) {
                            option value=(slot.start) selected[typed.start == Some(slot.start)] {
                                (reader.day(slot.start)) ", " (reader.span(slot.start, slot.end))
                            }
                        }
                    }
                    p.hint #start-hint { (reader.zone_spoken()) }
                }
                (self.text("name", "text", words.guest_name, &typed.name, ("guest.name", words.wrong_name)))
                (self.text("email", "email", words.guest_email, &typed.email, ("guest.email", words.wrong_email)))
                (self.text("timezone", "text", words.guest_zone, zone, ("guest.timezone", words.wrong_zone)))
                @let wrong = self.wrong("agenda").then_some(words.wrong_agenda);
                div.field {
                    label for="agenda" { (words.agenda) }
                    textarea #agenda name="agenda" rows="4" maxlength="5000" aria-invalid=[wrong.map(|_| "true")]
                        aria-describedby=[wrong.map(|_| "agenda-wrong")] { (typed.agenda) }
                    @if let Some(wrong) = wrong { p.wrong #agenda-wrong { (wrong) } }
                }
                @if questions::any(kind) {
                    h2 { (words.questions) }
                    p.hint { (words.questions_help) }
                    (questions::for_a_guest(reader.words, kind, &typed.replies, self.errors()))
                }
                p.actions { button type="submit" { (words.book) } }
            }
        }
    }

    fn text(&self, id: &str, kind: &str, label: &str, value: &str, (field, message): (&str, &str)) -> Markup {
        let wrong = self.wrong(field);
        html! {
            div.field {
                label for=(id) { (label) }
                input id=(id) type=(kind) name=(id) value=(value) required maxlength="255" autocomplete="off"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then(|| format!("{id}-wrong"))];
                @if wrong { p.wrong id={ (id) "-wrong" } { (message) } }
            }
        }
    }

    fn errors(&self) -> &[FieldError] {
        match self.refusal {
            Some(Refusal::Invalid(errors)) => errors,
            _ => &[],
        }
    }

    fn wrong(&self, field: &str) -> bool {
        self.errors().iter().any(|error| error.field == field)
    }
}
