//! How a person is called and spoken to: name, time zone, language, reminders. Their address is another matter: see
//! [`address`](super::address).

use jiff::tz::TimeZone;

use super::Desk;
use super::offers::{FieldWrong, Refused, Wrong};
use crate::audit::{self, Entry};
use crate::calendars::horizon;
use crate::db::{Command, DbError, Tx};
use crate::invitations::clean;
use crate::language::Language;
use crate::people::settings::{self, Preferences};
use crate::people::{self, Person, PersonId};

/// Longest name, in characters.
const LONGEST: usize = 100;

/// Replaces a person's preferences. Another zone moves what stands in their calendars without a zone of its own, and the
/// days their caps count in.
///
/// # Errors
/// [`Refused::Fields`] (`name`, `timezone`, `language`); [`Refused::Db`].
pub async fn set(desk: &Desk, person: &Person, wanted: &Preferences) -> Result<(), Refused> {
    let wanted = Preferences { name: wanted.name.trim().to_owned(), ..wanted.clone() };
    let mut wrong = Vec::new();
    let harmless = wanted.name.chars().all(clean::is_harmless) && wanted.name.chars().count() <= LONGEST;
    if wanted.name.is_empty() || !harmless {
        wrong.push(FieldWrong { field: "name", wrong: Wrong::Name });
    }
    if wanted.timezone.as_ref().is_some_and(|zone| zone.len() > 64 || TimeZone::get(zone).is_err()) {
        wrong.push(FieldWrong { field: "timezone", wrong: Wrong::Zone });
    }
    if wanted.language.as_ref().is_some_and(|language| language.parse::<Language>().is_err()) {
        wrong.push(FieldWrong { field: "language", wrong: Wrong::Language });
    }
    if !wrong.is_empty() {
        return Err(Refused::Fields(wrong));
    }
    Ok(desk.db.run(Set { person: person.id, wanted, now: desk.clock.now() }).await?)
}

struct Set {
    person: PersonId,
    wanted: Preferences,
    now: i64,
}

impl Command for Set {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        let before = settings::preferences(tx, self.person).await?;
        if before == self.wanted {
            return Ok(());
        }
        settings::set_preferences(tx, &locked, self.person, &self.wanted).await?;
        if before.timezone != self.wanted.timezone {
            horizon::unlist_person(tx, &locked, self.person, self.now).await?;
        } else if before.name != self.wanted.name {
            // Pages of teams that show their hosts are kept by this version.
            locked.touch_slots(tx, &[self.person], self.now).await?;
        }
        let changed = [
            ("name", before.name != self.wanted.name),
            ("time zone", before.timezone != self.wanted.timezone),
            ("language", before.language != self.wanted.language),
            ("reminders", before.reminders != self.wanted.reminders),
        ];
        let detail: Vec<&str> = changed.iter().filter(|(_, changed)| *changed).map(|(what, _)| *what).collect();
        let detail = detail.join(", ");
        let entry =
            Entry { actor: Some(self.person), action: "profile changed", object: Some(self.person), detail: &detail };
        audit::write(tx, &entry, self.now).await
    }
}
