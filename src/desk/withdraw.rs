//! Taking back open times of a team's hosts (VB-10). The calendar is the database of availability: an event goes into the
//! host's own calendar that covers the time, whatever calendar offers it. The host sees it where they look, is mailed the
//! reason, and offers the time again by deleting it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::tree::{Component, Line};
use caldav::ical::zone::Zone;
use caldav::store::{Change, Conditions, Edit, StoreError};
use serde_json::json;

use super::Desk;
use super::filing::{File, prepare};
use super::slots::pooled;
use crate::audit::{self, Entry};
use crate::calendars;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::invitations::clean;
use crate::jobs::{NewJob, enqueue};
use crate::people::{self, Person, PersonId};
use crate::teams::{self, Team};

/// Times taken back at once.
pub const MOST: usize = 60;
/// Longest of them, seconds: no session is longer.
const LONGEST: i64 = 86_400;
/// How far ahead times are shown, seconds.
const AHEAD: i64 = 28 * 86_400;
/// How far ahead one may begin, seconds.
const FARTHEST: i64 = 366 * 86_400;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;
/// Times the command is prepared anew when a calendar's settings change in between.
const TRIES: usize = 4;
/// The calendar that the covering event goes into.
pub const CALENDAR: &str = "offers";

/// A time of a host that is to be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Whose.
    pub host: PersonId,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
}

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawRefused {
    /// Nobody could book it with that host in this team: it is booked, was never offered, or is past.
    #[error("one of these times is not open any more")]
    NotOpen,
    /// No time, too many, or one that makes no sense: not ahead, or longer than a session can be.
    #[error("between 1 and {MOST} times can be taken back at once")]
    Number,
    /// Longer than a reason may be.
    #[error("a reason has at most {LONGEST_REASON} characters")]
    Reason,
    /// A calendar could not take the event.
    #[error("a host's calendar could not take it: {0}")]
    Calendar(calendars::Refusal),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for WithdrawRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::Calendar(refusal) => refusal.as_db_error(),
            _ => None,
        }
    }
}

impl From<calendars::Refusal> for WithdrawRefused {
    fn from(refusal: calendars::Refusal) -> Self {
        Self::Calendar(refusal)
    }
}

/// Takes back open times, all of them or none; times of one host that touch become one event. Whoever calls knows that
/// `actor` looks after the team.
///
/// # Errors
/// [`WithdrawRefused`].
pub async fn withdraw(
    desk: &Desk,
    team: &Team,
    times: &[Stretch],
    actor: &Person,
    reason: &str,
) -> Result<(), WithdrawRefused> {
    let reason = clean::text(reason.trim());
    if reason.chars().count() > LONGEST_REASON {
        return Err(WithdrawRefused::Reason);
    }
    let possible = desk.clock.now().saturating_sub(LONGEST)..desk.clock.now().saturating_add(FARTHEST);
    if times.iter().any(|time| !possible.contains(&time.starts) || time.ends.saturating_sub(time.starts) > LONGEST) {
        return Err(WithdrawRefused::Number);
    }
    let joined = joined(times).ok_or(WithdrawRefused::Number)?;
    must_be_open(desk, team, times).await?;
    for _ in 0..TRIES {
        let now = desk.clock.now();
        let mut files = Vec::new();
        for time in &joined {
            let mut conn = desk.db.read().await?;
            let is_host = teams::host(&mut conn, team.id, time.host).await?.is_some();
            let host = people::by_id(&mut conn, time.host).await?.filter(|_| is_host);
            drop(conn);
            let host = host.ok_or(WithdrawRefused::NotOpen)?;
            let edit = covering(desk, &host, actor, time, &reason, now)?;
            let file = prepare(desk, &host, Arc::new(edit)).await.map_err(calendars::Refusal::from)?;
            files.push((*time, file));
        }
        let command = Withdraw { files, team: team.id, slug: team.slug.clone(), actor: actor.id, now };
        match desk.db.run(command).await {
            Err(WithdrawRefused::Calendar(calendars::Refusal::Outdated)) => {}
            result => return result,
        }
    }
    Err(WithdrawRefused::Calendar(StoreError::Busy.into()))
}

/// What each host of a team can be booked for in the coming four weeks, by host and start, each time once.
///
/// # Errors
/// [`DbError`].
pub async fn open_times(desk: &Desk, team: &Team) -> Result<BTreeSet<Stretch>, DbError> {
    let now = desk.clock.now();
    open_between(desk, team, now, now.saturating_add(AHEAD)).await
}

async fn open_between(desk: &Desk, team: &Team, from: i64, to: i64) -> Result<BTreeSet<Stretch>, DbError> {
    let found = pooled(desk, team, &[], from, to).await?;
    let each = found
        .slots
        .iter()
        .flat_map(|slot| slot.hosts.iter().map(|host| Stretch { host: *host, starts: slot.start, ends: slot.end }));
    Ok(each.collect())
}

