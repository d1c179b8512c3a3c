//! Giving an address, what it is used for, "check now", and taking it away.

use super::rows::{self, Source};
use super::{SEALED, SourceId};
use crate::args;
use crate::audit::{self, Entry};
use crate::calendars::fill;
use crate::db::{AsDbError, Command, DbError, Tx, new_id};
use crate::desk::Desk;
use crate::http_client::public::{Address, NoAddress};
use crate::people::{self, Person, PersonId};
use crate::teams::{self, Role};

/// Calendars by address that one person may have.
pub const MOST: i64 = 10;
/// Seconds between two readings that somebody asks for.
const SPACING: i64 = 60;

/// Why an address was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddRefused {
    /// It is no address that can be read.
    #[error("{}", describe(.0))]
    Address(NoAddress),
    /// They gave it before.
    #[error("this address is there already")]
    Known,
    /// They have as many as there may be.
    #[error("there are {MOST} calendars by address already; remove one first")]
    TooMany,
    /// Only hosts have time to offer.
    #[error("only hosts of a team can add a calendar")]
    NoHost,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

fn describe(why: &NoAddress) -> &'static str {
    match why {
        NoAddress::Nonsense => "this is no web address; it should look like https://calendar.example.org/.../basic.ics",
        NoAddress::NotHttps => "the address must begin with https:// or webcal://",
        NoAddress::UserInfo => "the address must not have a user name or password in it",
        NoAddress::Port => "the address must not name a port",
    }
}

impl AsDbError for AddRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// Gives a host a calendar at a secret address. It is read as soon as somebody has time. `actor`: who does it; `None`:
/// the command line.
///
/// # Errors
/// [`AddRefused`].
pub async fn add(
    desk: &Desk,
    host: &Person,
    text: &str,
    offers: bool,
    actor: Option<PersonId>,
) -> Result<Source, AddRefused> {
    let address = Address::parse(text, &desk.config.fetch_private_hosts).map_err(AddRefused::Address)?;
    let (id, whole) = (new_id(), address.reveal());
    let sealed = desk.keys.seal(&whole, SEALED, id, host.id).map_err(|error| DbError::Damaged(error.to_string()))?;
    let command = Add {
        id,
        person: host.id,
        sealed,
        fingerprint: desk.keys.hash(&format!("{SEALED}\0{whole}")),
        host: address.host().to_owned(),
        offers,
        actor,
        now: desk.clock.now(),
    };
    desk.db.run(command).await?;
    let source = rows::one(&mut desk.db.read().await?, host.id, id).await?;
    source.ok_or(AddRefused::Db(DbError::Damaged("a calendar by address was removed at once".into())))
}

/// The write of [`add`].
pub struct Add {
    id: SourceId,
    person: PersonId,
    sealed: Vec<u8>,
    fingerprint: String,
    host: String,
    offers: bool,
    actor: Option<PersonId>,
    now: i64,
}

impl Command for Add {
    type Output = ();
    type Refusal = AddRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AddRefused> {
        let locked = people::lock(tx, &[self.person]).await?;
        if !teams::roles_anywhere(tx, self.person).await?.contains(&Role::Host) {
            return Err(AddRefused::NoHost);
        }
        let (count, known): (i64, i64) = tx
            .one(
                "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN fingerprint = $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
                 FROM sources WHERE person = $1",
                args![self.person, &self.fingerprint],
            )
            .await?;
        if known > 0 {
            return Err(AddRefused::Known);
        }
        if count >= MOST {
            return Err(AddRefused::TooMany);
        }
        let collection = fill::create(tx, &locked, self.person, &self.host, self.now).await?;
        tx.execute(
            "INSERT INTO sources (id, person, collection, address, fingerprint, host, offers, due, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            args![
                self.id,
                self.person,
                collection,
                self.sealed.clone(),
                &self.fingerprint,
                &self.host,
                self.offers,
                self.now
            ],
        )
        .await?;
        let entry =
            Entry { actor: self.actor, action: "calendar added", object: Some(self.person), detail: &self.host };
        Ok(audit::write(tx, &entry, self.now).await?)
    }
}

/// Takes one of a person's calendars by address away, with all that was read from it. Answers whether there was one.
pub struct Remove {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: SourceId,
    /// Who does it; `None`: the command line.
    pub actor: Option<PersonId>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Remove {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        let found: Option<(i64, String)> = tx
            .optional("SELECT collection, host FROM sources WHERE person = $1 AND id = $2", args![self.person, self.id])
            .await?;
        let Some((collection, host)) = found else { return Ok(false) };
        fill::delete(tx, &locked, self.person, Some(collection), self.now).await?;
        let entry = Entry { actor: self.actor, action: "calendar removed", object: Some(self.person), detail: &host };
        audit::write(tx, &entry, self.now).await?;
        Ok(true)
    }
}

/// Says what one of a person's calendars by address is used for; it is read anew at once. Answers whether there is one.
pub struct SetUse {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: SourceId,
    /// Offers and busy times; else busy times only.
    pub offers: bool,
    /// Who does it; `None`: the command line.
    pub actor: Option<PersonId>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for SetUse {
    type Output = bool;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, DbError> {
        people::lock(tx, &[self.person]).await?;
        // A reading under way was for the other use: its lease ends.
        let changed = tx
            .execute(
                "UPDATE sources SET offers = $3, etag = NULL, modified = NULL, lease = lease + 1, leased_until = NULL,
                     due = CASE WHEN not_before > $4 THEN not_before ELSE $4 END
                 WHERE person = $1 AND id = $2",
                args![self.person, self.id, self.offers, self.now],
            )
            .await?;
        if changed > 0 {
            let action = if self.offers { "calendar offers" } else { "calendar busy-only" };
            let entry = Entry { actor: self.actor, action, object: Some(self.person), detail: "" };
            audit::write(tx, &entry, self.now).await?;
        }
        Ok(changed > 0)
    }
}

/// What came of "check now".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is read as soon as somebody has time.
    Due,
    /// It was read, or is being read, just now.
    Already,
    /// Its server asked to be left alone until then, UTC seconds.
    NotBefore(i64),
    /// There is none.
    Missing,
}

/// Asks for a calendar to be read at once, once a minute at most.
///
/// # Errors
/// [`DbError`].
pub async fn check_now(desk: &Desk, person: PersonId, id: SourceId) -> Result<Checked, DbError> {
    desk.db.run(CheckNow { person, id, now: desk.clock.now() }).await
}

/// The write of [`check_now`].
pub struct CheckNow {
    person: PersonId,
    id: SourceId,
    now: i64,
}

impl Command for CheckNow {
    type Output = Checked;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Checked, DbError> {
        let Some(source) = rows::one(tx, self.person, self.id).await? else { return Ok(Checked::Missing) };
        if source.not_before > self.now {
            return Ok(Checked::NotBefore(source.not_before));
        }
        if source.is_being_read(self.now) || source.tried.is_some_and(|tried| tried > self.now - SPACING) {
            return Ok(Checked::Already);
        }
        tx.execute("UPDATE sources SET due = $2 WHERE id = $1 AND due > $2", args![self.id, self.now]).await?;
        Ok(Checked::Due)
    }
}
