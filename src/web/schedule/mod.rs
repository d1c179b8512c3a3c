//! Schedules without an account: `/new` makes one, `/d/{secret}` is its owner's page, `/s/{secret}` everybody else's.
//!
//! Whoever knows an address may do what stands on its page, so neither leaves by a link, a log or an index.

mod actions;
mod create;
mod dashboard;
mod own;
mod page;
mod take;
mod words;

use std::sync::LazyLock;

use maud::{Markup, PreEscaped, html};

pub use actions::{add, cancel, connect, withdraw};
pub use create::{create, form as new};
pub use dashboard::show as dashboard;
pub(super) use own::taken_page;
pub use page::{release, show as page};
pub use take::{form as take_form, take};

use super::times::Zone;
use super::words::en::EN;
use super::{assets, live_region};
use crate::booking::FieldError;
use crate::desk::schedules::{Listed, Slot};
use crate::surface::encode;

/// The words that lead to `/new`.
pub(super) const HOME_LINK: &str = words::HOME_LINK;

/// Style and scripts of these pages, in their content: the frame around it knows nothing of them. The scripts make
/// things easier, nothing needs them. `zone`: the one shown unless the visitor chose, for a page that may show another.
fn with_files(content: &Markup, zone: Option<&Zone>) -> Markup {
    html! {
        link rel="stylesheet" href=(assets::schedule_style_path());
        (content)
        script src=(assets::schedule_script_path()) data-zone=[zone.map(|zone| &zone.name)] {}
    }
}

/// All zones as options; made once.
static ZONES: LazyLock<String> = LazyLock::new(|| {
    let regions = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    names.retain(|name| regions.iter().any(|region| name.starts_with(region)));
    names.sort();
    html! {
        option value="UTC" { "UTC" }
        @for name in &names { option value=(name) { (name.replace('_', " ")) } }
    }
    .into_string()
});

/// The options of a select of zones, one of them chosen.
fn zone_options(chosen: &Zone) -> Markup {
    html! {
        option value=(chosen.name) selected { (chosen.label()) }
        (PreEscaped(ZONES.as_str()))
    }
}

/// What is wrong with a field.
fn wrong<'e>(errors: &'e [FieldError], field: &str) -> Option<&'e str> {
    errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
}

/// What keeps a page with these slots true while it is open; `secret` is of the address for everybody.
fn live(secret: &str, listed: &Listed) -> Markup {
    live_region::region(&EN, &format!("schedules/{}", encode(secret)), kind(listed), &listed.version)
}

/// What the script of live pages calls a slot.
fn slot_key(listed: &Listed, slot: &Slot) -> String {
    live_region::name(kind(listed), slot.starts)
}

fn kind(listed: &Listed) -> &str {
    listed.facts.types.first().map_or("", |kind| kind.slug.as_str())
}

/// The slots of each day, in a zone.
fn by_day<'l>(listed: &'l Listed, zone: &Zone) -> Vec<&'l [Slot]> {
    listed.slots.chunk_by(|a, b| zone.day(a.starts) == zone.day(b.starts)).collect()
}

/// The name of a schedule's owner and what it is about.
fn names(listed: &Listed) -> (&str, &str) {
    let owner = listed.facts.hosts.first().map_or("", |host| host.name.as_str());
    (owner, listed.facts.team.name.as_str())
}

/// The zone in which its owner thinks.
fn owners_zone(listed: &Listed) -> Zone {
    Zone::choose(None, &listed.facts.team.timezone)
}
