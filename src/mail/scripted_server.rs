//! An SMTP server that misbehaves on purpose, for tests. RFC 5321.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Accept,
    /// 451 after RCPT.
    NotNow,
    /// 550 after RCPT.
    NoSuchUser,
    /// 554 after the message.
    RefuseMessage,
    /// 535 to MAIL, as servers do that want a sign-in first.
    SignInFirst,
    /// Takes the whole message and closes without a word.
    DropAfterData,
    /// Never answers the message.
    Stall,
}

/// Listens until dropped with the runtime; takes its turns in order, then accepts everything.
pub(super) struct ScriptedServer {
    pub(super) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A message that came in whole, accepted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) turn: Turn,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) bytes: Vec<u8>,
}

impl ScriptedServer {
    pub(super) async fn start(turns: &[Turn]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let turns = Arc::new(Mutex::new(turns.iter().copied().collect::<VecDeque<_>>()));
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = received.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, turns.clone(), kept.clone()));
            }
        });
        Self { address, received }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn talk(
    socket: TcpStream,
    turns: Arc<Mutex<VecDeque<Turn>>>,
    received: Arc<Mutex<Vec<Received>>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(socket);
    stream.write_all(b"220 scripted.example.org\r\n").await?;
    let (mut from, mut to, mut turn) = (String::new(), String::new(), Turn::Accept);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_ascii_uppercase();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "NOOP" | "RSET" => "250 OK",
            "MAIL" => {
                turn = turns.lock().unwrap().pop_front().unwrap_or(Turn::Accept);
                from = between_brackets(&line);
                if turn == Turn::SignInFirst { "530 Authentication required" } else { "250 OK" }
            }
            "RCPT" => {
                to = between_brackets(&line);
                match turn {
                    Turn::NotNow => "451 Try again later",
                    Turn::NoSuchUser => "550 No such user",
                    _ => "250 OK",
                }
            }
            "DATA" => {
                stream.write_all(b"354 Go on\r\n").await?;
                let bytes = message(&mut stream).await?;
                received.lock().unwrap().push(Received { turn, from: from.clone(), to: to.clone(), bytes });
                match turn {
                    Turn::RefuseMessage => "554 Not this one",
                    Turn::DropAfterData => return Ok(()),
                    Turn::Stall => return std::future::pending().await,
                    _ => "250 Taken",
                }
            }
            "QUIT" => return stream.write_all(b"221 Bye\r\n").await,
            _ => "502 What?",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// The message up to the lone dot, without the dots that were added for transport.
async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
            return Ok(bytes);
        }
        bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn between_brackets(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
