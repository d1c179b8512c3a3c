//! A calendar object resource: valid iCalendar with one UID. RFC 4791 §4.1.

use std::sync::Arc;

use bytes::Bytes;

use super::limits::Limits;
use super::tree::{Component, ParseError, ParseErrorKind};
use super::validate;

/// The kind of component an object holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ComponentKind {
    /// VEVENT
    Event,
    /// VTODO
    Todo,
    /// VJOURNAL
    Journal,
    /// VFREEBUSY
    FreeBusy,
    /// VAVAILABILITY, RFC 7953
    Availability,
}

impl ComponentKind {
    /// Every kind.
    pub const ALL: [ComponentKind; 5] = [Self::Event, Self::Todo, Self::Journal, Self::FreeBusy, Self::Availability];

    /// The component's name, such as `VEVENT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "VEVENT",
            Self::Todo => "VTODO",
            Self::Journal => "VJOURNAL",
            Self::FreeBusy => "VFREEBUSY",
            Self::Availability => "VAVAILABILITY",
        }
    }

    /// The kind with that component name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A calendar object that passed validation, with the bytes it came as. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CalendarObject {
    kind: ComponentKind,
    uid: Arc<str>,
    bytes: Bytes,
    root: Arc<Component>,
}

/// Why something is not a calendar object that may be stored. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidObject {
    /// Not iCalendar at all: `valid-calendar-data`, RFC 4791 §5.3.2.1.
    #[error("{0}")]
    NotICalendar(String),
    /// iCalendar, but not what one resource may hold: `valid-calendar-object-resource`, RFC 4791 §4.1.
    #[error("{0}")]
    NotAnObject(String),
    /// A component nobody here knows: `supported-calendar-component`.
    #[error("{0} is not a component this server keeps.")]
    UnsupportedComponent(String),
    /// Larger than [`Limits`] allow: `max-resource-size`.
    #[error("{0}")]
    TooLarge(String),
    /// More attendees than [`Limits::attendees`]: `max-attendees-per-instance`.
    #[error("There are more than {0} attendees.")]
    TooManyAttendees(usize),
    /// It recurs more often than anybody can count: `max-instances`.
    #[error("{0}")]
    TooManyInstances(String),
}

impl From<ParseError> for InvalidObject {
    fn from(error: ParseError) -> Self {
        use ParseErrorKind::{TooLarge, TooManyLines, TooManyParams};
        match error.kind {
            TooLarge(_) | TooManyLines(_) | TooManyParams(_) => Self::TooLarge(error.to_string()),
            _ => Self::NotICalendar(error.to_string()),
        }
    }
}

impl CalendarObject {
    /// Reads and validates an object; the bytes are kept exactly.
    ///
    /// VERSION, PRODID and DTSTAMP may be missing, and overrides may come without their master, because clients
    /// that people use write such objects.
    ///
    /// # Errors
    /// [`InvalidObject`], by the precondition of RFC 4791 §5.3.2.1 that is violated.
    pub fn parse(bytes: impl Into<Bytes>, limits: &Limits) -> Result<Self, InvalidObject> {
        let bytes = bytes.into();
        let root = Component::parse(&bytes, limits)?;
        Self::new(root, bytes, limits)
    }

    /// Writes and validates an object built here, or one that was changed.
    ///
    /// # Errors
    /// As [`CalendarObject::parse`].
    pub fn from_root(root: Component, limits: &Limits) -> Result<Self, InvalidObject> {
        let bytes = Bytes::from(root.write());
        if bytes.len() > limits.bytes {
            return Err(InvalidObject::TooLarge(format!("The calendar is larger than {} bytes.", limits.bytes)));
        }
        Self::new(root, bytes, limits)
    }

    fn new(root: Component, bytes: Bytes, limits: &Limits) -> Result<Self, InvalidObject> {
        let (kind, uid) = validate::check(&root, limits)?;
        Ok(Self { kind, uid: uid.into(), bytes, root: Arc::new(root) })
    }

    /// What it holds.
    pub fn kind(&self) -> ComponentKind {
        self.kind
    }

    /// The UID that all its components share.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The bytes it came as.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The VCALENDAR.
    pub fn root(&self) -> &Component {
        &self.root
    }

    /// Its components without the time zones: the master and the overrides, at least one.
    pub fn components(&self) -> impl Iterator<Item = &Component> + Clone {
        self.root.children.iter().filter(|child| child.name != "VTIMEZONE")
    }

    /// Its VTIMEZONE components.
    pub fn timezones(&self) -> impl Iterator<Item = &Component> + Clone {
        self.root.children.iter().filter(|child| child.name == "VTIMEZONE")
    }

    /// The VTIMEZONE that comes with it for a TZID.
    pub fn timezone(&self, tzid: &str) -> Option<&Component> {
        self.timezones().find(|zone| zone.get("TZID").is_some_and(|line| line.value == tzid))
    }

    /// The component without RECURRENCE-ID. An invitation to single instances of a series comes without it.
    pub fn master(&self) -> Option<&Component> {
        self.components().find(|component| component.get("RECURRENCE-ID").is_none())
    }

    /// The components with a RECURRENCE-ID.
    pub fn overrides(&self) -> impl Iterator<Item = &Component> + Clone {
        self.components().filter(|component| component.get("RECURRENCE-ID").is_some())
    }
}
