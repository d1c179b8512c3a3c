//! `openhour person`.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::{Measured, PersonCommand};
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::conduct::{self, Measure};
use crate::desk::people::SavePerson;
use crate::people::retention::{LiftBan, ban_hash};
use crate::people::{self, Profile};
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
    let known = people::by_email(&mut desk.db.read().await?, &given.email).await?;
    let person = match known {
        Some(person) => person,
        // So that an address can be banned before it ever comes.
        None if measure == Measure::Ban => {
            let email = given.email.clone();
            let save = SavePerson { email, profile: Profile::default(), memberships: vec![], now: desk.clock.now() };
            desk.db.run(save).await?
        }
        // Somebody who was removed while banned: only their address is.
        None if measure == Measure::Unban && lift(desk, &given.email).await? => {
            print(
                as_json,
                &json!({"email": given.email, "done": "unbanned", "cancelled": 0}),
                &format!("{} is unbanned", given.email),
            );
            return Ok(ExitCode::SUCCESS);
        }
        None => return Err(Failure::new(format!("nobody has the address {}", given.email))),
    };
    let cancelled = conduct::take(desk, measure, person.id, None, &given.reason).await?;
    let done = match measure {
        Measure::Ban => "banned",
        Measure::Unban => "unbanned",
        Measure::Remove => "removed",
    };
    let text = match cancelled {
        0 => format!("{} is {done}", given.email),
        1 => format!("{} is {done}; 1 booking was cancelled", given.email),
        more => format!("{} is {done}; {more} bookings were cancelled", given.email),
    };
    print(as_json, &json!({"email": given.email, "done": done, "cancelled": cancelled}), &text);
    Ok(ExitCode::SUCCESS)
}

async fn lift(desk: &Desk, email: &str) -> Result<bool, Failure> {
    Ok(desk.db.run(LiftBan { hash: ban_hash(&desk.keys, email), now: desk.clock.now() }).await?)
}
