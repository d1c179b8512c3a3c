//! Which of two versions of an event counts, and whether they differ. RFC 5546 §2.1.5.

use super::event::Event;
use crate::ical::tree::{Component, Line};

/// Whether a received version is out of date beside the stored one: by SEQUENCE, then by DTSTAMP. Equal versions are
/// not, because some programs change an event without saying so. Under another organiser SEQUENCE begins anew; and it
/// may be lower again when somebody is invited once more after a cancellation.
pub(super) fn is_older(received: &Component, stored: &Component, now: i64) -> bool {
    let (new, old) = (Event::new(received), Event::new(stored));
    let organizer = |event: Event<'_>| event.organizer().map(|party| party.address);
    let same_organizer = match (organizer(new), organizer(old)) {
        (Some(new), Some(old)) => new == old,
        _ => true,
    };
    if same_organizer && !old.is_cancelled() && new.sequence() != old.sequence() {
        return new.sequence() < old.sequence();
    }
    stamped_before(received, stored, now)
}

/// Whether one was sent before the other. A clock that runs ahead counts as now, so that it silences nobody.
pub(super) fn stamped_before(one: &Component, other: &Component, now: i64) -> bool {
    let stamp = |component| Event::new(component).dtstamp().map(|stamp: i64| stamp.min(now));
    matches!((stamp(one), stamp(other)), (Some(one), Some(other)) if one < other)
}

/// Whether two versions say the same, apart from stamps, from how guests answered, and from the order of lines.
pub(super) fn same_content(one: &Component, other: &Component) -> bool {
    Event::new(one).sequence() == Event::new(other).sequence() && content(one) == content(other)
}

fn content(component: &Component) -> Vec<String> {
    let mut lines: Vec<String> = component.lines.iter().filter(|line| matters(line)).map(text_of).collect();
    lines.sort_unstable();
    lines
}

fn matters(line: &Line) -> bool {
    const STAMPS: [&str; 6] = ["DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "X-NUM-GUESTS", "X-LIC-ERROR"];
    const PROGRAMS: [&str; 3] = ["X-MICROSOFT-", "X-MS-OLK-", "X-MOZ-"];
    !STAMPS.contains(&line.name.as_str()) && !PROGRAMS.iter().any(|prefix| line.name.starts_with(prefix))
}

fn text_of(line: &Line) -> String {
    if matches!(line.name.as_str(), "ATTENDEE" | "ORGANIZER") {
        let party = super::party::Party::read(line).map(|party| party.email.unwrap_or(party.address));
        return format!("{}:{}", line.name, party.unwrap_or_else(|| line.value.clone()));
    }
    let mut params: Vec<String> =
        line.params.iter().map(|param| format!(";{}={}", param.name, param.values.join(","))).collect();
    params.sort_unstable();
    format!("{}{}:{}", line.name, params.concat(), line.value.trim())
}
