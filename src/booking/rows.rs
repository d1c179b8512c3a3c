//! Sessions and bookings as they are stored.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use sqlx::{AssertSqlSafe, FromRow};

use super::{BookingId, SessionId};
use crate::args;
use crate::db::{Conn, DbError, Tx, Value};
use crate::language::Language;
use crate::people::PersonId;
use crate::teams::{TeamId, TypeId};

/// Rows one list of bookings has at most; few in tests of this crate, so that what must go on after them is seen.
const MOST: i64 = if cfg!(test) { 150 } else { 2_000 };

/// One meeting of one host at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Key.
    pub id: SessionId,
    /// UID of the host's event; with capacity 1 normally also of the guest's.
    pub uid: String,
    /// Whose.
    pub team: TeamId,
    /// What kind.
    pub type_id: TypeId,
    /// With whom.
    pub host: PersonId,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// The host's free time before, frozen at booking, seconds.
    pub before: i64,
    /// The host's free time after, frozen at booking, seconds.
    pub after: i64,
    /// Seats.
    pub capacity: i64,
    /// Nobody meets any more.
    pub cancelled: bool,
    /// How it went; `None`: it is not over, or nobody has said.
    pub outcome: Option<Outcome>,
    /// SEQUENCE of the host's event.
    pub sequence: i64,
    /// Where they meet; `None` until it is made.
    pub link: Option<String>,
    /// The meeting service's own name of the room behind the link, where it has one.
    pub space: Option<String>,
    /// When it last changed: DTSTAMP and LAST-MODIFIED of the host's event, UTC seconds.
    pub changed: i64,
    /// When it was made, UTC seconds.
    pub created: i64,
}

/// How a session went, in the word of its host or of somebody who looks after the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They met.
    Completed,
    /// Whoever booked did not come.
    NoShow,
}

impl Outcome {
    /// The word in tables and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Completed => "completed",
            Outcome::NoShow => "no-show",
        }
    }

    /// The outcome of this word.
    pub fn of(word: &str) -> Option<Self> {
        [Outcome::Completed, Outcome::NoShow].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// How a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It takes place.
    Confirmed,
    /// It waits until its host or a lead says yes.
    Pending,
    /// It waits for the guest's mailed link.
    Held,
    /// Somebody cancelled it in a calendar or by mail and may still take that back; the other side knows nothing of it.
    Cancelling,
    /// It does not take place.
    Cancelled,
}

impl Status {
    /// The word in tables and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Status::Confirmed => "confirmed",
            Status::Pending => "pending",
            Status::Held => "held",
            Status::Cancelling => "cancelling",
            Status::Cancelled => "cancelled",
        }
    }

    /// The status of this word.
    pub fn of(word: &str) -> Option<Self> {
        [Status::Confirmed, Status::Pending, Status::Held, Status::Cancelling, Status::Cancelled]
            .into_iter()
            .find(|status| status.word() == word)
    }

    fn read(word: &str) -> Result<Self, DbError> {
        Self::of(word).ok_or_else(|| DbError::Damaged(format!("a booking's status is {word:?}")))
    }
}

/// One guest's seat in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Key.
    pub id: BookingId,
    /// UID of the guest's event.
    pub uid: String,
    /// The meeting.
    pub session: Session,
    /// Whose seat.
    pub guest: PersonId,
    /// The guest's address.
    pub email: String,
    /// The guest's name as given with this booking.
    pub name: String,
    /// The guest's telephone.
    pub phone: Option<String>,
    /// The guest's zone, IANA name.
    pub timezone: String,
    /// The language in which the guest booked, and is written to.
    pub language: Language,
    /// Which seat, from 1; `None` when cancelled.
    pub seat: Option<i64>,
    /// How it stands.
    pub status: Status,
    /// When a held or pending booking lapses, or a cancellation can no longer be taken back, UTC seconds.
    pub expires: Option<i64>,
    /// Who is cancelling it and may take that back.
    pub cancelling_by: Option<PersonId>,
    /// What the guest wants to talk about.
    pub agenda: String,
    /// The guest's answers to the team's questions.
    pub answers: Map<String, Json>,
    /// SEQUENCE of the guest's first invite; above 0 when it was an invitation to a slot before.
    pub began: i64,
    /// SEQUENCE of the guest's event.
    pub sequence: i64,
    /// Raised to revoke the booking's tokens.
    pub generation: i64,
    /// Why it was cancelled.
    pub reason: Option<String>,
    /// It was cancelled by a no to a pending booking, or because nobody answered in time.
    pub rejected: bool,
    /// When it last changed: DTSTAMP and LAST-MODIFIED of the guest's event, UTC seconds.
    pub changed: i64,
    /// When it was made, UTC seconds.
    pub created: i64,
}

