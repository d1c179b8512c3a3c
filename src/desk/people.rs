//! Adding people: the person, their memberships and the calendars that come with them, in one transaction. And who
//! somebody is where.

use crate::audit::{self, Entry};
use crate::calendars;
use crate::db::{AsDbError, Command, Conn, DbError, Tx};
use crate::people::{self, Person, PersonId, Profile};
use crate::teams::{self, Role, Team};

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
        self.save(tx, None).await
    }
}

impl SavePerson {
    /// Saves, on behalf of somebody (`None`: the command line or the server itself).
    pub(super) async fn save(&self, tx: &mut Tx, actor: Option<PersonId>) -> Result<Person, PersonRefused> {
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
        let new = people::by_email(tx, &self.email).await?.is_none();
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
        let detail = self.in_words();
        let action = if new { "person added" } else { "person changed" };
        audit::write(tx, &Entry { actor, action, object: Some(person.id), detail: &detail }, self.now).await?;
        Ok(person)
    }

    /// What is said of rights: `administrator, coaches: host`
    fn in_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        match self.profile.admin {
            Some(true) => words.push("administrator".into()),
            Some(false) => words.push("no administrator".into()),
            None => {}
        }
        words.extend(self.memberships.iter().map(|(team, role)| format!("{team}: {}", role.word())));
        words.join(", ")
    }
}

/// A person as administrators see them; hidden hosts of schedules and those removed are not there.
///
/// # Errors
/// [`DbError`].
pub async fn seen(conn: &mut Conn, person: PersonId) -> Result<Option<(Person, Vec<(Team, Vec<Role>)>)>, DbError> {
    let person = people::by_id(conn, person).await?;
    let Some(person) = person.filter(|person| !person.is_removed() && !people::is_private(&person.email)) else {
        return Ok(None);
    };
    let memberships = memberships(conn, person.id).await?;
    Ok(Some((person, memberships)))
}

/// What a person is in which team.
///
/// # Errors
/// [`DbError`].
pub async fn memberships(conn: &mut Conn, person: PersonId) -> Result<Vec<(Team, Vec<Role>)>, DbError> {
    let mut memberships = Vec::new();
    for team in teams::of_person(conn, person).await? {
        let roles = teams::roles(conn, team.id, person).await?;
        memberships.push((team, roles));
    }
    Ok(memberships)
}
