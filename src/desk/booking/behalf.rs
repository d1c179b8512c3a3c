//! Booking on behalf of a guest (MM-11): a lead with any host of the team, a host with themself.

use std::sync::Arc;

use super::book::{book_with, without_notice};
use super::{BookRequest, Booked, Booking, Refusal, known_team};
use crate::availability::{PooledSlot, Question, pool, slots};
use crate::booking::OnBehalf;
use crate::desk::Desk;
use crate::desk::slots::{server_rules, team_starts};
use crate::people::PersonId;
use crate::teams::{self, Host, Role, TeamId, TypeId};

/// Books for a guest. The invite says who did; it waits neither for a mailed link nor for a yes, and the notice does not
/// count, if `how` says so. What is asked of guests may stay open: their mail asks them. Each caller books for 100 others
/// a day. Everything else is as for everybody.
///
/// # Errors
/// [`Refusal::NotAllowed`]: the caller is no lead of the team, no administrator, and no host who books with themself; as
/// [`super::book`].
pub async fn book_for(desk: &Desk, request: BookRequest, how: OnBehalf) -> Result<Booked, Refusal> {
    let person = request.by.person.as_ref().filter(|person| !person.banned).ok_or(Refusal::NotAllowed)?;
    let roles = teams::roles(&mut desk.db.read().await?, request.team.id, person.id).await?;
    let leads = person.admin || roles.contains(&Role::Lead);
    let hosts = roles.contains(&Role::Host) && request.host == Some(person.id);
    if !leads && !hosts {
        return Err(Refusal::NotAllowed);
    }
    book_with(desk, request, how).await
}

/// When this kind of session could be booked by somebody of the team until `to`: with this host or with any, inside the
/// notice too if that does not count. By start, with the hosts of each.
///
/// # Errors
/// [`Refusal::NotOffered`]: the team or the type is gone; [`Refusal::Db`].
pub async fn open_times(
    desk: &Desk,
    team: TeamId,
    type_id: TypeId,
    only: Option<PersonId>,
    waive_notice: bool,
    to: i64,
) -> Result<Vec<PooledSlot>, Refusal> {
    let facts = known_team(desk, team).await?;
    let now = desk.clock.now();
    let hosts: Vec<Host> =
        facts.hosts.iter().filter(|host| only.is_none_or(|only| only == host.person)).cloned().collect();
    let mut conn = desk.db.read().await?;
    let mut timelines = desk.timelines.of(&mut conn, &hosts, now, to).await?;
    let starts = match facts.team.daily_cap {
        Some(_) => team_starts(&mut conn, team, now, to).await?,
        None => Vec::new(),
    };
    drop(conn);
    let mut open = Vec::new();
    for host in &hosts {
        let Some(timeline) = timelines.get_mut(&host.person) else { continue };
        if waive_notice {
            without_notice(Arc::make_mut(timeline));
        }
        let question = Question {
            team: &facts.team,
            types: &facts.types,
            only: &[type_id],
            host,
            timeline,
            team_starts: &starts,
            server: server_rules(desk),
            now,
        };
        open.extend(slots(&question, now, to).slots);
    }
    Ok(pool(open))
}

/// When a booking's session could be, with its host and the notice aside, until `to`.
///
/// # Errors
/// As [`open_times`].
pub async fn host_times(desk: &Desk, booking: &Booking, to: i64) -> Result<Vec<PooledSlot>, Refusal> {
    let session = &booking.session;
    open_times(desk, session.team, session.type_id, Some(session.host), true, to).await
}
