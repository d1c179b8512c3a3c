//! The message after DATA: RFC 5321 §4.5.2.
//!
//! Only CR LF . CR LF ends it and only CR LF begins a line; servers that were more generous could be made to see two
//! messages in one.

/// Undoes the transport's dots.
pub(super) struct Dots {
    message: Vec<u8>,
    most: usize,
    too_large: bool,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Dot,
    DotReturn,
    Text,
    Return,
}

impl Dots {
    pub(super) fn new(most: usize) -> Self {
        Self { message: Vec::new(), most, too_large: false, state: State::Start }
    }

    /// Takes bytes; says how many belonged to the message once its end is among them.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().copied().enumerate() {
            self.state = match (self.state, byte) {
                (State::Start, b'.') => State::Dot,
                (State::Dot, b'\r') => State::DotReturn,
                (State::DotReturn, b'\n') => return Some(at + 1),
                (State::DotReturn, _) => {
                    self.keep(b'\r');
                    self.text(byte)
                }
                (State::Return, b'\n') => {
                    self.keep(byte);
                    State::Start
                }
                _ => self.text(byte),
            };
        }
        None
    }

    fn text(&mut self, byte: u8) -> State {
        self.keep(byte);
        if byte == b'\r' { State::Return } else { State::Text }
    }

    fn keep(&mut self, byte: u8) {
        if self.message.len() < self.most {
            self.message.push(byte);
        } else {
            self.too_large = true;
            self.message = Vec::new();
            self.most = 0;
        }
    }

    /// The message; `None`: it was too large.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        (!self.too_large).then_some(self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str) -> Option<(String, usize)> {
        let mut dots = Dots::new(1000);
        let end = dots.push(text.as_bytes())?;
        Some((String::from_utf8(dots.finish().unwrap()).unwrap(), end))
    }

    #[test]
    fn dots_are_undone_and_the_lone_one_ends() {
        for (sent, message) in [
            ("a\r\n..b\r\n.\r\n", "a\r\n.b\r\n"),
            (".\r\n", ""),
            ("a\r\n...\r\n.\r\n", "a\r\n..\r\n"),
            ("a\r\r\n.\r\n", "a\r\r\n"),
            ("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n"),
        ] {
            assert_eq!(undone(sent), Some((message.to_owned(), sent.len())), "{sent:?}");
        }
    }

    #[test]
    fn nothing_else_ends_a_message() {
        for sent in ["a\n.\n", "a\n.\r\n", "a\r\n.\n", "a\r.\r\n", "a\r\n.\r", "a\r\n. \r\n"] {
            assert_eq!(undone(sent), None, "{sent:?}");
        }
    }

    #[test]
    fn what_follows_the_end_is_left_alone_and_too_much_is_too_much() {
        assert_eq!(undone("a\r\n.\r\nQUIT\r\n"), Some(("a\r\n".to_owned(), 6)));
        let mut dots = Dots::new(4);
        assert_eq!(dots.push(b"abcd\r\n.\r\n"), Some(9));
        assert_eq!(dots.finish(), None);
    }
}
