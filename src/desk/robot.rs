//! What a host's mailed invitation makes of their calendar (CN-2): the same objects, by the same way, as CalDAV's PUT.
//!
//! Pure merging is [`caldav::itip::merge`]'s; here is what it is merged with, and where it goes.

use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::time::{DateTimeValue, format_utc};
use caldav::ical::tree::{Component, Line};
use caldav::itip::{Effect, Event, ItipError, ItipMessage, Party, google_base, merge};
use caldav::precondition::Precondition;
use caldav::store::{Change, Conditions, Edit, StoreError, TagList};
use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::Desk;
use super::filing::{self, File};
use crate::args;
use crate::calendars::{Kind, Refusal};
use crate::db::{Command, Conn, DbError, Tx};
use crate::invitations::NotTaken;
use crate::people::Person;

/// The calendar in which a host's mailed events stand.
const COLLECTION: &str = "offers";
/// Where Google keeps calendars that are nobody's first one, and whom Apple's relay writes for.
const STAND_INS: [&str; 3] = ["group.calendar.google.com", "group.v.calendar.google.com", "imip.me.com"];

/// Why an invitation is not filed.
#[derive(Debug, thiserror::Error)]
pub enum NotFiled {
    /// It cannot be used.
    #[error("it cannot be used: {0:?}")]
    Unusable(NotTaken),
    /// It is about a session that was booked here: nothing changes by this door.
    #[error("it is about a session booked here")]
    Booked,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<ItipError> for NotFiled {
    fn from(error: ItipError) -> Self {
        Self::Unusable(error.into())
    }
}

impl From<StoreError> for NotFiled {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Failed(_) | StoreError::Busy => Self::Db(DbError::Damaged(error.to_string())),
            StoreError::Refused(Precondition::Host { local, .. }) if local == "calendar-full" => {
                Self::Unusable(NotTaken::Full)
            }
            _ => Self::Unusable(NotTaken::Calendar),
        }
    }
}

/// A prepared change of a host's calendar; runs in any transaction.
pub struct Filed {
    files: Vec<File>,
    /// What the message does to the event.
    pub effect: Effect,
    /// The host's calendars had the event before.
    pub known: bool,
}

