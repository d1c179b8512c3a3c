//! An administrator adds a person by a page or by API: the same as `openhour person add`, for somebody who is not here yet, with
//! everything that is wrong told at its field.

use super::Desk;
use super::people::{PersonRefused, SavePerson};
use super::teams::{Actor, welcome};
use crate::booking::FieldError;
use crate::config::is_address;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::jobs::enqueue;
use crate::people::retention::{self, ban_hash};
use crate::people::{self, Person, Profile};
use crate::teams::{self, Role};

/// Memberships given at once.
const MOST: usize = 100;

/// What is given of somebody new.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// Their address, in any case.
    pub email: String,
    /// Their name; empty: what stands before the `@`.
    pub name: String,
    /// IANA name; empty: their team's.
    pub timezone: String,
    /// Slugs of teams and what they are there.
    pub memberships: Vec<(String, Role)>,
}

/// Why nobody was added.
#[derive(Debug)]
pub enum AddRefused {
    /// Fields that cannot be used: `email`, `name`, `timezone`, `team`.
    Fields(Vec<FieldError>),
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for AddRefused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for AddRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::Fields(_) => None,
        }
    }
}

/// Adds somebody who is not here yet; whoever comes into a team gets a mail that says what to do next.
///
/// # Errors
/// [`AddRefused`].
pub async fn add(desk: &Desk, new: &NewPerson, actor: Actor) -> Result<Person, AddRefused> {
    let new = NewPerson {
        email: new.email.trim().to_lowercase(),
        name: new.name.trim().to_owned(),
        timezone: new.timezone.trim().to_owned(),
        memberships: new.memberships.clone(),
    };
    let wrong = wrong(&new);
    if !wrong.is_empty() {
        return Err(AddRefused::Fields(wrong));
    }
    let ban = ban_hash(&desk.keys, &new.email);
    desk.db.run(Add { new, ban, actor, now: desk.clock.now() }).await
}

fn wrong(new: &NewPerson) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut unless = |good: bool, name: &'static str, message: &str| {
        if !good {
            wrong.push(field(name, message));
        }
    };
    let address = is_address(&new.email) && !people::is_private(&new.email);
    unless(address, "email", "This does not look like a mail address, such as ada@example.org.");
    let name = new.name.chars().count() <= 255 && !new.name.chars().any(char::is_control);
    unless(name, "name", "Please use at most 255 ordinary characters.");
    let zone = caldav::ical::zone::Zone::named(&new.timezone);
    let zone = new.timezone.is_empty() || zone.is_some_and(|zone| zone.name() == new.timezone);
    unless(zone, "timezone", "Please choose a time zone such as Europe/Berlin.");
    unless(new.memberships.len() <= MOST, "team", "Please give at most 100 teams at once.");
    wrong
}

fn field(field: &'static str, message: &str) -> FieldError {
    FieldError { field: field.into(), message: message.into() }
}

struct Add {
    new: NewPerson,
    ban: String,
    actor: Actor,
    now: i64,
}

impl Command for Add {
    type Output = Person;
    type Refusal = AddRefused;

    async fn run(&self, tx: &mut Tx) -> Result<Person, AddRefused> {
        let refuse = |name, message: &str| Err(AddRefused::Fields(vec![field(name, message)]));
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        if let Some(known) = people::by_email(tx, &self.new.email).await? {
            return match known.banned {
                true => refuse("email", "Whoever has this address is banned. An administrator can lift that."),
                false => refuse("email", "Somebody is here with this address already."),
            };
        }
        if retention::is_banned(tx, &self.ban).await? {
            return refuse("email", "Whoever had this address is banned.");
        }
        let save = SavePerson {
            email: self.new.email.clone(),
            profile: Profile { name: given(&self.new.name), timezone: given(&self.new.timezone), admin: None },
            memberships: self.new.memberships.clone(),
            now: self.now,
        };
        let person = match save.save(tx, self.actor.person).await {
            Ok(person) => person,
            Err(PersonRefused::NoTeam(_)) => return refuse("team", "There is no such team."),
            Err(PersonRefused::Db(error)) => return Err(error.into()),
        };
        for (place, (slug, role)) in self.new.memberships.iter().enumerate() {
            // One mail for each team, whatever they are there.
            let told = self.new.memberships.iter().take(place).any(|(earlier, _)| earlier == slug);
            if let Some(team) = teams::by_slug(tx, slug).await?.filter(|_| !told) {
                enqueue(tx, &welcome(team.id, person.id, *role, self.now), self.now).await?;
            }
        }
        Ok(person)
    }
}
