//! What is stored of teams, types and hosts, as values.

use std::str::FromStr;

use caldav::ical::zone::Zone;
use sqlx::FromRow;

use super::{TeamId, TypeId};
use crate::db::DbError;
use crate::people::PersonId;

/// Who may book, and whether they must prove their address first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingMode {
    /// Anyone, at once.
    Anyone,
    /// Anyone who then follows a mailed link.
    Confirm,
    /// Signed-in members.
    Members,
}

impl BookingMode {
    /// The word in tables, flags and files.
    pub fn word(self) -> &'static str {
        match self {
            BookingMode::Anyone => "anyone",
            BookingMode::Confirm => "confirm",
            BookingMode::Members => "members",
        }
    }
}

impl FromStr for BookingMode {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Anyone, Self::Confirm, Self::Members]
            .into_iter()
            .find(|mode| mode.word() == word)
            .ok_or_else(|| "must be anyone, confirm or members".into())
    }
}

/// What somebody is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Offers time.
    Host,
    /// Looks after the team.
    Lead,
    /// Takes time.
    Guest,
}

impl Role {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Role::Host => "host",
            Role::Lead => "lead",
            Role::Guest => "guest",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Host, Self::Lead, Self::Guest]
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| "must be host, lead or guest".into())
    }
}

/// Rules of one level (host, type or team); `None` leaves the decision to the next level. All in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RuleSet {
    /// Least time between booking and start.
    pub notice: Option<i64>,
    /// Free time before a session.
    pub buffer_before: Option<i64>,
    /// Free time after a session.
    pub buffer_after: Option<i64>,
    /// How far ahead one may book.
    pub booking_window: Option<i64>,
}

/// A team whose hosts' hours are pooled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Key.
    pub id: TeamId,
    /// In addresses.
    pub slug: String,
    /// Human name.
    pub name: String,
    /// For its page.
    pub description: String,
    /// IANA name; used where a host has none.
    pub timezone: String,
    /// Anyone may see its open slots.
    pub public: bool,
    /// Only the secret addresses of its schedule lead there: no list, page, feed or API by its slug does.
    pub hidden: bool,
    /// Who may book.
    pub booking: BookingMode,
    /// Whether pages tell who the hosts are before a booking is confirmed.
    pub show_hosts: bool,
    /// Whether somebody whom no team knows may become a host by inviting the robot.
    pub hosts_join: bool,
    /// Where an all-day offer begins, seconds after midnight.
    pub day_starts: i64,
    /// Where an all-day offer ends, seconds after midnight.
    pub day_ends: i64,
    /// The team's level of rules.
    pub rules: RuleSet,
    /// Most sessions a day in the whole team.
    pub daily_cap: Option<i64>,
    /// Grows with every change of team, types or memberships.
    pub version: i64,
    /// When that was, UTC seconds.
    pub changed: i64,
}

/// A kind of session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionType {
    /// Key.
    pub id: TypeId,
    /// Its team.
    pub team: TeamId,
    /// In addresses.
    pub slug: String,
    /// Human name.
    pub name: String,
    /// For its page.
    pub description: String,
    /// How long it takes; see [`SessionType::length`].
    pub minutes: i64,
    /// A session is as long as its offer; [`SessionType::minutes`] does not count.
    pub whole_offer: bool,
    /// Distance of starts in seconds; `None`: duration and buffers.
    pub step: Option<i64>,
    /// The type's level of rules.
    pub rules: RuleSet,
    /// Guests at one start.
    pub capacity: i64,
}

impl SessionType {
    /// How long a session takes in an offer of this length, both in seconds.
    pub fn length(&self, offered: i64) -> i64 {
        if self.whole_offer { offered } else { self.minutes * 60 }
    }
}

/// A member of a team who can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Key of the person.
    pub person: PersonId,
    /// Lower case.
    pub email: String,
    /// Human name.
    pub name: String,
    /// IANA name; `None`: the next one counts.
    pub timezone: Option<String>,
    /// Code of the language they read; `None`: nobody has said.
    pub language: Option<String>,
    /// The zone of their calendar of offers, IANA name, where they have none themselves; `None`: the team's counts.
    pub calendar_zone: Option<String>,
    /// Version of what their slots are made of.
    pub slots: i64,
    /// When that last changed, UTC seconds.
    pub slots_changed: i64,
    /// The host's level of rules.
    pub rules: RuleSet,
    /// Most sessions a day, in the host's zone.
    pub max_per_day: Option<i64>,
    /// Most sessions a week (Monday to Sunday), in the host's zone.
    pub max_per_week: Option<i64>,
    /// Weight or rank in the team.
    pub priority: i64,
    /// When a pooled booking last went to them, UTC seconds.
    pub last_assigned: i64,
}

