//! A copy of a whole installation, the same for both databases: every row of every table as one JSON array, read from
//! one state of the database, written in chunks, compared by count and hash.

use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;

use super::tables::{self, Kind, Table};
use super::{Command, Conn, Db, DbError, Tx, Value};

/// Rows read or written at once.
const CHUNK: i64 = 250;

/// A table of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable(Table);

impl CopiedTable {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its columns, in the order of a row's values.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.columns.iter().map(|(name, _)| name.as_str())
    }
}

/// All tables, each after those it refers to.
pub fn tables() -> Vec<CopiedTable> {
    tables::all().into_iter().map(CopiedTable).collect()
}

/// How many rows there were, and all of them as one hash, whatever their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    hash: [u8; 32],
}

impl Tally {
    /// Counts a row. Keys make rows unique, so that none takes another one out.
    pub fn count(&mut self, row: &[Json]) {
        self.rows += 1;
        let text = serde_json::to_vec(row).unwrap_or_default();
        for (sum, byte) in self.hash.iter_mut().zip(Sha256::digest(&text)) {
            *sum ^= byte;
        }
    }

    /// The hash in hexadecimal.
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&self.hash)
    }
}

/// One state of a database, read table by table.
pub struct Snapshot {
    conn: Conn,
    sqlite: bool,
}

impl Snapshot {
    /// Holds on to the present state; writers go on.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn of(db: &Db) -> Result<Self, DbError> {
        let mut conn = db.read().await?;
        let sqlite = db.is_sqlite();
        let begin = if sqlite { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
        conn.all::<(i64,)>(begin, vec![]).await?;
        Ok(Self { conn, sqlite })
    }

    /// The rows after this one, in the order of their keys; none: there are no more.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn after(&mut self, table: &CopiedTable, last: Option<&[Json]>) -> Result<Vec<Vec<Json>>, DbError> {
        let CopiedTable(table) = table;
        let key: Vec<&(String, Kind)> = table.key.iter().filter_map(|at| table.columns.get(*at)).collect();
        let names = key.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let mut values = Vec::new();
        let mut beyond = String::new();
        if let Some(last) = last {
            for (at, (_, kind)) in table.key.iter().zip(&key) {
                values.push(value(*kind, last.get(*at).unwrap_or(&Json::Null))?);
            }
            let marks = super::placeholders(1, values.len());
            beyond = format!("WHERE ({names}) > ({marks})");
        }
        let columns: Vec<String> = table.columns.iter().map(|(name, kind)| self.written(name, *kind)).collect();
        let array = if self.sqlite { "json_array" } else { "json_build_array" };
        let sql = format!(
            "SELECT CAST({array}({}) AS TEXT) FROM {} {beyond} ORDER BY {names} LIMIT {CHUNK}",
            columns.join(", "),
            table.name
        );
        let rows: Vec<(String,)> = self.conn.all(AssertSqlSafe(sql), values).await?;
        let read =
            |(text,): (String,)| serde_json::from_str(&text).map_err(|error| DbError::Damaged(error.to_string()));
        rows.into_iter().map(read).collect()
    }

    /// How a column is written, so that both databases write the same.
    fn written(&self, name: &str, kind: Kind) -> String {
        match (kind, self.sqlite) {
            (Kind::Blob, true) => format!("CASE WHEN {name} IS NOT NULL THEN LOWER(HEX({name})) END"),
            (Kind::Blob, false) => format!("ENCODE({name}, 'hex')"),
            (Kind::Bool, true) => {
                format!("json(CASE WHEN {name} IS NULL THEN 'null' WHEN {name} THEN 'true' ELSE 'false' END)")
            }
            _ => name.to_owned(),
        }
    }

    /// Lets go of the state.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn end(mut self) -> Result<(), DbError> {
        self.conn.all::<(i64,)>("ROLLBACK", vec![]).await.map(drop)
    }
}

/// What a table of a database holds.
///
/// # Errors
/// [`DbError`].
pub async fn tally(snapshot: &mut Snapshot, table: &CopiedTable) -> Result<Tally, DbError> {
    let mut tally = Tally::default();
    let mut last: Option<Vec<Json>> = None;
    loop {
        let rows = snapshot.after(table, last.as_deref()).await?;
        rows.iter().for_each(|row| tally.count(row));
        match rows.into_iter().last() {
            Some(row) => last = Some(row),
            None => return Ok(tally),
        }
    }
}

/// Writes rows of one table.
pub struct Load {
    /// Which.
    pub table: CopiedTable,
    /// Rows as [`Snapshot::after`] gives them.
    pub rows: Vec<Vec<Json>>,
}

impl Command for Load {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let CopiedTable(table) = &self.table;
        let names = self.table.columns().collect::<Vec<_>>().join(", ");
        let marks = super::placeholders(1, table.columns.len());
        let sql = format!("INSERT INTO {} ({names}) VALUES ({marks})", table.name);
        for row in &self.rows {
            if row.len() != table.columns.len() {
                return Err(DbError::Damaged(format!("a row of `{}` has {} values", table.name, row.len())));
            }
            let values = table.columns.iter().zip(row).map(|((_, kind), json)| value(*kind, json));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            tx.execute(AssertSqlSafe(sql.clone()), values).await?;
        }
        Ok(())
    }
}

fn value(kind: Kind, json: &Json) -> Result<Value, DbError> {
    let value = match (kind, json) {
        (Kind::Int, Json::Null) => Some(Value::Int(None)),
        (Kind::Text, Json::Null) => Some(Value::Text(None)),
        (Kind::Blob, Json::Null) => Some(Value::Blob(None)),
        (Kind::Bool, Json::Null) => Some(Value::Bool(None)),
        (Kind::Int, Json::Number(number)) => number.as_i64().map(|number| Value::Int(Some(number))),
        (Kind::Text, Json::String(text)) => Some(Value::Text(Some(text.clone()))),
        (Kind::Blob, Json::String(text)) => HEXLOWER.decode(text.as_bytes()).ok().map(|bytes| Value::Blob(Some(bytes))),
        (Kind::Bool, Json::Bool(bool)) => Some(Value::Bool(Some(*bool))),
        _ => None,
    };
    value.ok_or_else(|| DbError::Damaged("a value is of another kind than its column".into()))
}
