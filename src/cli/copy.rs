//! `openhour export --to FILE` and `openhour import FILE`: a whole installation as JSON lines, from and into either
//! database; `openhour migrate-to URL`: the same without a file.
//!
//! The first line names the schema; then each table: a line that names it and its columns, a line for each row, and one
//! with the number of rows and their hash. The last line says that nothing is missing.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Failure, print};
use crate::clock::rfc3339;
use crate::db::dump::{CopiedTable, Load, Snapshot, Tally, tables, tally};
use crate::db::{Db, Target};
use crate::desk::Desk;

/// The format of the file.
const FORMAT: i64 = 1;
/// Rows written in one transaction.
const CHUNK: usize = 250;

/// Writes everything into a new file.
pub(super) async fn export(desk: &Desk, file: &Path, as_json: bool) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(super::export::new_file(file)?);
    let mut snapshot = Snapshot::of(&desk.db).await?;
    let result = write(&mut snapshot, &mut out, desk.clock.now()).await;
    snapshot.end().await?;
    let rows = result?;
    out.flush()?;
    let key = &desk.config.secret_key_file;
    let text = format!(
        "{}: {rows} rows\nLinks in mails and feeds are made with {}: take that file along, too.",
        file.display(),
        key.display()
    );
    print(as_json, &json!({"file": file, "rows": rows, "key": key}), &text);
    Ok(ExitCode::SUCCESS)
}