pub(super) const TEAM_COLUMNS: &str = "id, slug, name, description, timezone, public, hidden, booking, show_hosts, hosts_join, day_starts, \
     day_ends, notice, buffer_before, buffer_after, booking_window, daily_cap, version, changed";

#[derive(FromRow)]
pub(super) struct TeamRow {
    id: i64,
    slug: String,
    name: String,
    description: String,
    timezone: String,
    public: bool,
    hidden: bool,
    booking: String,
    show_hosts: bool,
    hosts_join: bool,
    day_starts: i64,
    day_ends: i64,
    notice: Option<i64>,
    buffer_before: Option<i64>,
    buffer_after: Option<i64>,
    booking_window: Option<i64>,
    daily_cap: Option<i64>,
    version: i64,
    changed: i64,
}

impl TeamRow {
    pub(super) fn read(self) -> Result<Team, DbError> {
        Ok(Team {
            booking: self
                .booking
                .parse()
                .map_err(|_| DbError::Damaged(format!("team {} has no booking mode", self.id)))?,
            rules: RuleSet {
                notice: self.notice,
                buffer_before: self.buffer_before,
                buffer_after: self.buffer_after,
                booking_window: self.booking_window,
            },
            id: self.id,
            slug: self.slug,
            name: self.name,
            description: self.description,
            timezone: self.timezone,
            public: self.public,
            hidden: self.hidden,
            show_hosts: self.show_hosts,
            hosts_join: self.hosts_join,
            day_starts: self.day_starts,
            day_ends: self.day_ends,
            daily_cap: self.daily_cap,
            version: self.version,
            changed: self.changed,
        })
    }
}

pub(super) const TYPE_COLUMNS: &str = "id, team, slug, name, description, minutes, whole_offer, step, notice, buffer_before, \
     buffer_after, booking_window, capacity";

#[derive(FromRow)]
pub(super) struct TypeRow {
    id: i64,
    team: i64,
    slug: String,
    name: String,
    description: String,
    minutes: i64,
    whole_offer: bool,
    step: Option<i64>,
    notice: Option<i64>,
    buffer_before: Option<i64>,
    buffer_after: Option<i64>,
    booking_window: Option<i64>,
    capacity: i64,
}

impl TypeRow {
    pub(super) fn read(self) -> SessionType {
        SessionType {
            rules: RuleSet {
                notice: self.notice,
                buffer_before: self.buffer_before,
                buffer_after: self.buffer_after,
                booking_window: self.booking_window,
            },
            id: self.id,
            team: self.team,
            slug: self.slug,
            name: self.name,
            description: self.description,
            minutes: self.minutes,
            whole_offer: self.whole_offer,
            step: self.step,
            capacity: self.capacity,
        }
    }
}

pub(super) const HOST_COLUMNS: &str = "p.id AS person, p.email, p.name, p.timezone, p.language, p.slots, p.slots_changed, p.notice, \
     p.buffer_before, p.buffer_after, p.booking_window, p.max_per_day, p.max_per_week, m.priority, p.last_assigned, \
     CASE WHEN p.timezone IS NULL THEN \
         (SELECT c.timezone FROM collections c WHERE c.owner = p.id AND c.name = 'offers') END AS calendar";

#[derive(FromRow)]
pub(super) struct HostRow {
    person: i64,
    email: String,
    name: String,
    timezone: Option<String>,
    language: Option<String>,
    slots: i64,
    slots_changed: i64,
    notice: Option<i64>,
    buffer_before: Option<i64>,
    buffer_after: Option<i64>,
    booking_window: Option<i64>,
    max_per_day: Option<i64>,
    max_per_week: Option<i64>,
    priority: i64,
    last_assigned: i64,
    calendar: Option<String>,
}

impl HostRow {
    pub(super) fn read(self) -> Host {
        Host {
            rules: RuleSet {
                notice: self.notice,
                buffer_before: self.buffer_before,
                buffer_after: self.buffer_after,
                booking_window: self.booking_window,
            },
            person: self.person,
            email: self.email,
            name: self.name,
            timezone: self.timezone,
            language: self.language,
            slots: self.slots,
            slots_changed: self.slots_changed,
            max_per_day: self.max_per_day,
            max_per_week: self.max_per_week,
            priority: self.priority,
            last_assigned: self.last_assigned,
            calendar_zone: self.calendar.as_deref().and_then(zone_of),
        }
    }
}

/// The name of a calendar's zone; rules without a name that is known everywhere do not count here.
fn zone_of(calendar: &str) -> Option<String> {
    Zone::of_calendar(calendar).filter(Zone::is_iana).map(|zone| zone.name().to_owned())
}
