//! `openhour person`.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::{Measured, PersonCommand};
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::conduct::{self, Measure, MeasureRefused};
use crate::desk::people::SavePerson;
use crate::people::Profile;
use crate::teams::Role;

pub(super) async fn person(desk: &Desk, command: PersonCommand, as_json: bool) -> Result<ExitCode, Failure> {
    let (email, name, timezone, admin, host, lead, guest) = match command {
        PersonCommand::Add { email, name, timezone, admin, host, lead, guest } => {
            (email, name, timezone, admin, host, lead, guest)
        }
        PersonCommand::Ban(given) => return measure(desk, Measure::Ban, &given, as_json).await,
        PersonCommand::Unban(given) => return measure(desk, Measure::Unban, &given, as_json).await,
        PersonCommand::Remove(given) => return measure(desk, Measure::Remove, &given, as_json).await,
    };
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

async fn measure(desk: &Desk, measure: Measure, given: &Measured, as_json: bool) -> Result<ExitCode, Failure> {
    let taken = match conduct::take_by_address(desk, measure, &given.email, None, &given.reason).await {
        Ok(taken) => taken,
        Err(MeasureRefused::Unknown) => return Err(Failure::new(format!("nobody has the address {}", given.email))),
        Err(refused) => return Err(refused.into()),
    };
    let done = match measure {
        Measure::Ban => "banned",
        Measure::Unban => "unbanned",
        Measure::Remove => "removed",
    };
    let text = match taken.cancelled {
        0 => format!("{} is {done}", given.email),
        1 => format!("{} is {done}; 1 booking was cancelled", given.email),
        more => format!("{} is {done}; {more} bookings were cancelled", given.email),
    };
    print(as_json, &json!({"email": given.email, "done": done, "cancelled": taken.cancelled}), &text);
    Ok(ExitCode::SUCCESS)
}
