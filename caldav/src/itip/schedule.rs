//! What to tell whom when somebody changes an event in their own calendar. RFC 6638 §3.2.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::error::ItipError;
use super::event::{Event, PartStat};
use super::message::Method;
use super::outgoing::calendar;
use super::party::mail_address;
use super::respond::{Response, reply};
use super::revision::same_content;
use crate::ical::time::{DateTimeValue, format_utc};
use crate::ical::tree::{Component, Line};

/// How many people one change may concern, and how many instances one may leave out at once.
const MOST_GUESTS: usize = 100;
const MOST_LEFT_OUT: usize = 400;

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
///
/// # Errors
/// [`ItipError::TooMany`] when the event has more than 100 guests in all, or 400 instances are left out at once.
pub fn messages(
    old: Option<&Component>,
    new: Option<&Component>,
    who: &str,
    product: &str,
    now: i64,
) -> Result<Vec<Outgoing>, ItipError> {
    let Some(source) = new.or(old) else { return Ok(Vec::new()) };
    let change = Change { old: Side::of(old, who), new: Side::of(new, who), source, who, product, now };
    let organizer = change.line_of_organizer().map(|line| (line, super::party::Party::read(line)));
    match organizer {
        Some((_, Some(organizer))) if organizer.is(who) => change.by_organizer(),
        Some((line, Some(_))) if ours_to_tell(line) => change.by_attendee(line),
        _ => Ok(Vec::new()),
    }
}

/// Which instance a component is: RECURRENCE-ID with its TZID; `None` for the event as a whole.
type Id = Option<(String, Option<String>)>;

/// The event before or after the change.
struct Side<'a> {
    events: BTreeMap<Id, Event<'a>>,
    /// By address, what each guest takes part in. Whoever is not ours to tell is not there.
    guests: BTreeMap<String, BTreeSet<Id>>,
}

impl<'a> Side<'a> {
    fn of(calendar: Option<&'a Component>, who: &str) -> Side<'a> {
        let mut side = Side { events: BTreeMap::new(), guests: BTreeMap::new() };
        for component in calendar.into_iter().flat_map(|calendar| calendar.children_named("VEVENT")) {
            let event = Event::new(component);
            let id = component.get("RECURRENCE-ID");
            let id = id.map(|line| (line.value.trim().to_owned(), line.param("TZID").map(str::to_owned)));
            let guests = event.attendees().filter(|guest| ours_to_tell(guest.line) && !guest.party.is(who));
            for guest in guests.filter(|_| !event.is_cancelled()) {
                side.guests.entry(guest.party.address).or_default().insert(id.clone());
            }
            side.events.insert(id, event);
        }
        side
    }

    fn whole(&self) -> Option<Event<'a>> {
        self.events.get(&None).copied()
    }

    /// Whether a guest takes part in something; an instance that does not differ is one of the whole.
    fn has(&self, theirs: Option<&BTreeSet<Id>>, id: &Id) -> bool {
        let id = if self.events.contains_key(id) { id } else { &None };
        theirs.is_some_and(|theirs| theirs.contains(id))
    }
}

struct Change<'a> {
    old: Side<'a>,
    new: Side<'a>,
    source: &'a Component,
    who: &'a str,
    product: &'a str,
    now: i64,
}

