//! The slow, obvious model: every minute of the window is looked at, every rule is written out anew.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::calendars::{OfferCaps, OfferRules};
use crate::teams::{BookingMode, RuleSet};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

pub(super) fn team() -> Team {
    Team {
        id: 1,
        slug: "rust".into(),
        name: "Rust mentoring".into(),
        description: String::new(),
        timezone: "UTC".into(),
        public: true,
        hidden: false,
        booking: BookingMode::Anyone,
        show_hosts: false,
        hosts_join: false,
        day_starts: 9 * HOUR,
        day_ends: 17 * HOUR,
        rules: RuleSet::default(),
        daily_cap: None,
        version: 1,
        active: true,
        ..Team::default()
    }
}

pub(super) fn session_type(id: TypeId) -> SessionType {
    SessionType {
        id,
        team: 1,
        slug: format!("type-{id}"),
        name: format!("Type {id}"),
        description: String::new(),
        minutes: 60,
        whole_offer: false,
        step: None,
        capacity: 1,
        active: true,
        ..SessionType::default()
    }
}

pub(super) fn host() -> Host {
    Host {
        person: 7,
        email: "ada@example.org".into(),
        name: "Ada".into(),
        picture: None,
        timezone: None,
        language: None,
        calendar_zone: None,
        slots: 1,
        slots_changed: 0,
        rules: RuleSet::default(),
        max_per_day: None,
        max_per_week: None,
        priority: 0,
        last_assigned: 0,
    }
}

pub(super) fn seconds(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

pub(super) fn offer(starts: i64, ends: i64) -> Offer {
    Offer { starts, ends, all_day: false, scope: Scope::Everything, own: OwnRules::default() }
}

pub(super) fn all_day(starts: &str, ends: &str) -> Offer {
    let instant = |text: &str| text.parse::<jiff::Zoned>().unwrap().timestamp().as_second();
    Offer { all_day: true, ..offer(instant(starts), instant(ends)) }
}

/// Everything a question is made of, owned.
#[derive(Debug, Clone)]
struct World {
    team: Team,
    types: Vec<SessionType>,
    host: Host,
    timeline: Timeline,
    team_starts: Vec<i64>,
    server: ServerRules,
    now: i64,
    from: i64,
    to: i64,
}

impl World {
    fn question(&self) -> Question<'_> {
        Question {
            team: &self.team,
            types: &self.types,
            only: &[],
            host: &self.host,
            timeline: &self.timeline,
            team_starts: &self.team_starts,
            server: self.server,
            now: self.now,
        }
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(self.host.timezone.as_deref().unwrap_or(&self.team.timezone)).unwrap()
    }

    fn local(&self, instant: i64) -> jiff::civil::DateTime {
        self.zone().to_datetime(Timestamp::from_second(instant).unwrap())
    }
}

/// Each offer as the stretches it covers, with the extent of the whole; the minutes of an all-day offer's days are looked at one by one.
fn stretches(world: &World) -> Vec<(Offer, (i64, i64))> {
    let mut found = Vec::new();
    for offer in &world.timeline.offers {
        if !offer.all_day {
            found.push((offer.clone(), (offer.starts, offer.ends)));
            continue;
        }
        let mut days: std::collections::BTreeMap<jiff::civil::Date, (i64, i64)> = Default::default();
        for minute in (offer.starts..offer.ends).step_by(MINUTE as usize) {
            let local = world.local(minute);
            let since_midnight = i64::from(local.hour()) * HOUR + i64::from(local.minute()) * MINUTE;
            if (world.team.day_starts..world.team.day_ends).contains(&since_midnight) {
                days.entry(local.date()).or_insert((minute, minute)).1 = minute + MINUTE;
            }
        }
        let of_day = |(starts, ends): &(i64, i64)| Offer { starts: *starts, ends: *ends, ..offer.clone() };
        found.extend(days.values().map(|day| (of_day(day), (offer.starts, offer.ends))));
    }
    found
}

/// All open slots, minute by minute.
fn model(world: &World) -> Vec<Slot> {
    let mut found = Vec::new();
    let offers = stretches(world);
    let mut start = world.from.div_euclid(MINUTE) * MINUTE;
    while start < world.to {
        for kind in &world.types {
            let best = offers.iter().filter_map(|(offer, whole)| model_slot(world, offer, *whole, kind, start)).fold(
                None,
                |best: Option<Slot>, slot| match best {
                    Some(best) if best.open >= slot.open => Some(best),
                    _ => Some(slot),
                },
            );
            if start >= world.from {
                found.extend(best);
            }
        }
        start += MINUTE;
    }
    found
}

