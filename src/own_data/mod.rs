//! A copy of everything about a person (GDPR 15 and 20), and their erasure by themselves (GDPR 17).

mod zip;

use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::db::{Command, Conn, DbError, Tx};
use crate::desk::conduct::{self, Measure, MeasureRefused};
use crate::desk::people::memberships;
use crate::desk::{Desk, parked};
use crate::people::{Person, PersonId};
use crate::{audit, booking, calendars, mail, mail_in, people, sources};

/// Bytes of calendars in one copy at most.
const LARGEST: i64 = 64 * 1024 * 1024;

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum CopyRefused {
    /// The calendars are larger than 64 MiB.
    #[error("the calendars are too large for one file")]
    TooLarge,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A ZIP file: `data.json`, and each calendar object as it is stored. That it was made is in the audit log, with who
/// made it (`None`: the command line).
///
/// # Errors
/// [`CopyRefused`].
pub async fn copy(desk: &Desk, person: &Person, actor: Option<PersonId>) -> Result<Vec<u8>, CopyRefused> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let objects = calendars::about::objects(&mut conn, person.id, LARGEST).await?.ok_or(CopyRefused::TooLarge)?;
    let data = data(&mut conn, desk, person.id, now).await?;
    let picture = people::pictures::of(&mut conn, person.id).await?;
    drop(conn);
    let text = serde_json::to_vec_pretty(&data).map_err(|error| DbError::Damaged(error.to_string()))?;
    let mut archive = zip::Archive::default();
    let whole = async {
        archive.add("data.json", &text)?;
        if let Some(picture) = &picture {
            archive.add("picture.jpg", picture)?;
        }
        for (number, object) in objects.iter().enumerate() {
            let name = format!("calendars/{}/{number}-{}.ics", plain(&object.calendar), plain(&object.name));
            archive.add(&name, &object.bytes)?;
        }
        archive.finish()
    };
    let bytes = whole.await.ok_or(CopyRefused::TooLarge)?;
    desk.db.run(Note { person: person.id, actor, now }).await?;
    Ok(bytes)
}

/// The JSON part of the copy alone, asked for by somebody.
///
/// # Errors
/// [`DbError`].
pub async fn as_json(desk: &Desk, person: PersonId, actor: PersonId) -> Result<Value, DbError> {
    let now = desk.clock.now();
    let data = data(&mut desk.db.read().await?, desk, person, now).await?;
    desk.db.run(Note { person, actor: Some(actor), now }).await?;
    Ok(data)
}

async fn data(conn: &mut Conn, desk: &Desk, person: PersonId, now: i64) -> Result<Value, DbError> {
    let email = people::by_id(conn, person).await?.map(|person| person.email).unwrap_or_default();
    let memberships = memberships(conn, person).await?;
    let memberships: Vec<Value> = memberships
        .iter()
        .map(|(team, roles)| {
            let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            json!({"team": team.name, "roles": roles})
        })
        .collect();
    Ok(json!({
        "made": rfc3339(now),
        "account": people::about(conn, person).await?,
        "memberships": memberships,
        "sessions": booking::about(conn, person).await?,
        "invitations": booking::invitations_about(conn, &email).await?,
        "calendars_by_address": sources::about(conn, person).await?,
        "mail_to_you": mail::about(conn, &email, &desk.config.public_url).await?,
        "mail_from_you": mail_in::about(conn, &email).await?,
        "waiting_for_your_yes": parked::about(conn, &email).await?,
        "log": audit::about(conn, person).await?,
    }))
}

/// A name as every file system takes it.
fn plain(name: &str) -> String {
    let name = name.strip_suffix(".ics").unwrap_or(name);
    let safe =
        |character: char| if character.is_ascii_alphanumeric() || "-_@".contains(character) { character } else { '_' };
    name.chars().map(safe).take(80).collect()
}

struct Note {
    person: PersonId,
    actor: Option<PersonId>,
    now: i64,
}

impl Command for Note {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let entry = audit::Entry { actor: self.actor, action: "data copied", object: Some(self.person), detail: "" };
        audit::write(tx, &entry, self.now).await
    }
}

/// Removes somebody who asks for it, as an administrator's removal does: sessions ahead are cancelled with notice.
///
/// # Errors
/// [`MeasureRefused`].
pub async fn erase(desk: &Desk, person: PersonId) -> Result<usize, MeasureRefused> {
    conduct::take(desk, Measure::Remove, person, Some(person), "").await
}
