//! Taking calendars to read them: leases run out by themselves, so that any number of processes read each once.

use sqlx::FromRow;

use super::SourceId;
use super::verdict::Validators;
use crate::args;
use crate::calendars::CollectionId;
use crate::db::{Command, Conn, DbError, Tx};
use crate::people::PersonId;

/// How long one reading may take before another process may begin anew, seconds. Each part that is written renews it.
pub(super) const LEASE: i64 = 120;

/// A calendar taken to be read.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Leased {
    pub(super) id: SourceId,
    pub(super) person: PersonId,
    pub(super) collection: CollectionId,
    pub(super) address: Vec<u8>,
    pub(super) offers: bool,
    etag: Option<String>,
    modified: Option<String>,
    /// The number of this lease; what is read counts only while it is the newest.
    pub(super) lease: i64,
}

impl Leased {
    pub(super) fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), modified: self.modified.clone() }
    }
}

/// Whether any is due. Reading first spares the database a write for each look.
pub(super) async fn is_any_due(conn: &mut Conn, now: i64) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT s.id FROM sources s JOIN people p ON p.id = s.person
             WHERE s.due <= $1 AND (s.leased_until IS NULL OR s.leased_until <= $1) AND NOT p.banned AND p.removed IS NULL
             LIMIT 1",
            args![now],
        )
        .await?;
    Ok(found.is_some())
}

/// Takes up to `limit` of those that are due, longest due first; or the one of this key, if it is due.
pub(super) struct Lease {
    pub(super) only: Option<SourceId>,
    pub(super) limit: i64,
    pub(super) now: i64,
}

impl Command for Lease {
    type Output = Vec<Leased>;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Leased>, DbError> {
        // The outer condition is looked at again after another process committed; see `jobs::Lease`.
        tx.all(
            "UPDATE sources SET leased_until = $1, lease = lease + 1
             WHERE due <= $2 AND (leased_until IS NULL OR leased_until <= $2) AND id IN (
                 SELECT s.id FROM sources s JOIN people p ON p.id = s.person
                 WHERE s.due <= $2 AND (s.leased_until IS NULL OR s.leased_until <= $2) AND ($3 IS NULL OR s.id = $3)
                     AND NOT p.banned AND p.removed IS NULL
                 ORDER BY s.due, s.id LIMIT $4)
             RETURNING id, person, collection, address, offers, etag, modified, lease",
            args![self.now.saturating_add(LEASE), self.now, self.only, self.limit],
        )
        .await
    }
}
