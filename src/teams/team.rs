//! A team as it is stored, and the rules of one level.

use sqlx::FromRow;

use super::{BookingMode, Policy, TeamId, read_sites};
use crate::db::DbError;

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Otherwise nobody finds it, books with it, or leads it.
    pub active: bool,
    /// Only the secret addresses of its schedule lead there: no list, page, feed or API by its slug does.
    pub hidden: bool,
    /// Who may book.
    pub booking: BookingMode,
    /// Whether pages tell who the hosts are before a booking is confirmed.
    pub show_hosts: bool,
    /// Where an all-day offer begins, seconds after midnight.
    pub day_starts: i64,
    /// Where an all-day offer ends, seconds after midnight.
    pub day_ends: i64,
    /// The team's level of rules.
    pub rules: RuleSet,
    /// Most sessions a day in the whole team.
    pub daily_cap: Option<i64>,
    /// Who of the free hosts gets a pooled booking.
    pub policy: Policy,
    /// Its leads get a copy of what the host is told.
    pub notify_leads: bool,
    /// Administrators get a copy of what the host is told.
    pub notify_admins: bool,
    /// A stranger who invites the robot may become a host by a mailed link.
    pub hosts_join: bool,
    /// Origins of the sites that may show its open times in a frame; see [`is_site`](super::is_site).
    pub embed_on: Vec<String>,
    /// Grows with every change of team, types or memberships.
    pub version: i64,
    /// When that was, UTC seconds.
    pub changed: i64,
}

pub(super) const TEAM_COLUMNS: &str = "id, slug, name, description, timezone, public, active, hidden, booking, show_hosts, day_starts, \
     day_ends, notice, buffer_before, buffer_after, booking_window, daily_cap, policy, notify_leads, notify_admins, \
     hosts_join, embed_on, version, changed";

#[derive(FromRow)]
pub(super) struct TeamRow {
    id: i64,
    slug: String,
    name: String,
    description: String,
    timezone: String,
    public: bool,
    active: bool,
    hidden: bool,
    booking: String,
    show_hosts: bool,
    day_starts: i64,
    day_ends: i64,
    notice: Option<i64>,
    buffer_before: Option<i64>,
    buffer_after: Option<i64>,
    booking_window: Option<i64>,
    daily_cap: Option<i64>,
    policy: String,
    notify_leads: bool,
    notify_admins: bool,
    hosts_join: bool,
    embed_on: String,
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
            policy: self.policy.parse().map_err(|_| DbError::Damaged(format!("team {} has no policy", self.id)))?,
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
            active: self.active,
            hidden: self.hidden,
            show_hosts: self.show_hosts,
            day_starts: self.day_starts,
            day_ends: self.day_ends,
            daily_cap: self.daily_cap,
            notify_leads: self.notify_leads,
            notify_admins: self.notify_admins,
            hosts_join: self.hosts_join,
            embed_on: read_sites(&self.embed_on),
            version: self.version,
            changed: self.changed,
        })
    }
}
