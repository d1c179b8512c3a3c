//! A whole subscribed calendar, many objects in one text, as other servers write it. RFC 5545 §3.4, §3.6.
//!
//! Patient where [`Component::parse`] is strict: what is wrong with one event costs that event, not the others. A text
//! that stops before its calendar ends is refused, for nobody knows what was to follow.

use super::limits::Limits;
use super::parse::{LineReader, ParseError, ParseErrorKind, is_name, shown};
use super::tree::{Component, Line};
use super::unfold::content_lines;

/// Components that stand directly in a calendar, and never in one another.
const TOP: [&str; 6] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"];
/// Lines that say when something is, or what it is: a broken line after one of them may be its rest.
const DECISIVE: [&str; 11] =
    ["UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS", "TRANSP"];

/// What a text holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// The lines of the calendar itself, such as X-WR-TIMEZONE.
    pub lines: Vec<Line>,
    /// Its VTIMEZONE components.
    pub timezones: Vec<Component>,
    /// All other components, in order.
    pub components: Vec<Component>,
    /// Those that could not be read, in order.
    pub broken: Vec<Broken>,
}

/// A component that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its UID, when that much could be read.
    pub uid: Option<String>,
    /// What is wrong, and in which line of the text.
    pub error: ParseError,
}

impl Feed {
    /// Reads a text of one or more VCALENDARs.
    ///
    /// Bytes that are no UTF-8 become replacement characters, and control characters are dropped. A line that is no
    /// content line is passed over, unless it may be the rest of one that says when an event is.
    ///
    /// # Errors
    /// [`ParseError`]: it is no calendar, ends too early, or is beyond `limits`.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        if bytes.len() > limits.bytes {
            return Err(ParseError { line: 1, kind: ParseErrorKind::TooLarge(limits.bytes) });
        }
        let mut reader = Reader::new(limits);
        let mut last = 1;
        for (count, line) in content_lines(bytes).enumerate() {
            last = line.number;
            if count >= limits.lines {
                return Err(ParseError { line: last, kind: ParseErrorKind::TooManyLines(limits.lines) });
            }
            reader.take(last, &line.bytes).map_err(|kind| ParseError { line: last, kind })?;
        }
        reader.finish().map_err(|kind| ParseError { line: last, kind })
    }

    /// The first line of the calendar itself with that name.
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }
}

struct Reader<'a> {
    limits: &'a Limits,
    lines: LineReader,
    feed: Feed,
    /// The calendar, the component in it, and what is in that.
    open: Vec<Component>,
    /// Components too deep to be kept.
    skipped: usize,
    /// What is wrong with the component that is open.
    fault: Option<ParseError>,
    calendars: usize,
}

impl<'a> Reader<'a> {
    fn new(limits: &'a Limits) -> Self {
        let (feed, open) = (Feed::default(), Vec::new());
        Self { limits, lines: LineReader::new(limits), feed, open, skipped: 0, fault: None, calendars: 0 }
    }

    fn take(&mut self, number: usize, bytes: &[u8]) -> Result<(), ParseErrorKind> {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        text.retain(|c| !c.is_ascii_control() || c == '\t');
        if text.trim().is_empty() {
            return Ok(());
        }
        match self.lines.read(&text) {
            Ok(line) if line.name == "BEGIN" => self.begin(number, &line.value),
            Ok(line) if line.name == "END" => {
                self.end(number, &line.value);
                Ok(())
            }
            Ok(line) => self.property(line),
            Err(ParseErrorKind::TooManyParams(most)) => Err(ParseErrorKind::TooManyParams(most)),
            Err(_) if self.open.is_empty() && self.calendars == 0 => Err(ParseErrorKind::NotACalendar),
            Err(kind) => {
                if self.is_decisive() {
                    self.blame(number, kind);
                }
                Ok(())
            }
        }
    }

