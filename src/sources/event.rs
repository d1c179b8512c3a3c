//! As much of an event as counts here: its times, and of one that offers time also its words. Nothing else is kept, so
//! what else changes in it changes nothing.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use caldav::ical::feed::Feed;
use caldav::ical::tree::{Component, Line};
use caldav::ical::zone::Zone;
use caldav::itip::Party;
use data_encoding::{BASE32_NOPAD, HEXUPPER_PERMISSIVE};
use sha2::{Digest, Sha256};

use crate::calendars::{OfferWords, near_miss};
use crate::desk::robot::is_stand_in;

/// When an event is; what an override replaces.
const TIMES: [&str; 6] = ["DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID", "DUE"];
const RULES: [&str; 2] = ["RRULE", "EXRULE"];
/// The words of an offer: what it is called and what rules stand in it.
const WORDS: [&str; 3] = ["SUMMARY", "CATEGORIES", "DESCRIPTION"];
/// Characters of such a word.
const LONGEST: usize = 5_000;
/// What Outlook puts before the UID that an invitation had, [MS-OXCICAL] §2.1.3.1.1.20.26.
const OUTLOOK: &str = "040000008200E00074C5B7101A82E008";
/// `vCal-Uid` and a version, in hexadecimal.
const WRAPPED: &str = "7643616C2D55696401000000";

/// How somebody's calendar is read.
pub(super) struct Eye<'a> {
    /// Titles that make an event an offer.
    pub(super) words: &'a OfferWords,
    /// The host's address here, lower case.
    pub(super) email: &'a str,
    /// Their address where the calendar is, if it is known.
    pub(super) elsewhere: Option<String>,
    /// Offers are taken from it; else only busy times.
    pub(super) offers: bool,
}

/// What an event does to its host's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Offer,
    Busy,
    /// It is cancelled, declined, or shown as free.
    Nothing,
}

/// An event, reduced.
#[derive(Debug, Clone)]
pub(super) struct Reduced {
    pub(super) uid: String,
    pub(super) event: Component,
    pub(super) meaning: Meaning,
    pub(super) sequence: i64,
    /// TZIDs whose VTIMEZONE has to stand beside it.
    pub(super) zones: BTreeSet<String>,
}

impl Reduced {
    pub(super) fn is_override(&self) -> bool {
        self.event.get("RECURRENCE-ID").is_some()
    }
}

impl Eye<'_> {
    /// The event as far as it counts.
    pub(super) fn reduce(&self, given: &Component, zones: &FeedZones<'_>) -> Reduced {
        let mut used = BTreeSet::new();
        let uid = uid(given);
        let mut event = Component::new("VEVENT")
            .with(Line::text_value("UID", &uid))
            // Their DTSTAMP is often the time of asking.
            .with(Line::new("DTSTAMP", "19700101T000000Z"));
        let mut lines: Vec<Line> = Vec::new();
        for line in &given.lines {
            let name = line.name.as_str();
            if TIMES.contains(&name) {
                lines.push(zones.time(line, &mut used));
            } else if RULES.contains(&name) || name == "DURATION" && given.get("DTEND").is_none() {
                lines.push(Line::new(name, line.value.trim().to_ascii_uppercase()));
            }
        }
        // What stands first means nothing.
        lines.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
        lines.dedup();
        event.lines.extend(lines);
        let meaning = self.mean(given, &mut event);
        let sequence = given.get("SEQUENCE").and_then(|line| line.value.trim().parse().ok()).unwrap_or(0);
        Reduced { uid, event, meaning, sequence, zones: used }
    }

    /// Adds what makes the event offer or block.
    fn mean(&self, given: &Component, event: &mut Component) -> Meaning {
        let is =
            |name: &str, value: &str| given.get(name).is_some_and(|line| line.value.trim().eq_ignore_ascii_case(value));
        if is("STATUS", "CANCELLED") {
            event.push(Line::new("STATUS", "CANCELLED"));
            return Meaning::Nothing;
        }
        let mut worded = event.clone();
        worded.lines.extend(WORDS.iter().filter_map(|name| given.get(name)).map(word));
        for name in ["STATUS", "ORGANIZER"] {
            let line = given.get(name).filter(|line| name != "ORGANIZER" || !self.is_own(line));
            worded.lines.extend(line.map(|line| Line::new(name, line.value.trim())));
        }
        if self.words.offer(&worded, self.email).is_some() {
            if self.offers {
                *event = worded;
                return Meaning::Offer;
            }
            event.push(Line::new("TRANSP", "TRANSPARENT"));
            return Meaning::Nothing;
        }
        let free = is("TRANSP", "TRANSPARENT")
            || given.get("TRANSP").is_none() && is("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
            || self.is_declined(given);
        if free {
            event.push(Line::new("TRANSP", "TRANSPARENT"));
            return Meaning::Nothing;
        }
        // So that its host can be told that it offers nothing.
        let title = given.get("SUMMARY").filter(|line| self.offers && near_miss(&line.text(), self.words).is_some());
        event.lines.extend(title.map(word));
        Meaning::Busy
    }

    /// Whether it is the host, or one of their calendars, that organises or attends.
    fn is_own(&self, line: &Line) -> bool {
        Party::read(line).is_some_and(|party| {
            is_stand_in(&party) || party.is(self.email) || self.elsewhere.as_ref().is_some_and(|own| party.is(own))
        })
    }

    fn is_declined(&self, given: &Component) -> bool {
        given.all("ATTENDEE").any(|line| {
            line.param("PARTSTAT").is_some_and(|state| state.eq_ignore_ascii_case("DECLINED")) && self.is_own(line)
        })
    }
}

