//! Folded bytes to content lines. RFC 5545 §3.1.
//!
//! Unfolding works on bytes, before anything is read as UTF-8: older writers fold in the middle of a character.

use std::borrow::Cow;

/// One content line without its folds and line break.
pub(super) struct Unfolded<'a> {
    /// Number of the line in the text where it begins, from 1.
    pub(super) number: usize,
    /// What it says. Never empty.
    pub(super) bytes: Cow<'a, [u8]>,
}

/// The content lines of a text: CR LF or bare LF ends a line, empty lines are passed over, a byte order mark is dropped.
pub(super) fn content_lines(text: &[u8]) -> impl Iterator<Item = Unfolded<'_>> {
    let mut lines = PhysicalLines { rest: text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text), number: 0 };
    std::iter::from_fn(move || {
        loop {
            let (number, first) = lines.next()?;
            let mut bytes = Cow::Borrowed(first);
            while let Some(more) = lines.next_continuation() {
                bytes.to_mut().extend_from_slice(more);
            }
            if !bytes.is_empty() {
                return Some(Unfolded { number, bytes });
            }
        }
    })
}

struct PhysicalLines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> PhysicalLines<'a> {
    fn next(&mut self) -> Option<(usize, &'a [u8])> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = match self.rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => (self.rest.get(..end)?, self.rest.get(end + 1..)?),
            None => (self.rest, &[][..]),
        };
        self.rest = rest;
        self.number += 1;
        Some((self.number, line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// The next line without its first byte, if it continues the one before.
    fn next_continuation(&mut self) -> Option<&'a [u8]> {
        if !matches!(self.rest.first(), Some(b' ' | b'\t')) {
            return None;
        }
        let (_, line) = self.next()?;
        line.get(1..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(usize, String)> {
        content_lines(text).map(|line| (line.number, String::from_utf8(line.bytes.into_owned()).unwrap())).collect()
    }

    #[test]
    fn joins_folds_after_space_or_tab_and_keeps_line_numbers() {
        let got = lines(b"A:1\r\n  two\r\n\tthree\r\n\r\n\nB:2\nC:3");
        assert_eq!(got, [(1, "A:1 twothree".to_owned()), (6, "B:2".to_owned()), (7, "C:3".to_owned())]);
    }

    #[test]
    fn a_fold_inside_a_character_and_a_byte_order_mark_decode() {
        assert_eq!(lines(b"\xEF\xBB\xBFA:\xC3\r\n \xA9"), [(1, "A:é".to_owned())]);
    }

    #[test]
    fn fifty_thousand_folds_are_one_line() {
        let text = format!("A:{}", "\r\n x".repeat(50_000));
        assert_eq!(lines(text.as_bytes())[0].1.len(), 50_002);
    }
}
