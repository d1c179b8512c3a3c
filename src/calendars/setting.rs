//! What of a collection and its owner decides how the events in it count.

use caldav::ical::zone::Zone;
use sqlx::FromRow;

use super::CollectionId;
use crate::args;
use crate::db::{Conn, DbError, id_list};
use crate::people::PersonId;

/// What a collection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The one made for a new host.
    Offers,
    /// Copies of booked sessions. Its events never count: holds do.
    Sessions,
    /// Open slots as invitations, computed; nothing is stored in it.
    Open,
    /// Made by its owner.
    Calendar,
    /// What is read from a secret address elsewhere. Only the reading writes to it, and calendar apps do not list it:
    /// its owner's app has the original.
    Address,
}

impl Kind {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Offers => "offers",
            Kind::Sessions => "sessions",
            Kind::Open => "open",
            Kind::Calendar => "calendar",
            Kind::Address => "address",
        }
    }

    /// Whether calendar apps write to it as they like.
    pub fn is_writable(self) -> bool {
        !matches!(self, Kind::Sessions | Kind::Open | Kind::Address)
    }

    /// The kind with that word; what is unknown is an ordinary calendar.
    pub fn of(word: &str) -> Self {
        match word {
            "offers" => Kind::Offers,
            "sessions" => Kind::Sessions,
            "address" => Kind::Address,
            "open" => Kind::Open,
            _ => Kind::Calendar,
        }
    }
}

/// Everything outside an object that its listing depends on. Compared inside the write's transaction: what was derived
/// from another setting is derived again.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Setting {
    /// Owner of the collection.
    pub person: PersonId,
    /// Their address and those they had before, lower case, white space between.
    pub addresses: String,
    /// See [`Kind::word`].
    pub kind: String,
    /// Events of this collection never block.
    pub transparent: bool,
    /// The owner's own zone, IANA name.
    pub profile_zone: Option<String>,
    /// The collection's `calendar-timezone`, iCalendar text.
    pub calendar_zone: Option<String>,
    /// The zone of the first team they are a host of.
    pub team_zone: Option<String>,
}

/// The columns of a [`Setting`] over `collections c JOIN people p ON p.id = c.owner`.
pub const COLUMNS: &str = "c.owner AS person, p.email || p.former_emails AS addresses, c.kind, c.transparent, p.timezone AS profile_zone, \
     c.timezone AS calendar_zone, \
     (SELECT t.timezone FROM memberships m JOIN teams t ON t.id = m.team \
      WHERE m.person = c.owner AND m.role = 'host' AND m.active ORDER BY t.created, t.id LIMIT 1) AS team_zone";

impl Setting {
    /// The zone of all-day events and floating times: the profile's, else the collection's, else the team's, else UTC.
    pub fn zone(&self) -> Zone {
        let named = |name: &Option<String>| name.as_deref().and_then(Zone::named);
        named(&self.profile_zone)
            .or_else(|| self.calendar_zone.as_deref().and_then(Zone::of_calendar))
            .or_else(|| named(&self.team_zone))
            .unwrap_or_else(Zone::utc)
    }
}

/// The settings of these collections.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, collections: &[CollectionId]) -> Result<Vec<(CollectionId, Setting)>, DbError> {
    let mut wanted = collections.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT c.id, {COLUMNS} FROM collections c JOIN people p ON p.id = c.owner WHERE c.id IN ({})",
        id_list(&wanted)
    );
    let rows: Vec<WithId> = conn.all(sqlx::AssertSqlSafe(sql), args![]).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.setting)).collect())
}

#[derive(FromRow)]
struct WithId {
    id: i64,
    #[sqlx(flatten)]
    setting: Setting,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(profile: Option<&str>, calendar: Option<&str>, team: Option<&str>) -> Setting {
        let text = |zone: &str| {
            format!("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:{zone}\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n")
        };
        Setting {
            person: 1,
            addresses: "mary@example.org".into(),
            kind: "offers".into(),
            transparent: false,
            profile_zone: profile.map(str::to_owned),
            calendar_zone: calendar.map(text),
            team_zone: team.map(str::to_owned),
        }
    }

    #[test]
    fn the_nearest_known_zone_counts() {
        let zone = |a, b, c| setting(a, b, c).zone().name().to_owned();
        assert_eq!(zone(Some("Asia/Kabul"), Some("Europe/Rome"), Some("Africa/Cairo")), "Asia/Kabul");
        assert_eq!(zone(None, Some("Europe/Rome"), Some("Africa/Cairo")), "Europe/Rome");
        assert_eq!(zone(Some("Nowhere"), None, Some("Africa/Cairo")), "Africa/Cairo");
        assert_eq!(zone(None, None, None), "UTC");
    }
}
