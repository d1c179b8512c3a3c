//! Which teams somebody may know of.

use std::sync::Arc;

use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::team_facts::{self, TeamFacts};
use crate::people::Person;
use crate::teams;

/// The team with its types and hosts, if it is public or the visitor belongs to it. Everything else is as good as
/// unknown.
///
/// # Errors
/// [`DbError`].
pub async fn visible(desk: &Desk, slug: &str, visitor: Option<&Person>) -> Result<Option<Arc<TeamFacts>>, DbError> {
    let Some(facts) = team_facts::team(desk, slug).await? else { return Ok(None) };
    if facts.team.hidden {
        return Ok(None);
    }
    if facts.team.public || visitor.is_some_and(|person| person.admin) {
        return Ok(Some(facts));
    }
    let Some(person) = visitor else { return Ok(None) };
    let roles = teams::roles(&mut desk.db.read().await?, facts.team.id, person.id).await?;
    Ok((!roles.is_empty()).then_some(facts))
}

/// Whether the visitor sees and books what is for members only. Asks nothing of the database where nothing is.
///
/// # Errors
/// [`DbError`].
pub async fn is_member(desk: &Desk, facts: &TeamFacts, visitor: Option<&Person>) -> Result<bool, DbError> {
    let Some(person) = visitor.filter(|_| facts.types.iter().any(|kind| kind.internal)) else { return Ok(false) };
    Ok(!teams::roles(&mut desk.db.read().await?, facts.team.id, person.id).await?.is_empty())
}
