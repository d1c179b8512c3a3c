//! One connection to either database, and the transaction a command runs in.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Executor, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite};

use super::reader::Held;
use super::{Batch, DbError, Value};

/// A row both databases can produce: a tuple, or a struct deriving [`sqlx::FromRow`].
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A connection for reading. One SQL text (`$1`) serves both databases.
pub struct Conn {
    inner: Inner,
    statements: u64,
    /// SQLite: the savepoint of a command is due, and goes together with its first statement that reads.
    savepoint: bool,
}

/// Opens the savepoint of a command.
const SAVEPOINT: &str = "SAVEPOINT command;\n";

enum Inner {
    Sqlite(Held),
    Postgres(PoolConnection<Postgres>),
}

/// The transaction of a command. Only what takes a `Tx` may write.
pub struct Tx(Conn);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Conn {
    pub(super) fn sqlite(connection: Held) -> Self {
        Self { inner: Inner::Sqlite(connection), statements: 0, savepoint: false }
    }

    pub(super) fn postgres(connection: PoolConnection<Postgres>) -> Self {
        Self { inner: Inner::Postgres(connection), statements: 0, savepoint: false }
    }

    pub(super) fn into_tx(self) -> Tx {
        Tx(self)
    }

    /// Statements run on this connection since it was taken: round trips, counted for tests and logs.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Counts the statement, and puts the savepoint that is due before it.
    fn next(&mut self, sql: impl SqlSafeStr) -> SqlStr {
        self.statements += 1;
        let sql = sql.into_sql_str();
        if std::mem::take(&mut self.savepoint) {
            AssertSqlSafe(format!("{SAVEPOINT}{}", sql.as_str())).into_sql_str()
        } else {
            sql
        }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub async fn all<T: Row>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<T>, DbError> {
        let sql = self.next(sql);
        Ok(match &mut self.inner {
            Inner::Sqlite(held) => {
                let rows = bind_sqlite(sqlx::query(sql), args).fetch_all(held.connection()).await;
                held.checked(rows)?.iter().map(T::from_row).collect::<Result<_, _>>()?
            }
            Inner::Postgres(connection) => {
                let rows = bind_postgres(sqlx::query(sql), args).fetch_all(&mut **connection).await?;
                rows.iter().map(T::from_row).collect::<Result<_, _>>()?
            }
        })
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub async fn optional<T: Row>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<T>, DbError> {
        let sql = self.next(sql);
        Ok(match &mut self.inner {
            Inner::Sqlite(held) => {
                let row = bind_sqlite(sqlx::query(sql), args).fetch_optional(held.connection()).await;
                held.checked(row)?.as_ref().map(T::from_row).transpose()?
            }
            Inner::Postgres(connection) => {
                let row = bind_postgres(sqlx::query(sql), args).fetch_optional(&mut **connection).await?;
                row.as_ref().map(T::from_row).transpose()?
            }
        })
    }

    /// The one row of a query.
    ///
    /// # Errors
    /// [`DbError::Sqlx`]; no row is an error too.
    pub async fn one<T: Row>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<T, DbError> {
        self.optional(sql, args).await?.ok_or(DbError::Sqlx(sqlx::Error::RowNotFound))
    }
}

impl Tx {
    /// Runs a statement; the number of rows it changed.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64, DbError> {
        self.open_savepoint().await?;
        let sql = self.next(sql);
        Ok(match &mut self.0.inner {
            Inner::Sqlite(held) => {
                bind_sqlite(sqlx::query(sql), args).execute(held.connection()).await?.rows_affected()
            }
            Inner::Postgres(connection) => {
                bind_postgres(sqlx::query(sql), args).execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Runs an UPDATE without RETURNING, whose one value is the first of `args`, and then a query over all of them; the
    /// query's first row. What it reads it reads after the UPDATE: on SQLite they travel together, on PostgreSQL one
    /// after the other, so that the query sees what others committed before the UPDATE got its lock.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub async fn update_then<T: Row>(
        &mut self,
        update: &'static str,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<Option<T>, DbError> {
        if matches!(self.0.inner, Inner::Sqlite(_)) {
            return self.optional(AssertSqlSafe(format!("{update};\n{sql}")), args).await;
        }
        self.execute(update, args.iter().take(1).cloned().collect()).await?;
        self.optional(AssertSqlSafe(sql.to_owned()), args).await
    }

    /// Runs several statements in one round trip; the number of rows the last one changed (PostgreSQL) or all (SQLite).
    ///
    /// On PostgreSQL they become the parts of one statement: all see the data as they were before the batch, so no row
    /// may be touched by two of them.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub async fn batch(&mut self, batch: Batch) -> Result<u64, DbError> {
        self.open_savepoint().await?;
        let sql = match &self.0.inner {
            Inner::Sqlite(_) => batch.one_after_the_other(),
            Inner::Postgres(_) => batch.as_one_statement(),
        };
        let (sql, keep) = (self.next(AssertSqlSafe(sql)), !batch.once);
        Ok(match &mut self.0.inner {
            Inner::Sqlite(held) => {
                let query = bind_sqlite(sqlx::query(sql).persistent(keep), batch.args);
                query.execute(held.connection()).await?.rows_affected()
            }
            Inner::Postgres(connection) => {
                let query = bind_postgres(sqlx::query(sql).persistent(keep), batch.args);
                query.execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Runs a script of several statements without values, in one round trip.
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub(super) async fn script(&mut self, sql: impl SqlSafeStr) -> Result<(), DbError> {
        let sql = sqlx::raw_sql(sql);
        match &mut self.0.inner {
            Inner::Sqlite(held) => {
                held.connection().execute(sql).await?;
            }
            Inner::Postgres(connection) => {
                connection.execute(sql).await?;
            }
        }
        Ok(())
    }

    /// A command begins (SQLite): its statements are counted from here, and a savepoint precedes the first.
    pub(super) fn begin_command(&mut self) {
        self.0.statements = 0;
        self.0.savepoint = true;
    }

    /// Opens a savepoint that is due by itself: together with a statement it would spoil the count of changed rows.
    async fn open_savepoint(&mut self) -> Result<(), DbError> {
        if std::mem::take(&mut self.0.savepoint) { self.script(SAVEPOINT).await } else { Ok(()) }
    }

    /// Undoes what a command wrote since [`Tx::begin_command`].
    ///
    /// # Errors
    /// [`DbError::Sqlx`].
    pub(super) async fn undo_command(&mut self) -> Result<(), DbError> {
        // Without a statement there is no savepoint, and nothing to undo.
        if std::mem::take(&mut self.0.savepoint) {
            Ok(())
        } else {
            self.script("ROLLBACK TO command; RELEASE command").await
        }
    }
}

fn bind_sqlite(mut query: Query<'_, Sqlite, SqliteArguments>, args: Vec<Value>) -> Query<'_, Sqlite, SqliteArguments> {
    for value in args {
        query = match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Blob(value) => query.bind(value),
            Value::Bool(value) => query.bind(value),
        };
    }
    query
}

fn bind_postgres(mut query: Query<'_, Postgres, PgArguments>, args: Vec<Value>) -> Query<'_, Postgres, PgArguments> {
    for value in args {
        query = match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Blob(value) => query.bind(value),
            Value::Bool(value) => query.bind(value),
        };
    }
    query
}
