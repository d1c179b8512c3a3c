//! What to tell whom when somebody changes an event in their own calendar. RFC 6638 §3.2.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Event, PartStat};
use super::message::Method;
use super::outgoing::calendar;
use super::party::mail_address;
use super::respond::{Response, reply};
use super::revision::same_content;
use crate::ical::time::{DateTimeValue, format_utc};
use crate::ical::tree::{Component, Line};

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// REQUEST, CANCEL or REPLY.
    pub method: Method,
    /// Mail addresses, in order.
    pub to: Vec<String>,
    /// The VCALENDAR with METHOD.
    pub calendar: Component,
}

/// The messages that follow when `who` changes their VCALENDAR from `old` to `new`; `None` where there is none, before
/// it was made or after it was deleted. The organiser's changes become REQUEST and CANCEL, an attendee's answer REPLY.
///
/// People whose line has SCHEDULE-AGENT=CLIENT or NONE are told nothing (RFC 6638 §7.1). An event without organiser
/// concerns nobody else. `product` is PRODID, `now` the stamp in UTC seconds.
pub fn messages(old: Option<&Component>, new: Option<&Component>, who: &str, product: &str, now: i64) -> Vec<Outgoing> {
    let Some(source) = new.or(old) else { return Vec::new() };
    let change = Change { old: events(old), new: events(new), source, product, now };
    let organizer = change.new.iter().chain(&change.old).find_map(|event| event.organizer());
    match organizer {
        None => Vec::new(),
        Some(organizer) if organizer.is(who) => change.by_organizer(who),
        Some(_) => change.by_attendee(who),
    }
}

fn events(calendar: Option<&Component>) -> Vec<Event<'_>> {
    calendar.map(|calendar| calendar.children_named("VEVENT").map(Event::new).collect()).unwrap_or_default()
}

struct Change<'a> {
    old: Vec<Event<'a>>,
    new: Vec<Event<'a>>,
    source: &'a Component,
    product: &'a str,
    now: i64,
}

impl<'a> Change<'a> {
    fn by_organizer(&self, who: &str) -> Vec<Outgoing> {
        let all = self.old.iter().chain(&self.new).flat_map(|event| event.attendees());
        let guests: BTreeSet<String> = all
            .filter(|guest| ours_to_tell(guest.line) && !guest.party.is(who))
            .map(|guest| guest.party.address)
            .collect();
        // Those who get the same are told together.
        let mut cancelled: BTreeMap<Vec<Option<DateTimeKey>>, Vec<String>> = BTreeMap::new();
        let mut invited: BTreeMap<Vec<Option<DateTimeKey>>, Vec<String>> = BTreeMap::new();
        for guest in guests {
            let (taken, given) = (self.taken_from(&guest), self.given_to(&guest));
            if !taken.is_empty() {
                cancelled.entry(taken).or_default().push(guest.clone());
            }
            if !given.is_empty() {
                invited.entry(given).or_default().push(guest);
            }
        }
        let cancels = cancelled.into_iter().map(|(ids, to)| self.cancel(&ids, to));
        cancels.chain(invited.into_iter().map(|(ids, to)| self.request(&ids, to))).collect()
    }

    /// What a guest had and has no more: the whole, or instances.
    fn taken_from(&self, guest: &str) -> Vec<Option<DateTimeKey>> {
        let had = |id: &Option<DateTimeKey>| {
            let old = find(&self.old, id).or_else(|| find(&self.old, &None));
            old.is_some_and(|event| takes_place_for(event, guest))
        };
        let mut ids: Vec<_> = self.old.iter().chain(&self.new).map(|event| key(*event)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| {
            let now = find(&self.new, id);
            let whole = || find(&self.new, &None);
            // An instance that differed and differs no more is one of the series again.
            let has = now.or_else(|| whole().filter(|_| id.is_some()));
            had(id) && !has.is_some_and(|event| takes_place_for(event, guest))
        });
        if ids.contains(&None) { vec![None] } else { ids }
    }

