//! Adding and changing teams and session types.

use crate::calendars::horizon;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::people;
use crate::teams::{self, NewSessionType, NewTeam, TeamId, TypeId};

/// Adds a team or changes what is given.
#[derive(Debug)]
pub struct SaveTeam {
    /// What is given.
    pub team: NewTeam,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SaveTeam {
    type Output = TeamId;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<TeamId, DbError> {
        let team = teams::save_team(tx, &self.team, self.now).await?;
        if self.team.timezone.is_some() {
            // Hosts without a zone of their own live in the team's.
            let hosts = teams::hosts(tx, team).await?;
            let hosts: Vec<_> = hosts.iter().filter(|host| host.timezone.is_none()).map(|host| host.person).collect();
            let locked = people::lock(tx, &hosts).await?;
            for host in hosts {
                horizon::unlist_person(tx, &locked, host, self.now).await?;
            }
        }
        Ok(team)
    }
}

/// Adds a session type to a team or changes what is given.
#[derive(Debug)]
pub struct SaveSessionType {
    /// Slug of the team.
    pub team: String,
    /// What is given.
    pub kind: NewSessionType,
    /// UTC seconds.
    pub now: i64,
}

/// Why a session type was not saved.
#[derive(Debug, thiserror::Error)]
pub enum TypeRefused {
    /// No such team.
    #[error("there is no team `{0}`; make it first with `openhour team add`")]
    NoTeam(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for TypeRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            TypeRefused::Db(error) => Some(error),
            TypeRefused::NoTeam(_) => None,
        }
    }
}

impl Command for SaveSessionType {
    type Output = TypeId;
    type Refusal = TypeRefused;

    async fn run(&self, tx: &mut Tx) -> Result<TypeId, TypeRefused> {
        let team = teams::by_slug(tx, &self.team).await?.ok_or_else(|| TypeRefused::NoTeam(self.team.clone()))?;
        Ok(teams::save_session_type(tx, team.id, &self.kind, self.now).await?)
    }
}
