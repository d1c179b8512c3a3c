//! A second sample team, in which something has happened already: a request that waits for a yes, one that was approved, a
//! session of last week with how it went, a vacation. So that host, lead and administrator have something to look at.

use jiff::ToSpan;
use serde_json::Map;

use super::Failure;
use super::demo::{Sample, host, person};
use crate::availability::PooledSlot;
use crate::booking::{self, Outcome};
use crate::clock::Clock;
use crate::desk::booking::{BookRequest, Booked, Caller, Guest, approve, book, set_outcome};
use crate::desk::slots::pooled;
use crate::desk::teams::{Actor, EditType, SaveSessionType, SaveTeam};
use crate::desk::{Desk, offers};
use crate::language::Language;
use crate::people::Person;
use crate::teams::{self, BookingMode, NewSessionType, NewTeam, Role, RuleSet, Team, TypeChange};

/// The team's slug.
pub(super) const TEAM: &str = "careers";
const KIND: &str = "first-talk";
const DAY: i64 = 86_400;
/// How far ahead and how long ago a time is looked for.
const AROUND: i64 = 10 * DAY;

/// Whom the story is about.
pub(super) struct Cast {
    /// Hosts.
    pub(super) noor: Person,
    /// Leads.
    pub(super) lea: Person,
}

/// Makes what is missing of the team and its story.
pub(super) async fn prepare(desk: &Desk, hours: &[Sample]) -> Result<Cast, Failure> {
    let now = desk.clock.now();
    let team = NewTeam {
        slug: TEAM.into(),
        name: "Career advice".into(),
        timezone: Some("Europe/Berlin".into()),
        public: Some(true),
        booking: Some(BookingMode::Anyone),
        ..NewTeam::default()
    };
    desk.db.run(SaveTeam { team, now }).await?;
    let kind = NewSessionType {
        slug: KIND.into(),
        name: "First talk".into(),
        minutes: 45,
        capacity: None,
        rules: RuleSet::default(),
    };
    desk.db.run(SaveSessionType { team: TEAM.into(), kind, now }).await?;
    let change = TypeChange { approval: Some(true), ..TypeChange::default() };
    let edit = EditType { team: TEAM.into(), known: Some(KIND.into()), change, actor: Actor::COMMAND_LINE, now };
    desk.db.run(edit).await?;
    let noor = host(desk, TEAM, ("noor@example.org", "Noor Haddad", "Europe/Berlin"), hours).await?;
    let lea =
        person(desk, "lea@example.org", "Lea Novak", "Europe/Berlin", None, vec![(TEAM.into(), Role::Lead)]).await?;
    let mut conn = desk.db.read().await?;
    let team = teams::any_by_slug(&mut conn, TEAM).await?;
    let team = team.ok_or_else(|| Failure::new(format!("no team {TEAM}")))?;
    let told = booking::any_of_team(&mut conn, team.id).await?;
    drop(conn);
    let cast = Cast { noor, lea };
    if !told {
        past(desk, &team, &cast).await?;
        ahead(desk, &team, &cast).await?;
        vacation(desk, &cast.noor).await?;
    }
    Ok(cast)
}

/// A session of last week, booked the week before and held.
async fn past(desk: &Desk, team: &Team, cast: &Cast) -> Result<(), Failure> {
    let now = desk.clock.now();
    let then = Desk::new(desk.db.clone(), Clock::fixed(now - AROUND), (*desk.config).clone(), desk.keys.clone());
    let slots = open(&then, team, now - AROUND, now - DAY).await?;
    let Some(slot) = slots.first() else { return Ok(()) };
    let booked = ask(&then, team, slot, ("Jonas Weber", "jonas@example.com"), "Back to work after two years").await?;
    approve(&then, booked.id, cast.noor.id).await?;
    set_outcome(desk, booked.id, Some(Outcome::Completed), cast.noor.id).await?;
    Ok(())
}

/// Two requests: to one the lead has said yes.
async fn ahead(desk: &Desk, team: &Team, cast: &Cast) -> Result<(), Failure> {
    let now = desk.clock.now();
    let slots = open(desk, team, now, now + AROUND).await?;
    let mut slots = slots.iter();
    if let Some(slot) = slots.next() {
        ask(desk, team, slot, ("Mia Okafor", "mia@example.com"), "Which course next?").await?;
    }
    if let Some(slot) = slots.next() {
        let booked = ask(desk, team, slot, ("Tom Lindqvist", "tom@example.com"), "My first application").await?;
        approve(desk, booked.id, cast.lea.id).await?;
    }
    Ok(())
}

async fn open(desk: &Desk, team: &Team, from: i64, to: i64) -> Result<Vec<PooledSlot>, Failure> {
    Ok(pooled(desk, team, &[], from, to).await?.slots.iter().cloned().collect())
}

/// A guest asks for a time as they would on the page.
async fn ask(
    desk: &Desk,
    team: &Team,
    slot: &PooledSlot,
    (name, email): (&str, &str),
    agenda: &str,
) -> Result<Booked, Failure> {
    let request = BookRequest {
        team: team.clone(),
        type_id: slot.type_id,
        start: slot.start,
        guest: Guest {
            name: name.into(),
            email: email.into(),
            phone: None,
            timezone: "Europe/Berlin".into(),
            language: Language::English,
        },
        agenda: agenda.into(),
        answers: Map::new(),
        host: None,
        by: Caller { person: None, address: String::new() },
        idempotency: None,
    };
    book(desk, request).await.map_err(|refusal| Failure::new(format!("a sample booking: {}", refusal.code())))
}

/// A week in which the host offers nothing.
async fn vacation(desk: &Desk, noor: &Person) -> Result<(), Failure> {
    let first = jiff::Timestamp::from_second(desk.clock.now() + 35 * DAY)?.to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = first.nth_weekday(1, jiff::civil::Weekday::Monday)?;
    let last = first.checked_add(6.days())?;
    let added = offers::add_away(desk, noor, &first.to_string(), &last.to_string(), "Vacation").await;
    added.map_err(|refused| Failure::new(format!("a sample vacation: {refused:?}")))
}
