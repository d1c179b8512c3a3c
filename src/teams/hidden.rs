//! Hidden teams: each belongs to a schedule without an account, whose secret addresses alone lead to it.

use super::{BookingMode, NewSessionType, NewTeam, RuleSet, TeamId, TypeId, save_session_type, save_team};
use crate::args;
use crate::db::{DbError, Tx};

/// What a hidden team and its one session type are made of.
#[derive(Debug, Clone)]
pub struct NewHidden<'a> {
    /// Unlike any slug people choose: no address is made of it.
    pub slug: &'a str,
    /// Human name of the team.
    pub name: &'a str,
    /// What a session is about.
    pub subject: &'a str,
    /// IANA name.
    pub timezone: &'a str,
}

/// Adds a hidden team that anyone may book until a session starts, with one type whose sessions are as long as their
/// offers. Once more changes both.
///
/// # Errors
/// [`DbError`].
pub async fn save_hidden(tx: &mut Tx, new: &NewHidden<'_>, now: i64) -> Result<(TeamId, TypeId), DbError> {
    let team = NewTeam {
        slug: new.slug.into(),
        name: new.name.into(),
        timezone: Some(new.timezone.into()),
        public: Some(false),
        booking: Some(BookingMode::Anyone),
        ..NewTeam::default()
    };
    let team = save_team(tx, &team, now).await?;
    let kind = NewSessionType {
        slug: "slot".into(),
        name: new.subject.into(),
        minutes: 60,
        capacity: Some(1),
        rules: RuleSet { notice: Some(0), buffer_before: Some(0), buffer_after: Some(0), ..RuleSet::default() },
    };
    let kind = save_session_type(tx, team, &kind, now).await?;
    tx.execute("UPDATE teams SET hidden = TRUE WHERE id = $1", args![team]).await?;
    tx.execute("UPDATE session_types SET whole_offer = TRUE WHERE id = $1", args![kind]).await?;
    Ok((team, kind))
}

/// Deletes a hidden team with its types and memberships; its sessions are gone already. Any other team stays.
///
/// # Errors
/// [`DbError`].
pub async fn delete_hidden(tx: &mut Tx, team: TeamId) -> Result<(), DbError> {
    tx.execute("DELETE FROM teams WHERE id = $1 AND hidden", args![team]).await?;
    Ok(())
}
