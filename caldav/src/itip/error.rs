//! Why a message is not acted upon.

use super::message::Method;
use crate::ical::object::InvalidObject;
use crate::ical::tree::ParseError;

/// Why a message cannot be used. Each reads as a sentence for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItipError {
    /// The calendar part is not iCalendar, or larger than the limits.
    #[error("The invitation cannot be read. {0}")]
    Unreadable(#[from] ParseError),
    /// Neither the calendar nor the part's `method` parameter says what is wanted. RFC 6047 §2.4.
    #[error("The calendar part does not say what it is: a request, a reply or a cancellation.")]
    NoMethod,
    /// A method that RFC 5546 does not know.
    #[error("\"{0}\" is not a kind of calendar message.")]
    UnknownMethod(String),
    /// The calendar says one thing, the part's `method` parameter another. RFC 6047 §2.4.
    #[error("The calendar says {body}, but the mail around it says {part}.")]
    MethodMismatch {
        /// METHOD of the calendar.
        body: Method,
        /// The parameter of the mail's part.
        part: Method,
    },
    /// The method is known, but not for this purpose.
    #[error("A calendar message of the kind {0} cannot be used here.")]
    WrongMethod(Method),
    /// There is no VEVENT, or something else beside it; with the component's name.
    #[error("The calendar part has no event, or not only that: {0}.")]
    NotAnEvent(String),
    /// An event without a UID. RFC 5545 §3.8.4.7.
    #[error("The event has no UID.")]
    NoUid,
    /// Several UIDs in one message. RFC 5546 §3.
    #[error("There are several different events in one message.")]
    SeveralUids,
    /// The stored event and the message are about different events.
    #[error("The message is about another event.")]
    OtherEvent,
    /// More events, instances or attendees than are read or told; the number that is allowed.
    #[error("There are more than {0} events or guests in one message.")]
    TooMany(usize),
    /// DTSTART, DTEND or RECURRENCE-ID cannot be read; with the property's name.
    #[error("The {0} of the event cannot be read.")]
    BadTime(String),
    /// No start, no end, or an end that is not after the start.
    #[error("The message does not say from when until when.")]
    NoTime,
    /// Nobody answers: no ATTENDEE with an address, or none that is meant.
    #[error("The message does not name the guest it is about.")]
    NoAttendee,
    /// No ORGANIZER with an address to answer to. RFC 5546 §3.2.2.
    #[error("The invitation does not name its organiser.")]
    NoOrganizer,
    /// Something is to be changed that is not there.
    #[error("There is no such event here.")]
    UnknownEvent,
    /// Instances are added by a rule. RFC 5546 §3.2.4.
    #[error("Adding a whole series to an event is not possible; send the event itself again.")]
    AddsSeries,
    /// The outcome cannot be kept as a calendar object.
    #[error("{0}")]
    Invalid(#[from] InvalidObject),
}
