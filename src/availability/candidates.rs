//! Every start on the grid of every offer, and what stands against it.

use super::calendar_days::{stretches, zone};
use super::caps::Caps;
use super::scope::serves;
use super::{Hold, Obstacle, Offer, Question, Rules, Slot, Timeline};
use crate::teams::{SessionType, TypeId};

/// Starts that one type has in one question at most: a minute's grid over a year, so nothing real is cut off.
const MOST: usize = 600_000;
const DAY: i64 = 86_400;
/// Longest session, seconds.
const LONGEST: i64 = DAY;
/// Finest grid, seconds.
const FINEST: i64 = 60;

/// A start on an offer's grid that neither busy times nor holds nor caps rule out, and when the clock lets it be open.
pub(super) struct Candidate {
    pub(super) slot: Slot,
    /// The first second at which it can be booked: the booking window has reached it.
    pub(super) opens: i64,
    /// The first second at which it no longer can: the notice has begun.
    pub(super) closes: i64,
}

/// A start on the grid, and why it is closed if it is, whatever the clock says.
pub(super) type Judged = Result<Candidate, (Obstacle, (i64, i64), TypeId)>;

/// Calls `found` for each start of these offers in `[from, to)`.
pub(super) fn each(question: &Question<'_>, offers: &[Offer], from: i64, to: i64, found: &mut dyn FnMut(Judged)) {
    let zone = zone(question.host, question.team);
    let caps = Caps::new(question, offers, zone.clone());
    // The hours of a whole day may lie a little outside its row: that was made for the zone the host had then.
    let wider = |offer: &Offer| if offer.all_day { DAY } else { 0 };
    let reaching = |offer: &&Offer| offer.starts - wider(offer) < to && offer.ends + wider(offer) > from;
    let wanted = |kind: &&SessionType| question.only.is_empty() || question.only.contains(&kind.id);
    for kind in question.types.iter().filter(wanted) {
        let mut left = MOST;
        for offer in offers.iter().filter(reaching) {
            if !serves(&offer.scope, question.team, question.types, kind) {
                continue;
            }
            let levels = [&offer.own.rules, &question.host.rules, &kind.rules, &question.team.rules];
            let rules = Rules::resolve(levels, question.server);
            for (starts, ends) in stretches(offer, question.team, &zone, from, to) {
                let length = kind.length(ends.saturating_sub(starts));
                for start in grid(starts, ends, length, kind, &rules, from, to).take(left) {
                    left -= 1;
                    let times = (start, start + length);
                    let judged = judge(question, &caps, offer, kind, &rules, times);
                    found(judged.map_err(|obstacle| (obstacle, times, kind.id)));
                }
            }
        }
    }
}

/// Starts in elapsed time from the stretch's own start; sessions lie inside the stretch. A session as long as its offer
/// has one start only, and none in an offer longer than a day.
fn grid(
    starts: i64,
    ends: i64,
    length: i64,
    kind: &SessionType,
    rules: &Rules,
    from: i64,
    to: i64,
) -> impl Iterator<Item = i64> {
    let step = kind.step.unwrap_or(length + rules.before + rules.after).max(FINEST);
    let fits = (1..=LONGEST).contains(&length);
    let missed = from.saturating_sub(starts).clamp(0, i64::MAX / 2);
    let first = starts + (missed + step - 1) / step * step;
    std::iter::successors(Some(first), move |start| Some(start + step))
        .take_while(move |start| fits && start + length <= ends && *start < to)
}

fn judge(
    question: &Question<'_>,
    caps: &Caps<'_>,
    offer: &Offer,
    kind: &SessionType,
    rules: &Rules,
    (start, end): (i64, i64),
) -> Result<Candidate, Obstacle> {
    let slot = match begun(question, kind, start) {
        Some((slot, padded)) => {
            if slot.open <= 0 {
                return Err(Obstacle::Full);
            }
            if overlaps_busy(question.timeline, padded) {
                return Err(Obstacle::Busy { near: !overlaps_busy(question.timeline, (start, slot.end)) });
            }
            slot
        }
        None => {
            let padded = (start - rules.before, end + rules.after);
            if let Some(hold) = overlapping_hold(question.timeline, padded) {
                let near = hold.starts >= end || hold.ends <= start;
                return Err(Obstacle::Held { near, hosted: hold.hosted.is_some() });
            }
            if overlaps_busy(question.timeline, padded) {
                return Err(Obstacle::Busy { near: !overlaps_busy(question.timeline, (start, end)) });
            }
            if let Some(obstacle) = caps.against(offer, start) {
                return Err(obstacle);
            }
            let capacity = offer.own.capacity.unwrap_or(kind.capacity).max(1);
            Slot {
                start,
                end,
                type_id: kind.id,
                host: question.host.person,
                open: capacity,
                capacity,
                before: rules.before,
                after: rules.after,
                session: None,
            }
        }
    };
    Ok(Candidate { slot, opens: start - rules.window, closes: start - rules.notice + 1 })
}

/// The session of this type that has begun to fill at this start, with its frozen buffers.
fn begun(question: &Question<'_>, kind: &SessionType, start: i64) -> Option<(Slot, (i64, i64))> {
    let holds = &question.timeline.holds;
    let first = holds.partition_point(|hold| hold.ends <= start);
    let hold = holds.get(first).filter(|hold| hold.starts <= start)?;
    let hosted = hold.hosted.as_ref().filter(|hosted| hosted.type_id == kind.id && hosted.starts == start)?;
    let slot = Slot {
        start,
        end: hosted.ends,
        type_id: kind.id,
        host: question.host.person,
        open: hosted.capacity - hosted.taken,
        capacity: hosted.capacity,
        before: hosted.starts - hold.starts,
        after: hold.ends - hosted.ends,
        session: Some(hold.session),
    };
    Some((slot, (hold.starts, hold.ends)))
}

fn overlaps_busy(timeline: &Timeline, (starts, ends): (i64, i64)) -> bool {
    let next = timeline.busy.partition_point(|busy| busy.ends <= starts);
    timeline.busy.get(next).is_some_and(|busy| busy.starts < ends)
}

fn overlapping_hold(timeline: &Timeline, (starts, ends): (i64, i64)) -> Option<&Hold> {
    let next = timeline.holds.partition_point(|hold| hold.ends <= starts);
    timeline.holds.get(next).filter(|hold| hold.starts < ends)
}
