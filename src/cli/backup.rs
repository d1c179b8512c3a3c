//! `openhour backup FILE`: the database and the key that its tokens are made from.

use std::path::Path;
use std::process::{Command, ExitCode};

use serde_json::json;

use super::{Failure, print};
use crate::db::Target;
use crate::desk::Desk;

/// Writes the database to `file` and the installation's key to `file`.key; neither may exist yet.
pub(super) async fn backup(desk: &Desk, file: &Path, as_json: bool) -> Result<ExitCode, Failure> {
    let mut key = file.as_os_str().to_owned();
    key.push(".key");
    let key = Path::new(&key);
    for target in [file, key] {
        if target.exists() {
            return Err(Failure::new(format!("{} is there already; name a new file", target.display())));
        }
    }
    match &desk.config.database {
        Target::Sqlite(_) => desk.db.copy_to(file).await?,
        Target::Postgres(url) => dump(url, file)?,
    }
    std::fs::copy(&desk.config.secret_key_file, key)?;
    let answer = json!({"database": file, "key": key});
    print(as_json, &answer, &format!("database: {}\nkey: {} (keep it secret)", file.display(), key.display()));
    Ok(ExitCode::SUCCESS)
}

fn dump(url: &str, file: &Path) -> Result<(), Failure> {
    let status = Command::new("pg_dump")
        .arg("--format=custom")
        .arg("--no-owner")
        .arg("--file")
        .arg(file)
        .arg("--dbname")
        .arg(url)
        .status()
        .map_err(|error| Failure::new(format!("pg_dump, which copies PostgreSQL, cannot be started: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new("pg_dump failed; its message is above")) }
}
