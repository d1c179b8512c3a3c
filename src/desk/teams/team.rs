//! Making, changing and removing teams.

use super::checks::{may_change, wrong_team};
use super::{Actor, TeamRefused};
use crate::audit::{self, Entry};
use crate::booking;
use crate::calendars::horizon;
use crate::db::{Command, DbError, Tx};
use crate::people;
use crate::teams::{self, NewTeam, Team, TeamChange, TeamId};

/// Makes a team, or changes what is given of one.
#[derive(Debug)]
pub struct EditTeam {
    /// Slug of the one that is changed; `None`: a new one, named by the change.
    pub known: Option<String>,
    /// What is given.
    pub change: TeamChange,
    /// Who does it.
    pub actor: Actor,
    /// UTC seconds.
    pub now: i64,
}

impl Command for EditTeam {
    type Output = Team;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<Team, TeamRefused> {
        let old = match &self.known {
            Some(slug) => locked(tx, slug).await?,
            None => Team {
                timezone: "UTC".into(),
                active: true,
                day_starts: 9 * 3_600,
                day_ends: 17 * 3_600,
                ..Team::default()
            },
        };
        let mut new = old.clone();
        self.change.apply(&mut new);
        new.embed_on = teams::tidy_sites(&new.embed_on);
        let mut wrong = may_change(self.actor, self.known.is_none(), &old, &new);
        wrong.extend(wrong_team(&new));
        if !wrong.is_empty() {
            return Err(TeamRefused::Invalid(wrong));
        }
        if old.slug != new.slug && teams::slug_is_taken(tx, &new.slug).await? {
            return Err(TeamRefused::field("slug", "Another team has this address."));
        }
        let told = TeamChange::between(&old, &new);
        if told.is_empty() {
            return Ok(old);
        }
        if self.known.is_none() {
            new.id = teams::claim_team(tx, &new.slug, &new.name, self.now).await?;
        }
        teams::update_team(tx, &new, self.now).await?;
        if old.timezone != new.timezone {
            relist(tx, new.id, self.now).await?;
        }
        let (action, detail) =
            if self.known.is_none() { ("team added", new.slug.clone()) } else { ("team changed", told.join("; ")) };
        record(tx, self.actor, action, new.id, &detail, self.now).await?;
        teams::by_id(tx, new.id).await?.ok_or_else(|| DbError::Damaged("a team vanished".into()).into())
    }
}

/// The team with this slug, switched off or not, locked before it is read.
pub(super) async fn locked(tx: &mut Tx, slug: &str) -> Result<Team, TeamRefused> {
    let unknown = || TeamRefused::NoTeam(slug.to_owned());
    let id = teams::any_by_slug(tx, slug).await?.ok_or_else(unknown)?.id;
    teams::lock(tx, id).await?;
    teams::by_id(tx, id).await?.ok_or_else(unknown)
}

pub(super) async fn record(
    tx: &mut Tx,
    actor: Actor,
    action: &'static str,
    object: i64,
    detail: &str,
    now: i64,
) -> Result<(), DbError> {
    audit::write(tx, &Entry { actor: actor.person, action, object: Some(object), detail }, now).await
}

/// Hosts without a zone of their own live in the team's.
async fn relist(tx: &mut Tx, team: TeamId, now: i64) -> Result<(), DbError> {
    let hosts = teams::hosts(tx, team).await?;
    let hosts: Vec<_> = hosts.iter().filter(|host| host.timezone.is_none()).map(|host| host.person).collect();
    let locked = people::lock(tx, &hosts).await?;
    for host in hosts {
        horizon::unlist_person(tx, &locked, host, now).await?;
    }
    Ok(())
}

/// Removes a team in which no session was ever booked, with its types and memberships.
#[derive(Debug)]
pub struct RemoveTeam {
    /// Its slug.
    pub slug: String,
    /// Who does it; administrators only.
    pub actor: Actor,
    /// UTC seconds.
    pub now: i64,
}

impl Command for RemoveTeam {
    type Output = ();
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), TeamRefused> {
        let team = locked(tx, &self.slug).await?;
        if booking::any_of_team(tx, team.id).await? {
            return Err(TeamRefused::InUse);
        }
        teams::delete_team(tx, team.id).await?;
        record(tx, self.actor, "team removed", team.id, &team.slug, self.now).await?;
        Ok(())
    }
}

/// Adds a team or changes what is given, by its slug alone: how samples are made.
#[derive(Debug)]
pub struct SaveTeam {
    /// What is given.
    pub team: NewTeam,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SaveTeam {
    type Output = TeamId;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<TeamId, TeamRefused> {
        let known = teams::any_by_slug(tx, &self.team.slug).await?.map(|team| team.slug);
        let change = TeamChange { slug: Some(self.team.slug.clone()), ..TeamChange::from(&self.team) };
        let edit = EditTeam { known, change, actor: Actor::COMMAND_LINE, now: self.now };
        Ok(edit.run(tx).await?.id)
    }
}
