//! `openhour export EMAIL`: everything about a person, as their own page gives it.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::{Failure, print};
use crate::desk::Desk;
use crate::{own_data, people};

/// Writes the ZIP file, which may not exist yet.
pub(super) async fn person(desk: &Desk, email: &str, to: Option<&Path>, as_json: bool) -> Result<ExitCode, Failure> {
    let found = people::by_email(&mut desk.db.read().await?, email).await?;
    let person = found.ok_or_else(|| Failure::new(format!("nobody has the address {email}")))?;
    let copy = own_data::copy(desk, &person, None).await?;
    let file = to.map_or_else(|| format!("{}.zip", email.replace('/', "_")).into(), Path::to_owned);
    new_file(&file)?.write_all(&copy)?;
    print(as_json, &json!({"file": file, "bytes": copy.len()}), &format!("{}", file.display()));
    Ok(ExitCode::SUCCESS)
}

/// A file that only its owner may read.
pub(super) fn new_file(file: &Path) -> Result<impl Write, Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}