impl<'a> Change<'a> {
    fn line_of_organizer(&self) -> Option<&'a Line> {
        let events = self.new.events.values().chain(self.old.events.values());
        events.filter_map(|event| event.component().get("ORGANIZER")).next()
    }

    fn by_organizer(&self) -> Result<Vec<Outgoing>, ItipError> {
        let guests: BTreeSet<&String> = self.old.guests.keys().chain(self.new.guests.keys()).collect();
        if guests.len() > MOST_GUESTS {
            return Err(ItipError::TooMany(MOST_GUESTS));
        }
        let changed = self.changed();
        let all: BTreeSet<&Id> = self.old.events.keys().chain(self.new.events.keys()).collect();
        // Those who get the same are told together.
        let mut cancelled: BTreeMap<Vec<&Id>, Vec<String>> = BTreeMap::new();
        let mut invited: BTreeMap<Vec<&Id>, Vec<String>> = BTreeMap::new();
        for guest in guests {
            let (taken, given) = (self.taken_from(guest, &all), self.given_to(guest, &changed));
            if !taken.is_empty() {
                cancelled.entry(taken).or_default().push(guest.clone());
            }
            if !given.is_empty() {
                invited.entry(given).or_default().push(guest.clone());
            }
        }
        let cancels = cancelled.into_iter().map(|(ids, to)| self.cancel(&ids, to));
        Ok(cancels.chain(invited.into_iter().map(|(ids, to)| self.request(&ids, to))).collect())
    }

    /// What is new or says something else than before.
    fn changed(&self) -> HashSet<&Id> {
        let differs = |id: &&Id, event: &Event<'_>| {
            let old = self.old.events.get(*id);
            old.is_none_or(|old| !same_content(old.component(), event.component()))
        };
        self.new.events.iter().filter(|(id, event)| differs(id, event)).map(|(id, _)| id).collect()
    }

    /// What a guest had and has no more: the whole, or instances.
    fn taken_from<'s>(&'s self, guest: &String, all: &BTreeSet<&'s Id>) -> Vec<&'s Id> {
        let (before, after) = (self.old.guests.get(guest), self.new.guests.get(guest));
        let Some(had) = before else { return Vec::new() };
        let gone = |id: &&Id| self.old.has(before, id) && !self.new.has(after, id);
        if had.contains(&None) {
            if gone(&&None) {
                return vec![&None];
            }
            return all.iter().copied().filter(gone).collect();
        }
        had.iter().filter(gone).collect()
    }

    /// What a guest is to be told anew: all that they take part in, if any of it changed.
    fn given_to(&self, guest: &String, changed: &HashSet<&Id>) -> Vec<&Id> {
        let (before, after) = (self.old.guests.get(guest), self.new.guests.get(guest));
        let Some(has) = after else { return Vec::new() };
        let news =
            |id: &Id| changed.contains(id) || !before.is_some_and(|had| had.contains(id)) || self.forced(id, guest);
        let back = before.is_some_and(|had| had.iter().any(|id| !self.new.events.contains_key(id)));
        if back || has.iter().any(news) { has.iter().collect() } else { Vec::new() }
    }

    /// Whether the organiser wants it sent in any case. RFC 6638 §7.2.
    fn forced(&self, id: &Id, guest: &str) -> bool {
        let attendee = self.new.events.get(id).and_then(|event| event.attendee(guest));
        let force = attendee.and_then(|attendee| attendee.line.param("SCHEDULE-FORCE-SEND"));
        force.is_some_and(|force| force.eq_ignore_ascii_case("REQUEST"))
    }

    fn request(&self, ids: &[&Id], to: Vec<String>) -> Outgoing {
        let events = ids.iter().filter_map(|id| self.new.events.get(*id));
        let events = events.map(|event| sent(event.component(), self.now)).collect();
        Outgoing { method: Method::Request, to, calendar: calendar(Method::Request, self.product, events, self.source) }
    }

    fn cancel(&self, ids: &[&Id], to: Vec<String>) -> Outgoing {
        let events = ids.iter().filter_map(|id| {
            let (old, new) = (self.old.events.get(*id), self.new.events.get(*id));
            let mut event = sent(old.or(new)?.component(), self.now);
            let sequence = old.map_or(0, |old| old.sequence() + 1).max(new.map_or(0, |new| new.sequence()));
            event.set(Line::new("SEQUENCE", sequence.to_string()));
            event.set(Line::new("STATUS", "CANCELLED"));
            event.lines.retain(|line| line.name != "ATTENDEE");
            event.lines.extend(to.iter().map(|guest| Line::new("ATTENDEE", format!("mailto:{guest}"))));
            Some(event)
        });
        let calendar = calendar(Method::Cancel, self.product, events.collect(), self.source);
        Outgoing { method: Method::Cancel, to, calendar }
    }

    fn by_attendee(&self, organizer: &Line) -> Result<Vec<Outgoing>, ItipError> {
        let stat = |event: Event<'_>| event.attendee(self.who).map(|attendee| attendee.partstat);
        let mut replies = Vec::new();
        for (id, event) in &self.new.events {
            let before = self.old.events.get(id).copied().or_else(|| self.old.whole());
            let before = before.and_then(stat).unwrap_or(PartStat::NeedsAction);
            let answer = stat(*event).filter(|stat| *stat != before);
            replies.extend(answer.and_then(|stat| self.answer(*event, stat)));
        }
        if self.new.events.is_empty() {
            let whole = self.old.whole().map(|event| vec![event]);
            let all = whole.unwrap_or_else(|| self.old.events.values().copied().collect());
            let coming = all.into_iter().filter(|event| stat(*event) != Some(PartStat::Declined));
            replies.extend(coming.filter_map(|event| self.answer(event, PartStat::Declined)));
        }
        replies.extend(self.left_out()?);
        let to = mail_address(&organizer.value).filter(|_| !replies.is_empty());
        let reply = |to| {
            let calendar = calendar(Method::Reply, self.product, replies, self.source);
            Outgoing { method: Method::Reply, to: vec![to], calendar }
        };
        Ok(to.map(reply).into_iter().collect())
    }

    fn answer(&self, event: Event<'_>, partstat: PartStat) -> Option<Component> {
        let response = Response { us: self.who, partstat, comment: None, product: self.product, now: self.now };
        reply(event, &response).ok()
    }

    /// Declines instances that EXDATE took out of the series. RFC 6638 §3.2.2.1.
    fn left_out(&self) -> Result<Vec<Component>, ItipError> {
        let (Some(old), Some(new)) = (self.old.whole(), self.new.whole()) else { return Ok(Vec::new()) };
        let known: HashSet<DateTimeValue> = exdates(old).collect();
        let added: Vec<_> = exdates(new).filter(|date| !known.contains(date)).take(MOST_LEFT_OUT + 1).collect();
        if added.len() > MOST_LEFT_OUT {
            return Err(ItipError::TooMany(MOST_LEFT_OUT));
        }
        let Some(mut declined) = self.answer(new, PartStat::Declined) else { return Ok(Vec::new()) };
        declined.lines.retain(|line| !matches!(line.name.as_str(), "DTEND" | "DURATION"));
        let instance = |date: DateTimeValue| {
            let mut instance = declined.clone();
            instance.set(date.to_line("DTSTART"));
            instance.set(date.to_line("RECURRENCE-ID"));
            instance
        };
        Ok(added.into_iter().map(instance).collect())
    }
}

fn exdates(event: Event<'_>) -> impl Iterator<Item = DateTimeValue> {
    let lines = event.component().all("EXDATE");
    lines.flat_map(|line| DateTimeValue::list_from_line(line).unwrap_or_default())
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
