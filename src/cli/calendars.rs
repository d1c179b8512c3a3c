//! `openhour calendar`: calendars by secret address. The address is never printed.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::CalendarCommand;
use super::{Failure, print};
use crate::desk::Desk;
use crate::people::{self, Person};
use crate::sources::{self, Checked, Remove, Source, SourceId};

pub(super) async fn calendar(desk: &Desk, command: CalendarCommand, as_json: bool) -> Result<ExitCode, Failure> {
    match command {
        CalendarCommand::Add { email, url, busy_only } => {
            let person = known(desk, &email).await?;
            let url = if url == "-" { std::io::read_to_string(std::io::stdin())? } else { url };
            let source = sources::add(desk, &person, &url, !busy_only, None).await?;
            sources::read_now(desk, source.id).await?;
            show(desk, &person, source.id, as_json).await
        }
        CalendarCommand::List { email } => {
            let person = known(desk, &email).await?;
            let all = sources::of_person(&mut desk.db.read().await?, person.id).await?;
            let lines: Vec<String> = all.iter().map(line).collect();
            let text = if lines.is_empty() { "no calendars by address".to_owned() } else { lines.join("\n") };
            print(as_json, &Value::Array(all.iter().map(value).collect()), &text);
            Ok(ExitCode::SUCCESS)
        }
        CalendarCommand::Check { email, id } => {
            let person = known(desk, &email).await?;
            match sources::check_now(desk, person.id, id).await? {
                Checked::Due => sources::read_now(desk, id).await?,
                Checked::Already => {}
                Checked::NotBefore(at) => {
                    return Err(Failure::new(format!("its server asked to be left alone until {}", time(at))));
                }
                Checked::Missing => return Err(missing(&email, id)),
            }
            show(desk, &person, id, as_json).await
        }
        CalendarCommand::Remove { email, id } => {
            let person = known(desk, &email).await?;
            let command = Remove { person: person.id, id, actor: None, now: desk.clock.now() };
            if !desk.db.run(command).await? {
                return Err(missing(&email, id));
            }
            print(as_json, &json!({"removed": id.to_string()}), "removed, with all that was read from it");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints one, and fails when it cannot be read.
async fn show(desk: &Desk, person: &Person, id: SourceId, as_json: bool) -> Result<ExitCode, Failure> {
    let source = sources::one(&mut desk.db.read().await?, person.id, id).await?;
    let source = source.ok_or_else(|| missing(&person.email, id))?;
    print(as_json, &value(&source), &line(&source));
    Ok(if source.problem().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(source: &Source) -> String {
    let used = if source.offers { "offers and busy times" } else { "busy times only" };
    let state = match (source.problem(), source.succeeded) {
        (Some(problem), Some(last)) => format!("{}; what was read {} still counts", problem.sentence(), time(last)),
        (Some(problem), None) => format!("{}; nothing has been read yet", problem.sentence()),
        (None, Some(last)) => {
            let count =
                |number: i64, what: &str| format!("{number} event{} {what}", if number == 1 { "" } else { "s" });
            let mut parts = vec![format!("read {}", time(last)), count(source.offers_read, "offering time")];
            parts.push(count(source.busy_read, "taking time"));
            if source.unreadable > 0 {
                parts.push(count(source.unreadable, "unreadable"));
            }
            parts.join(", ")
        }
        (None, None) => "not read yet".to_owned(),
    };
    format!("{}  {}  {used}: {state}", source.id, source.host)
}

fn value(source: &Source) -> Value {
    json!({
        "id": source.id.to_string(),
        "host": source.host,
        "offers": source.offers,
        "problem": source.problem().map(|problem| problem.word()),
        "last_read": source.succeeded.map(time),
        "next_read": time(source.due),
        "events_offering": source.offers_read,
        "events_busy": source.busy_read,
        "events_unreadable": source.unreadable,
    })
}

fn time(at: i64) -> String {
    Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default()
}

async fn known(desk: &Desk, email: &str) -> Result<Person, Failure> {
    people::by_email(&mut desk.db.read().await?, email)
        .await?
        .ok_or_else(|| Failure::new(format!("nobody has the address {email}; add them with `openhour person add`")))
}

fn missing(email: &str, id: SourceId) -> Failure {
    Failure::new(format!("{email} has no calendar by address with the number {id}"))
}
