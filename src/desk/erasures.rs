//! What must not come back with a restored backup: that people were removed or banned. A line for each is kept in a file
//! beside the database, which no backup of the database holds; a server that starts does again what its database does not
//! know of. A line names nobody: it has the key of a row, which says nothing once the row is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Desk;
use super::conduct::{self, Measure, MeasureRefused};
use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};
use crate::people::{self, PersonId};

/// Name of the file in the data folder.
const FILE: &str = "erasures";
/// Largest file that is read, bytes: half a million lines.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Something that was done to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Done {
    /// When, UTC seconds.
    pub at: i64,
    /// To whom.
    pub person: PersonId,
    /// What.
    pub measure: Measure,
}

/// Why nothing was done again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayRefused {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, std::io::Error),
    /// It is something else.
    #[error("{0} has a line that is none of ours: {1}")]
    Line(PathBuf, String),
    /// Somebody cannot be removed.
    #[error("person {0} cannot be removed or banned again: {1}")]
    Measure(PersonId, MeasureRefused),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Done {
    /// `2026-11-20T12:00:00Z removed 1234`
    pub fn line(&self) -> String {
        format!("{} {} {}", rfc3339(self.at), word(self.measure), self.person)
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split(' ');
        let (at, what, person) = (parts.next()?, parts.next()?, parts.next()?);
        let measure = [Measure::Remove, Measure::Ban, Measure::Unban].into_iter().find(|one| word(*one) == what)?;
        let at = at.parse::<Timestamp>().ok()?.as_second();
        parts.next().is_none().then_some(Self { at, person: person.parse().ok()?, measure })
    }
}

fn word(measure: Measure) -> &'static str {
    match measure {
        Measure::Remove => "removed",
        Measure::Ban => "banned",
        Measure::Unban => "unbanned",
    }
}

/// The file of this installation.
pub fn file(desk: &Desk) -> PathBuf {
    desk.config.data_dir.join(FILE)
}

/// Everything the database knows was done, oldest first.
///
/// # Errors
/// [`DbError`].
pub async fn known(conn: &mut Conn) -> Result<Vec<Done>, DbError> {
    let rows: Vec<(i64, String, PersonId)> = conn
        .all(
            "SELECT at, action, object FROM audit_log
             WHERE object IS NOT NULL AND action IN ('person removed', 'person banned', 'ban lifted') ORDER BY id",
            args![],
        )
        .await?;
    let measure = |action: &str| match action {
        "person removed" => Measure::Remove,
        "person banned" => Measure::Ban,
        _ => Measure::Unban,
    };
    Ok(rows.into_iter().map(|(at, action, person)| Done { at, person, measure: measure(&action) }).collect())
}

/// Adds a line to the file. A failure is logged; the next round of chores writes what is missing.
pub(super) fn note(desk: &Desk, done: Done) {
    if let Err(error) = append(&file(desk), &[done]) {
        tracing::error!(%error, "an erasure could not be noted beside the database");
    }
}

/// Writes into the file what the database knows and the file does not.
///
/// # Errors
/// [`ReplayRefused`].
pub async fn keep(desk: &Desk) -> Result<(), ReplayRefused> {
    let file = file(desk);
    let there: BTreeSet<Done> = read(&file)?.into_iter().collect();
    let all = known(&mut desk.db.read().await?).await?;
    let missing: Vec<Done> = all.into_iter().filter(|done| !there.contains(done)).collect();
    append(&file, &missing).map_err(|error| ReplayRefused::File(file, error))
}

/// The lines of a file; none, if there is no file.
///
/// # Errors
/// [`ReplayRefused::File`], [`ReplayRefused::Line`].
pub fn read(file: &Path) -> Result<Vec<Done>, ReplayRefused> {
    let mut text = String::new();
    match std::fs::File::open(file) {
        Ok(open) => open.take(LARGEST).read_to_string(&mut text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => Err(error),
    }
    .map_err(|error| ReplayRefused::File(file.to_owned(), error))?;
    let one = |line: &str| Done::read(line).ok_or_else(|| line.chars().take(100).collect::<String>());
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(one).collect::<Result<_, _>>().map_err(|line| ReplayRefused::Line(file.to_owned(), line))
}

fn append(file: &Path, lines: &[Done]) -> std::io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let text: String = lines.iter().map(|done| format!("{}\n", done.line())).collect();
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file)?;
    open.write_all(text.as_bytes())?;
    open.sync_data()
}

/// Does again what a database that came out of a backup does not know of; how many people it concerned.
///
/// # Errors
/// [`ReplayRefused`].
pub async fn replay(desk: &Desk, lines: &[Done]) -> Result<usize, ReplayRefused> {
    if lines.is_empty() {
        return Ok(0);
    }
    let mut newest: BTreeMap<PersonId, i64> = BTreeMap::new();
    for done in known(&mut desk.db.read().await?).await? {
        newest.entry(done.person).and_modify(|at| *at = (*at).max(done.at)).or_insert(done.at);
    }
    let mut of: BTreeMap<PersonId, Vec<Done>> = BTreeMap::new();
    for done in lines.iter().filter(|done| newest.get(&done.person).is_none_or(|at| *at < done.at)) {
        of.entry(done.person).or_default().push(*done);
    }
    let mut concerned = 0;
    for (person, mut done) in of {
        done.sort_unstable();
        concerned += usize::from(again(desk, person, &done).await?);
    }
    Ok(concerned)
}

/// Whether anything was left to do. A ban comes before a removal, so that the address stays banned.
async fn again(desk: &Desk, person: PersonId, done: &[Done]) -> Result<bool, ReplayRefused> {
    let found = people::by_id(&mut desk.db.read().await?, person).await?;
    let Some(found) = found.filter(|found| !found.is_removed()) else { return Ok(false) };
    let ban = done.iter().rev().find(|one| one.measure != Measure::Remove).map(|one| one.measure);
    let ban = ban.filter(|ban| (*ban == Measure::Ban) != found.banned);
    let removal = done.iter().find(|one| one.measure == Measure::Remove).map(|one| one.measure);
    for measure in ban.into_iter().chain(removal) {
        let taken = conduct::take(desk, measure, person, None, "").await;
        taken.map_err(|refused| ReplayRefused::Measure(person, refused))?;
    }
    Ok(ban.is_some() || removal.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_and_nothing_else_is_a_line() {
        let done = Done { at: 1_795_176_000, person: 42, measure: Measure::Remove };
        assert_eq!(done.line(), "2026-11-20T12:00:00Z removed 42");
        assert_eq!(Done::read(&done.line()), Some(done));
        for strange in [
            "",
            "2026-11-20T12:00:00Z removed",
            "now removed 42",
            "2026-11-20T12:00:00Z eaten 42",
            "2026-11-20T12:00:00Z removed 4 2",
        ] {
            assert_eq!(Done::read(strange), None, "{strange}");
        }
    }
}
