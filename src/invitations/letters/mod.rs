//! The letters, one file each.

pub(super) mod booked;
pub(super) mod cancelled;
pub(super) mod confirm;
pub(super) mod proposed;
pub(super) mod refused;
pub(super) mod robot;
pub(super) mod sign_in;
pub(super) mod undo;

use super::when::when;
use super::{Surroundings, clean};
use crate::booking::Session;

/// `When`, and a second line with the other's time where their clocks differ. `other`: name and zone.
fn times(session: &Session, zone: &str, other: Option<(&str, &str)>) -> Vec<(String, String)> {
    let own = when(session.starts, session.ends, zone);
    let mut facts = vec![("When".to_owned(), own.full())];
    if let Some((name, zone)) = other {
        let theirs = when(session.starts, session.ends, zone);
        if theirs.offset != own.offset {
            facts.push((format!("For {}", clean::name(name)), theirs.full()));
        }
    }
    facts
}

/// `Mock interview with Aisha, Thu 26 Nov, 18:00`
fn title(session: &Session, around: &Surroundings, with: &str, zone: &str) -> String {
    let when = when(session.starts, session.ends, zone);
    format!("{} with {}, {}", clean::name(&around.type_name), clean::name(with), when.short())
}

fn greeting(name: &str) -> String {
    let name = clean::name(name);
    if name.is_empty() { "Hi,".into() } else { format!("Hi {name},") }
}
