//! Links that open a calendar on the web with an event filled in. Nothing secret goes into them: they hold what the
//! calendar is to show.

use super::times::{machine, time_in_url};
use crate::surface::encode;

/// Characters of the description that fit into an address.
const MOST_DETAILS: usize = 800;

/// What the calendar is to show.
pub(super) struct Event {
    pub(super) title: String,
    /// UTC seconds.
    pub(super) starts: i64,
    /// UTC seconds.
    pub(super) ends: i64,
    pub(super) details: String,
    pub(super) place: String,
}

impl Event {
    /// Each calendar's name and address.
    pub(super) fn links(&self) -> [(&'static str, String); 4] {
        [
            ("Google", self.google()),
            ("Outlook", self.outlook("https://outlook.live.com/calendar/0/deeplink/compose")),
            ("Microsoft 365", self.outlook("https://outlook.office.com/calendar/0/deeplink/compose")),
            ("Yahoo", self.yahoo()),
        ]
    }

    fn google(&self) -> String {
        let dates = format!("{}/{}", time_in_url(self.starts), time_in_url(self.ends));
        let fields = [("action", "TEMPLATE"), ("text", &self.title), ("dates", &dates), ("location", &self.place)];
        self.address("https://calendar.google.com/calendar/render", &fields, "details")
    }

    fn outlook(&self, page: &str) -> String {
        let (starts, ends) = (machine(self.starts), machine(self.ends));
        let fields = [
            ("path", "/calendar/action/compose"),
            ("rru", "addevent"),
            ("subject", &self.title),
            ("startdt", &starts),
            ("enddt", &ends),
            ("location", &self.place),
        ];
        self.address(page, &fields, "body")
    }

    fn yahoo(&self) -> String {
        let (starts, ends) = (time_in_url(self.starts), time_in_url(self.ends));
        let fields = [("v", "60"), ("title", &self.title), ("st", &starts), ("et", &ends), ("in_loc", &self.place)];
        self.address("https://calendar.yahoo.com/", &fields, "desc")
    }

    fn address(&self, page: &str, fields: &[(&str, &str)], details: &str) -> String {
        let text: String = self.details.chars().take(MOST_DETAILS).collect();
        let all = fields.iter().copied().chain([(details, text.as_str())]).filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = all.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("{page}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_calendar_gets_the_event_in_its_own_words() {
        let event = Event {
            title: "Talk: Ana & Bo".into(),
            starts: 1_795_716_000,
            ends: 1_795_719_600,
            details: "é".repeat(2000),
            place: "https://meet.example/a?b=c".into(),
        };
        let links = event.links();
        let google = &links[0].1;
        assert!(
            google.contains("dates=20261126T180000Z%2F20261126T190000Z")
                && google.contains("text=Talk%3A%20Ana%20%26%20Bo")
        );
        assert!(links[1].1.contains("startdt=2026-11-26T18%3A00%3A00Z&enddt=2026-11-26T19%3A00%3A00Z"));
        assert!(
            links[3].1.contains("st=20261126T180000Z")
                && links[3].1.contains("in_loc=https%3A%2F%2Fmeet.example%2Fa%3Fb%3Dc")
        );
        assert!(links.iter().all(|(_, link)| link.len() < 8000), "addresses have a length that servers take");
    }
}
