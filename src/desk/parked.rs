//! Requests by mail that nobody confirms, or that come from somebody whom no team knows yet (CN-2): they wait for a link
//! that is mailed to the address in whose name they came. Nothing of them happens without that link's button.

use serde_json::{Value, json};
use sqlx::FromRow;

use super::Desk;
use super::people::SavePerson;
use crate::args;
use crate::audit;
use crate::clock::rfc3339;
use crate::db::{AsDbError, Command, Conn, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::keys::Keys;
use crate::people::{self, PersonId, Profile};
use crate::teams::{self, Role, TeamId};

/// Purpose of the token in the link.
const TOKEN: &str = "parked request";
/// How long a request waits, seconds. Strangers are asked once in 30 days.
const LIFETIME: i64 = 7 * 86_400;
const LIFETIME_OF_STRANGERS: i64 = 30 * 86_400;
/// Largest calendar part that waits, bytes.
pub const LARGEST: usize = 256 * 1024;
/// Requests that wait in one name, and in all names together.
const MOST_OF_ONE: i64 = 20;
const MOST: i64 = 5_000;

/// Key of a request that waits.
pub type ParkedId = i64;

/// Why a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A host's event for the robot, and nobody confirms who sent it.
    Robot,
    /// Somebody's event for the robot who is no host yet.
    Join,
    /// A participant's answer to an invite, and nobody confirms who sent it.
    Answer,
}

impl Purpose {
    fn lifetime(self) -> i64 {
        if self == Self::Join { LIFETIME_OF_STRANGERS } else { LIFETIME }
    }

    /// The word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Join => "join",
            Self::Answer => "answer",
        }
    }
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Parked {
    /// Key.
    pub id: ParkedId,
    purpose: String,
    /// In whose name it came, lower case.
    pub sender: String,
    /// What they call themselves; may be empty.
    pub name: String,
    /// Our address it was sent to.
    pub recipient: String,
    /// UID of the event.
    pub uid: String,
    /// Message-ID, without brackets.
    pub message_id: Option<String>,
    /// The calendar part.
    pub calendar: String,
    /// METHOD of the message, upper case.
    pub method: Option<String>,
    /// When it came, UTC seconds.
    pub created: i64,
}

const COLUMNS: &str = "id, purpose, sender, name, recipient, uid, message_id, calendar, method, created";

impl Parked {
    /// Why it waits.
    pub fn purpose(&self) -> Purpose {
        match self.purpose.as_str() {
            "join" => Purpose::Join,
            "answer" => Purpose::Answer,
            _ => Purpose::Robot,
        }
    }

    /// A short name of exactly this request: a newer one with the same UID takes its place and has another.
    pub fn digest(&self, keys: &Keys) -> String {
        let mut digest = keys.hash(&format!("parked\0{}\0{:?}\0{}", self.id, self.method, self.calendar));
        digest.truncate(26);
        digest
    }
}

/// The address of the page on which a request is confirmed.
pub fn link(desk: &Desk, id: ParkedId) -> String {
    format!("{}/asked/{}", desk.config.public_url, desk.keys.token(TOKEN, id, 0, 0))
}

/// The request that a link is about, while it waits.
///
/// # Errors
/// [`DbError`].
pub async fn by_token(desk: &Desk, token: &str) -> Result<Option<Parked>, DbError> {
    let Some((id, proof)) = Keys::split(token) else { return Ok(None) };
    if !desk.keys.verify(proof, TOKEN, id, 0, 0) {
        return Ok(None);
    }
    by_id(&mut desk.db.read().await?, id, desk.clock.now()).await
}

/// The request with this key, while it waits.
///
/// # Errors
/// [`DbError`].
pub async fn by_id(conn: &mut Conn, id: ParkedId, now: i64) -> Result<Option<Parked>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM parked WHERE id = $1 AND expires > $2");
    conn.optional(sqlx::AssertSqlSafe(sql), args![id, now]).await
}

/// All that wait in this name because it is no host yet, oldest first.
///
/// # Errors
/// [`DbError`].
pub async fn joining(conn: &mut Conn, sender: &str, now: i64) -> Result<Vec<Parked>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parked WHERE sender = $1 AND purpose = 'join' AND expires > $2 ORDER BY created, id"
    );
    conn.all(sqlx::AssertSqlSafe(sql), args![sender, now]).await
}

/// The teams that a stranger may join as a host, by name.
///
/// # Errors
/// [`DbError`].
pub async fn open_teams(conn: &mut Conn) -> Result<Vec<teams::Team>, DbError> {
    teams::open_to_hosts(conn).await
}

/// A request that is to wait.
#[derive(Debug, Clone)]
pub struct Park {
    /// Why.
    pub purpose: Purpose,
    /// In whose name it came, lower case.
    pub sender: String,
    /// What they call themselves.
    pub name: String,
    /// Our address it was sent to.
    pub recipient: String,
    /// UID of the event.
    pub uid: String,
    /// Message-ID, without brackets.
    pub message_id: Option<String>,
    /// The calendar part, at most [`LARGEST`].
    pub calendar: String,
    /// METHOD of the message.
    pub method: Option<String>,
    /// What the mail job has to know beside the request's key.
    pub payload: serde_json::Value,
}

