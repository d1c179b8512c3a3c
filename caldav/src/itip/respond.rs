//! Our answer to an invitation. RFC 5546 §3.2.3.

use super::error::ItipError;
use super::event::{Event, PartStat};
use super::message::{ItipMessage, Method};
use super::outgoing::{calendar, echo};
use crate::ical::tree::{Component, Line};

/// What we answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    /// Our address, as it was invited.
    pub us: &'a str,
    /// Whether we come.
    pub partstat: PartStat,
    /// What it means, for the person who invited us.
    pub comment: Option<&'a str>,
    /// PRODID of the program that answers.
    pub product: &'a str,
    /// When, in UTC seconds.
    pub now: i64,
}

/// The REPLY to a REQUEST or ADD as a VCALENDAR.
///
/// It echoes all that calendars look for: UID, RECURRENCE-ID, SEQUENCE, ORGANIZER, times, title, with our address as it
/// was written there. It answers the event as a whole if the message has it, else each of its instances.
///
/// # Errors
/// [`ItipError::WrongMethod`], [`ItipError::NoAttendee`] when we are not invited, [`ItipError::NoOrganizer`].
pub fn respond(message: &ItipMessage, response: &Response<'_>) -> Result<Component, ItipError> {
    if !matches!(message.method(), Method::Request | Method::Add) {
        return Err(ItipError::WrongMethod(message.method()));
    }
    let whole = message.master().filter(|event| event.attendee(response.us).is_some());
    let events: Vec<Event<'_>> = match whole {
        Some(event) => vec![event],
        None => message.events().filter(|event| event.attendee(response.us).is_some()).collect(),
    };
    if events.is_empty() {
        return Err(ItipError::NoAttendee);
    }
    let replies = events.into_iter().map(|event| reply(event, response)).collect::<Result<Vec<_>, _>>()?;
    Ok(calendar(Method::Reply, response.product, replies, message.calendar()))
}

/// One answered event.
pub(super) fn reply(event: Event<'_>, response: &Response<'_>) -> Result<Component, ItipError> {
    const ECHOED: [&str; 8] =
        ["UID", "RECURRENCE-ID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "ORGANIZER"];
    event.organizer().ok_or(ItipError::NoOrganizer)?;
    let invited = event.attendee(response.us).ok_or(ItipError::NoAttendee)?.line;
    let mut reply = echo(event.component(), &ECHOED, response.now);
    reply.push(Line::new("SEQUENCE", event.sequence().to_string()));
    let mut us = Line::new("ATTENDEE", invited.value.as_str());
    us.params = invited
        .params
        .iter()
        .filter(|param| matches!(param.name.as_str(), "CN" | "CUTYPE" | "EMAIL"))
        .cloned()
        .collect();
    reply.push(us.with_param("PARTSTAT", response.partstat.as_str()));
    if let Some(comment) = response.comment.filter(|comment| !comment.is_empty()) {
        reply.push(Line::text_value("COMMENT", comment));
    }
    Ok(reply)
}
