//! How much of somebody else's calendar text we are willing to look at.

/// Bounds on one calendar text. Nothing outside them is kept in memory for long: a text within the default bounds
/// costs at most a few milliseconds and 16 MiB, whatever it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the text in bytes.
    pub bytes: usize,
    /// Nesting of components; VCALENDAR itself is at depth 1.
    pub depth: usize,
    /// Unfolded content lines, BEGIN and END included.
    pub lines: usize,
    /// Values of property parameters in the whole text.
    pub params: usize,
    /// ATTENDEE lines of one component (RFC 4791 §5.2.9).
    pub attendees: usize,
    /// Bytes of a UID.
    pub uid: usize,
}

impl Default for Limits {
    /// The bounds for one calendar object resource.
    fn default() -> Self {
        Self { bytes: 1024 * 1024, depth: 16, lines: 30_000, params: 20_000, attendees: 100, uid: 1_000 }
    }
}

impl Limits {
    /// The bounds for a whole subscribed calendar, which holds many objects in one text.
    pub fn feed() -> Self {
        Self { bytes: 8 * 1024 * 1024, lines: 400_000, params: 200_000, ..Self::default() }
    }
}
