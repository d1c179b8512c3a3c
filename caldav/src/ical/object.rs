//! A calendar object resource: valid iCalendar with one UID. RFC 4791 §4.1.

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

/// A calendar object that passed validation, with the bytes it came as.
#[derive(Debug, Clone)]
pub struct CalendarObject {
    kind: ComponentKind,
}
impl CalendarObject {
    /// What it holds.
    pub fn kind(&self) -> ComponentKind {
        self.kind
    }
}
