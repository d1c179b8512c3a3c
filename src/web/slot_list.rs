//! Open times, one link each, under the days on which they begin.
//!
//! Each `li` carries the slot's start (`data-start`), its list the team and the type; each link the slot's name, by which
//! a live page finds it.

use jiff::civil::Date;
use maud::{Markup, html};

use super::embed;
use super::live_region;
use super::subject::Subject;
use super::times::{machine, time_in_url};
use crate::availability::PooledSlot;

/// Slots on the page of all times, in whole days but for a longer first one.
const MOST_LISTED: usize = 30;
/// Slots on the page of a day: more follow on another page, so that none gets heavy.
pub(super) const MOST_IN_A_DAY: usize = 96;

/// The first days with open times, and a way to the ones after them.
pub(super) fn days(subject: &Subject, slots: &[PooledSlot]) -> Markup {
    let reader = &subject.reader;
    let zone = &reader.zone;
    let mut left = MOST_LISTED;
    let mut shown: Vec<(Date, &[PooledSlot])> = Vec::new();
    let mut rest = None;
    for day in slots.chunk_by(|a, b| zone.day(a.start) == zone.day(b.start)) {
        let date = zone.day(day[0].start);
        if day.len() > left && !shown.is_empty() {
            rest = Some(date);
            break;
        }
        left = left.saturating_sub(day.len());
        shown.push((date, day));
    }
    html! {
        @for (date, day) in shown {
            section.day {
                h3 { a href=(subject.day_link(date)) { (reader.date(date)) } }
                (list(subject, &day[..day.len().min(MOST_LISTED)]))
                @if day.len() > MOST_LISTED {
                    p { a href=(subject.day_link(date)) { ((reader.words.all_of_day)(&reader.date(date))) } }
                }
            }
        }
        @if let Some(date) = rest {
            p.more { a href=(subject.day_link(date)) { ((reader.words.more_from)(&reader.date(date))) } }
        }
    }
}

/// One link for each slot.
pub(super) fn list(subject: &Subject, slots: &[PooledSlot]) -> Markup {
    let team = &subject.facts.team.slug;
    html! {
        ul.slots data-team=(team) data-type=(subject.kind.slug) {
            @for slot in slots { li data-start=(time_in_url(slot.start)) { (link(subject, slot, false)) } }
        }
    }
}

/// A few slots of different days.
pub(super) fn scattered(subject: &Subject, slots: &[PooledSlot]) -> Markup {
    let team = &subject.facts.team.slug;
    html! {
        ul.slots.wide data-team=(team) data-type=(subject.kind.slug) {
            @for slot in slots { li data-start=(time_in_url(slot.start)) { (link(subject, slot, true)) } }
        }
    }
}

fn link(subject: &Subject, slot: &PooledSlot, with_day: bool) -> Markup {
    let reader = &subject.reader;
    let later = reader.later(slot.start, slot.end);
    let notes = notes(subject, slot);
    let notes = notes.iter().chain(&later);
    let framed = subject.frame.is_some();
    html! {
        a href=(subject.slot_link(slot.start)) aria-label=(spoken(subject, slot))
            target=[framed.then_some("_blank")] rel=[framed.then_some("noopener")]
            data-slot=(live_region::name(&subject.kind.slug, slot.start)) {
            time datetime=(machine(slot.start)) {
                @if with_day { (reader.day(slot.start)) ", " }
                (reader.clock(slot.start))
            }
            @for note in notes { small { (note) } }
        }
    }
}

/// `Book Thursday 26 November, 18:00 to 19:00, London time`
pub(super) fn spoken(subject: &Subject, slot: &PooledSlot) -> String {
    let reader = &subject.reader;
    let day = reader.spoken_date(reader.zone.day(slot.start));
    let span = reader.span(slot.start, slot.end);
    let mut parts = vec![day, span, reader.zone_spoken()];
    parts.extend(notes(subject, slot));
    if subject.frame.is_some() {
        parts.push(embed::words(reader).in_new_tab.to_owned());
    }
    (reader.words.book_slot)(&parts.join(", "))
}

/// What else there is to know of a slot: places of a group, with whom, how many stand ready.
fn notes(subject: &Subject, slot: &PooledSlot) -> Vec<String> {
    let words = subject.reader.words;
    let mut notes = Vec::new();
    if subject.kind.capacity > 1 {
        notes.push((words.places)(slot.open));
    }
    let hosts = subject.hosts_of(slot);
    match hosts.as_slice() {
        [only] if subject.host.is_none() => notes.push(only.name.clone()),
        _ if subject.host.is_some() => {}
        _ if slot.hosts.len() > 1 => notes.push((words.volunteers)(slot.hosts.len())),
        _ => {}
    }
    notes
}
