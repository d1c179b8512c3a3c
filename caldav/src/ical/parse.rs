//! Bytes to a tree of components and lines. RFC 5545 §3.1, §3.2, RFC 6868.
//!
//! Everything is counted against [`Limits`] before it is kept, and nothing recurses: neither a deep nor a wide text
//! can hurt.

use super::limits::Limits;
use super::tree::{Component, Line, Param};
use super::unfold::content_lines;

/// Why a text is not an iCalendar object, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Line {line}: {kind}")]
pub struct ParseError {
    /// Line of the text, from 1.
    pub line: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// More bytes than [`Limits::bytes`].
    #[error("the calendar is larger than {0} bytes.")]
    TooLarge(usize),
    /// More content lines than [`Limits::lines`].
    #[error("the calendar has more than {0} lines.")]
    TooManyLines(usize),
    /// More parameters, or values of parameters, than [`Limits::params`].
    #[error("the calendar has more than {0} parameters.")]
    TooManyParams(usize),
    /// Components nested deeper than [`Limits::depth`].
    #[error("components are nested more than {0} deep.")]
    TooDeep(usize),
    /// Bytes that are no UTF-8.
    #[error("this is not UTF-8 text.")]
    NotUtf8,
    /// A control character other than a tab, NUL and lone CR included.
    #[error("the control character U+{0:04X} is not allowed.")]
    ControlCharacter(u32),
    /// No `name:value`, or a name with characters no name has.
    #[error("expected a line like NAME:value.")]
    NotALine,
    /// No `name=value`, a quote that does not end, or text after it.
    #[error("a parameter of {0} is broken; expected ;NAME=value or ;NAME=\"value\".")]
    BadParam(String),
    /// The text does not begin with `BEGIN:VCALENDAR`.
    #[error("a calendar begins with BEGIN:VCALENDAR.")]
    NotACalendar,
    /// An END without its BEGIN.
    #[error("END:{found} where END:{open} was expected.")]
    WrongEnd {
        /// The component that is open.
        open: String,
        /// The one that the line ends.
        found: String,
    },
    /// The text stops before a component ended.
    #[error("END:{0} is missing.")]
    MissingEnd(String),
    /// Something follows END:VCALENDAR, for example a second calendar.
    #[error("one calendar is expected, but something follows END:VCALENDAR.")]
    AfterEnd,
}

/// Parses one VCALENDAR.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Component, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(ParseError { line: 1, kind: ParseErrorKind::TooLarge(limits.bytes) });
    }
    let mut builder = Builder { limits, open: Vec::new(), done: None, lines: 0, reader: LineReader::new(limits) };
    let mut last = 1;
    for line in content_lines(bytes) {
        last = line.number;
        builder.take(&line.bytes).map_err(|kind| ParseError { line: last, kind })?;
    }
    builder.finish().map_err(|kind| ParseError { line: last, kind })
}

struct Builder<'a> {
    limits: &'a Limits,
    open: Vec<Component>,
    done: Option<Component>,
    lines: usize,
    reader: LineReader,
}

/// Reads content lines, counting the values of their parameters.
pub(super) struct LineReader {
    most: usize,
    /// Parameter values so far.
    values: usize,
}

