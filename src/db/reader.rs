//! SQLite's connections that read: a few, each lent to one borrower at a time.
//!
//! A pool of sqlx asks every connection whether it is well, when it is taken and again when it comes back. Each question
//! is a message to the connection's thread and an answer from it, as much as a query; a file needs no such question.

use std::sync::Arc;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::DbError;

/// Connections that read.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    options: Arc<SqliteConnectOptions>,
    all: Arc<[Arc<Mutex<Reader>>]>,
    free: Arc<Semaphore>,
}

#[derive(Debug)]
struct Reader {
    connection: SqliteConnection,
    /// Its thread has ended: another one takes its place.
    lost: bool,
}

impl Readers {
    /// # Errors
    /// [`DbError`]: the file cannot be opened.
    pub(super) async fn open(options: SqliteConnectOptions, count: usize) -> Result<Self, DbError> {
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            all.push(Arc::new(Mutex::new(Reader { connection: options.connect().await?, lost: false })));
        }
        Ok(Self { options: Arc::new(options), all: all.into(), free: Arc::new(Semaphore::new(count)) })
    }

    /// A connection, once one is free.
    ///
    /// # Errors
    /// [`DbError`]: closed, or lost and the file cannot be opened again.
    pub(super) async fn take(&self) -> Result<Held, DbError> {
        let turn = self.free.clone().acquire_owned().await.map_err(|_| DbError::Closed)?;
        // As many are free as there are turns left.
        let free = self.all.iter().find_map(|reader| reader.clone().try_lock_owned().ok());
        let mut reader = free.ok_or(DbError::Closed)?;
        if reader.lost {
            *reader = Reader { connection: self.options.connect().await?, lost: false };
        }
        Ok(Held::Lent(Borrowed { reader, _turn: turn }))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.free.is_closed()
    }

    /// Lends nothing any more.
    pub(super) fn close(&self) {
        self.free.close();
    }
}

/// A connection in somebody's hands; the next one's when dropped.
pub(super) struct Borrowed {
    reader: OwnedMutexGuard<Reader>,
    // After the connection, so that whoever has the turn finds it free.
    _turn: OwnedSemaphorePermit,
}

/// A connection to the file.
pub(super) enum Held {
    /// One of those that read.
    Lent(Borrowed),
    /// The one that writes.
    Own(Box<SqliteConnection>),
}

impl Held {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Lent(borrowed) => &mut borrowed.reader.connection,
            Self::Own(connection) => connection,
        }
    }

    /// Notes whether what came of a query means that the connection is of no use any more.
    pub(super) fn checked<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let (Self::Lent(borrowed), Err(sqlx::Error::WorkerCrashed)) = (self, &result) {
            borrowed.reader.lost = true;
        }
        result
    }
}
