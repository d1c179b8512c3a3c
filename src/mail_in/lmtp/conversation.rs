//! One conversation. RFC 2033 over RFC 5321, with PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES, and XFORWARD as
//! Postfix speaks it, which tells who delivered to it (for SPF).

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use super::Stream;
use super::lines::{Command, Lines, Message};
use crate::mail_in::Inbox;
use crate::mail_in::received::{Envelope, LARGEST};

/// The longest wait for a command.
const COMMAND: Duration = Duration::from_secs(300);
/// The longest time for a whole message.
const MESSAGE: Duration = Duration::from_secs(600);
/// Recipients of one message at most.
const RECIPIENTS: usize = 100;
/// So many commands that make no sense end the conversation.
const MISTAKES: u32 = 20;

const GOODBYE: &str = "221 2.0.0 Goodbye\r\n";
const STOPPING: &str = "421 4.3.2 The server is stopping, please come again\r\n";
const UNKNOWN: &str = "500 5.5.2 That is no command here\r\n";
const ORDER: &str = "503 5.5.1 Not now\r\n";
const ARGUMENT: &str = "501 5.5.4 That argument makes no sense\r\n";
const OK: &str = "250 2.0.0 Fine\r\n";
const TOO_LARGE: &str = "552 5.3.4 Messages have at most 10 MiB here\r\n";

/// Talks until the client goes, makes too many mistakes, is silent for too long, or the server stops.
pub(super) async fn talk(stream: Box<dyn Stream>, inbox: &Inbox, stop: watch::Receiver<bool>) {
    let mut talk =
        Talk { lines: Lines::new(stream), inbox, stop, greeted: false, mail: None, client: Client::default() };
    if let Err(error) = talk.all().await {
        tracing::debug!(%error, "an LMTP conversation ended early");
    }
}

/// Who delivered to our mail server, as it tells us.
#[derive(Debug, Default, Clone)]
struct Client {
    address: Option<IpAddr>,
    helo: Option<String>,
}

struct Talk<'a> {
    lines: Lines<Box<dyn Stream>>,
    inbox: &'a Inbox,
    stop: watch::Receiver<bool>,
    greeted: bool,
    mail: Option<Envelope>,
    client: Client,
}

/// Whether the conversation goes on.
#[derive(PartialEq)]
enum Then {
    On,
    Mistake,
    End,
}

