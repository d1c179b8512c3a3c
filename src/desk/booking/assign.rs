//! Who gets a pooled booking.

use std::sync::Arc;

use super::trying::Candidate;
use crate::availability::{Question, Slot, Timeline, reach, verdict};
use crate::booking::Refusal;
use crate::desk::Desk;
use crate::desk::slots::{TeamFacts, server_rules, team_starts};
use crate::people::PersonId;
use crate::teams::{Host, SessionType};

/// Bookings in this time count as load.
const LOAD: i64 = 7 * 86_400;
const DAY: i64 = 86_400;

/// The hosts who seem open for this start, in the order in which they are to be tried: who has begun a session of that
/// type then, who has the fewest bookings in the next 7 days, who was not assigned for longest, id.
///
/// # Errors
/// Why none is: the reason of the host that came nearest; [`Refusal::Db`].
pub(super) async fn order(
    desk: &Desk,
    facts: &TeamFacts,
    kind: &SessionType,
    start: i64,
    only: Option<PersonId>,
    guest_email: &str,
) -> Result<Vec<Candidate>, Refusal> {
    let now = desk.clock.now();
    let wanted = |host: &&Host| only.is_none_or(|only| only == host.person);
    let hosts: Vec<Host> = facts.hosts.iter().filter(wanted).cloned().collect();
    if !hosts.is_empty() && hosts.iter().all(|host| host.email == guest_email) {
        return Err(Refusal::already_booked());
    }
    // So far ahead nobody can book: years need not be read to say so.
    if start > now.saturating_add(reach(&facts.team, &facts.types, &hosts, server_rules(desk))) {
        return Err(Refusal::not_offered());
    }
    let mut conn = desk.db.read().await?;
    let from = start.min(now).saturating_sub(DAY).max(now.saturating_sub(DAY));
    let to = start.max(now.saturating_add(LOAD)).saturating_add(2 * DAY);
    let timelines = desk.timelines.of(&mut conn, &hosts, from, to).await?;
    let starts = match facts.team.daily_cap {
        Some(_) => team_starts(&mut conn, facts.team.id, start, start).await?,
        None => Vec::new(),
    };
    drop(conn);
    let mut open = Vec::new();
    let mut nearest = crate::availability::Closed::NotOffered;
    for host in hosts.iter().filter(|host| host.email != guest_email) {
        let Some(timeline) = timelines.get(&host.person) else { continue };
        let question = Question {
            team: &facts.team,
            types: &facts.types,
            only: &[],
            host,
            timeline,
            team_starts: &starts,
            server: server_rules(desk),
            now,
        };
        match verdict(&question, kind.id, start) {
            Ok(slot) => open.push((rank(host, timeline, &slot, now), slot.open)),
            Err(closed) => nearest = nearest.max(closed),
        }
    }
    if open.is_empty() {
        return Err(nearest.into());
    }
    open.sort_unstable();
    Ok(open.into_iter().map(|((_, _, _, host), open)| Candidate { host, open }).collect())
}

/// Smaller comes first.
fn rank(host: &Host, timeline: &Arc<Timeline>, slot: &Slot, now: i64) -> (bool, i64, i64, PersonId) {
    let hosted = timeline.holds.iter().filter_map(|hold| hold.hosted.as_ref());
    let load = hosted.filter(|session| (now..now + LOAD).contains(&session.starts)).map(|session| session.taken).sum();
    (slot.session.is_none(), load, host.last_assigned, host.person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::availability::{Hold, Hosted};

    fn host(person: PersonId, last_assigned: i64) -> Host {
        Host {
            person,
            email: String::new(),
            name: String::new(),
            timezone: None,
            language: None,
            calendar_zone: None,
            slots: 1,
            slots_changed: 0,
            rules: Default::default(),
            max_per_day: None,
            max_per_week: None,
            priority: 0,
            last_assigned,
        }
    }

    fn booked(starts: i64, taken: i64) -> Hold {
        let hosted = Hosted { type_id: 1, team: 1, starts, ends: starts + 1, capacity: 9, taken };
        Hold { starts, ends: starts + 1, session: 1, hosted: Some(hosted) }
    }

    fn slot(session: Option<i64>) -> Slot {
        Slot { start: 0, end: 1, type_id: 1, host: 1, open: 1, capacity: 1, before: 0, after: 0, session }
    }

    #[test]
    fn begun_sessions_then_load_then_last_assigned_then_id_decide() {
        let idle = Arc::new(Timeline::default());
        let busy = Arc::new(Timeline { holds: vec![booked(10, 3)], ..Timeline::default() });
        let later = Arc::new(Timeline { holds: vec![booked(LOAD, 3)], ..Timeline::default() });
        let mut ranks = [
            rank(&host(1, 0), &busy, &slot(None), 0),
            rank(&host(6, 5), &later, &slot(None), 0),
            rank(&host(5, 5), &idle, &slot(None), 0),
            rank(&host(4, 4), &idle, &slot(None), 0),
            rank(&host(9, 9), &busy, &slot(Some(1)), 0),
        ];
        ranks.sort_unstable();
        assert_eq!(ranks.map(|rank| rank.3), [9, 4, 5, 6, 1]);
    }
}
