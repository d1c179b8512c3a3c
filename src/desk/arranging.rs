//! Making, changing and deleting whole calendars.

use caldav::store::{PropertyChanges, StoreError};

use super::Desk;
use crate::calendars::{Refusal, collections, horizon};
use crate::db::{Command, Tx};
use crate::people::{self, Person, PersonId};

/// Batches that are listed anew at once after a calendar's settings changed; the worker does the rest.
const AT_ONCE: usize = 4;

/// Makes a calendar (MKCALENDAR).
///
/// # Errors
/// [`StoreError`].
pub async fn create_calendar(
    desk: &Desk,
    owner: &Person,
    name: &str,
    changes: PropertyChanges,
) -> Result<(), StoreError> {
    arrange(desk, owner, name, Arrangement::Create(changes)).await
}

/// Changes a calendar's properties (PROPPATCH), all or nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn change_calendar(
    desk: &Desk,
    owner: &Person,
    name: &str,
    changes: PropertyChanges,
) -> Result<(), StoreError> {
    arrange(desk, owner, name, Arrangement::Change(changes)).await?;
    let words = desk.offer_words();
    for _ in 0..AT_ONCE {
        match horizon::extend(&desk.db, &words, desk.clock.now()).await {
            Ok(count) if !horizon::is_all(count) => {}
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(%error, "listing events anew is left to the worker");
                break;
            }
        }
    }
    Ok(())
}

/// Deletes a calendar with everything in it.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_calendar(desk: &Desk, owner: &Person, name: &str) -> Result<(), StoreError> {
    arrange(desk, owner, name, Arrangement::Delete).await
}

/// A change of a whole calendar.
enum Arrangement {
    Create(PropertyChanges),
    Change(PropertyChanges),
    Delete,
}

struct Arrange {
    owner: PersonId,
    name: String,
    arrangement: Arrangement,
    now: i64,
}

async fn arrange(desk: &Desk, owner: &Person, name: &str, arrangement: Arrangement) -> Result<(), StoreError> {
    let command = Arrange { owner: owner.id, name: name.to_owned(), arrangement, now: desk.clock.now() };
    Ok(desk.db.run(command).await?)
}

impl Command for Arrange {
    type Output = ();
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<(), Refusal> {
        let (owner, name, now) = (self.owner, self.name.as_str(), self.now);
        let locked = people::lock(tx, &[owner]).await?;
        match &self.arrangement {
            Arrangement::Create(changes) => collections::create(tx, &locked, owner, name, changes, now).await,
            Arrangement::Change(changes) => collections::change(tx, &locked, owner, name, changes, now).await,
            Arrangement::Delete => collections::delete(tx, &locked, owner, name, now).await,
        }
    }
}