impl Talk<'_> {
    async fn all(&mut self) -> io::Result<()> {
        let domain = self.inbox.desk().config.mail_domain().to_owned();
        self.lines.say(&format!("220 {domain} LMTP Openhour\r\n")).await?;
        let mut mistakes = 0;
        loop {
            let Some(command) = self.next().await? else { return self.lines.say(STOPPING).await };
            let then = match command {
                Command::Line(line) => self.obey(&line, &domain).await?,
                Command::Unusable => self.reply(UNKNOWN, Then::Mistake).await?,
                Command::End => return Ok(()),
            };
            mistakes += u32::from(then == Then::Mistake);
            if mistakes > MISTAKES {
                return self.lines.say("421 4.7.0 Too many mistakes\r\n").await;
            }
            if then == Then::End {
                return Ok(());
            }
        }
    }

    /// The next command; `None`: the server stops.
    async fn next(&mut self) -> io::Result<Option<Command>> {
        if *self.stop.borrow() {
            return Ok(None);
        }
        let stop = &mut self.stop;
        let stopped = async { drop(stop.wait_for(|stop| *stop).await) };
        tokio::select! {
            command = tokio::time::timeout(COMMAND, self.lines.command()) => {
                command.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map(Some)
            }
            () = stopped => Ok(None),
        }
    }

    async fn reply(&mut self, text: &str, then: Then) -> io::Result<Then> {
        self.lines.say(text).await?;
        Ok(then)
    }

    async fn obey(&mut self, line: &str, domain: &str) -> io::Result<Then> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" if !rest.is_empty() => {
                (self.greeted, self.mail, self.client) = (true, None, Client::default());
                let text = format!(
                    "250-{domain}\r\n250-PIPELINING\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250-XFORWARD ADDR HELO NAME PROTO\r\n250 ENHANCEDSTATUSCODES\r\n"
                );
                self.reply(&text, Then::On).await
            }
            "LHLO" => self.reply(ARGUMENT, Then::Mistake).await,
            "HELO" | "EHLO" => self.reply("500 5.5.1 This is LMTP: please say LHLO\r\n", Then::Mistake).await,
            "NOOP" => self.reply(OK, Then::On).await,
            "RSET" => {
                (self.mail, self.client) = (None, Client::default());
                self.reply(OK, Then::On).await
            }
            "QUIT" => self.reply(GOODBYE, Then::End).await,
            "VRFY" => self.reply("252 2.5.0 Send a message and see\r\n", Then::Mistake).await,
            "XFORWARD" if self.greeted && self.mail.is_none() => self.forwarded(rest).await,
            "MAIL" if self.greeted && self.mail.is_none() => self.sender(rest).await,
            "RCPT" if self.mail.is_some() => self.recipient(rest).await,
            "DATA" => self.data().await,
            "MAIL" | "RCPT" | "XFORWARD" => self.reply(ORDER, Then::Mistake).await,
            _ => self.reply(UNKNOWN, Then::Mistake).await,
        }
    }

    async fn forwarded(&mut self, rest: &str) -> io::Result<Then> {
        for (name, value) in rest.split(' ').filter_map(|pair| pair.split_once('=')) {
            match name.to_ascii_uppercase().as_str() {
                "ADDR" => {
                    let bare = value.get(..5).filter(|start| start.eq_ignore_ascii_case("IPV6:"));
                    self.client.address = bare.map_or(value, |_| value.get(5..).unwrap_or_default()).parse().ok();
                }
                "HELO" if value != "[UNAVAILABLE]" => self.client.helo = Some(value.chars().take(255).collect()),
                _ => {}
            }
        }
        self.reply(OK, Then::On).await
    }

    async fn sender(&mut self, rest: &str) -> io::Result<Then> {
        let Some((address, parameters)) = path(rest, "FROM:") else { return self.reply(ARGUMENT, Then::Mistake).await };
        let size = parameters.split(' ').filter_map(|pair| pair.split_once('='));
        let mut sizes = size.filter(|(name, _)| name.eq_ignore_ascii_case("SIZE"));
        let large = sizes.any(|(_, size)| size.parse::<u64>().is_ok_and(|size| size > LARGEST as u64));
        if large {
            return self.reply(TOO_LARGE, Then::On).await;
        }
        self.mail = Some(Envelope {
            from: Some(address.to_owned()),
            to: Vec::new(),
            client: self.client.address,
            helo: self.client.helo.clone(),
        });
        self.reply("250 2.1.0 Fine\r\n", Then::On).await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<Then> {
        let Some((address, _)) = path(rest, "TO:") else { return self.reply(ARGUMENT, Then::Mistake).await };
        let known = self.inbox.address(address).is_some();
        let Some(mail) = &mut self.mail else { return self.reply(ORDER, Then::Mistake).await };
        let text = if !known {
            "550 5.1.1 Nobody has that address here\r\n"
        } else if mail.to.len() >= RECIPIENTS {
            "452 4.5.3 Too many recipients at once\r\n"
        } else {
            mail.to.push(address.to_owned());
            "250 2.1.5 Fine\r\n"
        };
        self.reply(text, Then::On).await
    }

    /// RFC 2033 §4.2: one reply after the message for each recipient that was accepted, in their order.
    async fn data(&mut self) -> io::Result<Then> {
        let Some(envelope) = self.mail.take_if(|mail| !mail.to.is_empty()) else {
            return self.reply("503 5.5.1 Nobody to give it to\r\n", Then::Mistake).await;
        };
        self.lines.say("354 Go on, and end with a dot\r\n").await?;
        let message = tokio::time::timeout(MESSAGE, self.lines.message(LARGEST)).await;
        let message = message.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let replies = match message {
            Message::Whole(bytes) => take(self.inbox, bytes.into(), &envelope).await,
            Message::TooLarge => vec![TOO_LARGE.to_owned(); envelope.to.len()],
        };
        self.client = Client::default();
        self.reply(&replies.concat(), Then::On).await
    }
}

async fn take(inbox: &Inbox, bytes: Bytes, envelope: &Envelope) -> Vec<String> {
    let later = |reason: &dyn std::fmt::Display| {
        tracing::warn!(%reason, "a message is to come again");
        "451 4.3.0 Please bring it again later\r\n".to_owned()
    };
    let taken = || "250 2.0.0 Taken\r\n".to_owned();
    let opened = match inbox.open(bytes, envelope).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return vec![taken(); envelope.to.len()],
        Err(error) => return vec![later(&error); envelope.to.len()],
    };
    let mut replies = Vec::with_capacity(envelope.to.len());
    for recipient in &envelope.to {
        replies.push(match inbox.take(&opened, recipient).await {
            Ok(_) => taken(),
            Err(error) => later(&error),
        });
    }
    replies
}

/// The address of `FROM:<a@b> SIZE=1`, and what follows it.
fn path<'a>(rest: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let start = rest.get(..name.len())?;
    let rest = rest.get(name.len()..)?.trim_start();
    if !start.eq_ignore_ascii_case(name) {
        return None;
    }
    let (address, parameters) = rest.strip_prefix('<')?.split_once('>')?;
    // RFC 5321 §4.1.1.3: a source route is ignored.
    let address = address.strip_prefix('@').and_then(|routed| routed.split_once(':')).map_or(address, |(_, to)| to);
    let clean = address.len() <= 254 && !address.chars().any(|c| c.is_control() || c.is_whitespace());
    clean.then_some((address, parameters.trim()))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_are_read() {
        assert_eq!(path("FROM:<a@b.example> SIZE=10", "FROM:"), Some(("a@b.example", "SIZE=10")));
        assert_eq!(path("from: <>", "FROM:"), Some(("", "")));
        assert_eq!(path("TO:<@relay.example:a@b.example>", "TO:"), Some(("a@b.example", "")));
        for wrong in ["TO:a@b.example", "TO:<a@b.example", "TO", "FROM:<a@b.example>", "TO:<a b@c.example>"] {
            assert_eq!(path(wrong, "TO:"), None, "{wrong}");
        }
    }
}
