//! The two databases behind one interface: read connections, commands that write, migrations, guards.
//!
//! SQLite has one writer that commits waiting commands together; PostgreSQL runs each command in its own transaction
//! and retries it on serialisation failures. Both answer only after COMMIT.

mod batch;
mod check;
mod command;
mod commits;
mod conn;
pub mod dump;
mod error;
#[cfg(test)]
#[macro_use]
pub(crate) mod fresh;
mod ids;
mod migrate;
mod postgres;
mod reader;
mod sqlite;
mod tables;
mod value;

use std::path::Path;

use tokio::sync::watch;

pub use batch::Batch;
pub use command::{AsDbError, Command};
use commits::Commits;
pub use conn::{Conn, Row, Tx};
pub use error::DbError;
pub use ids::new_id;
pub use value::Value;

/// Which database, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An SQLite file, made when it is not there.
    Sqlite(std::path::PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    commits: Commits,
}

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database, brings its schema up to date and starts listening for other processes' commits.
    ///
    /// # Errors
    /// [`DbError`]: it cannot be opened, or is newer than this program.
    pub async fn open(target: &Target) -> Result<Self, DbError> {
        let commits = Commits::new();
        let engine = match target {
            Target::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path, commits.clone()).await?),
            Target::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url, commits.clone()).await?),
        };
        Ok(Self { engine, commits })
    }

    /// A connection for reading. Give it back (drop it) before waiting for anything else.
    ///
    /// # Errors
    /// [`DbError::Sqlx`]: none became free in time.
    pub async fn read(&self) -> Result<Conn, DbError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.read().await,
            Engine::Postgres(engine) => engine.read().await,
        }
    }

    /// Runs a command and answers after COMMIT. Once queued it is carried out even if the caller goes away.
    ///
    /// # Errors
    /// The command's refusal, or the database's failure as one.
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Output, C::Refusal> {
        let (waiting, receiver) = command::Waiting::new(command);
        match &self.engine {
            Engine::Sqlite(engine) => engine.submit(waiting).await,
            Engine::Postgres(engine) => engine.submit(waiting),
        }
        receiver.await.unwrap_or_else(|_| Err(DbError::Closed.into()))
    }

    /// A number that grows after every commit, here or (within about 100 ms) in another process.
    ///
    /// While it stands still, nothing that was read has changed.
    pub fn commits(&self) -> u64 {
        self.commits.number()
    }

    /// Wakes its holder whenever [`Db::commits`] has grown.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.commits.watch()
    }

    /// `true` on SQLite, for the few places that must know (backup, check).
    pub fn is_sqlite(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    /// Copies an SQLite database into a new file while it is in use (`VACUUM INTO`).
    ///
    /// # Errors
    /// [`DbError`]: the file exists, or this is not SQLite.
    pub async fn copy_to(&self, file: &Path) -> Result<(), DbError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.copy_to(file).await,
            Engine::Postgres(_) => Err(DbError::Schema("pg_dump makes backups of PostgreSQL".into())),
        }
    }

    /// Brings what was deleted out of SQLite's write-ahead log, which otherwise keeps it until it is overwritten.
    /// PostgreSQL has its own ways.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn checkpoint(&self) -> Result<(), DbError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.checkpoint().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Finishes what is queued and closes all connections.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(engine) => engine.close(),
            Engine::Postgres(engine) => engine.close().await,
        }
    }
}

/// A list of ids for `IN (...)`. Numbers only, so it is safe in a statement's text. Empty lists match nothing.
pub fn id_list(ids: &[i64]) -> String {
    if ids.is_empty() {
        return "NULL".into();
    }
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// Placeholders `$first, ...` for `count` values in `IN (...)`. An empty list matches nothing.
pub fn placeholders(first: usize, count: usize) -> String {
    if count == 0 {
        return "NULL".into();
    }
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(",")
}