fn model_slot(world: &World, offer: &Offer, whole: (i64, i64), kind: &SessionType, start: i64) -> Option<Slot> {
    let rule = |of: fn(&RuleSet) -> Option<i64>, last: i64| {
        of(&offer.own.rules).or(of(&world.host.rules)).or(of(&kind.rules)).or(of(&world.team.rules)).unwrap_or(last)
    };
    let before = rule(|rules| rules.buffer_before, 0);
    let after = rule(|rules| rules.buffer_after, 0);
    let notice = rule(|rules| rules.notice, world.server.notice);
    let window = rule(|rules| rules.booking_window, world.server.booking_window);
    let (offer_starts, offer_ends) = (offer.starts, offer.ends);
    let end = if kind.whole_offer { offer_ends } else { start + kind.minutes * MINUTE };
    let step = kind.step.unwrap_or(kind.minutes * MINUTE + before + after);
    let on_grid = if kind.whole_offer {
        start == offer_starts && offer_ends - offer_starts <= DAY
    } else {
        start >= offer_starts && (start - offer_starts) % step == 0
    };
    if !on_grid || end > offer_ends {
        return None;
    }
    let named = |name: &String| world.types.iter().any(|kind| kind.slug == *name);
    match &offer.scope {
        Scope::Named(name) if *name != kind.slug => return None,
        Scope::Categories(list) if list.iter().any(named) && !list.contains(&kind.slug) => return None,
        _ => {}
    }
    if start < world.now + notice || start > world.now + window {
        return None;
    }
    let joined =
        world.timeline.holds.iter().find(|hold| {
            hold.hosted.as_ref().is_some_and(|hosted| hosted.type_id == kind.id && hosted.starts == start)
        });
    let slot = match joined {
        Some(hold) => {
            let hosted = hold.hosted.as_ref()?;
            Slot {
                start,
                end: hosted.ends,
                type_id: kind.id,
                host: world.host.person,
                open: hosted.capacity - hosted.taken,
                capacity: hosted.capacity,
                before: start - hold.starts,
                after: hold.ends - hosted.ends,
                session: Some(hold.session),
            }
        }
        None => {
            let capacity = offer.own.capacity.unwrap_or(kind.capacity);
            let day = |instant: i64| world.local(instant).date();
            let week = |instant: i64| world.local(instant).date().iso_week_date();
            let same_week = |a: i64, b: i64| (week(a).year(), week(a).week()) == (week(b).year(), week(b).week());
            let hosted: Vec<i64> =
                world.timeline.holds.iter().filter_map(|h| Some(h.hosted.as_ref()?.starts)).collect();
            let per_day = hosted.iter().filter(|other| day(**other) == day(start)).count() as i64;
            let per_week = hosted.iter().filter(|other| same_week(**other, start)).count() as i64;
            let in_offer = hosted.iter().filter(|other| (whole.0..whole.1).contains(other)).count() as i64;
            let team_day = world.team_starts.iter().filter(|other| day(**other) == day(start)).count() as i64;
            if world.host.max_per_day.is_some_and(|cap| per_day >= cap)
                || world.host.max_per_week.is_some_and(|cap| per_week >= cap)
                || world.team.daily_cap.is_some_and(|cap| team_day >= cap)
                || offer.own.caps.per_day.is_some_and(|cap| per_day >= cap)
                || offer.own.caps.per_week.is_some_and(|cap| per_week >= cap)
                || offer.own.caps.most.is_some_and(|cap| in_offer >= cap)
                || world.timeline.holds.iter().any(|hold| start - before < hold.ends && hold.starts < end + after)
            {
                return None;
            }
            Slot {
                start,
                end,
                type_id: kind.id,
                host: world.host.person,
                open: capacity,
                capacity,
                before,
                after,
                session: None,
            }
        }
    };
    let blocked = |busy: &Busy| slot.start - slot.before < busy.ends && busy.starts < slot.end + slot.after;
    (slot.open > 0 && !world.timeline.busy.iter().any(blocked)).then_some(slot)
}