impl Filed {
    /// Writes. `false`: what it was prepared from has changed; prepare it again.
    ///
    /// # Errors
    /// The database's.
    pub async fn write(&self, tx: &mut Tx) -> Result<bool, DbError> {
        for file in &self.files {
            match file.run(tx).await {
                Ok(_) => {}
                Err(Refusal::Db(error)) => return Err(error),
                Err(Refusal::Outdated | Refusal::Store(_)) => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// Whether an event's organiser is this host, as far as anybody can tell: it is their address, there is none, or it stands
/// for one of their calendars. Somebody else's invitation never publishes a host's time.
pub fn is_organised_by(organizer: Option<&Party>, host: &str) -> bool {
    organizer.is_none_or(|organizer| organizer.is(host) || is_stand_in(organizer))
}

/// Whether a calendar address is one that a provider made up for one of somebody's calendars.
pub fn is_stand_in(party: &Party) -> bool {
    party.address.rsplit_once('@').is_some_and(|(_, domain)| STAND_INS.contains(&domain))
}

/// Prepares what a REQUEST, ADD or CANCEL of this host makes of their calendar. The sender is proven already.
///
/// # Errors
/// [`NotFiled`].
pub async fn prepare(desk: &Desk, host: &Person, message: &ItipMessage) -> Result<Filed, NotFiled> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    if is_booked(&mut conn, message.uid()).await? {
        return Err(NotFiled::Booked);
    }
    let stored = find(&mut conn, host, message.uid()).await?;
    let first = match google_base(message.uid()) {
        Some((base, start)) => {
            find(&mut conn, host, &format!("{base}@google.com")).await?.map(|stored| (stored, start))
        }
        None => None,
    };
    drop(conn);
    let bound = stored.is_some();
    let organizer = message.events().find_map(Event::organizer);
    if !bound && !is_organised_by(organizer.as_ref(), &host.email) {
        let who = organizer.map(|organizer| organizer.address).unwrap_or_default();
        return Err(NotFiled::Unusable(NotTaken::Foreign(who)));
    }
    let existing = stored.as_ref().map(Stored::calendar).transpose()?;
    let own = owned_by(message, &host.email)?;
    let merged = merge(existing.as_ref(), &own, now)?;
    let mut filed = Filed { files: Vec::new(), effect: merged.effect, known: bound };
    if existing.as_ref() != Some(&merged.calendar) {
        filed.files.push(file(desk, host, stored.as_ref(), message.uid(), &merged.calendar).await?);
    }
    if let Some((stored, start)) = first
        && let Some(shorter) = cut(&stored.calendar()?, &start)
    {
        let uid = stored.uid.clone();
        filed.files.push(file(desk, host, Some(&stored), &uid, &shorter).await?);
    }
    Ok(filed)
}

/// The message as the host's own: relays and further calendars of theirs stand for their address.
fn owned_by(message: &ItipMessage, host: &str) -> Result<ItipMessage, ItipError> {
    let mut calendar = message.calendar().clone();
    for event in calendar.children.iter_mut().filter(|child| child.name == "VEVENT") {
        for line in event.lines.iter_mut().filter(|line| line.name == "ORGANIZER") {
            if !Party::read(line).is_some_and(|party| party.is(host)) {
                line.set_param("EMAIL", host);
            }
        }
    }
    ItipMessage::parse(&calendar.write(), Some(message.method().as_str()), &Limits::default())
}

async fn file(
    desk: &Desk,
    host: &Person,
    stored: Option<&Stored>,
    uid: &str,
    calendar: &Component,
) -> Result<File, NotFiled> {
    let object = CalendarObject::from_root(calendar.clone(), &Limits::default()).map_err(ItipError::from)?;
    let conditions = match stored {
        Some(stored) => {
            Conditions { if_match: Some(TagList::Tags(vec![stored.etag.clone()])), ..Conditions::default() }
        }
        None => Conditions { if_none_match: Some(TagList::Any), ..Conditions::default() },
    };
    let edit = Edit {
        owner: host.email.clone(),
        collection: stored.map_or_else(|| COLLECTION.to_owned(), |stored| stored.collection.clone()),
        name: stored.map_or_else(|| name_of(uid), |stored| stored.name.clone()),
        by: host.email.clone(),
        conditions,
        change: Change::Put(object),
    };
    Ok(filing::prepare(desk, host, Arc::new(edit)).await?)
}

/// A path segment for an event of this UID, which may hold anything.
fn name_of(uid: &str) -> String {
    let digest = Sha256::digest(uid.as_bytes());
    format!("mailed-{}.ics", BASE32_NOPAD.encode(digest.get(..15).unwrap_or_default()).to_ascii_lowercase())
}

#[derive(FromRow)]
struct Stored {
    collection: String,
    name: String,
    uid: String,
    etag: String,
    bytes: Vec<u8>,
}

impl Stored {
    fn calendar(&self) -> Result<Component, NotFiled> {
        Component::parse(&self.bytes, &Limits::default()).map_err(|error| ItipError::from(error).into())
    }
}

async fn find(conn: &mut Conn, host: &Person, uid: &str) -> Result<Option<Stored>, DbError> {
    conn.optional(
        "SELECT c.name AS collection, o.name, o.uid, o.etag, o.bytes FROM objects o JOIN collections c ON c.id = o.collection
         WHERE c.owner = $1 AND o.uid = $2 AND c.kind NOT IN ($3, $5) ORDER BY CASE WHEN c.kind = $4 THEN 0 ELSE 1 END, c.id LIMIT 1",
        args![host.id, uid, Kind::Sessions.word(), Kind::Offers.word(), Kind::Address.word()],
    )
    .await
}

async fn is_booked(conn: &mut Conn, uid: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT id FROM sessions WHERE uid = $1 UNION SELECT id FROM bookings WHERE uid = $1 LIMIT 1",
            args![uid],
        )
        .await?;
    Ok(found.is_some())
}

/// The first half of a series that Google split at `start`, ended there: the mail that says so may come later. `None`: it
/// ends before, or is no series.
fn cut(calendar: &Component, start: &DateTimeValue) -> Option<Component> {
    let mut shorter = calendar.clone();
    let master =
        shorter.children.iter_mut().find(|child| child.name == "VEVENT" && child.get("RECURRENCE-ID").is_none())?;
    let zone = caldav::ical::expand::Zones::new(calendar.children_named("VTIMEZONE"), &caldav::ical::zone::Zone::utc())
        .of(&DateTimeValue::from_line(master.get("DTSTART")?).ok()?);
    let whole_days = matches!(start, DateTimeValue::Date(_));
    let last = start.instant_in(&zone) - 1;
    let rule = master.get("RRULE")?;
    let parts = rule.value.split(';').filter(|part| {
        let name = part.split('=').next().unwrap_or_default().trim();
        !name.eq_ignore_ascii_case("UNTIL") && !name.eq_ignore_ascii_case("COUNT")
    });
    let ends_anyway = rule.value.to_ascii_uppercase().split(';').any(|part| {
        part.strip_prefix("UNTIL=").is_some_and(|until| {
            let until = Line::new("UNTIL", until);
            DateTimeValue::from_line(&until).is_ok_and(|until| until.instant_in(&zone) <= last)
        })
    });
    if ends_anyway {
        return None;
    }
    let until = if whole_days { format_utc(last).get(..8)?.to_owned() } else { format_utc(last) };
    let value = parts.chain([format!("UNTIL={until}").as_str()]).collect::<Vec<_>>().join(";");
    master.set(Line::new("RRULE", value));
    shorter.children.retain(|child| {
        let id = child.get("RECURRENCE-ID").and_then(|line| DateTimeValue::from_line(line).ok());
        child.name != "VEVENT" || id.is_none_or(|id| id.instant_in(&zone) <= last)
    });
    (shorter != *calendar).then_some(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rule: &str) -> Component {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a@google.com\r\nDTSTAMP:20261101T000000Z\r\n\
             SUMMARY:Available\r\nDTSTART;TZID=Europe/London:20261123T180000\r\nDURATION:PT2H\r\nRRULE:{rule}\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        Component::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn the_first_half_of_a_split_series_ends_where_the_second_begins() {
        let (_, start) = google_base("a_R20261207T180000@google.com").unwrap();
        let rule = |calendar: &Component| calendar.children[0].get("RRULE").unwrap().value.clone();
        let shorter = cut(&series("FREQ=WEEKLY;COUNT=20;BYDAY=MO"), &start).unwrap();
        assert_eq!(rule(&shorter), "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261207T175959Z");
        assert_eq!(cut(&shorter, &start), None);
        assert_eq!(cut(&series("FREQ=WEEKLY;UNTIL=20261201T000000Z"), &start), None);
    }

    #[test]
    fn only_the_hosts_own_events_offer_time() {
        let party = |line: &str| Party::read(&Line::new("ORGANIZER", line)).unwrap();
        assert!(is_organised_by(None, "ana@example.org"));
        assert!(is_organised_by(Some(&party("mailto:Ana@example.org")), "ana@example.org"));
        assert!(is_organised_by(Some(&party("mailto:c_1a2b@group.calendar.google.com")), "ana@example.org"));
        assert!(is_organised_by(Some(&party("mailto:2_abc@imip.me.com")), "ana@example.org"));
        assert!(!is_organised_by(Some(&party("mailto:eve@example.org")), "ana@example.org"));
        assert!(!is_organised_by(Some(&party("mailto:x@notgroup.calendar.google.com")), "ana@example.org"));
    }
}
