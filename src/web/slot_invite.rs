//! `POST /book/{team}/{type}/{date}/{time}/invitation`: the slot as an invitation (CN-8), by mail or as a file. Accepting it
//! in a calendar books it.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::book::{field, head};
use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::subject::Subject;
use super::times::read_time;
use crate::db::DbError;
use crate::desk::booking::{AskInvite, Caller, Refusal, prepare_invite, send_invite};
use crate::invitations::{Invitation, Method, Writer};
use crate::keys;
use crate::people::feeds::{marked, owner};
use crate::people::{self, Person};
use crate::surface::{Answer, Call, file, see_other, set};
use crate::teams::BookingMode;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    email: String,
    timezone: String,
    once: String,
    wrong: Option<&'static str>,
}

/// The part of a slot's page that offers it as an invitation; nothing where nobody could have one.
pub(super) fn section(call: &Call, subject: &Subject, start: i64) -> Markup {
    let visitor = subject.visitor.as_ref();
    if subject.facts.team.booking == BookingMode::Members && visitor.is_none() && mark(call).is_none() {
        return html! {};
    }
    let typed = Typed {
        email: visitor.map(|person| person.email.clone()).unwrap_or_default(),
        timezone: subject.reader.zone.name.clone(),
        once: keys::random_secret().unwrap_or_default(),
        wrong: None,
    };
    html! {
        details open[mark(call).is_some()] {
            summary { (subject.reader.words.as_invitation) }
            (form(subject, start, &typed, mark(call).as_deref()))
        }
    }
}

/// The sign of a personal feed by whose link somebody came.
fn mark(call: &Call) -> Option<String> {
    let (query, form) = (call.query(), call.form());
    let mark = query.get("for").or(form.get("for"))?;
    marked(&call.desk.keys, mark).map(|_| mark.to_owned())
}

/// `mark`: it goes to the reader of a feed, whose address nobody types.
fn form(subject: &Subject, start: i64, typed: &Typed, mark: Option<&str>) -> Markup {
    let words = subject.reader.words;
    html! {
        form method="post" action=(address(subject, start)) {
            p.hint { (words.as_invitation_help) }
            @if let Some(mark) = mark {
                input type="hidden" name="for" value=(mark);
            } @else {
                (field("invite-email", words.your_email, None, typed.wrong, |described| html! {
                    input #invite-email type="email" name="email" value=(typed.email) autocomplete="email" required
                        maxlength="254" aria-invalid=[typed.wrong.map(|_| "true")] aria-describedby=[described];
                }))
            }
            input type="hidden" name="timezone" value=(typed.timezone);
            input type="hidden" name="once" value=(typed.once);
            p.actions {
                button.quiet type="submit" name="as" value="mail" {
                    (if mark.is_some() { words.mail_to_feed } else { words.mail_invitation })
                }
                @if mark.is_none() {
                    button.quiet type="submit" name="as" value="file" { (words.save_invitation) }
                }
            }
        }
    }
}

/// Where the form goes: the slot's address and one word more.
fn address(subject: &Subject, start: i64) -> String {
    let page = subject.slot_link(start);
    match page.split_once('?') {
        Some((path, query)) => format!("{path}/invitation?{query}"),
        None => format!("{page}/invitation"),
    }
}