/// Nights on which some clock of [`zones`] goes forward or back, or nothing happens.
fn origins() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![
        "2026-03-28T00:00:00Z", // Europe, forward
        "2026-10-24T00:00:00Z", // Europe, back
        "2026-03-07T00:00:00Z", // America, forward
        "2026-10-31T00:00:00Z", // America, back
        "2026-10-03T00:00:00Z", // Lord Howe, forward by half an hour
        "2026-11-20T00:00:00Z",
    ])
    .prop_map(seconds)
}

fn zones() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(vec![
        None,
        Some("Europe/Berlin"),
        Some("America/New_York"),
        Some("Australia/Lord_Howe"),
        Some("Asia/Kathmandu"),
    ])
    .prop_map(|zone| zone.map(str::to_owned))
}

fn minutes(range: std::ops::Range<i64>, grain: i64) -> impl Strategy<Value = i64> {
    (range.start / grain..range.end / grain).prop_map(move |count| count * grain * MINUTE)
}

fn rules() -> impl Strategy<Value = RuleSet> {
    (
        prop::option::of(minutes(0..2880, 30)),
        prop::option::of(minutes(0..60, 5)),
        prop::option::of(minutes(0..60, 5)),
        prop::option::of(minutes(0..4320, 60)),
    )
        .prop_map(|(notice, buffer_before, buffer_after, booking_window)| RuleSet {
            notice,
            buffer_before,
            buffer_after,
            booking_window,
        })
}

fn sparse_rules() -> impl Strategy<Value = RuleSet> {
    prop_oneof![3 => Just(RuleSet::default()), 1 => rules()]
}

fn types() -> impl Strategy<Value = Vec<SessionType>> {
    let kind = (
        minutes(15..120, 15),
        prop::option::of(minutes(15..90, 15)),
        sparse_rules(),
        1..4i64,
        prop::bool::weighted(0.25),
    );
    prop::collection::vec(kind, 1..3).prop_map(|kinds| {
        kinds
            .into_iter()
            .zip(1..)
            .map(|((length, step, rules, capacity, whole_offer), id)| SessionType {
                minutes: length / MINUTE,
                whole_offer,
                step,
                rules,
                capacity,
                ..session_type(id)
            })
            .collect()
    })
}

fn scopes() -> impl Strategy<Value = Scope> {
    let name = || prop::sample::select(vec!["type-1", "type-2", "else"]).prop_map(str::to_owned);
    prop_oneof![
        4 => Just(Scope::Everything),
        1 => name().prop_map(Scope::Named),
        1 => prop::collection::vec(name(), 1..3).prop_map(Scope::Categories),
    ]
}

fn offer_caps() -> impl Strategy<Value = OfferCaps> {
    let cap = || prop::option::weighted(0.15, 0..3i64);
    (cap(), cap(), cap()).prop_map(|(most, per_day, per_week)| OfferCaps { most, per_day, per_week })
}

/// Offers relative to the origin, some of them all day.
fn offers(zone: TimeZone, origin: i64) -> impl Strategy<Value = Vec<Offer>> {
    let one = (
        minutes(-720..3600, 5),
        minutes(10..600, 5),
        prop::bool::weighted(0.25),
        scopes(),
        sparse_rules(),
        prop::option::weighted(0.2, 1..4i64),
        offer_caps(),
    );
    prop::collection::vec(one, 0..5).prop_map(move |list| {
        let mut offers: Vec<Offer> = list
            .into_iter()
            .map(|(at, length, all_day, scope, rules, capacity, caps)| {
                let starts = origin + at;
                let own = OwnRules::from(OfferRules { rules, capacity, caps });
                if !all_day {
                    return Offer { starts, ends: starts + length, all_day, scope, own };
                }
                let day = zone.to_datetime(Timestamp::from_second(starts).unwrap()).date();
                let midnight = |day: jiff::civil::Date| day.to_zoned(zone.clone()).unwrap().timestamp().as_second();
                let ends = midnight(day.tomorrow().unwrap());
                Offer { starts: midnight(day), ends, all_day, scope, own }
            })
            .collect();
        offers.sort_by_key(|offer| (offer.starts, offer.ends));
        offers
    })
}

