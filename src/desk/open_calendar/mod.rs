//! "Open slots" (CN-7): the calendar in which a guest's app shows what can be booked, one invitation a slot. It is
//! computed from the slots that pages and feeds show, and stored nowhere.
//!
//! Its version is a digest of what is in it: equal content has an equal sync token, and of any other token nothing is
//! known (`valid-sync-token`), so that the client lists again.

mod render;
mod writes;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use caldav::ical::object::ComponentKind;
use caldav::store::{Candidates, Changes, Collection, Member, Page};
use sqlx::FromRow;

use super::Desk;
use super::slots::{self, Pooled};
use super::team_facts::{self, TeamFacts};
use crate::args;
use crate::booking::{self, SlotInvite};
use crate::db::{Conn, DbError};
use crate::people::Person;
use crate::teams::{BookingMode, TeamId};

pub use writes::{edit, moved_into_sessions, relocate};

/// Name of the calendar.
pub const NAME: &str = "open";
const DAY: i64 = 86_400;
/// How far ahead it looks, as the feeds do.
const DAYS: i64 = 60;
/// Events over all calendars kept in memory: about one kilobyte each.
const MOST_KEPT: usize = 40_000;

/// One slot, ready to be sent.
#[derive(Debug, Clone)]
pub struct OpenSlot {
    /// With its bytes.
    pub member: Member,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
}

/// Somebody's calendar of open slots.
#[derive(Debug, Clone)]
pub struct OpenCalendar {
    /// By name.
    slots: Arc<[OpenSlot]>,
    /// A digest of them, above 0.
    version: i64,
    made_from: String,
    commits: u64,
    made: i64,
    valid_until: i64,
}

/// The calendars kept in memory, by person.
#[derive(Debug, Default)]
pub struct Kept(Mutex<HashMap<i64, Arc<OpenCalendar>>>);

impl Kept {
    fn find(&self, person: i64) -> Option<Arc<OpenCalendar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&person).cloned()
    }

    fn keep(&self, person: i64, calendar: &Arc<OpenCalendar>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(person, calendar.clone());
        if kept.values().map(|calendar| calendar.slots.len() + 1).sum::<usize>() > MOST_KEPT {
            kept.retain(|owner, _| *owner == person);
        }
    }
}

/// The calendar as it is now. While nothing is committed and the clock closes no slot, it costs no query.
///
/// # Errors
/// [`DbError`].
pub async fn of(desk: &Desk, person: &Person) -> Result<Arc<OpenCalendar>, DbError> {
    let (now, commits) = (desk.clock.now(), desk.db.commits());
    let kept = desk.open.find(person.id);
    let fresh = |kept: &&Arc<OpenCalendar>| kept.commits == commits && kept.made <= now && now < kept.valid_until;
    if let Some(kept) = kept.as_ref().filter(fresh) {
        return Ok(kept.clone());
    }
    let source = Source::read(desk, person, now).await?;
    let made_from = source.name();
    let valid_until = source.valid_until();
    let calendar = match kept.filter(|kept| kept.made_from == made_from) {
        Some(kept) => OpenCalendar { commits, made: now, valid_until, ..OpenCalendar::clone(&kept) },
        None => {
            let failed = || DbError::Damaged(format!("the open slots of person {} cannot be written", person.id));
            let slots = render::slots(desk, source).await.ok_or_else(failed)?;
            let version = render::version(&slots);
            OpenCalendar { slots: slots.into(), version, made_from, commits, made: now, valid_until }
        }
    };
    let calendar = Arc::new(calendar);
    desk.open.keep(person.id, &calendar);
    Ok(calendar)
}

/// Everything the calendar is made of.
struct Source {
    person: Person,
    day: i64,
    /// With whether they are a member there.
    pools: Vec<(bool, Arc<TeamFacts>, Pooled)>,
    /// What the person has booked or hosts: nothing else can be booked then.
    taken: Vec<Taken>,
    invites: Vec<SlotInvite>,
}

#[derive(Debug, Clone, FromRow)]
struct Taken {
    starts: i64,
    ends: i64,
}

impl Source {
    async fn read(desk: &Desk, person: &Person, now: i64) -> Result<Self, DbError> {
        let day = now.div_euclid(DAY);
        let to = (day + 1 + DAYS) * DAY;
        let mut conn = desk.db.read().await?;
        let teams = guest_of(&mut conn, person.id).await?;
        let taken = conn
            .all(
                "SELECT starts, ends FROM holds WHERE person = $1 AND ends > $2 AND starts < $3 ORDER BY starts",
                args![person.id, now, to],
            )
            .await?;
        let invites = booking::slot_invites_of(&mut conn, &person.email, now).await?;
        drop(conn);
        let mut pools = Vec::new();
        for (team, member) in teams {
            let Some(facts) = team_facts::facts(desk, team).await? else { continue };
            // What is for members only is for nobody who has merely booked there once.
            let shown = match member {
                true => Some(Vec::new()),
                false => facts.for_everybody().filter(|_| facts.team.booking != BookingMode::Members),
            };
            let Some(shown) = shown else { continue };
            let pooled = slots::pooled(desk, &facts.team, &shown, now, to).await?;
            pools.push((member, facts, pooled));
        }
        Ok(Self { person: person.clone(), day, pools, taken, invites })
    }