async fn write(snapshot: &mut Snapshot, out: &mut impl Write, now: i64) -> Result<u64, Failure> {
    let tables = tables();
    let mut rows = 0;
    writeln!(out, "{}", json!({"openhour": FORMAT, "made": rfc3339(now)}))?;
    for table in &tables {
        let columns: Vec<&str> = table.columns().collect();
        writeln!(out, "{}", json!({"table": table.name(), "columns": columns}))?;
        let mut counted = Tally::default();
        let mut last: Option<Vec<Value>> = None;
        loop {
            let page = snapshot.after(table, last.as_deref()).await?;
            for row in &page {
                counted.count(row);
                writeln!(out, "{}", Value::from(row.clone()))?;
            }
            match page.into_iter().last() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
        writeln!(out, "{}", json!({"end": table.name(), "rows": counted.rows, "hash": counted.hash()}))?;
        rows += counted.rows;
    }
    writeln!(out, "{}", json!({"complete": tables.len()}))?;
    Ok(rows)
}

/// Reads a file into an empty database and compares what arrived with what was sent.
pub(super) async fn import(desk: &Desk, file: &Path, as_json: bool) -> Result<ExitCode, Failure> {
    must_be_empty(&desk.db).await?;
    let open = File::open(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    let sent = load(&desk.db, BufReader::new(open)).await?;
    let mut snapshot = Snapshot::of(&desk.db).await?;
    let result = compare(&mut snapshot, &sent).await;
    snapshot.end().await?;
    result?;
    let rows: u64 = sent.iter().map(|(_, tally)| tally.rows).sum();
    let text = format!("{rows} rows in {} tables, all as they were sent", sent.len());
    print(as_json, &json!({"rows": rows, "tables": sent.len()}), &text);
    Ok(ExitCode::SUCCESS)
}

/// Writes everything into another, empty database and compares what arrived with what was sent.
pub(super) async fn migrate(desk: &Desk, target: &Target, as_json: bool) -> Result<ExitCode, Failure> {
    let other = Db::open(target).await?;
    must_be_empty(&other).await?;
    let mut snapshot = Snapshot::of(&desk.db).await?;
    let result = pour(&mut snapshot, &other).await;
    snapshot.end().await?;
    let sent = result?;
    let mut snapshot = Snapshot::of(&other).await?;
    let result = compare(&mut snapshot, &sent).await;
    snapshot.end().await?;
    other.close().await;
    result?;
    let rows: u64 = sent.iter().map(|(_, tally)| tally.rows).sum();
    let text = format!(
        "{rows} rows in {} tables, all as they were sent\nSet database_url to the new one, and keep {}.",
        sent.len(),
        desk.config.secret_key_file.display()
    );
    print(as_json, &json!({"rows": rows, "tables": sent.len()}), &text);
    Ok(ExitCode::SUCCESS)
}

async fn pour(snapshot: &mut Snapshot, other: &Db) -> Result<Vec<(CopiedTable, Tally)>, Failure> {
    let mut sent = Vec::new();
    for table in tables() {
        let mut counted = Tally::default();
        let mut last: Option<Vec<Value>> = None;
        loop {
            let rows = snapshot.after(&table, last.as_deref()).await?;
            rows.iter().for_each(|row| counted.count(row));
            match rows.last() {
                Some(row) => last = Some(row.clone()),
                None => break,
            }
            other.run(Load { table: table.clone(), rows }).await?;
        }
        sent.push((table, counted));
    }
    Ok(sent)
}

async fn must_be_empty(db: &Db) -> Result<(), Failure> {
    let mut snapshot = Snapshot::of(db).await?;
    let mut found = None;
    for table in tables() {
        if !snapshot.after(&table, None).await?.is_empty() {
            found = Some(table);
            break;
        }
    }
    snapshot.end().await?;
    match found {
        None => Ok(()),
        Some(table) => Err(Failure::new(format!(
            "this database is not empty (`{}` has rows); import into a new one",
            table.name()
        ))),
    }
}

async fn load(db: &Db, lines: impl BufRead) -> Result<Vec<(CopiedTable, Tally)>, Failure> {
    let known = tables();
    let mut lines = lines.lines();
    let mut next = move || -> Result<Value, Failure> {
        let line = lines.next().ok_or_else(|| Failure::new("the file ends too early; it is not complete"))??;
        serde_json::from_str(&line).map_err(|error| Failure::new(format!("this is no export of Openhour: {error}")))
    };
    if next()?.get("openhour").and_then(Value::as_i64) != Some(FORMAT) {
        return Err(Failure::new("this is no export that this program reads"));
    }
    let mut sent = Vec::new();
    for table in &known {
        let head = next()?;
        let columns: Vec<&str> = table.columns().collect();
        if head != json!({"table": table.name(), "columns": columns}) {
            return Err(Failure::new(format!(
                "`{}` is missing or looks different: use the same version",
                table.name()
            )));
        }
        sent.push((table.clone(), load_table(db, table, &mut next).await?));
    }
    if next()? != json!({"complete": known.len()}) {
        return Err(Failure::new("the file goes on after its last table"));
    }
    Ok(sent)
}

async fn load_table(
    db: &Db,
    table: &CopiedTable,
    next: &mut impl FnMut() -> Result<Value, Failure>,
) -> Result<Tally, Failure> {
    let mut counted = Tally::default();
    let mut rows = Vec::new();
    let end = loop {
        match next()? {
            Value::Array(row) => {
                counted.count(&row);
                rows.push(row);
            }
            end => break end,
        }
        if rows.len() >= CHUNK {
            db.run(Load { table: table.clone(), rows: std::mem::take(&mut rows) }).await?;
        }
    };
    if !rows.is_empty() {
        db.run(Load { table: table.clone(), rows }).await?;
    }
    if end != json!({"end": table.name(), "rows": counted.rows, "hash": counted.hash()}) {
        return Err(Failure::new(format!("rows of `{}` are missing or were changed", table.name())));
    }
    Ok(counted)
}

async fn compare(snapshot: &mut Snapshot, sent: &[(CopiedTable, Tally)]) -> Result<(), Failure> {
    for (table, sent) in sent {
        let arrived = tally(snapshot, table).await?;
        if arrived != *sent {
            let (here, there) = (arrived.rows, sent.rows);
            return Err(Failure::new(format!("`{}` arrived differently: {here} of {there} rows", table.name())));
        }
    }
    Ok(())
}