    /// What a guest is to be told anew: all that they take part in, if any of it changed.
    fn given_to(&self, guest: &str) -> Vec<Option<DateTimeKey>> {
        let theirs = |events: &[Event<'a>]| -> Vec<Event<'a>> {
            events.iter().copied().filter(|event| takes_place_for(*event, guest)).collect()
        };
        let (old, new) = (theirs(&self.old), theirs(&self.new));
        let same = |event: &Event<'a>| {
            find(&old, &key(*event)).is_some_and(|old| same_content(old.component(), event.component()))
        };
        let forced = |event: &Event<'a>| {
            let line = event.attendee(guest).map(|attendee| attendee.line);
            line.and_then(|line| line.param("SCHEDULE-FORCE-SEND"))
                .is_some_and(|value| value.eq_ignore_ascii_case("REQUEST"))
        };
        let gone_back = old.iter().any(|event| find(&self.new, &key(*event)).is_none()) && !new.is_empty();
        if new.iter().all(same) && !new.iter().any(forced) && !gone_back {
            return Vec::new();
        }
        new.into_iter().map(key).collect()
    }

    fn request(&self, ids: &[Option<DateTimeKey>], to: Vec<String>) -> Outgoing {
        let events = ids.iter().filter_map(|id| find(&self.new, id));
        let events = events.map(|event| sent(event.component(), self.now)).collect();
        let calendar = calendar(Method::Request, self.product, events, self.source);
        Outgoing { method: Method::Request, to, calendar }
    }

    fn cancel(&self, ids: &[Option<DateTimeKey>], to: Vec<String>) -> Outgoing {
        let events = ids.iter().filter_map(|id| {
            let known = find(&self.old, id).or_else(|| find(&self.new, id))?;
            let current = find(&self.new, id).map_or(0, Event::sequence);
            let mut event = sent(known.component(), self.now);
            let sequence = find(&self.old, id).map_or(0, |old| old.sequence() + 1).max(current);
            event.set(Line::new("SEQUENCE", sequence.to_string()));
            event.set(Line::new("STATUS", "CANCELLED"));
            event.lines.retain(|line| line.name != "ATTENDEE");
            event.lines.extend(to.iter().map(|guest| Line::new("ATTENDEE", format!("mailto:{guest}"))));
            Some(event)
        });
        let calendar = calendar(Method::Cancel, self.product, events.collect(), self.source);
        Outgoing { method: Method::Cancel, to, calendar }
    }

    fn by_attendee(&self, who: &str) -> Vec<Outgoing> {
        let answer = |event: Event<'_>, partstat| {
            let response = Response { us: who, partstat, comment: None, product: self.product, now: self.now };
            reply(event, &response).ok()
        };
        let stat = |event: Event<'_>| event.attendee(who).map(|attendee| attendee.partstat);
        let mut replies = Vec::new();
        for event in &self.new {
            let before = find(&self.old, &key(*event)).or_else(|| find(&self.old, &None));
            let before = before.and_then(stat).unwrap_or(PartStat::NeedsAction);
            replies.extend(stat(*event).filter(|stat| *stat != before).and_then(|stat| answer(*event, stat)));
        }
        if self.new.is_empty() {
            let whole = find(&self.old, &None).map_or_else(|| self.old.clone(), |event| vec![event]);
            let coming = whole.into_iter().filter(|event| stat(*event) != Some(PartStat::Declined));
            replies.extend(coming.filter_map(|event| answer(event, PartStat::Declined)));
        }
        replies.extend(self.left_out().filter_map(|instance| answer(Event::new(&instance), PartStat::Declined)));
        let organizer = self.new.iter().chain(&self.old).find_map(|event| event.component().get("ORGANIZER"));
        let to = organizer.filter(|line| ours_to_tell(line)).and_then(|line| mail_address(&line.value));
        match to {
            Some(to) if !replies.is_empty() => {
                let calendar = calendar(Method::Reply, self.product, replies, self.source);
                vec![Outgoing { method: Method::Reply, to: vec![to], calendar }]
            }
            _ => Vec::new(),
        }
    }

    /// Instances that EXDATE took out of the series. RFC 6638 §3.2.2.1.
    fn left_out(&self) -> impl Iterator<Item = Component> {
        let (old, new) = (find(&self.old, &None), find(&self.new, &None));
        let dates = |event: Option<Event<'a>>| -> Vec<DateTimeValue> {
            let lines = event.into_iter().flat_map(|event| event.component().all("EXDATE"));
            lines.flat_map(|line| DateTimeValue::list_from_line(line).unwrap_or_default()).collect()
        };
        let known = dates(old);
        let added = if old.is_some() { dates(new) } else { Vec::new() };
        let added: Vec<_> = added.into_iter().filter(|date| !known.contains(date)).collect();
        let master = new.map(Event::component).cloned().unwrap_or_default();
        added.into_iter().map(move |date| {
            let mut instance = master.clone();
            let of_series = |name: &str| matches!(name, "RRULE" | "RDATE" | "EXDATE" | "DTEND" | "DURATION");
            instance.lines.retain(|line| !of_series(&line.name));
            instance.set(date.to_line("DTSTART"));
            instance.set(date.to_line("RECURRENCE-ID"));
            instance
        })
    }
}

/// RECURRENCE-ID as it is written: TZID and value.
type DateTimeKey = (Option<String>, String);

fn key(event: Event<'_>) -> Option<DateTimeKey> {
    let line = event.component().get("RECURRENCE-ID")?;
    Some((line.param("TZID").map(str::to_owned), line.value.trim().to_owned()))
}

fn find<'a>(events: &[Event<'a>], id: &Option<DateTimeKey>) -> Option<Event<'a>> {
    events.iter().copied().find(|event| key(*event) == *id)
}

fn takes_place_for(event: Event<'_>, guest: &str) -> bool {
    !event.is_cancelled() && event.attendee(guest).is_some_and(|attendee| ours_to_tell(attendee.line))
}

/// Whether the server tells somebody, and not their own program. RFC 6638 §7.1.
fn ours_to_tell(line: &Line) -> bool {
    line.param("SCHEDULE-AGENT").is_none_or(|agent| agent.eq_ignore_ascii_case("SERVER"))
}

/// An event as others get it: without alarms and without what only server and client say to each other.
fn sent(event: &Component, now: i64) -> Component {
    let mut copy = event.clone();
    copy.children.clear();
    for line in &mut copy.lines {
        line.params.retain(|param| !param.name.starts_with("SCHEDULE-"));
    }
    copy.set(Line::new("DTSTAMP", format_utc(now)));
    copy
}
