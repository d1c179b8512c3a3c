//! Where messages go when they are done, and how far the mailbox was read.

use futures_util::TryStreamExt;
use tokio::time::timeout;

use super::connection::Session;
use super::{ANSWER, Lost};
use crate::args;
use crate::db::{Command, Conn, DbError, Tx};

/// The folder for what is done, made when it is not there; `None`: the server lets us make none.
pub(super) async fn folder(session: &mut Session) -> Result<Option<String>, Lost> {
    let names: Vec<_> =
        timeout(ANSWER, async { session.list(Some(""), Some("")).await?.try_collect().await }).await??;
    let delimiter = names.first().and_then(|root| root.delimiter()).unwrap_or("/").to_owned();
    let folder = format!("Openhour{delimiter}done");
    if exists(session, &folder).await? {
        return Ok(Some(folder));
    }
    match timeout(ANSWER, session.create(&folder)).await? {
        Ok(()) => Ok(Some(folder)),
        Err(async_imap::error::Error::No(reason)) => {
            tracing::info!(reason, folder, "the folder cannot be made; messages that are done are marked as seen");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn exists(session: &mut Session, folder: &str) -> Result<bool, Lost> {
    let found: Vec<_> =
        timeout(ANSWER, async { session.list(Some(""), Some(folder)).await?.try_collect().await }).await??;
    Ok(!found.is_empty())
}

/// Everything up to this UID is done; 0 for a mailbox never read, or made anew.
pub(super) async fn read_to(conn: &mut Conn, mailbox: &str, validity: i64) -> Result<u32, DbError> {
    let row: Option<(i64,)> =
        conn.optional("SELECT uid FROM mailboxes WHERE name = $1 AND validity = $2", args![mailbox, validity]).await?;
    Ok(row.and_then(|(uid,)| u32::try_from(uid).ok()).unwrap_or(0))
}

/// Notes how far a mailbox was read.
pub(super) struct Reached {
    pub(super) mailbox: String,
    pub(super) validity: i64,
    pub(super) uid: u32,
}

impl Command for Reached {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(
            "INSERT INTO mailboxes (name, validity, uid) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, uid = excluded.uid",
            args![&self.mailbox, self.validity, i64::from(self.uid)],
        )
        .await?;
        Ok(())
    }
}
