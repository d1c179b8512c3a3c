//! `/lead/{team}/{booking}`: one booking with everything about it and all that can be done to it.

use std::collections::HashMap;

use http::StatusCode;
use maud::{Markup, html};

use super::super::booking::is_web_address;
use super::super::deciding::{outcome_buttons, spoken};
use super::super::layout::Page;
use super::super::reader::Reader;
use super::super::times::machine;
use super::super::visitor::{required, token_field};
use super::super::words::administration::Administration;
use super::super::words::leading::{Leading, leading};
use super::super::{failed, missing};
use super::{notice, reader, reason_field, timeline, words};
use crate::availability::PooledSlot;
use crate::booking::{self, Booking, Happened, Refusal, Status};
use crate::desk::booking::{FreeHost, free_hosts, host_times};
use crate::people::web_sessions::SignedIn;
use crate::people::{self, Person};
use crate::surface::{Answer, Call, encode};
use crate::teams::{self, SessionType, Team};

/// How far ahead a session may be moved from this page, seconds, and how many times are offered.
const AHEAD: i64 = 30 * 86_400;
const MOST_TIMES: usize = 60;

/// Everything about one booking.
pub(super) struct Found {
    pub(super) team: Team,
    pub(super) booking: Booking,
    kind: SessionType,
    host: Person,
    on_behalf: Option<String>,
    history: Vec<Happened>,
    people: HashMap<i64, String>,
    free: Vec<FreeHost>,
    times: Vec<PooledSlot>,
    ahead: bool,
}

impl Found {
    /// `/lead/{team}/{booking}`
    pub(super) fn path(&self) -> String {
        format!("/lead/{}/{}", encode(&self.team.slug), self.booking.id)
    }
}

/// What the page shows besides the booking.
#[derive(Default)]
pub(super) struct News<'a> {
    pub(super) done: Option<&'static str>,
    pub(super) wrong: Option<&'static str>,
    pub(super) reason_wrong: Option<&'static str>,
    pub(super) typed: &'a str,
}

/// `GET /lead/{team}/{booking}`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let words = leading(reader(&call, None).words.code);
    let done = match call.query().text("done") {
        "saved" => Some(words.done_saved),
        "approved" => Some(words.done_approved),
        "moved" => Some(words.done_moved),
        "reassigned" => Some(words.done_reassigned),
        "resent" => Some(words.done_resent),
        "booked" => Some(words.done_booked),
        _ => None,
    };
    page(&call, &visitor, &News { done, ..News::default() }).await
}

