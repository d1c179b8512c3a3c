//! Who and what a session is about, beside the session itself.

use crate::booking::Session;
use crate::db::{Conn, DbError};
use crate::language::Language;
use crate::people::{self, Person};
use crate::teams::{self, SessionType, Team};

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
        }
    }

    /// Whether the host is known by no address: a schedule without an account. Their note stands where else the guest's
    /// agenda does, and there is no meeting link.
    pub fn is_schedule(&self) -> bool {
        people::is_private(&self.host_email)
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
