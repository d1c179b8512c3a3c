//! A host as they are stored.

use caldav::ical::zone::Zone;
use sqlx::FromRow;

use super::RuleSet;
use crate::people::PersonId;

/// A member of a team who can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Key of the person.
    pub person: PersonId,
    /// Lower case.
    pub email: String,
    /// Human name.
    pub name: String,
    /// The name of their picture, if they have one.
    pub picture: Option<String>,
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

pub(super) const HOST_COLUMNS: &str = "p.id AS person, p.email, p.name, p.picture, p.timezone, p.language, p.slots, p.slots_changed, p.notice, \
     p.buffer_before, p.buffer_after, p.booking_window, p.max_per_day, p.max_per_week, m.priority, p.last_assigned, \
     CASE WHEN p.timezone IS NULL THEN \
         (SELECT c.timezone FROM collections c WHERE c.owner = p.id AND c.name = 'offers') END AS calendar";

#[derive(FromRow)]
pub(super) struct HostRow {
    person: i64,
    email: String,
    name: String,
    picture: Option<String>,
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
            picture: self.picture,
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
