//! The one way in for every message, whichever way it came.

use std::sync::Arc;

use bytes::Bytes;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::addresses::Address;
use super::authentication::{Authentication, Verdict};
use super::dispatch::{Consequence, Incoming, Outcome, Stop, dispatch};
use super::once::{Note, NoteUnreadable, Take, Taken};
use super::received::{Envelope, Received, Unreadable, read};
use crate::db::DbError;
use crate::desk::Desk;

/// Messages read and judged at the same time.
const AT_ONCE: usize = 4;
/// A refusal may cause something else, and what a consequence was prepared from may change; not for ever.
const TRIES: usize = 5;
/// Characters of the Message-IDs we write, before the `@`.
const OWN_ID: usize = 32;

/// The message is to come again: something of ours does not work now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Later(pub String);

impl From<DbError> for Later {
    fn from(error: DbError) -> Self {
        Self(error.to_string())
    }
}

/// A message that was read and judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What it says.
    pub received: Received,
    /// Who sent it.
    pub verdict: Verdict,
}

/// Takes messages.
pub struct Inbox {
    desk: Arc<Desk>,
    authentication: Authentication,
    room: Semaphore,
}

impl Inbox {
    /// Over a desk, with the resolver of its settings.
    pub fn new(desk: Arc<Desk>) -> Self {
        let authentication = Authentication::new(&desk.config);
        Self { desk, authentication, room: Semaphore::new(AT_ONCE) }
    }

    /// The desk behind it.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Which of our addresses this is, if any.
    pub fn address(&self, recipient: &str) -> Option<Address> {
        Address::read(recipient, &self.desk.config, &self.desk.keys)
    }

    /// Takes a message for all of our addresses it was sent to: those of its envelope, else those that its header names.
    /// What cannot be read is noted and has no effect. The answer says for how many addresses of ours it was.
    ///
    /// # Errors
    /// [`Later`]; whatever was taken before that is not taken again.
    pub async fn take_all(&self, bytes: Bytes, envelope: &Envelope) -> Result<usize, Later> {
        let Some(received) = self.read(bytes.clone(), envelope).await? else { return Ok(0) };
        let recipients = self.recipients(&received, envelope);
        if recipients.is_empty() {
            return Ok(0);
        }
        let opened = self.judge(&bytes, received, envelope).await?;
        for recipient in &recipients {
            self.take(&opened, recipient).await?;
        }
        Ok(recipients.len())
    }

    /// Reads and judges a message. `None`: it cannot be read, which is noted.
    ///
    /// # Errors
    /// [`Later`].
    pub async fn open(&self, bytes: Bytes, envelope: &Envelope) -> Result<Option<Opened>, Later> {
        match self.read(bytes.clone(), envelope).await? {
            Some(received) => self.judge(&bytes, received, envelope).await.map(Some),
            None => Ok(None),
        }
    }

    /// Takes an opened message for one address; for what is none of ours nothing happens.
    ///
    /// # Errors
    /// [`Later`].
    pub async fn take(&self, opened: &Opened, recipient: &str) -> Result<Taken, Later> {
        let nothing = || Ok(Taken::Now(Outcome::ignored("not our address")));
        let Some(to) = self.address(recipient) else { return nothing() };
        let incoming = Incoming {
            received: opened.received.clone(),
            to,
            recipient: recipient.trim().to_lowercase(),
            verdict: opened.verdict.clone(),
            now: self.desk.clock.now(),
        };
        let mut consequence = self.consequence(&incoming).await?;
        let note = Arc::new(Note::of(&incoming, &self.desk.keys, self.desk.config.rate_limits));
        for _ in 0..TRIES {
            match self.desk.db.run(Take { note: note.clone(), consequence }).await {
                Ok(taken) => return Ok(said(&incoming, taken)),
                Err(Stop::Db(error)) => return Err(error.into()),
                Err(Stop::Later(reason)) => return Err(Later(reason.into())),
                Err(Stop::Instead(other)) => consequence = other,
                Err(Stop::Again) => consequence = self.consequence(&incoming).await?,
            }
        }
        Err(Later("what the message causes was refused again and again".into()))
    }