/// Disjoint holds; the ones of hosted sessions lie where offers of round length put them, so that some are joined.
fn holds(origin: i64) -> impl Strategy<Value = Vec<Hold>> {
    let one = (
        minutes(-720..3600, 15),
        minutes(15..120, 15),
        minutes(0..30, 5),
        minutes(0..30, 5),
        0..3i64,
        1..4i64,
        0..4i64,
    );
    prop::collection::vec(one, 0..6).prop_map(move |list| {
        let mut holds: Vec<Hold> = Vec::new();
        for ((at, length, before, after, type_id, capacity, taken), session) in list.into_iter().zip(100..) {
            let (starts, ends) = (origin + at, origin + at + length);
            let hosted =
                (type_id > 0).then(|| Hosted { type_id, team: 1, starts, ends, capacity, taken: taken.min(capacity) });
            let hold = Hold { starts: starts - before, ends: ends + after, session, hosted };
            if holds.iter().all(|other| other.ends <= hold.starts || hold.ends <= other.starts) {
                holds.push(hold);
            }
        }
        holds.sort_by_key(|hold| hold.starts);
        holds
    })
}

fn busy(origin: i64) -> impl Strategy<Value = Vec<Busy>> {
    prop::collection::vec((minutes(-720..3600, 5), minutes(5..200, 5)), 0..5).prop_map(move |list| {
        timeline::merged(
            list.into_iter().map(|(at, length)| Busy { starts: origin + at, ends: origin + at + length }).collect(),
        )
    })
}

