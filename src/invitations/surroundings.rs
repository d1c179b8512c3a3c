//! Who and what a session is about, beside the session itself.

use super::clean;
use crate::booking::{Booking, Session};
use crate::db::{Conn, DbError};
use crate::language::Language;
use crate::people::{self, Person, PersonId};
use crate::teams::{self, Needed, PlaceKind, SessionType, Team};

/// Names and addresses around a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The host's name.
    pub host_name: String,
    /// The host's address.
    pub host_email: String,
    /// The zone in which times are told to the host, an IANA name.
    pub host_zone: String,
    /// The language in which the host is written to.
    pub host_language: Language,
    /// The team's name.
    pub team_name: String,
    /// The team's path segment.
    pub team_slug: String,
    /// The session type's name.
    pub type_name: String,
    /// The session type's path segment.
    pub type_slug: String,
    /// Where people meet.
    pub place: PlaceKind,
    /// The number, address or words for a place that is not online.
    pub place_detail: String,
    /// What the team wants to know of a guest.
    pub needed: Needed,
    /// Who of the team booked it for its guest, where the first invite is to say so.
    pub booked_by: Option<(PersonId, String)>,
}

impl Surroundings {
    /// From what is known already.
    pub fn new(host: &Person, team: &Team, kind: &SessionType) -> Self {
        Self {
            host_name: host.name.clone(),
            host_email: host.email.clone(),
            host_zone: host.timezone.clone().unwrap_or_else(|| team.timezone.clone()),
            host_language: host.language(),
            team_name: team.name.clone(),
            team_slug: team.slug.clone(),
            type_name: kind.name.clone(),
            type_slug: kind.slug.clone(),
            place: kind.place,
            place_detail: kind.place_detail.clone(),
            needed: Needed::of(kind),
            booked_by: None,
        }
    }

    /// Whether the host is known by no address: a schedule without an account. Their note stands where else the guest's
    /// agenda does, and there is no meeting link.
    pub fn is_schedule(&self) -> bool {
        people::is_private(&self.host_email)
    }

    /// Where people meet, where that is not a meeting link: the type's words; by phone without any, `phone` and the guest's
    /// number, if the session is theirs alone.
    pub fn place(&self, phone: &str, booking: Option<&Booking>) -> Option<String> {
        let detail = clean::text(&self.place_detail).replace('\n', " ");
        match self.place {
            PlaceKind::Online => None,
            PlaceKind::Phone if detail.is_empty() => {
                let number = booking.and_then(|booking| booking.phone.as_deref()).map(clean::name);
                Some(number.map_or_else(|| phone.to_owned(), |number| format!("{phone}: {number}")))
            }
            PlaceKind::Phone => Some(format!("{phone}: {detail}")),
            PlaceKind::Address | PlaceKind::Custom => Some(detail),
        }
    }

    /// Whether a meeting link is made.
    pub fn is_online(&self) -> bool {
        self.place == PlaceKind::Online && !self.is_schedule()
    }

    /// Reads what is around a session.
    ///
    /// # Errors
    /// The database's; [`DbError::Damaged`] when a part is missing.
    pub async fn of(conn: &mut Conn, session: &Session) -> Result<Self, DbError> {
        let missing = || DbError::Damaged(format!("session {} lacks its host, team or type", session.id));
        let host = people::by_id(conn, session.host).await?.ok_or_else(missing)?;
        let team = teams::by_id(conn, session.team).await?.ok_or_else(missing)?;
        let kind = teams::type_by_id(conn, session.type_id).await?.ok_or_else(missing)?;
        let mut around = Self::new(&host, &team, &kind);
        if host.is_removed()
            && let Some(address) = people::farewell(conn, host.id).await?
        {
            around.host_email = address;
        }
        Ok(around)
    }
}
