//! Availability: pure functions from offers, busy times, holds, rules and the clock to slots, and each host's timeline
//! kept in memory.
//!
//! Slots are computed, never stored. Pages, feeds, the API and the booking transaction all call [`slots`].

mod calendar_days;
mod candidates;
mod caps;
mod obstacle;
mod offered;
mod own_rules;
mod pool;
mod rules;
mod scope;
mod slots;
pub mod timeline;

#[cfg(test)]
mod model;

use crate::calendars::Scope;
use crate::people::PersonId;
use crate::teams::{Host, SessionType, Team, TeamId, TypeId};

pub use obstacle::{Obstacle, Start, starts};
pub use offered::offered;
pub use own_rules::OwnRules;
pub use pool::{PooledSlot, pool, pool_again};
pub use rules::{Rules, ServerRules, reach};
pub use scope::serves;
pub use slots::{SlotList, is_below_caps, slots, verdict};

/// A stretch of time somebody offers: one occurrence of an "Available" event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds, exclusive.
    pub ends: i64,
    /// Covers whole days; the team's hours of the day count then.
    pub all_day: bool,
    /// Which teams and types it serves.
    pub scope: Scope,
    /// What the event says about itself.
    pub own: OwnRules,
}

/// A stretch of time at which somebody is not free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds, exclusive.
    pub ends: i64,
}

/// A person's time taken by a session, with the buffers frozen at booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// UTC seconds, buffers included.
    pub starts: i64,
    /// UTC seconds, exclusive, buffers included.
    pub ends: i64,
    /// Key of the session.
    pub session: i64,
    /// More of the session, when the person hosts it; `None`: the person is its guest.
    pub hosted: Option<Hosted>,
}

/// What a host's own session tells about its remaining seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosted {
    /// What kind of session it is; the first booking fixed that.
    pub type_id: TypeId,
    /// Whose.
    pub team: TeamId,
    /// UTC seconds, without buffers.
    pub starts: i64,
    /// UTC seconds, without buffers.
    pub ends: i64,
    /// Guests it has room for.
    pub capacity: i64,
    /// Seats already taken.
    pub taken: i64,
}

/// Everything about one person's time that slots are made of, each list by start; busy times and holds are disjoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When they offer time.
    pub offers: Vec<Offer>,
    /// When they are busy.
    pub busy: Vec<Busy>,
    /// When sessions take their time, as host or as guest.
    pub holds: Vec<Hold>,
}

/// Whose slots are asked for, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The team.
    pub team: &'a Team,
    /// All types of the team.
    pub types: &'a [SessionType],
    /// Those asked for; empty: all of them.
    pub only: &'a [TypeId],
    /// The host.
    pub host: &'a Host,
    /// The host's time.
    pub timeline: &'a Timeline,
    /// Starts of all the team's sessions around the time asked for; only read when the team has a daily cap.
    pub team_starts: &'a [i64],
    /// The last level of rules.
    pub server: ServerRules,
    /// UTC seconds.
    pub now: i64,
}

/// A start that can be booked with one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds.
    pub end: i64,
    /// What kind of session.
    pub type_id: TypeId,
    /// With whom.
    pub host: PersonId,
    /// Seats left.
    pub open: i64,
    /// Seats in all.
    pub capacity: i64,
    /// The host's free time before, seconds.
    pub before: i64,
    /// The host's free time after, seconds.
    pub after: i64,
    /// The session that has begun to fill, if one has.
    pub session: Option<i64>,
}

/// Why a start cannot be booked. The further down, the nearer it was to being open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// No offer has a slot there.
    NotOffered,
    /// Further ahead than the booking window reaches.
    TooEarly,
    /// Nearer than the notice allows.
    TooLate,
    /// The host's or the team's cap for that day or week is reached.
    LimitReached,
    /// Busy, held by another session, or full.
    Taken,
}
