//! What happened to a booking: who did what, when.

use std::collections::HashMap;

use maud::{Markup, html};
use serde_json::Value as Json;

use super::super::reader::Reader;
use super::super::times::machine;
use super::super::words::leading::{Leading, leading};
use super::words;
use crate::booking::Happened;
use crate::people::PersonId;

/// The people whom lines of a history name, for their names.
pub(super) fn people_in(history: &[Happened]) -> Vec<PersonId> {
    let reassigned = history.iter().filter(|line| line.action == "reassigned");
    let mut people: Vec<PersonId> =
        reassigned.flat_map(|line| [number(line, "from"), number(line, "to")]).flatten().collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The history of this guest's booking, oldest first.
pub(super) fn list(history: &[Happened], people: &HashMap<PersonId, String>, guest: &str, reader: &Reader) -> Markup {
    let (words, leading) = (words(reader), leading(reader.words.code));
    html! {
        h2 { (words.history) }
        ol.steps {
            @for line in history {
                li {
                    strong { (did(line, leading)) }
                    @if let Some(more) = detail(line, people, leading, reader) { ", " (more) }
                    div.hint {
                        (line.actor.as_deref().unwrap_or(if line.action == "booked" { guest } else { words.server })) " · "
                        time datetime=(machine(line.at)) { (reader.day(line.at)) ", " (reader.clock(line.at)) }
                    }
                }
            }
        }
    }
}

fn did<'a>(line: &'a Happened, leading: &'static Leading) -> &'a str {
    match line.action.as_str() {
        "booked" if flag(line, "on_behalf") => leading.did_booked_for,
        action => leading.did(action),
    }
}

fn detail(line: &Happened, people: &HashMap<PersonId, String>, leading: &Leading, reader: &Reader) -> Option<String> {
    let both = || Some((number(line, "from")?, number(line, "to")?));
    match line.action.as_str() {
        "booked" => flag(line, "notice_waived").then(|| leading.notice_waived.to_owned()),
        "rescheduled" => {
            let say = |at: i64| format!("{}, {}", reader.day(at), reader.clock(at));
            both().map(|(from, to)| (leading.from_to)(&say(from), &say(to)))
        }
        "reassigned" => {
            let name = |id: PersonId| people.get(&id).map_or(leading.somebody, String::as_str).to_owned();
            both().map(|(from, to)| (leading.given)(&name(from), &name(to)))
        }
        "proposed" => number(line, "to").map(|at| format!("{}, {}", reader.day(at), reader.clock(at))),
        _ => None,
    }
}

fn read(line: &Happened, member: &str) -> Option<Json> {
    serde_json::from_str::<Json>(&line.detail).ok()?.get(member).cloned()
}

fn number(line: &Happened, member: &str) -> Option<i64> {
    read(line, member)?.as_i64()
}

fn flag(line: &Happened, member: &str) -> bool {
    read(line, member).is_some_and(|value| value == true)
}
