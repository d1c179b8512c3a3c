//! Reading commands and messages from a connection, within limits.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::data::Dots;

/// The longest command, with its line break: RFC 5321 §4.5.3.1.4 with room for parameters.
const COMMAND: usize = 2_048;
/// A client that sends on and on after its message became too large is cut off here, bytes.
const PATIENCE: usize = 64 * 1024 * 1024;

/// A command as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Without its line break.
    Line(String),
    /// Longer than allowed, or not text.
    Unusable,
    /// The client has gone.
    End,
}

/// A message as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Whole(Vec<u8>),
    TooLarge,
}

pub(super) struct Lines<S>(BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Lines<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(BufReader::with_capacity(16 * 1024, stream))
    }

    pub(super) async fn command(&mut self) -> io::Result<Command> {
        let (mut line, mut long) = (Vec::new(), false);
        loop {
            let read = self.0.fill_buf().await?;
            if read.is_empty() {
                return Ok(Command::End);
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(read.len(), |end| end + 1);
            long |= line.len() + taken > COMMAND;
            if !long {
                line.extend_from_slice(read.get(..taken).unwrap_or_default());
            }
            self.0.consume(taken);
            if end.is_some() {
                let text = String::from_utf8(line).ok().filter(|_| !long);
                return Ok(text.map_or(Command::Unusable, |text| Command::Line(text.trim_end().to_owned())));
            }
        }
    }

    /// The message up to the lone dot; [`Message::TooLarge`] after reading all of one that is beyond `most` bytes.
    ///
    /// # Errors
    /// The connection ended within the message, or it never ends.
    pub(super) async fn message(&mut self, most: usize) -> io::Result<Message> {
        let mut dots = Dots::new(most);
        let mut seen = 0usize;
        loop {
            let read = self.0.fill_buf().await?;
            if read.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let length = read.len();
            let taken = dots.push(read);
            self.0.consume(taken.unwrap_or(length));
            if taken.is_some() {
                return Ok(dots.finish().map_or(Message::TooLarge, Message::Whole));
            }
            seen = seen.saturating_add(length);
            if seen > PATIENCE {
                return Err(io::Error::other("a message without end"));
            }
        }
    }

    pub(super) async fn say(&mut self, text: &str) -> io::Result<()> {
        self.0.get_mut().write_all(text.as_bytes()).await?;
        self.0.get_mut().flush().await
    }
}
