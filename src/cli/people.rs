//! `openhour person`.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::PersonCommand;
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::people::SavePerson;
use crate::people::Profile;
use crate::teams::Role;

pub(super) async fn person(desk: &Desk, command: PersonCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let PersonCommand::Add { email, name, timezone, admin, host, lead, guest } = command;
    let roles = [(Role::Host, host), (Role::Lead, lead), (Role::Guest, guest)];
    let memberships =
        roles.into_iter().flat_map(|(role, teams)| teams.into_iter().map(move |team| (team, role))).collect();
    let profile = Profile { name, timezone, admin: admin.then_some(true) };
    let person = desk.db.run(SavePerson { email, profile, memberships, now: desk.clock.now() }).await?;
    print(
        as_json,
        &json!({"email": person.email, "name": person.name}),
        &format!("{} <{}>", person.name, person.email),
    );
    Ok(ExitCode::SUCCESS)
}