/// The booking, if it is one of this team's.
pub(super) async fn found(call: &Call) -> Result<Option<Found>, Refusal> {
    let now = call.desk.clock.now();
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let id = call.param(1).parse().unwrap_or(0);
    let booking = booking::by_id(&mut conn, id).await?.filter(|booking| booking.session.team == team.id);
    let Some(booking) = booking else { return Ok(None) };
    let kind = teams::type_by_id(&mut conn, booking.session.type_id).await?;
    let host = people::by_id(&mut conn, booking.session.host).await?;
    let (Some(kind), Some(host)) = (kind, host) else { return Ok(None) };
    let history = booking::history(&mut conn, booking.id).await?;
    let people = people::names(&mut conn, &timeline::people_in(&history)).await?;
    let on_behalf = booking::on_behalf_of(&mut conn, booking.id).await?.map(|(_, name)| name);
    drop(conn);
    let ahead = booking::must_be_ahead(&booking, now).is_ok();
    let (free, times) = if ahead {
        let times = host_times(&call.desk, &booking, now + AHEAD).await?;
        (free_hosts(&call.desk, &booking).await?, times)
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(Some(Found { team, booking, kind, host, on_behalf, history, people, free, times, ahead }))
}

/// The page, with what happened just now.
pub(super) async fn page(call: &Call, visitor: &SignedIn, news: &News<'_>) -> Answer {
    let found = match found(call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(Refusal::Db(error)) => return failed(call, &error),
        Err(_) => return missing(),
    };
    let reader = reader(call, visitor.person.timezone.as_deref().or(Some(&found.team.timezone)));
    let (words, leading) = (words(&reader), leading(reader.words.code));
    let view = View { call, visitor, found: &found, reader: &reader, words, leading };
    let title = format!("{}: {}", found.kind.name, found.booking.name);
    let content = html! {
        p.back { a href={ "/lead/" (encode(&found.team.slug)) } { (found.team.name) } }
        h1 { (title) }
        (notice(news.done, false))
        (notice(news.wrong, true))
        (view.facts())
        (view.question())
        (view.outcome())
        (timeline::list(&found.history, &found.people, &found.booking.name, &reader))
        (view.changes(news))
        p.soft { (reader.zone_spoken()) }
    };
    let status = match news.wrong.or(news.reason_wrong) {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let address = found.path();
    let page = Page::secret(&title).reader(&reader, &address, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

struct View<'a> {
    call: &'a Call,
    visitor: &'a SignedIn,
    found: &'a Found,
    reader: &'a Reader,
    words: &'static Administration,
    leading: &'static Leading,
}

impl View<'_> {
    fn facts(&self) -> Markup {
        let Found { host, booking, on_behalf, .. } = self.found;
        let (reader, words, leading) = (self.reader, self.words, self.leading);
        let session = &booking.session;
        html! {
            div.card {
                dl.facts {
                    dt { (words.when) }
                    dd { time datetime=(machine(session.starts)) { (reader.day(session.starts)) ", " (reader.span(session.starts, session.ends)) } }
                    dt { (words.state) }
                    dd {
                        (leading.state(booking.word()))
                        @if let Some(outcome) = session.outcome { ". " (spoken(leading, outcome)) }
                    }
                    dt { (words.host) } dd { (host.name) }
                    dt { (words.guest) } dd { (booking.name) ", " a href={ "mailto:" (booking.email) } { (booking.email) } }
                    @if let Some(phone) = &booking.phone { dt { (leading.phone) } dd { (phone) } }
                    @for (question, answer) in &booking.answers {
                        dt { (question) }
                        dd { @match answer.as_str() { Some(text) => (text), None => (answer) } }
                    }
                    @if !booking.agenda.is_empty() { dt { (words.agenda) } dd { (booking.agenda) } }
                    @if let Some(link) = session.link.as_ref().filter(|_| booking.takes_place()) {
                        dt { (leading.meeting) }
                        dd { @if is_web_address(link) { a href=(link) rel="noopener noreferrer" { (link) } } @else { (link) } }
                    }
                    @if let Some(reason) = &booking.reason { dt { (words.reason) } dd { (reason) } }
                    dt { (leading.booked_on) }
                    dd {
                        time datetime=(machine(booking.created)) { (reader.day(booking.created)) ", " (reader.clock(booking.created)) }
                        @if let Some(name) = on_behalf { ". " ((leading.booked_by)(name)) }
                    }
                }
            }
        }
    }

    /// A form of this page.
    fn form(&self, action: &str, content: &Markup) -> Markup {
        html! {
            form method="post" action={ (self.found.path()) "/" (action) } {
                (token_field(self.call, self.visitor))
                (content)
            }
        }
    }

    /// Yes or no, while it waits for that.
    fn question(&self) -> Markup {
        let Found { booking, .. } = self.found;
        let (reader, leading) = (self.reader, self.leading);
        if booking.status != Status::Pending || !self.found.ahead {
            return html! {};
        }
        let until = booking.expires.unwrap_or(booking.session.starts);
        let until = format!("{}, {}", reader.day(until), reader.clock(until));
        html! {
            section.card aria-labelledby="question" {
                h2 #question { ((leading.asks)(&booking.name)) }
                p { ((leading.asks_help)(&until)) }
                (self.form("approve", &html! { p.actions { button type="submit" { (leading.approve) } } }))
                details {
                    summary { (leading.reject) }
                    (self.form("reject", &html! {
                        div.field {
                            label for="no" { (leading.reject_reason) }
                            input #no type="text" name="reason" maxlength="1000";
                        }
                        p.actions { button.danger type="submit" { (leading.reject) } }
                    }))
                }
            }
        }
    }

    /// How it went, once it has begun.
    fn outcome(&self) -> Markup {
        let booking = &self.found.booking;
        if !booking.takes_place() || self.reader.now < booking.session.starts {
            return html! {};
        }
        html! { div.card { (self.form("outcome", &outcome_buttons(self.leading, booking.session.outcome))) } }
    }

    /// What can be done while it is ahead.
    fn changes(&self, news: &News<'_>) -> Markup {
        let (words, leading) = (self.words, self.leading);
        if !self.found.ahead {
            return html! {};
        }
        html! {
            h2 { (leading.change) }
            details { summary { (leading.reassign) } (self.reassign()) }
            details { summary { (leading.move_) } (self.reschedule()) }
            @if self.found.booking.takes_place() {
                details {
                    summary { (leading.resend) }
                    p { (leading.resend_help) }
                    (self.form("resend", &html! { p.actions { button type="submit" { (leading.resend) } } }))
                }
            }
            details open[news.reason_wrong.is_some()] {
                summary { (words.cancel) }
                p { (words.cancel_help) }
                (self.form("cancel", &html! {
                    (reason_field(words, "reason", news.typed, news.reason_wrong))
                    p.actions { button.danger type="submit" { (words.cancel) } }
                }))
            }
        }
    }

    fn reassign(&self) -> Markup {
        let leading = self.leading;
        if self.found.free.is_empty() {
            return html! { p { (leading.nobody_free) } };
        }
        self.form(
            "reassign",
            &html! {
                div.field {
                    label for="host" { (leading.new_host) }
                    select #host name="host" aria-describedby="reassign-hint" {
                        option value="" { (leading.choose) }
                        @for host in &self.found.free {
                            option value=(host.person) {
                                (host.name) ": " (if host.offers { leading.offers_it } else { leading.only_free })
                            }
                        }
                    }
                }
                p.hint #reassign-hint { (leading.reassign_help) }
                p.actions { button type="submit" { (leading.reassign) } }
            },
        )
    }

    fn reschedule(&self) -> Markup {
        let (reader, leading) = (self.reader, self.leading);
        let times: Vec<_> = self.found.times.iter().take(MOST_TIMES).collect();
        self.form("reschedule", &html! {
            @if !times.is_empty() {
                div.field {
                    label for="start" { (leading.open_time) }
                    select #start name="start" {
                        option value="" { (leading.choose) }
                        @for slot in times {
                            option value=(slot.start) { (reader.day(slot.start)) ", " (reader.span(slot.start, slot.end)) }
                        }
                    }
                }
            }
            div.field {
                label for="local" { (leading.any_time) }
                input #local type="datetime-local" name="local";
                input type="hidden" name="zone" value=(reader.zone.name);
                p.hint { (reader.zone_spoken()) }
            }
            p.actions { button type="submit" { (leading.move_) } }
        })
    }
}
