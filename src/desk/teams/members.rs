//! Who belongs to a team: taking people in, changing what they are there, letting them go.

use serde_json::json;

use super::fate::{Fate, hosted_ahead};
use super::team::{locked, record};
use super::{Actor, TeamRefused};
use crate::booking::{Cause, FieldError};
use crate::calendars;
use crate::config::is_address;
use crate::db::{Command, Tx};
use crate::desk::Desk;
use crate::desk::booking::cancel_these;
use crate::jobs::{NewJob, enqueue};
use crate::people::attempts::Limit;
use crate::people::{self, Person, PersonId, Profile};
use crate::teams::{self, Role};

/// Rounds in which a command is tried again because somebody joined a session meanwhile.
const ROUNDS: usize = 8;
/// People one person takes into teams.
const ADDITIONS: Limit = Limit { most: 300, length: 86_400 };
/// Largest priority.
const HIGHEST: i64 = 1_000;

/// Takes somebody into a team: makes the person if nobody has the address, and mails them what to do next.
#[derive(Debug)]
pub struct AddMember {
    /// Slug of the team.
    pub team: String,
    /// Their address.
    pub email: String,
    /// [`ban_hash`](people::retention::ban_hash) of the address.
    pub ban: String,
    /// Their name, where nobody has the address yet.
    pub name: Option<String>,
    /// What they are in the team.
    pub role: Role,
    /// Who takes them in.
    pub actor: Actor,
    /// UTC seconds.
    pub now: i64,
}

impl Command for AddMember {
    type Output = Person;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<Person, TeamRefused> {
        let email = self.email.trim().to_lowercase();
        let name = self.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if !is_address(&email) || people::is_private(&email) {
            let message = "This does not look like a mail address, such as ada@example.org.";
            return Err(TeamRefused::field("email", message));
        }
        if name.is_some_and(|name| name.chars().count() > 255 || name.chars().any(char::is_control)) {
            return Err(TeamRefused::field("name", "Please use 1 to 255 ordinary characters."));
        }
        let team = locked(tx, &self.team).await?;
        if let Some(actor) = self.actor.person
            && ADDITIONS.count(tx, &format!("members/{actor}"), self.now).await? > ADDITIONS.most
        {
            return Err(TeamRefused::field("email", "That were many people for one day. Please go on tomorrow."));
        }
        let known = people::by_email(tx, &email).await?;
        let banned = known.as_ref().is_some_and(|person| person.banned);
        if banned || people::retention::is_banned(tx, &self.ban).await? {
            return Err(TeamRefused::field(
                "email",
                "Whoever has this address is banned. An administrator can lift that.",
            ));
        }
        // Somebody known keeps the name they have.
        let profile = Profile { name: name.filter(|_| known.is_none()).map(str::to_owned), ..Profile::default() };
        let person = people::save(tx, &email, &profile, self.now).await?;
        if teams::roles_ever(tx, team.id, person.id).await?.contains(&self.role) {
            return Err(TeamRefused::field("email", "They are in the team already."));
        }
        teams::add_member(tx, team.id, person.id, self.role, self.now).await?;
        let locked = people::lock(tx, &[person.id]).await?;
        calendars::collections::create_built_in(tx, &locked, person.id, self.role == Role::Host, self.now).await?;
        calendars::horizon::unlist_person(tx, &locked, person.id, self.now).await?;
        let detail = format!("{}: {}", team.slug, self.role.word());
        record(tx, self.actor, "member added", person.id, &detail, self.now).await?;
        enqueue(tx, &welcome(team.id, person.id, self.role, self.now), self.now).await?;
        Ok(person)
    }
}

/// The job that mails somebody what to do next in the team they were taken into.
pub(in crate::desk) fn welcome(team: i64, person: PersonId, role: Role, now: i64) -> NewJob {
    NewJob {
        key: format!("welcome-mail/{team}/{person}/{}/{now}", role.word()),
        kind: "welcome-mail",
        payload: json!({"team": team, "person": person, "role": role.word()}),
        lane: format!("welcome/{person}"),
        after: None,
        due: now,
    }
}

/// What somebody should be in a team from now on; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct Membership {
    /// Host, lead, guest; none: they leave.
    pub roles: Option<Vec<Role>>,
    /// Whether they take part at present.
    pub active: Option<bool>,
    /// Weight or rank among the hosts, 0 to 1,000.
    pub priority: Option<i64>,
    /// What becomes of their bookings ahead as host, where they stop hosting.
    pub fate: Option<Fate>,
}

