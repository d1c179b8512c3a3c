//! Adding people: the person, their memberships and the calendars that come with them, in one transaction.

use crate::calendars;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::people::{self, Person, Profile};
use crate::teams::{self, Role};

/// Adds a person or changes what is given.
#[derive(Debug)]
pub struct SavePerson {
    /// Lower case and valid.
    pub email: String,
    /// What is given.
    pub profile: Profile,
    /// Slug of a team, and what they are there.
    pub memberships: Vec<(String, Role)>,
    /// UTC seconds.
    pub now: i64,
}

/// Why a person was not saved.
#[derive(Debug, thiserror::Error)]
pub enum PersonRefused {
    /// No such team.
    #[error("there is no team `{0}`; make it first with `openhour team add`")]
    NoTeam(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for PersonRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            PersonRefused::Db(error) => Some(error),
            PersonRefused::NoTeam(_) => None,
        }
    }
}

impl Command for SavePerson {
    type Output = Person;
    type Refusal = PersonRefused;

    async fn run(&self, tx: &mut Tx) -> Result<Person, PersonRefused> {
        let mut memberships = Vec::new();
        for (slug, role) in &self.memberships {
            let team = teams::by_slug(tx, slug).await?.ok_or_else(|| PersonRefused::NoTeam(slug.clone()))?;
            memberships.push((team.id, *role));
        }
        // Teams before persons, as everywhere.
        memberships.sort_unstable();
        for (team, _) in &memberships {
            teams::lock(tx, *team).await?;
        }
        let person = people::save(tx, &self.email, &self.profile, self.now).await?;
        for (team, role) in memberships {
            teams::add_member(tx, team, person.id, role, self.now).await?;
        }
        let locked = people::lock(tx, &[person.id]).await?;
        let host = self.memberships.iter().any(|(_, role)| *role == Role::Host);
        calendars::collections::create_built_in(tx, &locked, person.id, host, self.now).await?;
        if host && self.memberships.iter().any(|(_, role)| *role != Role::Host) {
            // Guests of one team may be hosts of another.
            calendars::collections::create_built_in(tx, &locked, person.id, false, self.now).await?;
        }
        // Name, zone or membership may change what is offered, and how it is shown.
        calendars::horizon::unlist_person(tx, &locked, person.id, self.now).await?;
        Ok(person)
    }
}