    /// Whether what follows the last line of the open component could have belonged to it, and matters.
    fn is_decisive(&self) -> bool {
        let last = self.open.get(1..).and_then(|inner| inner.last()).and_then(|component| component.lines.last());
        last.is_some_and(|line| DECISIVE.contains(&line.name.as_str()))
    }

    fn blame(&mut self, line: usize, kind: ParseErrorKind) {
        if self.open.len() > 1 && self.fault.is_none() {
            self.fault = Some(ParseError { line, kind });
        }
    }

    fn property(&mut self, line: Line) -> Result<(), ParseErrorKind> {
        match (self.open.len(), self.open.last_mut()) {
            (_, None) if self.calendars == 0 => Err(ParseErrorKind::NotACalendar),
            (_, None) => Ok(()),
            (1, _) => {
                self.feed.lines.push(line);
                Ok(())
            }
            (_, Some(component)) => {
                if self.skipped == 0 {
                    component.lines.push(line);
                }
                Ok(())
            }
        }
    }

    fn begin(&mut self, number: usize, name: &str) -> Result<(), ParseErrorKind> {
        let name = name.trim().to_ascii_uppercase();
        let is_calendar = name == "VCALENDAR";
        if self.open.is_empty() && !is_calendar {
            return if self.calendars == 0 { Err(ParseErrorKind::NotACalendar) } else { Ok(()) };
        }
        if !is_name(&name) {
            self.blame(number, ParseErrorKind::NotALine);
            return Ok(());
        }
        // What begins here cannot stand in what is open: that was never ended.
        let level = if is_calendar { 0 } else { 1 };
        if is_calendar || TOP.contains(&name.as_str()) {
            self.close(number, level);
        }
        if self.open.len() >= self.limits.depth {
            self.skipped += 1;
            self.blame(number, ParseErrorKind::TooDeep(self.limits.depth));
            return Ok(());
        }
        self.open.push(Component { name, ..Component::default() });
        Ok(())
    }

    /// Ends what is open down to `level`, although nothing ended it.
    fn close(&mut self, number: usize, level: usize) {
        self.skipped = 0;
        while self.open.len() > level {
            let name = self.open.last().map(|open| open.name.clone()).unwrap_or_default();
            self.blame(number, ParseErrorKind::MissingEnd(name));
            self.pop();
        }
    }