impl Builder<'_> {
    fn take(&mut self, bytes: &[u8]) -> Result<(), ParseErrorKind> {
        self.lines += 1;
        if self.lines > self.limits.lines {
            return Err(ParseErrorKind::TooManyLines(self.limits.lines));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ParseErrorKind::NotUtf8)?;
        if let Some(c) = text.chars().find(|c| c.is_ascii_control() && *c != '\t') {
            return Err(ParseErrorKind::ControlCharacter(c.into()));
        }
        let line = self.reader.read(text)?;
        if self.done.is_some() {
            return Err(ParseErrorKind::AfterEnd);
        }
        match line.name.as_str() {
            "BEGIN" => self.begin(&line.value),
            "END" => self.end(&line.value),
            _ => match self.open.last_mut() {
                Some(component) => {
                    component.lines.push(line);
                    Ok(())
                }
                None => Err(ParseErrorKind::NotACalendar),
            },
        }
    }

    fn begin(&mut self, name: &str) -> Result<(), ParseErrorKind> {
        let name = name.trim().to_ascii_uppercase();
        if !is_name(&name) {
            return Err(ParseErrorKind::NotALine);
        }
        if self.open.is_empty() && name != "VCALENDAR" {
            return Err(ParseErrorKind::NotACalendar);
        }
        if self.open.len() >= self.limits.depth {
            return Err(ParseErrorKind::TooDeep(self.limits.depth));
        }
        self.open.push(Component { name, ..Component::default() });
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ParseErrorKind> {
        let Some(mut component) = self.open.pop() else {
            return Err(ParseErrorKind::NotACalendar);
        };
        if !component.name.eq_ignore_ascii_case(name.trim()) {
            return Err(ParseErrorKind::WrongEnd { open: component.name, found: shown(name.trim()) });
        }
        component.lines.shrink_to_fit();
        component.children.shrink_to_fit();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(component),
            None => self.done = Some(component),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Component, ParseErrorKind> {
        match self.open.pop() {
            Some(component) => Err(ParseErrorKind::MissingEnd(component.name)),
            None => self.done.ok_or(ParseErrorKind::NotACalendar),
        }
    }
}

impl LineReader {
    /// Nothing read yet.
    pub(super) fn new(limits: &Limits) -> Self {
        Self { most: limits.params, values: 0 }
    }

    /// Reads one content line: `name *(";" param) ":" value`.
    pub(super) fn read(&mut self, text: &str) -> Result<Line, ParseErrorKind> {
        let end = text.find([':', ';']).ok_or(ParseErrorKind::NotALine)?;
        let (name, mut rest) = text.split_at(end);
        if !is_name(name) {
            return Err(ParseErrorKind::NotALine);
        }
        let bad = || ParseErrorKind::BadParam(shown(name));
        let mut params = Vec::new();
        while let Some(after) = rest.strip_prefix(';') {
            let (param_name, after) = after.split_once('=').ok_or_else(bad)?;
            if !is_name(param_name) {
                return Err(bad());
            }
            let (values, after) = self.param_values(after)?.ok_or_else(bad)?;
            params.push(Param { name: param_name.to_ascii_uppercase(), values });
            rest = after;
        }
        params.shrink_to_fit();
        let value = rest.strip_prefix(':').ok_or_else(bad)?;
        Ok(Line { name: name.to_ascii_uppercase(), params, value: value.to_owned() })
    }

    /// Reads `value *("," value)`; gives the values and what follows, or `None` when a quote is wrong.
    fn param_values<'t>(&mut self, text: &'t str) -> Result<Option<(Vec<String>, &'t str)>, ParseErrorKind> {
        let mut values = Vec::with_capacity(1);
        let mut rest = text;
        loop {
            self.values += 1;
            if self.values > self.most {
                return Err(ParseErrorKind::TooManyParams(self.most));
            }
            let (value, after) = match rest.strip_prefix('"') {
                Some(quoted) => match quoted.split_once('"') {
                    Some(parts) => parts,
                    None => return Ok(None),
                },
                None => rest.split_at(rest.find([',', ';', ':']).unwrap_or(rest.len())),
            };
            values.push(decode_carets(value));
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None if after.starts_with([';', ':']) => return Ok(Some((values, after))),
                None => return Ok(None),
            }
        }
    }
}

/// RFC 6868: `^n` is a line break, `^^` a caret, `^'` a double quote; any other caret stands for itself.
fn decode_carets(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match (c, chars.peek()) {
            ('^', Some('n')) => '\n',
            ('^', Some('^')) => '^',
            ('^', Some('\'')) => '"',
            _ => {
                out.push(c);
                continue;
            }
        };
        chars.next();
        out.push(decoded);
    }
    out
}

/// A name of a component, property or parameter. The RFC allows letters, digits and hyphens; underscore and dot are
/// seen in X- names.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_name_byte)
}

/// Whether a name may contain this byte.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The first characters of something from outside, fit for a sentence.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
