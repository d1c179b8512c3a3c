//! An address with placeholders, for any service whose rooms exist by being opened, or for one fixed room.

use super::{OpenRooms, Request};

/// `https://example.org/room/{id}`: `{id}` becomes an unguessable word of the session, `{date}` its day in UTC
/// (`2026-11-26`). Without placeholders every session takes place at the same address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pattern: String,
}

impl Template {
    /// Addresses made from this pattern.
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned() }
    }
}

impl OpenRooms for Template {
    fn link(&self, request: &Request) -> String {
        let date = caldav::ical::zone::Zone::utc().to_wall(request.starts).strftime("%Y-%m-%d").to_string();
        self.pattern.replace("{id}", &request.room).replace("{date}", &date)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Jitsi, MeetingLinks};
    use super::*;

    #[tokio::test]
    async fn links_carry_the_sessions_own_word() {
        let request = Request {
            uid: "u@example.org".into(),
            room: "abc234".into(),
            type_id: 7,
            starts: 1_795_716_000,
            ends: 1_795_719_600,
        };
        for (service, link) in [
            (
                Box::new(Jitsi::new("https://meet.example.org/")) as Box<dyn MeetingLinks>,
                "https://meet.example.org/openhour-abc234",
            ),
            (
                Box::new(Template::new("https://example.org/{date}/{id}?x={id}")),
                "https://example.org/2026-11-26/abc234?x=abc234",
            ),
            (Box::new(Template::new("https://example.org/my-room")), "https://example.org/my-room"),
        ] {
            for _ in 0..2 {
                assert_eq!(service.create(&request).await.unwrap().link, link, "the same each time");
            }
        }
    }
}
