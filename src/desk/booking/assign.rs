//! Who gets a pooled booking: the team's policy over the hosts who seem free.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use super::book::without_notice;
use super::trying::Candidate;
use crate::availability::{Question, Slot, Timeline, reach, verdict};
use crate::booking::Refusal;
use crate::desk::Desk;
use crate::desk::slots::{server_rules, team_starts};
use crate::desk::team_facts::TeamFacts;
use crate::people::PersonId;
use crate::teams::{Host, Policy, SessionType};

/// Bookings in this time count as load.
const LOAD: i64 = 7 * 86_400;
const DAY: i64 = 86_400;
/// The largest weight that counts.
const HEAVIEST: i64 = 1_000;

/// What is to be booked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// UTC seconds.
    pub(super) start: i64,
    /// With this host only.
    pub(super) only: Option<PersonId>,
    /// Nobody books with themself.
    pub(super) guest_email: &'a str,
    /// The notice does not count.
    pub(super) waive_notice: bool,
}

/// The hosts who seem open for this start, in the order in which they are to be tried: who has begun a session of that
/// type then, and after them as the team's [`Policy`] says.
///
/// # Errors
/// Why none is: the reason of the host that came nearest; [`Refusal::Db`].
pub(super) async fn order(
    desk: &Desk,
    facts: &TeamFacts,
    kind: &SessionType,
    wish: &Wanted<'_>,
) -> Result<Vec<Candidate>, Refusal> {
    let now = desk.clock.now();
    let Wanted { start, only, guest_email, waive_notice } = *wish;
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
    let mut timelines = desk.timelines.of(&mut conn, &hosts, from, to).await?;
    if waive_notice {
        timelines.values_mut().for_each(|timeline| without_notice(Arc::make_mut(timeline)));
    }
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
            Ok(slot) => open.push((Standing::of(host, timeline, &slot, now), slot.open, host.name.as_str())),
            Err(closed) => nearest = nearest.max(closed),
        }
    }
    if open.is_empty() {
        return Err(nearest.into());
    }
    // Of equal ones the list's order counts, which is by name.
    open.sort_unstable_by_key(|(standing, _, name)| (*name, standing.host));
    let mut open: Vec<(Standing, i64)> = open
        .into_iter()
        .zip(0..)
        .map(|((standing, open, _), listed)| (Standing { listed, ..standing }, open))
        .collect();
    open.sort_unstable_by(|(one, _), (other, _)| one.before(other, facts.team.policy));
    Ok(open.into_iter().map(|(standing, open)| Candidate { host: standing.host, open }).collect())
}

/// What decides between hosts who are free at the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    host: PersonId,
    /// A session of that type has begun to fill then.
    begun: bool,
    /// Bookings of theirs in the next 7 days.
    load: i64,
    /// When a pooled booking last went to them.
    last_assigned: i64,
    priority: i64,
    /// Their place among these by name.
    listed: usize,
}

impl Standing {
    fn of(host: &Host, timeline: &Timeline, slot: &Slot, now: i64) -> Self {
        let hosted = timeline.holds.iter().filter_map(|hold| hold.hosted.as_ref());
        let soon = hosted.filter(|session| (now..now + LOAD).contains(&session.starts));
        Self {
            host: host.person,
            begun: slot.session.is_some(),
            load: soon.map(|session| session.taken).sum(),
            last_assigned: host.last_assigned,
            priority: host.priority,
            listed: 0,
        }
    }

    /// Who comes first.
    fn before(&self, other: &Self, policy: Policy) -> Ordering {
        let longest_idle = self.last_assigned.cmp(&other.last_assigned);
        let chosen = match policy {
            Policy::LeastBusy => self.load.cmp(&other.load).then(longest_idle),
            Policy::RoundRobin => longest_idle,
            Policy::Weighted => self.heavier(other).then(longest_idle),
            Policy::FirstListed => other.priority.cmp(&self.priority).then(self.listed.cmp(&other.listed)),
        };
        Reverse(self.begun).cmp(&Reverse(other.begun)).then(chosen).then(self.host.cmp(&other.host))
    }

    /// Compares what each would carry with one booking more, for their weight, without dividing.
    fn heavier(&self, other: &Self) -> Ordering {
        let carried = |one: &Self, other: &Self| one.load.saturating_add(1).saturating_mul(other.weight());
        carried(self, other).cmp(&carried(other, self))
    }

