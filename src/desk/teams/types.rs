//! Making, changing and removing session types.

use super::checks::wrong_type;
use super::team::{locked, record};
use super::{Actor, TeamRefused};
use crate::booking;
use crate::db::{Command, DbError, Tx};
use crate::teams::{self, NewSessionType, SessionType, TypeChange, TypeId};

/// Makes a session type, or changes what is given of one.
#[derive(Debug)]
pub struct EditType {
    /// Slug of its team.
    pub team: String,
    /// Slug of the one that is changed; `None`: a new one, named by the change.
    pub known: Option<String>,
    /// What is given.
    pub change: TypeChange,
    /// Who does it.
    pub actor: Actor,
    /// UTC seconds.
    pub now: i64,
}

impl Command for EditType {
    type Output = SessionType;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<SessionType, TeamRefused> {
        let team = locked(tx, &self.team).await?;
        let all = teams::all_types(tx, team.id).await?;
        let old = match &self.known {
            Some(slug) => {
                let found = all.iter().find(|kind| kind.slug == *slug).cloned();
                found.ok_or_else(|| TeamRefused::NoType(slug.clone()))?
            }
            None => SessionType {
                team: team.id,
                minutes: 60,
                capacity: 1,
                active: true,
                reminders: vec![86_400, 3_600],
                position: all.iter().map(|kind| kind.position + 1).max().unwrap_or(0),
                ..SessionType::default()
            },
        };
        let mut new = old.clone();
        self.change.apply(&mut new);
        new.reminders.sort_unstable_by(|a, b| b.cmp(a));
        new.reminders.dedup();
        let mut wrong = wrong_type(&new);
        if all.iter().any(|kind| kind.id != new.id && kind.slug == new.slug) {
            let message = "Another session type of this team has this address.".into();
            wrong.push(crate::booking::FieldError { field: "slug".into(), message });
        }
        if !wrong.is_empty() {
            return Err(TeamRefused::Invalid(wrong));
        }
        let told = TypeChange::between(&old, &new);
        if told.is_empty() {
            return Ok(old);
        }
        if self.known.is_none() {
            new.id = teams::claim_type(tx, team.id, &new.slug, &new.name, new.minutes, self.now).await?;
        }
        teams::update_type(tx, &new).await?;
        teams::touch(tx, team.id, self.now).await?;
        let (action, detail) = match self.known {
            None => ("session type added", new.slug.clone()),
            Some(_) => ("session type changed", format!("{}: {}", new.slug, told.join("; "))),
        };
        record(tx, self.actor, action, team.id, &detail, self.now).await?;
        teams::type_by_id(tx, new.id).await?.ok_or_else(|| DbError::Damaged("a session type vanished".into()).into())
    }
}

/// Removes a session type that was never booked.
#[derive(Debug)]
pub struct RemoveType {
    /// Slug of its team.
    pub team: String,
    /// Its slug.
    pub slug: String,
    /// Who does it.
    pub actor: Actor,
    /// UTC seconds.
    pub now: i64,
}

impl Command for RemoveType {
    type Output = ();
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), TeamRefused> {
        let team = locked(tx, &self.team).await?;
        let all = teams::all_types(tx, team.id).await?;
        let kind = all.into_iter().find(|kind| kind.slug == self.slug);
        let kind = kind.ok_or_else(|| TeamRefused::NoType(self.slug.clone()))?;
        if booking::any_of_type(tx, kind.id).await? {
            return Err(TeamRefused::InUse);
        }
        teams::delete_type(tx, kind.id).await?;
        teams::touch(tx, team.id, self.now).await?;
        record(tx, self.actor, "session type removed", team.id, &kind.slug, self.now).await?;
        Ok(())
    }
}

/// Adds a session type to a team or changes what is given, by its slug alone: how samples are made.
#[derive(Debug)]
pub struct SaveSessionType {
    /// Slug of the team.
    pub team: String,
    /// What is given.
    pub kind: NewSessionType,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SaveSessionType {
    type Output = TypeId;
    type Refusal = TeamRefused;

    async fn run(&self, tx: &mut Tx) -> Result<TypeId, TeamRefused> {
        let team = teams::any_by_slug(tx, &self.team).await?;
        let team = team.ok_or_else(|| TeamRefused::NoTeam(self.team.clone()))?;
        let all = teams::all_types(tx, team.id).await?;
        let known = all.into_iter().find(|kind| kind.slug == self.kind.slug).map(|kind| kind.slug);
        let change = TypeChange { slug: Some(self.kind.slug.clone()), ..TypeChange::from(&self.kind) };
        let edit = EditType { team: self.team.clone(), known, change, actor: Actor::COMMAND_LINE, now: self.now };
        Ok(edit.run(tx).await?.id)
    }
}