impl Booking {
    /// Whether it occupies time.
    pub fn stands(&self) -> bool {
        self.status != Status::Cancelled
    }

    /// Whether people know of it and expect it: confirmed, also while a cancellation can be taken back.
    pub fn takes_place(&self) -> bool {
        matches!(self.status, Status::Confirmed | Status::Cancelling)
    }

    /// Whether nothing has changed since its guest was first told of it.
    pub fn is_new(&self) -> bool {
        self.sequence == self.began
    }

    /// Whether it waits for somebody: nobody has been invited yet.
    pub fn is_waiting(&self) -> bool {
        matches!(self.status, Status::Held | Status::Pending)
    }

    /// How it stands in a word: the status, or `rejected`.
    pub fn word(&self) -> &'static str {
        if self.rejected { "rejected" } else { self.status.word() }
    }

    /// Whether this person still sees it in their own calendar.
    pub fn stands_for(&self, person: PersonId) -> bool {
        self.takes_place() && self.cancelling_by != Some(person)
    }
}

const SESSION: &str = "s.id AS s_id, s.uid AS s_uid, s.team, s.type AS s_type, s.host, s.starts, s.ends, s.buffer_before, \
     s.buffer_after, s.capacity AS s_capacity, s.status AS s_status, s.outcome, s.sequence AS s_sequence, s.link, s.space, \
     s.changed AS s_changed, s.created AS s_created";

const BOOKING: &str = "b.id, b.uid, b.guest, COALESCE(p.farewell, p.email) AS email, b.name, b.phone, b.timezone, b.language, b.seat, b.status, b.expires, b.cancelling_by, b.agenda, \
     b.answers, b.began, b.sequence, b.generation, b.reason, b.rejected, b.changed, b.created";

#[derive(FromRow)]
struct SessionRow {
    s_id: i64,
    s_uid: String,
    team: i64,
    s_type: i64,
    host: i64,
    starts: i64,
    ends: i64,
    buffer_before: i64,
    buffer_after: i64,
    s_capacity: i64,
    s_status: String,
    outcome: Option<String>,
    s_sequence: i64,
    link: Option<String>,
    space: Option<String>,
    s_changed: i64,
    s_created: i64,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.s_id,
            uid: row.s_uid,
            team: row.team,
            type_id: row.s_type,
            host: row.host,
            starts: row.starts,
            ends: row.ends,
            before: row.buffer_before,
            after: row.buffer_after,
            capacity: row.s_capacity,
            cancelled: row.s_status == "cancelled",
            outcome: row.outcome.as_deref().and_then(Outcome::of),
            sequence: row.s_sequence,
            link: row.link,
            space: row.space,
            changed: row.s_changed,
            created: row.s_created,
        }
    }
}

#[derive(FromRow)]
struct BookingRow {
    #[sqlx(flatten)]
    session: SessionRow,
    id: i64,
    uid: String,
    guest: i64,
    email: String,
    name: String,
    phone: Option<String>,
    timezone: String,
    language: String,
    seat: Option<i64>,
    status: String,
    expires: Option<i64>,
    cancelling_by: Option<i64>,
    agenda: String,
    answers: String,
    began: i64,
    sequence: i64,
    generation: i64,
    reason: Option<String>,
    rejected: bool,
    changed: i64,
    created: i64,
}