    fn weight(&self) -> i64 {
        self.priority.clamp(1, HEAVIEST)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::availability::{Hold, Hosted};

    fn host(person: PersonId) -> Standing {
        Standing { host: person, begun: false, load: 0, last_assigned: 0, priority: 0, listed: 0 }
    }

    fn ordered(policy: Policy, mut hosts: Vec<Standing>) -> Vec<PersonId> {
        hosts.sort_unstable_by(|one, other| one.before(other, policy));
        hosts.into_iter().map(|standing| standing.host).collect()
    }

    #[test]
    fn each_policy_decides_by_its_own() {
        let hosts = || {
            vec![
                Standing { load: 3, last_assigned: 1, priority: 9, ..host(1) },
                Standing { load: 1, last_assigned: 7, priority: 2, ..host(2) },
                Standing { load: 1, last_assigned: 5, priority: 1, listed: 2, ..host(3) },
                Standing { load: 2, last_assigned: 9, priority: 1, listed: 3, ..host(4) },
            ]
        };
        assert_eq!(ordered(Policy::LeastBusy, hosts()), [3, 2, 4, 1]);
        assert_eq!(ordered(Policy::RoundRobin, hosts()), [1, 3, 2, 4]);
        assert_eq!(ordered(Policy::Weighted, hosts()), [1, 2, 3, 4], "4/9, 2/2, 2/1, 3/1");
        assert_eq!(ordered(Policy::FirstListed, hosts()), [1, 2, 3, 4], "9, 2, 1, 1");
    }

    #[test]
    fn only_bookings_of_the_next_seven_days_are_load() {
        let hold = |starts: i64| {
            let hosted = Hosted { type_id: 1, team: 1, starts, ends: starts + 1, capacity: 9, taken: 3 };
            Hold { starts, ends: starts + 1, session: 1, hosted: Some(hosted) }
        };
        let guest = Hold { hosted: None, ..hold(20) };
        let ada = Host {
            person: 1,
            email: String::new(),
            name: String::new(),
            picture: None,
            timezone: None,
            language: None,
            calendar_zone: None,
            slots: 1,
            slots_changed: 0,
            rules: Default::default(),
            max_per_day: None,
            max_per_week: None,
            priority: 0,
            last_assigned: 0,
        };
        let timeline = Timeline { holds: vec![hold(-1), hold(10), guest, hold(LOAD)], ..Timeline::default() };
        let slot =
            Slot { start: 0, end: 1, type_id: 1, host: 1, open: 1, capacity: 1, before: 0, after: 0, session: Some(4) };
        let standing = Standing::of(&ada, &timeline, &slot, 0);
        assert_eq!((standing.load, standing.begun), (3, true));
    }

    fn standing() -> impl Strategy<Value = Standing> {
        (1..6_i64, any::<bool>(), 0..20_i64, 0..5_i64, -2..5_i64, 0..3_usize).prop_map(
            |(host, begun, load, last_assigned, priority, listed)| Standing {
                host,
                begun,
                load,
                last_assigned,
                priority,
                listed,
            },
        )
    }

    fn policy() -> impl Strategy<Value = Policy> {
        proptest::sample::select(Policy::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn it_is_an_order_whatever_the_policy(one in standing(), two in standing(), three in standing(), policy in policy()) {
            prop_assert_eq!(one.before(&two, policy), two.before(&one, policy).reverse());
            if one.before(&two, policy).is_le() && two.before(&three, policy).is_le() {
                prop_assert!(one.before(&three, policy).is_le());
            }
        }

        #[test]
        fn a_begun_session_comes_first_whatever_the_policy(hosts in prop::collection::vec(standing(), 1..9), policy in policy()) {
            let order = {
                let mut hosts = hosts.clone();
                hosts.sort_unstable_by(|one, other| one.before(other, policy));
                hosts
            };
            let begun = hosts.iter().filter(|host| host.begun).count();
            prop_assert!(order.iter().take(begun).all(|host| host.begun));
        }

        #[test]
        fn whatever_a_number_means_a_higher_one_never_comes_later(one in standing(), more in 1..9_i64, by_rank in any::<bool>()) {
            let policy = if by_rank { Policy::FirstListed } else { Policy::Weighted };
            let higher = Standing { host: 9, listed: 9, priority: one.priority.max(1) + more, ..one };
            let first = higher.before(&one, policy);
            prop_assert!(first.is_lt(), "{:?} {:?}", first, policy);
        }

        #[test]
        fn over_many_bookings_the_weights_are_the_shares(weights in prop::collection::vec(1..8_i64, 2..5)) {
            let mut hosts: Vec<Standing> =
                weights.iter().zip(1..).map(|(weight, id)| Standing { priority: *weight, ..host(id) }).collect();
            let rounds = weights.iter().sum::<i64>() * 10;
            for now in 1..=rounds {
                let first = ordered(Policy::Weighted, hosts.clone())[0];
                let chosen = hosts.iter_mut().find(|host| host.host == first).unwrap();
                chosen.load += 1;
                chosen.last_assigned = now;
            }
            for host in &hosts {
                prop_assert!((host.load - host.priority * 10).abs() <= 1, "{:?}", hosts);
            }
        }

        #[test]
        fn in_turn_everybody_gets_as_many(count in 2..7_i64) {
            let mut hosts: Vec<Standing> = (1..=count).map(|id| Standing { load: 9 - id, ..host(id) }).collect();
            let mut got = vec![0; usize::try_from(count).unwrap()];
            for now in 1..=count * 3 {
                let first = ordered(Policy::RoundRobin, hosts.clone())[0];
                hosts.iter_mut().find(|host| host.host == first).unwrap().last_assigned = now;
                got[usize::try_from(first - 1).unwrap()] += 1;
            }
            prop_assert!(got.iter().all(|times| *times == 3), "{:?}", got);
        }
    }
}