    fn end(&mut self, number: usize, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let name = name.trim();
        match self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)) {
            Some(level) => {
                self.close(number, level + 1);
                self.pop();
            }
            None => {
                let open = self.open.last().map(|open| open.name.clone()).unwrap_or_default();
                self.blame(number, ParseErrorKind::WrongEnd { open, found: shown(name) });
            }
        }
    }

    fn pop(&mut self) {
        let Some(component) = self.open.pop() else { return };
        match self.open.len() {
            0 => self.calendars += 1,
            1 => match self.fault.take() {
                Some(error) => {
                    let uid = component.get("UID").map(|line| line.text().trim().to_owned());
                    self.feed.broken.push(Broken { uid: uid.filter(|uid| !uid.is_empty()), error });
                }
                None if component.name == "VTIMEZONE" => self.feed.timezones.push(component),
                None => self.feed.components.push(component),
            },
            _ => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(component);
                }
            }
        }
    }

    fn finish(mut self) -> Result<Feed, ParseErrorKind> {
        match self.open.pop() {
            Some(_) => Err(ParseErrorKind::MissingEnd("VCALENDAR".into())),
            None if self.calendars == 0 => Err(ParseErrorKind::NotACalendar),
            None => Ok(self.feed),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feed(inner: &str) -> Result<Feed, ParseErrorKind> {
        let text = format!("BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Europe/Rome\r\n{inner}END:VCALENDAR\r\n");
        Feed::parse(text.as_bytes(), &Limits::feed()).map_err(|error| error.kind)
    }

    fn event(uid: &str, lines: &str) -> String {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}DTSTART:20261126T180000Z\r\nEND:VEVENT\r\n")
    }

    fn uids(feed: &Feed) -> Vec<String> {
        feed.components.iter().map(|event| event.get("UID").unwrap().value.clone()).collect()
    }

    #[test]
    fn what_is_wrong_with_one_event_leaves_the_others() {
        let wrong = [
            // The rest of a rule that nobody folded.
            event("bad", "RRULE:FREQ=WEEKLY;BYDAY=MO,\r\nTU,WE\r\n"),
            "BEGIN:VEVENT\r\nUID:bad\r\nDTSTART:20261126T180000Z\r\n".to_owned(),
            event("bad", "BEGIN:VALARM\r\n"),
            event("bad", "END:VTODO\r\n"),
            event("bad", &"BEGIN:X\r\n".repeat(30)),
        ];
        for wrong in wrong {
            let found = feed(&[event("a", ""), wrong.clone(), event("b", "")].concat()).unwrap();
            assert_eq!(uids(&found), ["a", "b"], "{wrong}");
            let broken: Vec<_> = found.broken.iter().map(|broken| broken.uid.as_deref()).collect();
            assert_eq!(broken, [Some("bad")], "{wrong}");
            assert_eq!(found.get("X-WR-TIMEZONE").unwrap().value, "Europe/Rome");
        }
    }

    #[test]
    fn text_that_nobody_folded_costs_nothing() {
        let lines =
            "DESCRIPTION:Dear all\r\nwe meet: at nine\r\nbring <b>cake</b>\r\nX;:\r\n\x07\r\nSUMMARY:caf\u{e9}\x01\r\n";
        let found = feed(&event("a", lines)).unwrap();
        assert_eq!((uids(&found), found.broken.len()), (vec!["a".to_owned()], 0));
        assert_eq!(found.components[0].get("SUMMARY").unwrap().value, "caf\u{e9}");
        let mut bytes = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", event("a", "SUMMARY:x\u{7f}y\r\n")).into_bytes();
        let at = bytes.iter().position(|byte| *byte == 0x7f).unwrap();
        bytes[at] = 0xff;
        let found = Feed::parse(&bytes, &Limits::feed()).unwrap();
        assert_eq!(found.components[0].get("SUMMARY").unwrap().value, "x\u{fffd}y");
    }

    #[test]
    fn several_calendars_in_one_text_are_read_as_one() {
        let one = |uid: &str| {
            format!("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:{uid}\nEND:VTIMEZONE\n{}END:VCALENDAR\n", event(uid, ""))
        };
        let found = Feed::parse(format!("{}\n\nbye\n{}", one("a"), one("b")).as_bytes(), &Limits::feed()).unwrap();
        assert_eq!((uids(&found), found.timezones.len()), (vec!["a".to_owned(), "b".to_owned()], 2));
    }

    #[test]
    fn what_is_no_whole_calendar_is_refused() {
        for text in ["", "<html><body>Please sign in</body></html>", "BEGIN:VCARD\nEND:VCARD", "UID:1", "{\"a\": 1}"] {
            let kind = Feed::parse(text.as_bytes(), &Limits::feed()).unwrap_err().kind;
            assert_eq!(kind, ParseErrorKind::NotACalendar, "{text}");
        }
        let whole = format!("BEGIN:VCALENDAR\n{}{}END:VCALENDAR\n", event("a", ""), event("b", ""));
        for end in (20..whole.len() - 2).step_by(7) {
            let cut = Feed::parse(&whole.as_bytes()[..end], &Limits::feed()).unwrap_err().kind;
            assert_eq!(cut, ParseErrorKind::MissingEnd("VCALENDAR".into()), "{}", &whole[..end]);
        }
        let small = Limits { lines: 4, ..Limits::feed() };
        assert!(Feed::parse(whole.as_bytes(), &small).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n".to_vec();
            text.extend(bytes);
            let _ = Feed::parse(&text, &Limits::feed());
        }
    }
}
