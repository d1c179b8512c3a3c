//! What a host may have meant to offer and does not, so that their page can tell them what to change.

use super::Desk;
use crate::availability::serves;
use crate::calendars::{OccurrenceRow, Scope, near_misses};
use crate::db::{Conn, DbError};
use crate::people::PersonId;
use crate::teams::{self, SessionType, Team};

/// Remarks told at once.
const MOST: usize = 10;

/// An event that publishes nothing, though it looks as if it were meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Its title is nearly, but not quite, an offer's.
    Almost {
        /// The title as it stands.
        title: String,
    },
    /// Behind the colon stands a kind of session that none of the host's teams has.
    UnknownKind {
        /// What stands there, lower case.
        name: String,
        /// Names that would be known.
        known: Vec<String>,
    },
}

impl Remark {
    /// Whether an offer publishes nothing for this reason.
    pub fn is_about(&self, offer: &OccurrenceRow) -> bool {
        let Self::UnknownKind { name, .. } = self else { return false };
        matches!(Scope::read(offer.scope.as_deref()), Scope::Named(named) if named == *name)
    }
}

/// The remarks about a host's events in a stretch of time (from, to). `offers`: their offers.
///
/// # Errors
/// [`DbError`].
pub async fn of(
    conn: &mut Conn,
    desk: &Desk,
    host: PersonId,
    offers: &[OccurrenceRow],
    (from, to): (i64, i64),
) -> Result<Vec<Remark>, DbError> {
    let teams = teams::of_person(conn, host).await?;
    let types = teams::types_of_person(conn, host).await?;
    let titles = near_misses(conn, &desk.offer_words(), host, from, to).await?;
    let mut remarks: Vec<Remark> = titles.into_iter().map(|title| Remark::Almost { title }).collect();
    remarks.extend(unknown_kinds(offers, &teams, &types));
    remarks.truncate(MOST);
    Ok(remarks)
}

/// Each name behind a colon that serves nothing, once.
fn unknown_kinds(offers: &[OccurrenceRow], teams: &[Team], types: &[SessionType]) -> Vec<Remark> {
    let mut names: Vec<String> = Vec::new();
    for offer in offers {
        if let Scope::Named(name) = Scope::read(offer.scope.as_deref())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let is_known = |name: &String| {
        let scope = Scope::Named(name.clone());
        teams.iter().any(|team| {
            let of_team = types.iter().filter(|kind| kind.team == team.id);
            of_team.clone().any(|kind| serves(&scope, team, std::slice::from_ref(kind), kind))
        })
    };
    names.retain(|name| !is_known(name));
    let known: Vec<String> = types.iter().take(MOST).map(|kind| kind.name.clone()).collect();
    names.into_iter().map(|name| Remark::UnknownKind { name, known: known.clone() }).collect()
}
