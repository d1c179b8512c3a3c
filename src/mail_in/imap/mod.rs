//! A mailbox at any provider, watched over IMAP (RFC 3501, IDLE: RFC 2177, MOVE: RFC 6851).
//!
//! Only messages to one of our addresses are touched: they are moved to the folder `Openhour/done`, or marked as seen
//! where that cannot be. Everything else stays as it is, so the mailbox may be a person's own. What was done is
//! remembered in our own tables; a flag or a folder is for people.

mod connection;
#[cfg(test)]
mod dovecot;
mod memory;
mod pass;
mod place;
#[cfg(test)]
mod proofs;

use std::time::Duration;

use async_imap::extensions::idle::IdleResponse;
use async_imap::types::UnsolicitedResponse;
use tokio::sync::watch;
use tokio::time::timeout;

use super::Inbox;
use crate::config::ImapAccount;
use connection::{Session, connect};
use memory::Memory;
use pass::{Mailbox, pass};

/// IDLE begins anew after this long: servers hang up after 30 minutes, and routers forget a silent connection earlier.
const IDLE: Duration = Duration::from_secs(9 * 60);
/// How often a server without IDLE is asked.
const POLL: Duration = Duration::from_secs(60);
/// An answer may take so long.
const ANSWER: Duration = Duration::from_secs(60);
/// The pause after a failure; it doubles up to [`LONGEST`].
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Lost {
    /// The server or the way to it.
    #[error(transparent)]
    Imap(#[from] async_imap::error::Error),
    /// The way to it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It does not answer.
    #[error("the server does not answer")]
    Silent(#[from] tokio::time::error::Elapsed),
    /// Our own database.
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    /// It said something else than expected.
    #[error("{0}")]
    Strange(&'static str),
}

/// Watches a mailbox until `stop` becomes true, and connects again whenever the connection is lost.
pub async fn watch(inbox: &Inbox, account: &ImapAccount, mut stop: watch::Receiver<bool>) {
    let (mut memory, mut pause) = (Memory::default(), PAUSE);
    loop {
        let worked = memory.passes();
        let lost = tokio::select! {
            lost = connected(inbox, account, &mut memory) => lost,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        if memory.passes() > worked {
            pause = PAUSE;
        }
        tracing::warn!(error = %lost, seconds = pause.as_secs(), "the mailbox cannot be reached; trying again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        pause = (pause * 2).min(LONGEST);
    }
}

/// One connection, from its beginning to its loss.
async fn connected(inbox: &Inbox, account: &ImapAccount, memory: &mut Memory) -> Lost {
    let session = match timeout(ANSWER, connect(account)).await {
        Ok(Ok(session)) => session,
        Ok(Err(lost)) => return lost,
        Err(silent) => return silent.into(),
    };
    match watched(session, inbox, account, memory).await {
        Ok(never) => match never {},
        Err(lost) => lost,
    }
}

async fn watched(
    mut session: Session,
    inbox: &Inbox,
    account: &ImapAccount,
    memory: &mut Memory,
) -> Result<std::convert::Infallible, Lost> {
    let capabilities = timeout(ANSWER, session.capabilities()).await??;
    let (can_idle, can_move) = (capabilities.has_str("IDLE"), capabilities.has_str("MOVE"));
    let done = match can_move {
        true => place::folder(&mut session).await?,
        false => None,
    };
    let selected = timeout(ANSWER, session.select(&account.mailbox)).await??;
    let validity = selected.uid_validity.ok_or(Lost::Strange("the mailbox has no UIDVALIDITY"))?;
    let mailbox = Mailbox { name: account.name(), validity: i64::from(validity), done };
    tracing::info!(mailbox = mailbox.name, idle = can_idle, "watching a mailbox");
    let news = session.unsolicited_responses.clone();
    loop {
        // What was announced until now is found by the search that follows.
        while news.try_recv().is_ok() {}
        let wait = pass(&mut session, inbox, &mailbox, memory).await?;
        if !can_idle {
            tokio::time::sleep(wait.min(POLL)).await;
            timeout(ANSWER, session.noop()).await??;
            continue;
        }
        let mut idle = session.idle();
        timeout(ANSWER, idle.init()).await??;
        // What came during the pass was announced before IDLE began.
        let mut came = false;
        while let Ok(response) = news.try_recv() {
            came |= matches!(response, UnsolicitedResponse::Exists(_));
        }
        if !came {
            let (response, _interrupt) = idle.wait_with_timeout(wait.min(IDLE));
            if let Ok(IdleResponse::ManualInterrupt) = timeout(IDLE * 2, response).await? {
                return Err(Lost::Strange("the server hung up"));
            }
        }
        session = timeout(ANSWER, idle.done()).await??;
    }
}
