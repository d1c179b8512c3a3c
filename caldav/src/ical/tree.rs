//! A lossless tree of components and content lines. RFC 5545 §3.1, §3.6.

use std::borrow::Cow;

use super::limits::Limits;
pub use super::parse::{ParseError, ParseErrorKind};
use super::text;

/// A component: `BEGIN:name` to `END:name`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// Upper case.
    pub name: String,
    /// Its own content lines, in order.
    pub lines: Vec<Line>,
    /// Nested components, in order (after the lines when written).
    pub children: Vec<Component>,
}

/// One unfolded content line. RFC 5545 §3.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Property name, upper case.
    pub name: String,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The value as it stands in the line: unfolded, still escaped.
    pub value: String,
}

/// One property parameter. RFC 5545 §3.2, RFC 6868.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Param {
    /// Upper case.
    pub name: String,
    /// Values without quotes, carets decoded.
    pub values: Vec<String>,
}

impl Component {
    /// An empty component.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_ascii_uppercase(), ..Self::default() }
    }

    /// Parses a text that is exactly one VCALENDAR, which becomes the root.
    ///
    /// Bare LF, empty lines, a byte order mark, folds inside a character and names in any case are read; control
    /// characters, text before or after the calendar and anything beyond `limits` are refused.
    ///
    /// # Errors
    /// [`ParseError`], with the line of the text.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        super::parse::parse(bytes, limits)
    }

    /// The component as text: CRLF, folded at 75 octets between characters, parameters quoted and carets encoded
    /// where needed. Parsing it again gives the same tree.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        super::write::write(self, &mut out);
        out
    }

    /// The first line of that name, in any case.
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name.eq_ignore_ascii_case(name))
    }

    /// Every line of that name, in any case.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a Line> + Clone + use<'a, 'n> {
        self.lines.iter().filter(move |line| line.name.eq_ignore_ascii_case(name))
    }

    /// Every direct child of that name, in any case.
    pub fn children_named<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a Component> + Clone + use<'a, 'n> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// Puts the line in the place of the first of its name, or at the end; further lines of that name go.
    pub fn set(&mut self, line: Line) {
        let place = self.lines.iter().position(|old| old.name.eq_ignore_ascii_case(&line.name));
        self.remove(&line.name);
        self.lines.insert(place.unwrap_or(self.lines.len()), line);
    }

    /// Removes every line of that name; whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| !line.name.eq_ignore_ascii_case(name));
        self.lines.len() < before
    }

    /// Adds a line at the end.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The component with one more line.
    #[must_use]
    pub fn with(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// The component with one more child.
    #[must_use]
    pub fn with_child(mut self, child: Component) -> Self {
        self.children.push(child);
        self
    }
}

