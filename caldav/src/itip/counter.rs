//! Proposals of another time, and how they are declined. RFC 5546 §3.2.7, §3.2.8.

use super::error::ItipError;
use super::event::{Attendee, Event};
use super::message::{ItipMessage, Method};
use super::outgoing::{calendar, echo};
use super::party::Party;
use crate::ical::expand::Zones;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::{Component, Line};
use crate::ical::zone::Zone;

/// Another time that an attendee proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposes, says the message.
    pub attendee: Party,
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds, after `start`.
    pub end: i64,
    /// The time that the attendee knew, in UTC seconds; only Outlook says it.
    pub original: Option<(i64, i64)>,
    /// What they say about it: plain text, at most 5,000 characters.
    pub comment: Option<String>,
    /// The version of the event that they know.
    pub sequence: i64,
    /// When they proposed it, in UTC seconds. Set it from the mail's Date where it is missing.
    pub dtstamp: Option<i64>,
    /// The instance of a series that is to move.
    pub recurrence_id: Option<DateTimeValue>,
}

impl Proposal {
    /// The proposal in a COUNTER from `sender`, whose own line counts where several attendees are named. `floating` is
    /// the zone of times without one.
    ///
    /// # Errors
    /// [`ItipError::WrongMethod`], [`ItipError::NoAttendee`], [`ItipError::NoTime`]; [`ItipError::TooMany`] for
    /// proposals about several instances at once.
    pub fn of(message: &ItipMessage, sender: &str, floating: &Zone) -> Result<Proposal, ItipError> {
        if message.method() != Method::Counter {
            return Err(ItipError::WrongMethod(message.method()));
        }
        let mut events = message.events();
        let event = events.next().ok_or(ItipError::NoTime)?;
        if events.next().is_some() {
            return Err(ItipError::TooMany(1));
        }
        let Attendee { party, line, .. } = proposer(event, sender).ok_or(ItipError::NoAttendee)?;
        let zones = message.zones(floating);
        let original = original_times(event.component(), &zones);
        let (start, end) = event.times(&zones).ok_or(ItipError::NoTime)?;
        let end = match original {
            Some((from, to)) if end == start => start.saturating_add(to.saturating_sub(from)),
            _ => end,
        };
        if end <= start {
            return Err(ItipError::NoTime);
        }
        Ok(Proposal {
            attendee: party,
            start,
            end,
            original,
            comment: event.comment(line),
            sequence: event.sequence(),
            dtstamp: event.dtstamp(),
            recurrence_id: event.recurrence_id(),
        })
    }
}

fn proposer<'a>(event: Event<'a>, sender: &str) -> Option<Attendee<'a>> {
    let mut all = event.attendees();
    let first = all.next()?;
    if all.next().is_none() { Some(first) } else { event.attendee(sender) }
}

fn original_times(event: &Component, zones: &Zones<'_>) -> Option<(i64, i64)> {
    let instant = |name| Some(zones.instant(&DateTimeValue::from_line(event.get(name)?).ok()?));
    let (start, end) = (instant("X-MS-OLK-ORIGINALSTART")?, instant("X-MS-OLK-ORIGINALEND")?);
    (start < end).then_some((start, end))
}

/// The DECLINECOUNTER to one who proposed another time: the event as it stands, with their line alone. `stored` is our
/// VCALENDAR of it, `now` in UTC seconds, `product` PRODID.
///
/// # Errors
/// [`ItipError::UnknownEvent`] when `stored` has no event, [`ItipError::NoOrganizer`].
pub fn decline_counter(
    proposal: &Proposal,
    stored: &Component,
    reason: Option<&str>,
    product: &str,
    now: i64,
) -> Result<Component, ItipError> {
    const ECHOED: [&str; 8] = ["UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "SEQUENCE", "ORGANIZER"];
    let id = proposal.recurrence_id.as_ref();
    let mut events = stored.children_named("VEVENT").map(Event::new);
    let meant = events.clone().find(|event| event.recurrence_id().as_ref() == id);
    let event = meant.or_else(|| events.next()).ok_or(ItipError::UnknownEvent)?;
    event.organizer().ok_or(ItipError::NoOrganizer)?;
    let mut answer = echo(event.component(), &ECHOED, now);
    if let Some(id) = id {
        answer.lines.insert(1, id.to_line("RECURRENCE-ID"));
        if event.recurrence_id().is_none() {
            // These are the times of the series, not of the instance.
            answer.lines.retain(|line| !matches!(line.name.as_str(), "DTSTART" | "DTEND" | "DURATION"));
        }
    }
    let ours = event.attendee(&proposal.attendee.address).map(|attendee| attendee.line.clone());
    answer.push(ours.unwrap_or_else(|| Line::new("ATTENDEE", format!("mailto:{}", proposal.attendee.address))));
    if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
        answer.push(Line::text_value("COMMENT", reason));
    }
    Ok(calendar(Method::DeclineCounter, product, vec![answer], stored))
}
