//! What the clock takes away: sessions of the past with their words, and people of whom nothing is left.

use super::Desk;
use crate::booking::retention::{self, Old};
use crate::calendars::sessions::remove_copy;
use crate::db::{Command, DbError, Tx};
use crate::people::retention::ForgetLeftovers;
use crate::people::{self, PersonId};

/// Sessions of one command at most: the writer is never held up for long.
const BATCH: i64 = 50;

/// Forgets sessions that ended longer ago than `keep_bookings`, their copies in calendars, and then people who are left
/// with nothing. How many sessions and people.
///
/// # Errors
/// [`DbError`].
pub async fn forget_old(desk: &Desk) -> Result<(usize, u64), DbError> {
    let (mut sessions, mut people) = (0, 0);
    if desk.config.keep_bookings == 0 {
        return Ok((0, 0));
    }
    let before = desk.clock.now() - desk.config.keep_bookings;
    loop {
        let old = retention::old(&mut desk.db.read().await?, before, BATCH).await?;
        if old.is_empty() {
            break;
        }
        sessions += old.len();
        desk.db.run(Forget { old, now: desk.clock.now() }).await?;
    }
    loop {
        match desk.db.run(ForgetLeftovers { before }).await? {
            0 => break,
            gone => people += gone,
        }
    }
    if sessions > 0 || people > 0 {
        desk.db.checkpoint().await?;
    }
    Ok((sessions, people))
}

struct Forget {
    old: Vec<Old>,
    now: i64,
}

impl Command for Forget {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let copies = || self.old.iter().flat_map(|old| &old.copies);
        let people: Vec<PersonId> = copies().map(|(person, _)| *person).collect();
        let locked = people::lock(tx, &people).await?;
        for (person, uid) in copies() {
            remove_copy(tx, &locked, *person, uid, self.now).await?;
        }
        let sessions: Vec<_> = self.old.iter().map(|old| old.session).collect();
        retention::forget(tx, &sessions).await
    }
}
