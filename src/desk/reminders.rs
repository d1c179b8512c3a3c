//! Stopping reminders, and wanting them again, by the address that every reminder holds.

use super::Desk;
use crate::audit::{self, Entry};
use crate::db::{Command, DbError, Tx};
use crate::invitations::UNSUBSCRIBE_TOKEN;
use crate::keys::Keys;
use crate::people::{self, PersonId, reminders};

/// Whose reminders an address is about, and whether they get any; `None`: it is nobody's.
///
/// # Errors
/// [`DbError`].
pub async fn of_token(desk: &Desk, token: &str) -> Result<Option<(PersonId, bool)>, DbError> {
    let Some((person, proof)) = Keys::split(token) else { return Ok(None) };
    if !desk.keys.verify(proof, UNSUBSCRIBE_TOKEN, person, person, 0) {
        return Ok(None);
    }
    let wanted = reminders::wanted(&mut desk.db.read().await?, person).await?;
    Ok(wanted.map(|wanted| (person, wanted)))
}

/// Turns a person's reminders on or off. A second time changes nothing.
#[derive(Debug)]
pub struct SetReminders {
    /// Whose; they do it themselves.
    pub person: PersonId,
    /// Whether they want them.
    pub wanted: bool,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SetReminders {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        people::lock(tx, &[self.person]).await?;
        if reminders::set(tx, self.person, self.wanted).await? {
            let action = if self.wanted { "reminders wanted" } else { "reminders stopped" };
            let entry = Entry { actor: Some(self.person), action, object: Some(self.person), detail: "" };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(())
    }
}
