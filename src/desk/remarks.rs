//! What a host may have meant to offer, or to say of it, and does not, so that their page can tell them what to change.

use serde_json::json;

use super::Desk;
use crate::availability::serves;
use crate::calendars::{OccurrenceRow, Scope, Slip, near_misses};
use crate::db::{Conn, DbError};
use crate::jobs::NewJob;
use crate::keys::Keys;
use crate::people::PersonId;
use crate::teams::{self, SessionType, Team};

/// Remarks told at once.
const MOST: usize = 10;
/// Somebody who changed an event may still be writing for so long, seconds.
const WRITING: i64 = 120;

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
    /// Words in an offer's description look like a rule and are none.
    Slip {
        /// The offer's title.
        title: String,
        /// The words, and what is wrong with them.
        slip: Slip,
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
    let misses = near_misses(conn, &desk.offer_words(), host, from, to).await?;
    let mut remarks: Vec<Remark> = misses.titles.into_iter().map(|title| Remark::Almost { title }).collect();
    remarks.extend(misses.slips.into_iter().map(|(title, slip)| Remark::Slip { title, slip }));
    remarks.extend(unknown_kinds(offers, &teams, &types));
    remarks.truncate(MOST);
    Ok(remarks)
}

/// A short name of some slips, the same for the same ones.
pub fn slips_digest(keys: &Keys, slips: &[Slip]) -> String {
    let mut digest = keys.hash(&slips.iter().map(|slip| slip.text.as_str()).collect::<Vec<_>>().join("\n"));
    digest.truncate(26);
    digest
}

/// The mail that tells a host of slips in an event, once for the same words, two minutes from now: whoever is still writing
/// corrects them.
pub(super) fn tell_of_slips(keys: &Keys, person: PersonId, uid: &str, slips: &[Slip], now: i64) -> NewJob {
    let digest = slips_digest(keys, slips);
    NewJob {
        key: format!("rule-slips/{}", keys.hash(&format!("{person}\0{uid}\0{digest}"))),
        kind: "rule-slips",
        payload: json!({"person": person, "uid": uid, "digest": digest}),
        lane: format!("rule-slips/{person}"),
        after: None,
        due: now + WRITING,
    }
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
