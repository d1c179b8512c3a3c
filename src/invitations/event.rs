//! One event as calendar text. RFC 5545 §3.6.1, RFC 5546 §3.2, RFC 7986 §5.11.

use caldav::ical::tree::{Component, Line, Param};

/// What a message asks its reader's calendar to do. RFC 5546 §1.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Add or change the event.
    Request,
    /// Remove it.
    Cancel,
    /// Note what an invited one answers.
    Reply,
    /// Note that the time somebody proposed is not taken.
    DeclineCounter,
}

impl Method {
    /// The value of METHOD, and of the `method` parameter of the mail's part, which must be equal.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Reply => "REPLY",
            Method::DeclineCounter => "DECLINECOUNTER",
        }
    }
}

/// Somebody named in an event. The name is clean already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    /// Human name.
    pub(super) name: String,
    /// Plain mail address.
    pub(super) address: String,
    /// They come: that is known already. Else they are asked.
    pub(super) accepted: bool,
}

/// An event as one reader gets it. Texts are clean already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) uid: String,
    pub(super) sequence: i64,
    pub(super) starts: i64,
    pub(super) ends: i64,
    pub(super) created: i64,
    pub(super) changed: i64,
    pub(super) cancelled: bool,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) link: Option<String>,
    /// Where people meet, where that is no link.
    pub(super) place: Option<String>,
    /// What pressing the link does, in a word.
    pub(super) join: &'static str,
    /// The page about it, where there is no link to meet.
    pub(super) page: Option<String>,
    /// Takes no time in its reader's calendar.
    pub(super) transparent: bool,
    pub(super) organizer: Option<Party>,
    pub(super) attendees: Vec<Party>,
}

impl Event {
    /// The event in a VCALENDAR of its own: CRLF, lines folded at 75 octets between characters, all times in UTC, no
    /// alarms. The same event gives the same bytes.
    pub(super) fn calendar(&self, method: Option<Method>) -> Vec<u8> {
        let mut calendar = Component::new("VCALENDAR")
            .with(Line::new("VERSION", "2.0"))
            .with(Line::new("PRODID", "-//Openhour//Openhour//EN"))
            .with(Line::new("CALSCALE", "GREGORIAN"));
        if let Some(method) = method {
            calendar.push(Line::new("METHOD", method.as_str()));
        }
        calendar.with_child(self.component()).write()
    }

    fn component(&self) -> Component {
        let mut event = Component::new("VEVENT")
            .with(Line::new("UID", self.uid.as_str()))
            .with(Line::new("DTSTAMP", utc(self.changed)))
            .with(Line::new("DTSTART", utc(self.starts)))
            .with(Line::new("DTEND", utc(self.ends)))
            .with(Line::text_value("SUMMARY", &self.summary))
            .with(Line::new("SEQUENCE", self.sequence.to_string()))
            .with(Line::new("STATUS", if self.cancelled { "CANCELLED" } else { "CONFIRMED" }))
            .with(Line::new("TRANSP", if self.transparent { "TRANSPARENT" } else { "OPAQUE" }))
            .with(Line::new("CREATED", utc(self.created)))
            .with(Line::new("LAST-MODIFIED", utc(self.changed)));
        if let Some(organizer) = &self.organizer {
            event.push(
                Line::new("ORGANIZER", format!("mailto:{}", organizer.address))
                    .with_param("CN", quotable(&organizer.name)),
            );
            if self.attendees.len() < 2 {
                // Outlook hides "propose new time": in a group nobody would answer it.
                event.push(Line::new("X-MICROSOFT-DISALLOW-COUNTER", "TRUE"));
            }
        }
        for attendee in &self.attendees {
            event.push(
                Line::new("ATTENDEE", format!("mailto:{}", attendee.address))
                    .with_param("CUTYPE", "INDIVIDUAL")
                    .with_param("ROLE", "REQ-PARTICIPANT")
                    .with_param("PARTSTAT", if attendee.accepted { "ACCEPTED" } else { "NEEDS-ACTION" })
                    .with_param("RSVP", if attendee.accepted { "FALSE" } else { "TRUE" })
                    .with_param("CN", quotable(&attendee.name)),
            );
        }
        if !self.description.is_empty() {
            event.push(Line::text_value("DESCRIPTION", &self.description));
        }
        if let (Some(page), None) = (&self.page, &self.link) {
            event.push(Line::new("URL", page.as_str()));
        }
        if let Some(place) = &self.place {
            event.push(Line::text_value("LOCATION", place));
        } else if let Some(link) = &self.link {
            // No client reads them all, and each reads another one.
            event.push(Line::text_value("LOCATION", link));
            event.push(Line::new("URL", link.as_str()));
            event.push(Line::new("X-GOOGLE-CONFERENCE", link.as_str()));
            let mut conference = Line::new("CONFERENCE", link.as_str()).with_param("VALUE", "URI");
            conference.params.push(Param { name: "FEATURE".into(), values: vec!["AUDIO".into(), "VIDEO".into()] });
            event.push(conference.with_param("LABEL", self.join));
        }
        event
    }
}

/// A parameter value may not hold a double quote, and few readers decode what RFC 6868 writes instead.
fn quotable(name: &str) -> String {
    name.replace('"', "'").replace('^', "")
}

/// A UTC time. RFC 5545 §3.3.5.
fn utc(seconds: i64) -> String {
    caldav::ical::zone::Zone::utc().to_wall(seconds).strftime("%Y%m%dT%H%M%SZ").to_string()
}
