//! `openhour deliver`: one message on standard input, as mail servers hand it to a program.
//!
//! Exit status 0: taken, refused content too; 75 (EX_TEMPFAIL): bring it again later, whatever the reason, so that a
//! wrong setting loses no mail.

use std::io::Read;
use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;

use super::{Failure, open};
use crate::clock::Clock;
use crate::config::{self, ConfigError};
use crate::mail_in::Inbox;
use crate::mail_in::received::{Envelope, LARGEST};

/// What a mail server may tell beside the message.
#[derive(clap::Args)]
pub(super) struct Given {
    /// MAIL FROM, empty for bounces; otherwise the Return-Path header says it
    #[arg(long, value_name = "ADDRESS")]
    sender: Option<String>,
    /// RCPT TO; otherwise the header says it
    #[arg(long, value_name = "ADDRESS")]
    recipient: Vec<String>,
    /// The address of the machine that delivered to the mail server, for SPF
    #[arg(long, value_name = "IP")]
    client: Option<IpAddr>,
    /// What that machine called itself
    #[arg(long, value_name = "NAME")]
    helo: Option<String>,
}

/// `EX_TEMPFAIL` of sysexits.h.
const LATER: u8 = 75;

pub(super) async fn deliver(config: Result<config::Config, ConfigError>, given: Given) -> ExitCode {
    match taken(config, given).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("openhour: {}", failure.0);
            ExitCode::from(LATER)
        }
    }
}

async fn taken(config: Result<config::Config, ConfigError>, given: Given) -> Result<(), Failure> {
    let message = tokio::task::spawn_blocking(message).await??;
    let desk = Arc::new(open(config?, Clock::system()).await?);
    let envelope = Envelope { from: given.sender, to: given.recipient, client: given.client, helo: given.helo };
    let result = Inbox::new(desk.clone()).take_all(message.into(), &envelope).await;
    desk.db.close().await;
    result?;
    Ok(())
}

/// A message beyond the limit is cut just beyond it: enough to see that it is too large, and all of it is read, so
/// that no mail server takes a closed pipe for a failure.
fn message() -> std::io::Result<Vec<u8>> {
    let mut stdin = std::io::stdin().lock();
    let mut bytes = Vec::new();
    stdin.by_ref().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    std::io::copy(&mut stdin, &mut std::io::sink())?;
    Ok(bytes)
}
