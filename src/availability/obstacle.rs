//! What stands against a start on an offer's grid, told apart further than whoever books needs to know. Only for the host:
//! it says what their calendar says.

use super::candidates::{Candidate, each};
use super::{Closed, Offer, Question};
use crate::teams::TypeId;

/// Starts of one offer that are told at most.
const MOST: usize = 1_000;

/// Why a start cannot be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// An event of the host's calendars is at that time; `near`: only within the free time before or after.
    Busy {
        /// Only the buffers touch it.
        near: bool,
    },
    /// A session is at that time; `near`: only within the free time before or after.
    Held {
        /// Only the buffers touch it.
        near: bool,
        /// The person is its host; else its guest.
        hosted: bool,
    },
    /// The session at this start has no seat left.
    Full,
    /// So many sessions that day are enough.
    PerDay(i64),
    /// So many sessions that week are enough.
    PerWeek(i64),
    /// The team has so many sessions that day, and that is enough.
    TeamDay(i64),
    /// So many sessions in this offer are enough, says the offer itself.
    PerOffer(i64),
    /// Nearer than the notice, seconds.
    TooSoon(i64),
    /// Further ahead than one may book, seconds.
    TooFar(i64),
}

impl Obstacle {
    /// As much of it as whoever books may know.
    pub fn closed(self) -> Closed {
        match self {
            Self::Busy { .. } | Self::Held { .. } | Self::Full => Closed::Taken,
            Self::PerDay(_) | Self::PerWeek(_) | Self::TeamDay(_) | Self::PerOffer(_) => Closed::LimitReached,
            Self::TooSoon(_) => Closed::TooLate,
            Self::TooFar(_) => Closed::TooEarly,
        }
    }
}

/// A start on an offer's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// UTC seconds.
    pub start: i64,
    /// UTC seconds.
    pub end: i64,
    /// What kind of session would start.
    pub type_id: TypeId,
    /// `None`: it can be booked.
    pub obstacle: Option<Obstacle>,
}

/// All starts that one offer has on its grid in `[from, to)`, open or not, a thousand at most. The same judgement as
/// [`super::slots`].
pub fn starts(question: &Question<'_>, offer: &Offer, from: i64, to: i64) -> Vec<Start> {
    let mut found = Vec::new();
    each(question, std::slice::from_ref(offer), from, to, &mut |judged| {
        if found.len() >= MOST {
            return;
        }
        found.push(match judged {
            Ok(Candidate { slot, opens, closes }) => {
                let obstacle = match question.now {
                    now if now < opens => Some(Obstacle::TooFar(slot.start - opens)),
                    now if now >= closes => Some(Obstacle::TooSoon(slot.start - closes + 1)),
                    _ => None,
                };
                Start { start: slot.start, end: slot.end, type_id: slot.type_id, obstacle }
            }
            Err((obstacle, (start, end), type_id)) => Start { start, end, type_id, obstacle: Some(obstacle) },
        });
    });
    found
}
