//! A person's sessions as a calendar to subscribe to: as guest and as host, and for a while those that were cancelled,
//! so that calendars which only ever add take them away.

use std::collections::{HashMap, HashSet};

use super::answer::DAY;
use super::writer::Writer;
use crate::booking::{self, Booking, Session, Status};
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::booking::token;
use crate::people::{self, PersonId};
use crate::teams::{self, TypeId};

/// Sessions stay in the feed so long after their end.
const PAST: i64 = 30 * DAY;
/// Cancelled ones are told of for so long: Nextcloud looks once a week.
const CANCELLED: i64 = 14 * DAY;

/// One event.
struct Entry {
    uid: String,
    starts: i64,
    ends: i64,
    changed: i64,
    cancelled: bool,
    title: String,
    link: Option<String>,
    agenda: String,
    manage: String,
}

/// The calendar of a person's sessions.
pub(super) async fn write(desk: &Desk, person: PersonId, now: i64) -> Result<String, DbError> {
    let (from, since) = (now - PAST, now - CANCELLED);
    let mut conn = desk.db.read().await?;
    let as_guest = booking::for_feed_of_guest(&mut conn, person, from, since).await?;
    let as_host = booking::of_host(&mut conn, person, from).await?;
    let cancelled = booking::cancelled_of_host(&mut conn, person, from, since).await?;
    let sessions = || as_guest.iter().chain(&as_host).map(|booking| &booking.session).chain(&cancelled);
    let hosts: Vec<PersonId> = as_guest.iter().map(|booking| booking.session.host).collect();
    let types: Vec<TypeId> = sessions().map(|session| session.type_id).collect();
    let names =
        Names { hosts: people::names(&mut conn, &hosts).await?, types: teams::type_names(&mut conn, &types).await? };
    drop(conn);
    let mut entries: Vec<Entry> = as_guest.iter().map(|booking| guest_entry(desk, &names, booking)).collect();
    let confirmed: Vec<&Booking> = as_host.iter().filter(|booking| booking.takes_place()).collect();
    entries.extend(
        confirmed
            .chunk_by(|one, next| one.session.id == next.session.id)
            .filter_map(|bookings| host_entry(desk, &names, bookings)),
    );
    entries.extend(cancelled.iter().map(|session| cancelled_entry(desk, &names, session)));
    // One event for each UID: what stands before what was cancelled.
    entries.sort_by(|a, b| (a.cancelled, a.starts, &a.uid).cmp(&(b.cancelled, b.starts, &b.uid)));
    let mut seen = HashSet::new();
    let mut writer = Writer::begin("Sessions");
    for entry in &entries {
        if seen.insert(entry.uid.as_str()) {
            event(&mut writer, entry);
        }
    }
    Ok(writer.end())
}

struct Names {
    hosts: HashMap<PersonId, String>,
    types: HashMap<TypeId, String>,
}

impl Names {
    fn of_type(&self, session: &Session) -> &str {
        self.types.get(&session.type_id).map_or("Session", String::as_str)
    }
}

fn guest_entry(desk: &Desk, names: &Names, booking: &Booking) -> Entry {
    let session = &booking.session;
    let host = names.hosts.get(&session.host).map_or("", String::as_str);
    Entry {
        uid: booking.uid.clone(),
        changed: booking.changed,
        cancelled: booking.status == Status::Cancelled,
        title: format!("{} with {host}", names.of_type(session)),
        agenda: booking.agenda.clone(),
        manage: manage(desk, booking, booking.guest),
        ..shared(session)
    }
}

fn host_entry(desk: &Desk, names: &Names, bookings: &[&Booking]) -> Option<Entry> {
    let first = bookings.first()?;
    let session = &first.session;
    let changed = bookings.iter().map(|booking| booking.changed).max().unwrap_or(0);
    let kind = names.of_type(session);
    let alone = session.capacity == 1;
    Some(Entry {
        changed: changed.max(session.changed),
        title: if alone {
            format!("{kind} with {}", first.name)
        } else {
            format!("{kind} ({} of {} places taken)", bookings.len(), session.capacity)
        },
        agenda: if alone { first.agenda.clone() } else { guests(bookings) },
        manage: if alone { manage(desk, first, session.host) } else { format!("{}/host", desk.config.public_url) },
        ..shared(session)
    })
}

fn cancelled_entry(desk: &Desk, names: &Names, session: &Session) -> Entry {
    Entry {
        cancelled: true,
        title: names.of_type(session).to_owned(),
        manage: format!("{}/host", desk.config.public_url),
        ..shared(session)
    }
}

fn shared(session: &Session) -> Entry {
    Entry {
        uid: session.uid.clone(),
        starts: session.starts,
        ends: session.ends,
        changed: session.changed,
        cancelled: session.cancelled,
        title: String::new(),
        link: session.link.clone(),
        agenda: String::new(),
        manage: String::new(),
    }
}

fn guests(bookings: &[&Booking]) -> String {
    let told = bookings.iter().map(|booking| format!("{}: {}", booking.name, booking.agenda));
    told.map(|line| line.trim_end_matches([' ', ':']).to_owned()).collect::<Vec<_>>().join("\n")
}

/// The page of a booking for one of its two people.
fn manage(desk: &Desk, booking: &Booking, person: PersonId) -> String {
    format!("{}/b/{}", desk.config.public_url, token(&desk.keys, booking.id, person, booking.generation))
}

fn event(writer: &mut Writer, entry: &Entry) {
    let change = format!("Change or cancel: {}", entry.manage);
    let paragraphs = [entry.link.as_deref().unwrap_or_default(), &entry.agenda, &change];
    let description: Vec<&str> = paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect();
    writer.line("BEGIN", "VEVENT");
    writer.line("UID", &entry.uid);
    // The link comes a moment after the booking without counting as a change of it; here it must.
    writer.changed(entry.changed + i64::from(entry.link.is_some()));
    writer.time("DTSTART", entry.starts);
    writer.time("DTEND", entry.ends);
    writer.text("SUMMARY", &entry.title);
    writer.text("DESCRIPTION", &description.join("\n\n"));
    if let Some(link) = &entry.link {
        writer.text("LOCATION", link);
    }
    writer.line("URL", &entry.manage);
    writer.line("TRANSP", if entry.cancelled { "TRANSPARENT" } else { "OPAQUE" });
    writer.line("STATUS", if entry.cancelled { "CANCELLED" } else { "CONFIRMED" });
    writer.line("END", "VEVENT");
}