    fn name(&self) -> String {
        let Self { person, day, pools, taken, invites } = self;
        let pools: Vec<String> = pools
            .iter()
            .map(|(member, facts, pooled)| {
                format!("{} {} {member} {}", facts.team.id, facts.team.version, pooled.version)
            })
            .collect();
        let over: Vec<(&str, &str)> =
            invites.iter().map(|invite| (invite.uid.as_str(), invite.status.as_str())).collect();
        let language = person.language().code();
        format!(
            "{} {language} {:?} {:?} {day} {pools:?} {taken:?} {over:?}",
            person.email, person.name, person.timezone
        )
    }

    /// The next instant at which the clock changes something.
    fn valid_until(&self) -> i64 {
        let pools = self.pools.iter().map(|(_, _, pooled)| pooled.valid_until);
        pools.min().unwrap_or(i64::MAX).min((self.day + 1) * DAY)
    }
}

/// The teams somebody is a guest of: as a member who does more than offer time there, or by having booked where everybody
/// may. With whether they are a member in any way.
async fn guest_of(conn: &mut Conn, person: i64) -> Result<Vec<(TeamId, bool)>, DbError> {
    conn.all(
        "SELECT t.id, EXISTS (SELECT 1 FROM memberships m WHERE m.team = t.id AND m.person = $1 AND m.active) AS member
             FROM teams t WHERE t.active AND NOT t.hidden AND (
                 EXISTS (SELECT 1 FROM memberships m
                     WHERE m.team = t.id AND m.person = $1 AND m.active AND m.role <> 'host')
                 OR (t.public AND EXISTS (SELECT 1 FROM bookings b JOIN sessions s ON s.id = b.session
                     WHERE b.guest = $1 AND s.team = t.id)))
             ORDER BY t.name, t.id",
        args![person],
    )
    .await
}

impl OpenCalendar {
    /// The collection as its row says, in this version: with its properties.
    pub fn collection(&self, mut stored: Collection) -> Collection {
        // Both parts stay below 2^62, so the sum is a version, too.
        stored.version = self.version.wrapping_add(stored.version) & i64::MAX;
        stored
    }

    /// The slot of this name.
    pub fn named(&self, name: &str) -> Option<&OpenSlot> {
        let place = self.slots.binary_search_by(|slot| slot.member.name.as_str().cmp(name)).ok()?;
        self.slots.get(place)
    }

    /// The slots of these names that are open.
    pub fn members_named(&self, names: &[String]) -> Vec<Member> {
        names.iter().filter_map(|name| self.named(name)).map(|slot| slot.member.clone()).collect()
    }

    /// A page of the slots that `wanted` does not rule out, after this name.
    pub fn page(&self, wanted: &Candidates, after: Option<&str>, limit: usize, with_bytes: bool) -> Page {
        let fits = |slot: &&OpenSlot| {
            after.is_none_or(|after| slot.member.name.as_str() > after)
                && wanted.kind.is_none_or(|kind| kind == ComponentKind::Event)
                && wanted.uid.as_ref().is_none_or(|uid| *uid == slot.member.uid)
                && wanted.range.is_none_or(|(from, to)| slot.starts < to && from < slot.ends)
        };
        let limit = limit.max(1);
        let mut found = self.slots.iter().filter(fits);
        let members: Vec<Member> = found.by_ref().take(limit).map(|slot| shown(slot, with_bytes)).collect();
        let next = found.next().and(members.last()).map(|last| last.name.clone());
        Page { members, next }
    }

    /// What changed since a version of `collection`: nothing, everything (since 0), or `None`: no history is kept.
    pub fn changes(&self, collection: &Collection, since: i64) -> Option<Changes> {
        let version = collection.version;
        let changed = match since {
            0 => self.slots.iter().map(|slot| shown(slot, false)).collect(),
            since if since == version => Vec::new(),
            _ => return None,
        };
        Some(Changes { changed, deleted: Vec::new(), version, truncated: false })
    }
}

fn shown(slot: &OpenSlot, with_bytes: bool) -> Member {
    let mut member = slot.member.clone();
    if !with_bytes {
        member.bytes = None;
    }
    member
}