/// `POST`: mails the invitation, or gives it as a file.
pub async fn ask(call: Call) -> Answer {
    match asked(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn asked(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing_for(call)) };
    let Some(start) = read_time(call.param(3)) else { return Ok(missing_for(call)) };
    let fields = call.form();
    let timezone = Some(fields.text("timezone")).filter(|zone| !zone.is_empty()).unwrap_or(&subject.reader.zone.name);
    let typed = Typed {
        email: fields.text("email").to_owned(),
        timezone: timezone.to_owned(),
        once: fields.text("once").chars().take(64).collect(),
        wrong: None,
    };
    let reader = feed_reader(call).await?;
    let ask = AskInvite {
        facts: subject.facts.clone(),
        kind: subject.kind.clone(),
        start,
        host: subject.host,
        email: reader.as_ref().map_or(typed.email.clone(), |reader| reader.email.clone()),
        timezone: typed.timezone.clone(),
        language: subject.reader.words.language(),
        by: Caller { person: subject.visitor.clone(), address: call.client.to_string() },
        member: reader.clone(),
        once: typed.once.clone(),
    };
    // Whoever has a feed's address need not learn whose it is.
    let as_file = fields.text("as") == "file" && reader.is_none();
    let result = match as_file {
        true => prepare_invite(&call.desk, &ask).await.map(|(prepared, _)| saved(call, &ask, &prepared)),
        false => send_invite(&call.desk, &ask).await.map(|prepared| sent(&subject, reader.is_some(), &prepared.email)),
    };
    match result {
        Ok(answer) => Ok(answer),
        Err(Refusal::Db(error)) => Err(error),
        // Its page says what became of it, and what is open instead.
        Err(Refusal::NotOffered { .. } | Refusal::TooLate { .. } | Refusal::SlotTaken { .. }) => {
            Ok(see_other(&subject.slot_link(start)))
        }
        Err(refusal) => {
            let mark = mark(call).filter(|_| reader.is_some());
            Ok(refused(&subject, start, typed, mark.as_deref(), &refusal))
        }
    }
}

/// Whose feed led here.
async fn feed_reader(call: &Call) -> Result<Option<Person>, DbError> {
    let Some((person, generation)) = mark(call).and_then(|mark| marked(&call.desk.keys, &mark)) else {
        return Ok(None);
    };
    let mut conn = call.desk.db.read().await?;
    let owner = owner(&mut conn, person).await?;
    if owner.is_none_or(|owner| owner.banned || owner.generation != generation) {
        return Ok(None);
    }
    people::by_id(&mut conn, person).await
}

fn saved(call: &Call, ask: &AskInvite, prepared: &crate::desk::booking::Prepared) -> Answer {
    let invitation = Invitation {
        token: &prepared.token,
        email: &prepared.email,
        name: "",
        timezone: &ask.timezone,
        language: ask.language,
        starts: ask.start,
        ends: prepared.end,
        sequence: prepared.sequence,
        changed: call.desk.clock.now(),
        team_name: &ask.facts.team.name,
        team_slug: &ask.facts.team.slug,
        team_zone: &ask.facts.team.timezone,
        type_name: &ask.kind.name,
        type_slug: &ask.kind.slug,
    };
    let writer = Writer { config: &call.desk.config, keys: &call.desk.keys };
    let content = writer.slot_event(&invitation, Some(Method::Request));
    file("text/calendar; charset=utf-8; method=REQUEST", "invitation.ics", content)
}

fn sent(subject: &Subject, to_feed: bool, email: &str) -> Answer {
    let words = subject.reader.words;
    let content = html! {
        h1 { (words.check_mail) }
        p { @if to_feed { (words.invitation_sent_to_feed) } @else { ((words.invitation_sent)(email)) } }
        p.soft { (words.invitation_sent_help) }
        p.actions { a.button.quiet href=(subject.link()) { (words.all_dates) } }
    };
    Page::secret(words.check_mail).visitor(subject.visitor.as_ref()).words(words).show(&content)
}

fn refused(subject: &Subject, start: i64, typed: Typed, mark: Option<&str>, refusal: &Refusal) -> Answer {
    let words = subject.reader.words;
    let (status, wrong) = match refusal {
        Refusal::Invalid(_) => (422, Some(words.wrong_email)),
        Refusal::RateLimited { .. } => (429, None),
        Refusal::NotAllowed => (403, None),
        _ => (409, None),
    };
    let typed = Typed { wrong, ..typed };
    let end = start + subject.kind.minutes * 60;
    let content = html! {
        (head(subject, start, end))
        div.notice.alert role="alert" tabindex="-1" autofocus {
            p { @if wrong.is_some() { (words.look_again) } @else { ((words.refused)(refusal)) } }
        }
        h2 { (words.as_invitation) }
        (form(subject, start, &typed, mark))
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
    let title = format!("{} · {}", words.error, subject.kind.name);
    let page = Page::secret(&title).status(status).visitor(subject.visitor.as_ref()).words(words);
    let mut answer = page.show(&content);
    if let Refusal::RateLimited { retry_after } = refusal {
        set(&mut answer, header::RETRY_AFTER, &retry_after.to_string());
    }
    answer
}
