//! The table `mails`: what was composed, whether it went out.

use sqlx::FromRow;

use crate::args;
use crate::db::{AsDbError, Command, Conn, DbError, Tx};
use crate::jobs::{self, Job, JobId, Outcome};

/// A composed mail.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct Mail {
    pub(super) message_id: String,
    pub(super) sender: String,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) bytes: Vec<u8>,
    pub(super) composed: i64,
}

/// The mail composed for a job, if that has happened.
pub(super) async fn of_job(conn: &mut Conn, job: JobId) -> Result<Option<Mail>, DbError> {
    conn.optional(
        "SELECT message_id, sender, recipient, subject, bytes, composed FROM mails WHERE job = $1",
        args![job],
    )
    .await
}

/// Whether a mail of this kind and lane went out or may have.
///
/// A mail is stored before its first attempt, so a row means an attempt. Finished jobs outlive their mails.
pub(super) async fn attempted(conn: &mut Conn, kind: &str, lane: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT job.id FROM jobs job LEFT JOIN mails mail ON mail.job = job.id \
             WHERE job.lane = $1 AND job.kind = $2 AND (job.outcome = 'done' OR mail.job IS NOT NULL) LIMIT 1",
            args![lane, kind],
        )
        .await?;
    Ok(found.is_some())
}

/// Whether the mail of the job with this key went out, or may have.
pub(super) async fn sent(conn: &mut Conn, key: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn
        .optional(
            "SELECT job.id FROM jobs job LEFT JOIN mails mail ON mail.job = job.id
             WHERE job.key = $1 AND (job.outcome = 'done' OR mail.job IS NOT NULL)",
            args![key],
        )
        .await?;
    Ok(found.is_some())
}

/// Why a delivery is not recorded.
#[derive(Debug)]
pub(super) enum NotRecorded {
    /// Another worker has the job by now.
    LeaseLost,
    /// The database's failure.
    Db(DbError),
}

impl From<DbError> for NotRecorded {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for NotRecorded {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::LeaseLost => None,
        }
    }
}

/// Keeps a composed mail before its first attempt. When the job has one already, that one stays.
pub(super) struct Keep {
    pub(super) job: JobId,
    pub(super) mail: Mail,
}

impl Command for Keep {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        insert(tx, self.job, &self.mail, None).await
    }
}

/// Captures a mail: storing it is its delivery, and ends the job.
pub(super) struct Capture {
    pub(super) job: Job,
    pub(super) mail: Mail,
    pub(super) now: i64,
}

impl Command for Capture {
    type Output = ();
    type Refusal = NotRecorded;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotRecorded> {
        insert(tx, self.job.id, &self.mail, Some(self.now)).await?;
        done(tx, &self.job, self.now).await
    }
}

/// Records that the next server took the mail, and ends the job.
pub(super) struct Sent {
    pub(super) job: Job,
    pub(super) now: i64,
}

impl Command for Sent {
    type Output = ();
    type Refusal = NotRecorded;

    async fn run(&self, tx: &mut Tx) -> Result<(), NotRecorded> {
        tx.execute("UPDATE mails SET sent = $1 WHERE job = $2", args![self.now, self.job.id]).await?;
        done(tx, &self.job, self.now).await
    }
}

async fn done(tx: &mut Tx, job: &Job, now: i64) -> Result<(), NotRecorded> {
    match jobs::finish(tx, job.id, job.lease, Outcome::Done, None, now).await? {
        true => Ok(()),
        false => Err(NotRecorded::LeaseLost),
    }
}

/// `captured_at`: set when storing is the delivery. A mail composed earlier for SMTP is then marked captured, too.
async fn insert(tx: &mut Tx, job: JobId, mail: &Mail, captured_at: Option<i64>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO mails (job, message_id, sender, recipient, subject, bytes, composed, sent, captured) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (job) DO UPDATE SET sent = COALESCE(excluded.sent, mails.sent), \
           captured = excluded.captured OR mails.captured",
        args![
            job,
            &mail.message_id,
            &mail.sender,
            &mail.recipient,
            &mail.subject,
            mail.bytes.clone(),
            mail.composed,
            captured_at,
            captured_at.is_some()
        ],
    )
    .await?;
    Ok(())
}
