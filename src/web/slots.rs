//! `/book/{team}/{type}` and `/book/{team}/{type}/{date}`: what is open, day by day, in the reader's zone.

use std::sync::Arc;

use maud::{Markup, html};

use super::layout::Page;
use super::times::{Zone, machine, read_date, time_in_url};
use super::visitor::signed_in;
use super::{failed, missing, words, zone_choice};
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::slots::{Pooled, TeamFacts, pooled};
use crate::people::Person;
use crate::surface::{self, Answer, Call, encode};
use crate::teams::SessionType;

/// Days on one page.
const DAYS: i64 = 28;
const DAY: i64 = 86_400;
/// How far ahead the pages leaf, seconds.
const FARTHEST: i64 = 366 * DAY;

/// What a booking page is about.
pub(super) struct Subject {
    pub(super) facts: Arc<TeamFacts>,
    pub(super) kind: SessionType,
    pub(super) visitor: Option<Person>,
    /// `?tz=`, else the team's.
    pub(super) zone: Zone,
    /// Whether the zone was asked for, so that links keep it.
    pub(super) zone_asked: bool,
}

impl Subject {
    /// Team and type of a route that begins with them; `None`: unknown, or not for this visitor.
    pub(super) async fn find(call: &Call) -> Result<Option<Self>, DbError> {
        let visitor = signed_in(call).await?;
        let Some(facts) = surface::teams::visible(&call.desk, call.param(0), visitor.as_ref()).await? else {
            return Ok(None);
        };
        let Some(kind) = facts.types.iter().find(|one| one.slug == call.param(1)).cloned() else { return Ok(None) };
        let query = call.query();
        let asked = query.get("tz").and_then(Zone::find);
        let zone_asked = asked.is_some();
        let zone = asked.unwrap_or_else(|| Zone::choose(None, &facts.team.timezone));
        Ok(Some(Self { facts, kind, visitor, zone, zone_asked }))
    }

    /// `/book/{team}/{type}`
    pub(super) fn path(&self) -> String {
        format!("/book/{}/{}", encode(&self.facts.team.slug), encode(&self.kind.slug))
    }

    /// `?tz=...`, when the reader asked for a zone.
    pub(super) fn zone_query(&self) -> String {
        if self.zone_asked { format!("?tz={}", encode(&self.zone.name)) } else { String::new() }
    }

    /// Where a slot is booked.
    pub(super) fn slot_path(&self, start: i64) -> String {
        format!("{}/{}/{}{}", self.path(), self.zone.date_in_url(start), time_in_url(start), self.zone_query())
    }

    /// The open slots of the type with starts in a stretch of time.
    pub(super) async fn open(&self, call: &Call, from: i64, to: i64) -> Result<Pooled, DbError> {
        pooled(&call.desk, &self.facts.team, &[self.kind.id], from, to).await
    }

    /// Title and length of the session, above everything else.
    pub(super) fn heading(&self) -> Markup {
        html! {
            h1 { (self.kind.name) }
            p.lead {
                (self.facts.team.name) " · " (words::minutes(self.kind.minutes))
                @if self.kind.capacity > 1 { " · " (words::group(self.kind.capacity)) }
            }
        }
    }
}

/// `/book/{team}/{type}`
pub async fn list(call: Call) -> Answer {
    match list_page(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn list_page(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing()) };
    let now = call.desk.clock.now();
    let query = call.query();
    let asked = query.get("from").and_then(read_date).and_then(|day| subject.zone.bounds(day)).map(|(begin, _)| begin);
    let from = asked.unwrap_or(now).clamp(now, now + FARTHEST);
    // Whole days: the last one ends at midnight in the reader's zone.
    let last = subject.zone.day(from + (DAYS - 1) * DAY);
    let to = subject.zone.bounds(last).map_or(from + DAYS * DAY, |(_, end)| end);
    let found = subject.open(call, from, to).await?;
    let next = if found.slots.is_empty() { first_after(call, &subject, to, now).await? } else { None };
    let first_day = subject.zone.date_in_url(from);
    let content = html! {
        (subject.heading())
        @if !subject.kind.description.is_empty() { p { (subject.kind.description) } }
        (zone_choice::form(&subject.path(), &subject.zone, &[("from", &first_day)]))
        @if found.slots.is_empty() { (nothing_open(&subject, next, now)) }
        (days(&subject, &found.slots, now))
        (leaf(&subject, from, to, now))
    };
    let title = format!("{}, {}", subject.kind.name, subject.facts.team.name);
    Ok(Page::public(&title).visitor(subject.visitor.as_ref()).show(&content))
}