prop_compose! {
    fn worlds()(origin in origins(), own_zone in zones(), team_zone in zones())(
        offers in {
            let name = own_zone.clone().or(team_zone.clone()).unwrap_or("UTC".into());
            offers(TimeZone::get(&name).unwrap(), origin)
        },
        busy in busy(origin),
        holds in holds(origin),
        types in types(),
        host_rules in sparse_rules(),
        team_rules in rules(),
        caps in (prop::option::weighted(0.3, 0..3i64), prop::option::weighted(0.3, 0..4i64), prop::option::weighted(0.3, 0..4i64)),
        team_starts in prop::collection::vec(minutes(-720..3600, 15), 0..5),
        now in minutes(-2880..600, 5),
        from in minutes(-720..1440, 1),
        hours in prop::sample::select(vec![(9, 17), (0, 24), (6, 12)]),
        origin in Just(origin), own_zone in Just(own_zone), team_zone in Just(team_zone),
    ) -> World {
        World {
            team: Team {
                timezone: team_zone.unwrap_or("UTC".into()),
                rules: team_rules,
                daily_cap: caps.2,
                day_starts: hours.0 * HOUR,
                day_ends: hours.1 * HOUR,
                ..team()
            },
            types,
            host: Host { timezone: own_zone, rules: host_rules, max_per_day: caps.0, max_per_week: caps.1, ..host() },
            timeline: Timeline { offers, busy, holds },
            team_starts: team_starts.into_iter().map(|at| origin + at).collect(),
            server: ServerRules { notice: 4 * HOUR, booking_window: 30 * DAY },
            now: origin + now,
            from: origin + from,
            to: origin + 2 * DAY + 12 * HOUR,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_what_the_minute_by_minute_model_finds(world in worlds()) {
        prop_assert_eq!(slots(&world.question(), world.from, world.to).slots, model(&world));
    }

    #[test]
    fn the_check_of_a_booking_agrees_with_the_list(world in worlds()) {
        let list = slots(&world.question(), world.from, world.to).slots;
        for kind in &world.types {
            for start in (world.from..world.to).step_by(5 * MINUTE as usize) {
                let listed = list.iter().find(|slot| slot.start == start && slot.type_id == kind.id);
                let found = verdict(&world.question(), kind.id, start);
                prop_assert_eq!(found.as_ref().ok(), listed);
            }
        }
    }

    #[test]
    fn what_is_explained_is_what_is_offered(world in worlds()) {
        let open: std::collections::BTreeSet<(i64, TypeId)> =
            slots(&world.question(), world.from, world.to).slots.iter().map(|slot| (slot.start, slot.type_id)).collect();
        let mut told = std::collections::BTreeSet::new();
        for offer in &world.timeline.offers {
            for start in starts(&world.question(), offer, world.from, world.to) {
                match start.obstacle {
                    None => { told.insert((start.start, start.type_id)); }
                    // Another offer may be open at that time, which then came nearer.
                    Some(obstacle) if !open.contains(&(start.start, start.type_id)) => {
                        let refused = verdict(&world.question(), start.type_id, start.start);
                        prop_assert!(refused.is_err_and(|closed| closed >= obstacle.closed()));
                    }
                    Some(_) => {}
                }
            }
        }
        prop_assert_eq!(told, open);
    }

    #[test]
    fn an_answer_holds_until_it_says(world in worlds(), share in 0.0..1.0f64) {
        let list = slots(&world.question(), world.from, world.to);
        let until = list.valid_until.min(world.now + 3 * DAY);
        prop_assert!(until > world.now);
        let later = world.now + ((until - 1 - world.now) as f64 * share) as i64;
        for now in [later, until - 1] {
            prop_assert_eq!(&slots(&Question { now, ..world.question() }, world.from, world.to).slots, &list.slots);
        }
        // With one offer nothing can hide the change.
        if world.timeline.offers.len() == 1 && list.valid_until < i64::MAX {
            let changed = slots(&Question { now: list.valid_until, ..world.question() }, world.from, world.to);
            prop_assert_ne!(changed.slots, list.slots);
            prop_assert_eq!(changed.since, list.valid_until);
        }
    }
}

#[test]
fn exactly_at_the_notice_is_allowed() {
    let start = seconds("2026-11-26T18:00:00Z");
    let mut world = plain(start);
    world.now = start - DAY;
    assert_eq!(slots(&world.question(), start, start + 1).slots.len(), 1);
    world.now += 1;
    assert_eq!(slots(&world.question(), start, start + 1).slots, []);
    assert_eq!(verdict(&world.question(), 1, start), Err(Closed::TooLate));
}

#[test]
fn a_session_may_be_as_long_as_its_offer() {
    let start = seconds("2026-11-26T09:00:00Z");
    let mut world = plain(start);
    world.types = vec![SessionType { whole_offer: true, ..session_type(1) }];
    world.timeline.offers = vec![
        offer(start, start + 25 * MINUTE),
        offer(start + HOUR, start + 4 * HOUR),
        offer(start + 5 * HOUR, start + 5 * HOUR),
        offer(start + 6 * HOUR, start + 6 * HOUR + DAY + 1),
    ];
    let found = |world: &World| -> Vec<(i64, i64)> {
        let list = slots(&world.question(), 0, i64::MAX / 4).slots;
        list.iter().map(|slot| ((slot.start - start) / MINUTE, (slot.end - start) / MINUTE)).collect()
    };
    assert_eq!(found(&world), [(0, 25), (60, 240)], "none of no length, none longer than a day");
    world.timeline.busy = vec![Busy { starts: start + 2 * HOUR, ends: start + 3 * HOUR }];
    assert_eq!(found(&world), [(0, 25)], "half an offer is none");
    assert_eq!(verdict(&world.question(), 1, start + HOUR), Err(Closed::Taken));
    assert_eq!(verdict(&world.question(), 1, start + 2 * HOUR), Err(Closed::NotOffered));
}

#[test]
fn busy_time_never_moves_the_grid() {
    let start = seconds("2026-11-26T09:00:00Z");
    let mut world = plain(start);
    world.timeline.offers = vec![offer(start, start + 5 * HOUR)];
    world.timeline.busy = vec![Busy { starts: start + 30 * MINUTE, ends: start + 80 * MINUTE }];
    let starts: Vec<i64> =
        slots(&world.question(), 0, i64::MAX / 4).slots.iter().map(|slot| slot.start - start).collect();
    assert_eq!(starts, [2 * HOUR, 3 * HOUR, 4 * HOUR]);
}

#[test]
fn a_full_session_is_taken_and_a_filling_one_keeps_its_type() {
    let start = seconds("2026-11-26T18:00:00Z");
    let mut world = plain(start);
    world.types = vec![SessionType { capacity: 3, ..session_type(1) }, session_type(2)];
    let hosted = Hosted { type_id: 1, team: 1, starts: start, ends: start + HOUR, capacity: 3, taken: 2 };
    world.timeline.holds = vec![Hold { starts: start, ends: start + HOUR, session: 5, hosted: Some(hosted) }];
    let open = slots(&world.question(), start, start + 1).slots;
    assert_eq!(open.iter().map(|slot| (slot.type_id, slot.open, slot.session)).collect::<Vec<_>>(), [(1, 1, Some(5))]);
    if let Some(hosted) = world.timeline.holds[0].hosted.as_mut() {
        hosted.taken = 3;
    }
    assert_eq!(slots(&world.question(), start, start + 1).slots, []);
}

fn plain(start: i64) -> World {
    World {
        team: team(),
        types: vec![session_type(1)],
        host: host(),
        timeline: Timeline { offers: vec![offer(start, start + HOUR)], ..Timeline::default() },
        team_starts: Vec::new(),
        server: ServerRules::default(),
        now: start - 3 * DAY,
        from: start,
        to: start + 1,
    }
}
