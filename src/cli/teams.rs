//! `openhour team` and `openhour session-type`.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::{SessionTypeCommand, TeamCommand};
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::teams::{SaveSessionType, SaveTeam};
use crate::teams::{NewSessionType, NewTeam, RuleSet};

pub(super) async fn team(desk: &Desk, command: TeamCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let TeamCommand::Add { slug, name, timezone, public, booking, show_hosts, hosts_join } = command;
    let team = NewTeam { slug, name, timezone, public: public.then_some(true), booking, show_hosts, hosts_join };
    let page = format!("{}/book/{}", desk.config.public_url, team.slug);
    let answer = json!({"slug": team.slug, "page": page});
    desk.db.run(SaveTeam { team, now: desk.clock.now() }).await?;
    print(as_json, &answer, &page);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn session_type(desk: &Desk, command: SessionTypeCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let SessionTypeCommand::Add { team, slug, name, minutes, notice, capacity, buffer_before, buffer_after } = command;
    let rules = RuleSet { notice, buffer_before, buffer_after, booking_window: None };
    let page = format!("{}/book/{team}/{slug}", desk.config.public_url);
    let answer = json!({"team": team, "slug": slug, "page": page});
    let kind = NewSessionType { slug, name, minutes, capacity, rules };
    desk.db.run(SaveSessionType { team, kind, now: desk.clock.now() }).await?;
    print(as_json, &answer, &page);
    Ok(ExitCode::SUCCESS)
}
