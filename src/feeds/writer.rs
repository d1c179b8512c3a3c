//! Content lines of an iCalendar stream (RFC 5545 §3.1): CRLF, folded at 75 octets on characters.

use jiff::Timestamp;

/// Most octets of a line, without its break.
const WIDTH: usize = 75;

/// SEQUENCE counts the seconds from here (2026-01-01) to the last change: it grows, and fits 31 bits until 2094.
const SEQUENCE_EPOCH: i64 = 1_767_225_600;

/// Lines being written.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    /// Begins a calendar that others subscribe to under this name.
    pub(super) fn begin(name: &str) -> Self {
        let mut writer = Self::default();
        writer.line("BEGIN", "VCALENDAR");
        writer.line("VERSION", "2.0");
        writer.line("PRODID", "-//Openhour//Feed//EN");
        writer.line("CALSCALE", "GREGORIAN");
        writer.line("METHOD", "PUBLISH");
        writer.text("NAME", name);
        writer.text("X-WR-CALNAME", name);
        writer.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        writer.line("X-PUBLISHED-TTL", "PT1H");
        writer
    }

    /// Ends the calendar: all its lines.
    pub(super) fn end(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.finish()
    }

    /// When an event last changed (UTC seconds). Google keeps the old version of an event whose SEQUENCE stands still.
    pub(super) fn changed(&mut self, at: i64) {
        self.time("DTSTAMP", at);
        self.time("LAST-MODIFIED", at);
        self.line("SEQUENCE", &(at - SEQUENCE_EPOCH).clamp(0, i64::from(i32::MAX)).to_string());
    }

    /// A line whose value needs no escaping.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            if character.is_control() {
                continue;
            }
            let octets = character.len_utf8();
            if width + octets > WIDTH {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(character);
            width += octets;
        }
        self.0.push_str("\r\n");
    }

    /// A line with a text value (RFC 5545 §3.3.11).
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for character in value.replace("\r\n", "\n").chars() {
            match character {
                '\\' => escaped.push_str("\\\\"),
                ';' => escaped.push_str("\\;"),
                ',' => escaped.push_str("\\,"),
                '\n' => escaped.push_str("\\n"),
                other => escaped.push(other),
            }
        }
        self.line(name, &escaped);
    }

    /// A line with a time in UTC.
    pub(super) fn time(&mut self, name: &str, instant: i64) {
        let at = Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH);
        self.line(name, &at.strftime("%Y%m%dT%H%M%SZ").to_string());
    }

    /// All lines.
    fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut writer = Writer::default();
        let name = "ü€𝄞".repeat(40);
        writer.text("SUMMARY", &name);
        let stream = writer.finish();
        assert!(stream.ends_with("\r\n"));
        let lines: Vec<&str> = stream.trim_end().split("\r\n").collect();
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| line.len() <= 75), "{lines:?}");
        assert_eq!(stream.replace("\r\n ", ""), format!("SUMMARY:{name}\r\n"));
    }

    #[test]
    fn text_cannot_begin_another_line() {
        let mut writer = Writer::default();
        writer.text("SUMMARY", "a\r\nATTENDEE:x\rb;c,d\\e");
        assert_eq!(writer.finish(), "SUMMARY:a\\nATTENDEE:xb\\;c\\,d\\\\e\r\n");
    }
}
