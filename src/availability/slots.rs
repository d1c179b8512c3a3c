//! One host's slots, and why a start is not one.

use std::cmp::Reverse;

use super::calendar_days::zone;
use super::candidates::{Candidate, each};
use super::caps::Caps;
use super::{Closed, Question, Slot};
use crate::teams::TypeId;

/// Slots gathered before those that coincide are sorted out.
const UNTIDY: usize = 4_096;

/// One host's open slots, and for how long that is the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotList {
    /// By start, then type.
    pub slots: Vec<Slot>,
    /// The last instant at which the clock changed the answer; `i64::MIN`: it never did.
    pub since: i64,
    /// The next instant at which the clock changes the answer; `i64::MAX`: never.
    pub valid_until: i64,
}

/// The open slots that start in `[from, to)`. Starts of several offers that coincide are one, with the most seats.
pub fn slots(question: &Question<'_>, from: i64, to: i64) -> SlotList {
    let (mut found, mut full) = (Vec::<Slot>::new(), UNTIDY);
    let (mut since, mut valid_until) = (i64::MIN, i64::MAX);
    each(question, &question.timeline.offers, from, to, &mut |candidate| {
        let Ok(Candidate { slot, opens, closes }) = candidate else { return };
        if opens < closes {
            for change in [opens, closes] {
                if change <= question.now {
                    since = since.max(change);
                } else {
                    valid_until = valid_until.min(change);
                }
            }
        }
        if opens <= question.now && question.now < closes {
            found.push(slot);
            // Thousands of offers may lie over each other: what coincides does not wait for the end.
            if found.len() >= full {
                tidy(&mut found);
                full = 2 * found.len().max(UNTIDY);
            }
        }
    });
    tidy(&mut found);
    SlotList { slots: found, since, valid_until }
}

/// Of coinciding starts the one with the most seats, in order. Each offer's slots come in order, so there is little to
/// sort.
fn tidy(slots: &mut Vec<Slot>) {
    slots.sort_by_key(|slot| (slot.start, slot.type_id, Reverse(slot.open)));
    slots.dedup_by_key(|slot| (slot.start, slot.type_id));
}

/// Whether the host's caps and the team's leave room for one more session at this start.
pub fn is_below_caps(question: &Question<'_>, start: i64) -> bool {
    Caps::new(question, &[], zone(question.host, question.team)).of_host_and_team(start).is_none()
}

/// The slot of this type that starts exactly then, or why there is none.
///
/// # Errors
/// [`Closed`]: the reason of the offer that came nearest.
pub fn verdict(question: &Question<'_>, type_id: TypeId, start: i64) -> Result<Slot, Closed> {
    let question = &Question { only: &[type_id], ..*question };
    let mut best: Option<Slot> = None;
    let mut reason = Closed::NotOffered;
    each(question, &question.timeline.offers, start, start.saturating_add(1), &mut |candidate| match candidate {
        Ok(Candidate { opens, .. }) if question.now < opens => reason = reason.max(Closed::TooEarly),
        Ok(Candidate { closes, .. }) if question.now >= closes => reason = reason.max(Closed::TooLate),
        Ok(Candidate { slot, .. }) => {
            if best.as_ref().is_none_or(|best| slot.open > best.open) {
                best = Some(slot);
            }
        }
        Err((obstacle, ..)) => reason = reason.max(obstacle.closed()),
    });
    best.ok_or(reason)
}
