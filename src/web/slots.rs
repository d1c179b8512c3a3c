//! `/book/{team}/{type}` and `/book/{team}/{type}/{date}`: what is open, as a month and day by day, in the reader's
//! zone. Pages for visitors who are not signed in are kept in memory, each until something it shows changes.

use http::{StatusCode, header};
use jiff::civil::Date;
use maud::{Markup, html};

use super::embed;
use super::layout::Page;
use super::month::{self, Month};
use super::own_feeds;
use super::problems::{self, missing_for};
use super::slot_list::{self, MOST_IN_A_DAY};
use super::subject::Subject;
use super::times::{read_date, read_time, time_in_url};
use super::zone_choice;
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::pages::PageCopy;
use crate::surface::{self, Answer, Call, fresh, squeezed, takes_gzip};

/// `/book/{team}/{type}`
pub async fn list(call: Call) -> Answer {
    let page = async {
        let Some(subject) = Subject::find(&call).await? else { return Ok(missing_for(&call)) };
        list_page(&call, subject).await
    };
    page.await.unwrap_or_else(|error| problems::unreachable(&call, &error))
}

pub(super) async fn list_page(call: &Call, subject: Subject) -> Result<Answer, DbError> {
    let query = call.query();
    let asked = query.get("month").and_then(Month::read);
    let this = Month::of(today(&subject));
    let shown = asked.unwrap_or(this).max(this);
    let (from, to) = stretch(&subject, shown, if asked.is_some() { 1 } else { 2 });
    let open = subject.open(call, from, to).await?;
    let next = if open.slots.is_empty() { subject.first_from(call, subject.reader.now).await? } else { None };
    let key = key(&subject, &["list", query.get("month").unwrap_or_default(), &open.version, &seen(next.as_ref())]);
    if let Some(answer) = kept(call, &subject, &key) {
        return Ok(answer);
    }
    // Without a month asked for, the page opens at the first free day, however far away.
    let (shown, open) = match (&next, asked) {
        (Some(next), None) => {
            let shown = Month::of(subject.reader.zone.day(next.start));
            let (from, to) = stretch(&subject, shown, 1);
            (shown, subject.open(call, from, to).await?)
        }
        (None, None) => (open.slots.first().map_or(shown, |slot| Month::of(subject.reader.zone.day(slot.start))), open),
        _ => (shown, open),
    };
    let reader = &subject.reader;
    let month_query = asked.map(|_| ("month", shown.in_url()));
    let more: Vec<(&str, &str)> = month_query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let content = html! {
        (subject.heading())
        (subject.with_host())
        @if !subject.kind.description.is_empty() { p { (subject.kind.description) } }
        div.choose {
            (month::grid(&subject, shown, in_month(&subject, &open.slots, shown), None))
            section.times aria-label=(reader.words.all_dates) {
                (zone_choice::line(&subject, &subject.path(), &more))
                (embed::hint(&subject))
                (subject.live(&open))
                @if open.slots.is_empty() { (nothing_open(&subject, shown, next.as_ref())) }
                (slot_list::days(&subject, &open.slots))
                (subscribe(call, &subject))
            }
        }
    };
    let title = format!("{}, {}", subject.kind.name, subject.facts.team.name);
    let page = Page::public(&title)
        .visitor(subject.visitor.as_ref())
        .reader(reader, &subject.path(), &more)
        .detect_zone(reader)
        .framed(&subject);
    Ok(keep(call, &subject, key, page.show(&content)))
}

/// A day's page follows the same frame.
pub async fn day(call: Call) -> Answer {
    let page = async {
        let Some(subject) = Subject::find(&call).await? else { return Ok(missing_for(&call)) };
        day_page(&call, subject).await
    };
    page.await.unwrap_or_else(|error| problems::unreachable(&call, &error))
}

pub(super) async fn day_page(call: &Call, subject: Subject) -> Result<Answer, DbError> {
    let reader = &subject.reader;
    let Some(date) = read_date(call.param(2)) else { return Ok(missing_for(call)) };
    let shown = Month::of(date);
    let (from, to) = stretch(&subject, shown, 1);
    let open = subject.open(call, from, to).await?;
    let here: Vec<PooledSlot> = open.slots.iter().filter(|slot| reader.zone.day(slot.start) == date).cloned().collect();
    let next = if here.is_empty() { subject.first_from(call, reader.now).await? } else { None };
    let query = call.query();
    let after = query.get("after").and_then(read_time).unwrap_or(i64::MIN);
    let key = key(&subject, &["day", call.param(2), &after.to_string(), &open.version, &seen(next.as_ref())]);
    if let Some(answer) = kept(call, &subject, &key) {
        return Ok(answer);
    }
    let path = format!("{}/{date}", subject.path());
    let content = html! {
        p.back { a href=(subject.link()) { (reader.words.all_dates) } }
        (subject.heading())
        (subject.with_host())
        div.choose {
            (month::grid(&subject, shown, in_month(&subject, &open.slots, shown), Some(date)))
            section.times aria-labelledby="day" {
                h2 #day { (reader.date(date)) }
                (zone_choice::line(&subject, &path, &[]))
                (embed::hint(&subject))
                (subject.live(&open))
                (times_of_day(&subject, &path, &here, after))
                @if here.is_empty() { (nothing_that_day(&subject, next.as_ref())) }
            }
        }
    };
    let title = format!("{}, {}", reader.date(date), subject.kind.name);
    let page = Page::public(&title).visitor(subject.visitor.as_ref()).reader(reader, &path, &[]).framed(&subject);
    Ok(keep(call, &subject, key, page.show(&content)))
}

