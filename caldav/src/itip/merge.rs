//! What a REQUEST, ADD or CANCEL makes of a stored event. RFC 5546 §3.2.2, §3.2.4, §3.2.5.

use super::copy::EventCopy;
use super::error::ItipError;
use super::event::Event;
use super::message::{ItipMessage, Method};
use super::revision::{is_older, same_content};
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::ical::parse::shown;
use crate::ical::time::format_utc;
use crate::ical::tree::{Component, Line};

/// What a message did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The event was not known before.
    Created,
    /// It says something else now.
    Updated,
    /// Nothing that matters is new: the message is a repetition, or older than what is stored. [`Merged::calendar`] may
    /// still hold a newer stamp or other guests' answers; keep it unless it equals what is stored.
    Unchanged,
    /// All of it is cancelled.
    Cancelled,
    /// One or more of its instances are cancelled.
    InstanceCancelled,
}

/// A stored event after a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The VCALENDAR to store: without METHOD, valid as a [`CalendarObject`].
    pub calendar: Component,
    /// What the message did.
    pub effect: Effect,
}

/// Merges a message into the stored VCALENDAR of the same UID. `now` in UTC seconds is when the message came.
///
/// A REQUEST for single instances changes those alone, whether or not the series is known; one for the series keeps
/// the instances that it still has. Whatever is older than its stored counterpart is left out. Organisers may change.
/// Alarms and attachments of the sender are left out, alarms of the stored event stay. A cancelled event stays, with
/// STATUS:CANCELLED, so that a late older message does not bring it back.
///
/// # Errors
/// [`ItipError::WrongMethod`] for other methods, [`ItipError::OtherEvent`], [`ItipError::UnknownEvent`] when there is
/// nothing to add to or to cancel, [`ItipError::Invalid`] when the outcome is no calendar object.
pub fn merge(existing: Option<&Component>, message: &ItipMessage, now: i64) -> Result<Merged, ItipError> {
    existing.map_or(Ok(()), |calendar| check_stored(calendar, message.uid()))?;
    let mut copy = existing.map(EventCopy::of).unwrap_or_default();
    let effect = match message.method() {
        Method::Request => request(&mut copy, message, now),
        Method::Cancel => cancel(&mut copy, message, now)?,
        Method::Add => add(&mut copy, message, now)?,
        other => return Err(ItipError::WrongMethod(other)),
    };
    let effect = if existing.is_none() && effect == Effect::Updated { Effect::Created } else { effect };
    let calendar = copy.into_calendar();
    CalendarObject::from_root(calendar.clone(), &Limits::default())?;
    Ok(Merged { calendar, effect })
}

fn check_stored(calendar: &Component, uid: &str) -> Result<(), ItipError> {
    for component in calendar.children.iter().filter(|child| child.name != "VTIMEZONE") {
        if component.name != "VEVENT" {
            return Err(ItipError::NotAnEvent(shown(&component.name)));
        }
        if component.get("UID").is_none_or(|line| line.text().trim() != uid) {
            return Err(ItipError::OtherEvent);
        }
    }
    Ok(())
}

fn request(copy: &mut EventCopy, message: &ItipMessage, now: i64) -> Effect {
    let was_cancelled = is_cancelled(copy);
    let (instances, masters): (Vec<_>, Vec<_>) = kept(message, now).partition(is_instance);
    let newer = |one: Component, next: Component| if is_older(&next, &one, now) { one } else { next };
    let master = masters.into_iter().reduce(newer);
    let fresh = |master: &Component| copy.master.as_ref().is_none_or(|old| !is_older(master, old, now));
    let leads = master.as_ref().is_some_and(fresh);
    copy.take_frame(message.calendar(), leads);
    let mut changed = master.is_some_and(|master| copy.take_master(master, now));
    changed |= take_instances(copy, instances, now);
    match (changed, is_cancelled(copy)) {
        (false, _) => Effect::Unchanged,
        (true, true) if !was_cancelled => Effect::Cancelled,
        (true, _) => Effect::Updated,
    }
}

/// Puts changed instances in their places; whether anything changed that matters.
fn take_instances(copy: &mut EventCopy, instances: Vec<Component>, now: i64) -> bool {
    let (ids, lost, mut places) = (copy.ids(&instances), copy.lost(&instances, now), copy.places());
    let mut changed = false;
    let received = instances.into_iter().zip(ids).zip(lost).filter(|(_, lost)| !lost);
    for ((mut event, id), _) in received {
        match places.get(&id).and_then(|place| copy.instances.get_mut(*place)) {
            Some(old) if is_older(&event, old, now) => {}
            Some(old) => {
                changed |= !same_content(&event, old);
                event.children = std::mem::take(&mut old.children);
                *old = event;
            }
            None => {
                places.insert(id, copy.instances.len());
                copy.instances.push(event);
                changed = true;
            }
        }
    }
    changed
}

fn cancel(copy: &mut EventCopy, message: &ItipMessage, now: i64) -> Result<Effect, ItipError> {
    let known = copy.master.is_some() || !copy.instances.is_empty();
    let was_cancelled = is_cancelled(copy);
    copy.take_frame(message.calendar(), false);
    let (instances, masters): (Vec<_>, Vec<_>) = kept(message, now).partition(is_instance);
    for event in &masters {
        cancel_all(copy, event, now);
    }
    if !masters.is_empty() {
        // Without a start there is nothing to keep of an event that nobody knew.
        let something = copy.master.is_some() || !copy.instances.is_empty();
        let changed = !was_cancelled && is_cancelled(copy);
        return match (something, changed) {
            (false, _) => Err(ItipError::UnknownEvent),
            (true, true) => Ok(Effect::Cancelled),
            (true, false) => Ok(Effect::Unchanged),
        };
    }
    let changed = cancel_instances(copy, instances, now);
    Ok(if changed || !known { Effect::InstanceCancelled } else { Effect::Unchanged })
}

