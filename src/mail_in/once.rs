//! The table `received`: each message acts once, and what came in can be looked up.

use std::sync::Arc;

use crate::args;
use crate::db::{Command, DbError, Tx};

use super::dispatch::{Consequence, Incoming, Outcome, Stop};
use super::{dispatch, floods};
use crate::keys::Keys;

/// A message is known again for this long, seconds.
pub const KEEP: i64 = 90 * 86_400;
/// Rows touched by one command at most.
const BATCH: i64 = 500;

/// What became of taking a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was taken before; nothing happened.
    Again,
    /// It acted.
    Now(Outcome),
}

/// A line of the log.
#[derive(Debug, Clone)]
struct Line {
    key: String,
    message_id: Option<String>,
    address: &'static str,
    sender: String,
    verdict: &'static str,
    brings: String,
}

/// What is recorded of a message, and whose it is.
pub(super) struct Note {
    line: Line,
    sender: floods::Sender,
    now: i64,
}

impl Note {
    pub(super) fn of(incoming: &Incoming, keys: &Keys, limits: bool) -> Self {
        let received = &incoming.received;
        let line = Line {
            key: received.fingerprint(&incoming.recipient),
            message_id: received.message_id.clone(),
            address: incoming.to.kind().as_str(),
            sender: received.from.clone().unwrap_or_default(),
            verdict: incoming.verdict.as_str(),
            brings: brings(incoming),
        };
        Self { line, sender: floods::Sender::of(&incoming.verdict, keys, limits), now: incoming.now }
    }
}

/// Takes a message: records it and runs its consequence, both or neither.
pub(super) struct Take {
    pub(super) note: Arc<Note>,
    pub(super) consequence: Box<dyn Consequence>,
}

fn brings(incoming: &Incoming) -> String {
    match dispatch::what(&incoming.received) {
        dispatch::What::Bounce => "bounce".into(),
        dispatch::What::Method(method) => method.to_lowercase(),
        dispatch::What::Calendar => "calendar".into(),
        dispatch::What::Text => "text".into(),
    }
}

impl Command for Take {
    type Output = Taken;
    type Refusal = Stop;

    async fn run(&self, tx: &mut Tx) -> Result<Taken, Stop> {
        let Note { line, sender, now } = &*self.note;
        if !insert(tx, line, *now).await? {
            return Ok(Taken::Again);
        }
        let outcome = match floods::count(tx, sender, *now).await? {
            floods::Room::Yes => self.consequence.run(tx).await?,
            floods::Room::Later => return Err(Stop::Later("this sender wrote very often in the last hour")),
            floods::Room::No => Outcome::ignored("too many messages of unknown senders"),
        };
        tx.execute(
            "UPDATE received SET outcome = $1, reason = $2 WHERE key = $3 AND verdict = $4",
            args![outcome.word, &outcome.reason, &line.key, line.verdict],
        )
        .await?;
        Ok(Taken::Now(outcome))
    }
}

/// Notes the message; `false`: it was noted before. A copy that nobody confirms is the same as a confirmed one that came
/// before it; a confirmed one is new even where a forged copy came first.
async fn insert(tx: &mut Tx, line: &Line, now: i64) -> Result<bool, DbError> {
    let inserted = tx
        .execute(
            "INSERT INTO received (key, verdict, at, message_id, address, sender, brings, outcome, reason) \
             SELECT $1, $2, CAST($3 AS BIGINT), $4, $5, $6, $7, 'taken', '' \
             WHERE NOT EXISTS (SELECT 1 FROM received WHERE key = $1 AND (verdict = $2 OR $2 = 'unauthenticated')) \
             ON CONFLICT (key, verdict) DO NOTHING",
            args![&line.key, line.verdict, now, line.message_id.clone(), line.address, &line.sender, &line.brings],
        )
        .await?;
    Ok(inserted == 1)
}

/// Notes a message that cannot be read, or was given up; it has no consequence.
pub(super) struct NoteUnreadable {
    /// Made from the whole message.
    pub(super) key: String,
    pub(super) reason: String,
    pub(super) now: i64,
}

impl Command for NoteUnreadable {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(
            "INSERT INTO received (key, verdict, at, address, sender, brings, outcome, reason) \
             VALUES ($1, 'unauthenticated', $2, '', '', '', 'unreadable', $3) ON CONFLICT (key, verdict) DO NOTHING",
            args![&self.key, self.now, &self.reason],
        )
        .await?;
        Ok(())
    }
}

/// Forgets a batch of what is old enough; answers whether there may be more.
#[derive(Debug, Clone)]
pub struct Forget {
    /// The time, UTC seconds.
    pub now: i64,
    /// Who sent it stands in the log for this long, seconds.
    pub keep_sender: i64,
}

impl Command for Forget {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let gone = tx
            .execute(
                "DELETE FROM received WHERE key IN (SELECT key FROM received WHERE at < $1 LIMIT $2)",
                args![self.now - KEEP, BATCH],
            )
            .await?;
        tx.execute(
            "UPDATE received SET sender = '' WHERE at < $1 AND sender <> ''",
            args![self.now - self.keep_sender],
        )
        .await?;
        Ok(gone >= BATCH.unsigned_abs())
    }
}