impl BookingRow {
    fn read(self) -> Result<Booking, DbError> {
        Ok(Booking {
            status: Status::read(&self.status)?,
            answers: serde_json::from_str(&self.answers)
                .map_err(|_| DbError::Damaged(format!("the answers of booking {} are no JSON object", self.id)))?,
            session: self.session.into(),
            id: self.id,
            uid: self.uid,
            guest: self.guest,
            email: self.email,
            name: self.name,
            phone: self.phone,
            timezone: self.timezone,
            language: Language::of(Some(&self.language)),
            seat: self.seat,
            expires: self.expires,
            cancelling_by: self.cancelling_by,
            agenda: self.agenda,
            began: self.began,
            sequence: self.sequence,
            generation: self.generation,
            reason: self.reason,
            rejected: self.rejected,
            changed: self.changed,
            created: self.created,
        })
    }
}

pub(super) async fn bookings(conn: &mut Conn, condition: &str, values: Vec<Value>) -> Result<Vec<Booking>, DbError> {
    let sql = format!(
        "SELECT {BOOKING}, {SESSION} FROM bookings b JOIN sessions s ON s.id = b.session JOIN people p ON p.id = b.guest
         WHERE {condition} LIMIT {MOST}"
    );
    conn.all::<BookingRow>(AssertSqlSafe(sql), values).await?.into_iter().map(BookingRow::read).collect()
}

/// The booking with this key, whatever its status.
///
/// # Errors
/// [`DbError`].
pub async fn by_id(conn: &mut Conn, id: BookingId) -> Result<Option<Booking>, DbError> {
    Ok(bookings(conn, "b.id = $1", args![id]).await?.pop())
}

/// The bookings of a session that occupy a seat, by seat.
///
/// # Errors
/// [`DbError`].
pub async fn of_session(conn: &mut Conn, session: SessionId) -> Result<Vec<Booking>, DbError> {
    bookings(conn, "b.session = $1 AND b.seat IS NOT NULL ORDER BY b.seat", args![session]).await
}

/// Every booking of a session: those with a seat first, then the cancelled ones, newest first.
///
/// # Errors
/// [`DbError`].
pub async fn all_of_session(conn: &mut Conn, session: SessionId) -> Result<Vec<Booking>, DbError> {
    let order = "CASE WHEN b.seat IS NULL THEN 1 ELSE 0 END, b.id DESC";
    bookings(conn, &format!("b.session = $1 ORDER BY {order}"), args![session]).await
}

/// The room in which a session's people meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its address.
    pub link: String,
    /// The meeting service's own name of it, where it has one.
    pub space: Option<String>,
}

/// Keeps the room in which a session's people meet.
///
/// # Errors
/// [`DbError`].
pub async fn set_room(tx: &mut Tx, session: SessionId, room: &Room) -> Result<(), DbError> {
    let values = args![session, &room.link, room.space.as_deref()];
    tx.execute("UPDATE sessions SET link = $2, space = $3 WHERE id = $1", values).await?;
    Ok(())
}

/// A person's bookings as a guest whose sessions end after `from`, by start; cancelled ones are left out.
///
/// # Errors
/// [`DbError`].
pub async fn of_guest(conn: &mut Conn, guest: PersonId, from: i64) -> Result<Vec<Booking>, DbError> {
    bookings(conn, "b.guest = $1 AND b.seat IS NOT NULL AND s.ends > $2 ORDER BY s.starts, b.id", args![guest, from])
        .await
}

/// The bookings of a host's sessions that end after `from`, by start; cancelled ones are left out.
///
/// # Errors
/// [`DbError`].
pub async fn of_host(conn: &mut Conn, host: PersonId, from: i64) -> Result<Vec<Booking>, DbError> {
    bookings(conn, "s.host = $1 AND b.seat IS NOT NULL AND s.ends > $2 ORDER BY s.starts, b.seat", args![host, from])
        .await
}

/// Everybody who shares a session that has not begun at `now` with this person, and they themselves, however many.
///
/// # Errors
/// [`DbError`].
pub async fn partners(conn: &mut Conn, person: PersonId, now: i64) -> Result<Vec<PersonId>, DbError> {
    let sql = "SELECT s.host, b.guest FROM bookings b JOIN sessions s ON s.id = b.session
               WHERE (s.host = $1 OR b.guest = $1) AND b.seat IS NOT NULL AND s.starts > $2";
    let rows: Vec<(PersonId, PersonId)> = conn.all(sql, args![person, now]).await?;
    let people: BTreeSet<PersonId> = rows.into_iter().flat_map(|(host, guest)| [host, guest]).chain([person]).collect();
    Ok(people.into_iter().collect())
}