/// A day's slots, and a way to those that the page has no room for.
fn times_of_day(subject: &Subject, path: &str, slots: &[PooledSlot], after: i64) -> Markup {
    let first = slots.partition_point(|slot| slot.start <= after);
    let (shown, rest) = slots[first..].split_at((slots.len() - first).min(MOST_IN_A_DAY));
    let more = shown.last().filter(|_| !rest.is_empty()).map(|last| time_in_url(last.start));
    html! {
        (slot_list::list(subject, shown))
        @if let Some(more) = more {
            p.more { a href=(subject.reader.link_with(path, &[("after", &more)])) { (subject.reader.words.later_that_day) } }
        }
    }
}

fn nothing_open(subject: &Subject, month: Month, next: Option<&PooledSlot>) -> Markup {
    let words = subject.reader.words;
    html! {
        div.notice {
            p { @if next.is_some() { ((words.nothing_in)(&subject.reader.month(month.first()))) } @else { (words.nothing_open) } }
        }
        (next_open(subject, next))
    }
}

fn nothing_that_day(subject: &Subject, next: Option<&PooledSlot>) -> Markup {
    let words = subject.reader.words;
    html! {
        div.notice { p { (words.nothing_that_day) } @if next.is_none() { p { (words.nothing_open) } } }
        (next_open(subject, next))
    }
}

fn next_open(subject: &Subject, next: Option<&PooledSlot>) -> Markup {
    html! {
        @if let Some(slot) = next {
            p { (subject.reader.words.next_open) }
            (slot_list::scattered(subject, std::slice::from_ref(slot)))
        }
    }
}

/// The feed of the team's open times, for one's own calendar.
fn subscribe(call: &Call, subject: &Subject) -> Markup {
    let words = subject.reader.words;
    html! {
        @if subject.facts.team.public && subject.frame.is_none() { p.keep.hint.soft { (own_feeds::team_links(call, words, &subject.facts.team)) } }
    }
}

fn today(subject: &Subject) -> Date {
    subject.reader.zone.day(subject.reader.now)
}

/// The part of so many months that lies between now and the end of the booking window.
fn stretch(subject: &Subject, month: Month, months: i32) -> (i64, i64) {
    let zone = &subject.reader.zone;
    let begin = |month: Month| zone.bounds(month.first()).map_or(i64::MAX, |(begin, _)| begin);
    let (now, end) = (subject.reader.now, subject.window_end());
    (begin(month).clamp(now, end), begin(month.plus(months)).clamp(now, end))
}

/// Those that start in the month.
fn in_month<'a>(subject: &Subject, slots: &'a [PooledSlot], month: Month) -> &'a [PooledSlot] {
    let of = |slot: &PooledSlot| Month::of(subject.reader.zone.day(slot.start));
    let begin = slots.partition_point(|slot| of(slot) < month);
    let end = slots.partition_point(|slot| of(slot) <= month);
    slots.get(begin..end).unwrap_or_default()
}

/// Names a slot and everything that a page says of it.
fn seen(slot: Option<&PooledSlot>) -> String {
    slot.map(|slot| format!("{} {} {} {:?}", slot.start, slot.end, slot.open, slot.hosts)).unwrap_or_default()
}

/// Everything a page is made from, but for the team's facts.
fn key(subject: &Subject, parts: &[&str]) -> String {
    let Subject { facts, kind, reader, .. } = subject;
    // Labels of zones hold their offsets, which change in the middle of a day.
    let offsets = (reader.zone.offset(reader.now), subject.team_zone().offset(reader.now));
    let kept: Vec<String> = reader.kept().iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{offsets:?}\n{}",
        subject.path(),
        facts.team.id,
        kind.id,
        reader.words.code,
        kept.join("&"),
        today(subject),
        parts.join("\n")
    )
}

/// The page kept under this key, for a visitor who is not signed in.
fn kept(call: &Call, subject: &Subject, key: &str) -> Option<Answer> {
    if subject.visitor.is_some() {
        return None;
    }
    let copy = call.desk.pages.find(key, &subject.facts)?;
    Some(given(call, subject, &copy))
}

/// The same page, kept for the next one who asks; a signed-in visitor's is theirs alone.
fn keep(call: &Call, subject: &Subject, key: String, page: Answer) -> Answer {
    if subject.visitor.is_some() {
        return page;
    }
    given(call, subject, &call.desk.pages.keep(key, &subject.facts, page.into_body()))
}

/// The page as the reader takes it, or 304. Nothing secret stands on it, so it may be compressed.
fn given(call: &Call, subject: &Subject, copy: &PageCopy) -> Answer {
    if subject.frame.is_some() {
        let page = squeezed(&call.headers, "text/html; charset=utf-8", &copy.content);
        return embed::allowed(page, &subject.facts.team);
    }
    let etag = if takes_gzip(&call.headers) { copy.squeezed_etag() } else { copy.etag.clone() };
    let mut answer = match fresh(&call.headers, &etag, None) {
        true => surface::empty(StatusCode::NOT_MODIFIED),
        false => squeezed(&call.headers, "text/html; charset=utf-8", &copy.content),
    };
    surface::set(&mut answer, header::ETAG, &etag);
    surface::set(&mut answer, header::CACHE_CONTROL, "private, no-cache");
    surface::set(&mut answer, header::VARY, "accept-language, accept-encoding, cookie");
    answer
}