impl Line {
    /// A line with a value as it stands in the text: dates, URIs, numbers, rules.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_ascii_uppercase(), params: Vec::new(), value: value.into() }
    }

    /// A line with a TEXT value, escaped here. RFC 5545 §3.3.11.
    pub fn text_value(name: &str, text: &str) -> Self {
        Self::new(name, text::escape(text))
    }

    /// The line with one more parameter.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push(Param { name: name.to_ascii_uppercase(), values: vec![value.into()] });
        self
    }

    /// The first value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.param_values(name).next()
    }

    /// Every value of a parameter, also when it is repeated.
    pub fn param_values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.params.iter().filter(move |param| param.name.eq_ignore_ascii_case(name));
        named.flat_map(|param| param.values.iter().map(String::as_str))
    }

    /// Sets a parameter to one value, in its old place if it had one.
    pub fn set_param(&mut self, name: &str, value: impl Into<String>) {
        let param = Param { name: name.to_ascii_uppercase(), values: vec![value.into()] };
        let place = self.params.iter().position(|old| old.name == param.name).unwrap_or(self.params.len());
        self.params.retain(|old| old.name != param.name);
        self.params.insert(place, param);
    }

    /// The value as TEXT, unescaped. RFC 5545 §3.3.11.
    pub fn text(&self) -> Cow<'_, str> {
        text::unescape(&self.value)
    }

    /// The items of a list of TEXT (CATEGORIES, RESOURCES), unescaped.
    pub fn text_list(&self) -> impl Iterator<Item = Cow<'_, str>> {
        text::list(&self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    fn calendar(inner: &str) -> String {
        format!("BEGIN:VCALENDAR\r\n{inner}END:VCALENDAR\r\n")
    }

    fn parse(text: &[u8]) -> Result<Component, ParseErrorKind> {
        Component::parse(text, &Limits::default()).map_err(|error| error.kind)
    }

    #[test]
    fn reads_names_in_any_case_quotes_lists_and_carets() {
        let root = parse(
            b"begin:vCalendar\nBegin:vevent\n\nattendee;cn=\"A, ^'B^' ^n;:^^^x\";Member=\"m:a\",\"m:b\",c:mailto:a@x.example\nend:VEVENT\nEND:VCALENDAR",
        )
        .unwrap();
        let event = root.children_named("vevent").next().unwrap();
        let attendee = event.get("Attendee").unwrap();
        assert_eq!(attendee.name, "ATTENDEE");
        assert_eq!(attendee.param("cn"), Some("A, \"B\" \n;:^^x"));
        assert_eq!(attendee.param_values("MEMBER").collect::<Vec<_>>(), ["m:a", "m:b", "c"]);
        assert_eq!(attendee.value, "mailto:a@x.example");
    }

    #[test]
    fn refuses_what_is_not_one_calendar_and_says_where() {
        let refused = |text: &str| Component::parse(text.as_bytes(), &Limits::default()).unwrap_err();
        let cases: [(&str, usize, ParseErrorKind); 12] = [
            ("", 1, ParseErrorKind::NotACalendar),
            ("BEGIN:VCARD\nEND:VCARD\n", 1, ParseErrorKind::NotACalendar),
            ("X:1\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", 1, ParseErrorKind::NotACalendar),
            ("BEGIN:VCALENDAR\nhello\nEND:VCALENDAR\n", 2, ParseErrorKind::NotALine),
            ("BEGIN:VCALENDAR\nDear all: hello\nEND:VCALENDAR\n", 2, ParseErrorKind::NotALine),
            ("BEGIN:VCALENDAR\n:x\nEND:VCALENDAR\n", 2, ParseErrorKind::NotALine),
            ("BEGIN:VCALENDAR\nX:1\nY;A=\"b:c\nEND:VCALENDAR", 3, ParseErrorKind::BadParam("Y".into())),
            ("BEGIN:VCALENDAR\nY;A=\"b\"c:d\nEND:VCALENDAR", 2, ParseErrorKind::BadParam("Y".into())),
            ("BEGIN:VCALENDAR\nY;A:d\nEND:VCALENDAR", 2, ParseErrorKind::BadParam("Y".into())),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", 2, ParseErrorKind::MissingEnd("VEVENT".into())),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
                3,
                ParseErrorKind::WrongEnd { open: "VEVENT".into(), found: "VCALENDAR".into() },
            ),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", 3, ParseErrorKind::AfterEnd),
        ];
        for (text, line, kind) in cases {
            assert_eq!(refused(text), ParseError { line, kind }, "{text:?}");
        }
    }

    #[test]
    fn refuses_control_characters_and_bytes_that_are_not_utf8() {
        for bad in ["\0", "\u{7}", "\u{7f}", "a\rb", "\u{1b}"] {
            let text = calendar(&format!("X:{bad}\r\n"));
            assert!(matches!(parse(text.as_bytes()), Err(ParseErrorKind::ControlCharacter(_))), "{bad:?}");
        }
        assert_eq!(parse(b"BEGIN:VCALENDAR\nX:\xff\nEND:VCALENDAR"), Err(ParseErrorKind::NotUtf8));
    }

    #[test]
    fn depth_sixteen_passes_and_seventeen_is_refused() {
        let nested = |inner: usize| calendar(&("BEGIN:A\n".repeat(inner) + &"END:A\n".repeat(inner)));
        assert!(parse(nested(15).as_bytes()).is_ok());
        assert_eq!(parse(nested(16).as_bytes()), Err(ParseErrorKind::TooDeep(16)));
    }

    /// Bytes on the heap, by capacities, with 16 for what an allocation costs.
    fn heap(component: &Component) -> usize {
        let string = |text: &String| text.capacity() + 16;
        let param = |param: &Param| {
            string(&param.name)
                + 16
                + param.values.capacity() * size_of::<String>()
                + param.values.iter().map(string).sum::<usize>()
        };
        let line = |line: &Line| {
            string(&line.name)
                + string(&line.value)
                + 16
                + line.params.capacity() * size_of::<Param>()
                + line.params.iter().map(param).sum::<usize>()
        };
        string(&component.name)
            + 32
            + component.lines.capacity() * size_of::<Line>()
            + component.children.capacity() * size_of::<Component>()
            + component.lines.iter().map(line).sum::<usize>()
            + component.children.iter().map(heap).sum::<usize>()
    }

    #[test]
    fn the_worst_texts_within_the_limits_are_quick_and_small_and_beyond_them_refused() {
        let limits = Limits::default();
        let accepted = [
            calendar(&"A:\n".repeat(limits.lines - 2)),
            calendar(&"BEGIN:A\nEND:A\n".repeat(limits.lines / 2 - 1)),
            calendar(&"BEGIN:A\nB;C=,:\nEND:A\n".repeat(limits.lines / 3 - 1)),
            calendar(&format!("A{}:\n", ";B=".repeat(limits.params))),
            calendar(&format!("A{}:\n", format!(";B={}", ",".repeat(399)).repeat(50))),
            calendar(&format!("A:{}\n", "\n x".repeat(300_000))),
            calendar(&format!("A:{}\n", "x".repeat(1_000_000))),
        ];
        for text in &accepted {
            let begun = Instant::now();
            let root = parse(text.as_bytes()).unwrap();
            let millis = begun.elapsed().as_millis();
            assert!(millis < 1_000, "{millis} ms for {}", &text[..40]);
            assert!(heap(&root) < 12 * 1024 * 1024, "{} bytes for {}", heap(&root), &text[..40]);
        }
        let refused = [
            (calendar(&"A:\n".repeat(limits.lines)), ParseErrorKind::TooManyLines(limits.lines)),
            (
                calendar(&format!("A{}:\n", ";B=".repeat(limits.params + 1))),
                ParseErrorKind::TooManyParams(limits.params),
            ),
            (calendar(&"A;B=;C=;D=:\n".repeat(limits.params / 3 + 1)), ParseErrorKind::TooManyParams(limits.params)),
            (calendar(&format!("A;B={}:\n", ",".repeat(limits.params))), ParseErrorKind::TooManyParams(limits.params)),
            ("BEGIN:VCALENDAR\n".repeat(60_000), ParseErrorKind::TooDeep(limits.depth)),
            (calendar(&"x".repeat(limits.bytes)), ParseErrorKind::TooLarge(limits.bytes)),
        ];
        for (text, kind) in refused {
            assert_eq!(parse(text.as_bytes()), Err(kind));
        }
    }

    #[test]
    fn folds_at_75_octets_between_characters() {
        let root = Component::new("VCALENDAR").with(Line::new("SUMMARY", "é".repeat(200)));
        let text = String::from_utf8(root.write()).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert!(text.split("\r\n").any(|line| line.len() >= 74));
        assert_eq!(parse(text.as_bytes()).unwrap(), root);
    }

    #[test]
    fn built_values_cannot_break_out_of_their_line() {
        let line = Line::new("X-A\r\nB", "one\r\nATTENDEE:x\0").with_param("CN", "a\r\nB:\"c\"");
        let root = Component::new("VCALENDAR").with(line);
        let back = parse(&root.write()).unwrap();
        assert_eq!(back.lines.len(), 1);
        assert_eq!(back.lines[0].name, "X-AB");
        assert_eq!(back.lines[0].value, "one\\nATTENDEE:x");
        assert_eq!(back.lines[0].param("CN"), Some("a\nB:\"c\""));
    }

    #[test]
    fn set_keeps_the_place_and_leaves_one() {
        let mut event = Component::new("VEVENT")
            .with(Line::new("UID", "1"))
            .with(Line::new("SEQUENCE", "1"))
            .with(Line::new("SUMMARY", "a"))
            .with(Line::new("SEQUENCE", "2"));
        event.set(Line::new("sequence", "3"));
        event.set(Line::text_value("LOCATION", "Room 1, left"));
        let lines: Vec<_> = event.lines.iter().map(|line| format!("{}:{}", line.name, line.value)).collect();
        assert_eq!(lines, ["UID:1", "SEQUENCE:3", "SUMMARY:a", "LOCATION:Room 1\\, left"]);
        assert!(event.remove("Location") && !event.remove("LOCATION"));
    }

    fn line() -> impl Strategy<Value = Line> {
        let name = "[A-Z][A-Z0-9-]{0,8}".prop_filter("structure", |name| name != "BEGIN" && name != "END");
        let text = "[^\\x00-\\x08\\x0a-\\x1f\\x7f]{0,90}";
        let values = proptest::collection::vec("[^\\x00-\\x08\\x0b-\\x1f\\x7f]{0,30}", 1..3);
        let param = ("[A-Z-]{1,5}", values).prop_map(|(name, values)| Param { name, values });
        (name, proptest::collection::vec(param, 0..3), text).prop_map(|(name, params, value)| Line {
            name,
            params,
            value,
        })
    }

    fn component(name: &'static str) -> impl Strategy<Value = Component> {
        let named = move |lines, children| Component { name: name.into(), lines, children };
        let leaf = proptest::collection::vec(line(), 0..4).prop_map(|lines| Component {
            name: "VALARM".into(),
            lines,
            children: Vec::new(),
        });
        (proptest::collection::vec(line(), 0..6), proptest::collection::vec(leaf, 0..3))
            .prop_map(move |(lines, children)| named(lines, children))
    }

    proptest! {
        #[test]
        fn writing_and_parsing_gives_the_same_tree(events in proptest::collection::vec(component("VEVENT"), 0..3)) {
            let root = Component { name: "VCALENDAR".into(), lines: Vec::new(), children: events };
            let text = root.write();
            prop_assert!(text.split(|&byte| byte == b'\n').all(|line| line.len() <= 76));
            prop_assert_eq!(parse(&text).unwrap(), root);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut text = b"BEGIN:VCALENDAR\n".to_vec();
            text.extend(bytes);
            let _ = parse(&text);
        }
    }
}
