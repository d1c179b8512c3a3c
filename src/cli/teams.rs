//! `openhour team` and `openhour session-type`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::{GivenTeam, GivenType, SessionTypeCommand, TeamCommand};
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::teams::{Actor, EditTeam, EditType};
use crate::teams::{self, Question, SessionType, Team, TeamChange, TypeChange};

pub(super) async fn team(desk: &Desk, command: TeamCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let given = match command {
        TeamCommand::Add(given) => *given,
        TeamCommand::List => return list(desk, as_json).await,
    };
    let slug = given.slug.clone();
    let known = teams::any_by_slug(&mut desk.db.read().await?, &slug).await?.map(|team| team.slug);
    let edit = EditTeam { known, change: team_change(given), actor: Actor::COMMAND_LINE, now: desk.clock.now() };
    desk.db.run(edit).await?;
    let page = format!("{}/book/{slug}", desk.config.public_url);
    print(as_json, &json!({"slug": slug, "page": page}), &page);
    Ok(ExitCode::SUCCESS)
}

fn team_change(given: GivenTeam) -> TeamChange {
    TeamChange {
        slug: Some(given.slug),
        name: Some(given.name),
        description: given.description,
        timezone: given.timezone,
        active: given.active,
        public: given.public,
        booking: given.booking,
        show_hosts: given.show_hosts,
        policy: given.policy,
        notify_leads: given.notify_leads,
        notify_admins: given.notify_admins,
        hosts_join: given.hosts_join,
        embed_on: given.embed_on,
        notice: given.rules.notice.map(|rule| rule.0),
        buffer_before: given.rules.buffer_before.map(|rule| rule.0),
        buffer_after: given.rules.buffer_after.map(|rule| rule.0),
        booking_window: given.rules.window.map(|rule| rule.0),
        daily_cap: given.daily_cap.map(|rule| rule.0),
        ..TeamChange::default()
    }
}

async fn list(desk: &Desk, as_json: bool) -> Result<ExitCode, Failure> {
    let all = teams::all(&mut desk.db.read().await?).await?;
    let told = |team: &Team| {
        let off = if team.active { "" } else { ", switched off" };
        format!("{}\t{} ({}{off})", team.slug, team.name, if team.public { "public" } else { "members only" })
    };
    let value: Vec<Value> = all
        .iter()
        .map(|team| json!({"slug": team.slug, "name": team.name, "public": team.public, "active": team.active}))
        .collect();
    print(as_json, &value.into(), &all.iter().map(told).collect::<Vec<_>>().join("\n"));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn session_type(desk: &Desk, command: SessionTypeCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let given = match command {
        SessionTypeCommand::Add(given) => *given,
        SessionTypeCommand::List { team } => return list_types(desk, &team, as_json).await,
    };
    let (team, slug) = (given.team.clone(), given.slug.clone());
    let found = types_of(desk, &team).await?;
    let known = found.into_iter().find(|kind| kind.slug == slug).map(|kind| kind.slug);
    let (actor, now) = (Actor::COMMAND_LINE, desk.clock.now());
    desk.db.run(EditType { team: team.clone(), known, change: type_change(given)?, actor, now }).await?;
    let page = format!("{}/book/{team}/{slug}", desk.config.public_url);
    print(as_json, &json!({"team": team, "slug": slug, "page": page}), &page);
    Ok(ExitCode::SUCCESS)
}

fn type_change(given: GivenType) -> Result<TypeChange, Failure> {
    Ok(TypeChange {
        slug: Some(given.slug),
        name: Some(given.name),
        description: given.description,
        minutes: Some(given.minutes),
        step: given.step.map(|rule| rule.0),
        notice: given.rules.notice.map(|rule| rule.0),
        buffer_before: given.rules.buffer_before.map(|rule| rule.0),
        buffer_after: given.rules.buffer_after.map(|rule| rule.0),
        booking_window: given.rules.window.map(|rule| rule.0),
        capacity: given.capacity,
        // Adding one that was switched off brings it back.
        active: Some(given.active.unwrap_or(true)),
        internal: given.internal,
        approval: given.approval,
        place: given.place,
        place_detail: given.place_detail,
        color: given.color,
        phone: given.phone,
        questions: given.questions.as_deref().map(questions).transpose()?,
        reminders: given.reminders,
        position: given.position,
    })
}

fn questions(text: &str) -> Result<Vec<Question>, Failure> {
    let read = serde_json::from_str::<Value>(text).ok();
    let read = read.as_ref().and_then(Value::as_array).map(|all| all.iter().map(Question::read).collect());
    let example = r#"[{"label": "Which language?", "kind": "choice", "options": ["Rust", "Go"], "required": true}]"#;
    read.flatten().ok_or_else(|| Failure::new(format!("--questions must be JSON such as {example}")))
}

async fn types_of(desk: &Desk, team: &str) -> Result<Vec<SessionType>, Failure> {
    let mut conn = desk.db.read().await?;
    let Some(found) = teams::any_by_slug(&mut conn, team).await? else {
        return Err(Failure::new(format!("there is no team `{team}`; make it first with `openhour team add`")));
    };
    Ok(teams::all_types(&mut conn, found.id).await?)
}

async fn list_types(desk: &Desk, team: &str, as_json: bool) -> Result<ExitCode, Failure> {
    let all = types_of(desk, team).await?;
    let told = |kind: &SessionType| {
        let off = if kind.active { "" } else { ", switched off" };
        format!("{}\t{} ({} minutes{off})", kind.slug, kind.name, kind.minutes)
    };
    let value: Vec<Value> = all
        .iter()
        .map(|kind| json!({"slug": kind.slug, "name": kind.name, "minutes": kind.minutes, "active": kind.active}))
        .collect();
    print(as_json, &value.into(), &all.iter().map(told).collect::<Vec<_>>().join("\n"));
    Ok(ExitCode::SUCCESS)
}