fn cancel_all(copy: &mut EventCopy, event: &Component, now: i64) {
    match &mut copy.master {
        Some(master) if is_older(event, master, now) => return,
        Some(master) => mark_cancelled(master, event),
        None if event.get("DTSTART").is_some() => copy.master = Some(cancelled(event)),
        None => return copy.instances.iter_mut().for_each(|instance| mark_cancelled(instance, event)),
    }
    copy.instances.clear();
}

fn cancel_instances(copy: &mut EventCopy, events: Vec<Component>, now: i64) -> bool {
    let (ids, lost, mut places) = (copy.ids(&events), copy.lost(&events, now), copy.places());
    let excluded = copy.excluded();
    let mut changed = false;
    let received = events.into_iter().zip(ids).zip(lost).filter(|(_, lost)| !lost);
    for ((event, id), _) in received {
        if and_later(&event) {
            changed |= cancel_from(copy, &event, id);
            places = copy.places();
            continue;
        }
        if let Some(old) = places.get(&id).and_then(|place| copy.instances.get_mut(*place)) {
            if !is_older(&event, old, now) {
                changed |= !gone(old);
                mark_cancelled(old, &event);
            }
        } else {
            // Also for one that EXDATE took away: a change of it that was sent earlier may still come.
            changed |= !excluded.contains(&id) && !copy.master.as_ref().is_some_and(gone);
            places.insert(id, copy.instances.len());
            copy.instances.push(cancelled(&event));
        }
    }
    changed
}

/// Cancels an instance and all later ones. RFC 5546 §3.2.5, RANGE=THISANDFUTURE.
fn cancel_from(copy: &mut EventCopy, event: &Component, from: i64) -> bool {
    let ids = copy.ids(&copy.instances);
    let known = ids.iter().zip(&copy.instances).any(|(id, old)| *id == from && gone(old) && and_later(old));
    let mut earlier = ids.into_iter().map(|id| id < from);
    copy.instances.retain(|_| earlier.next().unwrap_or(true));
    copy.instances.push(cancelled(event));
    !known
}

/// ADD: each of its events becomes a further date of the series, and an instance of its own.
fn add(copy: &mut EventCopy, message: &ItipMessage, now: i64) -> Result<Effect, ItipError> {
    let Some(master) = copy.master.clone() else { return Err(ItipError::UnknownEvent) };
    copy.take_frame(message.calendar(), false);
    let mut added = Vec::new();
    for mut event in kept(message, now).filter(|event| !is_older(event, &master, now)) {
        if event.get("RRULE").is_some() {
            return Err(ItipError::AddsSeries);
        }
        if !is_instance(&event) {
            let Some(start) = event.get("DTSTART").cloned() else { return Err(ItipError::NoTime) };
            event.lines.insert(0, Line { name: "RECURRENCE-ID".into(), ..start.clone() });
            if let Some(master) = &mut copy.master {
                let date = Line { name: "RDATE".into(), ..start };
                if !master.lines.contains(&date) {
                    master.push(date);
                }
                stamp_like(master, &event);
            }
        }
        added.push(event);
    }
    let changed = take_instances(copy, added, now);
    Ok(if changed { Effect::Updated } else { Effect::Unchanged })
}

/// The events of a message without what is not for us to keep: alarms, attachments, notes on delivery.
fn kept(message: &ItipMessage, now: i64) -> impl Iterator<Item = Component> {
    message.events().map(move |event| {
        let mut event = event.component().clone();
        event.children.clear();
        event.lines.retain(|line| !matches!(line.name.as_str(), "METHOD" | "ATTACH" | "REQUEST-STATUS"));
        if Event::new(&event).dtstamp().is_none() {
            event.set(Line::new("DTSTAMP", format_utc(now)));
        }
        event
    })
}

fn is_instance(event: &Component) -> bool {
    event.get("RECURRENCE-ID").is_some()
}

fn gone(event: &Component) -> bool {
    Event::new(event).is_cancelled()
}

fn and_later(event: &Component) -> bool {
    let range = event.get("RECURRENCE-ID").and_then(|line| line.param("RANGE"));
    range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"))
}

/// Whether nothing of a known event takes place.
fn is_cancelled(copy: &EventCopy) -> bool {
    let mut all = copy.master.iter().chain(&copy.instances).peekable();
    all.peek().is_some() && all.all(gone)
}

/// A cancelled instance or event as it is kept, made from the cancellation itself.
fn cancelled(event: &Component) -> Component {
    let mut kept = event.clone();
    if let Some(id) = event.get("RECURRENCE-ID").filter(|_| event.get("DTSTART").is_none()) {
        let mut start = Line { name: "DTSTART".into(), ..id.clone() };
        start.params.retain(|param| param.name != "RANGE");
        kept.push(start);
    }
    mark_cancelled(&mut kept, event);
    kept
}

fn mark_cancelled(stored: &mut Component, message: &Component) {
    stored.set(Line::new("STATUS", "CANCELLED"));
    stamp_like(stored, message);
}

/// Gives a stored event the version of a message.
fn stamp_like(stored: &mut Component, message: &Component) {
    let sequence = Event::new(message).sequence().max(Event::new(stored).sequence());
    stored.set(Line::new("SEQUENCE", sequence.to_string()));
    if let Some(stamp) = message.get("DTSTAMP") {
        stored.set(stamp.clone());
    }
}
