//! A VEVENT of a message or of a stored object, read with all that clients are known to do to it.

use super::party::Party;
use crate::ical::expand::Zones;
use crate::ical::series::Series;
use crate::ical::time::DateTimeValue;
use crate::ical::tree::{Component, Line};

/// The most of a comment that is kept, in characters.
const LONGEST_COMMENT: usize = 5_000;
/// What Outlook puts before the title of an answer.
const ANSWER_PREFIXES: [&str; 7] =
    ["Accepted:", "Declined:", "Tentative:", "Tentatively Accepted:", "New Time Proposed:", "Canceled:", "Cancelled:"];

/// Whether somebody comes. RFC 5545 §3.2.12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartStat {
    /// Not answered yet; also every value that no standard knows, such as Google's DELETED.
    NeedsAction,
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Perhaps comes.
    Tentative,
    /// Sends somebody else.
    Delegated,
}

impl PartStat {
    /// The parameter's value, such as `ACCEPTED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
            Self::Delegated => "DELEGATED",
        }
    }

    /// The meaning of a parameter's value, in any case; without one nothing has been answered.
    pub fn parse(text: Option<&str>) -> PartStat {
        let known = [Self::Accepted, Self::Declined, Self::Tentative, Self::Delegated];
        let text = text.unwrap_or_default().trim();
        known.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text)).unwrap_or(Self::NeedsAction)
    }
}

/// One ATTENDEE line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee<'a> {
    /// Who.
    pub party: Party,
    /// Whether they come.
    pub partstat: PartStat,
    /// The line as it came.
    pub line: &'a Line,
}

/// One VEVENT and its typed readings.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a>(&'a Component);

impl<'a> Event<'a> {
    /// Reads a VEVENT component.
    pub fn new(component: &'a Component) -> Event<'a> {
        Event(component)
    }

    /// The component itself.
    pub fn component(self) -> &'a Component {
        self.0
    }

    /// Who invites. Outlook's answers come without.
    pub fn organizer(self) -> Option<Party> {
        self.0.get("ORGANIZER").and_then(Party::read)
    }

    /// Who is invited, as far as there are mail addresses.
    pub fn attendees(self) -> impl Iterator<Item = Attendee<'a>> {
        self.0.all("ATTENDEE").filter_map(|line| {
            let partstat = PartStat::parse(line.param("PARTSTAT"));
            Party::read(line).map(|party| Attendee { party, partstat, line })
        })
    }

    /// The attendee with this mail address.
    pub fn attendee(self, address: &str) -> Option<Attendee<'a>> {
        self.attendees().find(|attendee| attendee.party.is(address))
    }

    /// SEQUENCE, or what Outlook writes instead; 0 without. RFC 5545 §3.8.7.4.
    pub fn sequence(self) -> i64 {
        let number = |name: &str| self.0.get(name).and_then(|line| line.value.trim().parse::<i64>().ok());
        let sequence = number("SEQUENCE").or_else(|| number("X-MICROSOFT-CDO-APPT-SEQUENCE"));
        sequence.unwrap_or(0).clamp(0, i64::from(i32::MAX))
    }

    /// DTSTAMP in UTC seconds. Outlook's answers sometimes come without.
    pub fn dtstamp(self) -> Option<i64> {
        let value = DateTimeValue::from_line(self.0.get("DTSTAMP")?).ok()?;
        Some(value.instant_in(&crate::ical::zone::Zone::utc()))
    }

    /// Which instance of a series this is about.
    pub fn recurrence_id(self) -> Option<DateTimeValue> {
        self.0.get("RECURRENCE-ID").and_then(|line| DateTimeValue::from_line(line).ok())
    }

    /// The title, without what Outlook puts before that of an answer.
    pub fn summary(self) -> String {
        let text = self.0.get("SUMMARY").map(Line::text).unwrap_or_default();
        let text = text.trim();
        let is_answer =
            |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let prefix = ANSWER_PREFIXES.iter().find(|prefix| is_answer(prefix)).map_or(0, |prefix| prefix.len());
        text.get(prefix..).unwrap_or_default().trim().to_owned()
    }

    /// What the attendee says about the answer: Google's parameter of the line, else COMMENT.
    pub fn comment(self, attendee: &Line) -> Option<String> {
        let google = attendee.param("X-RESPONSE-COMMENT").map(|text| from_html(&text.replace("\\n", "\n")));
        let comment = google.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| {
            let lines: Vec<_> = self.0.all("COMMENT").map(Line::text).collect();
            lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        });
        let comment: String = comment.trim().chars().take(LONGEST_COMMENT).collect();
        (!comment.is_empty()).then_some(comment)
    }

    /// Start and end of the (first) instance in UTC seconds; `None` without DTSTART. They are equal when nothing says
    /// how long it is.
    pub fn times(self, zones: &Zones<'_>) -> Option<(i64, i64)> {
        let series = Series::read(self.0, zones)?;
        Some((series.start, series.length.end_of(series.wall, series.start, &series.zone)))
    }

    /// Whether STATUS says that it does not take place.
    pub fn is_cancelled(self) -> bool {
        self.0.get("STATUS").is_some_and(|line| line.value.trim().eq_ignore_ascii_case("CANCELLED"))
    }
}

/// Plain text of the little HTML that Google makes of a comment: entities and line breaks.
fn from_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let (piece, length) = entity(here).unwrap_or((here.chars().next().unwrap_or_default(), 1));
        out.push(piece);
        rest = here.get(length..).unwrap_or_default();
    }
    out + rest
}

/// The character that a text begins with in HTML, and how many bytes it takes.
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    if text.starts_with('<') {
        let tags = ["<br>", "<br/>", "<br />"];
        let tag = tags.iter().find(|tag| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)))?;
        return Some(('\n', tag.len()));
    }
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || *c == '\n')?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_lose_their_html() {
        for (html, text) in [
            ("I can&#39;t, sorry &amp; thanks", "I can't, sorry & thanks"),
            ("5 &lt; 6 &#x2764; &quot;ok&quot;<br>bye", "5 < 6 \u{2764} \"ok\"\nbye"),
            ("R&D; AT&T & <b>", "R&D; AT&T & <b>"),
            ("&#0;&#99999999999;&", "&#0;&#99999999999;&"),
        ] {
            assert_eq!(from_html(html), text);
        }
    }

    #[test]
    fn a_title_loses_the_prefix_of_an_answer() {
        let event = |summary: &str| Component::new("VEVENT").with(Line::text_value("SUMMARY", summary));
        assert_eq!(Event::new(&event("Accepted: Coaching")).summary(), "Coaching");
        assert_eq!(Event::new(&event("Tentatively accepted: Coaching")).summary(), "Coaching");
        assert_eq!(Event::new(&event("Accepté: été")).summary(), "Accepté: été");
    }
}