    async fn consequence(&self, incoming: &Incoming) -> Result<Box<dyn Consequence>, DbError> {
        if self.is_own(&incoming.received) {
            return Ok(Box::new(Outcome::ignored("a mail of our own")));
        }
        dispatch(&self.desk, incoming).await
    }

    /// Notes that a message was given up: reading it fails each time.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_up(&self, name: &str, reason: &str) -> Result<(), DbError> {
        let key = digest(name.as_bytes());
        self.desk.db.run(NoteUnreadable { key, reason: reason.into(), now: self.desk.clock.now() }).await
    }

    async fn read(&self, bytes: Bytes, envelope: &Envelope) -> Result<Option<Received>, Later> {
        let Ok(_turn) = self.room.acquire().await else { return Err(Later("the server is stopping".into())) };
        let (copy, envelope) = (bytes.clone(), envelope.clone());
        let result = tokio::task::spawn_blocking(move || read(&copy, &envelope)).await;
        let refused = match result {
            Ok(Ok(received)) => return Ok(Some(received)),
            Ok(Err(refused)) => refused,
            Err(_) => Unreadable::Failed,
        };
        let (reason, now) = (refused.to_string(), self.desk.clock.now());
        tracing::info!(reason, "a message cannot be read");
        self.desk.db.run(NoteUnreadable { key: digest(&bytes), reason, now }).await?;
        Ok(None)
    }

    async fn judge(&self, bytes: &Bytes, received: Received, envelope: &Envelope) -> Result<Opened, Later> {
        let Ok(_turn) = self.room.acquire().await else { return Err(Later("the server is stopping".into())) };
        // Reports prove themselves by what they name, and nothing follows from our own mail.
        let verdict = match received.bounce.is_some() || self.is_own(&received) {
            true => Verdict::Unauthenticated,
            false => self
                .authentication
                .judge(bytes, &received, envelope, self.desk.clock.now())
                .await
                .map_err(|_| Later("a name server does not answer".into()))?,
        };
        Ok(Opened { received, verdict })
    }

    /// Our addresses, each once.
    fn recipients(&self, received: &Received, envelope: &Envelope) -> Vec<String> {
        for candidates in [&envelope.to, &received.delivered_to, &received.addressed_to] {
            let mut ours: Vec<String> = candidates.iter().map(|address| address.trim().to_lowercase()).collect();
            ours.retain(|address| self.address(address).is_some());
            ours.sort_unstable();
            ours.dedup();
            if !ours.is_empty() {
                return ours;
            }
        }
        Vec::new()
    }

    /// A mail that we wrote, come back to us: by a loop, or by somebody's forwarding.
    fn is_own(&self, received: &Received) -> bool {
        let by_us = received.from.as_deref().is_some_and(|from| self.address(from).is_some());
        let id = received.message_id.as_deref().and_then(|id| id.rsplit_once('@'));
        let with_our_id = id.is_some_and(|(local, domain)| {
            local.len() == OWN_ID
                && local.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
                && domain.eq_ignore_ascii_case(self.desk.config.mail_domain())
        });
        received.bounce.is_none() && (by_us || with_our_id)
    }
}

fn said(incoming: &Incoming, taken: Taken) -> Taken {
    let address = incoming.to.kind().as_str();
    match &taken {
        Taken::Again => tracing::debug!(address, "a message came again"),
        Taken::Now(outcome) => tracing::info!(
            address,
            verdict = incoming.verdict.as_str(),
            outcome = outcome.word,
            reason = outcome.reason,
            "a message was taken"
        ),
    }
    taken
}

fn digest(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(&Sha256::digest(bytes)).to_ascii_lowercase()
}