/// The first open slot after a stretch without any.
async fn first_after(call: &Call, subject: &Subject, from: i64, now: i64) -> Result<Option<PooledSlot>, DbError> {
    if from >= now + FARTHEST {
        return Ok(None);
    }
    Ok(subject.open(call, from, now + FARTHEST).await?.slots.first().cloned())
}

fn nothing_open(subject: &Subject, next: Option<PooledSlot>, now: i64) -> Markup {
    html! {
        div.notice {
            @match next {
                Some(slot) => {
                    p { (words::NOTHING_IN_THESE_WEEKS) }
                    p {
                        (words::NEXT_OPEN) " "
                        a href=(subject.slot_path(slot.start)) {
                            (subject.zone.long_day(slot.start, now)) ", " (subject.zone.clock(slot.start))
                        }
                    }
                }
                None => p { (words::NOTHING_OPEN) }
            }
        }
    }
}

/// Slots under the days they begin on.
fn days(subject: &Subject, slots: &[PooledSlot], now: i64) -> Markup {
    html! {
        @for day in slots.chunk_by(|a, b| subject.zone.day(a.start) == subject.zone.day(b.start)) {
            @let first = day[0].start;
            section.day {
                h2 {
                    a href={ (subject.path()) "/" (subject.zone.date_in_url(first)) (subject.zone_query()) } {
                        (subject.zone.long_day(first, now))
                    }
                }
                (list_of(subject, day))
            }
        }
    }
}

/// One link for each slot.
pub(super) fn list_of(subject: &Subject, slots: &[PooledSlot]) -> Markup {
    html! {
        ul.slots {
            @for slot in slots {
                li {
                    a href=(subject.slot_path(slot.start)) {
                        time datetime=(machine(slot.start)) { (subject.zone.clock(slot.start)) }
                        @if subject.kind.capacity > 1 { small { (words::places(slot.open)) } }
                    }
                }
            }
        }
    }
}

/// Earlier and later weeks.
fn leaf(subject: &Subject, from: i64, to: i64, now: i64) -> Markup {
    let zone = if subject.zone_asked { format!("&tz={}", encode(&subject.zone.name)) } else { String::new() };
    let link = |start: i64| format!("{}?from={}{zone}", subject.path(), subject.zone.date_in_url(start));
    html! {
        nav.pages aria-label=(words::MORE_DATES) {
            @if from > now { a rel="prev" href=(link((from - DAYS * DAY).max(now))) { (words::EARLIER) } } @else { span {} }
            @if to < now + FARTHEST { a rel="next" href=(link(to)) { (words::LATER) } }
        }
    }
}

/// `/book/{team}/{type}/{date}`
pub async fn day(call: Call) -> Answer {
    match day_page(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn day_page(call: &Call) -> Result<Answer, DbError> {
    let Some(subject) = Subject::find(call).await? else { return Ok(missing()) };
    let Some((begin, end)) = read_date(call.param(2)).and_then(|day| subject.zone.bounds(day)) else {
        return Ok(missing());
    };
    let now = call.desk.clock.now();
    let found = subject.open(call, begin.min(now + FARTHEST), end.min(now + FARTHEST)).await?.slots;
    let path = format!("{}/{}", subject.path(), call.param(2));
    let content = html! {
        p.back { a href={ (subject.path()) (subject.zone_query()) } { (words::ALL_DATES) } }
        (subject.heading())
        h2 { (subject.zone.long_day(begin, now)) }
        @if found.is_empty() { p { (words::NOTHING_THAT_DAY) } }
        (list_of(&subject, &found))
        (zone_choice::form(&path, &subject.zone, &[]))
    };
    let title = format!("{}, {}", subject.zone.long_day(begin, now), subject.kind.name);
    Ok(Page::public(&title).visitor(subject.visitor.as_ref()).show(&content))
}
