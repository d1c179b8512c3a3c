//! SQLite: WAL, `synchronous=FULL`, one writer that commits waiting commands together, read-only readers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::mpsc;

use super::command::Queued;
use super::commits::Commits;
use super::reader::{Held, Readers};
use super::{Conn, DbError, Tx, migrate};

/// Commands in one commit at most.
const BATCH: usize = 64;
/// Commands waiting for the writer at most; more callers wait for room.
const QUEUE: usize = 1024;
const READERS: usize = 4;
const BUSY: Duration = Duration::from_secs(10);
/// How long emptying the write-ahead log waits for readers, while writers wait for it.
const CHECKPOINT: Duration = Duration::from_secs(1);
/// How often other processes' commits are looked for.
const POLL: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub(super) struct Sqlite {
    readers: Readers,
    queue: mpsc::Sender<Box<dyn Queued>>,
    file: Arc<SqliteConnectOptions>,
}

impl Sqlite {
    pub(super) async fn open(path: &Path, commits: Commits) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(PathBuf::from(path))
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .statement_cache_capacity(256);
        let writer = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON")
            // What a savepoint would put back stays in memory instead of in a file that nobody reads.
            .pragma("temp_store", "MEMORY")
            .connect()
            .await?;
        let mut tx = Conn::sqlite(Held::Own(Box::new(writer))).into_tx();
        migrate::sqlite(&mut tx).await?;
        let file = Arc::new(options.clone());
        let options = options.read_only(true);
        let own = options.connect().await?;
        let readers = Readers::open(options, READERS).await?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write(tx, waiting, commits.clone()));
        tokio::spawn(watch(own, readers.clone(), commits));
        Ok(Self { readers, queue, file })
    }

    pub(super) async fn read(&self) -> Result<Conn, DbError> {
        Ok(Conn::sqlite(self.readers.take().await?))
    }

    pub(super) async fn submit(&self, command: Box<dyn Queued>) {
        if let Err(mpsc::error::SendError(command)) = self.queue.send(command).await {
            command.answer(Err(DbError::Closed));
        }
    }

    pub(super) async fn copy_to(&self, file: &Path) -> Result<(), DbError> {
        let name = file.to_str().ok_or_else(|| DbError::Schema("the file's name is not UTF-8".into()))?;
        let mut reader = self.readers.take().await?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(reader.connection()).await?;
        Ok(())
    }

    /// Empties the write-ahead log, if nobody reads an older state just now; the next time will do then.
    pub(super) async fn checkpoint(&self) -> Result<(), DbError> {
        let mut connection = self.file.as_ref().clone().busy_timeout(CHECKPOINT).connect().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Reads no more. The writer ends when the last handle on its queue is gone.
    pub(super) fn close(&self) {
        self.readers.close();
    }
}

/// The one writer: takes what waits, runs each command in a savepoint, commits all at once, then answers.
async fn write(mut tx: Tx, mut waiting: mpsc::Receiver<Box<dyn Queued>>, commits: Commits) {
    while let Some(first) = waiting.recv().await {
        let mut batch = Vec::with_capacity(BATCH);
        let outcome = match tx.script("BEGIN IMMEDIATE").await {
            Ok(()) => run_batch(&mut tx, first, &mut waiting, &mut batch).await,
            Err(error) => {
                batch.push(first);
                Err(error)
            }
        };
        match outcome {
            Ok(()) => {
                commits.count();
                batch.into_iter().for_each(|command| command.answer(Ok(())));
            }
            Err(error) => {
                tracing::error!(%error, commands = batch.len(), "a commit failed");
                let _ = tx.script("ROLLBACK").await;
                let text = error.to_string();
                batch.into_iter().for_each(|command| command.answer(Err(DbError::Damaged(text.clone()))));
            }
        }
    }
}

async fn run_batch(
    tx: &mut Tx,
    first: Box<dyn Queued>,
    waiting: &mut mpsc::Receiver<Box<dyn Queued>>,
    batch: &mut Vec<Box<dyn Queued>>,
) -> Result<(), DbError> {
    let mut next = Some(first);
    while let Some(mut command) = next.take() {
        let ran = run_one(tx, command.as_mut()).await;
        batch.push(command);
        ran?;
        if batch.len() < BATCH {
            next = waiting.try_recv().ok();
        }
    }
    tx.script("COMMIT").await
}

/// Savepoints are opened with a command's first statement and stay open until COMMIT releases them all: two round trips
/// less for each.
async fn run_one(tx: &mut Tx, command: &mut dyn Queued) -> Result<(), DbError> {
    tx.begin_command();
    if command.run(tx).await { Ok(()) } else { tx.undo_command().await }
}

/// Notices commits of other processes (the command line beside a running server).
async fn watch(mut connection: SqliteConnection, readers: Readers, commits: Commits) {
    let mut seen: Option<i64> = None;
    while !readers.is_closed() {
        if let Ok(version) = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut connection).await {
            if seen.is_some_and(|seen| seen != version) {
                commits.count();
            }
            seen = Some(version);
        }
        tokio::time::sleep(POLL).await;
    }
}
