//! The open slots of a team as a calendar: one event a slot, each with the link to book it.
//!
//! What subscribers' programs need of it: bytes that stand still while nothing changes (times of change instead of
//! "now", sorted), a growing SEQUENCE, the link in URL and as first line of DESCRIPTION, transparent events without
//! organiser or attendees.

use super::writer::Writer;

use crate::availability::PooledSlot;
use crate::invitations::slot;
use crate::teams::{SessionType, Team};

/// What a feed is made of.
pub(super) struct Feed<'a> {
    /// Whose slots.
    pub(super) team: &'a Team,
    /// The team's types.
    pub(super) types: &'a [SessionType],
    /// By start, then type.
    pub(super) slots: &'a [PooledSlot],
    /// When any of it last changed, UTC seconds.
    pub(super) changed: i64,
    /// Where links lead, without a slash at the end.
    pub(super) public_url: &'a str,
    /// Whose own feed it is, as its links say it.
    pub(super) reader: Option<&'a str>,
    /// Right side of the UIDs.
    pub(super) domain: &'a str,
}

impl Feed<'_> {
    /// The calendar.
    pub(super) fn write(&self) -> String {
        let mut writer = Writer::begin(&format!("{}: open slots", self.team.name));
        self.events(&mut writer);
        writer.end()
    }

    /// The events alone.
    pub(super) fn events(&self, writer: &mut Writer) {
        for slot in self.slots {
            if let Some(kind) = self.types.iter().find(|kind| kind.id == slot.type_id) {
                self.event(writer, kind, slot);
            }
        }
    }

    fn event(&self, writer: &mut Writer, kind: &SessionType, slot: &PooledSlot) {
        let reader = self.reader.map(|mark| format!("?for={mark}")).unwrap_or_default();
        let link = format!(
            "{}{reader}",
            slot::page(self.public_url, &self.team.slug, &self.team.timezone, &kind.slug, slot.start)
        );
        let places = if kind.capacity > 1 { format!("\n{} places left", slot.open) } else { String::new() };
        writer.line("BEGIN", "VEVENT");
        writer.line("UID", &format!("open-{}-{}-{}@{}", self.team.id, kind.id, slot.start, self.domain));
        writer.changed(self.changed);
        writer.time("DTSTART", slot.start);
        writer.time("DTEND", slot.end);
        writer.text("SUMMARY", &format!("Open: {}", kind.name));
        writer
            .text("DESCRIPTION", &format!("{link}\nBook this time with {} at the link above.{places}", self.team.name));
        writer.text("LOCATION", &link);
        writer.line("URL", &link);
        writer.line("TRANSP", "TRANSPARENT");
        writer.line("STATUS", "CONFIRMED");
        writer.line("CLASS", "PUBLIC");
        writer.line("END", "VEVENT");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::teams::{BookingMode, RuleSet};

    fn feed(open: i64) -> String {
        let team = Team {
            id: 1,
            slug: "coaches".into(),
            name: "Coaches, Graz".into(),
            description: String::new(),
            timezone: "Europe/Vienna".into(),
            public: true,
            hidden: false,
            booking: BookingMode::Anyone,
            show_hosts: false,
            hosts_join: false,
            day_starts: 0,
            day_ends: 0,
            rules: RuleSet::default(),
            daily_cap: None,
            version: 1,
            active: true,
            ..Team::default()
        };
        let kind = SessionType {
            id: 2,
            team: 1,
            slug: "talk".into(),
            name: "A talk".into(),
            description: String::new(),
            minutes: 60,
            whole_offer: false,
            step: None,
            rules: RuleSet::default(),
            capacity: open,
            active: true,
            ..SessionType::default()
        };
        let start = 1_795_716_000;
        let slot = PooledSlot { type_id: 2, start, end: start + 3600, open, hosts: [7].into(), seats: [open].into() };
        Feed {
            team: &team,
            types: std::slice::from_ref(&kind),
            slots: std::slice::from_ref(&slot),
            changed: 1_795_176_000,
            public_url: "https://book.example",
            reader: None,
            domain: "book.example",
        }
        .write()
    }

    #[test]
    fn a_slot_is_an_event_with_its_link_and_nobody_in_it() {
        let feed = feed(1).replace("\r\n ", "");
        let link = "https://book.example/book/coaches/talk/2026-11-26/20261126T180000Z";
        assert!(feed.contains(&format!("\r\nURL:{link}\r\n")), "{feed}");
        assert!(feed.contains(&format!("\r\nDESCRIPTION:{link}\\nBook")), "{feed}");
        for line in [
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Coaches\\, Graz: open slots",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "UID:open-1-2-1795716000@book.example",
            "DTSTAMP:20261120T120000Z",
            "SEQUENCE:27950400",
            "DTSTART:20261126T180000Z",
            "DTEND:20261126T190000Z",
            "TRANSP:TRANSPARENT",
        ] {
            assert!(feed.contains(&format!("\r\n{line}\r\n")), "{line}\n{feed}");
        }
        for never in ["ATTENDEE", "ORGANIZER", "places left"] {
            assert!(!feed.contains(never), "{never}");
        }
    }

    #[test]
    fn the_same_slots_give_the_same_bytes_and_places_are_told() {
        assert_eq!(feed(3), feed(3));
        assert!(feed(3).contains("3 places left"));
    }
}