fn word(line: &Line) -> Line {
    let text = line.value.chars().take(LONGEST).collect::<String>();
    Line::new(&line.name, text)
}

/// The UID; the one that an invitation had where Outlook wrapped it; a made-up one for an event that has none.
fn uid(event: &Component) -> String {
    let given = event.get("UID").map(|line| line.text().trim().to_owned()).filter(|uid| !uid.is_empty());
    match given {
        Some(uid) => unwrapped(&uid).unwrap_or(uid),
        None => {
            let lines = ["DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE"]
                .map(|name| event.get(name).map(|line| line.value.as_str()));
            format!("without-uid-{}", digest(format!("{lines:?}").as_bytes()))
        }
    }
}

fn unwrapped(uid: &str) -> Option<String> {
    let upper = uid.to_ascii_uppercase();
    if !upper.starts_with(OUTLOOK) {
        return None;
    }
    let (_, hex) = upper.split_once(WRAPPED)?;
    let bytes = HEXUPPER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let text = text.trim_end_matches('\0');
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// A short name made of a digest: lower-case base32.
pub(super) fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    BASE32_NOPAD.encode(digest.get(..15).unwrap_or_default()).to_ascii_lowercase()
}

/// The zones of a feed: what its TZIDs mean, and where times without a zone stand.
pub(super) struct FeedZones<'f> {
    timezones: HashMap<String, &'f Component>,
    known: RefCell<HashMap<String, Known>>,
    /// X-WR-TIMEZONE.
    own: Option<Zone>,
}

/// What a TZID means.
#[derive(Clone)]
enum Known {
    /// The zone of this IANA name.
    Named(String),
    /// The rules of its VTIMEZONE.
    Supplied,
    /// Nobody knows.
    Unknown,
}

impl<'f> FeedZones<'f> {
    pub(super) fn new(feed: &'f Feed) -> Self {
        let named = feed.timezones.iter().filter_map(|zone| Some((zone.get("TZID")?.text().trim().to_owned(), zone)));
        let own = feed.get("X-WR-TIMEZONE").or_else(|| feed.get("TIMEZONE-ID"));
        let own = own.and_then(|line| Zone::resolve(line.text().trim(), None));
        Self { timezones: named.collect(), known: RefCell::default(), own }
    }

    /// X-WR-TIMEZONE, if anybody knows it.
    pub(super) fn own(&self) -> Option<&Zone> {
        self.own.as_ref()
    }

    /// The VTIMEZONE of a TZID.
    pub(super) fn component(&self, tzid: &str) -> Option<&'f Component> {
        self.timezones.get(tzid).copied()
    }

    /// A line with times, its zone by its IANA name wherever it has one.
    fn time(&self, line: &Line, used: &mut BTreeSet<String>) -> Line {
        let mut out = Line::new(&line.name, line.value.trim().to_ascii_uppercase());
        for name in ["VALUE", "RANGE"] {
            if let Some(value) = line.param(name) {
                out.set_param(name, value.to_ascii_uppercase());
            }
        }
        let first = out.value.split([',', '/']).next().unwrap_or_default().trim();
        if first.len() <= 8 || first.ends_with('Z') {
            return out;
        }
        let tzid = line.param("TZID").map(str::trim).filter(|tzid| !tzid.is_empty());
        let known = tzid.map_or(Known::Unknown, |tzid| self.known(tzid));
        match (known, tzid, &self.own) {
            (Known::Named(name), ..) => out.set_param("TZID", name),
            (Known::Supplied, Some(tzid), _) => {
                used.insert(tzid.to_owned());
                out.set_param("TZID", tzid);
            }
            (_, _, Some(own)) => out.set_param("TZID", own.name()),
            _ => {}
        }
        out
    }

    fn known(&self, tzid: &str) -> Known {
        if let Some(known) = self.known.borrow().get(tzid) {
            return known.clone();
        }
        let known = match Zone::resolve(tzid, self.component(tzid)) {
            Some(zone) if zone.is_iana() => Known::Named(zone.name().to_owned()),
            Some(_) => Known::Supplied,
            None => Known::Unknown,
        };
        self.known.borrow_mut().insert(tzid.to_owned(), known.clone());
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlook_gives_back_the_uid_of_an_invitation() {
        let hex: String = "openhour-abc@book.example.org".bytes().map(|byte| format!("{byte:02X}")).collect();
        let wrapped = format!("{OUTLOOK}00000000000000000000000000000000000000002E000000{WRAPPED}{hex}00");
        assert_eq!(unwrapped(&wrapped).as_deref(), Some("openhour-abc@book.example.org"));
        let own = format!("{OUTLOOK}00000000B0A1C2D3E4F5000000000000000010000000AABBCCDDEEFF00112233445566778899");
        assert_eq!(unwrapped(&own), None);
        assert_eq!(unwrapped("abc@google.com"), None);
    }
}
