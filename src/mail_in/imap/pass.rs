//! One pass over what is new in the mailbox.

use std::time::Duration;

use async_imap::types::Fetch;
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::time::{Instant, timeout};

use super::connection::Session;
use super::memory::Memory;
use super::place::{Reached, read_to};
use super::{ANSWER, IDLE, Lost};
use crate::mail_in::Inbox;
use crate::mail_in::received::{Envelope, LARGEST};

/// Older messages are not looked at: for longer nobody remembers what was taken.
const OLDEST: i64 = 60 * 86_400;
/// A message may take so long to arrive.
const MESSAGE: Duration = Duration::from_secs(300);

/// The mailbox as it was selected.
pub(super) struct Mailbox {
    pub(super) name: String,
    pub(super) validity: i64,
    /// Where messages go that are done.
    pub(super) done: Option<String>,
}

/// Takes every new message to one of our addresses, oldest first; says when to look again at the latest.
pub(super) async fn pass(
    session: &mut Session,
    inbox: &Inbox,
    mailbox: &Mailbox,
    memory: &mut Memory,
) -> Result<Duration, Lost> {
    let desk = inbox.desk();
    memory.enter(mailbox.validity);
    let begun = read_to(&mut desk.db.read().await?, &mailbox.name, mailbox.validity).await?;
    let now = desk.clock.now();
    let query = format!("UID {}:* SINCE {}", begun.saturating_add(1), imap_date(now - OLDEST));
    let found = timeout(ANSWER, session.uid_search(query)).await??;
    // `n:*` also finds the newest message when that is below n.
    let mut uids: Vec<u32> = found.into_iter().filter(|uid| *uid > begun).collect();
    uids.sort_unstable();
    for uid in &uids {
        if memory.wants(*uid, Instant::now()) {
            one(session, inbox, mailbox, memory, *uid).await?;
        }
    }
    let reached = memory.done_to(uids.last().copied().unwrap_or(begun));
    if reached > begun {
        desk.db.run(Reached { mailbox: mailbox.name.clone(), validity: mailbox.validity, uid: reached }).await?;
    }
    memory.passed();
    Ok(memory.wait(Instant::now()).unwrap_or(IDLE))
}

async fn one(
    session: &mut Session,
    inbox: &Inbox,
    mailbox: &Mailbox,
    memory: &mut Memory,
    uid: u32,
) -> Result<(), Lost> {
    let name = format!("{}/{}/{uid}", mailbox.name, mailbox.validity);
    if !memory.begin(uid) {
        inbox.give_up(&name, "it cannot be fetched from the mailbox").await?;
        memory.finish(uid);
        return Ok(());
    }
    let bytes = fetch(session, uid).await?;
    memory.fetched(uid);
    let Some(bytes) = bytes else {
        // Gone in the meantime, or too large to be somebody's calendar.
        memory.finish(uid);
        return Ok(());
    };
    match inbox.take_all(bytes, &Envelope::default()).await {
        Ok(0) => memory.finish(uid),
        Ok(_) => {
            memory.finish(uid);
            mark(session, mailbox, uid).await?;
        }
        Err(later) if memory.put_off(uid, Instant::now()) => {
            tracing::info!(%later, "a message is looked at again later")
        }
        Err(later) => {
            inbox.give_up(&name, &later.to_string()).await?;
            memory.finish(uid);
        }
    }
    Ok(())
}

/// The message without touching its flags.
async fn fetch(session: &mut Session, uid: u32) -> Result<Option<Bytes>, Lost> {
    let size = answers(session, uid, "(UID RFC822.SIZE)").await?.into_iter().find_map(|fetch| fetch.size);
    if size.is_none_or(|size| size as usize > LARGEST) {
        return Ok(None);
    }
    let found = answers(session, uid, "(UID BODY.PEEK[])").await?;
    let message = found.iter().find(|fetch| fetch.uid == Some(uid)).and_then(Fetch::body);
    Ok(message.map(Bytes::copy_from_slice))
}

async fn answers(session: &mut Session, uid: u32, what: &str) -> Result<Vec<Fetch>, Lost> {
    let all = async { session.uid_fetch(uid.to_string(), what).await?.try_collect().await };
    Ok(timeout(MESSAGE, all).await??)
}

/// Moves a message that is done, or marks it as seen. It may be gone by now: another process watches too, or a person.
async fn mark(session: &mut Session, mailbox: &Mailbox, uid: u32) -> Result<(), Lost> {
    let marking = async {
        match &mailbox.done {
            Some(folder) => session.uid_mv(uid.to_string(), folder).await,
            None => {
                let changed = session.uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)").await?;
                changed.try_collect::<Vec<_>>().await.map(drop)
            }
        }
    };
    match timeout(ANSWER, marking).await? {
        Err(async_imap::error::Error::No(reason)) => tracing::info!(reason, "a message that is done stays where it is"),
        other => other?,
    }
    Ok(())
}

/// `20-Nov-2026`; RFC 3501 §9.
fn imap_date(at: i64) -> String {
    let day = jiff::Timestamp::from_second(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    day.strftime("%d-%b-%Y").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_written_as_imap_wants_them() {
        assert_eq!(super::imap_date(1_795_176_000), "20-Nov-2026");
    }
}