/// A lead takes back what is offered in their team, not whatever else is free in a host's calendar.
async fn must_be_open(desk: &Desk, team: &Team, times: &[Stretch]) -> Result<(), WithdrawRefused> {
    let from = times.iter().map(|time| time.starts).min().unwrap_or_default();
    let to = times.iter().map(|time| time.ends).max().unwrap_or_default();
    let open = open_between(desk, team, from, to).await?;
    if times.iter().all(|time| open.contains(time)) { Ok(()) } else { Err(WithdrawRefused::NotOpen) }
}

/// In order, with those of one host joined that touch; `None`: there are none, too many, or one is no time.
fn joined(times: &[Stretch]) -> Option<Vec<Stretch>> {
    if times.is_empty() || times.len() > MOST || times.iter().any(|time| time.ends <= time.starts) {
        return None;
    }
    let mut by_host: BTreeMap<PersonId, Vec<Stretch>> = BTreeMap::new();
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    for time in sorted {
        let of_host = by_host.entry(time.host).or_default();
        match of_host.last_mut() {
            Some(last) if time.starts <= last.ends => last.ends = last.ends.max(time.ends),
            _ => of_host.push(time),
        }
    }
    Some(by_host.into_values().flatten().collect())
}

/// The name of the covering event's object: the same time is covered once.
pub fn object_name(starts: i64, ends: i64) -> String {
    format!("taken-back-{starts}-{ends}.ics")
}

fn covering(
    desk: &Desk,
    host: &Person,
    actor: &Person,
    time: &Stretch,
    reason: &str,
    now: i64,
) -> Result<Edit, WithdrawRefused> {
    let utc = |at: i64| Zone::utc().to_wall(at).strftime("%Y%m%dT%H%M%SZ").to_string();
    let uid = format!("taken-back-{}-{}-{}@{}", host.id, time.starts, time.ends, desk.config.mail_domain());
    let mut event = Component::new("VEVENT")
        .with(Line::new("UID", uid))
        .with(Line::new("DTSTAMP", utc(now)))
        .with(Line::new("DTSTART", utc(time.starts)))
        .with(Line::new("DTEND", utc(time.ends)))
        .with(Line::text_value("SUMMARY", &format!("Taken back by {}", clean::name(&actor.name))))
        .with(Line::new("TRANSP", "OPAQUE"));
    if !reason.is_empty() {
        event.push(Line::text_value("DESCRIPTION", reason));
    }
    let calendar = Component::new("VCALENDAR")
        .with(Line::new("VERSION", "2.0"))
        .with(Line::new("PRODID", "-//Openhour//Openhour//EN"))
        .with_child(event);
    let object = CalendarObject::parse(calendar.write(), &Limits::default())
        .map_err(|_| DbError::Damaged("an event of our own cannot be read".into()))?;
    Ok(Edit {
        owner: host.email.clone(),
        collection: CALENDAR.into(),
        name: object_name(time.starts, time.ends),
        by: actor.email.clone(),
        conditions: Conditions::default(),
        change: Change::Put(object),
    })
}

struct Withdraw {
    files: Vec<(Stretch, File)>,
    team: i64,
    slug: String,
    actor: PersonId,
    now: i64,
}

impl Command for Withdraw {
    type Output = ();
    type Refusal = WithdrawRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), WithdrawRefused> {
        let hosts: Vec<PersonId> = self.files.iter().map(|(time, _)| time.host).collect();
        people::lock(tx, &hosts).await?;
        for (time, file) in &self.files {
            if is_booked(tx, time).await? {
                return Err(WithdrawRefused::NotOpen);
            }
            file.run(tx).await?;
            let (host, starts, ends) = (time.host, time.starts, time.ends);
            let job = NewJob {
                key: format!("taken-back-mail/{host}/{starts}/{ends}/{}", self.now),
                kind: "taken-back-mail",
                payload: json!({"person": host, "actor": self.actor, "team": self.team, "starts": starts, "ends": ends}),
                lane: format!("taken-back/{host}"),
                after: None,
                due: self.now,
            };
            enqueue(tx, &job, self.now).await?;
            let at = |at: i64| Zone::utc().to_wall(at).strftime("%Y-%m-%d %H:%M").to_string();
            let detail = format!("{}: {} to {} UTC", self.slug, at(starts), at(ends));
            let entry =
                Entry { actor: Some(self.actor), action: "time withdrawn", object: Some(host), detail: &detail };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(())
    }
}

/// Whether the host has a session then.
async fn is_booked(tx: &mut Tx, time: &Stretch) -> Result<bool, DbError> {
    let sessions = crate::booking::held(tx, time.host, time.starts, time.ends).await?;
    Ok(sessions > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_one_host_that_touch_become_one() {
        let time = |host, starts, ends| Stretch { host, starts, ends };
        let all = [time(2, 30, 40), time(1, 10, 20), time(1, 20, 30), time(1, 40, 50), time(2, 30, 35)];
        assert_eq!(joined(&all).unwrap(), [time(1, 10, 30), time(1, 40, 50), time(2, 30, 40)]);
        assert_eq!(joined(&[]), None);
        assert_eq!(joined(&[time(1, 10, 10)]), None);
    }
}
