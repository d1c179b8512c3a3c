//! A message as it came: one METHOD, one UID, its events. RFC 5546 §3, RFC 6047 §2.

use std::fmt;

use super::error::ItipError;
use super::event::Event;
use crate::ical::expand::Zones;
use crate::ical::limits::Limits;
use crate::ical::parse::shown;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::Component;
use crate::ical::zone::Zone;

/// How many events one message may hold: a series with its changed instances.
const MOST_EVENTS: usize = 400;

/// What a message wants. RFC 5546 §1.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Says that something takes place; nobody is invited.
    Publish,
    /// Invites, or changes an invitation.
    Request,
    /// Answers an invitation.
    Reply,
    /// Adds instances to an event.
    Add,
    /// Cancels an event or instances of it, or takes an invitation back.
    Cancel,
    /// Asks for the newest version.
    Refresh,
    /// Proposes another time.
    Counter,
    /// Declines a proposal.
    DeclineCounter,
}

impl Method {
    const ALL: [Method; 8] = [
        Self::Publish,
        Self::Request,
        Self::Reply,
        Self::Add,
        Self::Cancel,
        Self::Refresh,
        Self::Counter,
        Self::DeclineCounter,
    ];

    /// The property's value, such as `REQUEST`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Reply => "REPLY",
            Self::Add => "ADD",
            Self::Cancel => "CANCEL",
            Self::Refresh => "REFRESH",
            Self::Counter => "COUNTER",
            Self::DeclineCounter => "DECLINECOUNTER",
        }
    }

    /// The method of this name, in any case, perhaps in quotes.
    ///
    /// # Errors
    /// [`ItipError::UnknownMethod`].
    pub fn parse(text: &str) -> Result<Method, ItipError> {
        let name = text.trim().trim_matches(['"', '\'']).trim();
        let known = Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(name));
        known.ok_or_else(|| ItipError::UnknownMethod(shown(name)))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A message about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItipMessage {
    method: Method,
    uid: String,
    calendar: Component,
}

impl ItipMessage {
    /// Reads a calendar part. `method_param` is the `method` parameter of the part's Content-Type, if it has one:
    /// some programs strip it, some leave METHOD out; one of them is enough, but they may not differ.
    ///
    /// # Errors
    /// [`ItipError`]: not iCalendar, no single METHOD, no event, several UIDs, unreadable times, too much of it.
    pub fn parse(bytes: &[u8], method_param: Option<&str>, limits: &Limits) -> Result<ItipMessage, ItipError> {
        let calendar = Component::parse(bytes, limits)?;
        let method = method_of(&calendar, method_param)?;
        let stranger = |child: &&Component| !matches!(child.name.as_str(), "VEVENT" | "VTIMEZONE");
        if let Some(other) = calendar.children.iter().filter(|child| !child.name.starts_with("X-")).find(stranger) {
            return Err(ItipError::NotAnEvent(shown(&other.name)));
        }
        let events: Vec<_> = calendar.children_named("VEVENT").collect();
        if events.len() > MOST_EVENTS {
            return Err(ItipError::TooMany(MOST_EVENTS));
        }
        events.iter().try_for_each(|event| check_event(event, limits))?;
        let mut uids = events.iter().map(|event| uid_of(event, limits));
        let uid = uids.next().unwrap_or_else(|| Err(ItipError::NotAnEvent("it is empty".into())))?;
        for other in uids {
            if other? != uid {
                return Err(ItipError::SeveralUids);
            }
        }
        Ok(ItipMessage { method, uid, calendar })
    }

    /// What it wants.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The UID of all its events.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The VCALENDAR as it came.
    pub fn calendar(&self) -> &Component {
        &self.calendar
    }

    /// Its events: the whole event or series, single instances, or both. At least one.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.calendar.children_named("VEVENT").map(Event::new)
    }

    /// The event without RECURRENCE-ID. A change of one instance often comes without it.
    pub fn master(&self) -> Option<Event<'_>> {
        self.events().find(|event| event.component().get("RECURRENCE-ID").is_none())
    }

    /// The zones that its times mean; `floating` for times without one.
    pub fn zones<'z>(&'z self, floating: &'z Zone) -> Zones<'z> {
        Zones::new(self.calendar.children_named("VTIMEZONE"), floating)
    }
}

fn method_of(calendar: &Component, param: Option<&str>) -> Result<Method, ItipError> {
    let param = param.map(str::trim).filter(|param| !param.is_empty()).map(Method::parse).transpose()?;
    let mut found = None;
    for line in calendar.all("METHOD").filter(|line| !line.value.trim().is_empty()) {
        let body = Method::parse(&line.value)?;
        let part = found.or(param).unwrap_or(body);
        if part != body {
            return Err(ItipError::MethodMismatch { body, part });
        }
        found = Some(body);
    }
    found.or(param).ok_or(ItipError::NoMethod)
}

fn uid_of(event: &Component, limits: &Limits) -> Result<String, ItipError> {
    let uid = event.get("UID").map(|line| line.text().trim().to_owned()).unwrap_or_default();
    if uid.is_empty() || uid.len() > limits.uid { Err(ItipError::NoUid) } else { Ok(uid) }
}

fn check_event(event: &Component, limits: &Limits) -> Result<(), ItipError> {
    for name in ["DTSTART", "DTEND", "RECURRENCE-ID"] {
        if event.get(name).is_some_and(|line| DateTimeValue::from_line(line).is_err()) {
            return Err(ItipError::BadTime(name.into()));
        }
    }
    let attendees = event.all("ATTENDEE").count();
    if attendees > limits.attendees { Err(ItipError::TooMany(limits.attendees)) } else { Ok(()) }
}