/// How a membership stands after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMember {
    /// Bookings that were cancelled.
    pub cancelled: usize,
    /// Nobody leads the team now: administrators look after it.
    pub leaderless: bool,
}

/// Changes what somebody is in a team.
///
/// # Errors
/// [`TeamRefused::BookingsAhead`]: a host would go and nothing is said of their bookings ahead; others.
pub async fn set_member(
    desk: &Desk,
    team: &str,
    person: PersonId,
    wish: &Membership,
    actor: Actor,
) -> Result<SetMember, TeamRefused> {
    for _ in 0..ROUNDS {
        let now = desk.clock.now();
        let mut conn = desk.db.read().await?;
        let Some(found) = teams::any_by_slug(&mut conn, team).await? else {
            return Err(TeamRefused::NoTeam(team.to_owned()));
        };
        let ahead = hosted_ahead(&mut conn, found.id, person, now).await?;
        drop(conn);
        let lock = ahead.iter().map(|booking| booking.guest).chain([person]).collect();
        match desk.db.run(Change { team: team.to_owned(), person, wish: wish.clone(), lock, actor, now }).await {
            Err(TeamRefused::Busy) => {}
            other => return other,
        }
    }
    Err(TeamRefused::Busy)
}

struct Change {
    team: String,
    person: PersonId,
    wish: Membership,
    lock: Vec<PersonId>,
    actor: Actor,
    now: i64,
}

impl Command for Change {
    type Output = SetMember;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<SetMember, TeamRefused> {
        let team = locked(tx, &self.team).await?;
        let persons = people::lock(tx, &self.lock).await?;
        let old = teams::membership(tx, team.id, self.person).await?.ok_or(TeamRefused::NoMember)?;
        let mut roles = self.wish.roles.clone().unwrap_or_else(|| old.roles.clone());
        roles.sort_unstable();
        roles.dedup();
        let active = self.wish.active.unwrap_or(old.active);
        let priority = self.wish.priority.unwrap_or(old.priority);
        if !(0..=HIGHEST).contains(&priority) {
            let message = "Please use a number from 0 to 1,000.".into();
            return Err(TeamRefused::Invalid(vec![FieldError { field: "priority".into(), message }]));
        }
        let mut cancelled = 0;
        let hosted = old.active && old.roles.contains(&Role::Host);
        if hosted && !(active && roles.contains(&Role::Host)) {
            let ahead = hosted_ahead(tx, team.id, self.person, self.now).await?;
            if !ahead.iter().all(|booking| persons.holds(booking.guest)) {
                return Err(TeamRefused::Busy);
            }
            match &self.wish.fate {
                None if !ahead.is_empty() => return Err(TeamRefused::BookingsAhead(ahead.len())),
                None | Some(Fate::Keep) => {}
                Some(Fate::Cancel { reason }) => {
                    let cause = Cause::Wish { actor: self.actor.person, reason: reason.clone() };
                    cancel_these(tx, &persons, &ahead, &cause, self.now).await?;
                    cancelled = ahead.len();
                }
            }
        }
        teams::set_membership(tx, team.id, self.person, &roles, active, priority, self.now).await?;
        if roles.contains(&Role::Host) && !old.roles.contains(&Role::Host) {
            calendars::collections::create_built_in(tx, &persons, self.person, true, self.now).await?;
        }
        calendars::horizon::unlist_person(tx, &persons, self.person, self.now).await?;
        persons.touch_slots(tx, &[self.person], self.now).await?;
        let words = roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
        let (action, mut detail) = if roles.is_empty() {
            ("member removed", team.slug.clone())
        } else {
            let active = if active { "active" } else { "inactive" };
            ("member changed", format!("{}: {words}; {active}; priority {priority}", team.slug))
        };
        if cancelled > 0 {
            detail.push_str(&format!("; bookings cancelled: {cancelled}"));
        }
        record(tx, self.actor, action, self.person, &detail, self.now).await?;
        let leads = teams::count_leads(tx, team.id).await?;
        let led = old.active && old.roles.contains(&Role::Lead);
        Ok(SetMember { cancelled, leaderless: led && leads == 0 })
    }
}
