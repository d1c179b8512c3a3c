//! An SMTP server that misbehaves on purpose, for tests. RFC 5321.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// When the server misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Banner,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the final dot.
    Message,
    /// At the goodbye after a refused recipient.
    Quit,
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 4xx
    NotNow,
    /// 5xx
    Never,
    /// No answer.
    Stall,
    /// It closes without a word.
    Drop,
}

/// What the server does with one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Accept,
    Fail(Stage, Fault),
}

impl Stage {
    pub(crate) const ALL: [Self; 9] = [
        Self::Banner,
        Self::Ehlo,
        Self::StartTls,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Message,
        Self::Quit,
    ];

    fn is_of_connection(self) -> bool {
        matches!(self, Self::Banner | Self::Ehlo | Self::StartTls | Self::Auth)
    }

    /// The code of a permanent refusal at this point.
    fn never(self) -> &'static str {
        match self {
            Self::Banner | Self::StartTls | Self::Data | Self::Message => "554 5.7.1 No",
            Self::Ehlo | Self::Rcpt | Self::Quit => "550 5.1.1 No",
            Self::Auth => "535 5.7.8 Wrong password",
            Self::Mail => "553 5.1.8 Not your sender",
        }
    }
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::NotNow, Self::Never, Self::Stall, Self::Drop];
}

/// Listens until dropped with the runtime; takes its turns in order, then accepts everything.
pub(crate) struct ScriptedServer {
    pub(crate) address: SocketAddr,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    turns: Mutex<VecDeque<Turn>>,
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

/// A message that came in whole, accepted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) turn: Turn,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) bytes: Vec<u8>,
}

impl ScriptedServer {
    pub(crate) async fn start(turns: &[Turn]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Script { turns: Mutex::new(turns.iter().copied().collect()), ..Script::default() });
        let shared = script.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(talk(socket, shared.clone()));
            }
        });
        Self { address, script }
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.script.received.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.script.connections.load(Ordering::Relaxed)
    }
}

impl Script {
    /// The turn of a new connection, when it is one that fails before any mail.
    fn of_connection(&self) -> Turn {
        let mut turns = self.turns.lock().unwrap();
        match turns.front() {
            Some(Turn::Fail(stage, _)) if stage.is_of_connection() => turns.pop_front().unwrap_or(Turn::Accept),
            _ => Turn::Accept,
        }
    }

    fn of_mail(&self) -> Turn {
        self.turns.lock().unwrap().pop_front().unwrap_or(Turn::Accept)
    }
}

async fn talk(socket: TcpStream, script: Arc<Script>) -> std::io::Result<()> {
    let mut stream = BufReader::new(socket);
    let mut turn = script.of_connection();
    let (mut from, mut to) = (String::new(), String::new());
    if !answer(&mut stream, turn, Stage::Banner, "220 scripted.example.org").await? {
        return Ok(());
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_ascii_uppercase();
        let (stage, good) = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if matches!(turn, Turn::Fail(Stage::StartTls, _)) => {
                (Stage::Ehlo, "250-scripted.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN")
            }
            "EHLO" => (Stage::Ehlo, "250-scripted.example.org\r\n250 AUTH PLAIN"),
            "STARTTLS" => (Stage::StartTls, "220 Go on"),
            "AUTH" => (Stage::Auth, "235 Welcome"),
            "NOOP" | "RSET" => {
                stream.write_all(b"250 OK\r\n").await?;
                continue;
            }
            "MAIL" => {
                turn = script.of_mail();
                from = between_brackets(&line);
                (Stage::Mail, "250 OK")
            }
            "RCPT" => {
                to = between_brackets(&line);
                (Stage::Rcpt, if matches!(turn, Turn::Fail(Stage::Quit, _)) { Stage::Rcpt.never() } else { "250 OK" })
            }
            "DATA" => (Stage::Data, "354 Go on"),
            "QUIT" => (Stage::Quit, "221 Bye"),
            _ => (Stage::Ehlo, "502 What?"),
        };
        if !answer(&mut stream, turn, stage, good).await? || stage == Stage::Quit {
            return Ok(());
        }
        if stage == Stage::Data && !matches!(turn, Turn::Fail(Stage::Data, _)) {
            let bytes = message(&mut stream).await?;
            let whole = Received { turn, from: from.clone(), to: to.clone(), bytes };
            script.received.lock().unwrap().push(whole);
            if !answer(&mut stream, turn, Stage::Message, "250 Taken").await? {
                return Ok(());
            }
        }
    }
}

/// Answers as the turn wants it at this stage. `false`: the connection is to be closed.
async fn answer(stream: &mut BufReader<TcpStream>, turn: Turn, stage: Stage, good: &str) -> std::io::Result<bool> {
    let words = match turn {
        Turn::Fail(at, Fault::NotNow) if at == stage => "451 4.3.0 Try again later",
        Turn::Fail(at, Fault::Never) if at == stage => stage.never(),
        Turn::Fail(at, Fault::Stall) if at == stage => std::future::pending().await,
        Turn::Fail(at, Fault::Drop) if at == stage => return Ok(false),
        _ => good,
    };
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    Ok(true)
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