impl Park {
    /// Whether this event already waits in this name: then nobody is asked again.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn waits(&self, tx: &mut Tx, now: i64) -> Result<bool, DbError> {
        let found: Option<(i64,)> = tx
            .optional(
                "SELECT id FROM parked WHERE purpose = $1 AND sender = $2 AND recipient = $3 AND uid = $4 AND expires > $5",
                args![self.purpose.word(), &self.sender, &self.recipient, &self.uid, now],
            )
            .await?;
        Ok(found.is_some())
    }

    /// Keeps the request, in the place of an older one about the same event; `ask`: with the mail that asks. `false`: too
    /// many wait already.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn run(&self, tx: &mut Tx, ask: bool, now: i64) -> Result<bool, DbError> {
        tx.execute("DELETE FROM parked WHERE sender = $1 AND expires <= $2", args![&self.sender, now]).await?;
        let (own, all): (i64, i64) =
            tx.one("SELECT COUNT(CASE WHEN sender = $1 THEN 1 END), COUNT(*) FROM parked", args![&self.sender]).await?;
        if !self.waits(tx, now).await? && (own >= MOST_OF_ONE || all >= MOST) {
            return Ok(false);
        }
        let (id,): (i64,) = tx
            .one(
                "INSERT INTO parked (id, purpose, sender, name, recipient, uid, message_id, calendar, method, created, expires)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT (purpose, sender, recipient, uid) DO UPDATE SET message_id = excluded.message_id,
                     calendar = excluded.calendar, method = excluded.method, created = excluded.created,
                     expires = excluded.expires
                 RETURNING id",
                args![
                    new_id(),
                    self.purpose.word(),
                    &self.sender,
                    &self.name,
                    &self.recipient,
                    &self.uid,
                    self.message_id.clone(),
                    &self.calendar,
                    self.method.clone(),
                    now,
                    now + self.purpose.lifetime()
                ],
            )
            .await?;
        if !ask {
            return Ok(true);
        }
        let mut payload = self.payload.clone();
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("parked".into(), id.into());
        }
        let lane = format!("parked/{id}");
        let job = NewJob { key: lane.clone(), kind: "parked-mail", payload, lane, after: None, due: now };
        enqueue(tx, &job, now).await?;
        Ok(true)
    }
}

/// Takes a request out, so that it acts once; `false`: it is gone, or another one stands in its place.
///
/// # Errors
/// [`DbError`].
pub async fn take(tx: &mut Tx, parked: &Parked) -> Result<bool, DbError> {
    let gone =
        tx.execute("DELETE FROM parked WHERE id = $1 AND calendar = $2", args![parked.id, &parked.calendar]).await?;
    Ok(gone == 1)
}

/// What waits in somebody's name, for the copy of their data.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, email: &str) -> Result<Vec<Value>, DbError> {
    let sql = "SELECT purpose, name, created, expires, calendar FROM parked WHERE sender = $1 ORDER BY id";
    let rows: Vec<(String, String, i64, i64, String)> = conn.all(sql, args![email]).await?;
    let write = |(purpose, name, came, until, calendar): (String, String, i64, i64, String)| json!({"about": purpose, "name": name, "came": rfc3339(came), "until": rfc3339(until), "calendar": calendar});
    Ok(rows.into_iter().map(write).collect())
}

/// Forgets all that waits in somebody's name.
///
/// # Errors
/// [`DbError`].
pub async fn forget_all_of(tx: &mut Tx, email: &str) -> Result<(), DbError> {
    tx.execute("DELETE FROM parked WHERE sender = $1", args![email]).await?;
    Ok(())
}

/// Makes somebody who asked a host of a team that lets people join.
#[derive(Debug)]
pub struct Join {
    /// Lower case and proven.
    pub email: String,
    /// [`ban_hash`](people::retention::ban_hash) of the address.
    pub ban: String,
    /// Their name; empty: not known.
    pub name: String,
    /// IANA name of their zone, when the event tells it.
    pub timezone: Option<String>,
    /// Which team.
    pub team: TeamId,
    /// UTC seconds.
    pub now: i64,
}

/// Why nobody joins.
#[derive(Debug, thiserror::Error)]
pub enum JoinRefused {
    /// The team does not let people join (any more), or the person is banned.
    #[error("nobody can join this team in that way")]
    Closed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for JoinRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::Closed => None,
        }
    }
}

impl Command for Join {
    type Output = PersonId;
    type Refusal = JoinRefused;

    async fn run(&self, tx: &mut Tx) -> Result<PersonId, JoinRefused> {
        let teams = open_teams(tx).await?;
        let team = teams.iter().find(|team| team.id == self.team).ok_or(JoinRefused::Closed)?;
        let known = people::by_email(tx, &self.email).await?;
        let banned = known.as_ref().is_some_and(|person| person.banned);
        if banned || people::retention::is_banned(tx, &self.ban).await? {
            return Err(JoinRefused::Closed);
        }
        // Whoever is known keeps what they call themselves.
        let new = known.is_none();
        let name = Some(self.name.clone()).filter(|name| new && !name.is_empty());
        let timezone = self.timezone.clone().filter(|_| known.is_none_or(|person| person.timezone.is_none()));
        let save = SavePerson {
            email: self.email.clone(),
            profile: Profile { name, timezone, ..Profile::default() },
            memberships: vec![(team.slug.clone(), Role::Host)],
            now: self.now,
        };
        let person = match save.run(tx).await {
            Ok(person) => person,
            Err(super::people::PersonRefused::NoTeam(_)) => return Err(JoinRefused::Closed),
            Err(super::people::PersonRefused::Db(error)) => return Err(error.into()),
        };
        let entry = audit::Entry { actor: Some(person.id), action: "host joined", object: Some(team.id), detail: "" };
        audit::write(tx, &entry, self.now).await?;
        Ok(person.id)
    }
}

/// Forgets requests that nobody confirmed in time.
#[derive(Debug)]
pub struct Forget {
    /// UTC seconds.
    pub now: i64,
}

impl Command for Forget {
    type Output = u64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.execute("DELETE FROM parked WHERE expires <= $1", args![self.now]).await
    }
}