/// The bookings of a team's sessions that end after `from`, by start; cancelled ones are left out.
///
/// # Errors
/// [`DbError`].
pub async fn of_team(conn: &mut Conn, team: TeamId, from: i64) -> Result<Vec<Booking>, DbError> {
    bookings(conn, "s.team = $1 AND b.seat IS NOT NULL AND s.ends > $2 ORDER BY s.starts, b.seat", args![team, from])
        .await
}

/// Whether a team ever had a session.
///
/// # Errors
/// [`DbError`].
pub async fn any_of_team(conn: &mut Conn, team: TeamId) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn.optional("SELECT id FROM sessions WHERE team = $1 LIMIT 1", args![team]).await?;
    Ok(found.is_some())
}

/// Whether a session of this type was ever booked.
///
/// # Errors
/// [`DbError`].
pub async fn any_of_type(conn: &mut Conn, kind: TypeId) -> Result<bool, DbError> {
    let found: Option<(i64,)> = conn.optional("SELECT id FROM sessions WHERE type = $1 LIMIT 1", args![kind]).await?;
    Ok(found.is_some())
}

/// What a guest's own feed shows of their bookings whose sessions end after `from`, by start: those that take place, and
/// those cancelled after `since` of which they had been told.
///
/// # Errors
/// [`DbError`].
pub async fn for_feed_of_guest(
    conn: &mut Conn,
    guest: PersonId,
    from: i64,
    since: i64,
) -> Result<Vec<Booking>, DbError> {
    let condition = "b.guest = $1 AND s.ends > $2 AND (b.status IN ('confirmed', 'cancelling') OR (b.status = 'cancelled' \
                     AND b.sequence > 0 AND b.changed > $3)) ORDER BY s.starts, b.id";
    bookings(conn, condition, args![guest, from, since]).await
}

/// The sessions of a host that end after `from` and were cancelled after `since`, by start; those of which nobody was
/// told are left out.
///
/// # Errors
/// [`DbError`].
pub async fn cancelled_of_host(
    conn: &mut Conn,
    host: PersonId,
    from: i64,
    since: i64,
) -> Result<Vec<Session>, DbError> {
    let sql = format!(
        "SELECT {SESSION} FROM sessions s WHERE s.host = $1 AND s.ends > $2 AND s.status = 'cancelled'
         AND s.sequence > 0 AND s.changed > $3 ORDER BY s.starts, s.id LIMIT {MOST}"
    );
    Ok(conn
        .all::<SessionRow>(AssertSqlSafe(sql), args![host, from, since])
        .await?
        .into_iter()
        .map(Into::into)
        .collect())
}

/// The session with this key, whatever its status.
///
/// # Errors
/// [`DbError`].
pub async fn session(conn: &mut Conn, id: SessionId) -> Result<Option<Session>, DbError> {
    let sql = format!("SELECT {SESSION} FROM sessions s WHERE s.id = $1");
    Ok(conn.optional::<SessionRow>(AssertSqlSafe(sql), args![id]).await?.map(Session::from))
}

/// The session whose host's event has this UID.
///
/// # Errors
/// [`DbError`].
pub async fn session_by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Session>, DbError> {
    let sql = format!("SELECT {SESSION} FROM sessions s WHERE s.uid = $1");
    Ok(conn.optional::<SessionRow>(AssertSqlSafe(sql), args![uid]).await?.map(Session::from))
}

/// How many sessions take a person's time in `[from, to)`, as host or as guest.
///
/// # Errors
/// [`DbError`].
pub async fn held(conn: &mut Conn, person: PersonId, from: i64, to: i64) -> Result<i64, DbError> {
    let (count,): (i64,) = conn
        .one("SELECT COUNT(*) FROM holds WHERE person = $1 AND starts < $3 AND ends > $2", args![person, from, to])
        .await?;
    Ok(count)
}
